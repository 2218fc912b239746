"""The same flow on DBOS, a peer one might pick instead: same PostgreSQL server, a database of its own.

``ledger``: every action runs this project's own commit as a step. ``bare``: every action inserts one small row, as
the skeleton on Temporal has nothing to do. The driver lives in the DBOS process itself, which spares it a network hop
that the officers' programs would need.
"""

# pyright: reportMissingImports=false
# DBOS is installed by ``make bench`` alone.

import asyncio
import json
import os
import sys
import threading
import time
import uuid
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import psutil
from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy import create_engine, text

from activities.messages import Command, Register, Take
from activities.names import dispute_id
from bench import flow
from bench.alone import Alone
from bench.place import Place, cpu, keys_here, wal_position
from bench.report import Figures, quantile, say
from bench.sizes import Sizes
from ledger.store import Ledger

KINDS = ("ledger", "bare")
ANSWER_S = 60
Commit = Callable[[str, Command, str, int], int]
"""Commits one command to the matter under an action id; from the version known to the newest."""

_commit: list[Commit] = []


@DBOS.step()
def commit(matter: str, command: Command, action_id: str, known: int) -> int:
    """One action's commit, its result checkpointed."""
    return _commit[0](matter, command, action_id, known)


@DBOS.workflow()
def dispute(matter: str, intake: Any) -> int:
    """A dispute: one durable receive and one answer a human action. The wait has a time limit, as a clock would."""
    version = commit(matter, Register(intake=intake), "register", 0)
    DBOS.set_event("done-0", version)
    for number in range(1, flow.HUMAN_ACTIONS):
        act = DBOS.recv("act", timeout_seconds=86_400)
        version = commit(matter, Take(act=act), act.id, version)
        DBOS.set_event(f"done-{number}", version)
    return version


def play(latencies: list[float]) -> None:
    """One dispute through its whole flow."""
    intake = flow.intake()
    matter = dispute_id(intake.channel, intake.source_no)
    began = time.perf_counter()
    with SetWorkflowID(matter):
        handle = DBOS.start_workflow(dispute, matter, intake)
    DBOS.get_event(matter, "done-0", timeout_seconds=ANSWER_S)
    latencies.append(time.perf_counter() - began)
    for number, act in enumerate(flow.acts(), 1):
        began = time.perf_counter()
        DBOS.send(matter, act, "act", idempotency_key=act.id)
        if DBOS.get_event(matter, f"done-{number}", timeout_seconds=ANSWER_S) is None:
            raise TimeoutError(act.body.kind)
        latencies.append(time.perf_counter() - began)
    handle.get_result()


def played(disputes: int, at_once: int) -> list[float]:
    """So many disputes, so many at a time. Returns the seconds each action took."""
    latencies: list[float] = []
    failed: list[BaseException] = []
    todo, lock = iter(range(disputes)), threading.Lock()

    def one_after_another() -> None:
        while not failed:
            with lock:
                if next(todo, None) is None:
                    return
            try:
                play(latencies)
            except BaseException as error:
                failed.append(error)

    threads = [threading.Thread(target=one_after_another) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return latencies


def ledger_commit(database: str) -> Commit:
    """This project's commit: decide, record, project in one transaction."""
    ledger = Ledger.connect(database, keys_here())
    ledger.migrate()
    alone = Alone(ledger)
    return lambda matter, command, action_id, known: alone.commit(matter, command, action_id)


def bare_commit(database: str) -> Commit:
    """One row."""
    engine = create_engine(database, pool_size=16)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE bare (matter text, action text, PRIMARY KEY (matter, action))"))

    def commit_(matter: str, command: Command, action_id: str, known: int) -> int:
        with engine.begin() as connection:
            row = {"m": matter, "a": action_id}
            connection.execute(text("INSERT INTO bare VALUES (:m, :a) ON CONFLICT DO NOTHING"), row)
        return known + 1

    return commit_


def serve(kind: str, system_database: str, database: str, disputes: str, at_once: str) -> None:
    """The DBOS process: a warm-up, a line when ready, a block at a word on standard input, its figures as JSON."""
    config: DBOSConfig = {
        "name": "bench",
        "system_database_url": system_database,
        "sys_db_pool_size": 32,
        "log_level": "ERROR",
        "max_executor_threads": 64,
    }
    DBOS(config=config)
    _commit.append((ledger_commit if kind == "ledger" else bare_commit)(database))
    DBOS.launch()
    played(4, 4)
    print("ready", flush=True)
    sys.stdin.readline()
    own = psutil.Process()
    used, began = sum(own.cpu_times()[:2]), time.perf_counter()
    latencies = played(int(disputes), int(at_once))
    seconds = time.perf_counter() - began
    said = {"seconds": seconds, "cpu": sum(own.cpu_times()[:2]) - used, "latencies": latencies}
    print(json.dumps(said), flush=True)


@asynccontextmanager
async def _serving(*words: str) -> AsyncGenerator[asyncio.subprocess.Process]:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bench.dbos_flow", *words),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**24,
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def block(place: Place, kind: str, sizes: Sizes) -> Figures:
    """One block on DBOS."""
    name = f"bench_dbos_{kind}_{uuid.uuid4().hex[:6]}"
    urls = await place.postgres.ensure(f"{name}_sys"), await place.postgres.ensure(name)
    async with _serving(kind, *urls, str(sizes.disputes), str(sizes.at_once)) as child:
        assert child.stdout
        assert child.stdin
        if await child.stdout.readline() != b"ready\n":
            raise RuntimeError("DBOS did not start")
        server = place.postgres.child.pid
        wal, used = await wal_position(place), cpu(server)
        child.stdin.write(b"go\n")
        said = json.loads(await child.stdout.readline())
        wal, used = await wal_position(place) - wal, cpu(server) - used
    n, latencies = sizes.disputes, said["latencies"]
    say(f"  DBOS, {kind}: {n / said['seconds']:.2f} disputes/s")
    return {
        "disputes/s": n / said["seconds"],
        "action p50 ms": 1000 * quantile(latencies, 0.5),
        "action p95 ms": 1000 * quantile(latencies, 0.95),
        "WAL KiB a dispute": wal / n / 1024,
        "CPU ms a dispute": 1000 * (said["cpu"] + used) / n,
        "of it postgres": 1000 * used / n,
    }


async def run(place: Place, sizes: Sizes) -> Figures:
    """Both kinds; of their blocks the middle one by throughput."""
    found: Figures = {}
    for kind in KINDS:
        blocks = [await block(place, kind, sizes) for _ in range(sizes.rounds)]
        found[kind] = sorted(blocks, key=lambda b: b["disputes/s"])[len(blocks) // 2]
    return found


if __name__ == "__main__":
    serve(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(0)
