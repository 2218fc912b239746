"""The tables of what parties and officers are told: each notice with its state, and by which channels an officer hears."""

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, LargeBinary, Table, Text

from ledger.tables import metadata

notices = Table(
    "notices",
    metadata,
    Column("notice_id", Text, primary_key=True),
    Column("dispute_id", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("subject", Text, nullable=False),
    Column("template", Text),
    Column("person", Text),
    Column("unit", Text),
    Column("channel", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("at_once", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("next_at", DateTime(timezone=True)),
    Column("handed_at", DateTime(timezone=True)),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("tried_at", DateTime(timezone=True)),
    Column("said", Text),
)
"""通知: of which event, about what, to whom, how; no names, no numbers. A party's has a ``template``, an officer's a ``person``
and the ``unit`` for which he hears. ``lane``: what is sent together. ``at_once``: whatever the hour. ``next_at``: when something
is to be done about it (to send it, to stop waiting for its receipt, to ask a person), nothing when it is settled.
``handed_at``: when Temporal was given that."""
_open = notices.c.next_at.is_not(None)
Index("notices_open_idx", notices.c.next_at, postgresql_where=_open)
Index("notices_lane_idx", notices.c.lane, notices.c.next_at, postgresql_where=_open)
Index("notices_dispute_idx", notices.c.dispute_id, notices.c.made_at)

notice_choices = Table(
    "notice_choices",
    metadata,
    Column("person", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("digest", Boolean, nullable=False),
    Column("address", LargeBinary),
)
"""By which channels an officer hears. ``digest``: once each morning. ``address``: his own there, sealed, if it asks one."""
