"""Long deadlines under the county's true policy, on the official time-skipping server: nobody is logged in."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from temporalio.testing import WorkflowEnvironment

from domain.business_clock import BusinessClock
from domain.events import AlarmFired
from domain.intake import Intake
from domain.policy import Policy
from domain.tasks import TaskKind
from domain.words import SHANGHAI
from ledger.store import Ledger
from starter.office import Office
from tests.support.keys import KEYS
from worker import running_workers

from .conftest import act

TRIAGED = datetime(2026, 9, 17, 11, 17, tzinfo=SHANGHAI)


async def test_an_unsigned_task_climbs_the_ladder_by_timers_alone(
    time_skipping_env: WorkflowEnvironment, postgres_url: str, policy: Policy, intake: Callable[..., Intake]
) -> None:
    env = time_skipping_env
    ledger = Ledger.connect(postgres_url, KEYS)
    queue = f"test-{uuid.uuid4()}"
    office = Office(env.client, ledger, task_queue=queue)
    offset = (TRIAGED - await env.get_current_time()).total_seconds()
    async with running_workers(env.client, ledger, policy, task_queue=queue):
        ticket = intake(received_at=TRIAGED - timedelta(hours=1))
        matter = (await office.register(ticket, clock=BusinessClock(offset_seconds=offset))).dispute_id
        await office.act(matter, act("县综治中心", "初审员", "accept_case"))
        await env.sleep(timedelta(days=30))

    sign = next(c for c in ledger.state(matter).clocks.values() if c.rule_id == "sign")
    fired = [
        (e.fact.alarm, e.at.astimezone(SHANGHAI).date().isoformat())
        for e in ledger.events(matter)
        if isinstance(e.fact, AlarmFired) and e.fact.clock_id == sign.id
    ]
    assert sign.due_on.isoformat() == "2026-09-18"
    # 09-20 is a Sunday worked by 调休; 09-25 is a holiday.
    assert fired == [
        ("催办", "2026-09-18"),
        ("黄牌", "2026-09-18"),
        ("红牌", "2026-09-18"),
        ("督办", "2026-09-20"),
        ("提请联席会议", "2026-09-23"),
    ]
    state = ledger.state(matter)
    assert state.level == "低"
    assert [t.unit for t in state.open_tasks(TaskKind.CONVENE_JOINT)] == ["联席会议办公室"]
