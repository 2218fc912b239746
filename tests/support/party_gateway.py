"""The county's gateway for messages to parties, as far as it is spoken to: a real HTTP server on this machine."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from standardwebhooks import Webhook

from domain.channels import PartyGateway

SECRET = "whsec_" + "c2VjcmV0LW9mLWEtc3RhbmQtaW4tZ2F0ZXdheS0xMjM="


class Taken(NamedTuple):
    """One request. ``status``: its answer; nothing where none was given."""

    said: dict[str, Any]
    status: int | None


class StandIn:
    """Answers 202, or what :meth:`says` has put before (``None``: takes the message and hangs up without an answer)."""

    def __init__(self) -> None:
        self.port = 0
        self.taken: list[Taken] = []
        self.always: int | None = None
        self._next: deque[int | None] = deque()
        self._arrivals: asyncio.Queue[Taken] = asyncio.Queue()

    @property
    def channel(self) -> PartyGateway:
        return PartyGateway(f"http://127.0.0.1:{self.port}/send", SECRET, 100.0)

    @property
    def messages(self) -> dict[str, dict[str, Any]]:
        """What a gateway that knows a message by its id sends on: each once."""
        return {one.said["id"]: one.said for one in self.taken if one.status == 202 or one.status is None}

    def says(self, *statuses: int | None) -> None:
        self._next.extend(statuses)

    async def arrival(self) -> Taken:
        return await self._arrivals.get()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in head[1:] if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        said = Webhook(SECRET).verify(body, headers)
        status = self.always or (self._next.popleft() if self._next else 202)
        self.taken.append(Taken(said, status))
        if status is not None:
            writer.write(f"HTTP/1.1 {status} .\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            await writer.drain()
        writer.close()
        self._arrivals.put_nowait(self.taken[-1])


@asynccontextmanager
async def standing_in(port: int = 0, gateway: StandIn | None = None) -> AsyncIterator[StandIn]:
    """A gateway on loopback. ``gateway``, ``port``: one that was down and comes back."""
    gateway = gateway or StandIn()
    server = await asyncio.start_server(gateway.serve, "127.0.0.1", port)
    gateway.port = server.sockets[0].getsockname()[1]
    async with server:
        yield gateway


def receipt(id: str, *, delivered: bool) -> str:
    """What a gateway says back."""
    return json.dumps({"id": id, "state": "delivered" if delivered else "failed"})
