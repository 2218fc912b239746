"""所属期 from a narrative, when two months or years, one whole year or a beginning are named. A year left out is taken from
the call's own; a year without months is the whole of it.
"""

import re
from datetime import date
from typing import NamedTuple

from domain.intake import Period
from importing.numerals import DIGITS, read_number
from importing.plain import searchable

_NUMERAL = f"[{''.join(DIGITS)}]"
_MONTH = rf"(?:\d{{1,2}}|[十{''.join(DIGITS)}]{{1,3}})"
_FULL = rf"(?:19|20)\d{{2}}|(?<!\d)[012]\d(?=年)|(?:二〇|二零|一九|二○){_NUMERAL}{{2}}|(?<!{_NUMERAL}){_NUMERAL}{{2}}(?=年)"
_YEAR = rf"(?:(?P<y{{n}}>{_FULL.replace('{2}', '{{2}}')})年?|(?P<r{{n}}>今|去|前)年)"
_TO = r"(?:到|至|-|—|~|～)"
_MONTHS = re.compile(
    rf"(?:{_YEAR.format(n=1)}的?)?(?P<m1>{_MONTH})月?份?{_TO}(?:{_YEAR.format(n=2)}的?)?(?P<m2>{_MONTH})月(?!\d)"
)
_YEARS = re.compile(
    rf"{_YEAR.format(n=1)}(?:\w{{0,10}}?){_TO}\w{{0,2}}?{_YEAR.format(n=2)}(?!(?:的)?{_MONTH}月)(?!\d)"
)
_SINCE = re.compile(
    rf"(?:从|自|打)?{_YEAR.format(n=1)}的?(?:(?P<m1>{_MONTH})月)?份?(?:\d{{1,2}}[日号])?[^，。；！？]{{0,8}}?"
    r"(?:开始|以来|起|以后|后|到(?:现在|今|目前|如今)|至今|就|入职|进(?:厂|公司|店|矿|单位)|开春)"
)
_SINCE_MONTH = re.compile(
    rf"(?:从|自|打)(?P<m1>{_MONTH})月份?(?:开始|以来|起|后|往后|到(?:现在|今|目前|如今)|至今|就)"
)
_ONE_YEAR = re.compile(
    rf"{_YEAR.format(n=1)}(?:度|全年|整年|一年|一整年|当年)?的?(?:职工|全年)?(?:社保|社会保险|养老|医保|医疗|工伤|失业|生育|五险)"
)
_AGO = {"今": 0, "去": 1, "前": 2}


class Told(NamedTuple):
    """A period. ``guessed``: a year or the months were not written."""

    period: Period
    guessed: bool

    @classmethod
    def none(cls) -> "Told":
        """No period named."""
        return cls(Period(), guessed=False)


def read_period(narrative: str, on: date) -> Told:
    """The first period named; an empty one when none is, or when it cannot be (a beginning after its end)."""
    text = searchable(narrative)
    found: list[tuple[int, int, Told]] = []
    readers = ((_MONTHS, _of_months), (_YEARS, _of_years), (_SINCE, _of_beginning), (_SINCE_MONTH, _of_beginning),
               (_ONE_YEAR, _of_year))  # fmt: skip
    for rank, (pattern, reader) in enumerate(readers):
        for hit in pattern.finditer(text):
            if pattern is _YEARS and "年" not in hit[0]:
                continue
            if told := reader(hit.groupdict(), on):
                found.append((hit.start(), rank, told))
                break
    return min(found, key=lambda f: f[:2], default=(0, 0, Told.none()))[2]


_Given = dict[str, str | None]


def _of_months(given: _Given, on: date) -> Told | None:
    first, last = _number(given["m1"]), _number(given["m2"])
    if first is None or last is None:
        return None
    start_year, end_year = _year(given, "1", on), _year(given, "2", on)
    guessed = start_year is None
    if end_year is None:
        end_year = start_year if start_year and last >= first else (start_year + 1 if start_year else None)
    if start_year is None:
        end_year = end_year or (on.year if last <= on.month else on.year - 1)
        start_year = end_year if first <= last else end_year - 1
    return _told(f"{start_year}-{first:02d}", f"{end_year}-{last:02d}", on, guessed=guessed)


def _of_years(given: _Given, on: date) -> Told | None:
    """From the first year's January to the last one's December, or to now."""
    first, last = _year(given, "1", on), _year(given, "2", on)
    if first is None or last is None or last > on.year:
        return None
    end = f"{on:%Y-%m}" if last == on.year else f"{last}-12"
    return _told(f"{first}-01", end, on, guessed=True)


def _of_year(given: _Given, on: date) -> Told | None:
    year = _year(given, "1", on)
    return _of_years({**given, "y2": str(year), "r2": None}, on) if year else None


def _of_beginning(given: _Given, on: date) -> Told | None:
    month, year = _number(given.get("m1")), _year(given, "1", on)
    if given.get("m1") and month is None:
        return None
    guessed = year is None or month is None
    first = month or 1
    if year is None:
        year = on.year if first <= on.month else on.year - 1
    return _told(f"{year}-{first:02d}", None, on, guessed=guessed)


def _told(start: str, end: str | None, on: date, *, guessed: bool) -> Told | None:
    if start > f"{on:%Y-%m}" or (end is not None and end < start):
        return None
    return Told(Period.model_validate({"from": start, "to": end}), guessed)


def _year(given: _Given, n: str, on: date) -> int | None:
    """A year in four digits, in two (98, 一八), in Chinese, or as 去年."""
    if written := given.get(f"y{n}"):
        digits = "".join(str(DIGITS.get(c, c)) for c in written)
        if len(digits) == 4:
            return int(digits)
        return 2000 + int(digits) if int(digits) <= on.year % 100 else 1900 + int(digits)
    word = given.get(f"r{n}")
    return on.year - _AGO[word] if word else None


def _number(text: str | None) -> int | None:
    number = read_number(text) if text else None
    return int(number) if number is not None and 1 <= number <= 12 and number == int(number) else None
