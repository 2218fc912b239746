"""接口令牌: the tokens by which units' own systems come to the API. Every change is in the audit, in the same transaction.

A token is ``fq_<id>_<256 bit>``; its SHA-256 is kept, the token itself is shown once. Every function raises
LedgerUnavailable while PostgreSQL is away.
"""

import secrets
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.access import NotGranted, Role
from domain.machines import AT_ONCE, LONGEST, Scope
from domain.words import UnitName
from ledger.access_tables import client_tokens
from ledger.accounts import Acting, hashed, require_role
from ledger.audit import note
from ledger.connection import reading, writing
from ledger.locks import ACCOUNTS_LOCK, alone
from ledger.store import Ledger

PREFIX = "fq"
A_SYSTEM = "接口/"
"""How the account of a unit's own system begins."""
SEEN_EVERY = timedelta(minutes=1)
"""The last use is written so often at most."""


class Client(NamedTuple):
    """A unit's own system, by one of its tokens (``id``)."""

    id: str
    unit: UnitName
    name: str
    scopes: frozenset[Scope]
    made_at: datetime
    good_until: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    @property
    def account(self) -> str:
        """By what the record and the audit know the system, whichever of its tokens it uses."""
        return f"{A_SYSTEM}{self.unit}/{self.name}"

    def stands(self, now: datetime) -> bool:
        """Whether the token is good."""
        return self.revoked_at is None and now < self.good_until


def make(
    ledger: Ledger, by: Acting, *, unit: UnitName, client: str, scopes: Collection[Scope], days: int
) -> tuple[Client, str]:
    """A new token of a unit's system, with the token itself; an older one may go on beside it. Raises NotGranted."""
    now = datetime.now(UTC)
    if not timedelta() < timedelta(days=days) <= LONGEST:
        raise NotGranted(f"接口令牌的有效期须为 1 至 {LONGEST.days} 日", "days")
    id, token = secrets.token_hex(8), secrets.token_urlsafe(32)
    whole = f"{PREFIX}_{id}_{token}"
    row = {
        "token_id": id,
        "token_hash": hashed(whole),
        "unit": unit,
        "client": client,
        "scopes": sorted(set(scopes)),
        "made_by": by.person,
        "made_at": now,
        "good_until": now + timedelta(days=days),
    }
    alive = (
        select(func.count())
        .select_from(client_tokens)
        .where(
            client_tokens.c.unit == unit,
            client_tokens.c.client == client,
            client_tokens.c.revoked_at.is_(None),
            client_tokens.c.good_until > now,
        )
    )
    with writing(ledger.engine) as connection:
        alone(connection, ACCOUNTS_LOCK)
        require_role(connection, by, Role.ADMINISTRATOR)
        if (connection.scalar(alive) or 0) >= AT_ONCE:
            raise NotGranted(f"{unit}的{client}已有 {AT_ONCE} 个有效令牌，请先收回一个", "client")
        made = connection.execute(insert(client_tokens).returning(client_tokens), row).one()
        note(connection, ledger.sealer, by.entry("签发接口令牌", f"{unit} {client} {id}"))
    return _client(made), whole


def revoke(ledger: Ledger, by: Acting, id: str) -> None:
    """Take a token back, at once. Raises NotGranted."""
    with writing(ledger.engine) as connection:
        require_role(connection, by, Role.ADMINISTRATOR)
        row = connection.execute(
            update(client_tokens)
            .where(client_tokens.c.token_id == id)
            .values(revoked_at=func.coalesce(client_tokens.c.revoked_at, datetime.now(UTC)))
            .returning(client_tokens)
        ).one_or_none()
        if row is None:
            raise NotGranted("没有这个接口令牌，请核对编号")
        note(connection, ledger.sealer, by.entry("收回接口令牌", f"{row.unit} {row.client} {id}"))


def find(ledger: Ledger, token: str) -> Client | None:
    """Whose token this is, if it is good; that it was used is written down."""
    now = datetime.now(UTC)
    prefix, _, rest = token.partition("_")
    id = rest.partition("_")[0]
    if prefix != PREFIX or not token.isascii() or not id.isalnum():
        return None
    with reading(ledger.engine) as connection:
        row = connection.execute(select(client_tokens).where(client_tokens.c.token_id == id)).one_or_none()
    if row is None or not compare_digest(row.token_hash, hashed(token)):
        return None
    client = _client(row)
    if not client.stands(now):
        return None
    if client.used_at is None or now - client.used_at > SEEN_EVERY:
        with writing(ledger.engine) as connection:
            connection.execute(
                update(client_tokens).where(client_tokens.c.token_id == id).values(used_at=now)
            )
    return client


def list_clients(ledger: Ledger) -> list[Client]:
    """Every token that was ever made, by unit and system, the newest first."""
    table = client_tokens.c
    wanted = select(client_tokens).order_by(table.unit, table.client, table.made_at.desc())
    with reading(ledger.engine) as connection:
        return [_client(row) for row in connection.execute(wanted)]


def _client(row: Row[Any]) -> Client:
    scopes = frozenset(Scope(scope) for scope in row.scopes)
    return Client(
        row.token_id, row.unit, row.client, scopes, row.made_at, row.good_until, row.used_at, row.revoked_at
    )
