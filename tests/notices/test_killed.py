"""The worker is killed (SIGKILL) when the gateway has a notice and the office has not noted it yet."""

import asyncio
import json
import signal

from sqlalchemy import text
from standardwebhooks import Webhook
from temporalio.client import Client

from domain.business_clock import BusinessClock
from domain.notices import NoticeState
from domain.policy import Policy
from ledger.notices import of_matter
from ledger.store import Ledger
from starter.office import Office
from tests.integration.conftest import Desk, accepted
from tests.notices.conftest import Make, somebody, until
from tests.support.noticing_worker import noticing
from tests.support.party_gateway import SECRET


class Holding:
    """A gateway that takes a message and holds its answer back until let go."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.go = asyncio.Event()
        self.took = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in head[1:] if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        Webhook(SECRET).verify(body, headers)
        self.ids.append(json.loads(body)["id"])
        self.took.set()
        await self.go.wait()
        writer.write(b"HTTP/1.1 202 .\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()


async def test_a_worker_that_dies_in_between_leaves_one_notice_under_one_id(
    temporal_client: Client,
    temporal_address: str,
    postgres_url: str,
    books: Ledger,
    policy: Policy,
    queue: str,
    intake: Make,
    still: BusinessClock,
) -> None:
    books.save_policy(policy)
    holding = Holding()
    server = await asyncio.start_server(holding.serve, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/send"
    given = (temporal_address, postgres_url, queue, policy.version, address)
    desk = Desk(Office(temporal_client, books, task_queue=queue), books, temporal_client, policy, queue)
    async with server, asyncio.timeout(180):
        first = await noticing(*given)
        matter = await accepted(desk, intake(applicant=somebody()), still)
        await holding.took.wait()
        first.send_signal(signal.SIGKILL)
        await first.wait()
        assert [n.state for n in of_matter(books.engine, matter)] == [NoticeState.QUEUED]
        holding.go.set()
        second = await noticing(*given)
        await until(desk, matter, NoticeState.SENT)
        second.send_signal(signal.SIGKILL)
        await second.wait()
    assert len(holding.ids) >= 2  # better twice than never, and the gateway knows it by its id
    assert len(set(holding.ids)) == 1
    with books.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM notices")) == 1
