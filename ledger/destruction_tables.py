"""The tables of 销毁: lists of files whose term is over, what was said of each list, and what was destroyed. Only added to."""

from sqlalchemy import Boolean, Column, Date, Integer, Table

from ledger import columns as col
from ledger.tables import JsonText, metadata

DESTROY = "destroy_key"
"""The function of the tables' owner that takes a matter's data key away (migration 0022)."""

destruction_lists = Table(
    "destruction_lists",
    metadata,
    col.text("number", key=True),
    col.text("county", nullable=False),
    col.text("unit", nullable=False),
    col.text("reason", nullable=False),
    col.text("person_id", nullable=False),
    col.text("post_id", nullable=False),
    col.moment("at", nullable=False),
)
"""销毁清册: proposed by whom, for which unit, on what ground."""

destruction_items = Table(
    "destruction_items",
    metadata,
    col.text("number", key=True),
    col.text("dispute_id", key=True),
    col.text("case_no", nullable=False),
    Column("archived_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
)
"""The matters on a list, with the day from which each may be destroyed."""

destruction_votes = Table(
    "destruction_votes",
    metadata,
    col.text("number", key=True),
    col.text("person_id", key=True),
    Column("agrees", Boolean, primary_key=True, autoincrement=False),
    col.text("post_id", nullable=False),
    col.text("opinion", nullable=False),
    col.moment("at", nullable=False),
)
"""同意 and 不同意: whoever agreed may still disagree, and any disagreement ends the list."""

destroyed = Table(
    "destroyed",
    metadata,
    col.text("dispute_id", key=True),
    col.text("number", nullable=False),
    col.text("case_no", nullable=False),
    col.text("person_id", nullable=False),
    col.text("post_id", nullable=False),
    col.moment("at", nullable=False),
    Column("version", Integer, nullable=False),
    col.text("head_hash", nullable=False),
    col.words("numbers"),
    Column("kept", JsonText, nullable=False),
    col.sealed("seal"),
)
"""已销毁: ``numbers`` are all that it and its papers were given, ``kept`` the rows that the read tables go on having of it,
without anything of a person.

``seal``: the hash of the row, sealed under the destructions' own data key, so that nobody makes one up without keys.
"""
