"""The office's role reads and adds; whoever holds its password can neither change the record nor switch the guard off."""

import pytest
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.exc import ProgrammingError

from ledger.connection import LedgerBroken
from ledger.rebuild import rebuild
from ledger.rights import APP, RECORD, RIGHTS
from ledger.store import Ledger
from ledger.tables import counters, metadata
from ledger.vault import keep_reporter, reporter_of
from ledger.verify import verify
from tests.ledger.support import Books, an_intake
from tests.support.keys import KEYS


@pytest.fixture
def office(books: Books, ledger_url: str) -> Books:
    """The same ledger, as the office's own processes reach it."""
    url = make_url(ledger_url).set(username=APP).render_as_string(hide_password=False)
    return Books(Ledger.connect(url, KEYS), books.policy)


def refused(office: Books, statement: str) -> str:
    with pytest.raises(ProgrammingError) as caught, office.ledger.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    return str(getattr(caught.value.orig, "sqlstate", ""))


def test_every_table_has_its_rights_said(books: Books) -> None:
    assert RIGHTS.keys() == set(inspect(books.ledger.engine).get_table_names())
    assert set(metadata.tables) == RIGHTS.keys() - {"alembic_version"}


def test_all_that_an_office_does_is_done_under_its_role(office: Books) -> None:
    office.populate()
    matter = office.register(an_intake("ROLE"))
    office.accept(matter)
    keep_reporter(office.ledger, "none yet", an_intake("REPORTER"))
    assert reporter_of(office.ledger, "none yet") == an_intake("REPORTER")
    assert verify(office.ledger) == []


@pytest.mark.parametrize("table", [t.name for t in RECORD])
def test_the_record_is_neither_changed_nor_taken_away(office: Books, table: str) -> None:
    office.accept(office.register(an_intake()))
    column = next(iter(metadata.tables[table].columns)).name
    for statement in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"ALTER TABLE {table} ADD COLUMN x int",
        f"DROP TABLE {table}",
    ):
        assert refused(office, statement) == "42501", statement


def test_a_number_given_is_not_taken_back(office: Books) -> None:
    assert refused(office, f"DELETE FROM {counters.name}") == "42501"


def test_it_owns_nothing_and_makes_nothing(office: Books, ledger_url: str) -> None:
    owned = text("SELECT relname FROM pg_class JOIN pg_roles r ON r.oid = relowner WHERE rolname = :name")
    may = text(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = :name"
    )
    with create_engine(ledger_url).connect() as connection:
        assert connection.execute(owned, {"name": APP}).all() == []
        assert tuple(connection.execute(may, {"name": APP}).one()) == (False, False, False, False)
    assert refused(office, "CREATE TABLE mine (x int)") == "42501"
    assert refused(office, "SET session_replication_role = replica") == "42501"


def test_what_only_the_owner_may_do_says_so(office: Books) -> None:
    with pytest.raises(LedgerBroken, match="台账所有者的账号"):
        rebuild(office.ledger)
