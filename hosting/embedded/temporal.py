"""The real Temporal development server on one machine: its data in a file, its UI beside it."""

import asyncio
import socket
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from temporalio.client import Client

from hosting.embedded.errors import CannotStart
from hosting.embedded.namespace import Keys, prepare_namespace
from hosting.embedded.paths import private_folder
from hosting.embedded.processes import POLL, Child, Report, end_orphan

NAME = "Temporal"
DATA = "temporal"
LOOPBACK = "127.0.0.1"
PORT = 7233
UI_PORT = 8233
START_LIMIT = 60.0
"""Seconds."""

PRAGMAS = ("journal_mode=wal", "synchronous=full")
"""WAL for speed; FULL syncs every commit: with NORMAL, a power cut could lose actions already accepted."""

SETTINGS = {
    "history.maximumSignalsPerExecution": 1000,
    "frontend.httpAllowedHosts": '["closed.invalid"]',
}
"""Dynamic configuration. A flood of signals is refused to its sender before it is more than a workflow task can begin
with; the workflow goes on in a new run at half of it. The server's HTTP interface, which nobody here uses and which asks for
no sign-in, answers no host: any page open in a browser of this machine could send signals by it.
"""


class DevServer(NamedTuple):
    """A running server."""

    child: Child
    address: str
    ui_url: str | None
    ready: Callable[[], Awaitable[None]]
    """Waits until it serves, its namespace prepared. Raises CannotStart."""


@asynccontextmanager
async def dev_server(
    program: Path,
    home: Path,
    report: Report,
    *,
    namespace: str,
    search_attributes: Keys,
    headless: bool = False,
    port: int = PORT,
    ui_port: int = UI_PORT,
) -> AsyncGenerator[DevServer]:
    """Temporal on the data in ``home/temporal``, its namespace prepared; stopped at the end. ``home`` is held.

    ``port`` and ``ui_port`` are wishes: where occupied, others are taken and reported; 0 takes any.
    Raises CannotStart.
    """
    await end_orphan(NAME, home, report)
    port = free_port(port, report)
    ui_port = free_port(ui_port, report)
    ui = ["--headless"] if headless else ["--ui-port", str(ui_port)]
    child = Child.start(NAME, [program, *_arguments(port), *ui], home, cwd=private_folder(home / DATA))
    address = f"{LOOPBACK}:{port}"

    async def ready() -> None:
        await prepare_namespace(await _connect(child, address, namespace), search_attributes)

    try:
        await ready()
        yield DevServer(child, address, None if headless else f"http://{LOOPBACK}:{ui_port}", ready)
    finally:
        await child.stop()


def _arguments(port: int) -> list[str]:
    # The file is named relative to the working folder: the server takes the name apart as a URI.
    words = ["server", "start-dev", "--ip", LOOPBACK, "--port", str(port), "--db-filename", "temporal.db"]
    for pragma in PRAGMAS:
        words += ["--sqlite-pragma", pragma]
    for key, value in SETTINGS.items():
        words += ["--dynamic-config-value", f"{key}={value}"]
    return [*words, "--log-level", "warn"]


async def _connect(child: Child, address: str, namespace: str) -> Client:
    deadline = time.monotonic() + START_LIMIT
    while True:
        try:
            return await Client.connect(address, namespace=namespace)
        except RuntimeError as error:
            if not child.is_running:
                raise child.failure() from error
            if time.monotonic() > deadline:
                raise child.slow(START_LIMIT) from error
        await asyncio.sleep(POLL)


def free_port(wanted: int, report: Report) -> int:
    """A port of this machine nobody listens on, ``wanted`` if it can be. Raises CannotStart."""
    for port in (wanted, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            # Without it, connections still closing after a restart would make the port look occupied.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
                probe.listen()
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            if found != wanted and wanted:
                report(f"端口 {wanted} 已被占用，改用 {found}")
            return found
    raise CannotStart("本机没有可用的端口")
