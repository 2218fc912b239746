"""Disputes a second on the medium route, as a ratio to skeletons that issue the same commands and do nothing else."""

import asyncio
import itertools
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy

from activities.names import workflow_id
from bench import flow
from bench.place import Place, cpu, keys_here, process, wal_position, written
from bench.report import Figures, median, quantile, say
from bench.sizes import Sizes
from bench.skeleton import (
    ACT,
    REGISTERED,
    SkeletonStart,
    SkeletonWorkflow,
    Step,
    plain_client,
    steps_of,
)
from hosting.connect import connect_client
from ledger.store import Ledger
from starter.office import Office

REAL, SKELETON, NAIVE = "real", "skeleton", "naive skeleton"
ONE_DISPUTE = Callable[[list[float]], Awaitable[str]]
"""Plays one dispute; adds the seconds each action took; gives the workflow's id."""


class Block(NamedTuple):
    """One block of disputes of one kind."""

    kind: str
    seconds: float
    disputes: int
    latencies: list[float]
    cpu: Figures
    written: Figures
    ids: list[str]

    @property
    def rate(self) -> float:
        """Disputes a second."""
        return self.disputes / self.seconds


async def timed(latencies: list[float], work: Awaitable[Any]) -> Any:
    """Await ``work`` and note how long it took."""
    began = time.perf_counter()
    result = await work
    latencies.append(time.perf_counter() - began)
    return result


def real(office: Office) -> ONE_DISPUTE:
    """The real medium route through the front desk."""

    async def play(latencies: list[float]) -> str:
        receipt = await timed(latencies, office.register(flow.intake()))
        for act in flow.acts():
            await timed(latencies, office.act(receipt.dispute_id, act))
        return workflow_id(receipt.dispute_id)

    return play


def skeleton(client: Client, queue: str, steps: list[Step], *, local: bool) -> ONE_DISPUTE:
    """The same calls on a skeleton."""

    async def play(latencies: list[float]) -> str:
        name = f"skeleton/{uuid.uuid4()}"
        operation = WithStartWorkflowOperation(
            SkeletonWorkflow.run,
            SkeletonStart(intake=flow.intake().model_dump(mode="json"), steps=steps, local=local),
            id=name,
            task_queue=queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )
        await timed(
            latencies,
            client.execute_update_with_start_workflow(
                REGISTERED, start_workflow_operation=operation, result_type=int
            ),
        )
        handle = client.get_workflow_handle(name)
        for act in flow.acts():
            await timed(latencies, handle.execute_update(ACT, act, result_type=int))
        return name

    return play


async def run_block(
    kind: str, play: ONE_DISPUTE, sizes: Sizes, place: Place, worker: int, client: Client
) -> Block:
    """``sizes.disputes`` disputes, ``sizes.at_once`` at a time, until their workflows have ended."""
    parts = {"temporal": place.temporal.child.pid, "postgres": place.postgres.child.pid, "worker": worker}
    latencies: list[float] = []
    ids: list[str] = []
    todo = iter(range(sizes.disputes))

    async def one_after_another() -> None:
        for _ in todo:
            ids.append(await play(latencies))

    used, wal = {name: cpu(pid) for name, pid in parts.items()}, await wal_position(place)
    stored = written(place.temporal.child.pid)
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(sizes.at_once):
            group.create_task(one_after_another())
    async with asyncio.TaskGroup() as group:
        for name in ids[-sizes.at_once :]:
            group.create_task(client.get_workflow_handle(name).result())
    seconds = time.perf_counter() - began
    used = {name: cpu(pid) - used[name] for name, pid in parts.items()}
    sent = {
        "ledger WAL": await wal_position(place) - wal,
        "Temporal to disk": written(place.temporal.child.pid) - stored,
    }
    block = Block(kind, seconds, sizes.disputes, latencies, used, sent, ids)
    say(f"  {kind}: {block.rate:.2f} disputes/s")
    return block


async def counted(client: Client, ids: list[str]) -> Figures:
    """What Temporal counts of these workflows, a human action."""
    transitions = events = tasks = size = 0
    for name in ids:
        handle = client.get_workflow_handle(name)
        info = (await handle.describe()).raw_description.workflow_execution_info
        transitions += info.state_transition_count
        events += info.history_length
        size += info.history_size_bytes
        history = await handle.fetch_history()
        tasks += sum(e.HasField("workflow_task_completed_event_attributes") for e in history.events)
    actions = len(ids) * flow.HUMAN_ACTIONS
    return {
        "transitions": transitions / actions,
        "events": events / actions,
        "workflow tasks": tasks / actions,
        "history bytes": size / actions,
    }


async def run(place: Place, sizes: Sizes) -> Figures:
    """Alternate blocks on the same server."""
    address, database = place.temporal.address, await place.postgres.ensure("bench_disputes")
    async with (
        process("bench.work", "real", address, "bench-real", database) as real_worker,
        process("bench.work", "skeleton", address, "bench-skeleton") as skeleton_worker,
    ):
        client, plain = await connect_client(keys_here(), address), await plain_client(address)
        office = Office(client, Ledger.connect(database, keys_here()), task_queue="bench-real")
        warm = await real(office)([])
        steps = steps_of(await client.get_workflow_handle(warm).fetch_history())
        plays = {
            REAL: (real(office), real_worker.pid),
            SKELETON: (skeleton(plain, "bench-skeleton", steps, local=True), skeleton_worker.pid),
            NAIVE: (skeleton(plain, "bench-skeleton", steps, local=False), skeleton_worker.pid),
        }
        blocks: list[Block] = []
        for play, pid in plays.values():
            await run_block("warm-up", play, Sizes(4, 4, 1), place, pid, client)
        for _ in range(sizes.rounds):
            for kind in (REAL, SKELETON, REAL, NAIVE):
                play, pid = plays[kind]
                blocks.append(await run_block(kind, play, sizes, place, pid, client))
        return {
            "human actions a dispute": flow.HUMAN_ACTIONS,
            "kinds": {kind: await _summary(client, [b for b in blocks if b.kind == kind]) for kind in plays},
            "ratio to the skeleton": _ratio(blocks, SKELETON),
            "ratio to the naive skeleton": _ratio(blocks, NAIVE),
        }


def _ratio(blocks: list[Block], other: str) -> float:
    """The median of each block of the real thing to the one of the other beside it."""
    pairs = [(a, b) for a, b in itertools.pairwise(blocks) if a.kind == REAL and b.kind == other]
    return median([a.rate / b.rate for a, b in pairs])


async def _summary(client: Client, blocks: list[Block]) -> Figures:
    disputes = sum(b.disputes for b in blocks)
    latencies = [s for b in blocks for s in b.latencies]
    actions = disputes * flow.HUMAN_ACTIONS
    per_action = {
        f"{part} CPU ms": 1000 * sum(b.cpu[part] for b in blocks) / actions for part in blocks[0].cpu
    }
    return {
        "disputes/s": disputes / sum(b.seconds for b in blocks),
        "disputes/s by block": [round(b.rate, 2) for b in blocks],
        "action p50 ms": 1000 * quantile(latencies, 0.5),
        "action p95 ms": 1000 * quantile(latencies, 0.95),
        "per human action": await counted(client, blocks[-1].ids[:5]) | per_action,
        "CPU ms a dispute": 1000 * sum(sum(b.cpu.values()) for b in blocks) / disputes,
        "KiB a dispute": {
            part: sum(b.written[part] for b in blocks) / disputes / 1024 for part in blocks[0].written
        },
    }
