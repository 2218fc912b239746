"""The worker's host has a wrong clock, which jumps: only the Temporal server's time decides anything."""

import asyncio
import os
import subprocess
import sys
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.client import Client

from domain.intake import Intake
from domain.words import SHANGHAI
from ledger.store import Ledger
from starter.office import Office
from tests.integration.conftest import act
from tests.support.heard import Counted, Heard, fired
from tests.support.keys import KEYS
from tests.support.parts import worker_process

pytestmark = pytest.mark.chaos

SOURCE = Path(__file__).parents[1] / "support" / "clock_shim.c"
DAY = 86_400


def shim(folder: Path) -> Path:
    """The shim, compiled: it needs a C compiler, as the other long tests need their servers."""
    built = folder / "clock_shim.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(built), str(SOURCE), "-ldl"], check=True)
    return built


async def test_the_workers_clock_jumps_by_months_and_nothing_moves(
    temporal_client: Client,
    temporal_address: str,
    postgres_url: str,
    intake: Callable[..., Intake],
    tmp_path: Path,
    tell: Callable[[Counted], None],
) -> None:
    ledger = Ledger.connect(postgres_url, KEYS)
    queue = f"chaos-{uuid.uuid4()}"
    heard = Heard(Office(temporal_client, ledger, task_queue=queue), ledger)
    said = tmp_path / "jump"
    said.write_text(str(400 * DAY))
    wrong = {"LD_PRELOAD": str(shim(tmp_path)), "CLOCK_JUMP": str(said)}
    shown = subprocess.run(
        [sys.executable, "-c", "import time; print(time.time())"],
        env={**os.environ, **wrong}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert float(shown.stdout) > datetime.now(UTC).timestamp() + 399 * DAY  # the shim works
    async with asyncio.timeout(300), worker_process(temporal_address, postgres_url, queue, **wrong):
        began = datetime.now(SHANGHAI)
        matter = (await heard.office.register(intake(received_at=began))).dispute_id
        await heard.act(matter, act("县综治中心", "初审员", "accept_case"))
        before = fired(ledger, matter)
        for jump in (-400 * DAY, 3000 * DAY, 0):
            said.write_text(str(jump))
            await heard.act(matter, act("申请人", "测试甲", "receive_material", received_on=began.date()))
        counted = await heard.check([matter])
        assert fired(ledger, matter) == before  # no timer believed the jumps
        slack = timedelta(seconds=2)
        for event in ledger.events(matter):
            assert began - slack <= event.at <= datetime.now(SHANGHAI) + slack
    tell(counted)
