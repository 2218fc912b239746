"""统计: each figure of the county's report, one query over plain columns (docs/statistics.md says how each is counted).

A matter merged into another is counted nowhere: its parent stands for it.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    case,
    cast,
    func,
    select,
    tuple_,
)

from ledger.measured import DISPATCH, QUESTIONS, RED, RESOLUTION, RETURNED, VOTE, YELLOW
from ledger.periods import Period
from ledger.repeats import is_repeated
from ledger.tables import measure_items, measures

Query = Select[*tuple[Any, ...]]

UNKNOWN = "未填写"
CENT = Decimal("0.01")


class Scope(NamedTuple):
    """What is asked for. ``now``: what falls due later and is not done yet has not fallen due."""

    period: Period
    now: datetime
    county: str | None = None


class Rate(NamedTuple):
    """A part of a whole; its ``value`` is none where the whole is empty."""

    part: Decimal | int
    whole: Decimal | int

    @property
    def value(self) -> Decimal | None:
        """The quotient."""
        return Decimal(self.part) / Decimal(self.whole) if self.whole else None


class Accepted(NamedTuple):
    """受理 in the period."""

    matters: int
    groups: int
    people: int
    claimed: Decimal
    changed: int
    levelled: int


class Disposed(NamedTuple):
    """Matters whose disposition was given in the period, yuan; the late fee stands apart."""

    recognised: Decimal
    paid: Decimal
    late_fee: Decimal


class Closed(NamedTuple):
    """Accepted matters that ended in the period."""

    matters: int
    guided: int
    reopened: int


class Registered(NamedTuple):
    """登记 in the period."""

    matters: int
    leads: int
    converted: int


class Share(NamedTuple):
    """One value of a distribution."""

    name: str
    matters: int


class Answered(NamedTuple):
    """How often one question of the callback was answered so."""

    question: str
    answer: str
    times: int


class Turnaround(NamedTuple):
    """How long a unit took to answer, in working days. No ``unit``: all together."""

    unit: str | None
    role: str | None
    answers: int
    mean: Decimal | None
    median: Decimal | None


class Returns(NamedTuple):
    """How often work was dispatched to a unit and sent back. No ``unit``: all together."""

    unit: str | None
    dispatched: int
    returned: int


class Cards(NamedTuple):
    """黄牌 and 红牌 that a unit got in the period and that stand. No ``unit``: all together."""

    unit: str | None
    yellow: int
    red: int


def registered(connection: Connection, scope: Scope) -> Registered:
    """登记量, 线索转化率."""
    m = measures.c
    query = select(_count(), _count(m.was_lead), _count(m.was_lead & m.converted))
    return Registered(*_one(connection, query, scope, measures, m.registered_at))


def repeated(connection: Connection, scope: Scope) -> Rate:
    """重复投诉率."""
    query = select(_count(is_repeated()), _count())
    return Rate(*_one(connection, query, scope, measures, measures.c.registered_at))


def accepted(connection: Connection, scope: Scope) -> Accepted:
    """受理量, 群体件, 涉及人数, 涉及金额, 改级率."""
    m = measures.c
    query = select(
        _count(),
        _count(m.grouped),
        func.coalesce(func.sum(m.headcount), 0),
        func.coalesce(func.sum(m.claimed), 0),
        _count(m.level_changed & m.level.is_not(None)),
        _count(m.level.is_not(None)),
    ).where(m.accepted)
    matters, groups, people, claimed, *levels = _one(connection, query, scope, measures, m.decided_at)
    return Accepted(matters, groups, int(people), Decimal(claimed), *levels)


def refused(connection: Connection, scope: Scope) -> Rate:
    """不予受理率."""
    query = select(_count(~measures.c.accepted), _count())
    return Rate(*_one(connection, query, scope, measures, measures.c.decided_at))


def levels(connection: Connection, scope: Scope) -> list[Share]:
    """风险分布, by the level a matter has come to."""
    return _spread(connection, scope, measures.c.level)


def channels(connection: Connection, scope: Scope) -> list[Share]:
    """渠道分布."""
    return _spread(connection, scope, measures.c.channel)


def types(connection: Connection, scope: Scope) -> list[Share]:
    """类型分布; a matter with claims of several types counts in each."""
    return _spread(connection, scope, _each(measures.c.types))


def insurances(connection: Connection, scope: Scope) -> list[Share]:
    """险种分布; a matter counts in each of its 险种."""
    return _spread(connection, scope, _each(measures.c.insurances))


def towns(connection: Connection, scope: Scope) -> list[Share]:
    """乡镇分布, by the respondents' towns."""
    return _spread(connection, scope, _each(measures.c.towns))


def industries(connection: Connection, scope: Scope) -> list[Share]:
    """行业分布, by the respondents' industries."""
    return _spread(connection, scope, _each(measures.c.industries))


def in_time(connection: Connection, scope: Scope) -> Rate:
    """按时办结率."""
    m = measures.c
    query = select(_count(m.in_time), _count()).where(m.in_time.is_not(None) | (m.due_at < scope.now))
    return Rate(*_one(connection, query, scope, measures, m.due_at))


def mediated(connection: Connection, scope: Scope) -> Rate:
    """调解成功率."""
    query = select(_count(measures.c.agreed), _count())
    return Rate(*_one(connection, query, scope, measures, measures.c.mediated_at))


def performed(connection: Connection, scope: Scope) -> Rate:
    """协议履行率."""
    m = measures.c
    query = select(_count(m.performed), _count()).where(m.performed | (m.perform_by < scope.now))
    return Rate(*_one(connection, query, scope, measures, m.perform_by))


def called_back(connection: Connection, scope: Scope) -> Rate:
    """回访完成率."""
    m = measures.c
    query = select(_count(m.answered), _count()).where(m.answered | (m.call_by < scope.now))
    return Rate(*_one(connection, query, scope, measures, m.call_by))


def disposed(connection: Connection, scope: Scope) -> Disposed:
    """认定应补, 到账率, 滞纳金."""
    m = measures.c
    sums = [func.coalesce(func.sum(part), 0) for part in (m.recognised, m.paid, m.late_fee)]
    found = _one(connection, select(*sums), scope, measures, m.disposed_at)
    return Disposed(*(Decimal(amount) for amount in found))


def closed(connection: Connection, scope: Scope) -> Closed:
    """办结量, 转法律途径率, 重办率."""
    m = measures.c
    query = select(_count(), _count(m.guided), _count(m.reopened)).where(m.accepted)
    return Closed(*_one(connection, query, scope, measures, m.closed_at))


def satisfied(connection: Connection, scope: Scope) -> Rate:
    """满意率: every vote counts, a second one too."""
    i = measure_items.c
    query = select(_count(i.result.in_(("满意", "基本满意"))), _count()).where(i.kind == VOTE)
    return Rate(*_one(connection, query, scope, measure_items, i.at))


def answers(connection: Connection, scope: Scope) -> list[Answered]:
    """回访八问: every answer given in the period by question, the most frequent first."""
    i = measure_items.c
    counted = func.count()
    query = select(i.kind, i.result, counted).where(i.kind.in_(QUESTIONS)).group_by(i.kind, i.result)
    query = query.order_by(i.kind, counted.desc(), i.result)
    return [Answered(*row) for row in connection.execute(_within(query, scope, measure_items, i.at))]


def resolved(connection: Connection, scope: Scope) -> Rate:
    """议定事项完成率."""
    i = measure_items.c
    fell_due = i.done_at.is_not(None) | (i.at < scope.now)
    query = select(_count(i.done_at.is_not(None)), _count()).where(i.kind == RESOLUTION, fell_due)
    return Rate(*_one(connection, query, scope, measure_items, i.at))


def turnarounds(connection: Connection, scope: Scope) -> list[Turnaround]:
    """部门办理时限, by unit and role, all together first."""
    i = measure_items.c
    days = i.working_days
    median = func.percentile_cont(0.5).within_group(days)
    query = (
        select(i.unit, i.role, func.count(days), func.avg(days), median)
        .where(i.kind == DISPATCH)
        .group_by(func.grouping_sets(tuple_(i.unit, i.role), tuple_()))
        .order_by(i.unit.nulls_first(), i.role.desc())
    )
    rows: Any = connection.execute(_within(query, scope, measure_items, i.done_at))
    return [Turnaround(unit, role, n, _days(mean), _days(middle)) for unit, role, n, mean, middle in rows]


def returns(connection: Connection, scope: Scope) -> list[Returns]:
    """退单率, by unit, all together first."""
    i = measure_items.c
    query = (
        select(i.unit, func.count(), _count(i.result == RETURNED))
        .where(i.kind == DISPATCH)
        .group_by(func.grouping_sets(tuple_(i.unit), tuple_()))
        .order_by(i.unit.nulls_first())
    )
    return [Returns(*row) for row in connection.execute(_within(query, scope, measure_items, i.at))]


def cards(connection: Connection, scope: Scope) -> list[Cards]:
    """黄牌、红牌, by unit, all together first; a withdrawn one counts nowhere."""
    i = measure_items.c
    query = (
        select(i.unit, _count(i.kind == YELLOW), _count(i.kind == RED))
        .where(i.kind.in_((YELLOW, RED)), i.result.is_(None))
        .group_by(func.grouping_sets(tuple_(i.unit), tuple_()))
        .order_by(i.unit.nulls_first())
    )
    return [Cards(*row) for row in connection.execute(_within(query, scope, measure_items, i.at))]


def _count(condition: ColumnElement[bool] | None = None) -> ColumnElement[int]:
    return func.count() if condition is None else func.count().filter(condition)


def _within(query: Query, scope: Scope, table: Table, moment: Column[Any]) -> Query:
    """The query over what of this table falls into the period by this moment, merged matters left out."""
    first, until = scope.period.moments
    query = query.where(moment >= first, moment < until, ~table.c.merged)
    return query if scope.county is None else query.where(table.c.county == scope.county)


def _one(connection: Connection, query: Query, scope: Scope, table: Table, moment: Column[Any]) -> Any:
    return connection.execute(_within(query, scope, table, moment)).one()


def _each(words: Column[Any]) -> ColumnElement[Any]:
    nothing = cast([UNKNOWN], ARRAY(Text))
    return func.unnest(case((func.cardinality(words) == 0, nothing), else_=words))


def _spread(connection: Connection, scope: Scope, value: ColumnElement[Any]) -> list[Share]:
    """How the matters accepted in the period are spread over these values, the most frequent first."""
    m = measures.c
    chosen = _within(select(value.label("name")).where(m.accepted), scope, measures, m.decided_at).subquery()
    counted = select(chosen.c.name, func.count()).group_by(chosen.c.name)
    rows = connection.execute(counted.order_by(func.count().desc(), chosen.c.name))
    return [Share(name or UNKNOWN, matters) for name, matters in rows]


def _days(found: Decimal | float | None) -> Decimal | None:
    return None if found is None else Decimal(found).quantize(CENT)
