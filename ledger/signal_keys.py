"""The public keys by which departments' own systems sign what they send: registered, retired, struck out.

Written under the owner's role alone: no process that runs all the time can let itself be signed to. Every change is in
the audit, in the same transaction. Every function raises LedgerUnavailable while PostgreSQL is away.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.access import NotGranted, Role
from ledger.access_tables import signal_keys
from ledger.accounts import Acting, require_role
from ledger.audit import note
from ledger.connection import reading, writing
from ledger.store import Ledger

LONGEST = timedelta(days=731)
"""Two years: then a key is changed for another at the latest."""


class SignalKey(NamedTuple):
    """A registered key. ``public``: ``x`` of its JWK; ``client``: the unit's system that holds the private part."""

    kid: str
    unit: str
    client: str
    public: str
    starts: datetime
    ends: datetime
    registered_by: str
    registered_at: datetime
    retired_at: datetime | None = None
    compromised_at: datetime | None = None

    def standing(self, now: datetime) -> str:
        """How it stands, as the administrator reads it."""
        if self.compromised_at:
            return "已泄露作废"
        if self.retired_at:
            return "已停用"
        if now >= self.ends:
            return "已过期"
        return "有效" if now >= self.starts else "未到启用时间"


def register(
    ledger: Ledger,
    by: Acting,
    *,
    kid: str,
    unit: str,
    client: str,
    public: str,
    starts: datetime,
    ends: datetime,
) -> None:
    """Let a unit's system sign with this key. A unit may have several at once: that is how one is changed.

    Raises NotGranted, in Chinese, also for a key that is registered already.
    """
    if not starts < ends <= starts + LONGEST:
        raise NotGranted("公钥的有效期须晚于启用时间，且至多两年")
    row = {
        "kid": kid,
        "unit": unit,
        "client": client,
        "public": public,
        "starts": starts,
        "ends": ends,
        "registered_by": by.person,
    }
    with writing(ledger.engine) as connection:
        require_role(connection, by, Role.ADMINISTRATOR)
        done = connection.execute(
            insert(signal_keys).on_conflict_do_nothing().returning(signal_keys.c.kid), row
        )
        if done.one_or_none() is None:
            raise NotGranted(f"公钥 {kid} 已登记过；更换密钥请用 signing new 另生成一把")
        note(connection, ledger.sealer, by.entry("登记签名公钥", f"{unit} {client} {kid}"))


def retire(ledger: Ledger, by: Acting, kid: str, *, compromised: bool = False) -> None:
    """Let a key go: what it signed before is still taken; ``compromised``: nothing any more. Raises NotGranted."""
    column = signal_keys.c.compromised_at if compromised else signal_keys.c.retired_at
    with writing(ledger.engine) as connection:
        require_role(connection, by, Role.ADMINISTRATOR)
        row = connection.execute(
            update(signal_keys)
            .where(signal_keys.c.kid == kid)
            .values({column: func.coalesce(column, datetime.now(UTC))})
            .returning(signal_keys)
        ).one_or_none()
        if row is None:
            raise NotGranted(f"没有登记过公钥 {kid}，请用 signing list 核对")
        verb = "签名密钥泄露作废" if compromised else "停用签名密钥"
        note(connection, ledger.sealer, by.entry(verb, f"{row.unit} {row.client} {kid}"))


def signal_key(ledger: Ledger, kid: str) -> SignalKey | None:
    """The registered key of this id, in force or not."""
    with reading(ledger.engine) as connection:
        row = connection.execute(select(signal_keys).where(signal_keys.c.kid == kid)).one_or_none()
    return _key(row) if row else None


def list_signal_keys(ledger: Ledger) -> list[SignalKey]:
    """Every key that was ever registered, by unit, the newest first."""
    wanted = select(signal_keys).order_by(signal_keys.c.unit, signal_keys.c.registered_at.desc())
    with reading(ledger.engine) as connection:
        return [_key(row) for row in connection.execute(wanted)]


def _key(row: Row[tuple[object, ...]]) -> SignalKey:
    return SignalKey(**row._mapping)  # pyright: ignore[reportPrivateUsage]
