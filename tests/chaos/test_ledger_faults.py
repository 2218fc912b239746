"""The ledger's own faults, on real PostgreSQL: an answer lost after the commit, a disk that is full."""

import asyncio
import random
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from temporalio.client import Client

from domain.business_clock import BusinessClock
from domain.intake import Intake
from domain.policy import Policy
from hosting.embedded.postgres import SOCKET_NAME, Postgres
from ledger.store import Ledger
from starter.office import Office
from tests.integration.conftest import act
from tests.support.full_disk import small_disk
from tests.support.heard import Counted, Heard
from tests.support.keys import KEYS
from tests.support.proxy import losing_line
from worker import running_workers

Make = Callable[..., Intake]
Tell = Callable[[Counted], None]


async def test_the_commit_is_done_and_its_answer_lost(
    temporal_client: Client,
    postgres_server: Postgres,
    postgres_url: str,
    policy: Policy,
    intake: Make,
    still: BusinessClock,
    tmp_path: Path,
    heard_of: Callable[[str, str], Heard],
    tell: Tell,
) -> None:
    queue = f"chaos-{uuid.uuid4()}"
    with losing_line(postgres_server.socket / SOCKET_NAME, tmp_path) as line:
        near, away = str(postgres_server.socket), str(tmp_path)
        far_url = postgres_url.replace(near, away).replace(quote(near, safe=""), quote(away, safe=""))
        far = Ledger.connect(far_url, KEYS)
        heard = heard_of(postgres_url, queue)
        worker = running_workers(temporal_client, far, policy, task_queue=queue)
        async with asyncio.timeout(120), worker:
            line.lose = 1
            matter = (await heard.office.register(intake(), clock=still)).dispute_id
            line.lose = 1
            await heard.act(matter, act("县综治中心", "初审员", "accept_case"))
            for kind in ("sign_for", "sign_for"):
                line.lose = 3  # the local tries and the first ordinary one
                pair = [act("县税务局", name, kind) for name in ("甲", "乙")]
                await asyncio.gather(*(heard.act(matter, one) for one in pair))
            assert line.lost == 8
            line.lose = 0
            tell(await heard.check([matter]))
        far.close()


@pytest.fixture
def heard_of(temporal_client: Client) -> Iterator[Callable[[str, str], Heard]]:
    ledgers: list[Ledger] = []

    def make(url: str, queue: str) -> Heard:
        ledgers.append(Ledger.connect(url, KEYS))
        return Heard(Office(temporal_client, ledgers[-1], task_queue=queue), ledgers[-1])

    yield make
    for ledger in ledgers:
        ledger.close()


@pytest.mark.chaos
async def test_the_ledgers_disk_is_full_for_a_while(
    temporal_client: Client,
    postgres_server: Postgres,
    policy: Policy,
    intake: Make,
    still: BusinessClock,
    own_home: Path,
    heard_of: Callable[[str, str], Heard],
    tell: Tell,
) -> None:
    queue = f"chaos-{uuid.uuid4()}"
    async with small_disk(postgres_server, own_home) as disk:
        heard = heard_of(disk.url, queue)
        heard.ledger.migrate()
        worker = running_workers(temporal_client, heard.ledger, policy, task_queue=queue)
        async with asyncio.timeout(300), worker:
            matter = (await heard.office.register(intake(), clock=still)).dispute_id
            await heard.act(matter, act("县综治中心", "初审员", "accept_case"))
            disk.fill()
            with pytest.raises(psycopg.errors.DiskFull), psycopg.connect(disk.plain_url) as link:
                link.execute("CREATE TABLE proof AS SELECT repeat('x', 1000) FROM generate_series(1, 20000)")
            large = [act("申请人", "测试甲", "receive_material", materials=random_rows(n)) for n in range(6)]
            waiting = [asyncio.create_task(heard.act(matter, one)) for one in large]
            await asyncio.sleep(8)  # the length of the fault: longer than the local tries
            held = sum(not task.done() for task in waiting)
            disk.free()
            await asyncio.gather(*waiting)
            assert held  # some had to wait for room, and nobody was told otherwise
            assert set(heard.taken) >= {one.id for one in large}
            tell(await heard.check([matter]))


def random_rows(seed: int) -> list[dict[str, str]]:
    """As much as an action carries, of text that hardly compresses."""
    chance = random.Random(seed)
    return [{"name": "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(200))} for _ in range(180)]
