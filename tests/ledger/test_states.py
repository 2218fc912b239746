"""The whole state is kept now and then; whoever reads it gets the newest one all the same."""

import itertools
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, event, select, text

from domain.fold import replay
from ledger.read_tables import states
from ledger.rebuild import rebuild
from ledger.states import KEPT_EVERY
from ledger.store import Ledger, LedgerBroken
from ledger.verify import verify
from tests.ledger.support import Books, an_intake
from tests.support.keys import KEYS


def kept(engine: Engine, matter: str) -> int:
    """The version at which the state is kept."""
    with engine.connect() as connection:
        return connection.execute(select(states.c.version).where(states.c.dispute_id == matter)).scalar_one()


@pytest.fixture
def elsewhere(books: Books) -> Iterator[Books]:
    """Another process, which remembers nothing."""
    address = books.ledger.engine.url.render_as_string(hide_password=False)
    other = Books(Ledger.connect(address, KEYS), books.policy)
    yield other
    other.ledger.close()


def test_a_state_is_kept_at_registration_now_and_then_and_at_the_end(books: Books) -> None:
    matter = books.register(an_intake())
    seen = [kept(books.ledger.engine, matter)]
    assert seen == [books.ledger.state(matter).version]
    for number in range(2 * KEPT_EVERY):
        books.hand_in(matter, action_id=f"more-{number}")
        seen.append(kept(books.ledger.engine, matter))
    assert 3 <= len(set(seen)) <= 5
    assert max(later - earlier for earlier, later in itertools.pairwise(seen)) <= KEPT_EVERY + 5
    over = books.live_through(an_intake("A-2"))
    assert kept(books.ledger.engine, over) == books.ledger.state(over).version


def test_who_remembers_nothing_reads_the_newest_state_and_acts_on_it(books: Books, elsewhere: Books) -> None:
    matter = books.register(an_intake())
    books.hand_in(matter, action_id="one")
    whole = replay(matter, books.ledger.events(matter))
    assert kept(books.ledger.engine, matter) < whole.version
    assert elsewhere.ledger.state(matter) == whole
    elsewhere.hand_in(matter, "考勤", action_id="two")
    assert verify(books.ledger) == []
    assert books.ledger.state(matter) == replay(matter, books.ledger.events(matter))


def test_a_newer_state_kept_while_one_reads_leaves_no_gap(books: Books, elsewhere: Books) -> None:
    matter = books.register(an_intake())
    first = kept(books.ledger.engine, matter)
    waiting = [True]

    def meanwhile(*_: object) -> None:
        if waiting and waiting.pop():
            for number in range(KEPT_EVERY):
                books.hand_in(matter, action_id=f"more-{number}")

    event.listen(elsewhere.ledger.engine, "after_cursor_execute", meanwhile)
    seen = elsewhere.ledger.state(matter)
    assert kept(books.ledger.engine, matter) > first
    assert seen == replay(matter, books.ledger.events(matter))


def test_what_looks_alike_is_found_by_its_newest_facts(books: Books) -> None:
    first = books.register(an_intake("A-1"))
    books.hand_in(first, action_id="one")
    again = books.register(an_intake("A-2"))
    assert [hint.dispute_id for hint in books.ledger.state(again).duplicates] == [first]


def test_a_kept_state_that_is_missing_is_said_and_made_anew(books: Books, elsewhere: Books) -> None:
    matter = books.register(an_intake())
    before = books.ledger.state(matter)
    with books.ledger.engine.begin() as connection:
        connection.execute(text("DELETE FROM states"))
    with pytest.raises(LedgerBroken, match="状态缺失"):
        elsewhere.ledger.state(matter)
    rebuild(books.ledger)
    assert elsewhere.ledger.state(matter) == before


def test_whoever_read_a_matter_before_reads_on_from_there(books: Books, elsewhere: Books) -> None:
    matter = books.register(an_intake())
    assert elsewhere.ledger.state(matter).version
    asked: list[str] = []
    event.listen(elsewhere.ledger.engine, "before_cursor_execute", lambda *told: asked.append(str(told[2])))
    for number in range(2 * KEPT_EVERY):
        books.hand_in(matter, action_id=f"more-{number}")
        assert elsewhere.ledger.state(matter) == replay(matter, books.ledger.events(matter))
    assert asked == [], "the whole state is not read again"
    assert elsewhere.ledger.state(matter) is elsewhere.ledger.state(matter)


def test_what_was_read_before_is_shown_no_longer_than_the_record_has_it(
    books: Books, elsewhere: Books
) -> None:
    matter = books.register(an_intake())
    first = elsewhere.ledger.state(matter).version
    books.hand_in(matter, action_id="one")
    assert elsewhere.ledger.state(matter).version > first
    with books.ledger.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("DELETE FROM events WHERE seq > :first"), {"first": first})
    assert elsewhere.ledger.state(matter).version == first
    with books.ledger.engine.begin() as connection:
        connection.execute(text("DELETE FROM data_keys"))
    with pytest.raises(LedgerBroken, match="数据密钥丢失"):
        elsewhere.ledger.state(matter)
