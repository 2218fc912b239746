"""The ledger goes away for a while: officers wait, timers wait, nothing is lost and nothing is taken twice."""

import asyncio
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from temporalio.client import Client

from activities.names import workflow_id
from domain.business_clock import BusinessClock
from domain.intake import Intake
from domain.policy import Policy
from domain.tasks import TaskKind
from ledger.store import Committed, Ledger, LedgerUnavailable
from starter.office import Declined, Office
from tests.support.keys import KEYS
from worker import running_workers

from .conftest import Desk, accepted, act


class Away(Ledger):
    """The real ledger, which can be put out of reach."""

    out = False
    refusals = 0

    def commit(self, dispute_id: str, action_id: str, known_version: int, decide: Any) -> Committed:
        if self.out:
            self.refusals += 1
            raise LedgerUnavailable("away")
        return super().commit(dispute_id, action_id, known_version, decide)


async def test_an_outage_only_makes_everybody_wait(
    temporal_client: Client,
    postgres_url: str,
    policy: Policy,
    intake: Callable[..., Intake],
    still: BusinessClock,
) -> None:
    ledger = Away.connect(postgres_url, KEYS)
    assert isinstance(ledger, Away)
    queue = f"test-{uuid.uuid4()}"
    office = Office(temporal_client, ledger, task_queue=queue)
    async with running_workers(temporal_client, ledger, policy, task_queue=queue):
        matter = (await office.register(intake(), clock=still)).dispute_id
        await office.act(matter, act("县综治中心", "初审员", "accept_case"))
        sign = next(c for c in ledger.state(matter).clocks.values() if c.rule_id == "sign")

        ledger.out = True
        await office.signal(matter, act("县税务局", "甲", "sign_for", at=sign.due_at + timedelta(hours=9)))
        waiting = asyncio.create_task(office.act(matter, act("县税务局", "乙", "sign_for")))
        registering = asyncio.create_task(office.register(intake(), clock=still))
        async with asyncio.timeout(60):
            while ledger.refusals < 6:  # the local tries are used up; the ordinary activities keep trying
                await asyncio.sleep(0.1)
        assert not waiting.done()
        assert not registering.done()
        ledger.out = False

        answer = (await asyncio.gather(waiting, return_exceptions=True))[0]
        assert isinstance(answer, Declined)
        assert answer.code == "already_signed"
        assert (await registering).case_no
        state = ledger.state(matter)
        assert state.clocks[sign.id].red_fired
        assert [t.signed_by for t in state.open_tasks(TaskKind.HANDLE)] == ["甲"]
        described = await temporal_client.get_workflow_handle(workflow_id(matter)).describe()
        assert described.status is not None
        assert described.status.name == "RUNNING"


async def test_a_lost_workflow_is_restarted_from_the_ledger(
    desk: Desk, intake: Callable[..., Intake], still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(), still)
    await desk.client.get_workflow_handle(workflow_id(matter)).terminate("lost")
    receipt = await desk.office.act(matter, act("县税务局", "甲", "sign_for"))
    assert receipt.version == desk.ledger.state(matter).version
    assert [t.signed_by for t in desk.ledger.state(matter).open_tasks(TaskKind.HANDLE)] == ["甲"]
