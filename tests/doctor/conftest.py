"""An office on the real servers whose worker, gateway and clocks a test can break."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client
from temporalio.service import RPCError

from activities.messages import Notice, Receipt
from activities.names import workflow_id
from domain.business_clock import BusinessClock
from domain.intake import Intake
from domain.policy import Policy
from domain.words import SHANGHAI
from ledger.key_checks import check_keys
from ledger.store import Ledger
from policies import load
from starter.doctor.examine import Examined, examine
from starter.doctor.limits import Limits
from starter.doctor.repair import Mender, Repair
from starter.office import Office
from tests.integration.conftest import act
from tests.support.keys import KEYS
from worker import running_workers

NOW = timedelta(0)
QUICK = Limits(
    activity_attempts=2,
    task_attempts=2,
    overdue_for=NOW,
    unsent_for=NOW,
    unheard_for=NOW,
    unregistered_for=NOW,
    settle=timedelta(seconds=0.5),
)
"""For tests that bring about what in an office takes minutes."""
PATIENCE = 60


class Notices:
    """A gateway that keeps what it sent, and that can be broken."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.broken = False

    def send(self, notice: Notice) -> None:
        if self.broken:
            raise ConnectionError("gateway down")
        self.sent += notice.keys


class Ward:
    """What the doctor is called to."""

    def __init__(self, client: Client, ledger: Ledger, policy: Policy) -> None:
        self.client = client
        self.ledger = ledger
        self.policy = policy
        self.notices = Notices()
        self.serve(f"test-{uuid.uuid4()}")

    def serve(self, queue: str) -> None:
        """Register and work on this queue."""
        self.queue = queue
        self.office = Office(self.client, self.ledger, task_queue=queue)

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[None]:
        async with running_workers(
            self.client, self.ledger, self.policy, gateway=self.notices, task_queue=self.queue
        ):
            yield

    async def register(self, clock: BusinessClock | None = None, **changes: Any) -> Receipt:
        received = (clock and clock.begins) or datetime.now(SHANGHAI)
        if clock and clock.offset_seconds:
            received += timedelta(seconds=clock.offset_seconds)
        given: dict[str, Any] = {
            "channel": "12345热线",
            "received_by": "县综治中心",
            "source_no": f"D-{uuid.uuid4()}",
            "received_at": received,
            "applicant": {"name": "测试丁", "phone": "19900000009"},
            "respondents": [{"name": "偏关县测试砖厂", "town": "新关镇"}],
            "narrative": "三个月失业保险费已申报未缴，单位承认。",
            "claims": [
                {"no": 1, "insurance": "失业", "regime": "职工", "type": "已申报未按时缴纳", "amount": "1200"}
            ],
            "indicators": {"labour_relation": "明确", "strong_proof": True, "respondent_cooperative": True},
        }
        return await self.office.register(Intake.model_validate({**given, **changes}), clock=clock)

    async def triage(self, matter: str) -> Receipt:
        return await self.office.act(matter, act("县综治中心", "初审员", "accept_case"))

    async def hand_in(self, matter: str) -> Receipt:
        """An action that any open matter takes."""
        received = self.ledger.state(matter).facts.received_at.astimezone(SHANGHAI).date()
        return await self.office.act(
            matter, act("申请人", "测试丁", "receive_material", received_on=received)
        )

    async def spawn(self, matter: str) -> Receipt:
        """A lead is left behind."""
        lead = {"ground": "发现其他职工权益受损", "subject": "疑似少报人数", "to": ["县税务局"]}
        return await self.office.act(matter, act("县综治中心", "初审员", "spawn_lead", **lead))

    async def look(self, limits: Limits = QUICK, *, demo: bool = False) -> Examined:
        return await examine(self.client, self.ledger, queue=self.queue, limits=limits, demo=demo)

    async def codes(self, limits: Limits = QUICK) -> dict[str | None, list[str]]:
        """The codes found, by matter."""
        found: dict[str | None, list[str]] = {}
        for finding in (await self.look(limits)).findings:
            found.setdefault(finding.dispute_id, []).append(finding.code)
        return found

    async def until(self, code: str, matter: str | None = None) -> Examined:
        """Look until this is found."""
        async with asyncio.timeout(PATIENCE):
            while True:
                seen = await self.look()
                if any(f.code == code and f.dispute_id == matter for f in seen.findings):
                    return seen
                await asyncio.sleep(0.2)

    async def until_sound(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while (seen := await self.look()).findings:
                await asyncio.sleep(0.2)
        assert seen.sound

    async def mend(self, *, demo: bool = False) -> list[Repair]:
        return await Mender(self.office, self.ledger, demo=demo).mend(await self.look(demo=demo))

    async def terminate(self, matter: str) -> None:
        await self.client.get_workflow_handle(workflow_id(matter)).terminate("lost")

    async def delete(self, matter: str) -> None:
        """The workflow and its history gone without trace, as after a lost Temporal database."""
        await self.client.workflow_service.delete_workflow_execution(
            DeleteWorkflowExecutionRequest(
                namespace=self.client.namespace,
                workflow_execution=WorkflowExecution(workflow_id=workflow_id(matter)),
            )
        )
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    await self.client.get_workflow_handle(workflow_id(matter)).describe()
                except RPCError:
                    return
                await asyncio.sleep(0.1)


@pytest.fixture
def ward(temporal_client: Client, postgres_url: str) -> Ward:
    ledger = Ledger.connect(postgres_url, KEYS)
    check_keys(ledger)
    return Ward(temporal_client, ledger, load("pianguan"))
