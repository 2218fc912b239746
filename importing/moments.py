"""来电时间 as platforms and people write it: read when it can only mean one moment, otherwise left open."""

import re
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.words import SHANGHAI
from importing.numerals import DIGITS, read_number
from importing.plain import Cell, as_text, half_width
from importing.rule_words import TimeWords
from importing.rules import Rules

_DAY_ZERO = datetime(1899, 12, 30)
_SERIALS = (36_526, 73_051)
"""Excel's days from 2000 to 2099."""


class Problem(StrEnum):
    """Why there is no moment."""

    EMPTY = "来电时间为空"
    IMPOSSIBLE = "来电时间不存在"
    UNCLEAR = "来电时间需人工确认"


class Moment(NamedTuple):
    """Day and, to the minute, time, Asia/Shanghai. ``guessed``: the day is one of several possible readings."""

    day: date | None = None
    clock: time | None = None
    problem: Problem | None = None
    guessed: bool = False


class _Impossible(ValueError):
    """No such day or time of day."""


_UNCLEAR = Moment(problem=Problem.UNCLEAR)
_NUMERAL = f"[十{''.join(DIGITS)}]+"
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?!\d{1}$)")
_SHORT_YEAR = re.compile(
    r"(?P<y>\d{2})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?"
)
_NO_YEAR = re.compile(r"(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?")
_YEAR_LAST = re.compile(r"(?P<a>\d{1,2})\s*[-/.]\s*(?P<b>\d{1,2})\s*[-/.]\s*(?P<y>\d{4})")
_CLOCK = re.compile(
    r"(?P<h>\d{1,2})\s*(?::|时|点钟?)\s*(?:(?P<half>半)|(?P<quarter>[一三1-3])刻|"
    r"(?P<min>\d{1,2})?\s*分?(?::?\s*(?P<s>\d{1,2})(?:\.\d+)?\s*秒?)?)?\s*整?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)
_CLOCK_ALONE = re.compile(r"[^\d]{0,4}\d{1,2}\s*[:时点][\s\d:分秒半刻一三.]*(?:[AP]M|[ap]m)?")
_RUN_TOGETHER = re.compile(r"(?P<h>\d{2})(?P<min>\d{2})(?P<s>\d{2})?")


def read_moment(cell: Cell, rules: Rules, *, year: int) -> Moment:
    """The moment in a cell. ``year`` is taken for a day without one (the export's own year)."""
    value = cell.value
    if isinstance(value, datetime):
        return _shown(value, cell.shows_time)
    if isinstance(value, date):
        return Moment(value)
    text = re.sub(r"\s+", " ", half_width(as_text(value))).strip()
    if text in rules.blank:
        return Moment(problem=Problem.EMPTY)
    try:
        if (number := _serial(text)) is not None:
            return _of_serial(number)
        return _of_text(text, rules.time_words, year)
    except _Impossible:
        return Moment(problem=Problem.IMPOSSIBLE)


def joined(day: Cell, clock: Cell) -> Cell:
    """One cell of a day and a time of day that stand in two columns; the time's own cell when it has a day itself."""
    at, on = clock.value, day.value
    if isinstance(at, float) and 0 <= at < 1:
        at = (datetime.min + timedelta(minutes=round(at * 24 * 60))).time()
    if at is None or (isinstance(at, str) and not at.strip()):
        return day
    spoken = isinstance(at, str) and _CLOCK_ALONE.fullmatch(half_width(at).strip())
    if on is None or not (isinstance(at, time) or spoken):
        return clock
    written = f"{at:%H:%M:%S}" if isinstance(at, time) else at
    said = f"{on:%Y-%m-%d}" if isinstance(on, date) else as_text(on).strip()
    return Cell(f"{said} {written}")


def _shown(value: datetime, shows_time: bool) -> Moment:
    """A date cell: written seconds are cut off; a fraction of a second shows a rounded serial number."""
    if value.microsecond:
        value += timedelta(seconds=30)
    known = shows_time or value.time().replace(second=0, microsecond=0) != time()
    return Moment(value.date(), time(value.hour, value.minute) if known else None)


def _serial(text: str) -> float | None:
    if not re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return None
    return float(text)


def _of_serial(number: float) -> Moment:
    """Excel's days since 1900, to the nearest minute."""
    if not _SERIALS[0] <= number < _SERIALS[1]:
        raise _Impossible
    moment = _DAY_ZERO + timedelta(minutes=round(number * 24 * 60))
    return Moment(moment.date(), None if number == int(number) else moment.time())


def _of_text(text: str, words: TimeWords, year: int) -> Moment:
    for noise in words.noise:
        text = noise.sub(" ", text)
    text = _arabic(text.strip())
    for reader in (_year_first, _year_last, _short_year, _no_year):
        if (read := reader(text, year)) is not None:
            day, rest, guessed = read
            if day is None:
                return _UNCLEAR
            return _with_clock(day, rest, words, guessed)
    if re.fullmatch(r"\d+(?:\.\d+)?", text) and not re.fullmatch(r"20\d{4}", text):
        raise _Impossible
    return _UNCLEAR


_Read = tuple[date | None, str, bool] | None


def _year_first(text: str, _: int) -> _Read:
    hit = _YEAR_FIRST.match(text) or _COMPACT.match(text)
    return (_day(hit["y"], hit["m"], hit["d"]), text[hit.end() :], False) if hit else None


def _year_last(text: str, _: int) -> _Read:
    """10/09/2026 may be either; only one of the two may exist, or both be the same."""
    hit = _YEAR_LAST.match(text)
    if hit is None:
        return None
    a, b = int(hit["a"]), int(hit["b"])
    if a != b and a <= 12 and b <= 12:
        return None, "", False
    month, day = (a, b) if a <= 12 else (b, a)
    return _day(hit["y"], month, day), text[hit.end() :], False


def _short_year(text: str, year: int) -> _Read:
    """26.9.3: year first, as is usual here, if that is the export's year or the one before; still a guess."""
    hit = _SHORT_YEAR.match(text)
    if hit is None:
        return None
    full = 2000 + int(hit["y"])
    if full not in (year, year - 1):
        return None, "", False
    return _day(full, hit["m"], hit["d"]), text[hit.end() :], "年" not in hit[0]


def _no_year(text: str, year: int) -> _Read:
    hit = _NO_YEAR.match(text)
    return (_day(year, hit["m"], hit["d"]), text[hit.end() :], False) if hit else None


def _day(year: str | int, month: str | int, day: str | int) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise _Impossible from None


def _with_clock(day: date, rest: str, words: TimeWords, guessed: bool) -> Moment:
    """What follows the day: a clock time, a part of the day, or something that makes the whole unclear.

    上午 or 凌晨 12:05 is five past midnight; 晚上 12:05 may be either day's and stays without a time, marked.
    """
    rest = rest.strip(" T,，")
    part = next((w for w in (*words.morning, *words.noon, *words.afternoon, *words.night) if w in rest), "")
    clock = rest.replace(part, "").strip() if part else rest
    if not re.search(r"\d", clock):
        return _UNCLEAR if any(w.search(clock) for w in words.vague) else Moment(day, guessed=guessed)
    hit = _CLOCK.fullmatch(clock) or _RUN_TOGETHER.fullmatch(clock)
    if hit is None:
        return _UNCLEAR
    if part in words.night and hit["h"] == "12":
        return Moment(day, guessed=True)
    if part in words.morning and int(hit["h"]) > 12:
        return _UNCLEAR
    moment = _clock(day, hit, part, words)
    return Moment(moment.date(), moment.time(), guessed=guessed)


def _clock(day: date, hit: re.Match[str], part: str, words: TimeWords) -> datetime:
    given = hit.groupdict()
    hour = int(hit["h"])
    minute = int(given.get("min") or 0)
    if given.get("half"):
        minute = 30
    elif quarter := given.get("quarter"):
        minute = 15 * (DIGITS.get(quarter) or int(quarter))
    if (part in (*words.afternoon, *words.night) and hour < 12) or (part in words.noon and hour < 3):
        hour += 12
    elif part in words.morning and hour == 12:
        hour = 0
    try:
        time(hour, minute, int(given.get("s") or 0))
        moment = datetime(day.year, day.month, day.day, hour, minute)
    except ValueError:
        raise _Impossible from None
    if zone := given.get("zone"):
        moment = _in_shanghai(moment, zone)
    return moment


def _in_shanghai(moment: datetime, zone: str) -> datetime:
    offset = datetime.fromisoformat(f"2000-01-01T00:00{zone}").tzinfo
    return moment.replace(tzinfo=offset or ZoneInfo("UTC")).astimezone(SHANGHAI).replace(tzinfo=None)


def _arabic(text: str) -> str:
    """Chinese numerals before 年, 月, 日, 时 … as digits: 九月三日, 二〇二六年."""

    def digits(hit: re.Match[str]) -> str:
        word = hit[0]
        if len(word) == 4 and "十" not in word:
            return "".join(str(DIGITS[c]) for c in word)
        number = read_number(word)
        return word if number is None else str(int(number))

    return re.sub(rf"{_NUMERAL}(?=\s*[年月日号时点分])", digits, text)
