"""The read tables are a function of the events: a rebuild gives the very same rows."""

import pytest
from sqlalchemy import Connection, select, text

from domain.dispute import Dispute
from domain.fold import advance
from ledger.batches import all_matters, boxes
from ledger.projection import Row, opened
from ledger.read_tables import READ_TABLES, states
from ledger.rebuild import rebuild, rebuild_matter
from ledger.record import as_dict, read
from ledger.sealing import MatterBox
from ledger.store import Ledger, LedgerBroken
from tests.ledger.support import Books, an_intake

Contents = dict[str, list[str]]


def contents(ledger: Ledger) -> Contents:
    """Every read table, every column, opened, as text; states as they are with the events that came after them."""
    with ledger.engine.connect() as connection:
        keys = boxes(connection, ledger.sealer, all_matters(connection))
        found = {
            table: [
                opened(table, as_dict(row), keys[row.dispute_id]) for row in connection.execute(select(table))
            ]
            for table in READ_TABLES
        }
        found[states] = [brought_up(connection, row, keys[row["dispute_id"]]) for row in found[states]]
    return {table.name: sorted(map(str, rows)) for table, rows in found.items()}


def brought_up(connection: Connection, row: Row, box: MatterBox) -> Row:
    kept = Dispute.model_validate_json(row["sealed"])
    newest = advance(kept, read(connection, box, row["version"]))
    return row | {"version": newest.version, "sealed": newest.model_dump_json(by_alias=True)}


def test_a_rebuild_gives_the_same_tables_as_the_commits(books: Books) -> None:
    books.populate()
    before = contents(books.ledger)
    assert all(before.values()), "every table must be put to the test"
    told: list[tuple[int, int]] = []
    assert rebuild(books.ledger, lambda done, total: told.append((done, total))) == 5
    assert contents(books.ledger) == before
    assert told == [(5, 5)]


@pytest.mark.parametrize("damage", ["DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("table", [t.name for t in READ_TABLES])
def test_a_rebuild_restores_a_lost_table(books: Books, table: str, damage: str) -> None:
    books.populate()
    before = contents(books.ledger)
    with books.ledger.engine.begin() as connection:
        connection.execute(text(damage.format(table)))
    assert contents(books.ledger) != before
    rebuild(books.ledger)
    assert contents(books.ledger) == before


def test_life_goes_on_after_a_rebuild(books: Books) -> None:
    matter = books.register(an_intake())
    rebuild(books.ledger)
    books.accept(matter)
    assert books.ledger.state(matter).stage == "直办"
    before = contents(books.ledger)
    rebuild(books.ledger)
    assert contents(books.ledger) == before


def test_an_empty_ledger_is_rebuilt(ledger: Ledger) -> None:
    assert rebuild(ledger) == 0


def test_a_matter_whose_events_are_all_gone_stays_as_evidence(books: Books) -> None:
    matter = books.register(an_intake())
    with books.ledger.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # the guard looks away
        connection.execute(text("DELETE FROM events"))
    with pytest.raises(LedgerBroken, match="不完整"):
        rebuild_matter(books.ledger, matter)
    assert books.ledger.state(matter).version > 0


def test_events_that_cannot_be_folded_leave_the_tables_as_they_are(books: Books) -> None:
    books.populate()
    before = contents(books.ledger)
    with books.ledger.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("DELETE FROM events WHERE seq = 2"))
    with pytest.raises(LedgerBroken, match="不能重放"):
        rebuild(books.ledger)
    assert contents(books.ledger) == before
