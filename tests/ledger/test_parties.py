"""Parties' data put right in the ledger: found by what is true now, compared anew, and the record whole."""

from typing import Any

import pytest

from domain.declined import Declined
from domain.intake import Intake
from ledger import people
from ledger.duplicates import same_ticket
from ledger.rebuild import rebuild
from ledger.verify import verify
from tests.ledger.support import Books, a_person, an_intake

NEW = "142234199102034526"
PUT_RIGHT: dict[str, Any] = {"whose": "申请人", "reason": "核对证件发现有误"}


def found(books: Books, **asked: Any) -> list[str]:
    return [row["dispute_id"] for row in people.search(books.ledger, **asked)]


def test_somebody_is_found_by_what_is_true_now_and_the_record_stays_whole(books: Books) -> None:
    matter = books.register(an_intake())
    events = books.ledger.events(matter)
    books.act(matter, "correct_party", **PUT_RIGHT, name="温玉刚", id_number=NEW, phone="19900007777")
    for asked in ({"name": "温玉刚"}, {"id_number": NEW}, {"phone": "19900007777"}):
        assert found(books, **asked) == [matter]
    for asked in ({"name": "温玉强"}, {"id_number": "142234197801018817"}, {"phone": "19900001234"}):
        assert found(books, **asked) == []
    assert books.ledger.events(matter)[: len(events)] == events
    assert verify(books.ledger) == []
    rebuild(books.ledger)
    assert found(books, id_number=NEW) == [matter]


def test_what_the_matter_looks_like_is_looked_for_again(books: Books) -> None:
    first = books.register(an_intake("PG-1"))
    other = an_intake("LX-1", channel="书信传真", applicant=a_person(id_number=NEW, phone=None))
    second = books.register(other)
    assert books.ledger.state(second).duplicates == []
    books.act(second, "correct_party", **PUT_RIGHT, id_number="142234197801018817")
    (hint,) = books.ledger.state(second).duplicates
    assert (hint.dispute_id, hint.basis[0]) == (first, "证件号一致")
    books.act(second, "correct_party", **PUT_RIGHT, id_number=NEW)
    assert books.ledger.state(second).duplicates == []


def test_a_ticket_sent_again_after_its_name_was_put_right_is_still_the_same(books: Books) -> None:
    given = an_intake()
    matter = books.register(given)
    books.act(matter, "correct_party", **PUT_RIGHT, name="温玉刚")
    known = books.ledger.state(matter)
    assert same_ticket(known, given)
    somebody_else = Intake.model_validate(
        given.model_dump(by_alias=True) | {"applicant": a_person(name="席远")}
    )
    assert not same_ticket(known, somebody_else)


def test_nothing_of_a_refused_correction_is_kept(books: Books) -> None:
    matter = books.register(an_intake())
    before = books.ledger.state(matter)
    with pytest.raises(Declined) as refused:
        books.act(matter, "correct_party", **PUT_RIGHT, id_number=NEW[:-1] + "7")
    assert (refused.value.field, NEW[:-1] in str(refused.value)) == ("id_number", False)
    assert books.ledger.state(matter) == before
