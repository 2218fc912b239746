"""When something can still be done: not before today, and on a day that clocks can count to."""

from collections.abc import Iterator
from datetime import datetime

from domain.actions import Action
from domain.actions.days import coming
from domain.chinese import moment
from domain.decide.happened import earliest
from domain.declined import Declined
from domain.draft import Draft
from domain.intake import LATEST
from domain.words import SHANGHAI


def faults(draft: Draft, body: Action) -> Iterator[Declined]:
    """What is wrong with the days told as coming in a form."""
    today = draft.now.astimezone(SHANGHAI).date()
    this_minute = draft.now.replace(second=0, microsecond=0)
    for told, since in coming(body):
        first = earliest(draft, since, body) if since else None
        if first and told.day < first.day:
            said = f"{told.title}不能早于 {first.day}（{first.why}），请核对年月日"
            yield Declined("past_due", said, told.place)
        elif first is None and told.day < today:
            said = f"{told.title} {told.day} 已过，请写今天（{today}）或以后的日期"
            yield Declined("past_due", said, told.place)
        elif first is None and isinstance(told.value, datetime) and told.value < this_minute:
            yield Declined("past_due", f"{told.title} {moment(told.value)}已过，请写以后的时间", told.place)
        elif told.day.year > LATEST:
            yield Declined("too_far", f"{told.title}不能晚于 {LATEST} 年，请核对年份", told.place)
