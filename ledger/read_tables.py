"""The read tables: what lists, desks and statistics ask, written with each commit and made anew from the events at need."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    Table,
    Text,
    func,
    literal_column,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from ledger import columns as col
from ledger.tables import metadata

actions = Table(
    "actions",
    metadata,
    col.text("dispute_id", key=True),
    col.text("action_id", key=True),
    Column("first_seq", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
)
"""Which actions were taken, and by which events: what makes a repetition harmless."""

disputes = Table(
    "disputes",
    metadata,
    col.text("dispute_id", key=True),
    Column("version", Integer, nullable=False),
    col.text("head_hash", nullable=False),
    col.sealed("head_seal"),
    col.text("county", nullable=False),
    Column("case_no", Text, nullable=False, unique=True),
    col.text("policy_version", nullable=False),
    col.text("kind", nullable=False),
    col.text("channel", nullable=False),
    col.text("stage"),
    col.text("level"),
    col.text("lead"),
    col.text("center", nullable=False),
    col.text("card"),
    col.moment("next_due"),
    col.moment("opened_at", nullable=False),
    col.moment("closed_at"),
    col.moment("archived_at"),
    col.text("outcome"),
    col.text("merged_into"),
    Column("is_over", Boolean, nullable=False),
)
"""One row per matter: what lists show and are filtered by. ``head_seal``: the hash of its last event, sealed with its
number, so that the last events cannot be taken away without the matter's key; empty once that key was destroyed."""
Index(None, disputes.c.opened_at)
Index(None, disputes.c.kind, disputes.c.stage)
Index(None, disputes.c.level, disputes.c.opened_at.desc())
Index("disputes_open_idx", disputes.c.stage, disputes.c.next_due, postgresql_where=~disputes.c.is_over)
UNFINISHED = disputes.c.closed_at.is_(None) & ~disputes.c.is_over
"""Neither 办结 nor ended otherwise."""
Index("disputes_unfinished_idx", disputes.c.opened_at.desc(), postgresql_where=UNFINISHED)
for _name in ("stage", "lead", "channel"):
    Index(None, disputes.c[_name], disputes.c.opened_at.desc())
_carded = disputes.c.card.is_not(None)
Index("disputes_card_idx", disputes.c.card, disputes.c.opened_at.desc(), postgresql_where=_carded)
Index("disputes_due_idx", disputes.c.next_due, postgresql_where=~disputes.c.is_over)

states = Table(
    "states",
    metadata,
    col.text("dispute_id", key=True),
    Column("version", Integer, nullable=False),
    col.sealed("sealed"),
)
"""The whole state of a matter at a version of it; what came after is in the events (:mod:`ledger.states`)."""

sources = Table(
    "sources",
    metadata,
    col.text("dispute_id", key=True),
    col.text("channel", key=True),
    col.text("source_no", key=True),
    Column("absorbed", Boolean, nullable=False),
    col.moment("received_at", nullable=False),
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
    col.text("dispute_id", key=True),
    col.text("task_id", key=True),
    col.text("kind", nullable=False),
    col.text("title", nullable=False),
    col.text("unit", nullable=False),
    col.text("officer"),
    col.text("role"),
    col.text("ref"),
    Column("returnable", Boolean, nullable=False),
    col.moment("opened_at", nullable=False),
    col.moment("due_at"),
    col.moment("signed_at"),
    col.text("signed_by"),
    col.moment("closed_at"),
    col.text("outcome"),
    col.text("standing", nullable=False),
    col.text("card"),
)
"""Human tasks. ``due_at``: the earliest of the clocks that run on it; ``standing``: :class:`domain.due.Standing`; ``card``:
:func:`domain.due.card_of` that clock."""

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
Index("tasks_open_matter_idx", tasks.c.dispute_id, postgresql_where=tasks.c.closed_at.is_(None))

knowing = Table(
    "knowing",
    metadata,
    col.text("dispute_id", key=True),
    col.text("mark", key=True),
    col.moment("opened_at", nullable=False),
    Column("is_over", Boolean, nullable=False),
)
"""Who may know of a matter, by :func:`domain.knowing.marks`: units, and places for those at the base. The rest is the
matter's own."""
Index("knowing_open_idx", knowing.c.mark, knowing.c.dispute_id, postgresql_where=~knowing.c.is_over)
Index(None, knowing.c.mark, knowing.c.opened_at, knowing.c.dispute_id)

clocks = Table(
    "clocks",
    metadata,
    col.text("dispute_id", key=True),
    col.text("clock_id", key=True),
    col.text("rule_id", nullable=False),
    col.text("name", nullable=False),
    col.text("kind", nullable=False),
    col.text("owner", nullable=False),
    col.text("task_id"),
    col.moment("starts_at", nullable=False),
    col.moment("due_at", nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("extensions", Integer, nullable=False),
    col.moment("stopped_at"),
    col.text("result", nullable=False),
)
"""Deadlines; their receipts are in the state."""
Index("clocks_open_idx", clocks.c.due_at, postgresql_where=clocks.c.stopped_at.is_(None))

cards = Table(
    "cards",
    metadata,
    col.text("dispute_id", key=True),
    Column("no", Integer, primary_key=True, autoincrement=False),
    *(col.text(name, nullable=False) for name in ("card", "unit", "clock")),
    col.moment("at", nullable=False),
    col.text("ground"),
    *(col.moment(name) for name in ("appealed_at", "decided_at", "withdrawn_at")),
)
"""黄牌、红牌: whose, for which clock, and what came of an appeal. ``ground``: of the appeal, as it was chosen."""
for _name in ("appealed_at", "withdrawn_at"):
    Index(None, cards.c[_name], cards.c.dispute_id, cards.c.no, postgresql_where=cards.c[_name].is_not(None))

documents = Table(
    "documents",
    metadata,
    col.text("dispute_id", key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    col.text("number", nullable=False),
    col.text("name", nullable=False),
    col.text("issuer", nullable=False),
    col.text("recipient", nullable=False),
    col.moment("at", nullable=False),
    col.text("action_id", nullable=False),
    col.sealed("fields"),
    col.words("numbers"),
    col.words("digests"),
    col.text("waits"),
    col.words("units"),
)
"""文书, in the order of registration. ``numbers``: every 文号 it was ever issued under; ``digests``: SHA-256 of each
one's bytes; ``waits``: how it stands, where one of the ``units`` that issue it must still see to it."""
Index(None, documents.c.number)
Index(
    None, documents.c.issuer, documents.c.name, documents.c.at, documents.c.dispute_id, documents.c.position
)
Index(
    "documents_waiting_units_idx",
    documents.c.units,
    postgresql_using="gin",
    postgresql_where=documents.c.waits.is_not(None),
)
Index(
    "documents_waiting_idx",
    documents.c.waits,
    documents.c.at,
    postgresql_where=documents.c.waits.is_not(None),
)

parties = Table(
    "parties",
    metadata,
    col.text("dispute_id", key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    col.text("kind", nullable=False),
    col.digest("name"),
    col.digest("id_number"),
    col.digest("phone"),
    col.digest("uscc"),
    Column("parts", ARRAY(Integer), nullable=False),
)
"""Who is in a matter: applicant, member, respondent, as keyed hashes of what they are found by. ``parts``: of a firm's name
(:mod:`ledger.firms`)."""
for _name in ("name", "id_number", "phone", "uscc"):
    Index(None, parties.c[_name])
Index(None, parties.c.parts, postgresql_using="gin")

texts = Table(
    "texts",
    metadata,
    col.text("dispute_id", key=True),
    Column("pairs", ARRAY(Integer), nullable=False),
)
"""What is found of a matter's own words (:mod:`ledger.texts`)."""
Index(None, texts.c.pairs, postgresql_using="gin")

measures = Table(
    "measures",
    metadata,
    col.text("dispute_id", key=True),
    col.text("county", nullable=False),
    col.flag("merged"),
    col.moment("registered_at", nullable=False),
    col.flag("was_lead"),
    col.flag("converted"),
    col.moment("decided_at"),
    col.flag("accepted"),
    col.text("lead"),
    col.words("co"),
    col.text("level"),
    col.flag("level_changed"),
    col.text("channel", nullable=False),
    col.words("types"),
    col.words("insurances"),
    col.words("subjects"),
    col.words("towns"),
    col.words("industries"),
    col.flag("grouped"),
    Column("headcount", BigInteger, nullable=False),
    col.yuan("claimed"),
    col.moment("due_at"),
    col.flag("in_time", nullable=True),
    col.moment("mediated_at"),
    col.flag("agreed"),
    col.moment("perform_by"),
    col.flag("performed"),
    col.moment("call_by"),
    col.flag("answered"),
    col.moment("disposed_at"),
    col.yuan("recognised", nullable=True),
    col.yuan("paid"),
    col.yuan("late_fee"),
    Column("claims", JSONB),
    col.moment("closed_at"),
    col.moment("repeat_until"),
    col.flag("guided"),
    col.flag("reopened"),
    Column("destroy_on", Date),
)
"""What the statistics count of a matter, and the moments that say in which period (docs/statistics.md).

``claims``: its sums by 争议类型 and 险种 of its claims, which add up to its own; none of a matter measured before there were
any. ``destroy_on``: from when its file may be destroyed (:mod:`domain.retention`).
"""
Index("measures_registered_at_idx", measures.c.registered_at, measures.c.county)
_words = (measures.c[name] for name in ("types", "insurances", "towns", "industries"))
Index("measures_words_idx", *_words, postgresql_using="gin")
Index(None, measures.c.co, postgresql_using="gin")
Index(None, measures.c.claimed)
Index("measures_grouped_idx", measures.c.registered_at, postgresql_where=measures.c.grouped)
Index(None, measures.c.destroy_on, postgresql_where=measures.c.destroy_on.is_not(None))
for _name in ("decided_at", "due_at", "mediated_at", "perform_by", "call_by", "disposed_at", "closed_at"):
    _there = measures.c[_name].is_not(None)
    Index(f"measures_{_name}_idx", measures.c[_name], measures.c.county, postgresql_where=_there)

measure_items = Table(
    "measure_items",
    metadata,
    col.text("dispute_id", key=True),
    col.text("kind", key=True),
    Column("no", BigInteger, primary_key=True, autoincrement=False),
    col.text("county", nullable=False),
    col.flag("merged"),
    col.text("unit", nullable=False),
    col.text("role"),
    col.moment("at"),
    col.moment("done_at"),
    col.text("result"),
    Column("working_days", Integer),
)
"""What the statistics count one by one: 派单 (to when answered), 评价, 回访八问, 议定事项 (when due, when done)."""
Index("measure_items_kind_at_idx", measure_items.c.kind, measure_items.c.at, measure_items.c.county)
Index(
    "measure_items_answered_idx",
    measure_items.c.done_at,
    measure_items.c.county,
    postgresql_where=(measure_items.c.kind == "派单") & measure_items.c.done_at.is_not(None),
)

SEALED = {disputes: "head_seal", states: "sealed", documents: "fields"}
"""The column of a read table that is sealed."""

READ_TABLES = (
    actions, disputes, states, sources, tasks, knowing, clocks, cards, documents, parties, texts, measures,
    measure_items,
)  # fmt: skip
"""What can be dropped and made anew from the events at any time."""
