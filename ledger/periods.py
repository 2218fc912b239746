"""The periods that statistics are asked for: whole days, months, quarters, years, in Asia/Shanghai."""

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, Self

from domain.words import SHANGHAI

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-?[Qq]([1-4])")
_YEAR = re.compile(r"(\d{4})")


class Period(NamedTuple):
    """``first`` is included, ``until`` is not."""

    first: date
    until: date

    @classmethod
    def days(cls, first: date, until: date) -> Self:
        """From a day to the day before another. Raises ValueError, in Chinese, when it has no day."""
        if until <= first:
            raise ValueError("统计期止（不含当日）须晚于统计期起")
        return cls(first, until)

    @classmethod
    def month(cls, text: str) -> Self:
        """``2026-06``. Raises ValueError, in Chinese."""
        found = _MONTH.fullmatch(text)
        if not found or not 1 <= int(found[2]) <= 12 or not _countable(found[1]):
            raise ValueError(f"月份“{text}”应写成 2026-06")
        return cls._months(int(found[1]), int(found[2]), 1)

    @classmethod
    def quarter(cls, text: str) -> Self:
        """``2026Q2``. Raises ValueError, in Chinese."""
        found = _QUARTER.fullmatch(text)
        if not found or not _countable(found[1]):
            raise ValueError(f"季度“{text}”应写成 2026Q2")
        return cls._months(int(found[1]), 3 * int(found[2]) - 2, 3)

    @classmethod
    def year(cls, text: str, today: date) -> Self:
        """``2026``; of the year that runs, its days up to today. Raises ValueError, in Chinese."""
        found = _YEAR.fullmatch(text)
        if not found or not _countable(found[1]):
            raise ValueError(f"年份“{text}”应写成 2026")
        whole = cls._months(int(found[1]), 1, 12)
        return (
            whole._replace(until=today + timedelta(days=1)) if whole.first <= today < whole.until else whole
        )

    @classmethod
    def _months(cls, year: int, month: int, length: int) -> Self:
        years, after = divmod(month - 1 + length, 12)
        return cls(date(year, month, 1), date(year + years, after + 1, 1))

    @classmethod
    def months_to(cls, last: date, number: int) -> Self:
        """So many months, the last of them the month of this day."""
        years, month = divmod(last.year * 12 + last.month - number, 12)
        return cls._months(years, month + 1, number)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Midnight at either end."""
        begins, ends = (datetime.combine(day, time(0), SHANGHAI) for day in self)
        return begins, ends

    @property
    def last(self) -> date:
        """The last day of it."""
        return self.until - timedelta(days=1)

    @property
    def months(self) -> list[date]:
        """The first days of the months that it touches."""
        begins, ends = (12 * day.year + day.month - 1 for day in (self.first, self.last))
        return [date(month // 12, month % 12 + 1, 1) for month in range(begins, ends + 1)]

    @property
    def word(self) -> str:
        """As one says it: 2026 年 6 月, 2026 年第 2 季度, 2026 年, or its first and last day."""
        year, month = self.first.year, self.first.month
        if self == self._months(year, month, 1):
            return f"{year} 年 {month} 月"
        if self == self._months(year, month, 3) and month % 3 == 1:
            return f"{year} 年第 {(month + 2) // 3} 季度"
        if self == self._months(year, 1, 12):
            return f"{year} 年"
        return f"{self.first} 至 {self.last}"

    def before(self) -> Self:
        """What it is compared with: the month or quarter before; of days from the new year on, the same a year before."""
        year, month = self.first.year, self.first.month
        for length in (1, 3):
            if self == self._months(year, month, length):
                years, begins = divmod(year * 12 + month - 1 - length, 12)
                return self._months(years, begins + 1, length)
        if self.first.replace(month=1, day=1) == self.first:
            return type(self)(*(_a_year_before(day) for day in self))
        return type(self)(self.first - (self.until - self.first), self.first)


def _countable(year: str) -> bool:
    """Whether a period of this year and the one before it are within what dates can say."""
    return date.min.year < int(year) < date.max.year


def _a_year_before(day: date) -> date:
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year - 1, day=28 if leap else day.day)
