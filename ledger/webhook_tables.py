"""The tables of what goes out to other systems: who is told of what, what is to be sent, and who sent a ticket in."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table

from domain.webhooks import Delivery
from ledger import columns as col
from ledger.tables import metadata

webhooks = Table(
    "webhooks",
    metadata,
    col.text("webhook_id", key=True),
    col.text("unit", nullable=False),
    col.text("client", nullable=False),
    col.text("address", nullable=False),
    col.words("happenings"),
    col.text("answer"),
    col.text("channel"),
    col.text("made_by", nullable=False),
    col.moment("made_at", nullable=False),
    col.sealed("secret"),
    Column("former", LargeBinary),
    col.moment("former_until"),
    col.moment("stopped_at"),
    col.text("stopped_why"),
)
"""推送: a unit's own system (``client``) and what it is told of. ``answer``: how a platform takes the results of the tickets of
``channel``, where it is one's. ``secret``: what messages are signed by, sealed under the webhooks' own data key;
``former`` goes on beside it."""

deliveries = Table(
    "deliveries",
    metadata,
    col.text("message_id", key=True),
    col.text("webhook_id", nullable=False),
    col.text("dispute_id", nullable=False),
    Column("seq", Integer, nullable=False),
    col.text("ticket", nullable=False),
    col.text("happening", nullable=False),
    col.text("state", nullable=False),
    col.moment("made_at", nullable=False),
    col.moment("handed_at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    col.moment("tried_at"),
    col.text("said"),
)
"""What is to be sent, of which event to which webhook. ``ticket``: the platform's number that it answers, or nothing.
``handed_at``: when it was given to Temporal. ``said``: what came of the last attempt."""
_waits = deliveries.c.state == Delivery.WAITING.value
_lane = (deliveries.c.webhook_id, deliveries.c.dispute_id, deliveries.c.seq)
Index("deliveries_waiting_idx", *_lane, postgresql_where=_waits)
Index("deliveries_made_idx", deliveries.c.webhook_id, deliveries.c.made_at)
Index(
    "deliveries_dead_idx", deliveries.c.webhook_id, postgresql_where=deliveries.c.state == Delivery.DEAD.value
)

ticket_senders = Table(
    "ticket_senders",
    metadata,
    col.text("channel", key=True),
    col.text("source_no", key=True),
    col.text("unit", nullable=False),
    col.text("client", nullable=False),
)
"""Which system sent a ticket in by the API: its result goes back there and nowhere else."""
