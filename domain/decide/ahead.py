"""When something can still be done: not before today, and on a day that clocks can count to."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from domain.actions import Action
from domain.actions.days import Ahead, Since, told
from domain.actions.form import Asked
from domain.decide.happened import earliest
from domain.declined import Declined
from domain.draft import Draft
from domain.intake import LATEST
from domain.words import SHANGHAI


class Day(NamedTuple):
    """A day told as coming in a form: its title, its place, and what it cannot be before if that is not today."""

    title: str
    place: str
    day: date
    since: Since | None


def faults(draft: Draft, body: Action) -> Iterator[Declined]:
    """What is wrong with the days told as coming in a form."""
    today = draft.now.astimezone(SHANGHAI).date()
    for coming in days(body):
        first = earliest(draft, coming.since, body) if coming.since else None
        if first and coming.day < first.day:
            said = f"{coming.title}不能早于 {first.day}（{first.why}），请核对年月日"
            yield Declined("past_due", said, coming.place)
        elif first is None and coming.day < today:
            said = f"{coming.title} {coming.day} 已过，请写今天（{today}）或以后的日期"
            yield Declined("past_due", said, coming.place)
        elif coming.day.year > LATEST:
            yield Declined("too_far", f"{coming.title}不能晚于 {LATEST} 年，请核对年份", coming.place)


def days(body: Asked) -> Iterator[Day]:
    """Every day told as coming in a form, with its title and place."""
    for one in told(body):
        if isinstance(one.mark, Ahead) and isinstance(one.value, date):
            yield Day(one.title, one.place, _day(one.value), one.mark.since)


def _day(told: date) -> date:
    return told.astimezone(SHANGHAI).date() if isinstance(told, datetime) else told
