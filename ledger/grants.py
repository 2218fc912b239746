"""Posts given and taken away. Every try is in the audit, in the same transaction.

Every function raises LedgerUnavailable while PostgreSQL is away.
"""

import uuid
from datetime import date

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.access import AccountState, NotGranted, Post, Role
from domain.policy import Policy
from domain.posts import Concerned, check_grant
from ledger.access_tables import persons, posts, sessions
from ledger.accounts import Acting, login_of, post_itself, post_row, posts_held, standing, today
from ledger.audit import note
from ledger.connection import writing
from ledger.locks import ACCOUNTS_LOCK, alone
from ledger.store import Ledger


def grant(
    ledger: Ledger,
    policy: Policy,
    by: Acting,
    *,
    person: str,
    unit: str,
    role: Role,
    starts: date,
    ends: date | None,
    basis: str,
    proposed_by: str | None = None,
    deputy_for: str | None = None,
) -> Post:
    """Give a post (domain.posts.check_grant says who may). A refusal is in the audit as well. Raises NotGranted."""
    wanted = Post(str(uuid.uuid4()), person, unit, role, starts, ends, deputy_for)
    refused: NotGranted | None = None
    with writing(ledger.engine) as connection:
        alone(connection, ACCOUNTS_LOCK)
        concerned = {p for p in (by.person, proposed_by, person) if p}
        held = posts_held(connection, *concerned) + post_itself(connection, deputy_for)
        known = Concerned(held, _states(connection, concerned))
        try:
            check_grant(
                wanted,
                by=by.person or "",
                proposed_by=proposed_by,
                known=known,
                policy=policy,
                today=today(),
            )
        except NotGranted as error:
            refused = error
        else:
            row = post_row(wanted, basis=basis, proposed_by=proposed_by, granted_by=by.person)
            connection.execute(insert(posts), row)
        object = f"{login_of(connection, person)} {unit} {role.word}"
        note(connection, ledger.sealer, by.entry("授予岗位", object, str(refused or "")))
    if refused:
        raise refused
    return wanted


def _states(connection: Connection, people: set[str]) -> dict[str, AccountState]:
    wanted = select(persons.c.person_id, persons.c.status).where(persons.c.person_id.in_(people))
    return {row.person_id: AccountState(row.status) for row in connection.execute(wanted)}


def end_post(ledger: Ledger, by: Acting, post: str) -> None:
    """Take a post away, at once; an administrator may, and a head of the unit. Raises NotGranted."""
    with writing(ledger.engine) as connection:
        its = post_itself(connection, post)
        mine = standing(connection, by.person)
        if not its or not any(
            p.role is Role.ADMINISTRATOR or (p.role is Role.HEAD and p.unit == its[0].unit) for p in mine
        ):
            raise NotGranted("没有这个岗位，或无权收回")
        if its[0].person == by.person:
            raise NotGranted("不能收回自己的岗位，请由他人办理")
        connection.execute(update(posts).where(posts.c.post_id == post).values(ended_at=func.now()))
        connection.execute(sessions.delete().where(sessions.c.post_id == post))
        note(connection, ledger.sealer, by.entry("收回岗位", f"{its[0].unit} {its[0].role.word}"))
