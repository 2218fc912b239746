"""Servers of a test's own, which it may stop, kill and start again on the same data."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Generic, TypeVar

from hosting.connect import NAMESPACE
from hosting.embedded.errors import CannotStart
from hosting.embedded.postgres import Postgres, postgres
from hosting.embedded.processes import Report
from hosting.embedded.temporal import DevServer, dev_server
from workflows.display import SEARCH_ATTRIBUTES

T = TypeVar("T", Postgres, DevServer)

AGAIN = 60.0
"""Seconds a killed server's remains may take to go."""


class Part(Generic[T]):
    """One server: started, stopped or killed, and started again on its data."""

    def __init__(self, start: Callable[[], AbstractAsyncContextManager[T]]) -> None:
        self._start = start
        self._stack: AsyncExitStack | None = None
        self._server: T | None = None

    @property
    def server(self) -> T:
        assert self._server
        return self._server

    async def up(self) -> T:
        """Start it. After a kill the first tries may meet what is still ending."""
        async with asyncio.timeout(AGAIN):
            while True:
                stack = AsyncExitStack()
                try:
                    self._server = await stack.enter_async_context(self._start())
                except CannotStart:
                    await stack.aclose()
                    await asyncio.sleep(0.5)
                else:
                    self._stack = stack
                    return self.server

    async def down(self, *, kill: bool = False) -> None:
        """Stop it in good order, or as a power cut would."""
        if self._stack is None:
            return
        if kill:
            os.kill(self.server.child.pid, signal.SIGKILL)
        stack, self._stack = self._stack, None
        await stack.aclose()


class Parts:
    """PostgreSQL and Temporal."""

    def __init__(self, home: Path, program: Path, report: Report) -> None:
        self._port = 0
        self.postgres: Part[Postgres] = Part(lambda: postgres(home, report))
        self.temporal: Part[DevServer] = Part(
            lambda: dev_server(
                program, home, report, namespace=NAMESPACE, search_attributes=SEARCH_ATTRIBUTES,
                headless=True, port=self._port, ui_port=0,
            )
        )  # fmt: skip

    async def up(self) -> tuple[str, str]:
        """Start both; the Temporal address, the same every time, and the database's."""
        url = await (await self.postgres.up()).ensure("chaos")
        address = (await self.temporal.up()).address
        self._port = int(address.rpartition(":")[2])
        return address, url

    async def down(self, *, kill: bool = False) -> None:
        """Stop both."""
        await self.temporal.down(kill=kill)
        await self.postgres.down(kill=kill)


@asynccontextmanager
async def worker_process(
    address: str, database: str, queue: str, **env: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker as a process of its own, ready; ended at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.doomed_worker", address, database, queue,
        stdout=asyncio.subprocess.PIPE, env={**os.environ, **env},
    )  # fmt: skip
    try:
        assert process.stdout
        assert await process.stdout.readline() == b"ready\n"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
