"""calendar check: the table against the published one."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.app import app

ROOT = Path(__file__).parents[2]
SISTER = str(ROOT / "tests" / "policies" / "qingshui.yaml")


def test_the_table_agrees_with_what_is_published() -> None:
    shown = CliRunner().invoke(app, ["calendar", "check", "--json"])
    assert shown.exit_code == 0
    told = json.loads(shown.output)
    assert told["differences"] == []
    assert told["compared"][:3] == [2024, 2025, 2026]


def test_a_county_s_own_days_are_named_as_differences() -> None:
    shown = CliRunner().invoke(app, ["calendar", "check", SISTER, "--json"])
    assert shown.exit_code == 4
    assert [tuple(d.values()) for d in json.loads(shown.output)["differences"]] == [
        ("2026-11-02 周一", "放假", "上班"),
        ("2026-11-07 周六", "上班", "放假"),
    ]


def test_in_words() -> None:
    shown = CliRunner().invoke(app, ["calendar", "check"])
    assert "2024、2025、2026年与已公布的安排逐日一致" in shown.output.replace("\n", "")


def test_a_faulty_policy_is_refused_with_its_fault(tmp_path: Path) -> None:
    text = (ROOT / "policies" / "pianguan.yaml").read_text(encoding="utf-8")
    file = tmp_path / "x.yaml"
    file.write_text(text.replace("festival: 春节", "festival: 寒食"), encoding="utf-8")
    shown = CliRunner().invoke(app, ["calendar", "check", str(file)])
    assert shown.exit_code == 4
    assert "日历中没有节日“寒食”的日期" in shown.output


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("festival: 春节, days_before: 30", "festival: 春节", "只写一种"),
        (
            "festival: 春节, days_before: 30",
            "festival: 春节, days_before: 30, starts: 01-01, ends: 01-02",
            "只写一种",
        ),
    ],
)
def test_a_time_node_is_dated_in_one_way(tmp_path: Path, old: str, new: str, what: str) -> None:
    text = (ROOT / "policies" / "pianguan.yaml").read_text(encoding="utf-8")
    file = tmp_path / "x.yaml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    assert what in CliRunner().invoke(app, ["policy", "check", str(file)]).output
