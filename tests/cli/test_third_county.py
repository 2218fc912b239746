"""A county with words of its own: lists, matters, forms, the book and the statistics say none of the default county's."""

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from cli.app import app
from cli.output import Exit
from ledger.key_checks import check_keys
from ledger.store import Ledger
from tests.domain.test_third_county import LARGE, SMALL, STUDIO, TAX, of_the_default_county, the_hard_one
from tests.ledger.lives import keep
from tests.support.county import YUNXI, Tale
from tests.support.keys import ENVIRONMENT, KEYS


@pytest.fixture
def yunxi(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """The ledger of three matters: one hard and open, one in the middle, one finished on the spot."""
    ledger = Ledger.connect(postgres_url, KEYS)
    check_keys(ledger)
    ledger.save_policy(YUNXI)
    middle = Tale(YUNXI, received_by=STUDIO, claims=LARGE, source_no="T-2")
    middle.do(STUDIO, "triage_confirm", level="繁", path="协作", lead=TAX)
    small = Tale(YUNXI, received_by=STUDIO, claims=SMALL, source_no="T-3")
    small.do(STUDIO, "triage_confirm", level="简", path="速办", lead=STUDIO)
    small.do(STUDIO, "notify_party", result="单位已补缴到账")
    for number, tale in enumerate((the_hard_one(), middle, small)):
        keep(ledger, tale.id, tale.life.events[tale.id], f"-{number}")
    ledger.close()
    for name, value in {**ENVIRONMENT, "FENGQIAO_DATABASE_URL": postgres_url, "COLUMNS": "200"}.items():
        monkeypatch.setenv(name, value)
    return ledger


def said(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == Exit.OK, (result.output, result.exception)
    return result.output


def test_nothing_on_the_command_line_is_in_the_default_county_s_words(yunxi: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "总簿.xlsx"
    rows: list[dict[str, Any]] = json.loads(said("list", "--json"))["matters"]
    assert {row["level"] for row in rows} == {"简", "繁", "难"}
    shown = [
        said("list"),
        said("review"),
        said("stats", "--month", "2026-10"),
        said("ledger", "export", str(file)),
    ]
    shown += [
        said("stats", "--json", "--month", "2026-10"),
        said("inbox", "--unit", TAX),
        said("inbox", "--unit", STUDIO),
    ]
    for row in rows:
        matter = row["case_no"]
        shown += [said("show", matter, "--all"), said("show", matter, "--json"), said("why", matter)]
        tasks = yunxi.state(row["dispute_id"]).open_tasks()
        shown += [said("template", f"{matter}/{task.id}") for task in tasks]
    shown += [str(cell.value) for sheet in load_workbook(file) for line in sheet.iter_rows() for cell in line]
    for text in shown:
        assert of_the_default_county(text) == [], text


def test_the_review_lists_what_is_open_of_its_tiers(yunxi: Ledger) -> None:
    (found,) = json.loads(said("review", "--on", "2026-12-01", "--json"))
    assert (found["name"], found["day"], found["unit"]) == ("月度碰头", "2026-12-07", "云溪督导组")
    assert {m["level"] for m in found["matters"]} == {"繁", "难"}
