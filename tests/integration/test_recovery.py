"""A worker dies in the one window where ledger and workflow could come apart."""

import asyncio
import uuid
from collections.abc import Callable

from temporalio.client import Client

from domain.business_clock import BusinessClock
from domain.intake import Intake
from domain.policy import Policy
from domain.tasks import TaskKind
from ledger.store import Ledger
from starter.office import Declined, Office
from tests.support.doomed_worker import DOOM, doomed
from tests.support.keys import KEYS
from worker import running_workers

from .conftest import act


async def test_two_officers_race_while_the_worker_dies_after_the_commit(
    temporal_client: Client,
    temporal_address: str,
    postgres_url: str,
    policy: Policy,
    intake: Callable[..., Intake],
    still: BusinessClock,
) -> None:
    ledger = Ledger.connect(postgres_url, KEYS)
    queue = f"test-{uuid.uuid4()}"
    office = Office(temporal_client, ledger, task_queue=queue)
    worker = await doomed(temporal_address, postgres_url, queue)
    receipt = await office.register(intake(), clock=still)
    matter = receipt.dispute_id
    await office.act(matter, act("县综治中心", "初审员", "accept_case"))

    first = asyncio.create_task(
        office.act(matter, act("县税务局", "甲", "sign_for", id=f"{DOOM}{uuid.uuid4()}"))
    )
    await worker.wait()
    assert worker.returncode == -9
    committed = ledger.state(matter)
    second = asyncio.create_task(office.act(matter, act("县税务局", "乙", "sign_for")))
    async with running_workers(temporal_client, ledger, policy, task_queue=queue):
        answers = await asyncio.gather(first, second, return_exceptions=True)
        # Whatever order the next attempt met them in, the ledger had decided: 甲 signed, and each hears the truth.
        assert answers[0].version >= committed.version  # type: ignore[union-attr]
        assert isinstance(answers[1], Declined)
        assert answers[1].code == "already_signed"
        seqs = [e.seq for e in ledger.events(matter)]
        assert seqs == list(range(1, len(seqs) + 1))
        assert [t.signed_by for t in ledger.state(matter).open_tasks(TaskKind.HANDLE)] == ["甲"]
        receipt = await office.act(matter, act("申请人", "测试甲", "receive_material"))
        assert receipt.version == ledger.state(matter).version
