"""The live stream, over real connections: who hears of what, without delay, and not after the session."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn
from sqlalchemy import text

from api import live
from domain.access import Role
from ledger import sessions
from ledger.accounts import Acting
from tests.access.test_accounts import TAX
from tests.api.conftest import CENTER, Staff
from tests.ledger.support import Books, an_intake


@pytest.fixture
async def served(readers: Staff) -> AsyncIterator[str]:
    """The app behind a real server; its address."""
    config = uvicorn.Config(readers.app, port=0, log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/api/v1/live"
    server.should_exit = True
    await running


@asynccontextmanager
async def hearing(served: str, who: httpx.AsyncClient, **asked: str) -> AsyncIterator[AsyncIterator[str]]:
    """The events that somebody hears, once the server listens for him."""
    cookies = {"fengqiao": who.cookies["fengqiao"]}
    async with (
        httpx.AsyncClient(cookies=cookies, timeout=30) as client,
        client.stream("GET", served, params=asked) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in answer.headers
        lines = answer.aiter_lines()
        told = (line.removeprefix("event: ") async for line in lines if line.startswith("event: "))
        events = (event async for event in told if event != "alive")
        assert await anext(events) == "changed", "whoever comes looks for what he missed"
        yield events


async def test_a_unit_hears_of_its_own_desk_and_an_overseer_of_every(
    readers: Staff, served: str, books: Books
) -> None:
    tax, center = await readers.at(TAX), await readers.at(CENTER, Role.OPERATOR)
    async with hearing(served, center) as at_center, hearing(served, center, whose="all") as everywhere:
        matter = await asyncio.to_thread(books.register, an_intake())
        async with asyncio.timeout(10):
            assert [await anext(at_center), await anext(everywhere)] == ["changed", "changed"]
        async with hearing(served, tax) as at_tax:
            nothing = asyncio.create_task(anext(at_tax))  # type: ignore[arg-type]
            await asyncio.to_thread(books.register, an_intake("PG-2"))
            async with asyncio.timeout(10):
                await anext(at_center)
            assert not nothing.done()
            await asyncio.to_thread(books.act, matter, "accept_case", after=1)
            async with asyncio.timeout(10):
                assert await nothing == "changed"


async def test_a_stream_ends_with_its_session_and_keeps_none_alive(
    readers: Staff, served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.05)
    person, tax = await readers.person(TAX)
    with readers.ledger.engine.begin() as connection:
        connection.execute(text("UPDATE sessions SET seen_at = seen_at - interval '5 minutes'"))
        before = connection.scalar(text("SELECT seen_at FROM sessions"))
    async with hearing(served, tax) as events:
        with readers.ledger.engine.begin() as connection:
            assert connection.scalar(text("SELECT seen_at FROM sessions")) == before
        sessions.end_all(readers.ledger, Acting(person))
        async with asyncio.timeout(10):
            assert await anext(events) == "ended"


async def test_nobody_listens_without_a_session(readers: Staff, served: str) -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        assert (await client.get(served)).status_code == 401
