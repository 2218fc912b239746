"""A gateway between browser and desk, as an old one in a county's hall: it hands a stream on only when it has ended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

STREAM = b"text/event-stream"


@asynccontextmanager
async def buffering(port: int) -> AsyncIterator[int]:
    """The port of a gateway before this one, on loopback."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, requests = await asyncio.open_connection("127.0.0.1", port)
        there = asyncio.create_task(_copied(reader, requests))
        try:
            held = b""
            while data := await answers.read(65536):
                if held or STREAM in data:
                    held += data
                    continue
                writer.write(data)
                await writer.drain()
            writer.write(held)
        except ConnectionError:
            return
        finally:
            there.cancel()
            for end in (writer, requests):
                end.transport.abort()

    server = await asyncio.start_server(carry, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _copied(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
