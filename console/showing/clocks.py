"""A clock as it is read: how much is used, what is left, which card, why this day."""

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from domain.clocks import Deadline
from domain.dispute import Dispute
from domain.due import card_of
from domain.policy import Policy
from domain.words import SHANGHAI

WARNED = 0.9
_ONE_DAY = timedelta(days=1)


class Reading(NamedTuple):
    """One clock at a moment. ``used`` of ``total`` in ``word``; ``share``: used of the term, may pass 1."""

    name: str
    owner: str
    due_at: datetime
    used: int
    total: int
    word: str
    share: float
    late: bool
    paused: bool
    left: str
    card: str
    """催办, 黄牌, 红牌 or 督办, whichever it came to."""
    by_hours: bool
    statutory: bool

    @property
    def state(self) -> str:
        """``o`` late, ``w`` nearly used up, or nothing: how the bar is coloured."""
        return "o" if self.late else "w" if self.share >= WARNED else ""

    @property
    def ratio(self) -> str:
        """29/30, with the unit where it is hours."""
        return f"{self.used}/{self.total}" + (" 时" if self.by_hours else "")

    @property
    def said(self) -> str:
        """The bar in words, for whoever does not see it."""
        return f"{self.total} {self.word}已用 {self.used} {self.word}，{self.left}"


def read(clock: Deadline, d: Dispute, policy: Policy, now: datetime) -> Reading:
    """How a clock of a matter stands at a moment."""
    return of(clock, policy, now, card_of(clock, d))


def of(clock: Deadline, policy: Policy, now: datetime, card: str) -> Reading:
    """How a clock stands at a moment; ``card``: what it came to."""
    judged = clock.pauses[-1].from_ if clock.is_paused else clock.stopped_at or now
    used, total, word = _measured(clock, policy, judged)
    late = judged > clock.due_at
    return Reading(
        name=clock.name,
        owner=clock.owner,
        due_at=clock.due_at.astimezone(SHANGHAI),
        used=used,
        total=total,
        word=word,
        share=used / total if total else 1.0,
        late=late,
        paused=clock.is_paused,
        left="暂停计时" if clock.is_paused else left(clock, policy, judged),
        card=card,
        by_hours=clock.unit == "h",
        statutory=clock.kind == "statutory",
    )


def left(clock: Deadline, policy: Policy, now: datetime) -> str:
    """剩 1 个工作日, 剩 8 小时 40 分, 超 2 个自然日: in the clock's own unit, which is always said."""
    due, now = clock.due_at.astimezone(SHANGHAI), now.astimezone(SHANGHAI)
    if clock.unit == "h" or due.date() == now.date():
        ends = due if clock.unit == "h" else policy.calendar.end_of_working_day(due.date())
        return _hours(ends - now) if now <= due else _hours(now - due, "超")
    between, word = _days(clock, policy, *sorted((now.date(), due.date())))
    if now > due:
        return f"超 {between} {word}" if between else "已超期"
    return f"剩 {between} {word}"


def _days(clock: Deadline, policy: Policy, first: date, last: date) -> tuple[int, str]:
    if clock.unit == "wd":
        return policy.calendar.working_days_between(first, last), "个工作日"
    return max((last - first).days, 0), "个自然日"


def _hours(span: timedelta, word: str = "剩") -> str:
    minutes = max(int(span.total_seconds()) // 60, 0)
    if minutes >= 48 * 60:
        return f"{word} {minutes // 1440} 个自然日"
    return (
        f"{word} {minutes // 60} 小时"
        if minutes % 60 == 0
        else f"{word} {minutes // 60} 小时 {minutes % 60} 分"
    )


def _measured(clock: Deadline, policy: Policy, now: datetime) -> tuple[int, int, str]:
    start, due = clock.starts_at.astimezone(SHANGHAI), clock.due_at.astimezone(SHANGHAI)
    now = now.astimezone(SHANGHAI)
    if clock.unit == "h":
        return (
            max(int((now - start).total_seconds()) // 3600, 0),
            int((due - start).total_seconds()) // 3600,
            "小时",
        )
    still = _stood_still(clock, policy, now)
    used, word = _days(clock, policy, start.date(), now.date())
    total, _ = _days(clock, policy, start.date(), due.date())
    return max(used - still, 0), max(total - still, 0), word


def _stood_still(clock: Deadline, policy: Policy, now: datetime) -> int:
    spans = ((p.from_, p.to or now) for p in clock.pauses if p.moves_due)
    return sum(
        _days(clock, policy, a.astimezone(SHANGHAI).date(), b.astimezone(SHANGHAI).date())[0]
        for a, b in spans
    )


def receipt(lines: list[str]) -> list[tuple[str, str]]:
    """A receipt as terms and what they say; the days off, which may be many, in one line."""
    parts = [line.partition("：") for line in lines[1:]]
    off = [
        said.replace(" 至 ", "至").replace(f"{said[:5]}", "") for term, _, said in parts if term == SKIPPED
    ]
    told = [(term, _FINGERPRINT.sub("", said)) for term, _, said in parts if term != SKIPPED]
    if off:
        at = next((n for n, (term, _) in enumerate(told) if term not in ("依据", "起算")), len(told))
        told.insert(at, ("不计休息日", "、".join(off)))
    return told


SKIPPED = "跳过休息日"
_FINGERPRINT = re.compile(r"\s?\b[0-9a-f]{16}\b")
"""Of a policy's version: for programs."""


class Day(NamedTuple):
    """One cell of the counted calendar."""

    text: str
    look: str


class Week(NamedTuple):
    """One line of it."""

    begins: date
    days: list[Day]


MOST_WEEKS = 14


def counted(clock: Deadline, policy: Policy, today: date) -> list[Week]:
    """The days of a clock in working days, numbered, week by week; nothing for other clocks, or very long ones."""
    start, due = clock.starts_at.astimezone(SHANGHAI).date(), clock.due_on
    monday, number = start - timedelta(days=start.weekday()), 0
    weeks: list[Week] = []
    if clock.unit != "wd" or (due - monday).days >= MOST_WEEKS * 7:
        return []
    day = monday
    while day <= due:
        cells: list[Day] = []
        for _ in range(7):
            counts = start < day <= due and policy.calendar.is_working(day) and not _stands_still(clock, day)
            number += counts
            cells.append(_cell(clock, day, start, due, today, number if counts else None))
            day += _ONE_DAY
        weeks.append(Week(day - timedelta(days=7), cells))
    return weeks


def _cell(clock: Deadline, day: date, start: date, due: date, today: date, number: int | None) -> Day:
    text = str(number) if number else ""
    if day == due:
        return Day(text or "到期", "due")
    if day == start:
        return Day("起算", "run")
    if not start < day < due:
        return Day("", "off")
    if day == today:
        return Day(text or "休", "today")
    if number:
        return Day(text, "")
    return Day("停" if _stands_still(clock, day) else "休", "off")


def _stands_still(clock: Deadline, day: date) -> bool:
    noon = datetime.combine(day, time(12), SHANGHAI)
    return any(p.moves_due and p.from_ <= noon and (p.to is None or noon < p.to) for p in clock.pauses)
