"""What is to be sent to other systems: written in the transaction of its cause, and how each message fared.

Every function but :func:`announce` raises LedgerUnavailable while PostgreSQL is away.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from domain.dispute import Dispute
from domain.events import Event
from domain.webhooks import Delivery, happening_of, may_hear, message_id, tickets_to_answer
from domain.words import Channel
from ledger.connection import reading, writing
from ledger.measured import Policies
from ledger.webhook_tables import deliveries, ticket_senders, webhooks

HAND_AGAIN = timedelta(hours=1)
"""What still waits after so long is handed to Temporal once more: a Temporal restored from a backup knows nothing of it."""
PAGE = 50
_HERS = deliveries.c.webhook_id, deliveries.c.dispute_id
_IN_ORDER = deliveries.c.seq, deliveries.c.ticket


class Due(NamedTuple):
    """A message to send. ``webhook``: its row."""

    message: str
    dispute_id: str
    seq: int
    ticket: str
    webhook: Row[Any]


class Message(NamedTuple):
    """How one message stands. It names no matter: whoever looks after systems sees none."""

    id: str
    webhook: str
    happening: str
    state: Delivery
    made_at: datetime
    attempts: int
    tried_at: datetime | None
    said: str | None


def announce(connection: Connection, d: Dispute, new: Iterable[Event], policies: Policies) -> None:
    """Put down who is told of these events, in their own transaction: each cause once, and none without it.

    ``d``: the matter after them. A system hears of it when its unit may see how far the matter is, else nothing.
    """
    told = [(event.seq, happening) for event in new if (happening := happening_of(event))]
    if not told:
        return
    policy, now = policies(d.policy_version), datetime.now(UTC)
    rows = [
        {
            "message_id": message_id(hook.webhook_id, d.id, seq, ticket),
            "webhook_id": hook.webhook_id,
            "dispute_id": d.id,
            "seq": seq,
            "ticket": ticket,
            "happening": happening.value,
            "state": Delivery.WAITING.value,
            "made_at": now,
        }
        for hook in connection.execute(select(webhooks).where(webhooks.c.stopped_at.is_(None))).all()
        if may_hear(d, hook.unit, policy)
        for ticket in _tickets(connection, d, hook)
        for seq, happening in told
        if happening in hook.happenings
    ]
    if rows:
        connection.execute(insert(deliveries).on_conflict_do_nothing(), rows)


def _tickets(connection: Connection, d: Dispute, hook: Row[Any]) -> list[str]:
    """What a webhook is told of: the matter itself, or each of a platform's tickets in it that no other system sent."""
    if hook.answer is None:
        return [""]
    numbers = [s.source_no for s in tickets_to_answer(d, Channel(hook.channel))]
    table = ticket_senders.c
    sent = select(table.source_no).where(
        table.channel == hook.channel,
        table.source_no.in_(numbers),
        tuple_(table.unit, table.client) != (hook.unit, hook.client),
    )
    others = set(connection.scalars(sent)) if numbers else set[str]()
    return [number for number in numbers if number not in others]


class Waiting(NamedTuple):
    """Messages of one lane that nobody was given yet."""

    webhook: str
    dispute_id: str
    messages: list[str]


def unhanded(engine: Engine) -> list[Waiting]:
    """Some lanes with messages that Temporal knows nothing of, the oldest first."""
    before = datetime.now(UTC) - HAND_AGAIN
    wanted = (
        select(*_HERS, func.array_agg(deliveries.c.message_id).label("messages"))
        .where(
            deliveries.c.state == Delivery.WAITING.value,
            or_(deliveries.c.handed_at.is_(None), deliveries.c.handed_at < before),
        )
        .group_by(*_HERS)
        .order_by(func.min(deliveries.c.made_at))
        .limit(PAGE)
    )
    with reading(engine) as connection:
        return [Waiting(*row) for row in connection.execute(wanted)]


def handed(engine: Engine, messages: Collection[str]) -> None:
    """Note that these are in Temporal's hands."""
    with writing(engine) as connection:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.message_id.in_(messages))
            .values(handed_at=datetime.now(UTC))
        )


def next_message(engine: Engine, webhook: str, dispute_id: str) -> str | None:
    """The first message of a lane that waits."""
    lane = (deliveries.c.webhook_id == webhook) & (deliveries.c.dispute_id == dispute_id)
    first = (
        select(deliveries.c.message_id)
        .where(lane, deliveries.c.state == Delivery.WAITING.value)
        .order_by(*_IN_ORDER)
        .limit(1)
    )
    with reading(engine) as connection:
        return connection.scalar(first)


def waiting(engine: Engine, message: str) -> Due | None:
    """A message that waits to be sent, with its webhook's row."""
    wanted = select(deliveries).where(
        deliveries.c.message_id == message, deliveries.c.state == Delivery.WAITING.value
    )
    with reading(engine) as connection:
        row = connection.execute(wanted).one_or_none()
        if row is None:
            return None
        hook = connection.execute(select(webhooks).where(webhooks.c.webhook_id == row.webhook_id)).one()
    return Due(row.message_id, row.dispute_id, row.seq, row.ticket, hook)


def tried(engine: Engine, message: str, said: str, state: Delivery | None = None) -> None:
    """Note what came of an attempt, and how the message stands if it does not wait any more."""
    after = {"state": state.value} if state else {}
    with writing(engine) as connection:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.message_id == message)
            .values(attempts=deliveries.c.attempts + 1, tried_at=datetime.now(UTC), said=said, **after)
        )


def settle(engine: Engine, message: str, state: Delivery) -> None:
    """Let a message that waits stand so from now on."""
    waiting = (deliveries.c.message_id == message) & (deliveries.c.state == Delivery.WAITING.value)
    with writing(engine) as connection:
        connection.execute(update(deliveries).where(waiting).values(state=state.value))


def messages_of(
    engine: Engine, webhook: str, state: Delivery | None = None, most: int = PAGE
) -> list[Message]:
    """A webhook's messages, the newest first."""
    wanted = (
        select(deliveries)
        .where(deliveries.c.webhook_id == webhook)
        .order_by(deliveries.c.made_at.desc(), deliveries.c.seq.desc())
        .limit(most)
    )
    if state:
        wanted = wanted.where(deliveries.c.state == state.value)
    with reading(engine) as connection:
        return [_message(row) for row in connection.execute(wanted)]


def _message(row: Row[Any]) -> Message:
    return Message(
        row.message_id, row.webhook_id, row.happening, Delivery(row.state), row.made_at, row.attempts,
        row.tried_at, row.said,
    )  # fmt: skip
