"""A held matter in one statement, and all rows of a commit in another.

The statements are made once, from the tables. SQLAlchemy would build, compile and send one for each table, and the
driver would look for parameters in each anew: it remembers no statement as long as this (hence ``RawCursor``).
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import psycopg
from pydantic_core import to_json
from sqlalchemy import Connection, LargeBinary, Table

from ledger import locks
from ledger.connection import directly
from ledger.read_tables import READ_TABLES, actions, knowing, tasks
from ledger.tables import data_keys, events

_RECORD = (data_keys, events, actions)
"""Rows that are written once."""
_TABLES = (*_RECORD, *(table for table in READ_TABLES if table is not actions))

Row = dict[str, Any]


class Found(NamedTuple):
    """What the ledger holds of a matter and of one action on it; every part may be missing."""

    version: int | None
    head_hash: str | None
    written_by: str | None
    """The transaction that wrote the row."""
    last_seq: int | None
    key_id: str | None
    wrapped: bytes | None
    heard: bool
    """Whether any other system is told of anything."""


_HOLD = """
    SELECT d.version, d.head_hash, d.xmin::text, a.last_seq, k.key_id, k.wrapped,
        EXISTS (SELECT FROM webhooks WHERE stopped_at IS NULL)
    FROM (SELECT 1) AS one
    LEFT JOIN disputes d ON d.dispute_id = %(matter)s
    LEFT JOIN data_keys k ON k.dispute_id = %(matter)s
    LEFT JOIN actions a ON a.dispute_id = %(matter)s AND a.action_id = %(action)s
"""


def hold(connection: Connection, dispute_id: str, action_id: str) -> Found:
    """Lock the matter, registered or not, then read it: only a statement begun after the lock sees the newest."""
    locks.hold(connection, dispute_id)
    with directly(connection) as driver:
        row = driver.execute(_HOLD, {"matter": dispute_id, "action": action_id}).fetchone()
    assert row
    return Found(*row)


CHANNEL = "fengqiao_desk"
"""On which PostgreSQL says, once a commit stands, whose desk it changed."""


def write(connection: Connection, rows: Mapping[Table, Sequence[Row]], gone: Sequence[Row] = ()) -> str:
    """Insert these rows; those of read tables replace what is there under their keys. Any table may be left out. Rows of
    ``knowing`` that are ``gone`` are deleted.

    Whoever listens to :data:`CHANNEL` hears the units whose tasks these are. Returns the transaction that they are
    written by.
    """
    units = sorted({row["unit"] for row in rows.get(tasks, ())})
    given = [*(_json(table, rows.get(table, ())) for table in _TABLES), to_json(units).decode()]
    given.append(_json(knowing, gone))
    with directly(connection) as driver:
        row = psycopg.RawCursor(driver).execute(_statement(), given).fetchone()
    assert row
    return row[0]


def _json(table: Table, rows: Sequence[Row]) -> str:
    if not rows:
        return "[]"
    sealed = _sealed(table)
    plain = [row | {name: _hex(row[name]) for name in sealed} for row in rows] if sealed else rows
    return to_json(plain).decode()


def _hex(sealed: bytes | None) -> str | None:
    return None if sealed is None else f"\\x{sealed.hex()}"


@cache
def _sealed(table: Table) -> list[str]:
    return [column.name for column in table.columns if isinstance(column.type, LargeBinary)]


@cache
def _statement() -> bytes:
    parts = ", ".join(f"w{n} AS ({_insert(table, n)})" for n, table in enumerate(_TABLES, 1))
    told = (
        f"SELECT pg_notify('{CHANNEL}', unit) FROM json_array_elements_text(${len(_TABLES) + 1}::json) unit"
    )
    gone = (
        f"DELETE FROM knowing k USING json_populate_recordset(NULL::knowing, ${len(_TABLES) + 2}::json) g"
        " WHERE k.dispute_id = g.dispute_id AND k.mark = g.mark"
    )
    return (
        f"WITH {parts}, gone AS ({gone})"
        f" SELECT pg_current_xact_id()::xid::text, (SELECT count(*) FROM ({told}) told)"
    ).encode()


def _insert(table: Table, position: int) -> str:
    name = f'"{table.name}"'
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    source = f"json_populate_recordset(NULL::{name}, ${position}::json)"
    insert = f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {source}"
    if table in _RECORD:
        return insert
    key = ", ".join(f'"{column.name}"' for column in table.primary_key)
    given = ", ".join(f'"{c.name}" = excluded."{c.name}"' for c in table.columns if not c.primary_key)
    return f"{insert} WHERE true ON CONFLICT ({key}) DO UPDATE SET {given}"
