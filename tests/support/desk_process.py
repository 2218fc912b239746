"""The desk's application as a process of its own, one of several on one database: ``ADDRESS DATABASE QUEUE``."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import structlog

from api.site import Site
from console.site import create_app
from hosting.connect import connect_client
from hosting.web import serving
from ledger.store import Ledger
from policies import load
from starter.office import Office
from tests.support.keys import KEYS


class DeskProcess(NamedTuple):
    """One of them, and where it listens."""

    process: asyncio.subprocess.Process
    port: int


@asynccontextmanager
async def desk_process(address: str, database: str, queue: str) -> AsyncIterator[DeskProcess]:
    """Such a process, ready; ended at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.desk_process", address, database, queue,
        stdout=asyncio.subprocess.PIPE, limit=2**20,
    )  # fmt: skip
    try:
        assert process.stdout
        while not (line := await process.stdout.readline()).startswith(b"port "):
            assert line, "it ended"
        yield DeskProcess(process, int(line.split()[1]))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def main(address: str, database: str, queue: str) -> None:
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr)
    )  # nobody empties the other pipe
    ledger = Ledger.connect(database, KEYS)
    office = Office(await connect_client(KEYS, address), ledger, task_queue=queue)
    app = create_app(Site(office, ledger, load("pianguan"), secure=False))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with serving(app, listener):
            print("port", listener.getsockname()[1], flush=True)
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
