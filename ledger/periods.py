"""The periods that statistics are asked for: whole days, months, quarters, in Asia/Shanghai."""

import re
from datetime import date, datetime, time
from typing import NamedTuple, Self

from domain.words import SHANGHAI

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-?[Qq]([1-4])")


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
        if not found or not 1 <= int(found[2]) <= 12 or not date.min.year <= int(found[1]) < date.max.year:
            raise ValueError(f"月份“{text}”应写成 2026-06")
        return cls._months(int(found[1]), int(found[2]), 1)

    @classmethod
    def quarter(cls, text: str) -> Self:
        """``2026Q2``. Raises ValueError, in Chinese."""
        found = _QUARTER.fullmatch(text)
        if not found or not date.min.year <= int(found[1]) < date.max.year:
            raise ValueError(f"季度“{text}”应写成 2026Q2")
        return cls._months(int(found[1]), 3 * int(found[2]) - 2, 3)

    @classmethod
    def _months(cls, year: int, month: int, length: int) -> Self:
        years, after = divmod(month - 1 + length, 12)
        return cls(date(year, month, 1), date(year + years, after + 1, 1))

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Midnight at either end."""
        begins, ends = (datetime.combine(day, time(0), SHANGHAI) for day in self)
        return begins, ends
