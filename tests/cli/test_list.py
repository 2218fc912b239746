"""``fengqiao list``: every matter can be found without its number, and nobody's identity is shown."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.app import app
from cli.output import Exit
from ledger.store import Ledger


def said(*words: str, code: int = Exit.OK) -> str:
    result = CliRunner().invoke(app, ["list", *words])
    assert result.exit_code == code, (result.output, result.exception)
    return result.output


def in_json(*words: str) -> dict[str, Any]:
    return json.loads(said("--json", *words))


def numbers(*words: str) -> list[str]:
    return [m["case_no"] for m in in_json(*words)["matters"]]


def test_the_newest_stands_first_and_nobody_is_named(kept: Ledger) -> None:
    matters = in_json()["matters"]
    assert [m["opened_at"] for m in matters] == sorted((m["opened_at"] for m in matters), reverse=True)
    assert len(matters) == 2
    text = said()
    for m in matters:
        state = kept.state(m["dispute_id"])
        assert m["case_no"] in text
        for name in state.facts.names():
            assert name not in text + said("--json")
    assert "还有更多" not in text


def test_each_option_narrows_the_list(kept: Ledger) -> None:
    newer, older = in_json()["matters"]
    assert numbers("--lead", older["lead"], "--level", older["level"]) == [older["case_no"]]
    assert numbers("--lead", "tax") == numbers("--lead", "县税务局")
    assert numbers("--from", "2026-03-01", "--until", "2026-04-01") == [older["case_no"]]
    assert numbers("--from", "2026-04-01") == [newer["case_no"]]
    assert numbers("--stage", "归档") == [m["case_no"] for m in (newer, older) if m["stage"] == "归档"]
    assert numbers("--kind", "线索") == [m["case_no"] for m in (newer, older) if m["kind"] == "线索"]
    assert numbers("--open") == [m["case_no"] for m in (newer, older) if not m["is_over"]]


def test_what_is_left_out_is_said(kept: Ledger) -> None:
    assert "只列出最新的 1 件" in said("--limit", "1")
    assert in_json("--limit", "1")["more"] is True
    assert in_json("--limit", "2")["more"] is False
    assert "没有符合条件的案件" in said("--from", "2030-01-01")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--lead", "县水务"], "没有名为“县水务”的单位"),
        (["--from", "昨天"], "看不懂时间“昨天”"),
        (["--limit", "0"], "--limit"),
        (["--from", "2026-04-01", "--until", "2026-04-01"], "须晚于"),
    ],
)
def test_what_cannot_be_meant_is_refused(kept: Ledger, words: list[str], reason: str) -> None:
    assert reason in said(*words, code=Exit.USAGE)
