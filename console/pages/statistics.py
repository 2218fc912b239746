"""统计: every figure of a month or quarter with its definition, the distributions drawn, and each as a table."""

import asyncio
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from console import words
from console.door import Visit, shell
from console.drawings import bars
from console.view import page
from domain.words import SHANGHAI, MatterKind
from ledger.periods import Period
from ledger.report import DISTRIBUTIONS, FIGURES, Figure, Report, report
from ledger.statistics import Rate

router = APIRouter()

HERE = "/statistics"
MONTHS = 12


class Shown(NamedTuple):
    """One figure: what it is now, what it was, and how it is counted."""

    name: str
    value: str
    unit: str
    before: str
    parts: str
    definition: str
    behind: str
    """The list of the matters that it counts, where the ledger lists them."""


BEHIND = {"登记量": {}, "线索转化率": {"kind": MatterKind.LEAD.value}}
"""Figures over what was registered in the period; the other days are no filter of the ledger's."""


@router.get(HERE)
async def show(visitor: Visit, period: Annotated[str, Query(max_length=10)] = "") -> Response:
    """The report of a period beside the one before."""
    now = datetime.now(SHANGHAI)
    asked, word = _period(period, now.date())
    before = _before(asked)
    engine, county = visitor.site.ledger.engine, visitor.site.policy.county.name
    found = await asyncio.to_thread(report, engine, asked, now, county)
    earlier = await asyncio.to_thread(report, engine, before, now, county)
    return page(
        "statistics.html",
        title=f"统计　{word}",
        shell=shell(visitor, HERE),
        word=word,
        first=asked.first,
        last=asked.until - timedelta(days=1),
        figures=[_shown(figure, found, earlier, asked) for figure in FIGURES],
        spreads=[(name, read(found)) for name, read in DISTRIBUTIONS.items()],
        draw=bars.lying,
        turnarounds=found.turnarounds,
        cards=found.cards,
        months=_months(now.date()),
        chosen=period or f"{now:%Y-%m}",
    )


def _period(text: str, today: date) -> tuple[Period, str]:
    """The period asked for; the present month for what cannot be read."""
    try:
        found = Period.quarter(text) if "Q" in text.upper() else Period.month(text)
    except ValueError:
        found = Period.month(f"{today:%Y-%m}")
    first = found.first
    whole = (found.until - first).days > 31
    return (
        found,
        f"{first.year} 年第 {(first.month + 2) // 3} 季度" if whole else f"{first.year} 年 {first.month} 月",
    )


def _before(period: Period) -> Period:
    """The period of the same length just before."""
    day = period.first - timedelta(days=1)
    if (period.until - period.first).days > 31:
        return Period.quarter(f"{day.year}Q{(day.month + 2) // 3}")
    return Period.month(f"{day:%Y-%m}")


def _months(today: date) -> list[tuple[str, str]]:
    """The months and the quarters that can be chosen, the newest first."""
    months: list[tuple[str, str]] = []
    day = today
    for _ in range(MONTHS):
        months.append((f"{day:%Y-%m}", f"{day.year} 年 {day.month} 月"))
        day = day.replace(day=1) - timedelta(days=1)
    quarter, year = (today.month + 2) // 3, today.year
    for _ in range(4):
        months.append((f"{year}Q{quarter}", f"{year} 年第 {quarter} 季度"))
        year, quarter = (year, quarter - 1) if quarter > 1 else (year - 1, 4)
    return months


def _shown(figure: Figure, found: Report, earlier: Report, period: Period) -> Shown:
    now, before = figure.read(found), figure.read(earlier)
    parts = f"{_plain(now.part)} ÷ {_plain(now.whole)}" if isinstance(now, Rate) and now.whole else ""
    return Shown(
        figure.name, _said(now), figure.unit, _said(before), parts, figure.definition, _behind(figure, period)
    )


def _behind(figure: Figure, period: Period) -> str:
    if figure.name not in BEHIND:
        return ""
    registered = {"opened_from": period.first.isoformat(), "opened_until": period.until.isoformat()}
    return f"/matters?{urlencode(registered | BEHIND[figure.name])}"


def _said(value: Rate | Decimal | int) -> str:
    if isinstance(value, Rate):
        return f"{value.value * 100:.1f}" if value.value is not None else "—"
    return _plain(value)


def _plain(value: Decimal | int) -> str:
    return words.money(value) if isinstance(value, Decimal) else f"{value:,}"
