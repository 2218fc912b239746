"""草稿: what somebody has typed into a form and not sent yet; nobody else can read it, and nothing of it is in the clear."""

import json
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert

from ledger.access_tables import draft_files, drafts
from ledger.connection import reading, writing
from ledger.store import Ledger
from privacy.keys import Purpose

KEPT = timedelta(days=30)
LARGEST = 512 * 1024
"""Bytes."""

_ITS_DRAFT = (drafts.c.person_id == draft_files.c.person_id) & (drafts.c.place == draft_files.c.place)

Pairs = list[tuple[str, str]]


class DraftTooLarge(ValueError):
    """More than a draft may hold."""


class Draft(NamedTuple):
    """One form's text: where the form is, when it was saved, its fields in their order."""

    place: str
    saved_at: datetime
    pairs: Pairs


def keep(ledger: Ledger, person: str, place: str, pairs: Pairs) -> datetime:
    """Save a draft over the one before; when it was saved. Drafts older than :data:`KEPT` go. Raises DraftTooLarge."""
    text = json.dumps(pairs, ensure_ascii=False).encode()
    if len(text) > LARGEST:
        raise DraftTooLarge
    key, now = ledger.keys.ring(Purpose.LEDGER).active, datetime.now(UTC)
    row = {"saved_at": now, "key_id": key.id, "sealed": key.box.seal(text, _where(person, place))}
    with writing(ledger.engine) as connection:
        connection.execute(drafts.delete().where(drafts.c.saved_at < now - KEPT))
        connection.execute(
            draft_files.delete().where(draft_files.c.saved_at < now - KEPT, ~exists().where(_ITS_DRAFT))
        )
        saved = insert(drafts).values(person_id=person, place=place, **row)
        connection.execute(saved.on_conflict_do_update(index_elements=list(drafts.primary_key), set_=row))
    return now


def find(ledger: Ledger, person: str, place: str) -> Draft | None:
    """The draft of this form. Raises KeyProblem."""
    wanted = select(drafts).where(drafts.c.person_id == person, drafts.c.place == place)
    with reading(ledger.engine) as connection:
        row = connection.execute(wanted).one_or_none()
    if row is None:
        return None
    key = ledger.keys.ring(Purpose.LEDGER).key(row.key_id)
    pairs = json.loads(key.box.open(row.sealed, _where(person, place)))
    return Draft(row.place, row.saved_at, [(name, value) for name, value in pairs])


def places(ledger: Ledger, person: str) -> list[tuple[str, datetime]]:
    """Where a person has drafts, the newest first."""
    wanted = (
        select(drafts.c.place, drafts.c.saved_at)
        .where(drafts.c.person_id == person)
        .order_by(drafts.c.saved_at.desc())
    )
    with reading(ledger.engine) as connection:
        return [(row.place, row.saved_at) for row in connection.execute(wanted)]


def drop(ledger: Ledger, person: str, place: str) -> None:
    """The form was sent, or is not wanted any more; what was attached to it goes, too."""
    with writing(ledger.engine) as connection:
        for table in (drafts, draft_files):
            connection.execute(table.delete().where(table.c.person_id == person, table.c.place == place))


def _where(person: str, place: str) -> str:
    return f"draft/{person}/{place}"
