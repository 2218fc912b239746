"""Many at once: the same ticket, the same dispute."""

import asyncio
from collections.abc import Callable

from activities.messages import Receipt
from domain.business_clock import BusinessClock
from domain.intake import Intake
from starter.office import Declined
from tests.integration.conftest import Desk, accepted, act
from tests.support.heard import Counted, Heard

Make = Callable[..., Intake]
Tell = Callable[[Counted], None]


async def test_the_same_ticket_a_hundred_times_at_once_is_one_matter(
    desk: Desk, intake: Make, still: BusinessClock, heard: Heard, tell: Tell
) -> None:
    ticket = intake()
    async with asyncio.timeout(200):
        receipts = await asyncio.gather(*(desk.office.register(ticket, clock=still) for _ in range(100)))
    assert len({(r.dispute_id, r.case_no) for r in receipts}) == 1
    matter = receipts[0].dispute_id
    assert [e.fact.type for e in desk.ledger.events(matter)].count("registered") == 1
    tell(await heard.check([matter]))


async def test_forty_officers_at_once_on_one_dispute_each_hear_the_truth(
    desk: Desk, intake: Make, still: BusinessClock, heard: Heard, tell: Tell
) -> None:
    matter = await accepted(desk, intake(), still)
    wishes = [
        act("申请人", "测试甲", "receive_material", materials=[{"name": f"材料{n}"}]) for n in range(20)
    ]
    wishes += [act("县税务局", f"经办{n}", "sign_for") for n in range(20)]
    async with asyncio.timeout(200):  # nobody is told "busy": the office waits and asks again
        answers = await asyncio.gather(*(heard.act(matter, wish) for wish in wishes))
    signed = [a for a in answers[20:] if isinstance(a, Receipt)]
    assert all(isinstance(a, Receipt) for a in answers[:20])
    assert len(signed) == 1
    assert {a.code for a in answers[20:] if isinstance(a, Declined)} == {"already_signed"}
    tell(await heard.check([matter]))
