"""Many open disputes on one worker: what it keeps in memory, and how long a burst of actions takes to drain."""

import asyncio
import time
from collections.abc import Awaitable, Iterable

import psutil

from bench import flow
from bench.place import Place, cpu, keys_here, process
from bench.report import Figures, quantile, say
from hosting.connect import connect_client
from ledger.store import Ledger
from starter.office import Office

AT_ONCE = 32
MIB = 2**20


async def _all(work: Iterable[Awaitable[object]]) -> list[float]:
    """Every piece of work, ``AT_ONCE`` at a time. The seconds each took."""
    took: list[float] = []
    pending = iter(work)

    async def one_after_another() -> None:
        for piece in pending:
            began = time.perf_counter()
            await piece
            took.append(time.perf_counter() - began)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(one_after_another())
    return took


async def run(place: Place, steps: list[int], burst: int) -> Figures:
    """At each number of open disputes: the worker's memory, and one action on each of ``burst`` matters."""
    address, database = place.temporal.address, await place.postgres.ensure("bench_open")
    found: Figures = {}
    async with process("bench.work", "real", address, "open", database) as worker:
        client = await connect_client(keys_here(), address)
        office = Office(client, Ledger.connect(database, keys_here()), task_queue="open")
        matters: list[str] = []
        found["worker MiB, none open"] = worker.memory_info().rss / MIB

        async def register() -> None:
            matters.append((await office.register(flow.intake())).dispute_id)

        for step in steps:
            began = time.perf_counter()
            new = step - len(matters)
            await _all(register() for _ in range(new))
            rate = new / (time.perf_counter() - began)
            say(f"  {step} open")
            found[f"{step} open"] = {
                "registrations/s": rate,
                "worker MiB": worker.memory_info().rss / MIB,
                "Temporal MiB": psutil.Process(place.temporal.child.pid).memory_info().rss / MIB,
                **await _burst(office, worker, matters[:burst]),
            }
    return found


async def _burst(office: Office, worker: psutil.Process, matters: list[str]) -> Figures:
    """The same action on each of these matters, most of which the worker has long put out of its cache."""
    used, began = cpu(worker.pid), time.perf_counter()
    took = await _all(office.act(matter, flow.material()) for matter in matters)
    seconds = time.perf_counter() - began
    return {
        "burst": len(matters),
        "drained in s": seconds,
        "actions/s": len(matters) / seconds,
        "action p95 ms": 1000 * quantile(took, 0.95),
        "worker CPU ms an action": 1000 * (cpu(worker.pid) - used) / len(matters),
    }
