"""统计: the figures of a period, whole, by month, and spread over what matters are; one query over the rows of each kind."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select, true, tuple_

from domain.words import SHANGHAI
from ledger.figures import (
    ANSWERED,
    BY_NAME,
    CARDS,
    DISPATCHED,
    DISTRIBUTIONS,
    FIGURES,
    OF_CLAIMS,
    SEVERAL,
    VOTES,
    WHOLE_COUNTY,
    Among,
    Figure,
    Scope,
    Value,
    chosen_claims,
    claims,
    number,
)
from ledger.measured import QUESTIONS, UNKNOWN
from ledger.read_tables import measure_items

Query = Select[*tuple[Any, ...]]
Figures = dict[str, Value]
"""Values by the names of their figures."""

CENT = Decimal("0.01")


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


def within(query: Query, among: Among, scope: Scope) -> Query:
    """The query over those rows that the scope asks for."""
    return query.select_from(among.table).where(*among.conditions(scope))


def counted(connection: Connection, scope: Scope, figures: Sequence[Figure] = FIGURES) -> Figures:
    """These figures, in one query for all that are counted among the same rows."""
    found: Figures = {}
    for among, its in _together(figures):
        row = connection.execute(within(select(*_aggregates(its, scope)), among, scope)).one()
        found |= _read(its, row)
    return {figure.name: found[figure.name] for figure in figures}


def by_month(connection: Connection, scope: Scope, figures: Sequence[Figure]) -> dict[date, Figures]:
    """These figures of each month of the scope's period, months without any included."""
    nothing = {figure.name: figure.read([0, 0]) for figure in figures}
    found: dict[date, Figures] = {month: dict(nothing) for month in scope.period.months}
    for among, its in _together(figures):
        month = func.date_trunc("month", func.timezone(SHANGHAI.key, among.moment))
        query = within(select(month, *_aggregates(its, scope)), among, scope).group_by(month)
        for begins, *numbers in connection.execute(query):
            found[begins.date()] |= _read(its, numbers)
    return found


def spread(connection: Connection, scope: Scope, field: str, figure: Figure) -> list[tuple[str, Value]]:
    """A figure for each value of a field of a slice, the most first; empty ones left out."""
    query = _by_claim(scope, field, figure) if figure.divides(field) else _by_row(scope, field, figure)
    its = query.group_by("name").subquery()
    name, *numbers = its.c
    ordered = select(its).where(or_(*(n != 0 for n in numbers))).order_by(numbers[-1].desc(), name)
    return [(row[0], figure.read(row[1:])) for row in connection.execute(ordered)]


def _by_row(scope: Scope, field: str, figure: Figure) -> Query:
    value = figure.among.dimension(field)
    name = func.unnest(value) if field in SEVERAL else func.coalesce(value, UNKNOWN)
    return within(select(name.label("name"), *figure.aggregates(scope.slice)), figure.among, scope)


def _by_claim(scope: Scope, field: str, figure: Figure) -> Query:
    its = claims()
    sums = [
        func.coalesce(func.sum(its.c[added.name]), 0)
        for added in (figure.adds, figure.over)
        if added is not None
    ]
    query = within(select(its.c[OF_CLAIMS[field]].label("name"), *sums), figure.among, scope)
    return query.join(its, true()).where(figure.of, *chosen_claims(its, scope.slice))


def spreads(connection: Connection, scope: Scope) -> dict[str, list[Share]]:
    """Every distribution of the matters accepted."""
    accepted = BY_NAME["受理量"]
    return {
        name: [Share(value, number(n)) for value, n in spread(connection, scope, field, accepted)]
        for name, field in DISTRIBUTIONS.items()
    }


def answers(connection: Connection, scope: Scope) -> list[Answered]:
    """回访八问: every answer given in the period by question, the most frequent first."""
    i = measure_items.c
    times = func.count()
    query = select(i.kind, i.result, times).group_by(i.kind, i.result)
    query = within(query.order_by(i.kind, times.desc(), i.result), QUESTIONED, scope)
    return [Answered(*row) for row in connection.execute(query)]


QUESTIONED = Among("回答", "回访日", VOTES.moment, measure_items.c.kind.in_(QUESTIONS))


def turnarounds(connection: Connection, scope: Scope) -> list[Turnaround]:
    """部门办理时限, by unit and role, all together first."""
    i = measure_items.c
    days = i.working_days
    median = func.percentile_cont(0.5).within_group(days)
    query = (
        select(i.unit, i.role, func.count(days), func.avg(days), median)
        .group_by(func.grouping_sets(tuple_(i.unit, i.role), tuple_()))
        .order_by(i.unit.nulls_first(), i.role.desc())
    )
    rows: Any = connection.execute(within(query, ANSWERED, scope))
    return [Turnaround(unit, role, n, _days(mean), _days(middle)) for unit, role, n, mean, middle in rows]


def returns(connection: Connection, scope: Scope) -> list[Returns]:
    """退单率, by unit, all together first."""
    found = _by_unit(connection, scope, DISPATCHED, BY_NAME["退单率"])
    return [Returns(unit, dispatched, returned) for unit, returned, dispatched in found]


def cards(connection: Connection, scope: Scope) -> list[Cards]:
    """黄牌、红牌, by unit, all together first; a withdrawn one counts nowhere."""
    return [Cards(*row) for row in _by_unit(connection, scope, CARDS, BY_NAME["黄牌"], BY_NAME["红牌"])]


def _by_unit(connection: Connection, scope: Scope, among: Among, *figures: Figure) -> Any:
    unit = measure_items.c.unit
    query = select(unit, *_aggregates(figures, scope)).group_by(func.grouping_sets(tuple_(unit), tuple_()))
    return connection.execute(within(query.order_by(unit.nulls_first()), among, scope))


def _together(figures: Sequence[Figure]) -> list[tuple[Among, list[Figure]]]:
    """Those that are counted among the same rows, side by side."""
    found: dict[Among, list[Figure]] = {}
    for figure in figures:
        found.setdefault(figure.among, []).append(figure)
    return list(found.items())


def _aggregates(figures: Sequence[Figure], scope: Scope) -> list[ColumnElement[Any]]:
    return [column for figure in figures for column in figure.aggregates(scope.slice)]


def _read(figures: Sequence[Figure], numbers: Sequence[Any]) -> Figures:
    """The figures of their aggregates, which stand one after another."""
    found: Figures = {}
    for figure in figures:
        own = len(figure.aggregates(WHOLE_COUNTY))
        found[figure.name], numbers = figure.read(numbers[:own]), numbers[own:]
    return found


def _days(found: Decimal | float | None) -> Decimal | None:
    return None if found is None else Decimal(found).quantize(CENT)
