"""An office whose webhooks lead to a receiver on this machine."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from temporalio.client import Client
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities import handing
from domain.outbound import Outbound
from domain.policy import Policy
from domain.webhooks import Delivery, Happening
from ledger import webhooks
from ledger.outbox import messages_of
from ledger.store import Ledger
from ledger.webhooks import Webhook
from starter.office import Office
from tests.access.test_accounts import TAX, County
from tests.integration.conftest import Desk, intake, policy, still
from tests.support.keys import KEYS
from tests.support.receiver import Receiver, outbound, receiving
from worker import running_workers

__all__ = ["intake", "policy", "still"]

SYSTEM = "税务征管系统"


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits is looked for at once."""
    monkeypatch.setattr(handing, "LOOK_EVERY", timedelta(seconds=0.05))


@asynccontextmanager
async def at_work(
    client: Client, ledger: Ledger, policy: Policy, queue: str, out: Outbound
) -> AsyncIterator[Desk]:
    """An office with its workers."""
    runner = SandboxedWorkflowRunner()
    async with running_workers(client, ledger, policy, task_queue=queue, runner=runner, outbound=out):
        yield Desk(Office(client, ledger, task_queue=queue), ledger, client, policy, queue)


@pytest.fixture
def books(postgres_url: str) -> Ledger:
    ledger = Ledger.connect(postgres_url, KEYS)
    ledger.migrate()
    return ledger


@pytest.fixture
def queue() -> str:
    return f"test-{uuid.uuid4()}"


@pytest.fixture
async def desk(temporal_client: Client, books: Ledger, policy: Policy, queue: str) -> AsyncIterator[Desk]:
    async with at_work(temporal_client, books, policy, queue, outbound()) as office:
        yield office


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as system:
        yield system


@pytest.fixture
def county(books: Ledger) -> County:
    return County(books)


def registered(
    county: County,
    receiver: Receiver,
    unit: str = TAX,
    happenings: Collection[Happening] = tuple(Happening),
    client: str = SYSTEM,
) -> tuple[Webhook, str]:
    """A webhook of a unit's system, with its secret."""
    return webhooks.register(
        county.ledger,
        county.admin,
        unit=unit,
        client=client,
        address=receiver.address,
        happenings=happenings,
    )


async def emptied(desk: Desk, hook: Webhook) -> None:
    """Until nothing waits to be told to a webhook."""
    while await asyncio.to_thread(messages_of, desk.ledger.engine, hook.id, Delivery.WAITING):
        pass
