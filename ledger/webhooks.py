"""推送: the administrator lets a unit's own system be told of its matters. Every change is in the audit, in the same transaction.

The secret by which messages are signed is shown once and kept sealed. Every function raises LedgerUnavailable while
PostgreSQL is away.
"""

import base64
import secrets
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.access import NotGranted, Role
from domain.outbound import same_place
from domain.webhooks import Delivery, Happening
from domain.words import Channel, UnitName
from ledger.accounts import SYSTEM, Acting, require_role
from ledger.audit import note
from ledger.connection import reading, writing
from ledger.locks import ACCOUNTS_LOCK, alone
from ledger.sealing import MatterBox, kept_box
from ledger.store import Ledger
from ledger.webhook_tables import deliveries, ticket_senders, webhooks

ITS_KEY = "webhooks"
"""Under which the secrets' data key is kept, beside the matters'."""
PREFIX = "whsec_"
SECRET_BYTES = 32
OVERLAP = timedelta(days=7)
"""A changed secret goes on beside the new one for so long."""
AT_ONCE = 5
"""Webhooks of one system that stand together."""
GONE = "接收方答复 410，已停用"
REVOKED = "管理员停用"
UNKNOWN = "没有这项推送，请核对编号"
STOPPED = f"{UNKNOWN}；已停用的请重新登记"


class Webhook(NamedTuple):
    """A unit's own system and what it is told of. ``answer``, ``channel``: of a platform from which tickets come."""

    id: str
    unit: UnitName
    client: str
    address: str
    happenings: frozenset[Happening]
    answer: str | None
    channel: Channel | None
    made_at: datetime
    former_until: datetime | None
    stopped_at: datetime | None
    stopped_why: str | None

    @property
    def stands(self) -> bool:
        """Whether it is told of anything."""
        return self.stopped_at is None


class Counted(NamedTuple):
    """A webhook, and how many messages wait and are dead."""

    webhook: Webhook
    waiting: int
    dead: int


def register(
    ledger: Ledger,
    by: Acting,
    *,
    unit: UnitName,
    client: str,
    address: str,
    happenings: Collection[Happening],
    answer: str | None = None,
    channel: Channel | None = None,
) -> tuple[Webhook, str]:
    """A new webhook with its secret, of whatever happens from now on. Raises NotGranted.

    The address is taken as it is: whether anything may be sent there is the caller's to ask first, and asked at each call.
    """
    id, secret = secrets.token_hex(8), _new_secret()
    row: dict[str, Any] = {
        "webhook_id": id,
        "unit": unit,
        "client": client,
        "address": address,
        "happenings": sorted(set(happenings)),
        "answer": answer,
        "channel": channel,
        "made_by": by.person,
        "made_at": datetime.now(UTC),
    }
    standing = webhooks.c.stopped_at.is_(None)
    same = (webhooks.c.unit == unit) & (webhooks.c.client == client)
    with writing(ledger.engine) as connection:
        alone(connection, ACCOUNTS_LOCK)
        require_role(connection, by, Role.ADMINISTRATOR)
        alive = select(func.count()).select_from(webhooks).where(same, standing)
        if (connection.scalar(alive) or 0) >= AT_ONCE:
            raise NotGranted(f"{unit}的{client}已有 {AT_ONCE} 项推送，请先停用一项", "client")
        _require_new(connection, unit, address)
        row["secret"] = _box(connection, ledger).seal(secret, id)
        made = connection.execute(insert(webhooks).returning(webhooks), row).one()
        note(connection, ledger.sealer, by.entry("登记推送", f"{unit} {client} {id}"))
    return _webhook(made), secret


def _require_new(connection: Connection, unit: UnitName, address: str) -> None:
    """Whether a unit is told nothing at this address yet: else it would hear the same twice. Raises NotGranted."""
    standing = select(webhooks).where(webhooks.c.unit == unit, webhooks.c.stopped_at.is_(None))
    for row in connection.execute(standing):
        if same_place(row.address, address):
            said = f"{unit}在这个地址已有推送（{row.client}），请先停用原来的，或者换一个地址"
            raise NotGranted(said, "address")


def rotate(ledger: Ledger, by: Acting, id: str) -> tuple[Webhook, str]:
    """Another secret; the one before is signed by as well until its time is over, an earlier one no more. Raises NotGranted."""
    secret = _new_secret()
    changed: dict[str, Any] = {"former": webhooks.c.secret, "former_until": datetime.now(UTC) + OVERLAP}
    with writing(ledger.engine) as connection:
        require_role(connection, by, Role.ADMINISTRATOR)
        changed["secret"] = _box(connection, ledger).seal(secret, id)
        row = _changed(connection, id, changed)
        if row is None:
            raise NotGranted(STOPPED)
        note(connection, ledger.sealer, by.entry("更换推送密钥", f"{row.unit} {row.client} {id}"))
    return _webhook(row), secret


def revoke(ledger: Ledger, by: Acting, id: str) -> None:
    """Tell it nothing any more, at once: what waits is dropped. Raises NotGranted."""
    with writing(ledger.engine) as connection:
        require_role(connection, by, Role.ADMINISTRATOR)
        row = _stopped(connection, id, REVOKED)
        if row is None:
            raise NotGranted(STOPPED)
        note(connection, ledger.sealer, by.entry("停用推送", f"{row.unit} {row.client} {id}"))


def gone(ledger: Ledger, id: str) -> None:
    """The same, because the receiver said that it is there no more."""
    with writing(ledger.engine) as connection:
        row = _stopped(connection, id, GONE)
        if row is not None:
            object = f"{row.unit} {row.client} {id}"
            note(connection, ledger.sealer, SYSTEM.entry("停用推送", object, came_to=GONE))


def send_again(ledger: Ledger, by: Acting, id: str, message: str) -> None:
    """Let a message that was given up wait to be sent once more, under its old number. Raises NotGranted."""
    dead = (
        (deliveries.c.message_id == message)
        & (deliveries.c.webhook_id == id)
        & (deliveries.c.state == Delivery.DEAD.value)
    )
    again = {"state": Delivery.WAITING.value, "handed_at": None}
    with writing(ledger.engine) as connection:
        require_role(connection, by, Role.ADMINISTRATOR)
        hook = connection.execute(select(webhooks).where(webhooks.c.webhook_id == id)).one_or_none()
        if hook is None or hook.stopped_at is not None:
            raise NotGranted(STOPPED)
        done = connection.execute(
            update(deliveries).where(dead).values(again).returning(deliveries.c.message_id)
        )
        if done.one_or_none() is None:
            raise NotGranted("这一条不是未送达的，不需要再送")
        note(connection, ledger.sealer, by.entry("再次推送", f"{hook.unit} {hook.client} {message}"))


def list_webhooks(ledger: Ledger) -> list[Counted]:
    """Every webhook that was ever registered, those that stand first, by unit and system."""
    table = webhooks.c
    wanted = select(webhooks).order_by(table.stopped_at.is_not(None), table.unit, table.client, table.made_at)
    counted = (
        select(deliveries.c.webhook_id, deliveries.c.state, func.count().label("number"))
        .where(deliveries.c.state.in_((Delivery.WAITING.value, Delivery.DEAD.value)))
        .group_by(deliveries.c.webhook_id, deliveries.c.state)
    )
    with reading(ledger.engine) as connection:
        numbers = {(row.webhook_id, row.state): row.number for row in connection.execute(counted)}
        found = [_webhook(row) for row in connection.execute(wanted)]
    return [
        Counted(hook, numbers.get((hook.id, Delivery.WAITING), 0), numbers.get((hook.id, Delivery.DEAD), 0))
        for hook in found
    ]


def find(ledger: Ledger, id: str) -> Webhook:
    """One webhook. Raises NotGranted."""
    with reading(ledger.engine) as connection:
        row = connection.execute(select(webhooks).where(webhooks.c.webhook_id == id)).one_or_none()
    if row is None:
        raise NotGranted(UNKNOWN)
    return _webhook(row)


def secrets_of(ledger: Ledger, row: Row[Any], now: datetime) -> list[str]:
    """What the messages of a webhook's row are signed by now, the newest first. Raises KeyProblem, LedgerBroken."""
    sealed = [row.secret]
    if row.former is not None and now < row.former_until:
        sealed.append(row.former)
    with reading(ledger.engine) as connection:
        box = _box(connection, ledger)
    return [box.open(text, row.webhook_id) for text in sealed]


def keep_sender(ledger: Ledger, channel: Channel, source_no: str, unit: UnitName, client: str) -> None:
    """Note which system sent a ticket in; the first one that did."""
    row = {"channel": channel, "source_no": source_no, "unit": unit, "client": client}
    with writing(ledger.engine) as connection:
        connection.execute(insert(ticket_senders).on_conflict_do_nothing(), row)


def dead_letters(ledger: Ledger) -> dict[str, int]:
    """How many messages were given up, by unit and system."""
    named = webhooks.c.unit + " " + webhooks.c.client
    counted = (
        select(named, func.count())
        .join_from(deliveries, webhooks, deliveries.c.webhook_id == webhooks.c.webhook_id)
        .where(deliveries.c.state == Delivery.DEAD.value, webhooks.c.stopped_at.is_(None))
        .group_by(named)
        .order_by(named)
    )
    with reading(ledger.engine) as connection:
        return {row[0]: row[1] for row in connection.execute(counted)}


def _new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _box(connection: Connection, ledger: Ledger) -> MatterBox:
    return kept_box(connection, ledger.sealer, ITS_KEY)


def _changed(connection: Connection, id: str, changes: dict[str, Any]) -> Row[Any] | None:
    """The row of a standing webhook, changed."""
    standing = (webhooks.c.webhook_id == id) & webhooks.c.stopped_at.is_(None)
    return connection.execute(
        update(webhooks).where(standing).values(changes).returning(webhooks)
    ).one_or_none()


def _stopped(connection: Connection, id: str, why: str) -> Row[Any] | None:
    row = _changed(connection, id, {"stopped_at": datetime.now(UTC), "stopped_why": why})
    waiting = (deliveries.c.webhook_id == id) & (deliveries.c.state == Delivery.WAITING.value)
    connection.execute(update(deliveries).where(waiting).values(state=Delivery.DROPPED.value))
    return row


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook(
        row.webhook_id,
        row.unit,
        row.client,
        row.address,
        frozenset(Happening(name) for name in row.happenings),
        row.answer,
        row.channel and Channel(row.channel),
        row.made_at,
        row.former_until,
        row.stopped_at,
        row.stopped_why,
    )
