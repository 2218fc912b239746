"""The worker dies (SIGKILL): in an activity, in a wait, and between a commit and the end of its workflow task."""

import asyncio
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

from domain.business_clock import BusinessClock
from domain.intake import Intake
from domain.policy import Policy
from ledger.store import Ledger
from starter.office import Office
from tests.integration.conftest import act
from tests.support.doomed_worker import DOOM, DOOM_BEFORE
from tests.support.heard import Counted, Heard
from tests.support.keys import KEYS
from tests.support.parts import worker_process

pytestmark = pytest.mark.chaos

Make = Callable[..., Intake]

KINDS: list[tuple[str, str, dict[str, Any]]] = [
    ("县税务局", "sign_for", {}),
    ("申请人", "receive_material", {}),
    ("县税务局", "request_extension", {"span": "3工作日"}),
    ("县综治中心", "accept_case", {}),
    ("县综治中心", "change_level", {"to": "中", "reason": "涉及人数增加"}),
    ("县税务局", "issue_disposition", {}),
]


@pytest.mark.parametrize("moment", [DOOM, DOOM_BEFORE], ids=["after the commit", "in the activity"])
async def test_two_officers_race_while_the_worker_dies_again_and_again(
    temporal_client: Client,
    temporal_address: str,
    postgres_url: str,
    policy: Policy,
    intake: Make,
    still: BusinessClock,
    tmp_path: Path,
    tell: Callable[[Counted], None],
    moment: str,
) -> None:
    ledger = Ledger.connect(postgres_url, KEYS)
    queue = f"chaos-{uuid.uuid4()}"
    heard = Heard(Office(temporal_client, ledger, task_queue=queue), ledger)
    workers = Workers(temporal_address, postgres_url, queue, tmp_path)
    matters: list[str] = []
    async with asyncio.timeout(600), workers:
        for unit, kind, body in KINDS:
            matter = (await heard.office.register(intake(), clock=still)).dispute_id
            matters.append(matter)
            if kind != "accept_case":
                await heard.act(matter, act("县综治中心", "初审员", "accept_case"))
            if kind == "request_extension":
                clocks = ledger.state(matter).clocks.values()
                body = {**body, "clock": next(c.id for c in clocks if c.rule_id == "low_total")}
            fatal = act(unit, "甲", kind, id=f"{moment}{uuid.uuid4()}", **body)
            first = asyncio.create_task(heard.act(matter, fatal))
            await workers.died(len(matters))
            await asyncio.gather(first, heard.act(matter, act(unit, "乙", kind, **body)))
        counted = await heard.check(matters)
    tell(counted)


async def test_the_worker_dies_while_everybody_waits(
    temporal_client: Client,
    temporal_address: str,
    postgres_url: str,
    policy: Policy,
    intake: Make,
    still: BusinessClock,
    tmp_path: Path,
    tell: Callable[[Counted], None],
) -> None:
    ledger = Ledger.connect(postgres_url, KEYS)
    queue = f"chaos-{uuid.uuid4()}"
    heard = Heard(Office(temporal_client, ledger, task_queue=queue), ledger)
    workers = Workers(temporal_address, postgres_url, queue, tmp_path)
    async with asyncio.timeout(600), workers:
        matters = [(await heard.office.register(intake(), clock=still)).dispute_id for _ in range(5)]
        for round_ in range(3):
            await workers.kill()
            for matter in matters:
                step = act("县综治中心", "初审员", "accept_case") if not round_ else None
                await heard.act(matter, step or act("县税务局", f"员{round_}", "sign_for"))
        counted = await heard.check(matters)
    assert workers.deaths == 3
    tell(counted)


class Workers:
    """One worker after another: when one dies the next takes its place, as a supervisor would do."""

    def __init__(self, address: str, database: str, queue: str, notes: Path) -> None:
        self._start = lambda: worker_process(address, database, queue, DOOM_NOTES=str(notes))
        self._running: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self.deaths = 0

    async def __aenter__(self) -> "Workers":
        self._keeper = asyncio.create_task(self._keep())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._keeper
        self._keeper.cancel()
        await asyncio.gather(self._keeper, return_exceptions=True)

    async def _keep(self) -> None:
        while True:
            async with self._start() as process:
                self._running = process
                await process.wait()
                assert process.returncode == -9
                self.deaths += 1

    async def died(self, times: int) -> None:
        """Until so many died."""
        while self.deaths < times:
            await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """Kill the one that runs."""
        times = self.deaths + 1
        while self._running is None or self._running.returncode is not None:
            await asyncio.sleep(0.05)
        self._running.kill()
        await self.died(times)
