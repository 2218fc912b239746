"""The list behind a figure: the very rows that it counts, with the matter that each belongs to, page by page."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, func, literal, select, tuple_

from domain.knowing import Near
from ledger.connection import reading
from ledger.desk import may_know
from ledger.figures import Figure, Scope, Side, Value
from ledger.paging import cut, moment, place
from ledger.queries import listed
from ledger.read_tables import disputes, measure_items
from ledger.record import as_dict
from ledger.report import require_measured
from ledger.statistics import counted, within

MOST = 50


class Behind(NamedTuple):
    """A page of the list behind a figure, the newest first.

    ``value``: the figure itself. ``number``: how many rows the whole list has; ``outside``: how many of them are of matters
    that the unit may not know of, which are in no row. ``rows``: what lists show of the matter, and of the row ``at``,
    ``counted`` (whether it is in the part), ``amount`` and ``over`` (what it adds to the figure), and of an item its
    ``no``, ``unit``, ``role``, ``result``, ``done_at`` and ``working_days``.
    """

    value: Value
    number: int
    outside: int
    rows: list[dict[str, Any]]
    after: str | None


def behind(
    engine: Engine,
    scope: Scope,
    figure: Figure,
    side: Side = Side.ALL,
    *,
    beside: Near | None = None,
    after: str | None = None,
    most: int = MOST,
) -> Behind:
    """A page of the list. ``beside``: as much of it as is of matters that this unit may know of.

    Raises LedgerBroken, NoSuchPage.
    """
    with reading(engine, snapshot=True) as connection:
        require_measured(connection)
        value = counted(connection, scope, [figure])[figure.name]
        number, seen = _numbers(connection, scope, figure, side, beside)
        rows = _rows(connection, scope, figure, side, beside, after, most)
    shown = cut(rows, most, _place)
    return Behind(value, number, number - seen, shown.rows, shown.after)


def _numbers(
    connection: Connection, scope: Scope, figure: Figure, side: Side, beside: Near | None
) -> tuple[int, int]:
    """How many rows there are, and how many of matters that the unit may know of."""
    numbers: list[ColumnElement[int]] = [func.count()]
    if beside:
        numbers.append(func.count().filter(_own(figure, beside)))
    query = within(select(*numbers).where(figure.listed(scope.slice, side)), figure.among, scope)
    found = connection.execute(query).one()
    return found[0], found[-1]


def _rows(
    connection: Connection, scope: Scope, figure: Figure, side: Side, beside: Near | None, after: str | None, most: int
) -> list[dict[str, Any]]:  # fmt: skip
    among, table = figure.among, figure.among.table
    order = [among.moment, table.c.dispute_id, *([table.c.no] if table is measure_items else [])]
    query = within(
        select(*listed(), *_of_row(figure, scope)).where(figure.listed(scope.slice, side)), among, scope
    )
    query = query.join(disputes, disputes.c.dispute_id == table.c.dispute_id)
    if beside:
        query = query.where(_own(figure, beside))
    if after:
        query = query.where(tuple_(*order) < _begins(after, len(order)))
    query = query.order_by(*(column.desc() for column in order)).limit(most + 1)
    return [as_dict(row) for row in connection.execute(query)]


def _own(figure: Figure, unit: Near) -> ColumnElement[bool]:
    return may_know(unit, figure.among.table.c.dispute_id)


def _of_row(figure: Figure, scope: Scope) -> list[ColumnElement[Any]]:
    """What is told of a row besides its matter."""
    part = literal(True) if figure.part is None else func.coalesce(figure.part, False)
    told: list[ColumnElement[Any]] = [figure.among.moment.label("at"), part.label("counted")]
    sums = [*figure.sums(scope.slice), literal(None), literal(None)]
    told += [added.label(name) for name, added in zip(("amount", "over"), sums, strict=False)]
    if figure.among.table is measure_items:
        told += [
            measure_items.c[name] for name in ("no", "unit", "role", "result", "done_at", "working_days")
        ]
    return told


def _place(row: dict[str, Any]) -> list[str | int]:
    return [row["at"].isoformat(), row["dispute_id"], *([row["no"]] if "no" in row else [])]


def _begins(after: str, length: int) -> ColumnElement[Any]:
    at, *rest = place(after, str, str, *([int] if length > 2 else []))
    return tuple_(literal(moment(at)), *(literal(part) for part in rest))
