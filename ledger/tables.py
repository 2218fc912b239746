"""Every table of the ledger. ``events``, ``material_parts``, ``papers``, ``policies``, ``counters``, ``data_keys``, ``reporters``
and ``notices_sent`` are the record; the read tables are made from events. What may name a person is sealed
(:mod:`ledger.sealing`) or a keyed hash.

Alembic revisions in :mod:`ledger.migrations` create them; a test holds that both agree.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    cast,
    func,
    literal_column,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import UserDefinedType


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


def _moment(name: str, *, nullable: bool = True) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, key: bool = False, nullable: bool = True) -> Column[Any]:
    return Column(name, Text, primary_key=key, nullable=nullable and not key)


def _sealed(name: str) -> Column[Any]:
    return Column(name, LargeBinary, nullable=False)


def _flag(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Boolean, nullable=nullable)


def _yuan(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Numeric(18, 2), nullable=nullable)


def _words(name: str) -> Column[Any]:
    return Column(name, ARRAY(Text), nullable=False)


def _digest(name: str) -> Column[Any]:
    return Column(name, LargeBinary)


policies = Table(
    "policies",
    metadata,
    _text("version", key=True),
    _text("county", nullable=False),
    Column("content", JsonText, nullable=False),
    Column("first_seen", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
"""Every policy version a matter was ever registered under, whole."""

events = Table(
    "events",
    metadata,
    _text("dispute_id", key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    _text("action_id", nullable=False),
    _text("type", nullable=False),
    _moment("at", nullable=False),
    _text("unit", nullable=False),
    _sealed("sealed"),
    _text("prev_hash", nullable=False),
    _text("hash", nullable=False),
    _moment("recorded_at", nullable=False),
)
"""The legal record. Append-only: a trigger refuses everything else. ``sealed``: the fact, and who acted."""
Index("events_declined_idx", events.c.unit, events.c.at, postgresql_where=events.c.type == "declined")
Index("events_leads_idx", events.c.dispute_id, events.c.seq, postgresql_where=events.c.type == "lead_spawned")

counters = Table(
    "counters",
    metadata,
    _text("county", key=True),
    _text("prefix", key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
)
"""The last case number given, by county, prefix and year; no number is ever skipped."""

notices_sent = Table(
    "notices_sent",
    metadata,
    _text("key", key=True),
    Column("sent_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
"""Which notices went out, by their keys (``matter-event``): a workflow restarted from its events sends none twice."""

actions = Table(
    "actions",
    metadata,
    _text("dispute_id", key=True),
    _text("action_id", key=True),
    Column("first_seq", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
)
"""Which actions were taken, and by which events: what makes a repetition harmless."""

disputes = Table(
    "disputes",
    metadata,
    _text("dispute_id", key=True),
    Column("version", Integer, nullable=False),
    _text("head_hash", nullable=False),
    _sealed("head_seal"),
    _text("county", nullable=False),
    Column("case_no", Text, nullable=False, unique=True),
    _text("policy_version", nullable=False),
    _text("kind", nullable=False),
    _text("channel", nullable=False),
    _text("stage"),
    _text("level"),
    _text("lead"),
    _text("center", nullable=False),
    _text("card"),
    _moment("next_due"),
    _moment("opened_at", nullable=False),
    _moment("closed_at"),
    _moment("archived_at"),
    _text("outcome"),
    _text("merged_into"),
    Column("is_over", Boolean, nullable=False),
)
"""One row per matter: what lists show and are filtered by. ``head_seal``: the hash of its last event, sealed with its
number, so that the last events cannot be taken away without the matter's key."""
Index(None, disputes.c.opened_at)
Index(None, disputes.c.kind, disputes.c.stage)
Index(None, disputes.c.level, disputes.c.opened_at.desc())
Index("disputes_open_idx", disputes.c.stage, disputes.c.next_due, postgresql_where=~disputes.c.is_over)

states = Table(
    "states",
    metadata,
    _text("dispute_id", key=True),
    Column("version", Integer, nullable=False),
    _sealed("sealed"),
)
"""The whole state of a matter at a version of it; what came after is in the events (:mod:`ledger.states`)."""

sources = Table(
    "sources",
    metadata,
    _text("dispute_id", key=True),
    _text("channel", key=True),
    _text("source_no", key=True),
    Column("absorbed", Boolean, nullable=False),
    _moment("received_at", nullable=False),
)
"""The numbers a matter answers. ``absorbed``: taken over from a matter merged into this one."""
Index(
    "sources_registered_idx",
    sources.c.channel,
    sources.c.source_no,
    unique=True,
    postgresql_where=~sources.c.absorbed,
)
Index(None, sources.c.source_no)

tasks = Table(
    "tasks",
    metadata,
    _text("dispute_id", key=True),
    _text("task_id", key=True),
    _text("kind", nullable=False),
    _text("title", nullable=False),
    _text("unit", nullable=False),
    _text("officer"),
    _text("role"),
    _text("ref"),
    Column("returnable", Boolean, nullable=False),
    _moment("opened_at", nullable=False),
    _moment("due_at"),
    _moment("signed_at"),
    _text("signed_by"),
    _moment("closed_at"),
    _text("outcome"),
    _text("standing", nullable=False),
)
"""Human tasks. ``due_at``: the earliest of the clocks that run on it; ``standing``: :class:`domain.due.Standing`."""

NEVER = literal_column("'infinity'::timestamp with time zone", DateTime(timezone=True))
"""After everything that is ever due."""
_of = {"all": (), "unit": (tasks.c.unit,), "officer": (tasks.c.unit, tasks.c.officer)}
_row = (tasks.c.dispute_id, tasks.c.task_id)
for _name, _columns in (*_of.items(), ("standing", (tasks.c.unit, tasks.c.standing))):
    _due = func.coalesce(tasks.c.due_at, NEVER)
    Index(f"tasks_open_{_name}_idx", *_columns, _due, *_row, postgresql_where=tasks.c.closed_at.is_(None))
for _name, _columns in _of.items():
    _done = tasks.c.closed_at.is_not(None)
    Index(f"tasks_done_{_name}_idx", *_columns, tasks.c.closed_at, *_row, postgresql_where=_done)

clocks = Table(
    "clocks",
    metadata,
    _text("dispute_id", key=True),
    _text("clock_id", key=True),
    _text("rule_id", nullable=False),
    _text("name", nullable=False),
    _text("kind", nullable=False),
    _text("owner", nullable=False),
    _text("task_id"),
    _moment("starts_at", nullable=False),
    _moment("due_at", nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("extensions", Integer, nullable=False),
    _moment("stopped_at"),
    _text("result", nullable=False),
)
"""Deadlines; their receipts are in the state."""
Index("clocks_open_idx", clocks.c.due_at, postgresql_where=clocks.c.stopped_at.is_(None))

documents = Table(
    "documents",
    metadata,
    _text("dispute_id", key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    _text("number", nullable=False),
    _text("name", nullable=False),
    _text("issuer", nullable=False),
    _text("recipient", nullable=False),
    _moment("at", nullable=False),
    _text("action_id", nullable=False),
    _sealed("fields"),
    _words("numbers"),
    _words("digests"),
)
"""文书, in the order of registration. ``numbers``: every 文号 it was ever issued under; ``digests``: SHA-256 of each
one's bytes."""
Index(None, documents.c.number)

parties = Table(
    "parties",
    metadata,
    _text("dispute_id", key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    _text("kind", nullable=False),
    _digest("name"),
    _digest("id_number"),
    _digest("phone"),
    _digest("uscc"),
)
"""Who is in a matter: applicant, member, respondent, as keyed hashes of what they are found by."""
Index(None, parties.c.name)
Index(None, parties.c.id_number)
Index(None, parties.c.phone)
Index(None, parties.c.uscc)

measures = Table(
    "measures",
    metadata,
    _text("dispute_id", key=True),
    _text("county", nullable=False),
    _flag("merged"),
    _moment("registered_at", nullable=False),
    _flag("was_lead"),
    _flag("converted"),
    _moment("decided_at"),
    _flag("accepted"),
    _text("level"),
    _flag("level_changed"),
    _text("channel", nullable=False),
    _words("types"),
    _words("insurances"),
    _words("subjects"),
    _words("towns"),
    _words("industries"),
    _flag("grouped"),
    Column("headcount", BigInteger, nullable=False),
    _yuan("claimed"),
    _moment("due_at"),
    _flag("in_time", nullable=True),
    _moment("mediated_at"),
    _flag("agreed"),
    _moment("perform_by"),
    _flag("performed"),
    _moment("call_by"),
    _flag("answered"),
    _moment("disposed_at"),
    _yuan("recognised", nullable=True),
    _yuan("paid"),
    _yuan("late_fee"),
    _moment("closed_at"),
    _moment("repeat_until"),
    _flag("guided"),
    _flag("reopened"),
)
"""What the statistics count of a matter, and the moments that say in which period (docs/statistics.md)."""
Index(None, measures.c.registered_at)
for _name in ("decided_at", "due_at", "mediated_at", "perform_by", "call_by", "disposed_at", "closed_at"):
    Index(None, measures.c[_name], postgresql_where=measures.c[_name].is_not(None))

measure_items = Table(
    "measure_items",
    metadata,
    _text("dispute_id", key=True),
    _text("kind", key=True),
    Column("no", BigInteger, primary_key=True, autoincrement=False),
    _text("county", nullable=False),
    _flag("merged"),
    _text("unit", nullable=False),
    _text("role"),
    _moment("at"),
    _moment("done_at"),
    _text("result"),
    Column("working_days", Integer),
)
"""What the statistics count one by one: 派单 (to when answered), 评价, 回访八问, 议定事项 (when due, when done)."""
Index(None, measure_items.c.kind, measure_items.c.at)
Index(
    "measure_items_answered_idx",
    measure_items.c.done_at,
    postgresql_where=(measure_items.c.kind == "派单") & measure_items.c.done_at.is_not(None),
)

data_keys = Table(
    "data_keys",
    metadata,
    _text("dispute_id", key=True),
    _text("key_id", nullable=False),
    _sealed("wrapped"),
)
"""Each matter's data key, wrapped under the key ``key_id`` of the ledger's ring."""
Index(None, data_keys.c.key_id)

key_checks = Table(
    "key_checks",
    metadata,
    _text("purpose", key=True),
    _text("key_id", key=True),
    _sealed("mark"),
    Column("first_used", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
"""Every key this installation has written with, and what proves that a key of that id is the same."""

reporters = Table(
    "reporters",
    metadata,
    _text("dispute_id", key=True),
    Column("recorded_at", DateTime(timezone=True), primary_key=True),
    _text("key_id", nullable=False),
    _sealed("sealed"),
)
"""举报人: a vault of its own, under the vault's key ring; no event, list or state has any of it (信访工作条例 30).

Of several rows the newest counts: a registration that was turned down was sent again.
"""

material_parts = Table(
    "material_parts",
    metadata,
    _text("dispute_id", key=True),
    _text("file_id", key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    _sealed("sealed"),
)
"""材料: the bytes of the files that events tell of, in parts from 1, under the matter's data key. Append-only like events."""
papers = Table(
    "papers",
    metadata,
    _text("number", key=True),
    _text("dispute_id", nullable=False),
    _text("sha256", nullable=False),
    Column("code_hash", LargeBinary, nullable=False),
    _sealed("sealed"),
    _moment("issued_at", nullable=False),
)
"""文书 as they were issued: the bytes of each, sealed with its matter's data key; never changed, never taken away."""
Index(None, papers.c.dispute_id)
Index(None, papers.c.code_hash, unique=True)

SEALED = {disputes: "head_seal", states: "sealed", documents: "fields"}
"""The column of a read table that is sealed."""

READ_TABLES = (
    actions, disputes, states, sources, tasks, clocks, documents, parties, measures, measure_items,
)  # fmt: skip
"""What can be dropped and made anew from the events at any time."""
