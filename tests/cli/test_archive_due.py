"""``fengqiao archive due``: what may be destroyed by a day, and nobody named."""

import json

from typer.testing import CliRunner

from cli.app import app
from ledger.store import Ledger


def said(*words: str) -> str:
    result = CliRunner().invoke(app, ["archive", "due", *words])
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def test_a_file_is_due_from_the_day_its_term_ends(kept: Ledger) -> None:
    """Sample 01, 低, was archived on 2026-03-27 and is kept ten years; 08, 中, thirty."""
    assert json.loads(said("--json", "--on", "2036-03-26")) == []
    (due,) = json.loads(said("--json", "--on", "2036-03-27"))
    assert (due["archived_on"], due["due_on"], due["level"]) == ("2026-03-27", "2036-03-27", "低")
    assert due["case_no"] in said("--on", "2036-03-27")
    later = [(d["level"], d["due_on"]) for d in json.loads(said("--json", "--on", "2060-01-01"))]
    assert later == [("低", "2036-03-27"), ("中", "2056-09-22")]
    assert not any(name in said("--on", "2060-01-01") for name in kept.state(due["dispute_id"]).facts.names())
