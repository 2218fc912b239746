"""Three hundred pages that wait for news: what each costs, and when all of them have heard of a new task."""

import asyncio
import time
from contextlib import AsyncExitStack

import httpx
import psutil

from api.app import PREFIX
from bench import flow
from bench.place import Place, cpu, keys_here, process
from bench.report import Figures, median, say
from bench.staff import desk
from hosting.connect import connect_client
from ledger.store import Ledger
from starter.office import Office

QUEUE = "bench-streams"
IDLE_S = 30
"""Two heartbeats."""
ROUNDS = 10


class Page:
    """One open stream, and how often it was told that something changed."""

    def __init__(self) -> None:
        self.told = 0
        self.open = asyncio.Event()
        self.heard = asyncio.Condition()

    async def listen(self, browser: httpx.AsyncClient) -> None:
        """Until cancelled."""
        async with browser.stream("GET", f"{PREFIX}/live?whose=unit", timeout=None) as said:
            assert said.status_code == 200, said.status_code
            async for line in said.aiter_lines():
                if line == "event: changed":
                    async with self.heard:
                        self.told += 1
                        self.heard.notify_all()
                    self.open.set()  # the first one comes at once: look for what you missed

    async def hears(self, number: int) -> None:
        """Wait until it was told so often."""
        async with self.heard:
            await self.heard.wait_for(lambda: self.told >= number)


async def run(place: Place, number: int) -> Figures:
    """Open them, let them be, then register one matter after another."""
    address, database = place.temporal.address, await place.postgres.ensure("bench_streams")
    ledger = Ledger.connect(database, keys_here())
    ledger.migrate()
    async with (
        process("bench.work", "real", address, QUEUE, database),
        desk(ledger, address, QUEUE, database) as people,
        AsyncExitStack() as stack,
    ):
        office = Office(await connect_client(keys_here(), address), ledger, task_queue=QUEUE)
        await office.register(flow.intake())
        before = people.processes[0].memory_info().rss
        token = people.tokens[flow.CENTER, "周敏"]
        limits = httpx.Limits(max_connections=None)
        browser = await stack.enter_async_context(
            httpx.AsyncClient(base_url=people.origin, cookies={"fengqiao": token}, limits=limits)
        )
        group = await stack.enter_async_context(asyncio.TaskGroup())
        pages = [Page() for _ in range(number)]
        listening = [group.create_task(page.listen(browser)) for page in pages]
        await asyncio.gather(*(page.open.wait() for page in pages))
        open_ = people.processes[0].memory_info().rss
        say(f"  {number} open, {(open_ - before) / number / 1024:.0f} KiB each")
        idle = await _idle(people.processes[0])
        took = [await _until_all_know(office, pages) for _ in range(ROUNDS)]
        after = people.processes[0].memory_info().rss
        for task in listening:
            task.cancel()
    return {
        "streams": number,
        "KiB each, once open": (open_ - before) / number / 1024,
        "KiB each, after the work": (after - before) / number / 1024,
        "share of a core while nothing happens": idle,
        "s until all knew, median": median(took),
        "s until all knew, longest": max(took),
    }


async def _idle(desk: psutil.Process) -> float:
    """The share of one core that the application uses while nothing happens."""
    used, began = cpu(desk.pid), time.perf_counter()
    await asyncio.sleep(IDLE_S)
    return (cpu(desk.pid) - used) / (time.perf_counter() - began)


async def _until_all_know(office: Office, pages: list[Page]) -> float:
    """Seconds from a registration's receipt, which is when its task exists, until every page was told."""
    seen = [page.told for page in pages]
    await office.register(flow.intake())
    began = time.perf_counter()
    await asyncio.gather(*(page.hears(told + 1) for page, told in zip(pages, seen, strict=True)))
    seconds = time.perf_counter() - began
    await asyncio.sleep(1)  # what one registration tells in several commits is told by then
    return seconds
