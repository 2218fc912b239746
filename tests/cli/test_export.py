"""``fengqiao ledger export`` by kind, type, unit, level and period: what is asked for is what the file says."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from cli.app import app
from cli.output import Exit
from ledger.store import Ledger


def export(*words: str | Path, code: int = Exit.OK) -> dict[str, Any]:
    result = CliRunner().invoke(app, ["ledger", "export", *map(str, words), "--json"])
    assert result.exit_code == code, (result.output, result.exception)
    return json.loads(result.stdout)


def test_the_default_name_says_what_was_asked_for(
    kept: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = export("--kind", "争议", "--unit", "县税务局", "--level", "低", "--month", "2026-03")
    name = "台账_争议_单位县税务局_等级低_登记2026-03-01至2026-04-01前.xlsx"
    assert (said["file"], said["rows"]) == (name, 1)
    assert [p.name for p in tmp_path.iterdir()] == [name]
    asked = [row[:2] for row in openpyxl.load_workbook(name)["导出条件"].iter_rows(values_only=True)]
    assert asked[1] == ("范围", "争议、单位县税务局、等级低、登记2026-03-01至2026-04-01前")


def test_what_fits_nothing_is_an_empty_book(kept: Ledger, tmp_path: Path) -> None:
    assert export(tmp_path / "x.xlsx", "--type", "待遇享受", "--level", "高")["rows"] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--unit", "县税物局"], "县税务局"),
        (["--month", "2026-3"], "应写成"),
        (["--from", "2026-03-01"], "统计期"),
    ],
)
def test_a_filter_that_cannot_be_is_refused(
    kept: Ledger, tmp_path: Path, words: list[str], said: str
) -> None:
    assert said in str(export(tmp_path / "x.xlsx", *words, code=Exit.USAGE))
    assert list(tmp_path.iterdir()) == []
