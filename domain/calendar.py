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

    ``covers_from`` to ``covers_to``: the days the table speaks of; outside it a day follows the week, as a guess.
    ``assumed_from``: from this day on the table is an assumption, the official one not being out yet.
    Moments are in Asia/Shanghai.
    """

    version: str
    off: Days
    work: Days
    covers_from: date | None = None
    covers_to: date | None = None
    assumed_from: date | None = None
    festivals: dict[str, Days] = {}
    """The first day of festivals that go by the moon, year by year."""
    work_start: time = time(8, 30)
    work_end: time = time(18, 0)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if both := self._off & self._work:
            raise ValueError(f"{min(both)} 既列为放假又列为上班")
        outside = [day for day in (*self.off, *self.work) if not self.covers(day)]
        if outside:
            raise ValueError(f"{outside[0]} 不在日历的起止（covers_from、covers_to）之内")
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

    def covers(self, day: date) -> bool:
        """Whether the table speaks of this day."""
        return (self.covers_from is None or day >= self.covers_from) and (
            self.covers_to is None or day <= self.covers_to
        )

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

    def roll_back(self, day: date) -> date:
        """The day itself, or the last working day before it when it is off."""
        while not self.is_working(day):
            day -= _ONE_DAY
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

    @property
    def work_hours(self) -> timedelta:
        """How long a working day is."""
        return datetime.combine(date.min, self.work_end) - datetime.combine(date.min, self.work_start)

    def working_time_before(self, day: date, left: timedelta) -> datetime:
        """The moment from which ``left`` of working time remains until the end of work on ``day``, a working day."""
        while left > self.work_hours:
            left -= self.work_hours
            day = self.roll_back(day - _ONE_DAY)
        return self.end_of_working_day(day) - left
