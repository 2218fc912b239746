"""Nobody answers: an officer is told so, and may send the same again without harm."""

import asyncio
import uuid
from collections.abc import Callable

import pytest
from temporalio.client import Client

from domain.business_clock import BusinessClock
from domain.intake import Intake
from domain.policy import Policy
from ledger.store import Ledger
from starter import patience
from starter.office import Declined, Office
from tests.support.keys import KEYS
from worker import running_workers

from .conftest import TRIAGE, act


async def test_without_a_worker_patience_ends_and_what_was_sent_may_be_sent_again(
    temporal_client: Client,
    postgres_url: str,
    policy: Policy,
    intake: Callable[..., Intake],
    still: BusinessClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ledger = Ledger.connect(postgres_url, KEYS)
    ledger.migrate()
    queue = f"test-{uuid.uuid4()}"
    office = Office(temporal_client, ledger, task_queue=queue)
    ticket, triage = intake(), act("县综治中心", "初审员", "triage_confirm", **TRIAGE)

    async def unanswered() -> None:
        with monkeypatch.context() as hurried, pytest.raises(Declined, match="可能已被接收") as declined:
            hurried.setattr(patience, "PATIENCE", 1.0)
            # More than the queue has places: none is held for ever.
            await asyncio.gather(*(office.register(ticket, clock=still) for _ in range(2 * patience.AT_ONCE)))
        assert declined.value.code == "busy"

    async with asyncio.timeout(120):
        await unanswered()
        async with running_workers(temporal_client, ledger, policy, task_queue=queue):
            matter = (await office.register(ticket, clock=still)).dispute_id
        with monkeypatch.context() as hurried, pytest.raises(Declined, match="可能已被接收"):
            hurried.setattr(patience, "PATIENCE", 1.0)
            await office.act(matter, triage)
        async with running_workers(temporal_client, ledger, policy, task_queue=queue):
            receipt = await office.act(matter, triage)
        assert receipt.version == ledger.state(matter).version
        assert [e.action_id for e in ledger.events(matter)].count(triage.id) >= 1
    ledger.close()


async def test_who_gives_up_waiting_is_let_go(
    temporal_client: Client, postgres_url: str, intake: Callable[..., Intake]
) -> None:
    ledger = Ledger.connect(postgres_url, KEYS)
    office = Office(temporal_client, ledger, task_queue=f"test-{uuid.uuid4()}")
    waiting = asyncio.create_task(office.register(intake()))
    await asyncio.sleep(0)
    waiting.cancel()
    async with asyncio.timeout(60):
        with pytest.raises(asyncio.CancelledError):
            await waiting
    ledger.close()
