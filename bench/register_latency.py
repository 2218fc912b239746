"""From ``register`` to the first task in the unit's inbox, against a bare start and one activity."""

import time
import uuid
from datetime import timedelta

from temporalio import workflow

from bench import flow
from bench.place import Place, keys_here, process
from bench.report import Figures, median, quantile

with workflow.unsafe.imports_passed_through():
    from bench.skeleton import empty, plain_client
    from hosting.connect import connect_client
    from ledger import desk
    from ledger.store import Ledger
    from starter.office import Office

BARE = "Bare"
WARM_UP = 5
WHOLE = 10_000
"""Tasks: the inbox to its end, where the newest is."""


@workflow.defn(name=BARE)
class BareWorkflow:
    """A start and one activity."""

    @workflow.run
    async def run(self) -> None:
        """One ordinary activity that does nothing."""
        await workflow.execute_activity(empty, start_to_close_timeout=timedelta(seconds=5))


async def run(place: Place, registrations: int) -> Figures:
    """One at a time, a bare one after a real one."""
    address, database = place.temporal.address, await place.postgres.ensure("bench_latency")
    async with (
        process("bench.work", "real", address, "latency-real", database),
        process("bench.work", "skeleton", address, "latency-bare"),
    ):
        office_client, plain = await connect_client(keys_here(), address), await plain_client(address)
        ledger = Ledger.connect(database, keys_here())
        office = Office(office_client, ledger, task_queue="latency-real")
        seen: list[float] = []
        bare: list[float] = []
        for _ in range(registrations + WARM_UP):
            began = time.perf_counter()
            receipt = await office.register(flow.intake())
            while not any(
                t["dispute_id"] == receipt.dispute_id
                for t in desk.inbox(ledger.engine, desk.Scope(flow.CENTER), most=WHOLE).rows
            ):
                continue
            seen.append(time.perf_counter() - began)
            began = time.perf_counter()
            await plain.execute_workflow(BARE, id=f"bare/{uuid.uuid4()}", task_queue="latency-bare")
            bare.append(time.perf_counter() - began)
    seen, bare = seen[WARM_UP:], bare[WARM_UP:]
    return {
        "register to inbox, median ms": 1000 * median(seen),
        "register to inbox, p95 ms": 1000 * quantile(seen, 0.95),
        "bare start and activity, median ms": 1000 * median(bare),
        "bare start and activity, p95 ms": 1000 * quantile(bare, 0.95),
        "ratio of medians": median(seen) / median(bare),
    }
