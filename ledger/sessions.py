"""Signing in: sessions by the hash of their token, failures counted in the database, codes taken once.

Several processes serve one office, so nothing of it is in memory.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.access import AccountState, LockRules, Post, SessionRules
from ledger.access_tables import A_POST, attempts, persons, posts, sessions
from ledger.accounts import Acting, hashed, standing_of
from ledger.audit import note
from ledger.connection import ask, prepared, reading, writing
from ledger.store import Ledger

SEEN_EVERY = timedelta(seconds=60)
"""A session is written when it was last written longer ago than this: not for each picture of a page."""


class Known(NamedTuple):
    """What signing in compares with."""

    person: str
    name: str
    password: str | None
    must_change: bool
    password_since: datetime | None
    status: str
    seed_key: str | None
    seed: bytes | None


class Session(NamedTuple):
    """Somebody who is signed in."""

    person: str
    login: str
    name: str
    post: str | None
    factors: int
    began_at: datetime
    address: str
    must_change: bool
    """Whether a new password is asked for before anything else."""
    held: tuple[Post, ...] = ()
    """The posts that he holds today."""


_SHOWN = (
    sessions.c.person_id.label("who"),
    sessions.c.post_id.label("acts_in"),
    *(sessions.c[name] for name in ("token_hash", "factors", "began_at", "seen_at", "address")),
    *(persons.c[name] for name in ("login", "name", "must_change")),
)
_STANDS = prepared(
    select(*_SHOWN, *A_POST)
    .join_from(sessions, persons, persons.c.person_id == sessions.c.person_id)
    .outerjoin(posts, posts.c.person_id == persons.c.person_id)
    .where(
        sessions.c.token_hash == bindparam("token"),
        sessions.c.seen_at > bindparam("seen"),
        sessions.c.began_at > bindparam("began"),
        persons.c.status == bindparam("status"),
    )
)


def known(ledger: Ledger, login: str) -> Known | None:
    """The account of a folded login."""
    wanted = select(
        persons.c.person_id,
        persons.c.name,
        persons.c.password,
        persons.c.must_change,
        persons.c.password_since,
        persons.c.status,
        persons.c.seed_key,
        persons.c.seed,
    ).where(persons.c.login == login)
    with reading(ledger.engine) as connection:
        row = connection.execute(wanted).one_or_none()
    return Known(*row) if row else None


def wait_for(ledger: Ledger, login: str, address: str, rules: LockRules) -> timedelta:
    """How long this login, from this address, has to wait before the next try. Zero: it may try now."""
    now = datetime.now(UTC)
    with reading(ledger.engine) as connection:
        of_account = connection.execute(
            select(func.coalesce(func.sum(attempts.c.failed), 0), func.max(attempts.c.last_at)).where(
                attempts.c.login == login, attempts.c.last_at > now - timedelta(minutes=rules.locked_min)
            )
        ).one()
        of_address = connection.execute(
            select(func.count(), func.max(attempts.c.last_at)).where(
                attempts.c.address == address, attempts.c.last_at > now - timedelta(minutes=rules.locked_min)
            )
        ).one()
    waits = [_wait(of_account[0], of_account[1], rules)]
    if of_address[0] >= rules.accounts:
        waits.append(of_address[1] + timedelta(minutes=rules.locked_min))
    until = max((w for w in waits if w), default=now)
    return max(until - now, timedelta(0))


def _wait(failed: int, last_at: datetime | None, rules: LockRules) -> datetime | None:
    if last_at is None or failed < rules.free:
        return None
    if failed >= rules.most:
        return last_at + timedelta(minutes=rules.locked_min)
    return last_at + timedelta(seconds=min(2 ** (failed - rules.free), rules.longest_s))


def failed(ledger: Ledger, login: str, address: str, why: str) -> None:
    """Count a failure to sign in."""
    now = datetime.now(UTC)
    row = {"address": address, "login": login, "failed": 1, "last_at": now}
    counted = insert(attempts)
    counted = counted.on_conflict_do_update(
        index_elements=["address", "login"], set_={"failed": attempts.c.failed + 1, "last_at": now}
    )
    with writing(ledger.engine) as connection:
        connection.execute(counted, row)
        note(connection, ledger.sealer, Acting(None, address=address).entry("登录", login, why))


def begin(
    ledger: Ledger,
    person: str,
    *,
    factors: int,
    post: str | None,
    address: str,
    agent: str,
    rules: SessionRules,
    verb: str = "登录",
) -> str:
    """Sign somebody in; the token, which is kept nowhere. The oldest of too many sessions ends. ``verb``: for the audit."""
    token = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    row = {
        "token_hash": hashed(token),
        "person_id": person,
        "post_id": post,
        "factors": factors,
        "began_at": now,
        "seen_at": now,
        "address": address,
        "agent": agent[:200],
    }
    with writing(ledger.engine) as connection:
        login = connection.scalar(select(persons.c.login).where(persons.c.person_id == person))
        connection.execute(attempts.delete().where(attempts.c.login == login))
        connection.execute(insert(sessions), row)
        surplus = (
            select(sessions.c.token_hash)
            .where(sessions.c.person_id == person)
            .order_by(sessions.c.began_at.desc())
            .offset(rules.at_once)
        )
        connection.execute(sessions.delete().where(sessions.c.token_hash.in_(surplus)))
        note(connection, ledger.sealer, Acting(person, post, address).entry(verb, str(login)))
    return token


def find(ledger: Ledger, token: str, rules: SessionRules, *, acts: bool = True) -> Session | None:
    """Whose session this is, if it stands. ``acts``: a person did something, so it is not idle; a stream is no act."""
    now = datetime.now(UTC)
    with reading(ledger.engine) as connection:
        rows = ask(
            connection,
            _STANDS,
            token=hashed(token),
            seen=now - timedelta(minutes=rules.idle_min),
            began=now - timedelta(hours=rules.longest_h),
            status=AccountState.ACTIVE,
        )
    if not rows:
        return None
    row = rows[0]
    if acts and now - row.seen_at > SEEN_EVERY:
        with writing(ledger.engine) as connection:
            connection.execute(
                update(sessions).where(sessions.c.token_hash == row.token_hash).values(seen_at=now)
            )
    return _session(row)._replace(held=standing_of(row for row in rows if row.post_id))


def end(ledger: Ledger, token: str) -> None:
    """Sign out."""
    with writing(ledger.engine) as connection:
        gone = connection.execute(
            sessions.delete().where(sessions.c.token_hash == hashed(token)).returning(sessions)
        ).one_or_none()
        if gone:
            note(
                connection,
                ledger.sealer,
                Acting(gone.person_id, gone.post_id, gone.address).entry("退出", ""),
            )


def end_all(ledger: Ledger, by: Acting) -> None:
    """End every session of one's own."""
    with writing(ledger.engine) as connection:
        connection.execute(sessions.delete().where(sessions.c.person_id == by.person))
        note(connection, ledger.sealer, by.entry("结束全部登录", ""))


def choose_post(ledger: Ledger, token: str, post: str) -> None:
    """Act in this post from now on, in this session."""
    with writing(ledger.engine) as connection:
        connection.execute(
            update(sessions).where(sessions.c.token_hash == hashed(token)).values(post_id=post)
        )


def of_person(ledger: Ledger, person: str) -> list[Session]:
    """A person's sessions, the newest first, so that he sees one that is not his."""
    wanted = (
        select(*_SHOWN)
        .join_from(sessions, persons, persons.c.person_id == sessions.c.person_id)
        .where(sessions.c.person_id == person)
        .order_by(sessions.c.began_at.desc())
    )
    with reading(ledger.engine) as connection:
        return [_session(row) for row in connection.execute(wanted)]


def _session(row: Row[Any]) -> Session:
    return Session(
        row.who,
        row.login,
        row.name,
        row.acts_in,
        row.factors,
        row.began_at,
        row.address,
        row.must_change,
    )


def take_code(ledger: Ledger, person: str, step: int) -> bool:
    """Take a second factor's code, by its step in time, once: of two processes one takes it."""
    with writing(ledger.engine) as connection:
        done = connection.execute(
            update(persons)
            .where(persons.c.person_id == person, persons.c.last_step < step)
            .values(last_step=step)
        )
        return done.rowcount == 1


def keep_seed(ledger: Ledger, person: str, key_id: str, sealed: bytes, address: str) -> None:
    """Keep the second factor's seed, sealed."""
    with writing(ledger.engine) as connection:
        connection.execute(
            update(persons).where(persons.c.person_id == person).values(seed_key=key_id, seed=sealed)
        )
        note(connection, ledger.sealer, Acting(person, address=address).entry("登记第二重验证", ""))
