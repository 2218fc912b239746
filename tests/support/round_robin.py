"""A balancer as plain as can be: each new connection goes to the next server that answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Balancer:
    """What goes where. ``carried``: connections that each server got, by its port."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = list(ports)
        self.carried = dict.fromkeys(ports, 0)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection; when its server dies, it breaks off."""
        answers, requests = await self._next()
        there = asyncio.create_task(_copy(reader, requests))
        back = asyncio.create_task(_copy(answers, writer))
        try:
            await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({back}, timeout=1)
        finally:
            for task in (there, back):
                task.cancel()
            for end in (writer, requests):
                end.transport.abort()

    async def _next(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while True:
            port = self._ports.pop(0)
            try:
                line = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionError:
                assert self._ports, "no server is left"
                continue
            self._ports.append(port)
            self.carried[port] += 1
            return line


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    except ConnectionError:
        return


@asynccontextmanager
async def balanced(ports: list[int]) -> AsyncIterator[tuple[str, Balancer]]:
    """The address before these servers, and its balancer."""
    balancer = Balancer(ports)
    server = await asyncio.start_server(balancer.carry, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", balancer
    finally:
        server.close()
