"""Rows a second of ``fengqiao import`` against bare ``start_workflow`` calls, and the import's memory as it goes.

    python -m bench.import_rows --rows 10000

An office of its own is opened and thrown away. A second process does what ``fengqiao import`` does, in blocks; beside
each block it makes bare ``start_workflow`` calls, as many at once, on the same server and worker: *empty* starts
workflows that do nothing; *plain* starts the very workflows that the import starts, from registrations made before,
until the ledger has every one.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import psutil
from openpyxl import Workbook
from stdnum.cn import ric
from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import Worker

from activities.messages import DisputeStart
from activities.names import DISPUTE_WORKFLOW, TASK_QUEUE, dispute_id, workflow_id
from bench.place import cpu
from bench.report import median
from domain.intake import Intake
from domain.persons import SYSTEM
from domain.reporter import part
from domain.words import SHANGHAI
from hosting import note
from hosting.connect import connect_client
from hosting.embedded.supervisor import Supervisor
from hosting.instance import open_instance
from importing.exported import survey
from importing.intakes import IntakeMaker
from importing.judged import Judged
from importing.judging import Judge
from importing.rules import load_rules
from importing.sheets import open_export
from ledger.queries import case_numbers
from ledger.store import Ledger
from policies import load
from privacy import store
from starter.filing.batch import AT_ONCE, Filing, file_rows
from starter.filing.register import POLL_S
from starter.office import Office
from worker import running_workers

BARE_QUEUE = "bench-bare"
BLOCKS = 8
PLAIN_SHARE = 4
"""One plain start for so many imported rows."""
EMPTY, PLAIN, IMPORT = "empty_starts", "plain_starts", "import"
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


class Run(NamedTuple):
    """One block of one kind."""

    count: int
    seconds: float
    cpu: dict[str, float]

    @property
    def rate(self) -> float:
        """A second."""
        return self.count / self.seconds


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
        write_rows(export, rows + rows // PLAIN_SHARE + BLOCKS)
        async with Supervisor() as run:
            instance = await open_instance(run, home, report, policy, running_workers, headless=True)
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
    where = note.read(home)
    assert where
    keys = store.load(Path(where.keys))
    ledger = Ledger.connect(where.database, keys)
    client = await connect_client(keys, where.temporal)
    office = Office(client, ledger)
    rules = load_rules()
    export = open_export(home / "rows.xlsx", rules)
    found = survey(export, rules, datetime(2027, 12, 31, tzinfo=SHANGHAI))
    maker = IntakeMaker(rules, load("pianguan"), found.exported)
    judge = Judge(rules, found.exported)
    judged = (judge.judge(row) for sheet in export.sheets for row in sheet.rows())

    runs: dict[str, list[Run]] = {EMPTY: [], PLAIN: [], IMPORT: []}
    memory: dict[str, float] = {"before": _resident_mb()}
    await _empty(client, 20)
    for number in range(BLOCKS):
        size = rows // BLOCKS + (number < rows % BLOCKS)
        few = max(size // PLAIN_SHARE, 1)
        intakes = [maker.make(j) for j in islice(judged, few)]
        block = islice(judged, size)
        works: list[tuple[str, int, Callable[[], Awaitable[int]]]] = [
            (EMPTY, size, lambda size=size: _empty(client, size)),
            (IMPORT, size, lambda block=block: _import(block, office, ledger, maker)),
            (PLAIN, few, lambda intakes=intakes: _plain(client, ledger, intakes)),
        ]
        for kind, count, work in works if number % 2 else reversed(works):
            runs[kind].append(await _run(count, work))
        for share, name in ((BLOCKS // 4, "1/4"), (BLOCKS // 2, "1/2"), (BLOCKS, "1/1")):
            if number + 1 == share:
                memory[name] = _peak_mb()
    return _told(runs, memory)


async def _run(count: int, work: Callable[[], Awaitable[int]]) -> Run:
    used, began = _cpu(), time.perf_counter()
    done = await work()
    assert done == count, f"{done} of {count} were registered"
    seconds = time.perf_counter() - began
    return Run(count, seconds, {part: now - used.get(part, 0) for part, now in _cpu().items()})


def _cpu() -> dict[str, float]:
    """CPU seconds of the office with its worker, of its servers, and of this process."""
    office = psutil.Process(os.getppid())
    used = {"office": sum(office.cpu_times()[:2])}
    for child in office.children():
        name = "importing" if child.pid == os.getpid() else child.name()
        used[name] = used.get(name, 0) + cpu(child.pid)
    return used


def _told(runs: dict[str, list[Run]], memory: dict[str, float]) -> dict[str, Any]:
    told: dict[str, Any] = {"rows": sum(run.count for run in runs[IMPORT]), "at_once": AT_ONCE}
    for kind, blocks in runs.items():
        count = sum(run.count for run in blocks)
        told[f"{kind}_per_second"] = round(count / sum(run.seconds for run in blocks), 1)
        told[f"{kind}_cpu_ms_each"] = {
            part: round(1000 * sum(run.cpu[part] for run in blocks) / count, 1) for part in blocks[0].cpu
        }
    for kind in (EMPTY, PLAIN):
        by_block = [a.rate / b.rate for a, b in zip(runs[IMPORT], runs[kind], strict=True)]
        told[f"import_to_{kind}"] = round(median(by_block), 3)
        told[f"import_to_{kind}_by_block"] = [round(ratio, 2) for ratio in by_block]
    return told | {"import_peak_rss_mb": memory}


async def _at_once(works: Iterable[Callable[[], Awaitable[object]]]) -> None:
    """All of these, as many at a time as the import has rows under way."""
    todo = iter(works)

    async def one_after_another() -> None:
        for work in todo:
            await work()

    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))


async def _empty(client: Client, count: int) -> int:
    """Start so many workflows that do nothing."""

    def start() -> Awaitable[object]:
        return client.start_workflow("Bare", id=f"bare/{uuid.uuid4()}", task_queue=BARE_QUEUE)

    await _at_once(start for _ in range(count))
    return count


async def _plain(client: Client, ledger: Ledger, intakes: list[Intake]) -> int:
    """Start the matters' own workflows, and wait until the ledger has them."""
    starts = [
        DisputeStart(dispute_id=dispute_id(i.channel, i.source_no), intake=part(i).goes_on) for i in intakes
    ]

    def begin(start: DisputeStart) -> Awaitable[object]:
        name = workflow_id(start.dispute_id)
        return client.start_workflow(DISPUTE_WORKFLOW, start, id=name, task_queue=TASK_QUEUE)

    await _at_once(lambda start=start: begin(start) for start in starts)
    ids = [start.dispute_id for start in starts]
    while len(await asyncio.to_thread(case_numbers, ledger.engine, ids)) < len(ids):
        await asyncio.sleep(POLL_S)
    return len(ids)


async def _import(block: Iterable[Judged], office: Office, ledger: Ledger, maker: IntakeMaker) -> int:
    """Register a block of rows; how many were new."""
    return sum([f.filing == Filing.NEW async for f in file_rows(block, office, ledger, maker, SYSTEM)])


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
