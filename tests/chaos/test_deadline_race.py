"""A decision meets its deadline: just before, exactly at, just after, and racing it in real time."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from activities.messages import Receipt
from domain.business_clock import BusinessClock
from domain.intake import Intake
from domain.words import SHANGHAI
from tests.integration.conftest import Desk, accepted, act
from tests.support.heard import Counted, Heard, fired

Make = Callable[..., Intake]
Tell = Callable[[Counted], None]
LADDER = ["催办", "黄牌", "红牌"]


@pytest.mark.parametrize(
    ("offset", "result", "rungs"),
    [(-1, "met", 2), (0, "met", 2), (1, "breached", 3)],
    ids=["before", "at", "after"],
)
async def test_ten_officers_meet_one_deadline(
    desk: Desk, intake: Make, still: BusinessClock, heard: Heard, offset: int, result: str, rungs: int
) -> None:
    matter = await accepted(desk, intake(), still)
    sign = next(c for c in desk.ledger.state(matter).clocks.values() if c.rule_id == "sign")
    at = sign.due_at + timedelta(seconds=offset)
    answers = await asyncio.gather(
        *(heard.act(matter, act("县税务局", f"员{n}", "sign_for", at=at)) for n in range(10))
    )
    assert sum(isinstance(a, Receipt) for a in answers) == 1
    clock = desk.ledger.state(matter).clocks[sign.id]
    assert clock.result == result
    assert [alarm for id, alarm, _ in fired(desk.ledger, matter) if id == sign.id] == LADDER[:rungs]
    await heard.check([matter])


@pytest.mark.chaos
async def test_officers_race_real_timers(desk: Desk, intake: Make, heard: Heard, tell: Tell) -> None:
    """The sign-by of twenty matters falls due, by durable timers, while officers sign."""
    begins = datetime(2026, 9, 17, 11, 17, tzinfo=SHANGHAI)
    clock = BusinessClock(pace=timedelta(days=1) / timedelta(seconds=4), begins=begins, horizon=begins)
    ends = begins + timedelta(days=2)
    matters = [
        (await heard.office.register(intake(received_at=begins), clock=clock)).dispute_id for _ in range(20)
    ]

    async def one(number: int, matter: str) -> None:
        triage = act("县综治中心", "初审员", "accept_case")
        await heard.act(matter, triage.model_copy(update={"until": ends}))
        await asyncio.sleep(4 + number / 5)  # spread over the moments around the deadline
        await heard.act(matter, act("县税务局", "甲", "sign_for"))

    await asyncio.gather(*(one(n, m) for n, m in enumerate(matters)))
    counted = await heard.check(matters)
    late = 0
    for matter in matters:
        sign = next(c for c in desk.ledger.state(matter).clocks.values() if c.rule_id == "sign")
        rungs = [alarm for id, alarm, _ in fired(desk.ledger, matter) if id == sign.id]
        assert len(set(rungs)) == len(rungs)
        assert ("红牌" in rungs) == (sign.result == "breached")
        late += sign.result == "breached"
    assert 0 < late < len(matters)
    tell(counted)
