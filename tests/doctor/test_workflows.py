"""A matter's workflow is lost, stuck or apart from the ledger: named, mended, and officers work on."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text
from temporalio import workflow
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import Client
from temporalio.worker import Worker

from activities.ledger import LedgerActivities
from activities.messages import CommitRequest, Take
from activities.names import DISPUTE_WORKFLOW, workflow_id
from domain.actions import Act
from domain.business_clock import BusinessClock
from domain.tasks import TaskKind
from ledger.rebuild import rebuild
from starter.doctor.repair import Mender
from starter.office import Office
from tests.integration.conftest import act

from .conftest import PATIENCE, QUICK, Ward

LONG_AGO = BusinessClock(offset_seconds=-timedelta(days=200).total_seconds())


async def commit_beside(ward: Ward, matter: str, taken: Act) -> None:
    """Commit as the workflow's worker does that dies before its workflow task is done."""
    request = CommitRequest(
        dispute_id=matter,
        action_id=taken.id,
        known_version=ward.ledger.state(matter).version,
        now=datetime.now(UTC),
        command=Take(act=taken),
    )
    result = await asyncio.to_thread(LedgerActivities(ward.ledger, ward.policy).answer, request)
    assert result.declined is None


async def test_a_sound_office(ward: Ward) -> None:
    async with ward.worker():
        await ward.triage((await ward.register()).dispute_id)
        seen = await ward.look()
        assert seen.sound
        assert seen.findings == []
        assert [part.usable for part in seen.parts] == [True, True, True]
        assert await ward.mend() == []


async def test_a_terminated_workflow(ward: Ward) -> None:
    async with ward.worker():
        matter = (await ward.register()).dispute_id
        await ward.triage(matter)
        await ward.terminate(matter)
        assert await ward.codes() == {matter: ["workflow_lost"]}
        first, second = await asyncio.gather(ward.mend(), ward.mend())
        assert all(r.done for r in [*first, *second])
        await ward.until_sound()
        receipt = await ward.office.act(matter, act("县税务局", "甲", "sign_for"))
        assert receipt.version == ward.ledger.state(matter).version
        await ward.until_sound()


async def test_a_deleted_workflow_and_its_lead(ward: Ward) -> None:
    async with ward.worker():
        matter = (await ward.register()).dispute_id
        receipt = await ward.spawn(matter)
        lead = f"{matter}-lead1"
        async with asyncio.timeout(PATIENCE):
            while not ward.ledger.state(lead).version:
                await asyncio.sleep(0.1)
        await ward.delete(matter)
        await ward.delete(lead)
        assert await ward.codes() == {matter: ["workflow_missing"], lead: ["workflow_missing"]}
        assert len(await ward.mend()) == 2
        await ward.until_sound()
        assert ward.ledger.state(matter).version == receipt.version
        assert await ward.triage(matter)


async def test_an_office_without_a_worker(ward: Ward) -> None:
    async with ward.worker():
        matter = (await ward.register()).dispute_id
    await ward.terminate(matter)
    idle = QUICK._replace(polled_within=timedelta(0))
    codes = await ward.codes(idle)
    assert codes == {None: ["no_notices_worker", "no_worker", "no_worker"], matter: ["workflow_lost"]}
    mending = Mender(ward.office, ward.ledger).mend(await ward.look(idle))
    assert [r.done for r in await mending] == [False]
    waiting = asyncio.create_task(ward.office.register(ward.ledger.state(matter).facts))
    async with ward.worker():
        assert (await waiting).dispute_id == matter
        await ward.until_sound()


async def test_a_backlog(ward: Ward) -> None:
    waiting = asyncio.create_task(ward.register())
    async with asyncio.timeout(PATIENCE):
        while True:
            seen = await ward.look(QUICK._replace(backlog_age=timedelta(0)))
            if any(f.code == "backlog" for f in seen.findings):
                break
            await asyncio.sleep(0.2)
    async with ward.worker():
        await waiting
        await ward.until_sound()


@workflow.defn(name=DISPUTE_WORKFLOW, sandboxed=False)
class Broken:
    """A version of the software whose every workflow task fails."""

    @workflow.run
    async def run(self, start: Any) -> None:
        raise RuntimeError("a bug")


@workflow.defn(name=DISPUTE_WORKFLOW, sandboxed=False)
class Done:
    """A workflow that ends too early."""

    @workflow.run
    async def run(self, start: Any) -> None:
        return None


async def test_failing_workflow_tasks(ward: Ward) -> None:
    async with ward.worker():
        matter = (await ward.register()).dispute_id
        await ward.triage(matter)
    async with Worker(ward.client, task_queue=ward.queue, workflows=[Broken]):
        waiting = asyncio.create_task(ward.office.act(matter, act("县税务局", "甲", "sign_for")))
        seen = await ward.until("workflow_task_failing", matter)
        finding = next(f for f in seen.findings if f.code == "workflow_task_failing")
        assert "a bug" not in finding.means
        assert "RuntimeError" in finding.means or "NON_DETERMINISTIC" in finding.means
        assert not finding.repairable
    async with ward.worker():
        assert await waiting
        await ward.until_sound()


async def test_the_reset_that_is_advised_for_a_history_that_no_longer_fits(ward: Ward) -> None:
    async with ward.worker():
        matter = (await ward.register()).dispute_id
        await ward.triage(matter)
        await ward.office.signal(matter, act("县税务局", "甲", "sign_for"))
        async with asyncio.timeout(PATIENCE):
            while not any(t.signed_by for t in ward.ledger.state(matter).open_tasks(TaskKind.HANDLE)):
                await asyncio.sleep(0.1)
        version = ward.ledger.state(matter).version
        history = await ward.client.get_workflow_handle(workflow_id(matter)).fetch_history()
        first = next(
            e.event_id for e in history.events if e.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
        )
        await ward.client.workflow_service.reset_workflow_execution(
            ResetWorkflowExecutionRequest(
                namespace=ward.client.namespace,
                workflow_execution=WorkflowExecution(workflow_id=workflow_id(matter)),
                reason="doctor",
                workflow_task_finish_event_id=first,
                request_id=str(uuid.uuid4()),
            )
        )
        await ward.until_sound()
        assert ward.ledger.state(matter).version == version
        receipt = await ward.hand_in(matter)
        assert receipt.version == ward.ledger.state(matter).version > version


async def test_a_workflow_behind_the_ledger(ward: Ward) -> None:
    async with ward.worker():
        matter = (await ward.register()).dispute_id
        await ward.triage(matter)
        state = ward.ledger.state(matter)
        await commit_beside(ward, matter, act("县税务局", "甲", "sign_for"))
        assert ward.ledger.state(matter).version > state.version
        assert await ward.codes() == {matter: ["workflow_behind"]}
        await ward.mend()
        await ward.until_sound()
        assert [t.signed_by for t in ward.ledger.state(matter).open_tasks(TaskKind.HANDLE)] == ["甲"]
        assert await ward.hand_in(matter)


async def test_a_ledger_that_lost_events(ward: Ward) -> None:
    async with ward.worker():
        receipt = await ward.register()
        matter = receipt.dispute_id
        await ward.triage(matter)
        with ward.ledger.engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text("DELETE FROM events WHERE seq > :v"), {"v": receipt.version})
        rebuild(ward.ledger)
        assert await ward.codes() == {matter: ["ledger_lost_events"]}
        assert await ward.mend() == []


async def test_a_running_workflow_that_the_ledger_does_not_know(ward: Ward) -> None:
    async with ward.worker():
        matter = (await ward.register()).dispute_id
        with ward.ledger.engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text("DELETE FROM events"))
        rebuild(ward.ledger)
        assert await ward.codes() == {matter: ["matter_missing"]}


async def test_a_completed_workflow_of_an_open_matter(ward: Ward, temporal_client: Client) -> None:
    async with ward.worker():
        matter = (await ward.register()).dispute_id
        await ward.terminate(matter)

    async with Worker(temporal_client, task_queue=(queue := f"test-{uuid.uuid4()}"), workflows=[Done]):
        await temporal_client.execute_workflow(
            DISPUTE_WORKFLOW, None, id=workflow_id(matter), task_queue=queue
        )
    async with ward.worker():
        assert await ward.codes() == {matter: ["workflow_lost"]}
        assert [r.done for r in await ward.mend()] == [True]
        await ward.until_sound()
        await ward.triage(matter)


async def test_a_workflow_left_over(ward: Ward) -> None:
    async with ward.worker():
        matter = (await ward.register(kind="线索")).dispute_id
        check = {"result": "不属实", "findings": "经查已足额缴纳", "investigators": ["甲", "乙"]}
        await commit_beside(ward, matter, act("县综治中心", "甲", "report_lead", **check))
        await commit_beside(ward, matter, act("县综治中心", "甲", "close_lead", ground="不属实"))
        assert ward.ledger.state(matter).is_over
        assert await ward.codes() == {matter: ["workflow_left_over"]}
        await ward.mend()
        await ward.until_sound()


async def test_an_alarm_that_did_not_act(ward: Ward) -> None:
    async with ward.worker():
        matter = (await ward.register(LONG_AGO)).dispute_id
        assert await ward.codes() == {matter: ["alarm_overdue"]}
        await ward.terminate(matter)
        assert set((await ward.codes())[matter]) == {"alarm_overdue", "workflow_lost"}
        await ward.mend()
        await ward.until_sound()
        assert any(c.red_fired for c in ward.ledger.state(matter).clocks.values())


async def test_a_demonstrations_matter_is_not_run_by_the_real_clock(ward: Ward) -> None:
    still = BusinessClock(pace=86_400, begins=datetime.now(UTC) - timedelta(days=200))
    async with ward.worker():
        matter = (await ward.register(still)).dispute_id
        assert (await ward.look(demo=True)).findings == []
        await ward.terminate(matter)
        version = ward.ledger.state(matter).version
        assert [r.done for r in await ward.mend(demo=True)] == [True]
        assert (await ward.look(demo=True)).findings == []
        assert ward.ledger.state(matter).version == version
        later = (still.begins or datetime.now(UTC)) + timedelta(hours=1)
        act_then = act("申请人", "测试丁", "receive_material", at=later, received_on=later.date())
        await Office(ward.client, ward.ledger, task_queue=ward.queue).act(matter, act_then)
        assert ward.ledger.events(matter)[-1].at == later
