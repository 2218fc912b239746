"""全文查找: what was told is found by any part of it, and nobody by his name or number."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from domain.intake import Intake
from ledger import texts
from ledger.connection import reading
from ledger.read_tables import texts as table
from ledger.text_search import search
from ledger.verify import verify
from privacy.keys import Purpose
from tests.ledger.support import Books, an_intake
from tests.ledger.test_parties import PUT_RIGHT
from tests.ledger.test_privacy import rotated, with_keys
from tests.support.case import case, county

TOLD = "老板说工地散了就不缴，社保断了八个月；温玉强打过 19900001234。"


def told(narrative: str = TOLD, **intake: Any) -> Intake:
    return an_intake(narrative=narrative, **intake)


def found(books: Books, text: str) -> list[str]:
    words = texts.words_of(text)
    assert words, text
    return [row["dispute_id"] for row in search(books.ledger, words)]


@pytest.mark.parametrize(
    "text", ["社保断了", "断了八个月", "工地，八个月", "不缴 社保", "散了就不缴社保断了"]
)
def test_any_part_of_what_was_told_finds_it(books: Books, text: str) -> None:
    matter = books.register(told())
    books.register(an_intake("PG-2", narrative="门市部没有给办参保"))
    assert found(books, text) == [matter]


def test_all_of_the_words_are_looked_for_and_in_the_claims_and_proofs_too(books: Books) -> None:
    matter = books.register(told(evidence=[{"kind": "书证", "description": "塔吊班考勤本"}]))
    assert found(books, "考勤本 社保断了") == [matter]
    assert found(books, "考勤本 门市部") == []


@pytest.mark.parametrize("text", ["", "，", "社", "社保 断", "a"])
def test_a_word_too_short_to_be_looked_for_is_told(text: str) -> None:
    assert texts.words_of(text) is None


def test_nobody_is_found_by_name_or_number_even_by_whoever_guesses_its_hash(books: Books) -> None:
    books.register(told())
    for hidden in ("温玉强", "玉强", "19900001234", "0001234"):
        assert found(books, hidden) == [], hidden


def test_a_name_put_right_is_hidden_as_the_old_one_was(books: Books) -> None:
    matter = books.register(told("温玉强其实叫温玉刚，断保八个月"))
    assert found(books, "温玉刚") == [matter]
    books.act(matter, "correct_party", **PUT_RIGHT, name="温玉刚")
    assert found(books, "温玉刚") == []
    assert found(books, "断保") == [matter]
    assert verify(books.ledger) == []


def test_after_a_change_of_the_search_key_it_is_still_found(books: Books) -> None:
    matter = books.register(told())
    both = with_keys(books.ledger, search=rotated(Purpose.SEARCH, "new", "test"))
    assert [r["dispute_id"] for r in search(both, ["社保断了"])] == [matter]


def test_nothing_of_it_stands_in_the_clear_and_two_texts_alike_tell_so_alone(books: Books) -> None:
    books.register(told())
    books.register(told(source_no="PG-2"))
    with reading(books.ledger.engine) as connection:
        one, other = connection.scalars(select(table.c.pairs)).all()
    assert one == other == sorted(set(one))
    assert all(0 <= number < 1 << 24 for number in one)


PLAIN, RING = case(), rotated(Purpose.SEARCH, "test")


@given(st.text(alphabet="社保断缴八个月工地老板 ，。12ab*Ａ臺台", min_size=2, max_size=40), st.data())
@settings(max_examples=200, deadline=None)
def test_any_part_of_any_text_is_among_what_it_is_found_by(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    part = text[start : data.draw(st.integers(start + 2, len(text)))]
    words = texts.words_of(part)
    told = PLAIN.state.facts.model_copy(update={"narrative": text})
    d = PLAIN.state.model_copy(update={"intake": told})
    if words and "*" not in part:
        assert texts.says(d, str, words)
        assert set(texts.PAIRS.of(RING, words)) <= set(texts.pairs_of(RING, d, county()))
