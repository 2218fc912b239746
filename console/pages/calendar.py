"""日历: the working days of a year as the policy has them, against what was published; and the years that are missing."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query
from starlette.responses import Response

from console.door import Administrator, shell
from console.view import page
from domain.calendar import WorkCalendar
from domain.words import SHANGHAI
from ledger.queries import last_due
from policies.published import Compared

router = APIRouter()

HERE = "/calendar"
_DAY = timedelta(days=1)
Year = Annotated[int | None, Query(ge=2000, le=2100)]


class Cell(NamedTuple):
    """A day of a month; ``look`` and ``word``: 休 a weekday off, 班 a weekend day worked."""

    day: int
    look: str
    word: str


class Month(NamedTuple):
    """A month by weeks from Monday on; ``working``: how many working days it has."""

    number: int
    weeks: list[list[Cell | None]]
    working: int


class Break(NamedTuple):
    """Days off one after the other, weekends among them, in which at least one was given. ``festival``: that falls in it."""

    first: date
    last: date
    festival: str
    assumed: bool

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


@router.get(HERE)
async def show(visitor: Administrator, year: Year = None) -> Response:
    """A year's months, and which years are missing."""
    calendar, today = visitor.site.policy.calendar, datetime.now(SHANGHAI).date()
    wanted = year or today.year
    last = await asyncio.to_thread(last_due, visitor.site.ledger.engine)
    compared = await asyncio.to_thread(Compared, calendar, range(wanted, wanted + 1))
    return page(
        "calendar.html",
        title=f"日历　{wanted} 年",
        shell=shell(visitor, HERE),
        calendar=calendar,
        year=wanted,
        years=_years(calendar, today, wanted),
        months=[_month(calendar, wanted, number, today) for number in range(1, 13)],
        breaks=list(_breaks(calendar, wanted)),
        worked=[day for day in calendar.work if day.year == wanted],
        covered=_covered(calendar, wanted),
        assumed=any(calendar.is_assumed(date(wanted, month, 1)) for month in range(1, 13)),
        compared=compared,
        missing=_missing(calendar, today, last),
        last=last,
    )


def _covered(calendar: WorkCalendar, year: int) -> bool:
    """Whether the table speaks of the whole year."""
    return calendar.covers(date(year, 1, 1)) and calendar.covers(date(year, 12, 31))


def _years(calendar: WorkCalendar, today: date, wanted: int) -> list[int]:
    """The years to look at: those of the table, this one and the next."""
    given = {day.year for day in (*calendar.off, *calendar.work)}
    return sorted(given | {today.year, today.year + 1, wanted})


def _missing(calendar: WorkCalendar, today: date, last: datetime | None) -> list[tuple[int, str]]:
    """The years from this one to the next, or to the last running clock's, of which the table does not speak for sure."""
    until = max(today.year + 1, last.year if last else 0)
    found = ((year, _lack(calendar, year)) for year in range(today.year, until + 1))
    return [(year, lack) for year, lack in found if lack]


def _lack(calendar: WorkCalendar, year: int) -> str:
    if not _covered(calendar, year):
        return "没有放假安排，按周一至周五推算"
    return "放假安排是推定的，还没有公布" if calendar.is_assumed(date(year, 12, 31)) else ""


def _month(calendar: WorkCalendar, year: int, number: int, today: date) -> Month:
    first = date(year, number, 1)
    following = date(year + number // 12, number % 12 + 1, 1)
    days = [first + n * _DAY for n in range((following - first).days)]
    cells: list[Cell | None] = [None] * first.weekday()
    cells += [_cell(calendar, day, today) for day in days]
    cells += [None] * (-len(cells) % 7)
    weeks = [cells[n : n + 7] for n in range(0, len(cells), 7)]
    return Month(number, weeks, sum(map(calendar.is_working, days)))


def _cell(calendar: WorkCalendar, day: date, today: date) -> Cell:
    working, weekend = calendar.is_working(day), day.weekday() >= 5
    word = "班" if working and weekend else "休" if not working and day in calendar.off else ""
    look = "hol" if word == "休" else "wrk" if word else "off" if weekend else ""
    return Cell(day.day, f"{look} today".strip() if day == today else look, word)


def _breaks(calendar: WorkCalendar, year: int) -> Iterator[Break]:
    """Every run of days off with a day in it that is given, by its first given day's year."""
    named = {day: name for name, days in calendar.festivals.items() for day in days}
    given = [day for day in calendar.off if day.year == year]
    end: date | None = None
    for day in given:
        if end and day <= end:
            continue
        first = last = day
        while not calendar.is_working(first - _DAY) and (first - _DAY).year == year:
            first -= _DAY
        while not calendar.is_working(last + _DAY):
            last += _DAY
        end = last
        festival = next((name for at, name in named.items() if first <= at <= last), "")
        yield Break(first, last, festival, calendar.is_assumed(day))
