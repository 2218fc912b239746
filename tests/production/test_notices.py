"""Notices have a queue and threads of their own: however slow they are, nobody else waits for them."""

import asyncio
import threading
import uuid
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import pytest
from temporalio.client import Client

from activities.messages import Notice
from activities.names import workflow_id
from domain.business_clock import BusinessClock
from domain.events import AlarmFired
from domain.intake import Intake
from domain.policy import Policy
from domain.words import SHANGHAI
from ledger.store import Ledger
from starter.office import Office
from tests.integration.conftest import act
from tests.integration.test_outage import Away
from tests.support.keys import KEYS
from worker import ACTIVITY_THREADS, NOTICES_AT_ONCE, running_workers

Make = Callable[..., Intake]
FLOOD = 2 * ACTIVITY_THREADS
"""Matters with a notice each: more than all threads together could hold."""


class Hanging:
    """A gateway that hangs until let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.hanging = 0
        self.notices: list[Notice] = []

    @property
    def sent(self) -> list[str]:
        return [key for notice in self.notices for key in notice.keys]

    def send(self, notice: Notice) -> None:
        self.hanging += 1
        self.go.wait()
        self.notices.append(notice)


class Town:
    """An office whose ledger can go away and whose gateway hangs."""

    def __init__(self, office: Office, ledger: Away, gateway: Hanging, client: Client) -> None:
        self.office, self.ledger, self.gateway, self.client = office, ledger, gateway, client

    async def owing_a_notice(self, ticket: Intake, clock: BusinessClock) -> str:
        """A matter that nobody signed for in time."""
        matter = (await self.office.register(ticket, clock=clock)).dispute_id
        await self.office.act(matter, act("县综治中心", "初审员", "accept_case"))
        sign = next(c for c in self.ledger.state(matter).clocks.values() if c.rule_id == "sign")
        await self.office.act(matter, act("县税务局", "甲", "sign_for", at=sign.due_at + timedelta(hours=1)))
        return matter

    async def all_threads_hang(self) -> None:
        async with asyncio.timeout(60):
            while self.gateway.hanging < NOTICES_AT_ONCE:
                await asyncio.sleep(0.05)


def owed_by(ledger: Ledger, matter: str) -> dict[str, str]:
    """The keys of the notices that a matter's alarms ask for, and to which unit."""
    return {f"{matter}-{e.seq}": e.fact.unit for e in ledger.events(matter) if isinstance(e.fact, AlarmFired)}


@pytest.fixture
async def town(temporal_client: Client, postgres_url: str, policy: Policy) -> AsyncIterator[Town]:
    ledger = Away.connect(postgres_url, KEYS)
    assert isinstance(ledger, Away)
    queue = f"test-{uuid.uuid4()}"
    gateway = Hanging()
    office = Office(temporal_client, ledger, task_queue=queue)
    async with running_workers(temporal_client, ledger, policy, gateway=gateway, task_queue=queue):
        try:
            yield Town(office, ledger, gateway, temporal_client)
        finally:
            gateway.go.set()


async def test_a_flood_of_notices_and_a_hanging_gateway_delay_no_commit(
    town: Town, intake: Make, still: BusinessClock
) -> None:
    matters = await asyncio.gather(*(town.owing_a_notice(intake(), still) for _ in range(FLOOD)))
    await town.all_threads_hang()
    # The ledger goes away too: commits fall back to ordinary activities, which the notices must have left room for.
    town.ledger.out = True
    before = town.ledger.refusals
    waiting = [
        asyncio.create_task(
            town.office.act(m, act("申请人", "测试甲", "receive_material", materials=[{"name": "一"}]))
        )
        for m in matters
    ]
    async with asyncio.timeout(60):
        while town.ledger.refusals < before + 3 * FLOOD:
            await asyncio.sleep(0.05)
    town.ledger.out = False
    async with asyncio.timeout(120):
        receipts = await asyncio.gather(*waiting)
    assert [r.version for r in receipts] == [town.ledger.state(m).version for m in matters]
    assert town.gateway.sent == []

    owed = {key for m in matters for key in owed_by(town.ledger, m)}
    town.gateway.go.set()
    async with asyncio.timeout(120):
        while set(town.gateway.sent) != owed:
            await asyncio.sleep(0.05)


async def test_an_old_ticket_that_comes_in_late_is_held_against_nobody(town: Town, intake: Make) -> None:
    town.gateway.go.set()
    long_ago = datetime.now(SHANGHAI) - timedelta(days=120)
    matter = (await town.office.register(intake(received_at=long_ago))).dispute_id
    d, now = town.ledger.state(matter), datetime.now(SHANGHAI)
    assert [c for c in d.open_clocks() if c.kind in ("internal", "statutory")]
    assert not [c.name for c in d.open_clocks() if c.due_at <= now]
    assert (d.cards, owed_by(town.ledger, matter)) == ([], {})


async def test_a_merger_does_not_wait_for_a_notice(town: Town, intake: Make, still: BusinessClock) -> None:
    parent_ticket, child_ticket = intake(), intake(channel="书信传真")
    parent = (await town.office.register(parent_ticket, clock=still)).dispute_id
    child = (await town.office.register(child_ticket, clock=still)).dispute_id
    review = next(c for c in town.ledger.state(child).clocks.values() if c.is_open)
    merge = act(
        "县综治中心", "初审员", "merge_cases", at=review.due_at + timedelta(hours=1),
        into=parent_ticket.source_no,
    )  # fmt: skip
    await town.office.act(child, merge)
    async with asyncio.timeout(60):
        while not town.gateway.hanging:
            await asyncio.sleep(0.05)
        while child_ticket.source_no not in {s.source_no for s in town.ledger.state(parent).sources}:
            await asyncio.sleep(0.05)
    assert town.gateway.sent == []
    town.gateway.go.set()
    async with asyncio.timeout(60):
        await town.client.get_workflow_handle(workflow_id(child)).result()
