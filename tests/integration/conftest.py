"""An office on the real server and real PostgreSQL, one for each test."""

import uuid
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.worker import WorkflowRunner

from domain.actions import Act
from domain.business_clock import BusinessClock
from domain.intake import Intake
from domain.policy import Policy
from domain.words import SHANGHAI
from ledger.store import Ledger
from policies import load
from tests.support.forms import filled
from tests.support.keys import KEYS
from tests.support.offices import Desk, Watched, at_work, new_queue


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load("pianguan")


@pytest.fixture
def runner() -> WorkflowRunner:
    """Here the sandbox watches."""
    return Watched()


@pytest.fixture
async def desk(
    temporal_client: Client, postgres_url: str, policy: Policy, runner: WorkflowRunner
) -> AsyncIterator[Desk]:
    ledger = Ledger.connect(postgres_url, KEYS)
    async with at_work(temporal_client, ledger, policy, new_queue(), runner=runner) as office:
        yield office


@pytest.fixture
async def demonstration(
    temporal_client: Client, postgres_url: str, policy: Policy, runner: WorkflowRunner
) -> AsyncIterator[Desk]:
    """An office that takes, and marks, what comes unsigned."""
    ledger = Ledger.connect(postgres_url, KEYS)
    async with at_work(
        temporal_client, ledger, policy, new_queue(), runner=runner, take_unsigned=True
    ) as office:
        yield office


def act(unit: str, officer: str, kind: str, *, id: str | None = None, task: str | None = None,
        at: datetime | None = None, **body: Any) -> Act:  # fmt: skip
    """An officer's action: the form's lawful answers, with these changes."""
    return Act(
        id=id or str(uuid.uuid4()),
        unit=unit,
        officer=officer,
        task=task,
        at=at,
        body=filled(kind, **body),
    )


MORNING = datetime(2026, 9, 3, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def intake() -> Callable[..., Intake]:
    """A clear, small, cooperative dispute; a ticket of its own each time."""

    def make(**changes: Any) -> Intake:
        given: dict[str, Any] = {
            "channel": "12345热线",
            "received_by": "县综治中心",
            "source_no": f"T-{uuid.uuid4()}",
            "received_at": MORNING,
            "applicant": {"name": "测试甲", "phone": "19900000001"},
            "respondents": [{"name": "偏关县测试木器厂", "town": "新关镇"}],
            "narrative": "三个月失业保险费已申报未缴，单位承认。",
            "claims": [
                {"no": 1, "insurance": "失业", "regime": "职工", "type": "已申报未按时缴纳", "amount": "1200"}
            ],
            "indicators": {"labour_relation": "明确", "strong_proof": True, "respondent_cooperative": True},
        }
        return Intake.model_validate({**given, **changes})

    return make


@pytest.fixture
def still() -> BusinessClock:
    """A clock that stands still unless an action moves it."""
    return BusinessClock(pace=86_400 * 60, begins=MORNING)


async def accepted(desk: Desk, intake: Intake, clock: BusinessClock) -> str:
    """A matter accepted and dispatched to 县税务局 alone."""
    receipt = await desk.office.register(intake, clock=clock)
    await desk.office.act(receipt.dispute_id, act("县综治中心", "初审员", "accept_case"))
    return receipt.dispute_id
