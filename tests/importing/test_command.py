"""``fengqiao import`` as its users run it."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from typer.testing import CliRunner, Result

from cli.app import app
from domain.policy import Policy
from domain.words import SHANGHAI
from hosting.connect import NAMESPACE
from importing.rejected import rejected_path
from ledger.key_checks import check_keys
from ledger.store import Ledger
from tests.support.keys import ENVIRONMENT, KEYS
from worker import running_workers

from .exports import ticket, write_csv, write_xlsx

FENGQIAO = Path(sys.executable).parent / "fengqiao"


def check(file: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["import", str(file), "--check-only", *words])


def test_check_only_registers_nothing_and_needs_no_office(tmp_path: Path) -> None:
    rows = [
        ticket(),
        ticket(证件号码=""),
        ticket(来电时间=""),
        ticket(诉求内容="拖欠工资三个月。", 涉及险种="工资"),
    ]
    file = write_xlsx(tmp_path / "十月.xlsx", rows)
    done = check(file, "--json")
    assert done.exit_code == 0
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["counts"] == {
        "row_error": 1, "duplicate_of": 0, "out_of_scope": 1, "needs_supplement": 1, "accept": 1,
    }  # fmt: skip
    first, supplement, error, refused = found["rows"]
    assert first == {
        "row": 2,
        "ticket": rows[0]["工单编号"],
        "outcome": "accept",
        "dispute_types": ["应参未参"],
        "insurance_kinds": ["养老"],
        "regime": "职工",
        "lead": "县人社局",
        "co": ["县税务局"],
        "amount": 3000,
        "received_date": "2026-10-15",
        "received_time": "09:30",
        "headcount": 1,
        "phone": rows[0]["来电号码"],
        "id_number": rows[0]["证件号码"],
    }
    assert supplement["missing"] == ["证件号码"]
    assert (error["column"], error["reason"]) == ("来电时间", "来电时间为空")
    assert (refused["code"], refused["redirect"]) == ("N1", "劳动保障监察 / 劳动仲裁")
    assert [p.name for p in tmp_path.iterdir()] == ["十月.xlsx"]


def test_people_read_a_table_without_anybodys_identity(tmp_path: Path) -> None:
    row = ticket(证件号码="142234199001011111", 备注="[red]不是标记")
    done = check(write_csv(tmp_path / "a.csv", [row], encoding="gb18030"))
    assert done.exit_code == 0
    assert "需补正 1" in done.output
    assert "证件号码校验不符" in "".join(done.output.split())
    for secret in (row["来电人"], row["来电号码"], row["证件号码"]):
        assert secret not in done.output


def test_an_estimated_export_time_is_said_and_can_be_told(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "a.xlsx", [ticket(), ticket(来电时间="2026-10-20")])
    guessed, told = check(file, "--json"), check(file, "--json", "--exported-at", "2026-10-21")
    assert "按最新的工单编号所含日期推定为 2026-10-15 23:59" in guessed.stderr
    assert json.loads(guessed.stdout)["exported_at_from"] == "ticket"
    assert [row["outcome"] for row in json.loads(guessed.stdout)["rows"]] == ["accept", "row_error"]
    assert [row["outcome"] for row in json.loads(told.stdout)["rows"]] == ["accept", "accept"]
    assert json.loads(told.stdout)["exported_at_estimated"] is False


def test_a_serial_read_as_a_date_returns_no_row(tmp_path: Path) -> None:
    rows = [
        ticket(工单编号=f"RX2025{n:04d}", 来电时间=f"2025-{m}-03 10:00")
        for n, m in ((101, "01"), (102, "02"))
    ]
    found = json.loads(check(write_xlsx(tmp_path / "a.xlsx", rows), "--json").stdout)
    assert [row["outcome"] for row in found["rows"]] == ["accept", "accept"]
    assert (found["exported_at_estimated"], found["exported_at_from"]) == (True, "file")


def test_a_day_taken_from_the_ticket_is_said_in_table_and_json(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "a.xlsx", [ticket(来电时间="上周三")])
    [row] = json.loads(check(file, "--json").stdout)["rows"]
    assert (row["received_date"], row["notes"]) == (None, ["来电日期暂按工单编号推定为 2026-10-15"])
    assert "来电日期暂按工单编号推定为2026-10-15" in "".join(c for c in check(file).stdout if c not in " │\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--exported-at", "昨天"], "看不懂导出时间"), (["--policy", "没有这个县"], "读不出列名对照")],
)
def test_wrong_words_are_explained(tmp_path: Path, words: list[str], said: str) -> None:
    done = check(write_xlsx(tmp_path / "a.xlsx", [ticket()]), *words)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_file_without_a_header_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    done = check(tmp_path / "a.csv", "--json")
    assert done.exit_code == 2
    assert "工单编号" in json.loads(done.stdout)["error"]


class Site:
    """An office the command finds by its environment."""

    def __init__(self, address: str, database: str) -> None:
        self.env = {
            **os.environ,
            **ENVIRONMENT,
            "FENGQIAO_UNSIGNED": "mark",
            "FENGQIAO_DATABASE_URL": database,
            "TEMPORAL_ADDRESS": address,
            "TEMPORAL_NAMESPACE": NAMESPACE,
        }
        self.ledger = Ledger.connect(database, KEYS)

    async def start(self, file: Path, cwd: Path) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            FENGQIAO, "import", str(file), "--as", "县综治中心/登记员", "--json",
            env=self.env, cwd=cwd, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip

    async def run(self, file: Path, cwd: Path, code: int = 0) -> dict[str, Any]:
        process = await self.start(file, cwd)
        out, err = await process.communicate()
        assert process.returncode == code, err.decode()
        return json.loads(out)


@pytest.fixture
async def site(
    temporal_client: Client, temporal_address: str, postgres_url: str, policy: Policy
) -> AsyncIterator[Site]:
    ledger = Ledger.connect(postgres_url, KEYS)
    check_keys(ledger)
    async with running_workers(temporal_client, ledger, policy):
        yield Site(temporal_address, postgres_url)


def today(**changes: Any) -> dict[str, Any]:
    """A call of this minute; its ticket, whose day tells when the export was made, is of today too."""
    now = datetime.now(SHANGHAI)
    row = ticket(来电时间=f"{now:%Y-%m-%d %H:%M}")
    return {**row, "工单编号": row["工单编号"].replace("20261015", f"{now:%Y%m%d}"), **changes}


async def test_import_mend_import_again(site: Site, tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "今天.xlsx", [today(), today(证件号码=""), today(来电时间="9月31日")])
    found = await site.run(file, tmp_path)
    assert found["filed"] == {"新登记": 2, "退回": 1}
    assert found["rejected_file"] == str(rejected_path(file))
    again = await site.run(file, tmp_path)
    assert again["filed"] == {"此前已登记": 2, "退回": 1}
    assert [row["case_no"] for row in again["rows"]] == [row["case_no"] for row in found["rows"]]


async def test_interrupted_it_resumes(site: Site, tmp_path: Path) -> None:
    rows = [today() for _ in range(150)]
    file = write_xlsx(tmp_path / "a.xlsx", rows)
    process = await site.start(file, tmp_path)
    async with asyncio.timeout(120):
        while site.ledger.find(rows[4]["工单编号"]) is None:
            await asyncio.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = await process.communicate()
    assert process.returncode == 130, err.decode()
    done = json.loads(out)["done"]
    assert 5 <= done < 150
    rest = await site.run(file, tmp_path)
    assert rest["filed"] == {"此前已登记": done, "新登记": 150 - done}
    assert len({row["case_no"] for row in rest["rows"]}) == 150


async def test_an_office_that_cannot_be_reached(tmp_path: Path) -> None:
    nowhere = Site("127.0.0.1:1", "postgresql://nobody@127.0.0.1:1/none")
    file = write_xlsx(tmp_path / "a.xlsx", [today()])
    found = await nowhere.run(file, tmp_path, code=3)
    assert found["ok"] is False
