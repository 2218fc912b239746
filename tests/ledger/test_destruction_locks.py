"""The locks on what destroys a file, and what tells a destroyed file from one whose key was lost or taken."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from ledger import checkup
from ledger.connection import LedgerBroken
from ledger.destruction_tables import DESTROY
from ledger.store import Ledger
from ledger.tables import metadata
from ledger.verify import verify
from tests.ledger.archives import Archive, archive, keys_of, old
from tests.ledger.support import Books
from tests.ledger.test_materials import tamper

__all__ = ["archive", "old"]


# --- the locks -------------------------------------------------------------------------------------------------------


def refused(archive: Archive, *statements: str) -> str:
    """What the database says to the office's own role."""
    with pytest.raises(DBAPIError) as caught, archive.ledger.engine.begin() as connection:
        connection.exec_driver_sql("; ".join(statements))
    return str(caught.value.orig)


def test_the_offices_role_destroys_nothing_without_two_approvals(archive: Archive, old: str) -> None:
    number = archive.propose(old)
    call = f"SELECT {DESTROY}('{old}', '{number}')"
    made = (
        "INSERT INTO destroyed (dispute_id, number, case_no, person_id, post_id, at, version, head_hash, numbers, kept, seal) "
        f"VALUES ('{old}', '{number}', 'x', 'x', 'x', now(), 1, 'x', '{{}}', '{{}}', 'x')"
    )
    assert "没有经两名" in refused(archive, made, call)
    archive.vote(archive.head, number)
    assert "没有经两名" in refused(archive, made, call)
    maker = archive.keeper
    own = (
        "INSERT INTO destruction_votes (number, person_id, agrees, post_id, opinion, at) "
        f"VALUES ('{number}', '{maker.by.person}', true, '{maker.post.id}', '', now())"
    )
    assert "没有经两名" in refused(archive, own, made, call)
    nobody = own.replace(str(maker.by.person), "nobody")
    assert "没有经两名" in refused(archive, nobody, made, call)
    archive.vote(archive.office, number)
    assert "没有销毁记录" in refused(archive, call)
    assert "不在清册" in refused(archive, made, f"SELECT {DESTROY}('{old}', 'another')")
    stop = own.replace("true", "false")
    assert "没有经两名" in refused(archive, stop, made, call)
    assert keys_of(archive, old) == 1


def test_tables_of_the_callers_own_do_not_deceive_it(archive: Archive, old: str) -> None:
    number = archive.propose(old)
    fakes = [
        f"CREATE TEMP TABLE {name} AS SELECT * FROM public.{name}"
        for name in ("destruction_votes", "destruction_lists", "persons", "posts", "destroyed")
    ]
    votes = [
        "INSERT INTO pg_temp.destruction_votes (number, person_id, agrees, post_id, opinion, at) "
        f"VALUES ('{number}', '{who.by.person}', true, '{who.post.id}', '', now())"
        for who in (archive.head, archive.office)
    ]
    made = f"INSERT INTO pg_temp.destroyed (dispute_id, number) VALUES ('{old}', '{number}')"
    call = f"SELECT public.{DESTROY}('{old}', '{number}')"
    assert "没有经两名" in refused(archive, *fakes, *votes, made, call)
    assert keys_of(archive, old) == 1


@pytest.mark.parametrize("lie", ["due_on = date '2999-01-01'", "archived_on = date '2012-01-01'"])
def test_it_looks_at_the_day_itself(archive: Archive, old: str, lie: str) -> None:
    number = archive.approved(old)
    tamper(archive.owner, f"UPDATE destruction_items SET {lie}")
    with pytest.raises(LedgerBroken, match="不能销毁"):
        archive.carry_out(number)
    assert keys_of(archive, old) == 1


@pytest.mark.parametrize(
    "table", ["destruction_lists", "destruction_items", "destruction_votes", "destroyed"]
)
def test_what_was_said_is_not_unsaid(archive: Archive, books: Books, old: str, table: str) -> None:
    archive.destroyed(old)
    for ledger in (archive.ledger, books.ledger):
        with pytest.raises(DBAPIError), ledger.engine.begin() as connection:
            connection.execute(text(f"DELETE FROM {table}"))


# --- told apart from tampering ---------------------------------------------------------------------------------------


def problems(archive: Archive) -> list[str]:
    return [broken.problem for broken in verify(archive.ledger)]


def test_a_key_that_is_gone_without_a_record_is_an_alarm(archive: Archive, old: str) -> None:
    archive.approved(old)
    tamper(archive.owner, f"DELETE FROM data_keys WHERE dispute_id = '{old}'")
    assert "数据密钥缺失或打不开，内容无法读取" in problems(archive)
    assert [place.dispute_id for place in checkup.keyless(archive.ledger.engine)] == [old]
    with pytest.raises(LedgerBroken, match="数据密钥丢失"):
        archive.ledger.state(old)


CHANGES = [
    ("destroyed", "UPDATE destroyed SET number = '偏社争销字〔2020〕0009号'", "销毁记录与其封存不符"),
    ("destroyed", "UPDATE destroyed SET seal = 'x'", "销毁记录与其封存不符"),
    ("destroyed", "UPDATE destroyed SET kept = '{}'", "销毁记录与其封存不符"),
    ("destroyed", "DELETE FROM destroyed", "数据密钥缺失"),
    ("destruction_items", "DELETE FROM destruction_items", "没有此案"),
    ("destruction_lists", "DELETE FROM destruction_lists", "编号已经给出"),
    ("events", "UPDATE events SET unit = '县信访局' WHERE seq = 2", "已被改动"),
    ("events", "DELETE FROM events WHERE seq = 3", "事件缺失"),
    ("disputes", "UPDATE disputes SET outcome = '别的'", "查询表 disputes 与销毁记录不符"),
    ("measures", "UPDATE measures SET paid = 1", "查询表 measures 与销毁记录不符"),
    ("papers", "UPDATE papers SET sha256 = 'x'", "文书的登记与销毁时所记的不符"),
]


def test_what_is_changed_afterwards_is_found(archive: Archive, old: str) -> None:
    archive.destroyed(old)
    for table, change, problem in CHANGES:
        assert problems(archive) == []
        with undone(archive.owner, table):
            tamper(archive.owner, change)
            assert any(problem in said for said in problems(archive)), change
    assert problems(archive) == []


@contextmanager
def undone(ledger: Ledger, name: str) -> Iterator[None]:
    """Whatever is done to a table, it is afterwards as it was."""
    table = metadata.tables[name]
    with ledger.engine.connect() as connection:
        rows = [dict(row._mapping) for row in connection.execute(select(table))]  # pyright: ignore[reportPrivateUsage]
    yield
    with ledger.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(table.delete())
        connection.execute(table.insert(), rows)


def test_a_key_put_back_from_a_backup_is_found(archive: Archive, old: str) -> None:
    with archive.ledger.engine.connect() as connection:
        key = connection.execute(
            text("SELECT key_id, wrapped FROM data_keys WHERE dispute_id = :id"), {"id": old}
        ).one()
    archive.destroyed(old)
    with archive.owner.engine.begin() as connection:
        row = {"id": old, "key": key.key_id, "wrapped": key.wrapped}
        connection.execute(text("INSERT INTO data_keys VALUES (:id, :key, :wrapped)"), row)
    assert "已销毁，却又有数据密钥" in problems(archive)


def test_a_record_that_the_software_did_not_make_hides_no_lost_key(archive: Archive, old: str) -> None:
    """Whoever owns the tables can delete a key and write that it was destroyed, but cannot seal that."""
    number = archive.approved(old)
    with archive.ledger.engine.connect() as connection:
        head = connection.execute(text("SELECT version, head_hash FROM disputes")).one()
    tamper(archive.owner, f"DELETE FROM data_keys WHERE dispute_id = '{old}'")
    tamper(
        archive.owner,
        "INSERT INTO destroyed (dispute_id, number, case_no, person_id, post_id, at, version, head_hash, numbers, kept, seal) "
        f"VALUES ('{old}', '{number}', '偏社争〔2012〕0001号', 'x', 'x', now(), {head.version}, '{head.head_hash}', '{{}}', "
        "'{}', 'x')",
    )
    assert any("与其封存不符" in said for said in problems(archive))
