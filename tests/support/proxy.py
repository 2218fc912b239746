"""A line to PostgreSQL that can lose an answer, when the server commits and nobody hears of it, or be cut for a while."""

import asyncio
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

COMMITTED = b"C\x00\x00\x00\x0bCOMMIT\x00"
"""PostgreSQL's CommandComplete for COMMIT."""


class Line:
    """What goes through. ``lose``: how many answers to COMMIT are still to be lost. ``cut``: whether nothing goes through."""

    def __init__(self, server: Path, loop: asyncio.AbstractEventLoop) -> None:
        self._server = server
        self._loop = loop
        self._ends: set[asyncio.StreamWriter] = set()
        self.lose = 0
        self.lost = 0
        self.cut = False

    def break_off(self) -> None:
        """Cut the line, under whatever is being said on it; ``cut`` is there to mend it."""
        self.cut = True
        for end in list(self._ends):
            self._loop.call_soon_threadsafe(end.transport.abort)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        if self.cut:
            writer.transport.abort()
            return
        self._ends.add(writer)
        answers, requests = await asyncio.open_unix_connection(self._server)
        there = asyncio.create_task(self._copy(reader, requests))
        try:
            while data := await answers.read(65536):
                if self.lose and COMMITTED in data:
                    self.lose -= 1
                    self.lost += 1
                    return
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            return
        finally:
            there.cancel()
            self._ends.discard(writer)
            for end in (writer, requests):
                end.transport.abort()

    async def _copy(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
        target.write_eof()


@contextmanager
def losing_line(server: Path, folder: Path) -> Generator[Line]:
    """A socket in ``folder`` that leads to the server's socket; served by a thread, for callers that block."""
    loop = asyncio.new_event_loop()
    line = Line(server, loop)
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    serve = asyncio.start_unix_server(line.carry, folder / server.name)
    listening = asyncio.run_coroutine_threadsafe(serve, loop).result(10)
    try:
        yield line
    finally:
        asyncio.run_coroutine_threadsafe(_end(listening), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(listening: asyncio.Server) -> None:
    listening.close()
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
