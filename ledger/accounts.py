"""Accounts: persons, and how their accounts are opened and closed. Every change is in the audit, in the same transaction.

Their posts are given and taken away by :mod:`ledger.grants`.

Every function raises LedgerUnavailable while PostgreSQL is away.
"""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, func, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.access import AccountState, NotGranted, Post, Role
from domain.posts import OF_THE_OFFICE
from domain.words import SHANGHAI
from ledger import slips
from ledger.access_tables import A_POST, persons, posts, sessions
from ledger.audit import SUCCESS, Entry, note
from ledger.connection import reading, writing
from ledger.locks import ACCOUNTS_LOCK, alone
from ledger.store import Ledger


class Person(NamedTuple):
    """One human, one account."""

    id: str
    login: str
    name: str
    status: AccountState


class Acting(NamedTuple):
    """Who does something to accounts: the person, in which post, from which address."""

    person: str | None
    post: str | None = None
    address: str = ""

    def entry(self, verb: str, object: str, refused: str = "", *, came_to: str = "") -> Entry:
        """What the audit says of it: ``refused``, and why; else done, and perhaps what it ``came_to``."""
        result = refused or "，".join(filter(None, (SUCCESS, came_to)))
        return Entry(verb, object, result, self.person, self.post, self.address)


SYSTEM = Acting(None)


def folded(login: str) -> str:
    """A login as it is compared: without spaces around, in small letters."""
    return login.strip().casefold()


def hashed(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


# --- the first administrator, and those who follow -------------------------------------------------------------------


def founding_slip(ledger: Ledger, *, minutes: int) -> str | None:
    """A slip by which the first administrator makes himself; nothing once there is anybody."""
    with writing(ledger.engine) as connection:
        alone(connection, ACCOUNTS_LOCK)
        if connection.scalar(select(func.count()).select_from(persons)):
            return None
        return slips.issue(connection, None, timedelta(minutes=minutes))


def found(ledger: Ledger, slip: str, login: str, name: str) -> str:
    """The first person, with an administrator's post; returns the slip that opens the account. Raises NotGranted."""
    with writing(ledger.engine) as connection:
        alone(connection, ACCOUNTS_LOCK)
        if slips.spend(connection, slip) != slips.Slip(None) or connection.scalar(
            select(func.count()).select_from(persons)
        ):
            raise NotGranted("链接无效、已用过或已过期；重新启动 fengqiao up 会给出新的链接")
        made = _create(connection, login, name)
        day = today()
        post = Post(str(uuid.uuid4()), made, OF_THE_OFFICE, Role.ADMINISTRATOR, day, None)
        connection.execute(insert(posts), post_row(post, basis="首次开通", proposed_by=None, granted_by=None))
        note(connection, ledger.sealer, SYSTEM.entry("首次开通", folded(login)))
        return slips.issue(connection, made, timedelta(minutes=30))


def create(ledger: Ledger, by: Acting, login: str, name: str, *, hours: int) -> tuple[str, str]:
    """A new person without any post; his id, and the slip by which he opens the account. Raises NotGranted."""
    with writing(ledger.engine) as connection:
        alone(connection, ACCOUNTS_LOCK)
        require_role(connection, by, Role.ADMINISTRATOR)
        made = _create(connection, login, name)
        note(connection, ledger.sealer, by.entry("建立账号", folded(login)))
        return made, slips.issue(connection, made, timedelta(hours=hours))


def use_slip(ledger: Ledger, slip: str, password_hash: str, address: str) -> Person:
    """Open the account that the slip is for, with this password. Raises NotGranted."""
    now = datetime.now(UTC)
    with writing(ledger.engine) as connection:
        used = slips.spend(connection, slip)
        if used is None or used.person is None:
            raise NotGranted(
                "开通凭条的号码写错、已用过、已过期，或已另开新的；请本单位负责人或账号管理员再开一张"
            )
        row = connection.execute(
            update(persons)
            .where(persons.c.person_id == used.person, persons.c.status != AccountState.SUSPENDED)
            .values(
                password=password_hash,
                password_since=now,
                must_change=False,
                status=AccountState.ACTIVE,
                earlier_passwords=func.array_remove(
                    func.array_prepend(persons.c.password, persons.c.earlier_passwords), None
                ),
            )
            .returning(persons)
        ).one_or_none()
        if row is None:
            raise NotGranted("账号已停用，请联系账号管理员")
        _end_sessions(connection, used.person)
        note(connection, ledger.sealer, Acting(used.person, address=address).entry("开通账号", row.login))
        return _person(row)


def earlier_passwords(ledger: Ledger, by: Acting, most: int) -> list[str]:
    """The hashes of one's last passwords but the one in force."""
    wanted = select(persons.c.earlier_passwords).where(persons.c.person_id == by.person)
    with reading(ledger.engine) as connection:
        kept: list[str] = connection.scalar(wanted) or []
    return kept[:most]


def change_password(ledger: Ledger, by: Acting, password_hash: str) -> None:
    """Another password of one's own; every session of the person ends."""
    with writing(ledger.engine) as connection:
        connection.execute(
            update(persons)
            .where(persons.c.person_id == by.person)
            .values(
                password=password_hash,
                password_since=datetime.now(UTC),
                must_change=False,
                earlier_passwords=func.array_prepend(persons.c.password, persons.c.earlier_passwords),
            )
        )
        _end_sessions(connection, by.person or "")
        note(connection, ledger.sealer, by.entry("换口令", login_of(connection, by.person or "")))


def new_slip(ledger: Ledger, by: Acting, person: str, *, hours: int) -> str:
    """A slip for somebody who lost his password: a head of his unit prints it, or an administrator. Raises NotGranted."""
    day = today()
    with writing(ledger.engine) as connection:
        units = {p.unit for p in posts_held(connection, person) if not p.is_over(day)}
        mine = standing(connection, by.person)
        if person == by.person or not any(
            p.role is Role.ADMINISTRATOR or (p.role is Role.HEAD and p.unit in units) for p in mine
        ):
            raise NotGranted("只有本单位负责人或账号管理员可以为他人开具开通凭条")
        who = _locked(connection, person)
        if who.status is AccountState.SUSPENDED:
            raise NotGranted("账号已停用，不能开具开通凭条；请账号管理员先恢复账号")
        note(connection, ledger.sealer, by.entry("开具开通凭条", who.login))
        return slips.issue(connection, person, timedelta(hours=hours))


def suspend(ledger: Ledger, by: Acting, person: str) -> None:
    """Close an account at once: its sessions and slips end, its posts stay as they are. Raises NotGranted."""
    with writing(ledger.engine) as connection:
        require_role(connection, by, Role.ADMINISTRATOR)
        if person == by.person:
            raise NotGranted("不能停用自己的账号，请由另一名账号管理员办理")
        who = _locked(connection, person)
        if who.status is AccountState.SUSPENDED:
            raise NotGranted("账号已经停用，不必再停用")
        _set_status(connection, person, AccountState.SUSPENDED)
        _end_sessions(connection, person)
        slips.cancel(connection, person)
        note(connection, ledger.sealer, by.entry("停用账号", who.login))


def restore(ledger: Ledger, by: Acting, person: str) -> None:
    """Open a suspended account again: its posts and password are as they were, and one signs in anew. Raises NotGranted."""
    with writing(ledger.engine) as connection:
        require_role(connection, by, Role.ADMINISTRATOR)
        who = _locked(connection, person)
        if who.status is not AccountState.SUSPENDED:
            raise NotGranted("账号没有停用，不必恢复")
        opened = connection.scalar(
            select(persons.c.password.is_not(None)).where(persons.c.person_id == person)
        )
        _set_status(connection, person, AccountState.ACTIVE if opened else AccountState.INVITED)
        note(connection, ledger.sealer, by.entry("恢复账号", who.login))


# --- who there is ----------------------------------------------------------------------------------------------------


def posts_of(ledger: Ledger, person: str, day: date) -> list[Post]:
    """The posts that a person holds on a day."""
    with reading(ledger.engine) as connection:
        return [post for post in posts_held(connection, person) if post.stands(day)]


def units_of(ledger: Ledger, person: str) -> list[str]:
    """The units in which somebody serves, served or will serve."""
    with reading(ledger.engine) as connection:
        return sorted({post.unit for post in posts_held(connection, person)})


def by_login(ledger: Ledger, login: str) -> Person:
    """Whose account it is. Raises NotGranted for none, or one that is not open."""
    wanted = select(persons).where(persons.c.login == folded(login), persons.c.status == AccountState.ACTIVE)
    with reading(ledger.engine) as connection:
        row = connection.execute(wanted).one_or_none()
    if row is None:
        raise NotGranted(f"没有登录名为“{folded(login)}”的账号，或尚未开通、已停用")
    return _person(row)


def called(ledger: Ledger, text: str) -> list[Person]:
    """The account of this login, else everybody of exactly this name."""
    with reading(ledger.engine) as connection:
        for same in (persons.c.login == folded(text), persons.c.name == text.strip()):
            found = connection.execute(select(persons).where(same).order_by(persons.c.login)).all()
            if found:
                return [_person(row) for row in found]
    return []


def staff(ledger: Ledger, unit: str, day: date) -> list[tuple[Person, Post]]:
    """Who serves in a unit on a day."""
    with reading(ledger.engine) as connection:
        rows = connection.execute(
            select(persons, *A_POST)
            .join(posts, posts.c.person_id == persons.c.person_id)
            .where(posts.c.unit == unit, persons.c.status == AccountState.ACTIVE)
            .order_by(persons.c.name)
        ).all()
    return [(_person(row), post) for row in rows if (post := _post(row)).stands(day)]


def staff_names(ledger: Ledger, unit: str) -> list[str]:
    """The names of those who handle matters in a unit today, in order: what is offered where somebody is named."""
    serving = staff(ledger, unit, today())
    return sorted({person.name for person, post in serving if post.role.handles_disputes})


def everybody(ledger: Ledger) -> list[tuple[Person, list[Post]]]:
    """All accounts with the posts they hold or will hold, by login."""
    day = today()
    with reading(ledger.engine) as connection:
        people = [_person(row) for row in connection.execute(select(persons).order_by(persons.c.login))]
        held = [_post(row) for row in connection.execute(select(*A_POST).where(posts.c.ended_at.is_(None)))]
    return [(who, [p for p in held if p.person == who.id and not p.is_over(day)]) for who in people]


# --- within a transaction --------------------------------------------------------------------------------------------


def today() -> date:
    """The county's day."""
    return datetime.now(SHANGHAI).date()


def _create(connection: Connection, login: str, name: str) -> str:
    made = str(uuid.uuid4())
    row = {"person_id": made, "login": folded(login), "name": name.strip(), "status": AccountState.INVITED}
    done = connection.execute(insert(persons).on_conflict_do_nothing().returning(persons.c.person_id), row)
    if done.one_or_none() is None:
        raise NotGranted(f"登录名“{folded(login)}”已有人用过，请换一个", "login")
    return made


def require_role(connection: Connection, by: Acting, role: Role) -> None:
    """Raise NotGranted for whoever does not hold such a post today."""
    if not any(p.role is role for p in standing(connection, by.person)):
        raise NotGranted(f"只有{role.word}可以办理")


def _locked(connection: Connection, person: str) -> Person:
    """Somebody's account, which nobody else changes until the transaction ends. Raises NotGranted."""
    wanted = select(persons).where(persons.c.person_id == person).with_for_update()
    row = connection.execute(wanted).one_or_none()
    if row is None:
        raise NotGranted("没有这个账号，请核对")
    return _person(row)


def _set_status(connection: Connection, person: str, status: AccountState) -> None:
    connection.execute(update(persons).where(persons.c.person_id == person).values(status=status))


def posts_held(connection: Connection, *person: str) -> list[Post]:
    """Every post that these persons hold, held or will hold."""
    return [_post(row) for row in _rows_of(connection, *person)]


def _rows_of(connection: Connection, *person: str) -> Iterable[Row[Any]]:
    wanted: Select[Any] = select(*A_POST)
    return connection.execute(wanted.where(posts.c.person_id.in_(person)))


def standing(connection: Connection, person: str | None) -> list[Post]:
    """The posts that somebody holds today."""
    return list(standing_of(_rows_of(connection, person))) if person else []


def standing_of(rows: Iterable[Row[Any]]) -> tuple[Post, ...]:
    """Of these rows of ``posts`` the posts that are held today."""
    day = today()
    return tuple(post for row in rows if (post := _post(row)).stands(day))


def post_itself(connection: Connection, post: str | None) -> list[Post]:
    """The post of this id, if there is one."""
    return [_post(row) for row in connection.execute(select(*A_POST).where(posts.c.post_id == post))]


def _end_sessions(connection: Connection, person: str) -> None:
    connection.execute(sessions.delete().where(sessions.c.person_id == person))


def login_of(connection: Connection, person: str) -> str:
    """As the audit calls somebody."""
    return connection.scalar(select(persons.c.login).where(persons.c.person_id == person)) or "（无此账号）"


def post_row(post: Post, **more: Any) -> dict[str, Any]:
    """A post as a row of ``posts``; ``more``: on what ground it was given."""
    return {
        "post_id": post.id,
        "person_id": post.person,
        "unit": post.unit,
        "role": post.role.value,
        "starts": post.starts,
        "ends": post.ends,
        "deputy_for": post.deputy_for,
        **more,
    }


def _post(row: Row[Any]) -> Post:
    return Post(
        row.post_id,
        row.person_id,
        row.unit,
        Role(row.role),
        row.starts,
        row.ends,
        row.deputy_for,
        row.ended_at,
        row.holder,
        row.lent_by,
    )


def _person(row: Row[Any]) -> Person:
    return Person(row.person_id, row.login, row.name, AccountState(row.status))
