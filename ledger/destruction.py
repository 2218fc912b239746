"""销毁保管期满的档案: what is due, the lists, their approval, and carrying one out. Each step is in the audit.

To destroy a file is to destroy its data key (:mod:`ledger.destroyed`). Each matter is a transaction of its own: broken off,
it goes on with the next when it is asked again.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, insert, or_, select, text

from domain.access import Post
from domain.declined import Declined
from domain.destruction import (
    MARK,
    ListState,
    Vote,
    check_vote,
    has_part,
    may_approve,
    may_propose,
    state_of,
)
from domain.policy import Policy
from domain.reasons import require_names_nobody
from domain.retention import due_on
from domain.words import SHANGHAI
from ledger.access_tables import persons
from ledger.accounts import Acting, today
from ledger.audit import note
from ledger.batches import rows_by_matter
from ledger.connection import reading, without_time_limit, writing
from ledger.destroyed import Record, empty, record, records
from ledger.destruction_tables import (
    DESTROY,
    destroyed,
    destruction_items,
    destruction_lists,
    destruction_votes,
)
from ledger.locks import DESTRUCTION_LOCK, alone, hold
from ledger.lookup import Lookup
from ledger.read_tables import READ_TABLES, disputes, measures, sources
from ledger.record import as_dict
from ledger.states import newest
from ledger.store import Ledger
from ledger.tables import events
from ledger.verify import matter_broken, numbers_given

MOST_DUE = 500
"""Matters that are shown, and that one list may hold."""
AT_ONCE = 25
"""Matters destroyed by one request: each is verified first, with its files."""


NAMES_SOMEBODY = "清册永久保存，不要写证件号、电话"


class Due(NamedTuple):
    """A matter whose file may be destroyed."""

    dispute_id: str
    case_no: str
    kind: str
    level: str | None
    outcome: str | None
    archived_on: date
    due_on: date


class Said(NamedTuple):
    """What somebody said of a list."""

    person: str
    name: str
    agrees: bool
    opinion: str
    at: datetime


class Listed(NamedTuple):
    """A 销毁清册. ``person``: whoever proposed it, by id; ``total`` matters stand on it, ``left`` are not destroyed."""

    number: str
    unit: str
    reason: str
    person: str
    name: str
    at: datetime
    votes: list[Said]
    total: int
    left: int

    @property
    def state(self) -> ListState:
        """How far it is."""
        return state_of(self.person, [Vote(v.person, v.agrees) for v in self.votes], self.left)


class Item(NamedTuple):
    """A matter on a list; ``destroyed_at``: when its key was."""

    dispute_id: str
    case_no: str
    archived_on: date
    due_on: date
    destroyed_at: datetime | None


class Carried(NamedTuple):
    """What carrying a list out came to: how many now, how many are left to do, and which could not be, with the reason."""

    done: int
    left: int
    kept: list[tuple[str, str]]


# --- what is due -----------------------------------------------------------------------------------------------------


def due(ledger: Ledger, county: str, today: date) -> list[Due]:
    """What may be destroyed and stands on no list, the longest overdue first."""
    query = _due(county, today).where(~_on_a_list()).order_by(measures.c.destroy_on, disputes.c.case_no)
    with reading(ledger.engine) as connection:
        return [_as_due(as_dict(row)) for row in connection.execute(query.limit(MOST_DUE))]


def _due(county: str, today: date) -> Select[Any]:
    """Archived, its term over, not destroyed; of a merged one, that of the matter it was merged into as well."""
    columns = (disputes.c[n] for n in ("dispute_id", "case_no", "kind", "level", "outcome", "archived_at"))
    return (
        select(*columns, measures.c.destroy_on)
        .join(measures, measures.c.dispute_id == disputes.c.dispute_id)
        .where(
            measures.c.county == county,
            measures.c.destroy_on <= today,
            disputes.c.is_over,
            ~_is_destroyed(disputes.c.dispute_id),
            ~_parent_is_kept(today),
        )
    )


def _is_destroyed(matter: ColumnElement[str]) -> ColumnElement[bool]:
    return exists().where(destroyed.c.dispute_id == matter)


def _parent_is_kept(today: date) -> ColumnElement[bool]:
    number, parent = sources.alias("number"), measures.alias("parent")
    kept = or_(parent.c.destroy_on.is_(None), parent.c.destroy_on > today)
    return exists().where(
        number.c.source_no == disputes.c.merged_into,
        ~number.c.absorbed,
        parent.c.dispute_id == number.c.dispute_id,
        and_(kept, ~_is_destroyed(number.c.dispute_id)),
    )


def _on_a_list() -> ColumnElement[bool]:
    """Whether it stands on a list that nobody has stopped."""
    stopped = exists().where(
        destruction_votes.c.number == destruction_items.c.number, ~destruction_votes.c.agrees
    )
    return exists().where(destruction_items.c.dispute_id == disputes.c.dispute_id, ~stopped)


def _as_due(row: dict[str, Any]) -> Due:
    archived_on = row.pop("archived_at").astimezone(SHANGHAI).date()
    return Due(archived_on=archived_on, due_on=row.pop("destroy_on"), **row)


# --- lists -----------------------------------------------------------------------------------------------------------


def propose(
    ledger: Ledger, policy: Policy, post: Post, by: Acting, matters: Collection[str], reason: str
) -> str:
    """A list of these matters, by their ids; its number. Raises Declined for one that is not due or stands on a list."""
    if not may_propose(post, policy):
        raise Declined("no_archives", f"{post.unit}{post.role.word}不能提出销毁清册")
    require_names_nobody(reason, said=NAMES_SOMEBODY)
    ids, day = list(dict.fromkeys(matters)), today()
    if not 0 < len(ids) <= MOST_DUE:
        raise Declined("no_matters", f"请勾选要销毁的案件，一份清册至多 {MOST_DUE} 件", "matters")
    with writing(ledger.engine) as connection:
        alone(connection, DESTRUCTION_LOCK)
        query = _due(policy.county.name, day).where(disputes.c.dispute_id.in_(ids), ~_on_a_list())
        found = {row.dispute_id: _as_due(as_dict(row)) for row in connection.execute(query)}
        if gone := [matter for matter in ids if matter not in found]:
            said = f"有 {len(gone)} 件已列入清册、未到期或已销毁，没有提出；请刷新后重新勾选"
            raise Declined("not_due", said, "matters")
        number = Lookup(connection, ledger.sealer).case_number(
            policy.county.name, f"{policy.county.case_prefix}{MARK}", day.year
        )
        row = {"number": number, "county": policy.county.name, "unit": post.unit, "reason": reason}
        connection.execute(insert(destruction_lists), row | _by(post, by))
        names = ("dispute_id", "case_no", "archived_on", "due_on")
        items = [{"number": number} | {name: getattr(found[m], name) for name in names} for m in ids]
        connection.execute(insert(destruction_items), items)
        note(connection, ledger.sealer, by.entry("提出销毁清册", number, came_to=f"{len(ids)} 件"))
    return number


def vote(
    ledger: Ledger, policy: Policy, post: Post, by: Acting, number: str, *, agrees: bool, opinion: str = ""
) -> None:
    """Agree with a list, or stop it; said twice it is once. Raises Declined, and LookupError for an unknown list."""
    may = may_approve(post, policy) if agrees else has_part(post, policy)
    if not may:
        raise Declined("no_archives", f"{post.unit}{post.role.word}不能批准、终止销毁清册")
    require_names_nobody(opinion, field="opinion", said=NAMES_SOMEBODY)
    with writing(ledger.engine) as connection:
        alone(connection, DESTRUCTION_LOCK)
        listed = _one(connection, policy, number)
        if any((v.person, v.agrees) == (by.person, agrees) for v in listed.votes):
            return
        votes = [Vote(v.person, v.agrees) for v in listed.votes]
        check_vote(by.person or "", listed.person, votes, listed.left, agrees=agrees)
        row = {"number": number, "agrees": agrees, "opinion": opinion}
        connection.execute(insert(destruction_votes), row | _by(post, by))
        note(connection, ledger.sealer, by.entry("批准销毁清册" if agrees else "终止销毁清册", number))


def lists(ledger: Ledger, policy: Policy) -> list[Listed]:
    """The lists, the newest first."""
    with reading(ledger.engine) as connection:
        return _lists(connection, policy)


def one_list(ledger: Ledger, policy: Policy, number: str) -> tuple[Listed, list[Item]]:
    """A list with its matters. Raises LookupError."""
    with reading(ledger.engine) as connection:
        return _one(connection, policy, number), _items(connection, number)


def _one(connection: Connection, policy: Policy, number: str) -> Listed:
    found = _lists(connection, policy, destruction_lists.c.number == number)
    if not found:
        raise LookupError("没有这份销毁清册，请核对清册号")
    return found[0]


def _lists(connection: Connection, policy: Policy, *wanted: ColumnElement[bool]) -> list[Listed]:
    it, its = destruction_lists, destruction_items
    total = select(func.count()).where(its.c.number == it.c.number).scalar_subquery()
    done = (
        select(func.count())
        .where(its.c.number == it.c.number, _is_destroyed(its.c.dispute_id))
        .correlate(it)
        .scalar_subquery()
    )
    query = (
        select(it, persons.c.name, total.label("total"), done.label("done"))
        .outerjoin(persons, persons.c.person_id == it.c.person_id)
        .where(it.c.county == policy.county.name, *wanted)
        .order_by(it.c.at.desc())
    )
    rows = connection.execute(query).all()
    votes = _votes(connection, [row.number for row in rows])
    return [
        Listed(
            row.number, row.unit, row.reason, row.person_id, row.name or "", row.at,
            votes.get(row.number, []), row.total, row.total - row.done,
        )
        for row in rows
    ]  # fmt: skip


def _votes(connection: Connection, numbers: Sequence[str]) -> dict[str, list[Said]]:
    its = destruction_votes
    query = (
        select(its, persons.c.name)
        .outerjoin(persons, persons.c.person_id == its.c.person_id)
        .where(its.c.number.in_(numbers))
        .order_by(its.c.at)
    )
    found: dict[str, list[Said]] = {}
    for row in connection.execute(query):
        said = Said(row.person_id, row.name or "", row.agrees, row.opinion, row.at)
        found.setdefault(row.number, []).append(said)
    return found


def _items(connection: Connection, number: str) -> list[Item]:
    its = destruction_items
    query = (
        select(its.c.dispute_id, its.c.case_no, its.c.archived_on, its.c.due_on, destroyed.c.at)
        .outerjoin(destroyed, destroyed.c.dispute_id == its.c.dispute_id)
        .where(its.c.number == number)
        .order_by(its.c.due_on, its.c.case_no)
    )
    return [Item(*row) for row in connection.execute(query)]


# --- carrying out ----------------------------------------------------------------------------------------------------


def carry_out(ledger: Ledger, policy: Policy, post: Post, by: Acting, number: str) -> Carried:
    """Destroy what of an approved list is not destroyed yet, :data:`AT_ONCE` at most, each by itself.

    Raises Declined where it is not approved, and LookupError for an unknown list.
    """
    if not may_propose(post, policy):
        raise Declined("no_archives", f"{post.unit}{post.role.word}不能执行销毁")
    listed, items = one_list(ledger, policy, number)
    _require_approved(listed)
    done, kept = 0, list[tuple[str, str]]()
    for item in items:
        if item.destroyed_at or done >= AT_ONCE:
            continue
        try:
            done += _destroy(ledger, policy, post, by, number, item)
        except Declined as refusal:
            kept.append((item.case_no, str(refusal)))
    left = sum(item.destroyed_at is None for item in items) - done - len(kept)
    return Carried(done, max(left, 0), kept)


def _require_approved(listed: Listed) -> None:
    if listed.state in (ListState.WAITING, ListState.STOPPED):
        said = f"清册{listed.state}，不能执行：须由提出人以外的两人批准，且无人终止"
        raise Declined("not_approved", said)


def _destroy(ledger: Ledger, policy: Policy, post: Post, by: Acting, number: str, item: Item) -> bool:
    """Destroy one matter's key in a transaction; ``False`` where another has done it. Raises Declined."""
    matter = item.dispute_id
    with writing(ledger.engine) as connection:
        without_time_limit(connection)
        alone(connection, DESTRUCTION_LOCK)
        hold(connection, matter)
        if records(connection, [matter]):
            return False
        _require_approved(_one(connection, policy, number))
        _require_due(connection, ledger, policy, matter)
        rows = rows_by_matter(connection, events, [matter]).get(matter, [])
        numbers = _require_sound(connection, ledger, matter, rows)
        kept = empty(connection, matter)
        made = Record(
            matter, number, item.case_no, by.person or "", post.id, datetime.now(UTC),
            rows[-1]["seq"], rows[-1]["hash"], numbers, kept,
        )  # fmt: skip
        record(connection, ledger.sealer, made)
        connection.execute(text(f"SELECT {DESTROY}(:matter, :list)"), {"matter": matter, "list": number})
        note(connection, ledger.sealer, by.entry("销毁档案", item.case_no, came_to=f"清册 {number}"))
    return True


def _require_due(connection: Connection, ledger: Ledger, policy: Policy, matter: str) -> None:
    """By the read tables, and by the matter's own state: it may have changed since the list was made."""
    on = today()
    query = _due(policy.county.name, on).where(disputes.c.dispute_id == matter)
    d = newest(connection, ledger.sealer, [matter]).get(matter)
    day = due_on(d, ledger.policy(d.policy_version)) if d else None
    if day is None or day > on or connection.execute(query).one_or_none() is None:
        raise Declined("not_due", "已不在可销毁之列（重新办理、并入的案件未到期，或保管期限有变），没有销毁")


def _require_sound(
    connection: Connection, ledger: Ledger, matter: str, rows: list[dict[str, Any]]
) -> list[str]:
    """The numbers that it was given. Raises Declined for one that was tampered with: it is evidence."""
    shown = {t.name: rows_by_matter(connection, t, [matter]).get(matter, []) for t in READ_TABLES}
    box = ledger.sealer.need(connection, matter)
    if broken := matter_broken(connection, matter, rows, shown, box, ledger):
        raise Declined(
            "broken", f"核验不通过（{broken[0].problem}），没有销毁；请先运行 fengqiao ledger verify"
        )
    return sorted(numbers_given(rows, shown, box))


def _by(post: Post, by: Acting) -> dict[str, Any]:
    return {"person_id": by.person, "post_id": post.id, "at": datetime.now(UTC)}
