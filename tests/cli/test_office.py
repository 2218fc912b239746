"""An office brought up by ``fengqiao up`` and worked from the command line alone, as its users would."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml
from typer.testing import CliRunner

from cli.app import app
from domain.words import SHANGHAI

FENGQIAO = Path(sys.executable).parent / "fengqiao"
START_SECONDS = 240
"""The first start of all may build the Temporal server; a later one takes seconds."""

TICKET: dict[str, Any] = {
    "channel": "12345热线",
    "received_by": "县综治中心",
    "source_no": "CLI-0001",
    "received_at": datetime.now(SHANGHAI).isoformat(),
    "applicant": {"name": "测试乙", "phone": "19900000002"},
    "respondents": [{"name": "偏关县测试铁器厂"}],
    "narrative": "三个月失业保险费已申报未缴。",
    "claims": [{"no": 1, "insurance": "失业", "regime": "职工", "type": "已申报未按时缴纳", "amount": "900"}],
    "indicators": {"labour_relation": "明确", "strong_proof": True, "respondent_cooperative": True},
}


class Up:
    """A running ``fengqiao up`` and the commands sent to it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.env = {**os.environ, "FENGQIAO_HOME": str(home)}
        self.printed = home / "up.txt"
        """What the running ``up`` has printed."""
        self.process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self.printed.open("wb") as printed:
            process = subprocess.Popen(
                [FENGQIAO, "up"],
                env=self.env,
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not (self.home / "instance.json").exists():
            assert process.poll() is None, "fengqiao up ended early"
            assert time.monotonic() < deadline, "fengqiao up did not become ready"
            time.sleep(0.1)
        return process

    def wait_printed(self, text: str) -> str:
        """All that ``up`` has printed, once ``text`` is among it."""
        deadline = time.monotonic() + START_SECONDS
        while text not in (said := self.printed.read_text(encoding="utf-8")):
            assert time.monotonic() < deadline, said
            time.sleep(0.1)
        return said

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def restart(self) -> None:
        self.stop()
        self.process = self._start()

    def run(self, *words: str | Path, code: int = 0) -> Any:
        done = subprocess.run(
            [FENGQIAO, *words, "--json"], env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        return json.loads(done.stdout)

    def text(self, *words: str | Path) -> str:
        done = subprocess.run([FENGQIAO, *words], env=self.env, capture_output=True, text=True, check=True)
        return done.stdout

    def file(self, name: str, content: Any) -> Path:
        path = self.home / name
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return path


@pytest.fixture(scope="module")
def up(temporal_program: Path) -> Iterator[Up]:
    """``temporal_program``: a fresh machine builds it once, which takes longer than an office may take to start."""
    with tempfile.TemporaryDirectory(prefix="fengqiao-cli-") as folder:
        office = Up(Path(folder))
        try:
            yield office
        finally:
            office.stop()


def test_an_empty_office_says_what_can_be_done_there_and_in_which_folder(up: Up) -> None:
    said = up.wait_printed("inbox --unit 县综治中心")
    for command in ("register samples/登记示例.yaml", "import ", "inbox "):
        assert f"FENGQIAO_HOME={up.home} .venv/bin/fengqiao {command}" in said
    assert "fengqiao show" not in said
    assert up.run("list") == {"matters": [], "more": False}


def test_a_dispute_is_worked_through_from_the_command_line(up: Up) -> None:
    receipt = up.run("register", up.file("ticket.yaml", TICKET))
    case = receipt["case_no"]
    again = up.run("register", up.file("ticket.yaml", TICKET))
    assert (receipt["known_before"], again["known_before"], again["case_no"]) == (False, True, case)
    assert f"此前已登记为 {case}" in up.text("register", up.file("ticket.yaml", TICKET))

    inbox = up.run("inbox", "--unit", "县综治中心")
    triage = next(r for r in inbox if r["case_no"] == case)
    answer = up.file("triage.yaml", {"level": "低", "path": "直办", "lead": "县税务局"})
    center = ("--as", "县综治中心/初审员")
    up.run("complete", f"{case}/{triage['task_id']}", *center, "--file", answer)
    task = f"{case}/{up.run('inbox', '--unit', '县税务局')[0]['task_id']}"
    up.run("sign", task, "--as", "县税务局/经办甲")
    assert up.run("sign", task, "--as", "县税务局/经办乙", code=1)["code"] == "already_signed"
    up.run("extend", task, "--as", "县税务局/经办甲", "--days", "5工作日", "--reason", "需向开户行核对")
    up.run("act", case, "approve_extension", *center)
    opinion = up.file("opinion.yaml", {"conclusion": "支持", "act": "责令限期缴纳", "principal": "900"})
    up.run("complete", task, "--as", "县税务局/经办甲", "--file", opinion)

    shown = up.run("show", case)
    assert shown["stage"] == "处置意见"
    assert shown["applicant"] == "测**"
    assert any("延期" in line for clock in up.run("why", case) for line in clock["receipt"])

    assert "测试乙" not in up.text("show", case)


def test_wrong_input_names_the_field_and_loses_nothing(up: Up) -> None:
    before = up.run("inbox", "--unit", "县综治中心")
    wrong = {**TICKET, "source_no": "CLI-0002", "channel": "飞鸽传书", "received_at": "昨天"}
    said = up.run("register", up.file("wrong.yaml", wrong), code=2)
    assert {f["field"] for f in said["fields"]} == {"channel", "received_at"}
    assert up.run("inbox", "--unit", "县综治中心") == before
    assert up.run("show", "没有这件", code=5)["ok"] is False
    assert up.run("sign", "没有案号", "--as", "县税务局/甲", code=2)["ok"] is False


def test_every_form_can_be_had(up: Up) -> None:
    kinds = up.run("template", "--list")
    assert len(kinds) > 40
    for kind in kinds:  # in this process: the command itself starts anew each time, for seconds
        shown = CliRunner().invoke(app, ["template", kind, "--json"])
        assert shown.exit_code == 0, kind
        assert yaml.safe_load(json.loads(shown.stdout)["template"])["kind"] == kind


def test_the_books_are_kept(up: Up) -> None:
    assert up.run("ledger", "verify")["broken"] == []
    assert up.run("ledger", "rebuild")["disputes"] >= 1
    assert up.run("ledger", "verify")["broken"] == []
    assert up.run("ledger", "export", up.home / "台账.xlsx")["rows"] >= 1


def test_a_server_that_is_killed_is_started_again_and_the_office_goes_on(up: Up) -> None:
    before = len(up.run("show", "CLI-0001")["events"])
    for name in ("PostgreSQL", "Temporal"):
        pid = json.loads((up.home / "run" / f"{name}.json").read_text(encoding="utf-8"))["pid"]
        os.kill(pid, signal.SIGKILL)
        up.wait_printed(f"{name} 已重启，恢复服务")
        up.run("act", "CLI-0001", "supplement_material", "--as", "申请人/测试乙")
    assert len(up.run("show", "CLI-0001")["events"]) > before
    assert up.run("ledger", "verify")["broken"] == []
    assert up.process.poll() is None


def test_data_survive_a_restart_and_ctrl_c_stops_all_that_was_started(up: Up) -> None:
    before = up.run("show", "CLI-0001")
    children = up.children()
    assert len(children) >= 2
    assert up.stop() == 0
    _, alive = psutil.wait_procs(children, timeout=20)
    assert alive == []
    up.restart()
    up.wait_printed(f"fengqiao show {before['case_no']}")
    after = up.run("show", "CLI-0001")
    assert after["events"] == before["events"]
    up.run("act", "CLI-0001", "supplement_material", "--as", "申请人/测试乙")
