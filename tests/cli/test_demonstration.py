"""``fengqiao demo --stay``: the county it opens on, and signing in there, as whoever tries the software would."""

import json
import re
import stat
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from domain.clocks import AlarmKind, Deadline
from domain.dispute import Dispute
from domain.words import SHANGHAI, Stage
from hosting import note
from ledger.connection import reading
from ledger.read_tables import disputes
from ledger.store import Ledger
from policies import load
from privacy import store
from tests.importing.exports import ticket, write_xlsx
from tests.support.up import FENGQIAO, Up

POLICY = load("pianguan")
PASSING = {Stage.ACCEPTED, Stage.TRIAGED, Stage.TRANSFERRED, Stage.MERGED, Stage.INFORMED}
"""No matter rests there: what follows begins in the same moment, or it is archived with it."""
ELSEWHERE = {Stage.SPECIAL_CASE, Stage.REPORTED_UP}
"""On the routes of other counties alone."""
LINES = re.compile(r"│ (\S+) +│ (\S+) +│ (\S+) +│ (\S+) +│ (\S+) +│")


@pytest.fixture(scope="module")
def demo(temporal_program: Path) -> Iterator[Up]:
    """A demonstration that stays up, once it has said all."""
    with tempfile.TemporaryDirectory(prefix="fengqiao-demo-") as folder:
        office = Up(Path(folder), "demo", "--stay", "--port", "0")
        try:
            office.wait_printed("ledger verify")
            yield office
        finally:
            office.stop()


@pytest.fixture(scope="module")
def matters(demo: Up) -> list[Dispute]:
    """Every matter of the county that is still open, and the samples'."""
    found = note.read(demo.home / "demo")
    assert found
    assert found.demo
    ledger = Ledger.connect(found.database, store.load(Path(found.keys)))
    with reading(ledger.engine) as connection:
        ids = connection.scalars(select(disputes.c.dispute_id)).all()
    states = [ledger.state(matter) for matter in ids]
    ledger.close()
    return states


def owed(matters: list[Dispute]) -> list[Deadline]:
    """The clocks by which somebody has to do something."""
    return [
        c for d in matters if not d.is_over for c in d.open_clocks() if c.task_id and c.kind == "internal"
    ]


def test_the_county_is_at_every_stage_and_some_of_it_is_due_today_or_overdue(matters: list[Dispute]) -> None:
    stages = Counter(Stage(d.stage) for d in matters if d.stage)
    assert set(Stage) - PASSING - ELSEWHERE - stages.keys() == set()
    now = datetime.now(SHANGHAI)
    today = POLICY.calendar.roll(now.date())
    assert sum(c.due_on == today for c in owed(matters)) >= 5
    assert sum(c.overdue_at(now) for c in owed(matters)) >= 3
    fired = {
        a.kind for d in matters if not d.is_over for c in d.open_clocks() for a in c.alarms if a.fired_at
    }
    assert {AlarmKind.REMINDER, AlarmKind.YELLOW, AlarmKind.RED, AlarmKind.SUPERVISE} <= fired


def test_no_clock_of_an_open_matter_stands_still(matters: list[Dispute]) -> None:
    """Neither of the county's stories nor of what the samples leave open, a lead for one: their alarms act as they fall due."""
    now = datetime.now(SHANGHAI)
    going_on = [d for d in matters if not d.is_over and d.last_moment <= now]
    assert any(d.kind == "线索" for d in going_on)
    for d in going_on:
        due = d.next_alarm_at()
        assert due is None or due > now - timedelta(minutes=5), d.case_no


def test_the_samples_ended_as_expected_and_the_county_stands_where_its_stories_say(demo: Up) -> None:
    said = demo.wait_printed("ledger verify")
    assert "16 件样例，16 件符合预期" in said
    assert "，实际 " not in said


def test_everybody_signs_in_at_the_printed_address(demo: Up) -> None:
    said = demo.wait_printed("ledger verify")
    address = re.search(r"办案平台  (http://\S+)", said)
    assert address
    people = [m.groups() for m in LINES.finditer(said[said.index("演示账号") :])]
    assert {"zhou", "qin", "liang", "duan", "guan", "shen"} <= {login for login, *_ in people}
    with httpx.Client(base_url=f"{address[1]}/api/v1", trust_env=False) as browser:
        for login, password, name, unit, word in people:
            done = browser.post("/session", json={"login": login, "password": password})
            assert (done.status_code, done.json()) == (201, {"must_change": False})
            me: dict[str, Any] = browser.get("/me").json()
            assert (me["name"], me["post"]["unit"], me["post"]["word"]) == (name, unit, word)


def test_its_matters_go_on_in_real_time(demo: Up, matters: list[Dispute]) -> None:
    unsigned = next(
        (d, t) for d in matters for t in d.open_tasks()
        if d.stage == Stage.DIRECT and t.unit == "县税务局" and any(c.name == "签收" for c in d.open_clocks())
    )  # fmt: skip
    matter, task = unsigned
    before = datetime.now(SHANGHAI)
    demo.run("sign", f"{matter.case_no}/{task.id}", "--as", "县税务局/梁志远")
    newest = demo.run("show", matter.case_no)["events"][-1]
    assert newest["account"] is None, "nobody signed in for it"
    assert datetime.fromisoformat(newest["at"]) >= before


def accounts(demo: Up) -> dict[str, str]:
    """The printed logins with their passwords."""
    said = demo.wait_printed("ledger verify")
    return {m[1]: m[2] for m in LINES.finditer(said[said.index("演示账号") :])}


def typed(demo: Up, *words: str, given: str = "", code: int = 0) -> Any:
    """A command with something typed into it."""
    done = subprocess.run(
        [FENGQIAO, *words, "--json"], env=demo.env, input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
    return json.loads(done.stdout)


def test_an_officer_signs_in_on_the_command_line_and_acts_in_his_own_name(
    demo: Up, matters: list[Dispute]
) -> None:
    address = re.search(r"办案平台  (http://\S+)", demo.wait_printed("ledger verify"))
    assert address
    password = accounts(demo)["liang"]
    wrong = typed(demo, "login", address[1], given="liang\nwrong\n\n", code=1)
    assert "不对" in wrong["error"]
    me = typed(demo, "login", address[1], "--login", "liang", given=f"{password}\n\n")
    assert (me["name"], me["post"]["unit"]) == ("梁志远", "县税务局")
    kept = demo.home / "fengqiao" / "login.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert password not in kept.read_text(encoding="ascii")
    assert demo.run("whoami")["login"] == "liang"
    *_, (matter, task) = (
        (d, t) for d in matters for t in d.open_tasks()
        if d.stage == Stage.DIRECT and t.unit == "县税务局" and t.signed_at is None
        and any(c.name == "签收" for c in d.open_clocks())
    )  # fmt: skip
    place = f"{matter.case_no}/{task.id}"
    refused = demo.run("complete", place, "--action", "archive_case", code=1)
    assert "现在可以办理：" in refused["error"]
    for _ in range(2):
        assert demo.run("sign", place, "--id", "cli-signed-1")["case_no"] == matter.case_no
    acted = [e for e in demo.run("show", matter.case_no)["events"] if e["type"] == "acted"]
    assert [(e["officer"], bool(e["account"])) for e in acted][-1] == ("梁志远", True)
    faulty = demo.run("complete", place, "--set", "没有的项=1", code=2)
    assert "没有的项" in faulty["error"]
    assert demo.run("logout") == {"ok": True}
    assert not kept.exists()
    assert "尚未登录" in demo.run("sign", place, code=1)["error"]


TICKET = {
    "channel": "来访",
    "received_by": "县综治中心",
    "source_no": "CLI-0101",
    "applicant": {"name": "测试乙", "phone": "19900000002"},
    "respondents": [{"name": "偏关县测试铁器厂"}],
    "narrative": "三个月失业保险费已申报未缴。",
}


def test_whoever_is_signed_in_registers_and_imports_in_his_own_name(demo: Up, tmp_path: Path) -> None:
    address = re.search(r"办案平台  (http://\S+)", demo.wait_printed("ledger verify"))
    assert address
    known, file = accounts(demo), demo.file("visit.yaml", TICKET)
    export = write_xlsx(tmp_path / "热线导出.xlsx", [ticket()])
    assert "尚未登录" in demo.run("import", export, code=1)["error"]
    typed(demo, "login", address[1], "--login", "liang", given=f"{known['liang']}\n\n")
    assert demo.run("register", file, code=2)["field"] == "received_by"
    assert "导入由综治中心经办人办理" in demo.run("import", export, code=1)["error"]
    me = typed(demo, "login", address[1], "--login", "zhou", given=f"{known['zhou']}\n\n")
    made = demo.run("register", file)
    assert (made["known_before"], bool(made["query_code"])) == (False, True)
    assert "此前已登记为" in demo.text("register", file)
    (row,) = demo.run("import", export)["rows"]
    for case in (made["case_no"], row["case_no"]):
        first = demo.run("show", case)["events"][0]
        assert (first["type"], first["unit"], first["officer"]) == ("registered", "县综治中心", me["name"])
        assert first["account"]["person"]
    demo.run("logout")


def test_what_was_played_was_registered_by_somebody_of_the_receiving_unit(
    matters: list[Dispute], demo: Up
) -> None:
    own = [d for d in matters if not d.facts.linked_to][:5]
    for d in own:
        first = demo.run("show", d.case_no)["events"][0]
        assert (first["unit"], first["officer"] != "系统") == (d.facts.received_by, True)
