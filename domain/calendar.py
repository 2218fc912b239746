"""The working-day calendar: which days count, which are skipped, which weekend days are worked (调休).

The table is data of the county's policy; nothing here knows a holiday by itself.
"""

from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Annotated, Self, cast

from pydantic import AfterValidator, BeforeValidator, model_validator

from domain.words import SHANGHAI, Model

_ONE_DAY = timedelta(days=1)


def spread(value: object) -> object:
    """Read ``2026-10-01/2026-10-07`` as every day from the first to the last."""
    if not isinstance(value, list | tuple):
        return value
    days: list[object] = []
    for entry in cast("list[object]", value):
        if isinstance(entry, str) and "/" in entry:
            first, _, last = entry.partition("/")
            day, end = date.fromisoformat(first.strip()), date.fromisoformat(last.strip())
            if end < day:
                raise ValueError(f"日期区间“{entry}”首尾颠倒")
            while day <= end:
                days.append(day)
                day += _ONE_DAY
        else:
            days.append(entry)
    return days


def _in_order(days: tuple[date, ...]) -> tuple[date, ...]:
    return tuple(sorted(set(days)))


Days = Annotated[tuple[date, ...], BeforeValidator(spread), AfterValidator(_in_order)]
"""Dates in order; a policy file may write a range as ``first/last``."""


class CountedDays(Model):
    """The result of counting working days, with what it took to get there."""

    due: date
    skipped: list[date]
    """Days off that were passed over, weekends included."""
    worked: list[date]
    """Weekend days that counted because they are worked (调休)."""


class WorkCalendar(Model):
    """Days off and weekend days worked; every other day follows the week (国务院办公厅节假日安排).

    ``assumed_from``: from this day on the table is an assumption, the official one not being out yet.
    Moments are in Asia/Shanghai.
    """

    version: str
    off: Days
    work: Days
    assumed_from: date | None = None
    work_start: time = time(8, 30)
    work_end: time = time(18, 0)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if both := self._off & self._work:
            raise ValueError(f"{min(both)} 既列为放假又列为上班")
        if self.work_start >= self.work_end:
            raise ValueError("上班时间须早于下班时间")
        return self

    @cached_property
    def _off(self) -> frozenset[date]:
        return frozenset(self.off)

    @cached_property
    def _work(self) -> frozenset[date]:
        return frozenset(self.work)

    def is_working(self, day: date) -> bool:
        """Whether offices work on this day."""
        return day in self._work or (day.weekday() < 5 and day not in self._off)

    def is_assumed(self, day: date) -> bool:
        """Whether the table only assumes what this day is."""
        return self.assumed_from is not None and day >= self.assumed_from

    def add_working_days(self, day: date, count: int) -> CountedDays:
        """The ``count``-th working day after ``day``; the start day never counts. 0 gives ``day`` itself.

        Raises ValueError for a negative count.
        """
        if count < 0:
            raise ValueError("工作日数不能为负数")
        skipped: list[date] = []
        worked: list[date] = []
        while count:
            day += _ONE_DAY
            if not self.is_working(day):
                skipped.append(day)
                continue
            count -= 1
            if day.weekday() >= 5:
                worked.append(day)
        return CountedDays(due=day, skipped=skipped, worked=worked)

    def roll(self, day: date) -> date:
        """The day itself, or the next working day when it is off (民事诉讼法第八十五条)."""
        while not self.is_working(day):
            day += _ONE_DAY
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after ``first`` up to and including ``last``; 0 when ``last`` is not later."""
        span = (last - first).days
        return sum(self.is_working(first + timedelta(days=n)) for n in range(1, span + 1))

    def start_of_working_day(self, day: date) -> datetime:
        """When work starts on ``day``."""
        return datetime.combine(day, self.work_start, SHANGHAI)

    def end_of_working_day(self, day: date) -> datetime:
        """When work ends on ``day``."""
        return datetime.combine(day, self.work_end, SHANGHAI)

    def working_moment_at_or_before(self, moment: datetime) -> datetime:
        """The moment itself when within working hours, else the last end of work before it."""
        moment = moment.astimezone(SHANGHAI)
        day = moment.date()
        if self.is_working(day) and moment >= self.start_of_working_day(day):
            return min(moment, self.end_of_working_day(day))
        day -= _ONE_DAY
        while not self.is_working(day):
            day -= _ONE_DAY
        return self.end_of_working_day(day)

    def working_moment_at_or_after(self, moment: datetime) -> datetime:
        """The moment itself when within working hours, else the next start of work."""
        moment = moment.astimezone(SHANGHAI)
        day = moment.date()
        if self.is_working(day) and moment <= self.end_of_working_day(day):
            return max(moment, self.start_of_working_day(day))
        return self.start_of_working_day(self.roll(day + _ONE_DAY))
