"""通知: what a party hears of its matter, at which hour anybody is told anything, and how a notice stands."""

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple

from domain.calendar import WorkCalendar
from domain.words import SHANGHAI

OWN_LANGUAGE = "普通话"
"""Of whoever said nothing else."""


class NoticeState(StrEnum):
    """How one notice stands. A failed one is tried again until it is given up."""

    QUEUED = "待发"
    SENT = "已发出"
    DELIVERED = "已送达"
    FAILED = "失败"
    GIVEN_UP = "放弃"


class Way(StrEnum):
    """How a party wishes to hear."""

    SMS = "短信"
    CALL = "电话"
    LETTER = "书面"


Undelivered = Literal[
    "当事人要书面告知", "没有可用的号码", "号码有误或停机", "没有这种语言的模板", "没有接通这种通知渠道",
    "一直发不出去", "没有等到送达回执",
]  # fmt: skip
"""Why a person is asked."""
WANTS_PAPER: Undelivered = "当事人要书面告知"
NO_NUMBER: Undelivered = "没有可用的号码"
BAD_NUMBER: Undelivered = "号码有误或停机"
NO_WORDS: Undelivered = "没有这种语言的模板"
NO_CHANNEL: Undelivered = "没有接通这种通知渠道"
NEVER_SENT: Undelivered = "一直发不出去"
NO_RECEIPT: Undelivered = "没有等到送达回执"
NOT_HEARING = "接收人不再以此渠道接收"
"""Of an officer's notice: nobody is asked."""


class Line(NamedTuple):
    """One reminder of a message to an officer: the case number, and what of it."""

    case_no: str
    subject: str


def to_officer(lines: list[Line]) -> str:
    """A message to an officer, of all that one moment has to say. Nobody is named in it."""
    said = "；".join(dict.fromkeys(f"{line.case_no} {line.subject}" for line in lines))
    return f"【枫桥】{said}。请登录办案平台查看。"


def decent(now: datetime, calendar: WorkCalendar, *, at_once: bool = False) -> datetime:
    """When somebody may be told: now within working hours, else when the next working day begins."""
    day = now.astimezone(SHANGHAI).date()
    if at_once or (calendar.is_working(day) and _is_within(now, calendar)):
        return now
    if calendar.is_working(day) and now < calendar.start_of_working_day(day):
        return calendar.start_of_working_day(day)
    return next_morning(now, calendar)


def next_morning(now: datetime, calendar: WorkCalendar) -> datetime:
    """When the next working day after this one begins."""
    return calendar.start_of_working_day(calendar.add_working_days(now.astimezone(SHANGHAI).date(), 1).due)


def _is_within(now: datetime, calendar: WorkCalendar) -> bool:
    day = now.astimezone(SHANGHAI).date()
    return calendar.start_of_working_day(day) <= now <= calendar.end_of_working_day(day)


def notice_id(*cause: str) -> str:
    """The same for the same cause, receiver and channel; it says nothing of any of them."""
    return f"ntc_{hashlib.sha256(chr(10).join(cause).encode()).hexdigest()[:32]}"
