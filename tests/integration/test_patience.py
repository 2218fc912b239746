"""Nobody answers: an officer is told so, and may send the same again without harm."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable

import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.messages import Receipt
from domain.business_clock import BusinessClock
from domain.events import Acted
from domain.intake import Intake
from domain.policy import Policy
from ledger.store import Ledger
from starter.office import Declined, Office, patience
from starter.office.patience import patiently
from tests.support.keys import KEYS
from worker import running_workers

from .conftest import act

MAY_PASS = {
    RPCStatusCode.OK: False,  # no error
    RPCStatusCode.CANCELLED: True,
    RPCStatusCode.UNKNOWN: True,
    RPCStatusCode.INVALID_ARGUMENT: False,
    RPCStatusCode.DEADLINE_EXCEEDED: True,
    RPCStatusCode.NOT_FOUND: False,
    RPCStatusCode.ALREADY_EXISTS: False,
    RPCStatusCode.PERMISSION_DENIED: False,
    RPCStatusCode.RESOURCE_EXHAUSTED: True,
    RPCStatusCode.FAILED_PRECONDITION: False,
    RPCStatusCode.ABORTED: True,
    RPCStatusCode.OUT_OF_RANGE: False,
    RPCStatusCode.UNIMPLEMENTED: False,
    RPCStatusCode.INTERNAL: True,
    RPCStatusCode.UNAVAILABLE: True,
    RPCStatusCode.DATA_LOSS: False,
    RPCStatusCode.UNAUTHENTICATED: False,
}


def test_every_code_of_grpc_is_judged() -> None:
    assert MAY_PASS.keys() == set(RPCStatusCode)


@pytest.mark.parametrize("code", [code for code, passes in MAY_PASS.items() if passes])
async def test_what_may_pass_is_tried_again_and_in_the_end_called_busy(
    code: RPCStatusCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "FIRST_PAUSE", 0.01)
    problems = iter([RPCError("transport error", code, b"")])

    async def at_the_second_try() -> str:
        for problem in problems:
            raise problem
        return "taken"

    async def never() -> str:
        raise RPCError("transport error", code, b"")

    assert await patiently(at_the_second_try) == "taken"
    monkeypatch.setattr(patience, "PATIENCE", 0.05)
    with pytest.raises(Declined, match="可能已被接收；请稍后用同一编号重试") as busy:
        await patiently(never)
    assert busy.value.code == "busy"


@pytest.mark.parametrize("code", [code for code, passes in MAY_PASS.items() if not passes])
async def test_what_does_not_pass_is_said_at_once(code: RPCStatusCode) -> None:
    async def refused() -> str:
        raise RPCError("no", code, b"")

    with pytest.raises(RPCError):
        await patiently(refused)


async def test_without_a_worker_patience_ends_and_what_was_sent_may_be_sent_again(
    temporal_client: Client,
    postgres_url: str,
    policy: Policy,
    intake: Callable[..., Intake],
    still: BusinessClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ledger = Ledger.connect(postgres_url, KEYS)
    queue = f"test-{uuid.uuid4()}"
    office = Office(temporal_client, ledger, task_queue=queue)
    ticket, triage = intake(), act("县综治中心", "初审员", "accept_case")

    async def unanswered(*asked: Awaitable[Receipt]) -> None:
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(answer) for answer in answers] == [Declined] * len(asked)
        assert all("可能已被接收" in str(answer) for answer in answers)

    async with asyncio.timeout(120):
        with monkeypatch.context() as hurried:
            hurried.setattr(patience, "PATIENCE", 1.0)
            # More than the queue has places: none is held for ever.
            await unanswered(*(office.register(ticket, clock=still) for _ in range(2 * patience.AT_ONCE)))
        async with running_workers(temporal_client, ledger, policy, task_queue=queue):
            matter = (await office.register(ticket, clock=still)).dispute_id
        with monkeypatch.context() as hurried:
            hurried.setattr(patience, "PATIENCE", 1.0)
            await unanswered(office.act(matter, triage))
        async with running_workers(temporal_client, ledger, policy, task_queue=queue):
            receipt = await office.act(matter, triage)
        assert receipt.version == ledger.state(matter).version
        acted = [e for e in ledger.events(matter) if isinstance(e.fact, Acted) and e.action_id == triage.id]
        assert len(acted) == 1  # sent twice, taken once
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
