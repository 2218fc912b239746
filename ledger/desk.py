"""工作台: the tasks of an officer, of a unit or of all, page by page, each with whether anybody has looked at it yet."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple

from pydantic import Field
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    Text,
    any_,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    values,
)
from sqlalchemy.dialects.postgresql import insert

from domain.clocks import AlarmKind
from domain.knowing import Near
from domain.words import MatterKind, Model
from ledger.access_tables import task_looks
from ledger.connection import reading, writing
from ledger.paging import Page, cut, few, moment, one_of, place
from ledger.read_tables import NEVER, disputes, knowing, measures, tasks
from ledger.record import as_dict

PAGE = 50
MOST_COUNTED = 1000
SOON = timedelta(days=3)
"""What falls due within it is 即将到期."""


class Tab(StrEnum):
    """The tabs of a desk. 即将到期 and 已超期 are open tasks of whatever standing."""

    TO_SIGN = "待签收"
    IN_HAND = "办理中"
    SOON = "即将到期"
    OVERDUE = "已超期"
    WAITING = "等待他方"
    DONE = "已办"


STANDINGS = (Tab.TO_SIGN, Tab.IN_HAND, Tab.WAITING)
"""Every open task is under one of these."""
COUNTED = (*STANDINGS, Tab.SOON, Tab.OVERDUE)
"""What was done grows for ever and nobody asks how much it is."""


class Scope(NamedTuple):
    """Whose tasks. Mine, and what nobody of my unit has taken yet: ``unit`` and ``officer``; my unit's: ``unit``; all that I
    may see: ``beside``, what leads a unit to its matters, or nothing for whoever oversees the county. ``also``: the names that
    the unit shares with others, whose tasks are theirs as well."""

    unit: str | None = None
    officer: str | None = None
    beside: Near | None = None
    also: tuple[str, ...] = ()


def may_know(near: Near, matter: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a unit may know of a matter."""
    return exists().where(knowing.c.dispute_id == matter, one_of(knowing.c.mark, near.marks))


def _theirs(connection: Connection, scope: Scope, *, done: bool = False) -> list[ColumnElement[bool]]:
    """What a row of ``tasks`` must satisfy to be of a scope, open or ``done``."""
    wanted: list[ColumnElement[bool]] = []
    if scope.unit:
        names = (scope.unit, *scope.also)
        wanted.append(one_of(tasks.c.unit, names) if scope.also else tasks.c.unit == scope.unit)
    if scope.officer:
        wanted.append(or_(tasks.c.officer == scope.officer, tasks.c.officer.is_(None)))
    if scope.beside:
        known = knowing.c
        matters = select(known.dispute_id).where(one_of(known.mark, scope.beside.marks), ~known.is_over)
        own, matter = None if done else few(connection, matters), tasks.c.dispute_id
        wanted.append(may_know(scope.beside, matter) if own is None else one_of(matter, own))
    return wanted


class Chosen(Model):
    """Which of these tasks; ``None`` means any. ``card``: 黄牌 or 红牌 that the matter has."""

    kind: MatterKind | None = Field(default=None, title="类别")
    task: str | None = Field(default=None, title="任务种类")
    unit: str | None = Field(default=None, title="单位")
    level: str | None = Field(default=None, title="风险等级")
    town: str | None = Field(default=None, title="乡镇")
    card: str | None = Field(default=None, title="黄牌或红牌")

    def conditions(self) -> list[ColumnElement[bool]]:
        """What a row of ``tasks`` joined with its matter must satisfy."""
        columns = {
            "kind": disputes.c.kind,
            "task": tasks.c.kind,
            "unit": tasks.c.unit,
            "level": disputes.c.level,
            "card": disputes.c.card,
        }
        wanted = [column == value for name, column in columns.items() if (value := getattr(self, name))]
        if self.town:
            of_town = select(measures.c.dispute_id).where(literal(self.town) == any_(measures.c.towns))
            wanted.append(tasks.c.dispute_id.in_(of_town))
        return wanted


ANY = Chosen()

_DUE = func.coalesce(tasks.c.due_at, NEVER)


def inbox(
    engine: Engine,
    scope: Scope,
    tab: Tab | None = None,
    chosen: Chosen = ANY,
    *,
    after: str | None = None,
    most: int = PAGE,
) -> Page:
    """A page of open tasks, what falls due first first; of 已办 what was closed last first. Raises NoSuchPage.

    No ``tab``: all open ones.
    """
    query = (
        select(*_shown())
        .join(disputes, disputes.c.dispute_id == tasks.c.dispute_id)
        .where(*_of(tab, datetime.now(UTC)), *chosen.conditions())
        .limit(most + 1)
    )
    done = tab is Tab.DONE
    with reading(engine) as connection:
        query = query.where(*_theirs(connection, scope, done=done))
        rows = [as_dict(row) for row in connection.execute(_in_order(query, after, done=done))]
    return cut(rows, most, partial(_place_of, done=done))


def _in_order(query: Select[Any], after: str | None, *, done: bool) -> Select[Any]:
    row = tasks.c.dispute_id, tasks.c.task_id
    begins = place(after, str, str, str) if after else None
    if done:
        if begins:
            query = query.where(tuple_(tasks.c.closed_at, *row) < _place(begins))
        return query.order_by(tasks.c.closed_at.desc(), *(column.desc() for column in row))
    if begins:
        query = query.where(tuple_(_DUE, *row) > _place(begins))
    return query.order_by(_DUE, *row)


def _place(begins: list[Any]) -> ColumnElement[Any]:
    at, *row = begins
    return tuple_(literal(moment(at)) if at else NEVER, *map(literal, row))


def _place_of(row: dict[str, Any], *, done: bool) -> list[str]:
    at = row["closed_at"] if done else row["due_at"]
    return [at.isoformat() if at else "", row["dispute_id"], row["task_id"]]


class Count(NamedTuple):
    """How many; ``more``: at least so many, nobody counted on."""

    number: int
    more: bool


def counted(found: int) -> Count:
    """Of what was counted to one more than :data:`MOST_COUNTED`."""
    return Count(min(found, MOST_COUNTED), found > MOST_COUNTED)


def number_of(connection: Connection, found: Select[Any]) -> Count:
    """How many rows, counted no further than that."""
    some = found.limit(MOST_COUNTED + 1).subquery()
    return counted(connection.scalar(select(func.count()).select_from(some)) or 0)


def counts(
    engine: Engine, scope: Scope, chosen: Chosen = ANY, tabs: Sequence[Tab] = COUNTED
) -> dict[Tab, Count]:
    """How many open tasks lie under each of these tabs, counted up to :data:`MOST_COUNTED`."""
    now = datetime.now(UTC)
    with reading(engine) as connection:
        theirs = _theirs(connection, scope)
        found = connection.execute(select(*(_counted(theirs, tab, chosen, now) for tab in tabs))).one()
    return {tab: counted(number) for tab, number in zip(tabs, found, strict=True)}


def _counted(
    theirs: list[ColumnElement[bool]], tab: Tab, chosen: Chosen, now: datetime
) -> ColumnElement[int]:
    found = select(literal(1)).select_from(tasks)
    if wanted := chosen.conditions():
        found = found.join(disputes, disputes.c.dispute_id == tasks.c.dispute_id).where(*wanted)
    found = found.where(*theirs, *_of(tab, now)).limit(MOST_COUNTED + 1)
    return select(func.count()).select_from(found.subquery()).scalar_subquery()


class Late(NamedTuple):
    """What a unit is late with. ``red``, ``supervised``: how many of them came to 红牌, to 督办; ``soon``: 即将到期 besides."""

    unit: str
    late: int
    red: int
    supervised: int
    soon: int


def late_by_unit(engine: Engine, scope: Scope) -> list[Late]:
    """Every unit that is late or soon will be, the one that is late with most first."""
    now = datetime.now(UTC)
    late = now > _DUE
    of = {
        "late": late,
        "red": late & (tasks.c.card == AlarmKind.RED),
        "supervised": late & (tasks.c.card == AlarmKind.SUPERVISE),
        "soon": ~late,
    }
    numbers = [func.count().filter(condition).label(name) for name, condition in of.items()]
    query = (
        select(tasks.c.unit, *numbers)
        .where(tasks.c.closed_at.is_(None), now + SOON >= _DUE)
        .group_by(tasks.c.unit)
        .order_by(numbers[0].desc(), tasks.c.unit)
    )
    with reading(engine) as connection:
        query = query.where(*_theirs(connection, scope))
        return [Late(**as_dict(row)) for row in connection.execute(query)]


def first_late(engine: Engine, scope: Scope, units: Iterable[str], most: int) -> list[dict[str, Any]]:
    """What each of these units is late with, as :func:`inbox` tells it: of each the ``most`` that have been late longest."""
    wanted = [(unit,) for unit in units]
    if not wanted:
        return []
    named = values(column("unit", Text), name="named").data(wanted)
    found = (
        select(*_shown())
        .join(disputes, disputes.c.dispute_id == tasks.c.dispute_id)
        .where(*_of(Tab.OVERDUE, datetime.now(UTC)), tasks.c.unit == named.c.unit)
        .order_by(_DUE, tasks.c.dispute_id, tasks.c.task_id)
        .limit(most)
    )
    with reading(engine) as connection:
        late = found.where(*_theirs(connection, scope)).lateral("late")
        return [
            as_dict(row) for row in connection.execute(select(late).select_from(named.join(late, true())))
        ]


def open_by_unit(engine: Engine, units: Collection[str]) -> dict[str, int]:
    """How many open tasks each of these units has; those that have none are left out."""
    query = (
        select(tasks.c.unit, func.count().label("number"))
        .where(tasks.c.closed_at.is_(None), tasks.c.unit.in_(units))
        .group_by(tasks.c.unit)
    )
    with reading(engine) as connection:
        return {row.unit: row.number for row in connection.execute(query)}


def in_hand(engine: Engine, unit: str, officer: str) -> list[tuple[str, str]]:
    """The open tasks of a unit that stand in somebody's name, by matter and task, what falls due first first; what nobody took
    is nobody's."""
    row = tasks.c.dispute_id, tasks.c.task_id
    own = (tasks.c.unit == unit, tasks.c.officer == officer, tasks.c.closed_at.is_(None))
    with reading(engine) as connection:
        return [
            (found[0], found[1])
            for found in connection.execute(select(*row).where(*own).order_by(_DUE, *row))
        ]


def _of(tab: Tab | None, now: datetime) -> Iterable[ColumnElement[bool]]:
    if tab is Tab.DONE:
        return [tasks.c.closed_at.is_not(None)]
    is_open = tasks.c.closed_at.is_(None)
    if tab is Tab.OVERDUE:
        return [is_open, now > _DUE]
    if tab is Tab.SOON:
        return [is_open, now <= _DUE, now + SOON >= _DUE]
    return [is_open, tasks.c.standing == tab] if tab else [is_open]


def _shown() -> list[ColumnElement[Any]]:
    """What a row of the desk says. ``seen``: somebody of the unit has opened it."""
    looks = exists().where(
        task_looks.c.dispute_id == tasks.c.dispute_id, task_looks.c.task_id == tasks.c.task_id
    )
    of_task = ("dispute_id", "task_id", "kind", "title", "unit", "role", "officer", "standing")
    moments = ("opened_at", "signed_at", "due_at", "closed_at", "outcome")
    return [
        *(tasks.c[name] for name in (*of_task, *moments)),
        disputes.c.case_no,
        disputes.c.version,
        disputes.c.kind.label("matter"),
        disputes.c.stage,
        disputes.c.level,
        disputes.c.card,
        looks.label("seen"),
    ]


def mark_seen(engine: Engine, dispute_id: str, task_id: str, person: str) -> None:
    """Somebody of the task's unit has opened it; only the first time counts."""
    row = {"dispute_id": dispute_id, "task_id": task_id, "person_id": person, "first_at": datetime.now(UTC)}
    with writing(engine) as connection:
        connection.execute(insert(task_looks).on_conflict_do_nothing(), row)
