"""The record: ``events``, ``material_parts``, ``papers``, ``policies``, ``counters``, ``data_keys``, ``reporters`` and
``notices_sent``. What may name a person is sealed (:mod:`ledger.sealing`) or a keyed hash.

Alembic revisions in :mod:`ledger.migrations` create every table; a test holds that both agree.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    cast,
    func,
)
from sqlalchemy.types import UserDefinedType

from ledger import columns as col


class JsonText(UserDefinedType[str]):
    """PostgreSQL ``json``, written and read as the very text it is: that text is hashed, and its order has meaning."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """The column's type in DDL."""
        return "JSON"

    def column_expression(self, colexpr: ColumnElement[Any]) -> ColumnElement[str]:
        """Read as text, so that the driver does not parse it."""
        return cast(colexpr, Text)


metadata = MetaData(
    naming_convention={"pk": "%(table_name)s_pkey", "ix": "%(table_name)s_%(column_0_N_name)s_idx"}
)

policies = Table(
    "policies",
    metadata,
    col.text("version", key=True),
    col.text("county", nullable=False),
    Column("content", JsonText, nullable=False),
    Column("first_seen", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
"""Every policy version a matter was ever registered under, whole."""

events = Table(
    "events",
    metadata,
    col.text("dispute_id", key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    col.text("action_id", nullable=False),
    col.text("type", nullable=False),
    col.moment("at", nullable=False),
    col.text("unit", nullable=False),
    col.sealed("sealed"),
    col.text("prev_hash", nullable=False),
    col.text("hash", nullable=False),
    col.moment("recorded_at", nullable=False),
)
"""The legal record. Append-only: a trigger refuses everything else. ``sealed``: the fact, and who acted."""
Index("events_declined_idx", events.c.unit, events.c.at, postgresql_where=events.c.type == "declined")
Index("events_leads_idx", events.c.dispute_id, events.c.seq, postgresql_where=events.c.type == "lead_spawned")

counters = Table(
    "counters",
    metadata,
    col.text("county", key=True),
    col.text("prefix", key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
)
"""The last case number given, by county, prefix and year; no number is ever skipped."""

notices_sent = Table(
    "notices_sent",
    metadata,
    col.text("key", key=True),
    Column("sent_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
"""Which notices went out, by their keys (``matter-event``): a workflow restarted from its events sends none twice."""

data_keys = Table(
    "data_keys",
    metadata,
    col.text("dispute_id", key=True),
    col.text("key_id", nullable=False),
    col.sealed("wrapped"),
)
"""Each matter's data key, wrapped under the key ``key_id`` of the ledger's ring."""
Index(None, data_keys.c.key_id)

key_checks = Table(
    "key_checks",
    metadata,
    col.text("purpose", key=True),
    col.text("key_id", key=True),
    col.sealed("mark"),
    Column("first_used", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
"""Every key this installation has written with, and what proves that a key of that id is the same."""

reporters = Table(
    "reporters",
    metadata,
    col.text("dispute_id", key=True),
    Column("recorded_at", DateTime(timezone=True), primary_key=True),
    col.text("key_id", nullable=False),
    col.sealed("sealed"),
)
"""举报人: a vault of its own, under the vault's key ring; no event, list or state has any of it (信访工作条例 30).

Of several rows the newest counts: a registration that was turned down was sent again.
"""

material_parts = Table(
    "material_parts",
    metadata,
    col.text("dispute_id", key=True),
    col.text("file_id", key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    col.sealed("sealed"),
)
"""材料: the bytes of the files that events tell of, in parts from 1, under the matter's data key. Append-only like events."""
papers = Table(
    "papers",
    metadata,
    col.text("number", key=True),
    col.text("dispute_id", nullable=False),
    col.text("sha256", nullable=False),
    Column("code_hash", LargeBinary, nullable=False),
    col.sealed("sealed"),
    col.moment("issued_at", nullable=False),
)
"""文书 as they were issued: the bytes of each, sealed with its matter's data key; never changed, never taken away."""
Index(None, papers.c.dispute_id)
Index(None, papers.c.code_hash, unique=True)
