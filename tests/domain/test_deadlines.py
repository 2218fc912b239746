"""Deadlines: the right day, the right alarms, pauses and extensions, and the receipt."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import policies
from domain import deadlines
from domain.deadlines import AlarmKind, ClockRule, Deadline, Ladder
from domain.words import SHANGHAI

POLICY = policies.load()
CALENDAR = POLICY.calendar
TASK = POLICY.ladder("task")
STARTS = st.datetimes(datetime(2026, 1, 2), datetime(2026, 12, 1)).map(
    lambda m: m.replace(microsecond=0, tzinfo=SHANGHAI)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def rule(length: int, unit: str, **more: Any) -> ClockRule:
    given_ = {
        "id": "x",
        "name": "办理",
        "length": length,
        "unit": unit,
        "basis": "县方案",
        "tag": "D",
        **more,
    }
    return ClockRule.model_validate(given_)


def begin(r: ClockRule, when: datetime, **more: Any) -> Deadline:
    return deadlines.start(
        r, TASK, CALENDAR, id="k1", owner="县税务局", start_event="intake", at=when, **more
    )


def running(length: int, unit: str, when: str, **more: Any) -> Deadline:
    return begin(rule(length, unit, **more), at(when))


def alarm_at(dl: Deadline, kind: AlarmKind) -> datetime:
    return next(a.at for a in dl.alarms if a.kind == kind)


@pytest.mark.parametrize(
    ("length", "unit", "start", "due"),
    [
        (3, "wd", "2026-09-03T09:42", "2026-09-08T23:59:59"),
        (1, "wd", "2026-09-17T11:17", "2026-09-18T23:59:59"),
        (5, "wd", "2026-09-14T11:17", "2026-09-20T23:59:59"),
        (15, "d", "2026-09-16T14:59", "2026-10-08T23:59:59"),
        (15, "d", "2026-09-23T10:30", "2026-10-08T23:59:59"),
        (15, "d", "2026-10-08T14:59", "2026-10-23T23:59:59"),
        (60, "d", "2026-11-16T13:35", "2027-01-15T23:59:59"),
        (24, "h", "2026-11-16T08:35", "2026-11-17T08:35:00"),
    ],
)
def test_known_due_moments(length: int, unit: str, start: str, due: str) -> None:
    assert running(length, unit, start).due_at == at(due)


def test_the_start_day_is_shanghai_s() -> None:
    dl = begin(rule(1, "wd"), datetime.fromisoformat("2026-09-07T17:00:00+00:00"))
    assert dl.due_on == date(2026, 9, 9)


def test_a_fixed_day_is_kept_even_on_a_day_off() -> None:
    dl = begin(rule(0, "d"), at("2026-09-20T00:00"), due_on=date(2026, 10, 3), name="首期缴款")
    assert (dl.due_at, dl.name, dl.length) == (at("2026-10-03T23:59:59"), "首期缴款", 0)


def test_the_ladder() -> None:
    dl = running(1, "wd", "2026-09-17T11:17")
    assert [(a.kind.value, a.at) for a in dl.alarms] == [
        ("催办", at("2026-09-18T15:09")),
        ("黄牌", at("2026-09-18T17:03")),
        ("红牌", at("2026-09-18T23:59:59")),
        ("督办", at("2026-09-20T08:30")),
        ("提请联席会议", at("2026-09-23T08:30")),
    ]


@pytest.mark.parametrize(
    ("length", "unit", "start", "reminder", "yellow"),
    [
        # 一日：10-08 上班 9.5 小时的七成、九成
        (1, "wd", "2026-09-30T17:50", "2026-10-08T15:09", "2026-10-08T17:03"),
        (1, "wd", "2026-10-02T10:00", "2026-10-08T15:09", "2026-10-08T17:03"),
        # 二日共 19 小时：剩 5.7 小时、1.9 小时
        (2, "wd", "2026-09-30T17:50", "2026-10-09T12:18", "2026-10-09T16:06"),
        # 五日共 47.5 小时：剩 14.25 小时即倒数第二日剩 4.75 小时
        (5, "wd", "2026-09-14T09:00", "2026-09-18T13:15", "2026-09-20T13:15"),
        # 自然日：09-17 至 10-08 共十一个工作日，剩 3.3 日、1.1 日
        (15, "d", "2026-09-16T14:59", "2026-09-28T15:09", "2026-09-30T17:03"),
        # 小时：昼夜连续计算
        (24, "h", "2026-09-18T17:50", "2026-09-19T10:38", "2026-09-19T15:26"),
        # 零日：当日剩余的上班时间
        (0, "wd", "2026-09-18T13:00", "2026-09-18T16:30", "2026-09-18T17:30"),
    ],
)
def test_fractions_count_working_time(length: int, unit: str, start: str, reminder: str, yellow: str) -> None:
    dl = running(length, unit, start)
    assert alarm_at(dl, AlarmKind.REMINDER) == at(reminder)
    assert alarm_at(dl, AlarmKind.YELLOW) == at(yellow)


@given(STARTS, st.integers(1, 60), st.sampled_from(["wd", "d"]))
def test_alarms_before_due_are_heard_at_work(start: datetime, length: int, unit: str) -> None:
    dl = begin(rule(length, unit), start)
    reminder, yellow = alarm_at(dl, AlarmKind.REMINDER), alarm_at(dl, AlarmKind.YELLOW)
    first = CALENDAR.roll(start.date() + timedelta(days=1))
    counted = CALENDAR.working_days_between(start.date(), dl.due_on)
    given_first = CALENDAR.end_of_working_day(first)
    assert (given_first if counted > 1 else given_first - CALENDAR.work_hours) <= reminder
    assert start <= reminder <= yellow <= alarm_at(dl, AlarmKind.RED) == dl.due_at
    for moment in (reminder, yellow):
        assert CALENDAR.is_working(moment.date())
        day = moment.date()
        assert CALENDAR.start_of_working_day(day) <= moment <= CALENDAR.end_of_working_day(day)
    assert dl.due_at < alarm_at(dl, AlarmKind.SUPERVISE) < alarm_at(dl, AlarmKind.ESCALATE)


@pytest.mark.parametrize(
    ("start", "due"),
    [("2026-09-18T10:00", "2026-09-18"), ("2026-09-19T10:00", "2026-09-20"), ("2026-10-01T10:00", "2026-10-08"),
     ("2026-10-11T10:00", "2026-10-12")],
)  # fmt: skip
def test_no_working_day_at_all_is_today_or_the_next_working_day(start: str, due: str) -> None:
    dl = running(0, "wd", start)
    assert dl.due_on == date.fromisoformat(due)
    assert CALENDAR.is_working(dl.due_on)


def test_a_county_s_early_rung_waits_until_the_first_counted_day_is_over() -> None:
    rungs = [{"alarm": "催办", "fraction": "0.1"}, {"alarm": "红牌", "fraction": 1}]
    early = Ladder.model_validate({"id": "e", "rungs": rungs})
    dl = deadlines.start(
        rule(5, "wd"), early, CALENDAR, id="k", owner="甲", start_event="x", at=at("2026-09-30T17:50")
    )
    assert alarm_at(dl, AlarmKind.REMINDER) == at("2026-10-08T18:00")


@given(STARTS, st.integers(0, 90))
def test_natural_days_end_on_the_last_day_or_the_next_working_day(start: datetime, length: int) -> None:
    dl = begin(rule(length, "d"), start)
    assert dl.due_on == CALENDAR.roll(start.date() + timedelta(days=length))
    assert CALENDAR.is_working(dl.due_on)


@given(STARTS, st.integers(0, 60))
def test_alarms_fire_each_once_and_in_order(start: datetime, length: int) -> None:
    dl = begin(rule(length, "wd"), start)
    fired: list[AlarmKind] = []
    while alarm := dl.next_alarm():
        fired.append(alarm.kind)
        dl = deadlines.fire(dl, alarm.kind, alarm.at)
    assert fired == list(AlarmKind)
    assert deadlines.fire(dl, AlarmKind.RED, dl.due_at) == dl


# --- pauses -----------------------------------------------------------------------------------------


@given(STARTS, st.integers(1, 40), st.integers(0, 30), st.integers(0, 40), st.sampled_from(["wd", "d"]))
def test_a_pause_gives_back_exactly_the_days_it_took(
    start: datetime, length: int, until_pause: int, paused: int, unit: str
) -> None:
    dl = begin(rule(length, unit), start)
    stop = start + timedelta(days=until_pause)
    go = stop + timedelta(days=paused)
    resumed = deadlines.resume(deadlines.pause(dl, stop, "仲裁"), go, CALENDAR, TASK)
    if stop > dl.due_at:
        assert resumed.due_at == dl.due_at
    elif unit == "d":
        assert resumed.due_on == CALENDAR.roll(start.date() + timedelta(days=length + paused))
    else:
        left = CALENDAR.working_days_between(stop.date(), dl.due_on)
        assert CALENDAR.working_days_between(go.date(), resumed.due_on) == left
    assert resumed.due_at >= dl.due_at


def test_an_hour_clock_pauses_to_the_minute() -> None:
    paused = deadlines.pause(running(24, "h", "2026-09-14T09:00"), at("2026-09-14T10:00"), "中止")
    resumed = deadlines.resume(paused, at("2026-09-14T12:30"), CALENDAR, TASK)
    assert resumed.due_at == at("2026-09-15T11:30")


def test_a_paused_clock_is_silent_and_not_overdue() -> None:
    dl = deadlines.pause(running(3, "wd", "2026-09-03T09:42"), at("2026-09-04T10:00"), "仲裁")
    assert dl.is_paused
    assert dl.next_alarm() is None
    assert not dl.overdue_at(at("2026-12-01T00:00"))
    assert deadlines.stop(dl, at("2026-12-01T00:00"), "a1").result == "met"


@pytest.mark.parametrize("kind", ["statutory", "not_before", "window"])
def test_only_internal_clocks_pause(kind: str) -> None:
    dl = running(15, "d", "2026-09-23T10:30", kind=kind)
    assert deadlines.pause(dl, at("2026-09-24T10:00"), "仲裁") == dl
    assert deadlines.resume(dl, at("2026-10-24T10:00"), CALENDAR, TASK) == dl


def test_a_pause_heals_no_breach() -> None:
    dl = running(1, "wd", "2026-09-17T11:17")
    late = deadlines.pause(dl, at("2026-09-21T09:00"), "仲裁")
    resumed = deadlines.resume(late, at("2026-10-21T09:00"), CALENDAR, TASK)
    assert resumed.due_at == dl.due_at
    assert resumed.overdue_at(at("2026-10-21T09:00"))


def test_what_fired_before_a_pause_does_not_fire_again() -> None:
    dl = running(10, "wd", "2026-09-01T09:00")
    dl = deadlines.fire(dl, AlarmKind.REMINDER, alarm_at(dl, AlarmKind.REMINDER))
    yellow = alarm_at(dl, AlarmKind.YELLOW)
    resumed = deadlines.resume(
        deadlines.pause(dl, at("2026-09-11T10:00"), "仲裁"), at("2026-10-19T10:00"), CALENDAR, TASK
    )
    alarm = resumed.next_alarm()
    assert alarm is not None
    assert alarm.kind == AlarmKind.YELLOW
    assert alarm.at > at("2026-10-19T10:00") > yellow


# --- extensions -------------------------------------------------------------------------------------


def extended(
    dl: Deadline, length: int, unit: Any = "wd", when: str = "2026-09-10T10:00", times: int = 1
) -> Deadline:
    return deadlines.extend(dl, length, unit, "县综治中心", "取证困难", at(when), CALENDAR, TASK, times=times)


def test_working_days_are_added_to_due() -> None:
    dl = running(15, "wd", "2026-09-04T11:17", max_extension=10)
    longer = extended(dl, 6)
    assert dl.due_on == date(2026, 9, 24)
    assert longer.due_on == date(2026, 10, 10)
    assert longer.extensions[0].due_before == dl.due_at
    assert date(2026, 10, 10) in longer.worked


def test_a_county_may_allow_more_than_one_and_all_together_stay_within_the_longest() -> None:
    dl = running(15, "wd", "2026-09-04T11:17", max_extension=6)
    twice = extended(extended(dl, 4, times=2), 2, times=2)
    assert twice.due_on == extended(dl, 6).due_on
    assert [e.length for e in twice.extensions] == [4, 2]
    with pytest.raises(ValueError, match="最多延长6个工作日"):
        extended(extended(dl, 4, times=2), 3, times=2)
    with pytest.raises(ValueError, match="已延期2次"):
        extended(twice, 1, times=2)


def test_natural_days_count_on_from_the_start() -> None:
    dl = running(15, "d", "2026-09-16T14:59", max_extension=15)
    assert dl.due_on == date(2026, 10, 8)  # rolled over the holiday
    assert extended(dl, 5, "d").due_on == date(2026, 10, 8)  # 20 days from 09-16 are 10-06, still a holiday
    assert extended(dl, 15, "d").due_on == date(2026, 10, 16)


@pytest.mark.parametrize(
    ("dl", "length", "unit", "message"),
    [
        (running(15, "wd", "2026-09-04T11:17", max_extension=5), 6, "wd", "最多延长5个工作日"),
        (running(15, "wd", "2026-09-04T11:17"), 1, "wd", "不得延期"),
        (running(15, "wd", "2026-09-04T11:17", max_extension=5), 0, "wd", "须大于零"),
        (running(15, "wd", "2026-09-04T11:17", max_extension=5), 5, "h", "也须以工作日计"),
        (running(15, "wd", "2026-09-04T11:17", max_extension=5), 2, "d", "也须以工作日计"),
        (running(15, "d", "2026-09-04T11:17", max_extension=5), 2, "wd", "也须以日计"),
        (extended(running(15, "wd", "2026-09-04T11:17", max_extension=9), 2), 2, "wd", "已延期1次"),
        (
            deadlines.stop(
                running(15, "wd", "2026-09-04T11:17", max_extension=9), at("2026-09-05T09:00"), "a"
            ),
            2,
            "wd",
            "已经停止",
        ),
        (
            deadlines.pause(
                running(15, "wd", "2026-09-04T11:17", max_extension=9), at("2026-09-05T09:00"), "r"
            ),
            2,
            "wd",
            "正在中止",
        ),
    ],
)
def test_refused_extensions(dl: Deadline, length: int, unit: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        extended(dl, length, unit)


@given(STARTS, st.integers(1, 40), st.integers(1, 30), st.sampled_from(["wd", "d"]))
def test_an_extension_never_brings_due_or_an_alarm_forward(
    start: datetime, length: int, more: int, unit: str
) -> None:
    dl = begin(rule(length, unit, max_extension=30), start)
    longer = deadlines.extend(dl, more, dl.unit, "县综治中心", "取证", start, CALENDAR, TASK, times=1)
    assert longer.due_at >= dl.due_at
    assert all(new.at >= old.at for new, old in zip(longer.alarms, dl.alarms, strict=True))


def test_an_overdue_clock_extended_into_the_future_runs_again() -> None:
    dl = running(1, "wd", "2026-09-17T11:17", max_extension=10)
    for kind in (AlarmKind.REMINDER, AlarmKind.YELLOW, AlarmKind.RED):
        dl = deadlines.fire(dl, kind, alarm_at(dl, kind))
    assert dl.result == "fires"
    longer = extended(dl, 10, when="2026-09-19T10:00")
    assert longer.result == "running"
    alarm = longer.next_alarm()
    assert alarm is not None
    assert (alarm.kind, alarm.at) == (AlarmKind.RED, longer.due_at)


# --- ends -------------------------------------------------------------------------------------------


def test_results() -> None:
    dl = running(1, "wd", "2026-09-17T11:17")
    red = deadlines.fire(dl, AlarmKind.RED, dl.due_at)
    assert dl.result == "running"
    assert deadlines.stop(dl, dl.due_at, "a1").result == "met"
    assert deadlines.stop(red, dl.due_at + timedelta(seconds=1), "a1").result == "breached"
    assert red.result == "fires"
    assert deadlines.lapse(red, at("2026-09-29T13:48"), "a1").result == "fires"
    assert deadlines.lapse(dl, at("2026-09-18T09:00"), "a1").result == "lapsed"
    assert red.overdue_at(at("2026-09-19T00:00"))
    assert not deadlines.stop(red, at("2026-09-19T00:00"), "a1").overdue_at(at("2026-09-20T00:00"))


def test_a_minimum_wait() -> None:
    dl = running(10, "wd", "2026-10-20T11:58", kind="not_before")
    assert dl.due_on == date(2026, 11, 3)
    assert deadlines.stop(dl, at("2026-11-04T14:15"), "a1").result == "respected"
    assert deadlines.stop(dl, at("2026-11-03T14:15"), "a1").result == "violated"


def test_a_closed_clock_stays_as_it_was() -> None:
    done = deadlines.stop(running(1, "wd", "2026-09-17T11:17"), at("2026-09-18T10:00"), "a1")
    later = at("2026-09-20T10:00")
    assert deadlines.stop(done, later, "a2") == done
    assert deadlines.lapse(done, later, "a2") == done
    assert deadlines.pause(done, later, "仲裁") == done
    assert done.next_alarm() is None


def test_supervision_puts_the_escalation_off_and_never_forward() -> None:
    dl = running(1, "wd", "2026-09-17T11:17")
    later = deadlines.postpone_escalation(dl, at("2026-09-22T10:51"), CALENDAR, 2)
    assert alarm_at(later, AlarmKind.ESCALATE) == at("2026-09-24T08:30")
    assert deadlines.postpone_escalation(dl, at("2026-09-18T10:51"), CALENDAR, 1) == dl
    fired = deadlines.fire(dl, AlarmKind.ESCALATE, at("2026-09-23T08:30"))
    assert deadlines.postpone_escalation(fired, at("2026-09-24T10:00"), CALENDAR, 5) == fired


@given(STARTS, st.integers(0, 60), st.sampled_from(["wd", "d", "h"]))
def test_a_deadline_survives_json(start: datetime, length: int, unit: str) -> None:
    dl = deadlines.pause(begin(rule(length, unit), start), start, "仲裁")
    assert Deadline.model_validate_json(dl.model_dump_json()) == dl


def test_the_receipt_says_why_it_is_this_day() -> None:
    dl = running(15, "wd", "2026-09-15T11:57", max_extension=5)
    dl = deadlines.resume(
        deadlines.pause(dl, at("2026-09-21T09:00"), "仲裁"), at("2026-09-22T09:00"), CALENDAR, TASK
    )
    dl = extended(dl, 2, when="2026-09-30T09:00")
    text = "\n".join(deadlines.explain(deadlines.stop(dl, at("2026-10-13T09:00"), "a9")))
    assert text == "\n".join(
        [
            "办理：15个工作日（承办：县税务局）",
            "依据：县方案（默认值，县里可调整）",
            "起算：2026-09-15 11:57（登记），当日不计",
            "跳过休息日：2026-09-19",
            "跳过休息日：2026-09-25 至 2026-09-27",
            "跳过休息日：2026-10-01 至 2026-10-07",
            "跳过休息日：2026-10-11",
            "调休上班，计入：2026-09-20",
            "调休上班，计入：2026-10-10",
            "中止：2026-09-21 09:00 至 2026-09-22 09:00，期间停算（仲裁）",
            "延期：2个工作日，县综治中心批准（取证困难），原到期日 2026-10-13",
            "日历：国办2024至2026+2027推定/1",
            "到期：2026-10-15，按时完成",
        ]
    )


def test_the_receipt_owns_up_to_an_assumed_calendar() -> None:
    lines = deadlines.explain(running(60, "d", "2026-11-16T13:35"))
    assert any("为推定" in line for line in lines)
    assert lines[-1] == "到期：2027-01-15，计时中"


@pytest.mark.parametrize(
    ("start", "length", "unit", "doubt"),
    [
        ("2026-11-02T10:00", 30, "wd", ""),
        ("2026-12-21T10:00", 30, "wd", "为推定"),
        ("2023-12-28T10:00", 5, "wd", "不在日历之内"),
        ("2027-12-20T10:00", 30, "d", "不在日历之内"),
        ("2031-03-03T10:00", 0, "wd", "不在日历之内"),
    ],
)
def test_a_receipt_says_what_its_calendar_does_not_know(
    start: str, length: int, unit: str, doubt: str
) -> None:
    (line,) = [x for x in deadlines.explain(running(length, unit, start)) if x.startswith("日历：")]
    assert doubt in line
    assert ("，" in line) == bool(doubt)
