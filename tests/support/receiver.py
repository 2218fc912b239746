"""Another system, as far as it is spoken to: a real HTTP server on this machine that keeps what it gets."""

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from standardwebhooks import Webhook

from domain.outbound import Outbound, Reach
from domain.webhooks import Patience, Platform

HERE = Reach(loopback=True)
QUICKLY = Patience.model_validate({"first": "PT0.05S", "at_most": "PT0.05S", "total": "PT60S"})
BRIEFLY = Patience.model_validate({"first": "PT0.05S", "at_most": "PT0.05S", "total": "PT3S"})
"""After which a message that never arrives is given up."""


def outbound(patience: Patience = QUICKLY, platform: Platform | None = None) -> Outbound:
    """To this machine."""
    return Outbound(HERE, patience, platform or Platform())


class Got(NamedTuple):
    """One request. ``status``: what it was answered with."""

    headers: dict[str, str]
    body: bytes
    status: int

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> Any:
        """What it says, once its signature is checked as a receiver checks it. Raises WebhookVerificationError."""
        return Webhook(secret).verify(self.body, self.headers)


class Receiver:
    """Answers 204, or whatever :meth:`says` has put before."""

    def __init__(self) -> None:
        self.port = 0
        self.got: list[Got] = []
        self.always: int | None = None
        self.body = b""
        """What it says back."""
        self._next: deque[int] = deque()
        self._extra: Mapping[str, str] = {}
        self._arrivals: asyncio.Queue[Got] = asyncio.Queue()

    @property
    def address(self) -> str:
        """Where it is spoken to."""
        return f"http://127.0.0.1:{self.port}/hook"

    def says(self, *statuses: int, extra: Mapping[str, str] | None = None) -> None:
        """Answer the next requests with these."""
        self._next.extend(statuses)
        self._extra = extra or {}

    async def arrival(self) -> Got:
        """The next request, answered or about to be."""
        return await self._arrivals.get()

    async def arrivals(self, number: int) -> list[Got]:
        """So many that were taken, in their order."""
        taken: list[Got] = []
        while len(taken) < number:
            if (one := await self.arrival()).status < 300:
                taken.append(one)
        return taken

    @property
    def taken(self) -> list[Got]:
        """What was answered as well received."""
        return [one for one in self.got if one.status < 300]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request of one connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in head[1:] if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        status = self.always or (self._next.popleft() if self._next else 204)
        self.got.append(Got(headers, body, status))
        more = "".join(f"{name}: {value}\r\n" for name, value in self._extra.items())
        writer.write(f"HTTP/1.1 {status} .\r\n{more}{_end(self.body)}".encode() + self.body)
        await writer.drain()
        writer.close()
        self._arrivals.put_nowait(self.got[-1])


def _end(body: bytes) -> str:
    return f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"


@asynccontextmanager
async def receiving(
    port: int = 0, receiver: Receiver | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Receiver]:
    """A receiver on loopback. ``receiver``, ``port``: one that was down and comes back."""
    receiver = receiver or Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", port, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    async with server:
        yield receiver
