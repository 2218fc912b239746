"""How well the rules place labelled rows, above all those they were not written by."""

import pytest

from importing.rules import Rules

from .labels import CODES, labelled
from .score import PAGE, Scores, judged, page, score, written

ENOUGH_ROWS = 400


@pytest.fixture(scope="module")
def scores(rules: Rules) -> dict[str, Scores]:
    return {part: score(judged(part, rules)) for part in ("used", "held")}


def test_there_are_rows_enough_and_none_twice() -> None:
    used, held = labelled("used"), labelled("held")
    told = [row.narrative for row in (*used, *held)]
    assert len(told) >= ENOUGH_ROWS
    assert len(held) >= len(used) // 6
    assert len(set(told)) == len(told)
    assert {row.code for row in held} == {None, *CODES}


def test_a_refusal_proposed_is_nearly_always_right(scores: dict[str, Scores]) -> None:
    """The worst mistake: rows the rules were not written by, all codes together."""
    held = scores["held"]["code", "all"]
    assert held.precision >= 0.98
    assert held.recall >= 0.85


def test_each_code_is_found(scores: dict[str, Scores]) -> None:
    for code in CODES:
        tally = scores["held"]["code", code]
        assert tally.precision >= 0.9, code
        assert tally.recall >= 0.7, code


@pytest.mark.parametrize(
    ("question", "precision", "recall"),
    [("type", 0.9, 0.85), ("kind", 0.95, 0.95), ("regime", 0.95, 0.95), ("duplicate", 1.0, 1.0)],
)
def test_what_is_ticked(scores: dict[str, Scores], question: str, precision: float, recall: float) -> None:
    for (asked, answer), tally in scores["held"].items():
        if asked == question:
            assert tally.precision >= precision, answer
            assert tally.recall >= recall, answer


def test_the_risk_signs(scores: dict[str, Scores]) -> None:
    """Guesses: together, for few rows have each."""
    tallies = [tally for (asked, _), tally in scores["held"].items() if asked in ("group", "sign")]
    right, wrong, missed = (sum(getattr(t, what) for t in tallies) for what in ("right", "wrong", "missed"))
    assert right / (right + wrong) >= 0.9
    assert right / (right + missed) >= 0.8


def test_the_rows_the_rules_were_written_by_are_placed(scores: dict[str, Scores]) -> None:
    assert scores["used"]["code", "all"].precision == 1
    assert all(tally.precision >= 0.95 and tally.recall >= 0.95 for tally in scores["used"].values())


def test_the_page_shows_the_score_of_today(rules: Rules) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert written(text, page(rules)) == text, "run python -m tests.importing.score"
