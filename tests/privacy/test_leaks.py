"""Identities are planted in every input of a site as production runs it; then everything it left behind is searched."""

import asyncio
import io
import json
import logging
import re
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from stdnum.cn import ric
from temporalio.client import Client

from activities.names import workflow_id
from domain.actions import TICK
from domain.intake import Intake
from hosting import logs
from ledger import draft_files, materials
from ledger.store import Ledger
from scripts.addresses import free_address
from starter.office import Declined, Office
from tests.integration.conftest import MORNING, act
from tests.ledger.test_materials import a_file
from tests.production.conftest import ROOT, Site, site, until_ready
from tests.support.keys import KEYS
from worker import running_workers

__all__ = ["site"]

FENGQIAO = (sys.executable, "-c", "from cli import main; main()")
"""The command line of this very tree, wherever another may be installed."""

CONSULTED = {"level": "中", "path": "会商", "lead": "县税务局", "co": ["县人社局"]}
"""How the group's matter is accepted."""


class Planted:
    """People who exist nowhere else: what is found of them has leaked."""

    def __init__(self) -> None:
        tag = uuid.uuid4().int
        self.names = [f"䶮{chr(0x4E00 + (tag >> shift) % 20_000)}{chr(0x9F00 - shift)}" for shift in range(8)]
        bodies = [f"14223419{70 + n}0101{(tag >> n) % 900 + 100}" for n in range(4)]
        self.numbers = [body + ric.calc_check_digit(f"{body}0") for body in bodies]
        self.phones = [f"199{(tag >> (3 * n)) % 90_000_000 + 10_000_000}" for n in range(4)]
        self.address = f"䶮家湾{tag % 10**9}号院"

    @property
    def everything(self) -> list[str]:
        return [*self.names, *self.numbers, *self.phones, self.address]

    def found_in(self, content: bytes) -> set[str]:
        """What of this stands in the bytes: as it is, escaped as JSON, in UTF-16, or as a dump writes bytes."""
        lowered = content.lower()
        return {
            known
            for known in self.everything
            for form in (
                known.encode(),
                json.dumps(known)[1:-1].encode(),
                known.encode("utf-16-le"),
                known.encode().hex().encode(),
            )
            if form.lower() in lowered
        }


@pytest.fixture
def planted() -> Planted:
    return Planted()


def a_group(p: Planted) -> Intake:
    """A registration with somebody in every field that can hold one."""
    person = {"id_number": p.numbers[0], "phone": p.phones[0]}
    return Intake.model_validate(
        {
            "channel": "来访",
            "received_by": "县综治中心",
            "source_no": f"L-{uuid.uuid4()}",
            "received_at": MORNING,
            "applicant": {
                "name": p.names[0],
                **person,
                "address": p.address,
                "is_group": True,
                "headcount": 5,
                "representatives": p.names[:2],
                "members": [{"line": 1, "name": p.names[0], **person}, {"line": 2, "name": p.names[1]}],
            },
            "respondents": [
                {"name": "偏关县测试木器厂", "contact": p.names[2], "contact_phone": p.phones[1], "note": p.names[3]}
            ],
            "narrative": f"{p.names[0]}（{p.numbers[0]}，{p.phones[0]}）说厂里没缴，住{p.address}",
            "claims": [
                {
                    "no": 1, "insurance": "失业", "regime": "职工", "type": "已申报未按时缴纳", "amount": "1200",
                    "detail": p.names[1], "note": p.phones[0],
                }
            ],
            "evidence": [{"kind": "工资条", "description": f"{p.names[0]}签字"}],
            "counter_claims": [{"by": p.names[2], "text": p.names[2]}],
            "proposal": f"疑似与{p.names[0]}同一事项",
            "remarks": {"来电人": p.names[0], "来电号码": p.phones[0]},
            "indicators": {
                "labour_relation": "明确", "strong_proof": True, "respondent_cooperative": True,
                "public_opinion": {"present": True, "facts": p.names[0]},
                "petition": {"in_person_headcount": 1, "facts": p.names[1]},
            },
        }
    )  # fmt: skip


def a_report(p: Planted) -> Intake:
    """A lead whose reporter must stay hidden."""
    return Intake.model_validate(
        {
            "kind": "线索",
            "channel": "12345热线",
            "received_by": "县综治中心",
            "source_no": f"J-{uuid.uuid4()}",
            "received_at": MORNING,
            "applicant": {"name": p.names[7], "id_number": p.numbers[3], "phone": p.phones[3]},
            "respondents": [{"name": "偏关县测试木器厂"}],
            "narrative": f"{p.names[7]}（{p.phones[3]}）举报厂里不给人上保险",
            "remarks": {"来电人": p.names[7]},
        }
    )


async def work(site: Site, p: Planted) -> list[str]:
    """Registrations, actions that are taken, declined, malformed and unknown: in every one somebody is planted."""
    office = site.office
    group = (await office.register(a_group(p))).dispute_id
    lead = (await office.register(a_report(p), to=["县人社局"])).dispute_id
    await office.act(group, act("县综治中心", "初审员", "accept_case", **CONSULTED))
    await office.act(group, act("县税务局", "甲", "sign_for"))
    paper = {"name": f"{p.names[1]}的身份证{p.numbers[0]}"}
    await office.act(group, act("申请人", p.names[0], "receive_material", materials=[paper]))
    more: dict[str, Any] = {"span": "3工作日", "explanation": f"等{p.names[0]}补材料，电话{p.phones[0]}"}
    clock = next(c.id for c in site.ledger.state(group).open_clocks() if c.owner == "县税务局")
    await office.act(group, act("县税务局", "甲", "request_extension", clock=clock, **more))
    raised = act(
        "县综治中心", "初审员", "change_level", to="高", reason=f"{p.names[0]}情绪激动，电话{p.phones[0]}"
    )
    await office.act(group, raised)
    new = {"name": p.names[4], "id_number": p.numbers[1], "phone": p.phones[1], "address": p.address}
    again: dict[str, Any] = {"whose": "申请人", "reason": "核对证件发现有误", **new}
    await office.act(group, act("县综治中心", "初审员", "correct_party", **again))
    hand_in(site, p, group, lead)
    with pytest.raises(Declined):
        await office.act(group, act("被反映单位", p.names[2], "send_back", explanation=p.names[2]))
    with pytest.raises(Declined):
        await office.act(group, act(p.names[3], p.names[3], "sign_for"))
    with pytest.raises(Declined):
        await office.act(group, act("县税务局", "甲", "receive_material", task=p.names[3]))
    handle = site.client.get_workflow_handle(workflow_id(group))
    kept = len([e for e in site.ledger.events(group) if e.fact.type == "declined"])
    for odd in (
        {
            "id": "x-1",
            "unit": p.names[4],
            "officer": p.names[4],
            "body": {"kind": p.names[4], p.names[4]: p.phones[2]},
        },
        {"id": p.phones[2], "unit": "县税务局", "officer": p.names[5], "body": {"kind": "sign_for"}},
        [p.names[5], p.numbers[1]],
    ):
        await handle.signal("sign_for", odd)
    await handle.signal("advice", {"from": p.names[5], "phone": p.phones[2]})
    async with asyncio.timeout(60):
        while len([e for e in site.ledger.events(group) if e.fact.type == "declined"]) < kept + 4:
            await asyncio.sleep(0.1)
    return [group, lead]


def hand_in(site: Site, p: Planted, *matters: str) -> None:
    """Files with people in their names, in what is said of them and in what they hold; one more lies with a draft."""
    ledger, policy = site.ledger, logs_policy(site)
    written = "\n".join(p.everything).encode()
    said = {"name": f"{p.names[0]}的{p.numbers[0]}.txt", "about": f"{p.names[1]} {p.phones[0]}"}
    for matter in matters:
        file = a_file(written, kind="txt", **said)
        materials.keep(ledger, matter, file, [written], policy, materials.From("县综治中心", "初审员"))
    draft_files.attach(ledger, "somebody", "/register", a_file(written, kind="txt", **said), [written])


class Broken(Ledger):
    """The real ledger with a bug that quotes people."""

    said = ""

    def commit(
        self, dispute_id: str, action_id: str, known_version: int, decide: Any, first: Any = None
    ) -> Any:
        if self.said and not action_id.startswith(TICK):
            raise ValueError(f"{self.said} in a message")
        return super().commit(dispute_id, action_id, known_version, decide, first)


async def meet_bugs(site: Site, p: Planted) -> str:
    """An action and a registration meet a bug whose message quotes somebody; the first is told, the second waits. The
    first one's matter."""
    ledger = Broken(site.ledger.engine, KEYS)
    queue = f"test-{uuid.uuid4()}"
    office = Office(site.client, ledger, task_queue=queue)
    async with running_workers(site.client, ledger, logs_policy(site), task_queue=queue):
        matter = (await office.register(a_group(p))).dispute_id
        ledger.said = f"{p.names[6]} {p.numbers[2]} {p.phones[2]}"
        with pytest.raises(Declined) as told:
            await office.act(matter, act("县综治中心", "初审员", "accept_case", **CONSULTED))
        assert told.value.code == "internal"
        assert not p.found_in(str(told.value).encode())
        waiting = asyncio.create_task(office.register(a_group(p)))
        async with asyncio.timeout(60):
            while not [
                w
                async for w in site.client.list_workflows(f"TaskQueue = '{queue}'")
                if await _retries(site, w.id)
            ]:
                await asyncio.sleep(0.1)
        ledger.said = ""
        await waiting
        return matter


def logs_policy(site: Site) -> Any:
    from policies import load

    return load("pianguan")


async def _retries(site: Site, workflow: str) -> bool:
    described = await site.client.get_workflow_handle(workflow).describe()
    return any(a.HasField("last_failure") for a in described.raw_description.pending_activities)


@contextmanager
def heard() -> Iterator[io.StringIO]:
    """What this process logs, at its most talkative."""
    root = logging.getLogger()
    before = root.handlers, root.level
    said = io.StringIO()
    logs.configure(to=said, level=logging.DEBUG)
    try:
        yield said
    finally:
        root.handlers, root.level = before


@asynccontextmanager
async def served(site: Site, said: Path) -> AsyncIterator[str]:
    """The worker's process with its output in ``said``; yields where its metrics are."""
    metrics, healthy = free_address(), free_address()
    env = {**site.env, "FENGQIAO_METRICS_ADDRESS": metrics, "FENGQIAO_HEALTH_ADDRESS": healthy}
    with said.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "worker", cwd=ROOT, env=env, stdout=out, stderr=out
        )
        try:
            await until_ready(healthy, process)
            yield metrics
        finally:
            process.terminate()
            await process.wait()


async def stored_by_temporal(address: str, namespace: str) -> AsyncIterator[bytes]:
    """Every history and description as the server has them, no codec in between."""
    plain = await Client.connect(address, namespace=namespace)
    async for listed in plain.list_workflows():
        handle = plain.get_workflow_handle(listed.id, run_id=listed.run_id)
        yield listed.raw_info.SerializeToString()
        yield (await handle.describe()).raw_description.SerializeToString()
        async for event in handle.fetch_history_events():
            yield event.SerializeToString()


def written_since(began: float, folder: Path) -> Iterable[Path]:
    """What is planted is new each time, so it can stand in no file that was written before."""
    return (path for path in folder.rglob("*") if path.is_file() and path.stat().st_mtime >= began)


async def shown(site: Site, matters: list[str], folder: Path, p: Planted) -> bytes:
    """What the command line shows and writes of these matters."""
    said = b""
    sheet = folder / "台账.xlsx"
    group = matters[0]
    for words in (
        *(("show", m, "--all", "--json") for m in matters),
        *(("show", m, "--all") for m in matters),
        ("why", group),
        ("inbox", "--unit", "县税务局", "--json"),
        ("search", "--name", p.names[1], "--json"),
        ("ledger", "export", str(sheet)),
        ("ledger", "verify"),
        ("doctor",),
        ("keys", "list"),
        ("reveal", group, "--as", "县医保局/丙", "--reason", "想看一看这个人"),
    ):
        process = await asyncio.create_subprocess_exec(
            *FENGQIAO, *words, cwd=ROOT, env={**site.env, "COLUMNS": "400", "FENGQIAO_UNSIGNED": "mark"},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        out, _ = await process.communicate()
        assert out, words
        assert b"Traceback" not in out, out.decode()
        said += out
    book = load_workbook(sheet)
    cells = [str(cell.value) for tab in book for row in tab.iter_rows() for cell in row if cell.value]
    assert any("偏社争" in cell for cell in cells)
    return said + "\n".join(cells).encode()


async def test_nobody_is_named_in_anything_that_stays_behind(
    site: Site, planted: Planted, servers_home: Path, temporal_address: str, tmp_path: Path
) -> None:
    began = time.time() - 1
    with heard() as said:
        async with served(site, tmp_path / "worker.log") as metrics:
            matters = await work(site, planted)
            figures = await asyncio.to_thread(lambda: urlopen(f"http://{metrics}/metrics").read())
        met = await meet_bugs(site, planted)

    log = (tmp_path / "worker.log").read_bytes()
    assert b"worker_started" in log
    assert workflow_id(met) in said.getvalue(), "lines are correlated by workflow"
    assert b"fengqiao_commits" in figures
    assert "Broken" not in said.getvalue()
    assert "ValueError" in said.getvalue(), "the bug is in the log, by its kind"
    for name, content in (
        ("worker's log", log),
        ("office's log", said.getvalue().encode()),
        ("metrics", figures),
    ):
        assert not planted.found_in(content), name

    histories = b"".join([part async for part in stored_by_temporal(temporal_address, site.client.namespace)])
    assert b"binary/encrypted" in histories
    assert not planted.found_in(histories)

    with site.ledger.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        names = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        for table in names:
            rows = connection.scalars(text(f"SELECT t::text FROM {table} t")).all()
            assert not planted.found_in("\n".join(rows).encode()), table
    written = list(written_since(began, servers_home))
    assert {file.name for file in written} >= {"temporal.db"}
    assert any("pg_wal" in file.parts for file in written)
    for file in written:
        assert not planted.found_in(file.read_bytes()), file.name

    out = await shown(site, matters, tmp_path, planted)
    assert matters[0].encode() in out, "the search finds the matter by name"
    called_themselves = set(planted.names[4:6])  # as officers, whose names are shown
    assert planted.found_in(out) <= called_themselves


async def test_the_search_itself_can_find(planted: Planted) -> None:
    """A search that finds nothing anywhere would prove nothing."""
    name, number = planted.names[0], planted.numbers[0]
    for content in (
        name.encode(),
        json.dumps(name).encode(),
        name.encode("utf-16-le"),
        name.encode().hex().encode(),
    ):
        assert planted.found_in(b"..." + content + b"...") == {name}
    assert planted.found_in(f"证件{number}".encode()) == {number}
    assert len(set(planted.everything)) == len(planted.everything)
    assert all(re.fullmatch(r"\d{17}[\dX]", n) for n in planted.numbers)
