"""Servers killed, stopped and started again on their data; officers act all the while, timers fall due meanwhile."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta

import pytest

from domain.business_clock import BusinessClock
from domain.intake import Intake
from domain.policy import Policy
from domain.words import SHANGHAI
from hosting.connect import connect_client
from ledger.store import Ledger
from starter.office import Declined, Office
from tests.integration.conftest import act
from tests.support.heard import Counted, Heard, fired
from tests.support.keys import KEYS
from tests.support.parts import Parts, worker_process
from worker import running_workers

pytestmark = pytest.mark.chaos

Make = Callable[..., Intake]
Tell = Callable[[Counted], None]


@asynccontextmanager
async def hall(parts: Parts, policy: Policy, queue: str) -> AsyncIterator[Heard]:
    """An office and a worker on the test's own servers."""
    address, url = await parts.up()
    client = await connect_client(KEYS, address)
    ledger = Ledger.connect(url, KEYS)
    ledger.migrate()
    async with running_workers(client, ledger, policy, task_queue=queue):
        yield Heard(Office(client, ledger, task_queue=queue), ledger)
    ledger.close()


async def work(heard: Heard, matters: list[str], stop: asyncio.Event) -> int:
    """Officers act on every matter until told to stop. How often one was declined."""

    async def one(matter: str) -> int:
        declined = n = 0
        while not stop.is_set():
            n += 1
            answer = await heard.act(
                matter, act("申请人", "测试甲", "receive_material", materials=[{"name": f"第{n}份"}])
            )
            declined += isinstance(answer, Declined)
        return declined

    return sum(await asyncio.gather(*(one(matter) for matter in matters)))


async def registered(heard: Heard, intake: Make, clock: BusinessClock, count: int) -> list[str]:
    receipts = await asyncio.gather(*(heard.office.register(intake(), clock=clock) for _ in range(count)))
    matters = [r.dispute_id for r in receipts]
    for matter in matters:
        await heard.act(matter, act("县综治中心", "初审员", "accept_case"))
    return matters


async def grown(heard: Heard, more: int) -> None:
    """Until so many more actions were taken."""
    goal = len(heard.taken) + more
    while len(heard.taken) < goal:
        await asyncio.sleep(0.1)


def rungs(heard: Heard, matter: str, clock: str) -> list[tuple[str, str]]:
    """What one clock did, and on which business days."""
    return [(alarm, at[:10]) for id, alarm, at in fired(heard.ledger, matter) if id == clock]


@pytest.mark.parametrize("part", ["temporal", "postgres"])
@pytest.mark.parametrize("kill", [True, False], ids=["killed", "stopped"])
async def test_a_server_goes_away_and_comes_back(
    parts: Parts, policy: Policy, intake: Make, still: BusinessClock, tell: Tell, part: str, kill: bool
) -> None:
    async with asyncio.timeout(600), hall(parts, policy, f"chaos-{uuid.uuid4()}") as heard:
        matters = await registered(heard, intake, still, 4)
        stop = asyncio.Event()
        working = asyncio.create_task(work(heard, matters, stop))
        server = parts.temporal if part == "temporal" else parts.postgres
        for _ in range(2):
            await grown(heard, 8)
            await server.down(kill=kill)
            late = asyncio.create_task(heard.office.register(intake(), clock=still))
            await asyncio.sleep(6)  # the length of the outage: longer than every local try
            await server.up()
            matters.append((await late).dispute_id)
        await grown(heard, 8)
        stop.set()
        assert await working == 0
        tell(await heard.check(matters))


async def test_timers_that_fell_due_while_everything_was_down_act_once_and_in_order(
    parts: Parts, policy: Policy, intake: Make, tell: Tell
) -> None:
    queue = f"chaos-{uuid.uuid4()}"
    triaged = datetime(2026, 9, 17, 11, 17, tzinfo=SHANGHAI)
    async with asyncio.timeout(600):
        async with hall(parts, policy, queue) as heard:
            # Business time that stands before every rung when all stops, and past them all when it starts again.
            pace = timedelta(days=9) / timedelta(seconds=30)
            clock = BusinessClock(pace=pace, begins=triaged, horizon=triaged)
            ticket = intake(received_at=triaged - timedelta(hours=1))
            matter = (await heard.office.register(ticket, clock=clock)).dispute_id
            triage = act("县综治中心", "初审员", "accept_case")
            nine_days = triaged + timedelta(days=9)
            await heard.act(matter, triage.model_copy(update={"until": nine_days}))
            sign = next(c for c in heard.ledger.state(matter).clocks.values() if c.rule_id == "sign")
        await parts.down(kill=True)
        await asyncio.sleep(35)  # the whole ladder falls due
        async with hall(parts, policy, queue) as heard:
            while len(ladder := rungs(heard, matter, sign.id)) < 5:
                await asyncio.sleep(0.2)
            assert ladder == [
                ("催办", "2026-09-18"),
                ("黄牌", "2026-09-18"),
                ("红牌", "2026-09-18"),
                ("督办", "2026-09-20"),
                ("提请联席会议", "2026-09-23"),
            ]
            tell(await heard.check([matter]))


async def test_two_workers_are_replaced_one_after_another_while_officers_act(
    parts: Parts, intake: Make, still: BusinessClock, tell: Tell
) -> None:
    address, url = await parts.up()
    ledger = Ledger.connect(url, KEYS)
    ledger.migrate()
    queue = f"chaos-{uuid.uuid4()}"
    heard = Heard(Office(await connect_client(KEYS, address), ledger, task_queue=queue), ledger)
    async with asyncio.timeout(600), AsyncExitStack() as workers:
        running = [await workers.enter_async_context(worker_process(address, url, queue)) for _ in range(2)]
        matters = await registered(heard, intake, still, 6)
        stop = asyncio.Event()
        working = asyncio.create_task(work(heard, matters, stop))
        for old in running:
            await grown(heard, 15)
            old.terminate()
            assert await old.wait() == 0
            await workers.enter_async_context(worker_process(address, url, queue))
        await grown(heard, 15)
        stop.set()
        assert await working == 0  # nobody was declined
        tell(await heard.check(matters))
