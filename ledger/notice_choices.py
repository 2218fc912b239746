"""By which channels an officer hears of reminders, chosen by himself. A change is in the audit, in the same transaction.

Every function raises LedgerUnavailable while PostgreSQL is away.
"""

from datetime import date
from typing import NamedTuple

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from domain.access import AccountState, Post, Role
from domain.words import UnitName
from ledger.access_tables import persons, posts
from ledger.accounts import Acting
from ledger.audit import note
from ledger.connection import reading, writing
from ledger.notice_tables import notice_choices
from ledger.sealing import kept_box
from ledger.store import Ledger

ITS_KEY = "notices"
"""Under which the addresses' data key is kept, beside the matters'."""
CHOSEN = "改通知方式"


class Choice(NamedTuple):
    """A channel that an officer chose. ``digest``: once each morning, else at once."""

    channel: str
    digest: bool
    address: str | None


class Hearer(NamedTuple):
    """Somebody of a unit who hears by a channel, in the post that makes him one of the unit."""

    post: Post
    channel: str
    digest: bool


def choices_of(ledger: Ledger, person: str) -> dict[str, Choice]:
    """What a person chose, by channel."""
    with reading(ledger.engine) as connection:
        found = connection.execute(select(notice_choices).where(notice_choices.c.person == person)).all()
        box = ledger.sealer.find(connection, ITS_KEY)
    return {
        one.channel: Choice(
            one.channel,
            one.digest,
            box.open(one.address, f"{person}/{one.channel}") if box and one.address else None,
        )
        for one in found
    }


def choose(ledger: Ledger, by: Acting, chosen: list[Choice]) -> None:
    """Hear by these channels and no others."""
    person = by.person or ""
    with writing(ledger.engine) as connection:
        connection.execute(delete(notice_choices).where(notice_choices.c.person == person))
        for one in chosen:
            place = f"{person}/{one.channel}"
            sealed = (
                kept_box(connection, ledger.sealer, ITS_KEY).seal(one.address, place) if one.address else None
            )
            row = {"person": person, "channel": one.channel, "digest": one.digest, "address": sealed}
            connection.execute(insert(notice_choices), row)
        note(
            connection,
            ledger.sealer,
            by.entry(CHOSEN, "、".join(one.channel for one in chosen) or "只在平台"),
        )


def hearers(ledger: Ledger, unit: UnitName, day: date) -> list[Hearer]:
    """Who of a unit hears by which channel, today."""
    wanted = (
        select(posts, notice_choices.c.channel, notice_choices.c.digest)
        .join(notice_choices, notice_choices.c.person == posts.c.person_id)
        .join(persons, persons.c.person_id == posts.c.person_id)
        .where(
            posts.c.unit == unit,
            persons.c.status == AccountState.ACTIVE,
            posts.c.ended_at.is_(None),
            posts.c.starts <= day,
            or_(posts.c.ends.is_(None), posts.c.ends >= day),
        )
        .order_by(posts.c.person_id)
    )
    with reading(ledger.engine) as connection:
        return [
            Hearer(
                Post(one.post_id, one.person_id, one.unit, Role(one.role), one.starts, one.ends),
                one.channel,
                one.digest,
            )
            for one in connection.execute(wanted)
        ]
