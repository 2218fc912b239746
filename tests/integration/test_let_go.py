"""A demonstration's matter is played up to now and then goes on in real time."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from domain.business_clock import BusinessClock
from domain.events import AlarmFired, Noted
from domain.intake import Intake
from domain.words import SHANGHAI
from ledger.checkup import last_moments
from starter.office import Declined
from starter.scenario.player import Player
from starter.scenario.script import ScenarioError, made
from workflows.desk import PLAYED

from .conftest import Desk, act

Make = Callable[..., Intake]
SOON = timedelta(minutes=5)


async def test_what_was_due_acts_and_officers_go_on_by_the_real_clock(desk: Desk, intake: Make) -> None:
    """Played at the business time of three weeks ago; nobody let the clock run on, so all that is due acts at once."""
    begins = datetime.now(SHANGHAI) - timedelta(days=21)
    clock = BusinessClock(pace=86_400, begins=begins)
    matter = (await desk.office.register(intake(received_at=begins), clock=clock)).dispute_id
    assert not any(isinstance(e.fact, AlarmFired) for e in desk.ledger.events(matter))
    receipt = await desk.office.let_go(matter)
    assert receipt.dispute_id == matter
    async with asyncio.timeout(60):
        while (due := desk.ledger.state(matter).next_alarm_at()) and due <= datetime.now(SHANGHAI):
            await asyncio.sleep(0.05)
    events = desk.ledger.events(matter)
    assert any(isinstance(e.fact, AlarmFired) for e in events)
    assert [e.fact.text for e in events if isinstance(e.fact, Noted)].count(PLAYED) == 1
    back_dated = act("县综治中心", "初审员", "accept_case", at=begins + timedelta(days=1))
    await desk.office.act(matter, back_dated)
    moments = last_moments(desk.ledger.engine, matter)
    assert moments
    assert abs(moments.at - datetime.now(UTC)) < SOON
    assert abs(moments.at - moments.recorded_at) < SOON


async def test_a_matter_in_real_time_has_no_clock_to_let_go(desk: Desk, intake: Make) -> None:
    matter = (await desk.office.register(intake(received_at=datetime.now(SHANGHAI)))).dispute_id
    before = len(desk.ledger.events(matter))
    with pytest.raises(Declined, match="没有演示时钟"):
        await desk.office.let_go(matter)
    assert len(desk.ledger.events(matter)) == before


async def test_a_story_that_reaches_beyond_now_is_refused(desk: Desk, intake: Make) -> None:
    now = datetime.now(SHANGHAI)
    tomorrow = (now + timedelta(days=1)).isoformat()
    step = {"step": 1, "unit": "县综治中心", "officer": "初审员", "action": "claim", "at": tomorrow}
    data = {"id": "x", "intake": intake(received_at=now).model_dump(mode="json"), "script": [step]}
    story = made(data, desk.policy.calendar)
    with pytest.raises(ScenarioError, match="晚于现在"):
        await Player(desk.office, desk.ledger, pace=86_400).let_go(story, now)
    assert desk.ledger.find(story.intake.source_no) is None
