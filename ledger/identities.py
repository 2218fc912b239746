"""统一身份: accounts at the province's platform that open accounts of ours, and sign-ins by it that are under way.

Every function raises LedgerUnavailable while PostgreSQL is away.
"""

import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from domain.access import NotGranted, Role
from ledger.access_tables import identities, persons, sign_in_flows
from ledger.accounts import Acting, hashed, require_role
from ledger.audit import note
from ledger.connection import reading, writing
from ledger.store import Ledger

LINK, UNLINK = "绑定统一身份", "解除统一身份"


class Holder(NamedTuple):
    """Whose account of ours it is."""

    person: str
    login: str


def subject_hash(issuer: str, subject: str) -> bytes:
    """What is kept of a platform's account: its subject may be an identity card's number."""
    return hashed(f"{issuer}\n{subject}")


def holder_of(ledger: Ledger, subject: bytes) -> Holder | None:
    """Whose account an account at the platform opens."""
    wanted = (
        select(persons.c.person_id, persons.c.login)
        .join(identities, identities.c.person_id == persons.c.person_id)
        .where(identities.c.subject_hash == subject)
    )
    with reading(ledger.engine) as connection:
        row = connection.execute(wanted).one_or_none()
    return Holder(*row) if row else None


def linked(ledger: Ledger) -> set[str]:
    """The persons who may sign in by the platform."""
    with reading(ledger.engine) as connection:
        return set(connection.scalars(select(identities.c.person_id)))


def link(ledger: Ledger, by: Acting, person: str, subject: bytes) -> None:
    """Let an account at the platform open this person's: by himself, or by an administrator. Raises NotGranted."""
    row = {
        "subject_hash": subject,
        "person_id": person,
        "linked_by": by.person,
        "linked_at": datetime.now(UTC),
    }
    with writing(ledger.engine) as connection:
        if by.person != person:
            require_role(connection, by, Role.ADMINISTRATOR)
        login = connection.scalar(select(persons.c.login).where(persons.c.person_id == person))
        if login is None:
            raise NotGranted("没有这个账号，请核对")
        made = insert(identities).on_conflict_do_nothing().returning(identities.c.person_id)
        if connection.execute(made, row).one_or_none() is None:
            raise NotGranted("这个账号或这个平台账号已经绑定过，请账号管理员先解除原来的绑定", "subject")
        note(connection, ledger.sealer, by.entry(LINK, login))


def unlink(ledger: Ledger, by: Acting, person: str) -> None:
    """No account at the platform opens this person's any more; an administrator may. Raises NotGranted."""
    with writing(ledger.engine) as connection:
        require_role(connection, by, Role.ADMINISTRATOR)
        gone = connection.execute(identities.delete().where(identities.c.person_id == person))
        if not gone.rowcount:
            raise NotGranted("这个账号没有绑定统一身份")
        login = connection.scalar(select(persons.c.login).where(persons.c.person_id == person))
        note(connection, ledger.sealer, by.entry(UNLINK, str(login)))


# --- sign-ins under way ----------------------------------------------------------------------------------------------


def keep_flow(ledger: Ledger, said: dict[str, Any], good_for: timedelta) -> str:
    """Keep what the way back is compared with; the token by which it is found, which is kept nowhere."""
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    row = {"flow_hash": hashed(token), "good_until": now + good_for, "said": json.dumps(said)}
    with writing(ledger.engine) as connection:
        connection.execute(sign_in_flows.delete().where(sign_in_flows.c.good_until < now))
        connection.execute(insert(sign_in_flows), row)
    return token


def take_flow(ledger: Ledger, token: str) -> dict[str, Any] | None:
    """What was kept, once: of two who come back with it one gets it."""
    gone = (
        sign_in_flows.delete()
        .where(sign_in_flows.c.flow_hash == hashed(token), sign_in_flows.c.good_until > datetime.now(UTC))
        .returning(sign_in_flows.c.said)
    )
    with writing(ledger.engine) as connection:
        said = connection.scalar(gone)
    return json.loads(said) if said else None
