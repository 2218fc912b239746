"""``fengqiao stats`` on a ledger of its own: tables for people, JSON for programs, — where there is nothing to divide by."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.app import app
from cli.output import Exit
from ledger.figures import DISTRIBUTIONS, FIGURES
from ledger.read_tables import measures
from ledger.store import Ledger

DOCS = Path(__file__).parents[2] / "docs" / "statistics.md"


def said(*words: str) -> str:
    result = CliRunner().invoke(app, ["stats", *words])
    assert result.exit_code == Exit.OK, result.output
    return result.stdout


def in_json(*words: str) -> dict[str, Any]:
    return json.loads(said("--json", *words))


def test_a_program_is_told_in_json(kept: Ledger) -> None:
    found = in_json("--month", "2026-03")
    assert (found["from"], found["until"]) == ("2026-03-01", "2026-04-01")
    figures = {f["name"]: f for f in found["figures"]}
    assert figures["受理量"]["value"] == 1
    assert figures["涉及金额"]["value"] == 2610.0
    assert [figures["按时办结率"][k] for k in ("value", "part", "whole")] == [1.0, 1, 1]
    assert figures["调解成功率"]["value"] is None
    assert all(f["definition"] for f in found["figures"])
    assert found["distributions"]["乡镇"] == {"天峰坪镇": 1}
    assert found["returns"][0] == {"unit": None, "dispatched": 1, "returned": 0, "rate": 0.0}
    assert found["turnarounds"][1] == {
        "unit": "县税务局", "role": "主办", "answers": 1, "mean": 3.0, "median": 3.0,
    }  # fmt: skip


def test_a_quarter_and_any_days_are_asked_for_alike(kept: Ledger) -> None:
    quarter = in_json("--quarter", "2026Q3")
    assert quarter == in_json("--from", "2026-07-01", "--until", "2026-10-01")
    assert {f["name"]: f["value"] for f in quarter["figures"]}["调解成功率"] == 1.0


def test_an_officer_reads_tables(kept: Ledger) -> None:
    text = said("--month", "2026-03")
    assert "2026-03-01 起，至 2026-04-01 前" in text
    assert "100.0%" in text
    assert "—" in text
    for name in [f.name for f in FIGURES] + [f"{name}分布" for name in DISTRIBUTIONS] + ["部门办理时限"]:
        assert name in text


def test_what_somebody_wrote_is_never_markup(kept: Ledger) -> None:
    with kept.engine.begin() as connection:
        connection.execute(measures.update().values(towns=["[/bold]新关镇[red]"]))
    kept.close()
    assert "[/bold]新关镇[red]" in said("--month", "2026-03")


@pytest.mark.parametrize(
    "words",
    [
        [], ["--month", "2026-3"], ["--quarter", "2026"], ["--from", "2026-01-01"], ["--until", "2026-01-01"],
        ["--month", "2026-03", "--quarter", "2026Q1"], ["--from", "2026-01-02", "--until", "2026-01-02"],
        ["--from", "昨天", "--until", "2026-01-02"], ["--month", "2026-03", "--until", "2026-04-01"],
    ],
)  # fmt: skip
def test_a_period_that_is_none_is_refused_in_chinese(words: list[str]) -> None:
    result = CliRunner().invoke(app, ["stats", *words])
    assert result.exit_code == Exit.USAGE
    assert any(word in result.stderr for word in ("应写成", "请给出统计期", "须晚于"))


def test_every_figure_is_explained_in_the_documentation() -> None:
    text = DOCS.read_text(encoding="utf-8")
    rows = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")]
    assert {*(f.name for f in FIGURES), *(f"{name}分布" for name in DISTRIBUTIONS), "部门办理时限"} <= set(
        rows
    )
