"""Running the codec server inside a process that has work of its own."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import NamedTuple

import uvicorn
from fastapi import FastAPI

from hosting.codec_server.app import build_app
from hosting.codec_server.token import Token, embedded
from hosting.embedded.errors import CannotStart
from hosting.embedded.processes import POLL, Report
from hosting.embedded.temporal import LOOPBACK, free_port
from privacy.keys import Keys, Purpose

PORT = 8234
GRACE = 1
"""Seconds for requests under way at the end: the UI always has one open that waits for news."""


class CodecServer(NamedTuple):
    """A running codec server."""

    url: str
    token: Token


@asynccontextmanager
async def codec_server(
    keys: Keys, folder: Path, ui: str, report: Report, *, port: int = PORT
) -> AsyncGenerator[CodecServer]:
    """The codec server with the door to ``ui``, on loopback; its token is kept in ``folder``.

    ``port`` is a wish: where occupied, another is taken and reported; 0 takes any. Raises KeyProblem, CannotStart.
    """
    token = embedded(folder)
    app = build_app(keys.ring(Purpose.PAYLOAD), token, origins=[ui], ui=ui)
    with socket.create_server((LOOPBACK, free_port(port, report))) as listener:
        async with serving(app, listener):
            yield CodecServer(f"http://{LOOPBACK}:{listener.getsockname()[1]}", token)


@asynccontextmanager
async def serving(app: FastAPI, listener: socket.socket) -> AsyncGenerator[None]:
    """Serve ``app`` on a socket. Raises CannotStart."""
    server = _Guest(configuration(app, timeout_graceful_shutdown=GRACE))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        if task.done():
            raise CannotStart("解码服务没有启动") from task.exception()
        await asyncio.sleep(POLL)
    try:
        yield
    finally:
        server.should_exit = True
        await task


def configuration(
    app: FastAPI, *, host: str = LOOPBACK, port: int = 0, timeout_graceful_shutdown: int | None = None
) -> uvicorn.Config:
    """How the server is run: without a log of addresses, which hold the token at sign-in."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=timeout_graceful_shutdown,
    )


class _Guest(uvicorn.Server):
    """A server that leaves the signals to its host."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield
