"""凭条 by which somebody opens an account or chooses another password: good once, until its hour; the newest of an account alone.

Within the transaction of whoever calls. Only the hash of its 80 random bits is kept.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, update
from sqlalchemy.dialects.postgresql import insert

from ledger.access_tables import slips
from ledger.printed_codes import code_hash, new_code


class Slip(NamedTuple):
    """A slip that was used: whose account it opens; ``None`` founds the office."""

    person: str | None


def issue(connection: Connection, person: str | None, good_for: timedelta) -> str:
    """A new slip, as it is printed; the earlier ones of the account are good no more."""
    if person is not None:
        cancel(connection, person)
    slip = new_code()
    row = {"slip_hash": code_hash(slip), "person_id": person, "good_until": datetime.now(UTC) + good_for}
    connection.execute(insert(slips), row)
    return slip


def cancel(connection: Connection, person: str) -> None:
    """No slip of an account is good any more."""
    now = datetime.now(UTC)
    left = update(slips).where(
        slips.c.person_id == person, slips.c.used_at.is_(None), slips.c.good_until > now
    )
    connection.execute(left.values(good_until=now))


def spend(connection: Connection, typed: str) -> Slip | None:
    """Use a slip up, however it was typed; ``None`` when it is not good."""
    now = datetime.now(UTC)
    row = connection.execute(
        update(slips)
        .where(slips.c.slip_hash == code_hash(typed), slips.c.used_at.is_(None), slips.c.good_until > now)
        .values(used_at=now)
        .returning(slips.c.person_id)
    ).one_or_none()
    return Slip(row.person_id) if row else None
