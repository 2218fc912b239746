"""统计: every figure of a period with its definition, beside the period before, drawn by month and by what matters are; on A4."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, NamedTuple

from fastapi import APIRouter, Request
from sqlalchemy import Engine
from starlette.responses import Response

from api.statistics import scope_of
from console.door import Visit, Visitor, shell
from console.drawings import bars, lines
from console.forms import period as asking
from console.forms.period import Wanted
from console.showing import figures as showing
from console.view import form_page, page
from domain.words import SHANGHAI
from ledger import statistics as ask
from ledger.connection import reading
from ledger.figures import BY_NAME, FIGURES, Figure, Scope, Value, number
from ledger.periods import Period
from ledger.report import Report, report
from ledger.statistics import Figures
from starter.office.views import county_words

router = APIRouter()

HERE = "/statistics"
MONTHS = 12
COME_AND_GONE = (BY_NAME["登记量"], BY_NAME["办结量"])
KINDS = {"月": "月报", "度": "季报", "年": "年报"}
"""What the report is called, by how the word for its period ends."""
OF_TYPES = tuple(BY_NAME[name] for name in ("受理量", "涉及人数", "涉及金额", "认定应补", "滞纳金"))


class Read(NamedTuple):
    """What the ledger says: of the period, of the one before, of twelve months, of each 争议类型."""

    found: Report
    before: Report
    months: dict[Any, Figures]
    types: dict[str, dict[str, Value]]


@router.get(HERE)
async def show(visitor: Visit, request: Request) -> Response:
    """The report of a period beside the one before."""
    now = datetime.now(SHANGHAI)
    wanted = asking.wanted(request.query_params, now)
    return form_page(
        "statistics.html",
        wanted.faults,
        title=title_of("统计", wanted),
        shell=shell(visitor, HERE),
        form=asking.form(visitor.site.policy, wanted, now.date()),
        **await _read(visitor, wanted, now),
    )


@router.get(f"{HERE}/print")
async def sheet(visitor: Visit, request: Request) -> Response:
    """The same on A4, for whoever is to be handed it."""
    now = datetime.now(SHANGHAI)
    wanted = asking.wanted(request.query_params, now)
    return page(
        "statistics_print.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wanted.faults else HTTPStatus.OK,
        kind=KINDS.get(wanted.period.word[-1], "报告"),
        county=visitor.site.policy.county,
        printed_by=f"{visitor.post.unit}　{visitor.name}",
        now=now,
        **await _read(visitor, wanted, now),
    )


def title_of(word: str, wanted: Wanted) -> str:
    """The page's title."""
    return f"{word}　{wanted.period.word}"


def months_of(period: Period, now: datetime) -> Period:
    """The twelve months up to the end of the period, none of them still to come."""
    return Period.months_to(min(period.last, now.date()), MONTHS)


async def _read(visitor: Visitor, wanted: Wanted, now: datetime) -> dict[str, Any]:
    site = visitor.site
    scope = scope_of(site, wanted.period, wanted.chosen, now)
    read = await asyncio.to_thread(_asked, site.ledger.engine, scope)
    county = await asyncio.to_thread(county_words, site.ledger)
    return {
        "figures": [
            showing.shown(f, read.found.figures[f.name], read.before.figures[f.name], wanted, county)
            for f in FIGURES
        ],
        "wanted": wanted,
        "named": wanted.period.word[-1] in KINDS,
        "before": showing.before(wanted.period),
        "spreads": showing.shares(wanted, read.found.spreads, county),
        "bar": bars.lying,
        "come_and_gone": _lines(read.months),
        "months": [(month, [its[f.name] for f in COME_AND_GONE]) for month, its in read.months.items()],
        "turnarounds": read.found.turnarounds,
        "units": _units(read.found),
        "types": _types(read.types, wanted),
        "type_heads": [(f.name, f.unit) for f in OF_TYPES],
        "of_types": _divided(),
    }


def _asked(engine: Engine, scope: Scope) -> Read:
    """All of one page; the period and the one before are each of one moment."""
    found = report(engine, scope)
    before = report(engine, scope._replace(period=scope.period.before()))
    with reading(engine, snapshot=True) as connection:
        year = scope._replace(period=months_of(scope.period, scope.now))
        months = ask.by_month(connection, year, COME_AND_GONE)
        types: dict[str, dict[str, Value]] = {}
        for figure in OF_TYPES:
            for name, value in ask.spread(connection, scope, "claim_type", figure):
                types.setdefault(name, {})[figure.name] = value
    return Read(found, before, months, types)


def _lines(months: Mapping[Any, Figures]) -> Any:
    come, gone = (
        lines.Line(name, [number(its[f.name]) for its in months.values()])
        for name, f in zip(("登记", "办结"), COME_AND_GONE, strict=True)
    )
    told = f"近十二个月登记和办结的件数，最近一个月登记 {come.numbers[-1]} 件、办结 {gone.numbers[-1]} 件"
    return lines.drawn(showing.month_names(list(months)), come, gone, told)


def _units(found: Report) -> list[dict[str, Any]]:
    """退单 and 黄红牌 of each unit, all together first."""
    units: dict[str | None, dict[str, Any]] = {}
    for r in found.returns:
        units.setdefault(r.unit, {}).update(dispatched=r.dispatched, returned=r.returned)
    for c in found.cards:
        units.setdefault(c.unit, {}).update(yellow=c.yellow, red=c.red)
    blank = dict.fromkeys(("dispatched", "returned", "yellow", "red"), 0)
    return [{"unit": unit, **blank, **numbers} for unit, numbers in units.items()]


def _types(found: Mapping[str, dict[str, Value]], wanted: Wanted) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each 争议类型 with its numbers, each number with the address of its list."""
    return [(name, [_cell(f, name, its, wanted) for f in OF_TYPES]) for name, its in found.items()]


def _divided() -> str:
    """How a matter of several 争议类型 stands in the table of them."""
    in_each = "、".join(f.name for f in OF_TYPES if f.counts_in_each("claim_type"))
    return f"一件有几种类型的：{in_each}每种都计，各行之和可能大于总数；其余按各项请求分计，各行之和就是总数"


def _cell(figure: Figure, name: str, its: Mapping[str, Value], wanted: Wanted) -> tuple[str, str]:
    value = its.get(figure.name)
    if value is None:
        return "", ""
    return showing.said(value), wanted.address(figure.name, claim_type=name)
