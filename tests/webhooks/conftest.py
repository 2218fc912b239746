"""An office whose webhooks lead to a receiver on this machine."""

import asyncio
from collections.abc import AsyncIterator, Collection
from datetime import timedelta

import pytest
from temporalio.client import Client

from activities import handing
from domain.policy import Policy
from domain.webhooks import Delivery, Happening
from ledger import webhooks
from ledger.outbox import messages_of
from ledger.store import Ledger
from ledger.webhooks import Webhook
from tests.access.test_accounts import TAX, County
from tests.integration.conftest import Desk, intake, policy, still
from tests.support.offices import at_work, books, county, queue
from tests.support.receiver import Receiver, outbound, receiving

__all__ = ["books", "county", "intake", "policy", "queue", "still"]

SYSTEM = "税务征管系统"


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits is looked for at once."""
    monkeypatch.setattr(handing, "LOOK_EVERY", timedelta(seconds=0.05))


@pytest.fixture
async def desk(temporal_client: Client, books: Ledger, policy: Policy, queue: str) -> AsyncIterator[Desk]:
    async with at_work(temporal_client, books, policy, queue, outbound=outbound()) as office:
        yield office


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as system:
        yield system


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
