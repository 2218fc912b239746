"""回访链接: by which a party answers a callback himself. Good once, for one task of one matter, until its day.

Only the hash of its 140 random bits is kept. A newer link ends the earlier ones of its task.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from domain.policy_rules import CallbackRules
from ledger.access_tables import callback_links as links
from ledger.codes import limited
from ledger.connection import reading, writing
from ledger.printed_codes import code_hash, new_code
from ledger.store import Ledger
from privacy.keys import Purpose

LENGTH = 28
"""Characters of five bits."""
_LETTERS = str.maketrans("0123456789", "ghijklmnop")


class Link(NamedTuple):
    """A link as it was issued. ``person``, ``post``: the issuer's; ``whom``: whom it was sent to, of a group."""

    id: str
    """The act's that it brings; letters alone, lest it look like somebody's number."""
    dispute_id: str
    task_id: str
    person: str
    post: str
    whom: list[str]
    good_until: datetime
    used_at: datetime | None

    @property
    def is_good(self) -> bool:
        """Whether it may still be used."""
        return self.used_at is None and datetime.now(UTC) < self.good_until


def make(
    ledger: Ledger,
    dispute_id: str,
    task_id: str,
    *,
    person: str,
    post: str,
    rules: CallbackRules,
    whom: list[str],
) -> tuple[str, datetime]:
    """A new link's secret, as it is written, and until when it is good."""
    code, now = new_code(LENGTH), datetime.now(UTC)
    kept, until = code_hash(code), now + timedelta(days=rules.link_days)
    key = ledger.keys.ring(Purpose.LEDGER).active
    text = json.dumps(whom, ensure_ascii=False).encode()
    row = {
        "link_hash": kept, "dispute_id": dispute_id, "task_id": task_id, "person_id": person, "post_id": post, "made_at": now,
        "good_until": until, "key_id": key.id, "sealed": key.box.seal(text, _where(kept)),
    }  # fmt: skip
    earlier = update(links).where(
        links.c.dispute_id == dispute_id, links.c.task_id == task_id, links.c.good_until > now
    )
    with writing(ledger.engine) as connection:
        connection.execute(earlier.values(good_until=now))
        connection.execute(insert(links), row)
    return code, until


class Issued(NamedTuple):
    """A link that is still good: since when, and until when."""

    made_at: datetime
    good_until: datetime


def good_one(ledger: Ledger, dispute_id: str, task_id: str) -> Issued | None:
    """The link of a task that a newer one would end."""
    its = (links.c.dispute_id == dispute_id, links.c.task_id == task_id)
    good = select(links.c.made_at, links.c.good_until).where(
        *its, links.c.used_at.is_(None), links.c.good_until > datetime.now(UTC)
    )
    with reading(ledger.engine) as connection:
        row = connection.execute(good).first()
    return Issued(*row) if row else None


def find(ledger: Ledger, code: str, address: str) -> Link | None:
    """The link of a secret as it was opened or typed, whether or not it is still good. Raises TooOften."""
    kept = code_hash(code)
    row = limited(ledger, kept, address, select(links).where(links.c.link_hash == kept))
    if row is None:
        return None
    whom = json.loads(ledger.keys.ring(Purpose.LEDGER).key(row.key_id).box.open(row.sealed, _where(kept)))
    act = f"link-{kept.hex()[:32].translate(_LETTERS)}"
    return Link(
        act, row.dispute_id, row.task_id, row.person_id, row.post_id, whom, row.good_until, row.used_at
    )


def spend(ledger: Ledger, code: str) -> None:
    """It brought its answer and brings no other."""
    used = update(links).where(links.c.link_hash == code_hash(code), links.c.used_at.is_(None))
    with writing(ledger.engine) as connection:
        connection.execute(used.values(used_at=datetime.now(UTC)))


def _where(kept: bytes) -> str:
    return f"callback-link/{kept.hex()}"
