"""Running a web application inside a process that has work of its own."""

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import NamedTuple

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from hosting.embedded.errors import CannotStart
from hosting.embedded.processes import POLL
from hosting.embedded.temporal import LOOPBACK

GRACE = 1
"""Seconds for requests under way at the end: a page always has one open that waits for news."""


HEAD_WITHIN_S = 20.0
"""Seconds from a connection to its first request's head, and for each next head once it has begun."""


class Certificate(NamedTuple):
    """A certificate with its chain, and its key: files in PEM."""

    chain: Path
    key: Path


@asynccontextmanager
async def serving(
    app: FastAPI,
    listener: socket.socket,
    *,
    grace: int = GRACE,
    certificate: Certificate | None = None,
    proxied: bool = False,
) -> AsyncGenerator[None]:
    """Serve ``app`` on a socket; the rest as in :func:`configuration`. Raises CannotStart."""
    # asyncio does it only for sockets made with TCP's own number; without it a short answer waits for the caller's delayed
    # acknowledgement, 40 ms. Connections have it from the socket they came to.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server = _Guest(configuration(app, grace=grace, certificate=certificate, proxied=proxied))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        if task.done():
            raise CannotStart(f"端口 {listener.getsockname()[1]} 上的网页服务没有启动") from task.exception()
        await asyncio.sleep(POLL)
    try:
        yield
    finally:
        server.should_exit = True
        await task


def configuration(
    app: FastAPI,
    *,
    host: str = LOOPBACK,
    port: int = 0,
    grace: int | None = None,
    certificate: Certificate | None = None,
    proxied: bool = False,
) -> uvicorn.Config:
    """How a server is run: without a log of addresses, which may hold a token or a slip.

    ``grace``: seconds for what is under way at the end; a stream that stays open is cut then. ``proxied``: take the caller's
    address from the proxies that ``FORWARDED_ALLOW_IPS`` names, uvicorn's own setting. Raises CannotStart.
    """
    context = _secured(certificate) if certificate else None
    return uvicorn.Config(
        app,
        http=_Hurried,
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        date_header=False,
        proxy_headers=proxied,
        timeout_graceful_shutdown=grace,
        ssl_context_factory=context and (lambda config, default: context),
    )


def _secured(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate.chain, certificate.key)
    except (OSError, ssl.SSLError) as error:
        raise CannotStart(f"证书 {certificate.chain} 或私钥 {certificate.key} 不能用：{error}") from error
    return context


class _Hurried(H11Protocol):
    """A connection that is closed when the head of a request does not come in time."""

    _due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._go_on()
        else:  # the next one has begun, or the rest of a body that nobody wanted has come
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._go_on()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._due = self._due or self.loop.call_later(HEAD_WITHIN_S, self.transport.close)

    def _go_on(self) -> None:
        if self._due:
            self._due.cancel()
            self._due = None


class _Guest(uvicorn.Server):
    """A server that leaves the signals to its host."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield
