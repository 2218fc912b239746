"""Whatever somebody changes behind the software's back, ``verify`` names it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, select, text

from ledger.connection import LedgerBroken
from ledger.read_tables import READ_TABLES, cards, disputes
from ledger.record import FIRST_HASH, as_dict, digest
from ledger.store import Ledger
from ledger.tables import events
from ledger.verify import Broken, verify
from tests.ledger.support import Books, an_intake

CHANGED = "事件内容与其哈希不符，已被改动"
APART = "与前一条事件不相接"
APART_FROM_ITS_SEAL = "内容打不开，事件的时间、单位等被改动过"


@pytest.fixture
def matter(books: Books) -> str:
    books.register(an_intake("OTHER"))
    matter = books.register(an_intake())
    books.accept(matter)
    return matter


def tamper(ledger: Ledger, *statements: str) -> None:
    with ledger.engine.begin() as connection:
        connection.execute(text("ALTER TABLE events DISABLE TRIGGER events_append_only"))
        for statement in statements:
            assert connection.execute(text(statement)).rowcount, statement
        connection.execute(text("ALTER TABLE events ENABLE TRIGGER events_append_only"))


def found(ledger: Ledger, matter: str) -> list[tuple[int | None, str]]:
    broken = verify(ledger)
    assert {b.dispute_id for b in broken} == {matter}, "the other matter is sound"
    assert {b.case_no for b in broken} == {"偏社争〔2026〕0002号"}
    return [(b.seq, b.problem) for b in broken]


def test_a_sound_ledger_has_nothing_to_show(books: Books) -> None:
    books.populate()
    told: list[tuple[int, int]] = []
    assert verify(books.ledger, lambda done, total: told.append((done, total))) == []
    assert told == [(5, 5)]


def test_an_empty_ledger_is_sound(ledger: Ledger) -> None:
    assert verify(ledger) == []


@pytest.mark.parametrize(
    "change",
    [
        "sealed = set_byte(sealed, 40, 255 - get_byte(sealed, 40))",
        "sealed = (SELECT o.sealed FROM events o WHERE o.dispute_id <> events.dispute_id AND o.seq = 2)",
        "unit = '县信访局'",
        "action_id = 'other'",
        "type = 'noted'",
        "at = at + interval '1 microsecond'",
        "recorded_at = recorded_at - interval '1 day'",
    ],
)
def test_a_changed_column_is_found(books: Books, matter: str, change: str) -> None:
    tamper(books.ledger, f"UPDATE events SET {change} WHERE dispute_id = '{matter}' AND seq = 2")
    assert found(books.ledger, matter) == [(2, CHANGED)]


def test_a_changed_hash_is_found(books: Books, matter: str) -> None:
    forged = f"UPDATE events SET hash = repeat('a', 64) WHERE dispute_id = '{matter}' AND seq = 2"
    tamper(books.ledger, forged)
    assert found(books.ledger, matter) == [(2, CHANGED), (3, APART)]


def forge(connection: Connection, matter: str, seq: int) -> None:
    """Change a unit and make the row's own hash fit."""
    where = (events.c.dispute_id == matter) & (events.c.seq == seq)
    row = as_dict(connection.execute(select(events).where(where)).one()) | {"unit": "别的单位"}
    connection.execute(events.update().where(where).values(unit="别的单位", hash=digest(row)))


def test_a_forged_row_no_longer_fits_the_next(books: Books, matter: str) -> None:
    with books.ledger.engine.begin() as connection:
        connection.execute(text("ALTER TABLE events DISABLE TRIGGER events_append_only"))
        forge(connection, matter, 2)
    assert found(books.ledger, matter) == [(3, APART)]


def test_a_forged_last_row_no_longer_fits_the_head(books: Books, matter: str) -> None:
    last = books.ledger.state(matter).version
    with books.ledger.engine.begin() as connection:
        connection.execute(text("ALTER TABLE events DISABLE TRIGGER events_append_only"))
        forge(connection, matter, last)
    assert found(books.ledger, matter) == [(last, "末条事件与查询表所记的哈希不符")]


@pytest.mark.parametrize("seq", [1, 3])
def test_a_missing_row_is_found(books: Books, matter: str, seq: int) -> None:
    tamper(books.ledger, f"DELETE FROM events WHERE dispute_id = '{matter}' AND seq = {seq}")
    assert found(books.ledger, matter) == [(seq, "事件缺失")]


def test_missing_rows_in_a_row_are_named_together(books: Books, matter: str) -> None:
    tamper(books.ledger, f"DELETE FROM events WHERE dispute_id = '{matter}' AND seq IN (3, 4, 5)")
    assert found(books.ledger, matter) == [(3, "事件缺失，至第 5 条")]


def test_a_missing_end_is_found(books: Books, matter: str) -> None:
    last = books.ledger.state(matter).version
    tamper(books.ledger, f"DELETE FROM events WHERE dispute_id = '{matter}' AND seq = {last}")
    assert found(books.ledger, matter) == [(last, f"事件缺失，至第 {last} 条")]


def test_two_swapped_rows_are_found(books: Books, matter: str) -> None:
    here = f"dispute_id = '{matter}' AND seq"
    tamper(
        books.ledger,
        f"UPDATE events SET seq = 999 WHERE {here} = 2",
        f"UPDATE events SET seq = 2 WHERE {here} = 3",
        f"UPDATE events SET seq = 3 WHERE {here} = 999",
    )
    assert {(2, CHANGED), (3, CHANGED)} <= set(found(books.ledger, matter))


def test_a_matter_that_vanished_whole_leaves_a_gap_in_the_numbers(books: Books, matter: str) -> None:
    its = ("events", *(str(table) for table in READ_TABLES if table is not cards))  # it was never late
    every = [f"DELETE FROM {table} WHERE dispute_id = '{matter}'" for table in its]
    tamper(books.ledger, *every)
    gone = Broken("", "偏社争〔2026〕0002号", None, "编号已经给出，台账中却没有此案（或此文书）")
    assert verify(books.ledger) == [gone]


def test_a_projection_that_is_behind_is_found(books: Books, matter: str) -> None:
    last = books.ledger.state(matter).version
    tamper(books.ledger, f"UPDATE disputes SET version = {last - 2} WHERE dispute_id = '{matter}'")
    assert found(books.ledger, matter) == [(last - 1, "查询表落后于事件，请重建")]


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("disputes", "UPDATE disputes SET stage = '办结'"),
        ("states", "UPDATE states SET sealed = set_byte(sealed, 40, 255 - get_byte(sealed, 40))"),
        ("states", "UPDATE states SET version = version + 1"),
        ("states", "DELETE FROM states"),
        ("tasks", "UPDATE tasks SET officer = '别人'"),
        ("clocks", "UPDATE clocks SET due_at = due_at + interval '1 day'"),
        ("documents", "DELETE FROM documents"),
        ("parties", "UPDATE parties SET phone = '\\x19900000000f'"),
        ("sources", "UPDATE sources SET absorbed = true"),
        ("actions", "DELETE FROM actions"),
    ],
)
def test_a_changed_read_table_is_found(books: Books, matter: str, table: str, change: str) -> None:
    tamper(books.ledger, f"{change} WHERE dispute_id = '{matter}'")
    assert found(books.ledger, matter) == [(None, f"查询表 {table} 与事件不符，请重建")]


def test_a_read_row_without_events_is_found(books: Books, matter: str) -> None:
    tamper(books.ledger, f"DELETE FROM disputes WHERE dispute_id = '{matter}'")
    assert verify(books.ledger) == [Broken(matter, "", None, "查询表中没有此案，请重建")]


def rechain(ledger: Ledger, matter: str, seq: int, **forged: object) -> None:
    """What a database administrator without any key can do: change columns, and make every hash fit again."""
    with ledger.engine.begin() as connection:
        connection.execute(text("ALTER TABLE events DISABLE TRIGGER events_append_only"))
        its = events.c.dispute_id == matter
        prev_hash = FIRST_HASH
        for stored in connection.execute(select(events).where(its).order_by(events.c.seq)).all():
            row = as_dict(stored) | {"prev_hash": prev_hash} | (forged if stored.seq == seq else {})
            prev_hash = row["hash"] = digest(row)
            connection.execute(events.update().where(its, events.c.seq == stored.seq).values(row))
        connection.execute(
            disputes.update().where(disputes.c.dispute_id == matter).values(head_hash=prev_hash)
        )
        connection.execute(text("ALTER TABLE events ENABLE TRIGGER events_append_only"))


@pytest.mark.parametrize(
    "forged",
    [
        {"unit": "县信访局"},
        {"type": "noted"},
        {"action_id": "another"},
        {"at": datetime(2026, 1, 5, 9, tzinfo=UTC)},
        {"recorded_at": datetime(2026, 1, 5, 9, tzinfo=UTC)},
    ],
)
@pytest.mark.parametrize("back", [0, 2])
def test_columns_forged_with_all_hashes_are_found(
    books: Books, matter: str, forged: dict[str, object], back: int
) -> None:
    seq = books.ledger.state(matter).version - back
    rechain(books.ledger, matter, seq, **forged)
    after = [(n, APART_FROM_ITS_SEAL) for n in range(seq, seq + back + 1)]
    assert found(books.ledger, matter) == after


def test_a_tail_taken_away_with_its_trace_is_found(books: Books, matter: str) -> None:
    last = books.ledger.state(matter).version
    its = f"dispute_id = '{matter}'"
    tamper(
        books.ledger,
        f"DELETE FROM events WHERE {its} AND seq = {last}",
        f"UPDATE disputes SET version = {last - 1}, head_hash = "
        f"(SELECT hash FROM events e WHERE e.{its} AND e.seq = {last - 1}) WHERE {its}",
    )
    assert found(books.ledger, matter) == [(last - 1, "末条事件与封存的末条哈希不符，其后的事件可能被抹去")]


def test_a_policy_changed_in_place_is_found_and_never_used(books: Books, matter: str) -> None:
    version = books.policy.version
    with books.ledger.engine.begin() as connection:
        connection.execute(text("ALTER TABLE policies DISABLE TRIGGER policies_append_only"))
        longer = (
            "UPDATE policies SET content = regexp_replace("
            "content::text, '\"escalation_after_supervision_wd\":[0-9]+', '\"escalation_after_supervision_wd\":99')::json"
        )
        assert connection.exec_driver_sql(longer).rowcount == 1
        connection.execute(text("ALTER TABLE policies ENABLE TRIGGER policies_append_only"))
    assert [b.problem for b in verify(books.ledger)] == [f"政策版本 {version} 的内容与版本号不符，已被改动"]
    fresh = Ledger(books.ledger.engine, books.ledger.keys)
    with pytest.raises(LedgerBroken, match="被改动过"):
        fresh.policy(version)
