"""来电时间 in every spelling, and what is left open."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importing.moments import Moment, Problem, read_moment
from importing.plain import Cell
from importing.rules import Rules, load_rules

RULES = load_rules("pianguan")
DAY = date(2026, 10, 8)

minutes = st.datetimes(datetime(2001, 1, 1), datetime(2098, 12, 31)).map(
    lambda d: d.replace(second=0, microsecond=0)
)


def read(value: object, *, shows_time: bool = False) -> Moment:
    return read_moment(Cell(value, shows_time), RULES, year=2026)  # type: ignore[arg-type]


@given(minutes, st.integers(0, 59), st.sampled_from([
    "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y.%m.%d %H:%M:%S", "%Y年%m月%d日 %H时%M分", "%Y年%m月%d日%H:%M:%S",
    "%Y-%m-%dT%H:%M:%S", "%Y%m%d %H:%M", "%Y%m%d%H%M%S", "%Y-%m-%dT%H:%M:%S+08:00",
]))  # fmt: skip
def test_a_written_moment_is_read_to_its_minute(moment: datetime, second: int, form: str) -> None:
    written = moment.replace(second=second).strftime(form)
    assert read(written) == Moment(moment.date(), moment.time())


@given(minutes)
def test_a_serial_number_is_read_to_the_nearest_minute(moment: datetime) -> None:
    days = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    clock = None if moment.time() == time() else moment.time()
    for value in (days, f"{days:.5f}"):
        found = read(value)
        assert found.day == moment.date()
        assert found.clock in (clock, time() if clock is None else clock)


@pytest.mark.parametrize(
    "written",
    ["2026-10-08", "2026/10/8", "2026.10.8", "２０２６－１０－０８", "2026年10月8日", "2026 年 10 月 8 日", "  2026/10/08 ",
     "10月8日", "10月8号下午", "10月8日（周四）上午", "十月八日", "二〇二六年十月八日", "20261008", 20261008, 46303, "46303",
     datetime(2026, 10, 8), date(2026, 10, 8)],
)  # fmt: skip
def test_a_day_without_time(written: object) -> None:
    assert read(written) == Moment(DAY, None)


@pytest.mark.parametrize(
    ("written", "clock"),
    [("2026-10-08 下午3点半", "15:30"), ("10月8日晚上8点", "20:00"), ("2026/10/8 3:05 PM", "15:05"),
     ("2026-10-08 中午12点", "12:00"), ("2026-10-08 凌晨2点", "02:00"), ("2026-10-08 星期四 09:05", "09:05"),
     ("2026-10-08 9点一刻", "09:15"), ("2026-10-08T01:05:00Z", "09:05"), ("2026-10-08 00:00", "00:00")],
)  # fmt: skip
def test_a_time_of_day_in_words(written: str, clock: str) -> None:
    assert read(written) == Moment(DAY, time.fromisoformat(clock))


def test_a_date_cell_shows_its_time_or_not() -> None:
    assert read(datetime(2026, 10, 8, 9, 5, 59), shows_time=True) == Moment(DAY, time(9, 5))
    assert read(datetime(2026, 10, 8), shows_time=True) == Moment(DAY, time())
    assert read(datetime(2026, 10, 8, 9, 4, 59, 700_000), shows_time=True) == Moment(DAY, time(9, 5))


@pytest.mark.parametrize(
    "written",
    ["上周三", "昨天下午", "前天", "月底", "国庆节后", "不详", "2026年10月", "10/08/2026", "08-10-2026", "3/4/26",
     "2026-10-01至2026-10-08", "上午十点", "10月"],
)  # fmt: skip
def test_what_may_mean_several_days_is_left_open(written: str) -> None:
    assert read(written) == Moment(problem=Problem.UNCLEAR)


@pytest.mark.parametrize("written", ["25/10/2026", "10/25/2026"])
def test_a_year_at_the_end_is_read_when_only_one_reading_exists(written: str) -> None:
    assert read(written).day == date(2026, 10, 25)


def test_a_short_year_is_a_marked_guess() -> None:
    assert read("26.10.8") == Moment(DAY, None, guessed=True)
    assert read("26年10月8日") == Moment(DAY, None)
    assert read("19.10.8").problem == Problem.UNCLEAR


@pytest.mark.parametrize(
    "written",
    [
        "2026-09-31",
        "2026-02-29",
        "2026/13/1",
        "9月31日",
        "2026-10-00",
        "2026-10-08 25:10",
        "2026-10-08 12:61",
        99_999,
        0,
        "123",
    ],
)
def test_what_cannot_be_is_impossible(written: object) -> None:
    assert read(written) == Moment(problem=Problem.IMPOSSIBLE)


@pytest.mark.parametrize("written", [None, "", "  ", "-", "无", "N/A"])
def test_nothing_written(written: str | None) -> None:
    assert read(written) == Moment(problem=Problem.EMPTY)


@given(st.text(max_size=20))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert isinstance(read(text), Moment)


def test_the_year_left_out_is_the_exports(rules: Rules) -> None:
    assert read_moment(Cell("3月9日"), rules, year=2027).day == date(2027, 3, 9)
