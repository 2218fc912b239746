"""Rows a second of ``fengqiao import`` against bare ``start_workflow`` calls, and the import's memory as it goes.

    python -m bench.import_rows --rows 10000

An office of its own is opened and thrown away. A second process does what ``fengqiao import`` does, in blocks; before
or after each block it starts as many workflows that do nothing, as many at once, on the same server and worker.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from stdnum.cn import ric
from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import Worker

from domain.words import SHANGHAI
from ledger.store import Ledger
from policies import load
from privacy import store
from starter.connect import connect_client
from starter.embedded import Supervisor
from starter.importing.batch import AT_ONCE, Filing, file_rows
from starter.importing.exported import survey
from starter.importing.intakes import IntakeMaker
from starter.importing.judged import Judged
from starter.importing.judging import Judge
from starter.importing.rules import load_rules
from starter.importing.sheets import open_export
from starter.instance import INSTANCE_FILE, open_instance
from starter.office import Office

BARE_QUEUE = "bench-bare"
BLOCKS = 8
HEADERS = (
    "工单编号",
    "来电时间",
    "来电人",
    "来电号码",
    "证件号码",
    "被反映单位",
    "涉及险种",
    "诉求内容",
    "涉及人数",
    "涉及金额",
    "所属乡镇",
)
STORIES = (
    ("养老", "在厂里干了{n}个月，一直没给我上养老保险，找过会计几回都说再等等。"),
    ("失业", "单位申报了失业保险，{n}号那一批一直没到账，影响我办手续。"),
    ("医疗", "医保断了几个月，住院报不了，单位说钱紧，工号{n}。"),
    ("养老", "工资条上是五千多，单位按最低基数给我缴养老，工号{n}，少缴了不少。"),
    ("养老", "想问一下灵活就业养老今年缴费档次，第{n}次打电话了。"),
)


@workflow.defn(name="Bare", sandboxed=False)  # the sandbox would load this module for each
class Bare:
    """Nothing at all."""

    @workflow.run
    async def run(self) -> None:
        """Done at once."""


def write_rows(path: Path, rows: int) -> None:
    """An export of so many tickets, each of another invented person."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("工单")
    sheet.append(HEADERS)
    now = datetime.now(SHANGHAI)
    for n in range(rows):
        called = now - timedelta(
            minutes=n % 60
        )  # of today: an old ticket is late at once, and reminds and cards
        kinds, story = STORIES[n % len(STORIES)]
        body = f"142234{1960 + n % 40}{1 + n % 12:02d}{1 + n % 28:02d}{n % 1000:03d}"
        name = "测试" + chr(0x4E00 + n % 5000) + chr(0x4E00 + n // 5000)
        sheet.append((
            f"BM12345-{called:%Y%m%d}{n:06d}", f"{called:%Y-%m-%d %H:%M}", name, f"199{n:08d}",
            body + ric.calc_check_digit(body + "0"), f"偏关县测试{n % 97}号加工厂", kinds, story.format(n=n), "1",
            str(1000 + n % 9000), "新关镇",
        ))  # fmt: skip
    book.save(path)


async def measure(rows: int, report: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Open an office, let a second process import, and return what it measured."""
    policy = load("pianguan")
    with tempfile.TemporaryDirectory(prefix="fengqiao-bench-") as folder:
        home = Path(folder)
        export = home / "rows.xlsx"
        write_rows(export, rows)
        async with Supervisor() as run:
            instance = await open_instance(run, home, report, policy, headless=True)
            client = await connect_client(instance.keys, instance.servers.temporal_address)
            await run.enter(Worker(client, task_queue=BARE_QUEUE, workflows=[Bare]))
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bench.import_rows", "--inside", str(home), "--rows", str(rows),
                stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
            said, _ = await child.communicate()
            if child.returncode:
                raise RuntimeError(f"the importing process ended with {child.returncode}")
            return json.loads(said)
    raise AssertionError("unreachable")


async def _inside(home: Path, rows: int) -> dict[str, Any]:
    """What the second process does: blocks of bare starts and of imported rows in turn."""
    note = json.loads((home / INSTANCE_FILE).read_text(encoding="utf-8"))
    keys = store.load(Path(note["keys"]))
    ledger = Ledger.connect(note["database"], keys)
    client = await connect_client(keys, note["temporal"])
    office = Office(client, ledger)
    rules = load_rules()
    export = open_export(home / "rows.xlsx", rules)
    found = survey(export, rules, datetime(2027, 12, 31, tzinfo=SHANGHAI))
    maker = IntakeMaker(rules, load("pianguan"), found.exported)
    judge = Judge(rules, found.exported)
    judged = (judge.judge(row) for sheet in export.sheets for row in sheet.rows())

    bare: list[float] = []
    imported: list[float] = []
    filed = 0
    memory: dict[str, float] = {"before": _resident_mb()}
    await _bare(client, 20)  # the worker's first workflows pay for its sandbox
    sizes = [rows // BLOCKS + (n < rows % BLOCKS) for n in range(BLOCKS)]
    for number, size in enumerate(sizes):
        block = islice(judged, size)
        works: list[tuple[list[float], Callable[[], Awaitable[int]]]] = [
            (bare, lambda size=size: _bare(client, size)),
            (imported, lambda block=block: _import(block, office, ledger, maker)),
        ]
        for taken, work in works if number % 2 else reversed(works):
            began = time.perf_counter()
            done = await work()
            taken.append(time.perf_counter() - began)
            filed += done if taken is imported else 0
        for share, name in ((BLOCKS // 4, "1/4"), (BLOCKS // 2, "1/2"), (BLOCKS, "1/1")):
            if number + 1 == share:
                memory[name] = _peak_mb()
    assert filed == rows, f"{filed} of {rows} rows were registered"
    return _told(rows, bare, imported, memory, sizes)


def _told(
    rows: int, bare: list[float], imported: list[float], memory: dict[str, float], sizes: Iterable[int]
) -> dict[str, Any]:
    bare_rate, rate = rows / sum(bare), rows / sum(imported)
    by_block = [round(b / i, 2) for b, i in zip(bare, imported, strict=True)]
    return {
        "rows": rows,
        "at_once": AT_ONCE,
        "bare_starts_per_second": round(bare_rate, 1),
        "import_rows_per_second": round(rate, 1),
        "ratio": round(rate / bare_rate, 3),
        "ratio_by_block": by_block,
        "block_rows": list(sizes),
        "import_peak_rss_mb": memory,
    }


async def _bare(client: Client, count: int) -> int:
    """Start so many workflows that do nothing, as many at once as the import has rows under way."""
    ids: Iterator[str] = (f"bare/{uuid.uuid4()}" for _ in range(count))

    async def one_after_another() -> None:
        for id in ids:
            await client.start_workflow("Bare", id=id, task_queue=BARE_QUEUE)

    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
    return count


async def _import(block: Iterable[Judged], office: Office, ledger: Ledger, maker: IntakeMaker) -> int:
    """Register a block of rows; how many were new."""
    return sum([f.filing == Filing.NEW async for f in file_rows(block, office, ledger, maker)])


def _resident_mb() -> float:
    return _status_mb("VmRSS")


def _peak_mb() -> float:
    return _status_mb("VmHWM")


def _status_mb(field: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return round(int(line.split()[1]) / 1024, 1)
    raise LookupError(field)


def main() -> None:
    """Print the figures as JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=10_000)
    options.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    said = options.parse_args()
    if said.inside:
        told = asyncio.run(_inside(said.inside, said.rows))
    else:
        told = asyncio.run(measure(said.rows, lambda line: print(line, file=sys.stderr)))
    print(json.dumps(told, ensure_ascii=False, indent=2))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # the SDK may abort at interpreter exit (sdk-python#300)


if __name__ == "__main__":
    main()
