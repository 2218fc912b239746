"""The tables of what goes out to other systems: who is told of what, what is to be sent, and who sent a ticket in."""

from sqlalchemy import Column, DateTime, Index, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from domain.webhooks import Delivery
from ledger.tables import metadata

webhooks = Table(
    "webhooks",
    metadata,
    Column("webhook_id", Text, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("client", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("happenings", ARRAY(Text), nullable=False),
    Column("answer", Text),
    Column("channel", Text),
    Column("made_by", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("former", LargeBinary),
    Column("former_until", DateTime(timezone=True)),
    Column("stopped_at", DateTime(timezone=True)),
    Column("stopped_why", Text),
)
"""推送: a unit's own system (``client``) and what it is told of. ``answer``: how a platform takes the results of the tickets of
``channel``, where it is one's. ``secret``: what messages are signed by, sealed under the webhooks' own data key;
``former`` goes on beside it."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("message_id", Text, primary_key=True),
    Column("webhook_id", Text, nullable=False),
    Column("dispute_id", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("ticket", Text, nullable=False),
    Column("happening", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("handed_at", DateTime(timezone=True)),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("tried_at", DateTime(timezone=True)),
    Column("said", Text),
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
    Column("channel", Text, primary_key=True),
    Column("source_no", Text, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("client", Text, nullable=False),
)
"""Which system sent a ticket in by the API: its result goes back there and nowhere else."""
