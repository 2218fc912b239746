"""What a mistaken command is told: in Chinese, what is wrong and what to do, with the exit code for it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ledger.store import Ledger
from starter.cli.app import app
from starter.cli.output import Exit


def run(*words: str | Path, code: int = Exit.USAGE) -> Result:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == code, (result.output, result.exception)
    return result


def test_an_export_into_no_folder_names_the_folder(kept: Ledger, tmp_path: Path) -> None:
    missing = tmp_path / "没有"
    said = run("ledger", "export", missing / "x.xlsx").stderr
    assert f"没有文件夹 {missing}" in said
    assert json.loads(run("ledger", "export", missing / "x.xlsx", "--json").stdout)["ok"] is False


def test_an_export_onto_a_folder_asks_for_a_file(kept: Ledger, tmp_path: Path) -> None:
    assert "是文件夹" in run("ledger", "export", tmp_path).stderr
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_cannot_be_written_says_so(kept: Ledger, tmp_path: Path) -> None:
    long = tmp_path / ("台账" * 100 + ".xlsx")  # longer than any file's name may be
    assert "未导出" in run("ledger", "export", long).stderr


def test_an_inbox_of_no_unit_is_refused_with_the_nearest_names(kept: Ledger) -> None:
    said = run("inbox", "--unit", "县水务").stderr
    assert "没有名为“县水务”的单位" in said
    assert "县税务局" in said
    assert json.loads(run("inbox", "--unit", "县水务", "--json").stdout)["ok"] is False


@pytest.mark.parametrize("unit", ["县税务局", "tax", "新关镇综治中心", "申请人"])
def test_an_inbox_of_a_unit_may_be_empty(kept: Ledger, unit: str) -> None:
    assert json.loads(run("inbox", "--unit", unit, "--json", code=Exit.OK).stdout) == []


def test_a_search_that_finds_nobody_says_so(kept: Ledger) -> None:
    assert "没有查到" in run("search", "--name", "无此人", code=Exit.OK).stdout
    assert json.loads(run("search", "--name", "无此人", "--json", code=Exit.OK).stdout) == []
