"""The tables of what parties and officers are told: each notice with its state, and by which channels an officer hears."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table

from ledger import columns as col
from ledger.tables import metadata

notices = Table(
    "notices",
    metadata,
    col.text("notice_id", key=True),
    col.text("dispute_id", nullable=False),
    Column("seq", Integer, nullable=False),
    col.text("subject", nullable=False),
    col.text("template"),
    col.text("recipient"),
    col.text("person"),
    col.text("unit"),
    col.text("channel", nullable=False),
    col.text("lane", nullable=False),
    col.flag("at_once"),
    col.text("state", nullable=False),
    col.moment("made_at", nullable=False),
    col.moment("next_at"),
    col.moment("handed_at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    col.moment("tried_at"),
    col.text("said"),
)
"""通知: of which event, about what, to whom, how; no names, no numbers. A party's has a ``template`` and a ``recipient``
(:mod:`domain.hearing`), an officer's a ``person`` and the ``unit`` for which he hears. ``lane``: what is sent together.
``at_once``: whatever the hour. ``next_at``: when something is to be done about it (to send it, to stop waiting for its
receipt, to ask a person), nothing when it is settled. ``handed_at``: when Temporal was given that."""
_open = notices.c.next_at.is_not(None)
Index("notices_open_idx", notices.c.next_at, postgresql_where=_open)
Index("notices_lane_idx", notices.c.lane, notices.c.next_at, postgresql_where=_open)
Index("notices_dispute_idx", notices.c.dispute_id, notices.c.made_at)

notice_choices = Table(
    "notice_choices",
    metadata,
    col.text("person", key=True),
    col.text("channel", key=True),
    col.flag("digest"),
    Column("address", LargeBinary),
)
"""By which channels an officer hears. ``digest``: once each morning. ``address``: his own there, sealed, if it asks one."""
