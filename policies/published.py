"""A policy's table of days off held against the published one (chinesecalendar), day by day."""

from datetime import date, timedelta
from typing import NamedTuple

from domain.calendar import WorkCalendar

_WORDS = {True: "上班", False: "放假"}


class Difference(NamedTuple):
    """A day on which the two do not agree. ``here``, ``published``: 上班 or 放假."""

    day: date
    here: str
    published: str


class Compared:
    """The days that differ, the years that were compared, and those that nobody has published."""

    def __init__(self, calendar: WorkCalendar, years: range | None = None) -> None:
        self.differences: list[Difference] = []
        self.compared: list[int] = []
        self.unpublished: list[int] = []
        for year in years or _years(calendar):
            self._compare(calendar, year)

    def _compare(self, calendar: WorkCalendar, year: int) -> None:
        import chinese_calendar  # pyright: ignore[reportMissingTypeStubs]

        day = date(year, 1, 1)
        try:
            while day.year == year:
                published = bool(chinese_calendar.is_workday(day))  # pyright: ignore[reportUnknownMemberType]
                if published != calendar.is_working(day):
                    self.differences.append(Difference(day, _WORDS[not published], _WORDS[published]))
                day += timedelta(days=1)
        except NotImplementedError:
            self.unpublished.append(year)
        else:
            self.compared.append(year)


def _years(calendar: WorkCalendar) -> range:
    known = [*calendar.off, *calendar.work]
    first = calendar.covers_from or min(known, default=date.today())
    last = calendar.covers_to or max(known, default=date.today())
    return range(first.year, last.year + 1)
