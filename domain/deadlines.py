"""Deadlines that carry their own receipt (“为什么是这一天”).

A deadline is data: the rule, its legal basis, the start, the days skipped and worked, pauses, extensions,
alarms and the end. The functions here return a new one; they know no clock, only the moments they are given.
A day deadline ends at 23:59:59 of its last day, the start day never counts, natural days that end on a day
off, and months, roll to the next working day (民事诉讼法第八十五条). Internal clocks can pause, statutory ones cannot.
"""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeVar

from domain.calendar import WorkCalendar
from domain.clocks import (
    DUTIES,
    RESULT_WORDS,
    TAG_WORDS,
    UNIT_WORDS,
    Alarm,
    AlarmKind,
    ClockKind,
    ClockRule,
    Deadline,
    Extension,
    Ladder,
    LadderRung,
    Pause,
    Unit,
)
from domain.words import SHANGHAI, Model, UnitName

__all__ = [
    "Alarm", "AlarmKind", "ClockRule", "Deadline", "Extension", "Ladder", "LadderRung", "Pause",
    "carry", "counted_from", "explain", "extend", "fire", "lapse", "pause", "postpone_escalation", "resume", "run_again", "start",
    "stop",
]  # fmt: skip


def start(
    rule: ClockRule,
    ladder: Ladder | None,
    calendar: WorkCalendar,
    *,
    id: str,
    owner: UnitName,
    start_event: str,
    at: datetime,
    task_id: str | None = None,
    due_on: date | None = None,
    name: str | None = None,
) -> Deadline:
    """Start a clock at ``at``. ``due_on`` is a due day fixed by agreement or minutes; it never rolls."""
    at = at.astimezone(SHANGHAI)
    fresh = Deadline(
        id=id,
        rule_id=rule.id,
        name=name or rule.name,
        basis=rule.basis,
        tag=rule.tag,
        kind=rule.kind,
        owner=owner,
        task_id=task_id,
        start_event=start_event,
        starts_at=at,
        length=0 if due_on else rule.length,
        unit="d" if due_on and rule.unit == "h" else rule.unit,
        fixed_on=due_on,
        max_extension=rule.max_extension,
        calendar_version=calendar.version,
        due_at=at,
    )
    return _recounted(fresh, calendar, ladder, since=at)


def counted_from(dl: Deadline, at: datetime, calendar: WorkCalendar, ladder: Ladder | None) -> Deadline:
    """The clock counted from a later moment: one that would be overdue when it begins counts from its beginning.

    What stood still or was granted before that moment is no part of it.
    """
    at = at.astimezone(SHANGHAI)
    kept = tuple(p for p in dl.pauses if p.to is None)
    later = _with(dl, instead_of_start=dl.starts_at, starts_at=at, pauses=kept, extensions=(), alarms=())
    return _recounted(later, calendar, ladder, since=at)


def pause(dl: Deadline, at: datetime, reason: str, *, refused: bool = False) -> Deadline:
    """Stop the time of an internal clock. Any other kind, or one closed or paused, is returned unchanged.

    ``refused``: because the act it is for cannot be done now; it goes on when the act can.
    """
    if dl.kind != "internal" or not dl.is_open or dl.is_paused:
        return dl
    at = at.astimezone(SHANGHAI)
    stood = Pause(from_=at, reason=reason, moves_due=at <= dl.due_at, refused=refused)
    return _with(dl, pauses=(*dl.pauses, stood))


def resume(dl: Deadline, at: datetime, calendar: WorkCalendar, ladder: Ladder | None) -> Deadline:
    """Let a paused clock run on: due moves by the working days, natural days or hours that it stood still."""
    if not dl.is_paused:
        return dl
    at = at.astimezone(SHANGHAI)
    ended = _with(dl.pauses[-1], to=at)
    return _recounted(_with(dl, pauses=(*dl.pauses[:-1], ended)), calendar, ladder, since=at)


def carry(dl: Deadline, before: Deadline, calendar: WorkCalendar, ladder: Ladder | None) -> Deadline:
    """Keep on a clock that takes another's place the time that stood still there and the time that was granted."""
    if dl.kind != "internal":
        return dl
    kept = _with(dl, pauses=before.pauses, extensions=before.extensions)
    return _recounted(kept, calendar, ladder, since=dl.starts_at)


def extend(
    dl: Deadline,
    length: int,
    unit: Unit,
    by: str,
    reason: str,
    at: datetime,
    calendar: WorkCalendar,
    ladder: Ladder | None,
    *,
    times: int,
) -> Deadline:
    """Grant more time, as often as ``times``, in the clock's own unit; what it carries from another keeps that one's.

    Natural days count on from the start and then roll; working days are added to due. Raises ValueError, in
    Chinese, when the clock is closed or paused, was extended that often before, cannot be extended, is counted in
    another unit, or would pass its longest extension, all grants together.
    """
    if not dl.is_open:
        raise ValueError(f"“{dl.name}”时限已经停止，不能延期")
    if dl.is_paused:
        raise ValueError(f"“{dl.name}”时限正在中止，恢复后方可延期")
    if len(dl.extensions) >= times:
        raise ValueError(f"“{dl.name}”时限已延期{times}次，不得再次延期")
    if dl.max_extension is None:
        raise ValueError(f"“{dl.name}”时限不得延期")
    if length <= 0:
        raise ValueError("延期的长度须大于零")
    if unit != dl.unit:
        own = UNIT_WORDS[dl.unit].removeprefix("个")
        raise ValueError(f"“{dl.name}”时限以{own}计，延长的时间也须以{own}计")
    at = at.astimezone(SHANGHAI)

    def granted(n: int, in_unit: Unit, before: tuple[Extension, ...]) -> Deadline:
        more = Extension(length=n, unit=in_unit, by=by, reason=reason, at=at, due_before=dl.due_at)
        return _recounted(_with(dl, extensions=(*before, more)), calendar, ladder, since=at)

    extended = granted(length, unit, dl.extensions)
    if extended.due_at > granted(dl.max_extension, dl.unit, ()).due_at:
        limit = f"{dl.max_extension}{UNIT_WORDS[dl.unit]}"
        raise ValueError(f"“{dl.name}”时限最多延长{limit}，申请的{length}{UNIT_WORDS[unit]}超出，请缩短")
    return extended


def stop(dl: Deadline, at: datetime, by: str | None) -> Deadline:
    """What the clock was for has been done, by the action ``by``. A closed clock is returned unchanged."""
    return _with(dl, stopped_at=at.astimezone(SHANGHAI), stopped_by=by) if dl.is_open else dl


def lapse(dl: Deadline, at: datetime, by: str | None) -> Deadline:
    """What the clock was for is no longer owed. A closed clock is returned unchanged."""
    if not dl.is_open:
        return dl
    return _with(dl, stopped_at=at.astimezone(SHANGHAI), stopped_by=by, lapsed=True)


def run_again(dl: Deadline) -> Deadline:
    """What stopped it has proved not to have been done: it runs towards the day it had, which may be past."""
    return _with(dl, stopped_at=None, stopped_by=None, lapsed=False)


def fire(dl: Deadline, alarm_kind: AlarmKind, at: datetime) -> Deadline:
    """Record that the first alarm of this kind not yet fired has acted; with none left nothing changes."""
    alarms = list(dl.alarms)
    for n, alarm in enumerate(alarms):
        if alarm.kind == alarm_kind and alarm.fired_at is None:
            alarms[n] = _with(alarm, fired_at=at.astimezone(SHANGHAI))
            break
    return _with(dl, alarms=tuple(alarms))


def postpone_escalation(dl: Deadline, at: datetime, calendar: WorkCalendar, working_days: int) -> Deadline:
    """After a supervision act, put off the escalation to come by ``working_days``; never bring it forward."""
    day = calendar.add_working_days(at.astimezone(SHANGHAI).date(), working_days).due
    then = calendar.start_of_working_day(day)
    moved = tuple(
        _with(a, at=max(a.at, then)) if a.kind == AlarmKind.ESCALATE and a.fired_at is None else a
        for a in dl.alarms
    )
    return _with(dl, alarms=moved)


M = TypeVar("M", bound=Model)


def _with(model: M, **changes: Any) -> M:
    return model.model_copy(update=changes)


def _recounted(dl: Deadline, calendar: WorkCalendar, ladder: Ladder | None, *, since: datetime) -> Deadline:
    """Count due anew from the start, with all pauses and extensions, and set the alarms accordingly."""
    due_at, skipped, worked = _count(dl, calendar)
    outside = [d for d in (dl.starts_at.astimezone(SHANGHAI).date(), due_at.date()) if not calendar.covers(d)]
    counted = _with(
        dl,
        due_at=due_at,
        skipped=tuple(skipped),
        worked=tuple(worked),
        calendar_assumed=calendar.is_assumed(due_at.date()),
        calendar_outside=bool(outside),
    )
    return _with(counted, alarms=_alarms(counted, calendar, ladder, since)) if ladder else counted


def _stood_still(dl: Deadline) -> list[tuple[datetime, datetime]]:
    return [(p.from_, p.to) for p in dl.pauses if p.to and p.moves_due]


def _count(dl: Deadline, calendar: WorkCalendar) -> tuple[datetime, list[date], list[date]]:
    still = _stood_still(dl)
    added = {unit: sum(e.length for e in dl.extensions if e.unit == unit) for unit in ("wd", "d", "h", "m")}
    added[dl.unit] += dl.length
    if dl.unit == "h":
        paused = sum((to - from_ for from_, to in still), timedelta())
        return dl.starts_at + timedelta(hours=added["h"]) + paused, [], []
    spans = [(from_.astimezone(SHANGHAI).date(), to.astimezone(SHANGHAI).date()) for from_, to in still]
    if dl.unit == "wd":
        added["wd"] += sum(calendar.working_days_between(*span) for span in spans)
    else:
        added["d"] += sum((to - from_).days for from_, to in spans)
    day = dl.fixed_on or dl.starts_at.astimezone(SHANGHAI).date()
    day = months_after(day, added["m"])
    rolls = added["d"] > 0 or (dl.unit in ("d", "m") and dl.fixed_on is None)
    if dl.unit == "wd":
        rolls = rolls or (added["wd"] == 0 and dl.fixed_on is None)
        counted = calendar.add_working_days(day, added["wd"])
        due = counted.due + timedelta(days=added["d"])
        rolled = _days_off_from(due, calendar) if rolls else []
        due += timedelta(days=len(rolled))
    else:
        last = day + timedelta(days=added["d"])
        rolled = _days_off_from(last, calendar) if rolls else []
        counted = calendar.add_working_days(last + timedelta(days=len(rolled)), added["wd"])
        due = counted.due
    end = datetime.combine(due, time(23, 59, 59), SHANGHAI)
    return end, sorted([*counted.skipped, *rolled]), counted.worked


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _days_off_from(day: date, calendar: WorkCalendar) -> list[date]:
    """The days off that a period ending on ``day`` rolls over."""
    return [day + timedelta(days=n) for n in range((calendar.roll(day) - day).days)]


def _alarms(dl: Deadline, calendar: WorkCalendar, ladder: Ladder, since: datetime) -> tuple[Alarm, ...]:
    """The ladder's alarms for this due moment.

    What has fired stays fired, except that a due moment moved into the future can turn red once more.
    """
    before = list(dl.alarms) or [None] * len(ladder.rungs)
    alarms: list[Alarm] = []
    for rung, old in zip(ladder.rungs, before, strict=True):
        at = _moment(rung, dl, calendar)
        if old is None:
            alarms.append(Alarm(kind=rung.alarm, at=at))
        elif old.fired_at is None:
            alarms.append(_with(old, at=max(old.at, at)))
        else:
            after_due = rung.fraction is None or rung.fraction == 1
            alarms.append(Alarm(kind=rung.alarm, at=at) if after_due and at > since else old)
    return tuple(alarms)


def _moment(rung: LadderRung, dl: Deadline, calendar: WorkCalendar) -> datetime:
    """When a rung acts. Before due, days are counted in working time, hours around the clock."""
    if rung.working_days_after_due:
        return calendar.start_of_working_day(
            calendar.add_working_days(dl.due_on, rung.working_days_after_due).due
        )
    fraction = rung.fraction or Decimal(1)
    if fraction == 1:
        return dl.due_at
    start = dl.starts_at.astimezone(SHANGHAI)
    same_day = dl.due_on == start.date()
    first = calendar.roll(start.date() if same_day else start.date() + timedelta(days=1))
    if dl.unit == "h" or first > dl.due_on or (same_day and start >= calendar.end_of_working_day(first)):
        return _by_the_clock(dl, fraction)
    if same_day:
        begins = max(start, calendar.start_of_working_day(first))
        return calendar.working_time_before(
            first, _rest(calendar.end_of_working_day(first) - begins, fraction)
        )
    return _at_work(dl, calendar, first, fraction)


def _rest(given: timedelta, fraction: Decimal) -> timedelta:
    """What is left of the time given when this fraction of it is over, whole seconds."""
    return timedelta(seconds=max(int(int(given.total_seconds()) * (1 - fraction)), 0))


def _by_the_clock(dl: Deadline, fraction: Decimal) -> datetime:
    paused = sum((to - from_ for from_, to in _stood_still(dl)), timedelta())
    return dl.due_at - _rest(dl.due_at - dl.starts_at - paused, fraction)


def _at_work(dl: Deadline, calendar: WorkCalendar, first: date, fraction: Decimal) -> datetime:
    """Counted back from the end of work on the last day: what stood still before was no time.

    ``first``: the first day that counts. Where there is a second one, nothing comes before the first is over.
    """
    last, start = calendar.roll_back(dl.due_on), dl.starts_at.astimezone(SHANGHAI).date()
    still = sum(
        calendar.working_days_between(
            max(from_.astimezone(SHANGHAI).date(), start), to.astimezone(SHANGHAI).date()
        )
        for from_, to in _stood_still(dl)
    )
    days = calendar.working_days_between(start, last) - still
    at = calendar.working_time_before(last, _rest(calendar.work_hours * days, fraction))
    return max(at, calendar.end_of_working_day(first)) if days > 1 else at


def explain(dl: Deadline, now: datetime | None = None) -> list[str]:
    """The receipt, “为什么是这一天”, line by line, in the officer's words. ``now``: whether it has run out is told too."""
    length = "到期日由协议或纪要确定" if dl.fixed_on else f"{dl.length}{UNIT_WORDS[dl.unit]}"
    lines = [
        f"{dl.name}：{length}（承办：{dl.owner}）",
        f"依据：{dl.basis}（{TAG_WORDS[dl.tag]}）",
        f"起算：{_moment_text(dl.starts_at)}{_beginning(dl)}" + ("" if dl.unit == "h" else "，当日不计"),
    ]
    if dl.instead_of_start:
        lines.append(f"原应自 {_moment_text(dl.instead_of_start)} 起算，登记或改级时已届满，故自此时起算")
    lines += [f"跳过休息日：{_range_text(first, last)}" for first, last in _ranges(dl.skipped)]
    lines += [f"调休上班，计入：{day}" for day in dl.worked]
    for p in dl.pauses:
        until = _moment_text(p.to) if p.to else "至今"
        moved = "期间停算" if p.moves_due else "中止前已逾期，不停算"
        lines.append(f"中止：{_moment_text(p.from_)} 至 {until}，{moved}（{p.reason}）")
    for e in dl.extensions:
        before = e.due_before.astimezone(SHANGHAI).date()
        lines.append(f"延期：{e.length}{UNIT_WORDS[e.unit]}，{e.by}批准（{e.reason}），原到期日 {before}")
    lines.append(f"日历：{dl.calendar_version}{_doubt(dl)}")
    due = _moment_text(dl.due_at) if dl.unit == "h" else str(dl.due_on)
    lines.append(f"{'最早可办日' if dl.kind == 'not_before' else '到期'}：{due}，{_stands(dl, now)}")
    if dl.kind in DUTIES and not any(a.kind in (AlarmKind.YELLOW, AlarmKind.RED) for a in dl.alarms):
        lines.append("亮牌：政策没有为这一时限规定黄牌、红牌，超期也不亮牌")
    return lines


def _beginning(dl: Deadline) -> str:
    """By what it began; a moment given as such says nothing more than the moment."""
    if not dl.start_event or _is_moment(dl.start_event):
        return ""
    return f"（{'登记' if dl.start_event == 'intake' else dl.start_event}）"


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _stands(dl: Deadline, now: datetime | None) -> str:
    """How it stands or ended; of one that nobody stopped, that its day is over, whether or not an alarm has acted."""
    if dl.result != "running" or not now:
        return RESULT_WORDS[dl.result]
    told = _OVER[dl.kind] if dl.overdue_at(now) else "" if dl.is_paused else RESULT_WORDS["running"]
    return "，".join(filter(None, (told, "暂停计时" if dl.is_paused else "")))


_OVER: dict[ClockKind, str] = {
    "internal": "已超期", "statutory": "已超期", "window": "期限已过", "not_before": "已等足期限",
}  # fmt: skip


def _doubt(dl: Deadline) -> str:
    """What the table does not know of the days counted."""
    if dl.calendar_outside:
        return "，起算或到期日不在日历之内，按周一至周五为工作日推算，请核对当年的放假安排"
    return "，其中到期日所在年度的放假安排尚未公布，为推定" if dl.calendar_assumed else ""


def _moment_text(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _range_text(first: date, last: date) -> str:
    return str(first) if first == last else f"{first} 至 {last}"


def _ranges(days: tuple[date, ...]) -> list[tuple[date, date]]:
    """Days in a row, joined."""
    if not days:
        return []
    breaks = [n for n, (a, b) in enumerate(pairwise(days), 1) if (b - a).days > 1]
    edges = [0, *breaks, len(days)]
    return [(days[a], days[b - 1]) for a, b in pairwise(edges)]
