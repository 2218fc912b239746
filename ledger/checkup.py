"""What a look over the whole ledger finds by single statements, without opening a state; ``verify`` is the full check."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Engine,
    Select,
    String,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.sql.selectable import LateralFromClause

from domain.access import AccountState, Role
from domain.destruction import APPROVALS
from ledger.access_tables import persons, posts
from ledger.connection import reading, without_time_limit
from ledger.destruction_tables import destroyed, destruction_items, destruction_votes
from ledger.read_tables import clocks, disputes, sources, tasks
from ledger.tables import data_keys, events, notices_sent

IDS_AT_ONCE = 1000


class Matter(NamedTuple):
    """How the read table shows a matter: what its workflow must show too."""

    dispute_id: str
    case_no: str
    version: int
    stage: str | None
    level: str | None
    lead: str | None
    card: str | None
    next_due: datetime | None
    is_over: bool


class Place(NamedTuple):
    """A matter, and one event of it where it is about one."""

    dispute_id: str
    case_no: str
    seq: int = 0


class Gap(NamedTuple):
    """A matter whose read row and last event do not agree: at which versions they stand."""

    dispute_id: str
    case_no: str
    shown: int
    recorded: int


class Moments(NamedTuple):
    """When a matter's last event took place in business time, and when it was written down."""

    at: datetime
    recorded_at: datetime


_MATTER = [disputes.c[name] for name in Matter._fields]
_PLACE = [disputes.c.dispute_id, disputes.c.case_no]
_HANDLING = [role for role in Role if role.handles_disputes]
_OPEN = ~disputes.c.is_over


def open_matters(engine: Engine) -> dict[str, Matter]:
    """Every matter that is not archived."""
    with reading(engine) as connection:
        without_time_limit(connection)
        rows = connection.execute(select(*_MATTER).where(_OPEN))
        return {row.dispute_id: Matter(*row) for row in rows}


def matters(engine: Engine, ids: Sequence[str]) -> dict[str, Matter]:
    """These matters, open or not, as far as the ledger has them."""
    found: dict[str, Matter] = {}
    with reading(engine) as connection:
        for start in range(0, len(ids), IDS_AT_ONCE):
            some = disputes.c.dispute_id.in_(ids[start : start + IDS_AT_ONCE])
            rows = connection.execute(select(*_MATTER).where(some))
            found |= {row.dispute_id: Matter(*row) for row in rows}
    return found


def gaps(engine: Engine) -> list[Gap]:
    """Matters whose read row is behind, ahead of, or other than their last event, or is missing."""
    last = _last_event()
    differs = (
        select(*_PLACE, disputes.c.version, func.coalesce(last.c.seq, 0))
        .outerjoin(last, true())
        .where((last.c.hash.is_distinct_from(disputes.c.head_hash)) | (last.c.seq != disputes.c.version))
    )
    unshown = select(events.c.dispute_id, literal(""), literal(0), func.max(events.c.seq)).where(
        ~exists().where(disputes.c.dispute_id == events.c.dispute_id)
    )
    with reading(engine, snapshot=True) as connection:
        without_time_limit(connection)
        rows = [*connection.execute(differs), *connection.execute(unshown.group_by(events.c.dispute_id))]
        return [Gap(*row) for row in rows]


def keyless(engine: Engine) -> list[Place]:
    """Matters whose data key is gone, though nobody recorded that it was destroyed."""
    has_key = exists().where(data_keys.c.dispute_id == disputes.c.dispute_id)
    was_destroyed = exists().where(destroyed.c.dispute_id == disputes.c.dispute_id)
    return _places(engine, select(*_PLACE).where(~has_key, ~was_destroyed))


def half_destroyed(engine: Engine, before: datetime) -> dict[str, int]:
    """Lists that two had approved before this moment and nobody stopped: how many of their matters are not destroyed."""
    votes, its = destruction_votes, destruction_items
    approved = (
        select(votes.c.number)
        .group_by(votes.c.number)
        .having(func.bool_and(votes.c.agrees), func.count() >= APPROVALS, func.max(votes.c.at) < before)
    )
    left = (
        select(its.c.number, func.count())
        .where(its.c.number.in_(approved), ~exists().where(destroyed.c.dispute_id == its.c.dispute_id))
        .group_by(its.c.number)
    )
    with reading(engine) as connection:
        return {row[0]: row[1] for row in connection.execute(left)}


def ownerless(engine: Engine) -> list[Place]:
    """Open matters that nobody owes anything: no clock of their own, no open task with a clock."""
    running = and_(clocks.c.dispute_id == disputes.c.dispute_id, clocks.c.stopped_at.is_(None))
    own = exists().where(running, clocks.c.task_id.is_(None))
    owed = exists().where(
        running,
        tasks.c.dispute_id == clocks.c.dispute_id,
        tasks.c.task_id == clocks.c.task_id,
        tasks.c.closed_at.is_(None),
    )
    return _places(engine, select(*_PLACE).where(_OPEN, ~own, ~owed))


def unstaffed(engine: Engine) -> dict[str, int]:
    """Units with open tasks in which nobody can sign in, with how many; none in an office without accounts."""
    held = posts.c.ended_at.is_(None), or_(posts.c.ends.is_(None), posts.c.ends >= func.current_date())
    can = select(posts.c.unit).join(persons, persons.c.person_id == posts.c.person_id)
    can = can.where(persons.c.status != AccountState.SUSPENDED, *held)
    number = (
        select(tasks.c.unit, func.count())
        .where(tasks.c.closed_at.is_(None), tasks.c.unit.not_in(can))
        .where(exists().where(posts.c.role.in_(_HANDLING)))
        .group_by(tasks.c.unit)
        .order_by(tasks.c.unit)
    )
    with reading(engine) as connection:
        return {row[0]: row[1] for row in connection.execute(number)}


def overdue(engine: Engine, before: datetime) -> list[Place]:
    """Open matters with a clock that ran out before this moment and on which no timer has acted yet.

    Suspects only: a clock may have no alarm at all, which its receipt in the state says.
    """
    ran_out = exists().where(
        clocks.c.dispute_id == disputes.c.dispute_id,
        clocks.c.stopped_at.is_(None),
        ~clocks.c.paused,
        clocks.c.kind != "not_before",
        clocks.c.result == "running",
        clocks.c.due_at < before,
    )
    return _places(engine, select(*_PLACE).where(_OPEN, ran_out))


def unsent_notices(engine: Engine, before: datetime) -> list[Place]:
    """Alarms of open matters, written before this moment, whose notice never went out."""
    key = events.c.dispute_id + "-" + cast(events.c.seq, String)
    return _places(
        engine,
        select(*_PLACE, events.c.seq)
        .join(events, events.c.dispute_id == disputes.c.dispute_id)
        .where(_OPEN, events.c.type == "alarm_fired", events.c.recorded_at < before)
        .where(~exists().where(notices_sent.c.key == key)),
    )


def missing_leads(engine: Engine, before: datetime) -> list[tuple[Place, str]]:
    """Leads left behind before this moment that never began: the parent, and the lead's id."""
    number = func.row_number().over(partition_by=events.c.dispute_id, order_by=events.c.seq)
    lead_id = (events.c.dispute_id + "-lead" + cast(number, String)).label("lead_id")
    left = (
        select(events.c.dispute_id, events.c.seq, events.c.recorded_at, lead_id)
        .where(events.c.type == "lead_spawned")
        .subquery()
    )
    begun = disputes.alias("begun")
    query = (
        select(*_PLACE, left.c.seq, left.c.lead_id)
        .join(left, left.c.dispute_id == disputes.c.dispute_id)
        .where(left.c.recorded_at < before, ~exists().where(begun.c.dispute_id == left.c.lead_id))
    )
    with reading(engine) as connection:
        without_time_limit(connection)
        return [
            (Place(row.dispute_id, row.case_no, row.seq), row.lead_id) for row in connection.execute(query)
        ]


def unheard_mergers(engine: Engine, before: datetime) -> list[Place]:
    """Merged matters, untouched since this moment, whose number no parent has taken over."""
    last = _last_event()
    child, parent = sources.alias("child"), sources.alias("parent")
    taken = exists().where(
        parent.c.absorbed, parent.c.channel == child.c.channel, parent.c.source_no == child.c.source_no
    )
    return _places(
        engine,
        select(*_PLACE)
        .join(child, and_(child.c.dispute_id == disputes.c.dispute_id, ~child.c.absorbed))
        .join(last, true())
        .where(disputes.c.merged_into.is_not(None), last.c.recorded_at < before, ~taken),
    )


def numbers_used_twice(engine: Engine) -> list[Place]:
    """Open matters whose source number another matter of another channel was registered under too."""
    mine, others = sources.alias("mine"), sources.alias("others")
    twice = exists().where(
        others.c.source_no == mine.c.source_no,
        others.c.dispute_id != mine.c.dispute_id,
        ~others.c.absorbed,
    )
    same: ColumnElement[bool] = and_(mine.c.dispute_id == disputes.c.dispute_id, ~mine.c.absorbed)
    return _places(
        engine,
        select(*_PLACE).join(mine, same).where(_OPEN, disputes.c.merged_into.is_(None), twice),
    )


def last_moments(engine: Engine, dispute_id: str) -> Moments | None:
    """The moments of a matter's last event."""
    query = select(events.c.at, events.c.recorded_at).where(events.c.dispute_id == dispute_id)
    with reading(engine) as connection:
        row = connection.execute(query.order_by(events.c.seq.desc()).limit(1)).one_or_none()
    return Moments(*row) if row else None


def _last_event() -> LateralFromClause:
    columns = [events.c.seq, events.c.hash, events.c.recorded_at]
    newest: Select[tuple[int, str, datetime]] = select(*columns).where(
        events.c.dispute_id == disputes.c.dispute_id
    )
    return newest.order_by(events.c.seq.desc()).limit(1).lateral("last")


def _places(engine: Engine, query: Select[tuple[str, str]] | Select[tuple[str, str, int]]) -> list[Place]:
    with reading(engine) as connection:
        without_time_limit(connection)
        return [Place(*row) for row in connection.execute(query.order_by(disputes.c.case_no))]
