"""审计: who signed in, was refused, was given a post, looked, searched or exported. Only ever added to, in one chain."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, func, select
from sqlalchemy.dialects.postgresql import insert

from domain.access import Role
from ledger.access_tables import audit, client_tokens, persons, posts
from ledger.connection import LedgerBroken, reading, writing
from ledger.locks import AUDIT_LOCK, alone
from ledger.record import FIRST_HASH, as_dict
from ledger.sealing import MatterBox, Sealer, kept_box
from ledger.store import Ledger

PAGE = 100
SUCCESS = "成功"
ITS_KEY = "audit"
"""Under which its data key is kept, beside the matters'."""


class Entry(NamedTuple):
    """One thing that somebody did or was refused. ``object``: a case number, a login, a unit; ``result``: 成功, perhaps with
    what it came to, or why not."""

    verb: str
    object: str = ""
    result: str = SUCCESS
    person: str | None = None
    post: str | None = None
    address: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether it was done."""
        return self.result.startswith(SUCCESS)

    @property
    def came_to(self) -> str:
        """What it came to, where that is told."""
        return self.result.removeprefix(SUCCESS).lstrip("，")


class Who(NamedTuple):
    """Whoever did it, by the account. ``role``: in which he did it, in words; none before a post is chosen."""

    login: str
    name: str
    unit: str
    role: str


class Kept(NamedTuple):
    """An entry in its place. ``who``: nobody, where nobody had signed in."""

    n: int
    at: datetime
    entry: Entry
    who: Who | None


def note(connection: Connection, sealer: Sealer, entry: Entry) -> None:
    """Add an entry in the transaction of what it tells of: when it cannot be written, that is not done."""
    alone(connection, AUDIT_LOCK)
    box = kept_box(connection, sealer, ITS_KEY)
    last = connection.execute(
        select(audit.c.n, audit.c.hash).order_by(audit.c.n.desc()).limit(1)
    ).one_or_none()
    row: dict[str, Any] = {
        "n": last.n + 1 if last else 1,
        "at": datetime.now(UTC),
        "person_id": entry.person,
        "post_id": entry.post,
        "address": entry.address,
        "verb": entry.verb,
        "object": entry.object,
        "result": entry.result,
        "prev_hash": last.hash if last else FIRST_HASH,
    }
    row["hash"] = _hash(row)
    row["seal"] = box.seal(row["hash"], str(row["n"]))
    connection.execute(insert(audit), row)


def record(ledger: Ledger, entry: Entry) -> None:
    """Add an entry by itself: of something looked at, sent out or refused."""
    with writing(ledger.engine) as connection:
        note(connection, ledger.sealer, entry)


def entries(
    ledger: Ledger,
    *,
    person: str | None = None,
    verb: str | None = None,
    before: int | None = None,
    most: int = PAGE,
) -> list[Kept]:
    """The newest entries first, ``most`` of them, older than number ``before``."""
    wanted = _with_who().order_by(audit.c.n.desc()).limit(most)
    if person:
        wanted = wanted.where(audit.c.person_id == person)
    if verb:
        wanted = wanted.where(audit.c.verb == verb)
    if before:
        wanted = wanted.where(audit.c.n < before)
    with reading(ledger.engine) as connection:
        return [_kept(row) for row in connection.execute(wanted)]


def verbs(ledger: Ledger) -> list[str]:
    """Every verb that stands in the audit: each read off the index by one probe, however many entries it has."""
    first = select(func.min(audit.c.verb).label("verb")).cte("known", recursive=True)
    after = select(func.min(audit.c.verb)).where(audit.c.verb > first.c.verb).scalar_subquery()
    known = first.union_all(select(after).where(first.c.verb.is_not(None)))
    with reading(ledger.engine) as connection:
        return list(connection.scalars(select(known.c.verb).where(known.c.verb.is_not(None))))


def audit_faults(connection: Connection, sealer: Sealer) -> list[str]:
    """What is wrong with the audit; empty when it is as it was written."""
    faults: list[str] = []
    box = sealer.find(connection, ITS_KEY)
    prev_hash, last = FIRST_HASH, 0
    for row in connection.execute(select(audit).order_by(audit.c.n)):
        said = as_dict(row)
        if row.n != last + 1:
            faults.append(f"审计第 {last + 1} 条缺失")
        elif row.prev_hash != prev_hash:
            faults.append(f"审计第 {row.n} 条与前一条不相接")
        if _hash(said) != row.hash or not _is_sealed(box, row):
            faults.append(f"审计第 {row.n} 条被改动过")
        prev_hash, last = row.hash, row.n
    return faults


def _is_sealed(box: MatterBox | None, row: Row[Any]) -> bool:
    try:
        return box is not None and box.open(row.seal, str(row.n)) == row.hash
    except LedgerBroken:
        return False


def _hash(row: dict[str, Any]) -> str:
    names = ("n", "person_id", "post_id", "address", "verb", "object", "result", "prev_hash")
    said = [row["at"].astimezone(UTC).isoformat(timespec="microseconds"), *(row[name] for name in names)]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _with_who() -> Select[Any]:
    """The entries, each with the account and the post, or the unit's system, that its ids stand for."""
    return (
        select(
            audit,
            persons.c.login,
            persons.c.name,
            posts.c.unit,
            posts.c.role,
            posts.c.deputy_for,
            client_tokens.c.unit.label("system_of"),
            client_tokens.c.client,
        )
        .outerjoin(persons, persons.c.person_id == audit.c.person_id)
        .outerjoin(posts, posts.c.post_id == audit.c.post_id)
        .outerjoin(client_tokens, client_tokens.c.token_id == audit.c.post_id)
    )


def _kept(row: Row[Any]) -> Kept:
    entry = Entry(row.verb, row.object, row.result, row.person_id, row.post_id, row.address)
    return Kept(row.n, row.at, entry, _who(row))


def _who(row: Row[Any]) -> Who | None:
    if row.client is not None:
        return Who(row.person_id, row.client, row.system_of, "接口")
    if row.person_id is None:
        return None
    role = Role(row.role).word + ("（代理）" if row.deputy_for else "") if row.role else ""
    return Who(row.login or "", row.name or "", row.unit or "", role)
