"""One statistic: how it is counted, the very list that it counts, twelve months of it, and how it is spread."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.known import beside
from api.problems import hidden
from api.statistics import LEAST, page_behind, scope_of
from console.door import Visit, Visitor, shell
from console.drawings import bars
from console.forms.period import TITLES, Wanted, form
from console.forms.period import wanted as read_wanted
from console.pages.statistics import HERE, months_of, title_of
from console.showing import figures as showing
from console.showing.rows import Lines
from console.view import form_page
from domain.rights import Sight
from domain.speaking import say
from domain.words import SHANGHAI
from ledger import statistics as ask
from ledger.behind import Behind
from ledger.connection import reading
from ledger.figures import BY_NAME, Figure, Scope, Side, Value
from ledger.paging import NoSuchPage
from ledger.statistics import Figures
from starter.office.views import county_words

router = APIRouter()

MOST = 30
SPREAD_BY = ("unit", "town", "claim_type", "level")


class Drawn(NamedTuple):
    """What stands beside the list: the period before, twelve months, and how it is spread."""

    before: Value
    months: dict[date, Figures]
    spreads: dict[str, list[tuple[str, Value]]]


@router.get(f"{HERE}/{{name}}")
async def show(
    name: str,
    visitor: Visit,
    request: Request,
    side: Side = Side.ALL,
    after: Annotated[str | None, Query(max_length=400)] = None,
) -> Response:
    """A figure and a page of the list behind it."""
    figure = BY_NAME.get(name)
    if figure is None:
        raise hidden()
    now = datetime.now(SHANGHAI)
    wanted = read_wanted(request.query_params, now)
    scope = scope_of(visitor.site, wanted.period, wanted.chosen, now)
    found = await asyncio.to_thread(_page, visitor, figure, scope, side, after)
    drawn = await asyncio.to_thread(_drawn, visitor, figure, scope)
    county = await asyncio.to_thread(county_words, visitor.site.ledger)
    return form_page(
        "figure.html",
        wanted.faults,
        shell=shell(visitor, HERE),
        **_figure(figure, found.value, drawn, wanted, county),
        **await _list(request, visitor, figure, found, wanted, side),
        form=form(visitor.site.policy, wanted, now.date(), name),
    )


def _page(visitor: Visitor, figure: Figure, scope: Scope, side: Side, after: str | None) -> Behind:
    try:
        return page_behind(visitor.site, visitor.post, figure, scope, side, after, MOST)
    except NoSuchPage:
        return page_behind(visitor.site, visitor.post, figure, scope, side, None, MOST)


def _drawn(visitor: Visitor, figure: Figure, scope: Scope) -> Drawn:
    with reading(visitor.site.ledger.engine, snapshot=True) as connection:
        before = ask.counted(connection, scope._replace(period=scope.period.before()), [figure])
        year = scope._replace(period=months_of(scope.period, scope.now))
        return Drawn(
            before[figure.name],
            ask.by_month(connection, year, [figure]),
            {field: ask.spread(connection, scope, field, figure) for field in SPREAD_BY},
        )


def _figure(
    figure: Figure, value: Value, drawn: Drawn, wanted: Wanted, county: Mapping[str, str]
) -> dict[str, Any]:
    shown = showing.shown(figure, value, drawn.before, wanted, county)
    months = showing.months(figure, drawn.months)
    return {
        "title": title_of(shown.name, wanted),
        "figure": shown,
        "is_rate": figure.unit == "%",
        "name": figure.name,
        "unit": figure.unit,
        "wanted": wanted,
        "before": showing.before(wanted.period),
        "months": months,
        "chart": bars.standing(months, f"{shown.name}近十二个月，数字见下表"),
        "bar": bars.lying,
        "spreads": [
            showing.spread(say(county, TITLES[field]), wanted, figure, field, values)
            for field, values in drawn.spreads.items()
        ],
        "back": wanted.address(),
    }


async def _list(
    request: Request, visitor: Visitor, figure: Figure, found: Behind, wanted: Wanted, side: Side
) -> dict[str, Any]:
    lines: Lines = request.app.state.lines
    sights = await asyncio.to_thread(lines.sights, found.rows, visitor.post)
    seen = [row for row in found.rows if sights.get(row["dispute_id"], Sight.NOTHING) >= LEAST]
    about = await asyncio.to_thread(lines.of, seen)
    rows = [showing.row(figure, row, about[row["dispute_id"]]) for row in seen]
    chosen = side.value if side is not Side.ALL else None
    return {
        "rows": rows,
        "word": figure.among.word,
        "when": figure.among.when,
        "adds": "" if figure.adds is None else "实缴本金" if figure.over is not None else figure.name,
        "over": figure.over is not None,
        "parted": figure.part is not None,
        "side": side,
        "sides": _sides(figure, found.value, wanted),
        "number": found.number,
        "outside": found.outside,
        "not_shown": len(found.rows) - len(rows),
        "limited": beside(visitor.site, visitor.post) is not None,
        "more": wanted.address(figure.name, side=chosen, after=found.after) if found.after else None,
    }


def _sides(figure: Figure, value: Value, wanted: Wanted) -> list[tuple[Side, int, str]]:
    """The lists that a rate has, each with how many rows it has."""
    if figure.part is None or not isinstance(value, tuple):
        return []
    numbers = {Side.ALL: value.whole, Side.IN: value.part, Side.OUT: value.whole - value.part}
    return [
        (side, int(number), wanted.address(figure.name, side=None if side is Side.ALL else side.value))
        for side, number in numbers.items()
    ]
