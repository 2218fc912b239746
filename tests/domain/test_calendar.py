"""The calendar against the official tables, and the laws of counting."""

from datetime import date, datetime, timedelta

import chinese_calendar  # pyright: ignore[reportMissingTypeStubs]
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import policies
from domain.calendar import WorkCalendar
from domain.words import SHANGHAI

CALENDAR = policies.load().calendar
DAYS = st.dates(date(2025, 12, 1), date(2027, 12, 1))


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_agrees_with_the_official_table(year: int) -> None:
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
    official = {d for d in days if chinese_calendar.is_workday(d)}  # pyright: ignore[reportUnknownMemberType]
    assert {d for d in days if CALENDAR.is_working(d)} == official


def test_2027_is_marked_as_assumed() -> None:
    assert not CALENDAR.is_assumed(date(2026, 12, 31))
    assert CALENDAR.is_assumed(date(2027, 1, 1))
    assert not CALENDAR.is_working(date(2027, 1, 1))
    assert CALENDAR.is_working(date(2027, 1, 4))
    assert not CALENDAR.is_working(date(2027, 2, 6))


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-09-03", 3, "2026-09-08"),
        ("2026-09-17", 1, "2026-09-18"),
        ("2026-09-04", 15, "2026-09-24"),
        ("2026-09-11", 10, "2026-09-24"),
        ("2026-09-14", 5, "2026-09-20"),
        ("2026-09-15", 15, "2026-10-12"),
        ("2026-09-14", 30, "2026-10-30"),
        ("2026-09-24", 10, "2026-10-15"),
        ("2026-09-30", 5, "2026-10-13"),
        ("2026-10-13", 30, "2026-11-24"),
        ("2026-09-22", 15, "2026-10-20"),
        ("2026-10-20", 10, "2026-11-03"),
        ("2026-10-16", 15, "2026-11-06"),
    ],
)
def test_known_due_days(start: str, count: int, due: str) -> None:
    assert CALENDAR.add_working_days(date.fromisoformat(start), count).due == date.fromisoformat(due)


def test_counting_tells_what_it_passed_over() -> None:
    counted = CALENDAR.add_working_days(date(2026, 9, 18), 6)
    assert counted.due == date(2026, 9, 28)
    assert counted.worked == [date(2026, 9, 20)]
    assert counted.skipped == [date(2026, 9, 19), *(date(2026, 9, d) for d in (25, 26, 27))]


@given(DAYS, st.integers(0, 80))
def test_counting_there_and_back(day: date, count: int) -> None:
    counted = CALENDAR.add_working_days(day, count)
    assert CALENDAR.working_days_between(day, counted.due) == count
    assert count == 0 or CALENDAR.is_working(counted.due)
    between = [day + timedelta(days=n) for n in range(1, (counted.due - day).days + 1)]
    assert counted.skipped == [d for d in between if not CALENDAR.is_working(d)]
    assert counted.worked == [d for d in between if CALENDAR.is_working(d) and d.weekday() >= 5]


@given(DAYS, st.integers(0, 40), st.integers(0, 40))
def test_counting_in_two_goes_is_counting_once(day: date, first: int, second: int) -> None:
    halfway = CALENDAR.add_working_days(day, first).due
    assert (
        CALENDAR.add_working_days(halfway, second).due == CALENDAR.add_working_days(day, first + second).due
    )


@given(DAYS)
def test_roll_is_the_first_working_day_from_there(day: date) -> None:
    rolled = CALENDAR.roll(day)
    assert CALENDAR.is_working(rolled)
    passed = [day + timedelta(days=n) for n in range((rolled - day).days)]
    assert not any(CALENDAR.is_working(d) for d in passed)


@given(DAYS, st.integers(0, 60 * 9 * 60))
def test_working_time_counts_hours_at_work_alone(day: date, minutes: int) -> None:
    last = CALENDAR.roll(day)
    left = timedelta(minutes=minutes)
    moment = CALENDAR.working_time_before(last, left)
    assert CALENDAR.is_working(moment.date())
    assert (
        CALENDAR.start_of_working_day(moment.date()) <= moment <= CALENDAR.end_of_working_day(moment.date())
    )
    today = CALENDAR.end_of_working_day(moment.date()) - moment
    assert today + CALENDAR.work_hours * CALENDAR.working_days_between(moment.date(), last) == left


@given(DAYS)
def test_rolling_back_is_the_last_working_day_up_to_there(day: date) -> None:
    last = CALENDAR.roll_back(day)
    assert CALENDAR.is_working(last)
    assert CALENDAR.working_days_between(last, day) == 0


def test_work_starts_in_shanghai() -> None:
    assert CALENDAR.start_of_working_day(date(2026, 10, 8)) == datetime(2026, 10, 8, 8, 30, tzinfo=SHANGHAI)
    assert CALENDAR.work_hours == timedelta(hours=9, minutes=30)


def test_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="不能为负数"):
        CALENDAR.add_working_days(date(2026, 9, 1), -1)


def test_a_contradictory_table_is_refused() -> None:
    with pytest.raises(ValidationError, match="既列为放假又列为上班"):
        WorkCalendar(version="x", off=(date(2026, 9, 25),), work=(date(2026, 9, 25),))
    with pytest.raises(ValidationError, match="首尾颠倒"):
        WorkCalendar.model_validate({"version": "x", "off": ["2026-09-27/2026-09-25"], "work": []})
