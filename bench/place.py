"""Where a benchmark runs: both real servers as embedded ones, one worker in a process of its own, and their CPU."""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

import psutil
import psycopg

from bench.report import say
from hosting.connect import NAMESPACE
from hosting.embedded.paths import hold
from hosting.embedded.postgres import postgres
from hosting.embedded.processes import Child
from hosting.embedded.temporal import dev_server
from hosting.embedded.temporal_program import find_temporal
from privacy import store
from privacy.keys import Keys
from workflows.display import SEARCH_ATTRIBUTES

READY = b"ready\n"
KEYS = "keys"


class Database(Protocol):
    """A PostgreSQL server: the embedded one, or a production site's."""

    @property
    def child(self) -> Child:
        """Its process."""
        ...

    async def ensure(self, database: str) -> str:
        """The URL of a database for the ledger."""
        ...

    async def connect(self) -> psycopg.AsyncConnection[tuple[object, ...]]:
        """A connection of an administrator."""
        ...


class TemporalServer(Protocol):
    """A Temporal server, likewise."""

    @property
    def child(self) -> Child:
        """Its process."""
        ...

    @property
    def address(self) -> str:
        """Of its frontend."""
        ...


class Place(NamedTuple):
    """The servers of one benchmark."""

    home: Path
    postgres: Database
    temporal: TemporalServer


@asynccontextmanager
async def servers() -> AsyncGenerator[Place]:
    """Real PostgreSQL and the real Temporal server, both with files on disk, both durable; gone at the end."""
    with tempfile.TemporaryDirectory(prefix="fengqiao-bench-") as folder, hold(Path(folder)):
        home = Path(folder)
        store.make(home / KEYS)
        os.environ[store.FOLDER] = str(home / KEYS)
        program = await find_temporal(say)
        async with (
            postgres(home, say) as database,
            dev_server(
                program,
                home,
                say,
                namespace=NAMESPACE,
                search_attributes=SEARCH_ATTRIBUTES,
                headless=True,
                port=0,
                ui_port=0,
            ) as server,
        ):
            yield Place(home, database, server)


async def until_told() -> None:
    """Say that this process is ready, and wait until it is told to end."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    sys.stdout.buffer.write(READY)
    sys.stdout.flush()
    await stop.wait()


@asynccontextmanager
async def process(module: str, *words: str) -> AsyncGenerator[psutil.Process]:
    """``python -m MODULE …`` once it says it is ready; ended at the end."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *words, stdout=asyncio.subprocess.PIPE, env=dict(os.environ)
    )
    assert child.stdout
    try:
        if await child.stdout.readline() != READY:
            raise RuntimeError(f"{module} {words[0]} did not start")
        reading = asyncio.create_task(_let_go(child.stdout))
        yield psutil.Process(child.pid)
        reading.cancel()
    finally:
        if child.returncode is None:
            child.terminate()
        await child.wait()


async def _let_go(said: asyncio.StreamReader) -> None:
    """Read what a process logs, lest it wait for a reader."""
    while await said.read(65536):
        pass


def keys_here() -> Keys:
    """The benchmark's own keys, in this process and in those it starts."""
    return store.load()


async def wal_position(place: Place) -> int:
    """Bytes of write-ahead log since PostgreSQL was made."""
    async with await place.postgres.connect() as link:
        found = await (await link.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")).fetchone()
    assert found
    return int(str(found[0]))


def cpu(pid: int) -> float:
    """CPU seconds used by a process and all it ever started."""
    top = psutil.Process(pid)
    used = sum(top.cpu_times()[:4])
    for child in top.children():
        try:
            used += sum(child.cpu_times()[:2])
        except psutil.NoSuchProcess:  # it ended meanwhile; its parent has its time
            continue
    return used


def written(pid: int) -> int:
    """Bytes a process has sent to the disk."""
    return psutil.Process(pid).io_counters().write_bytes
