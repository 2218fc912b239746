"""所属期 from a narrative, when two months or a beginning are named; a year left out is taken from the call's own."""

import re
from datetime import date
from typing import NamedTuple

from domain.intake import Period
from importing.numerals import DIGITS, read_number
from importing.plain import searchable

_MONTH = rf"(?:\d{{1,2}}|[十{''.join(DIGITS)}]{{1,3}})"
_YEAR = r"(?:(?P<y{n}>20\d{{2}})年?|(?P<r{n}>今|去|前)年)"
_RANGE = re.compile(
    rf"(?:{_YEAR.format(n=1)}的?)?(?P<m1>{_MONTH})月?份?(?:到|至|-|—|~|～)(?:{_YEAR.format(n=2)}的?)?(?P<m2>{_MONTH})月(?!\d)"
)
_SINCE = re.compile(
    rf"(?:从|自){_YEAR.format(n=1)}?的?(?P<m1>{_MONTH})月份?(?:开始|以来|起|后|到(?:现在|今|目前|如今)|至今|就)"
)
_AGO = {"今": 0, "去": 1, "前": 2}


class Told(NamedTuple):
    """A period. ``guessed``: a year was not written."""

    period: Period
    guessed: bool


def read_period(narrative: str, on: date) -> Told:
    """The first period named; an empty one when none is, or when it cannot be (a beginning after its end)."""
    text = searchable(narrative)
    hits = [hit for pattern in (_RANGE, _SINCE) if (hit := pattern.search(text))]
    hit = min(hits, key=lambda h: h.start(), default=None)
    told = _told(hit, on) if hit else None
    return told or Told(Period(), guessed=False)


def _told(hit: re.Match[str], on: date) -> Told | None:
    given = hit.groupdict()
    first, last = _number(given["m1"]), _number(given.get("m2"))
    if first is None or ("m2" in given and last is None):
        return None
    start_year, end_year = _year(given, "1", on), _year(given, "2", on)
    guessed = start_year is None
    if last is not None and end_year is None:
        end_year = start_year if start_year and last >= first else (start_year + 1 if start_year else None)
    if last is not None and start_year is None:
        end_year = end_year or (on.year if last <= on.month else on.year - 1)
        start_year = end_year if first <= last else end_year - 1
    start_year = start_year or (on.year if first <= on.month else on.year - 1)
    start = f"{start_year}-{first:02d}"
    end = f"{end_year}-{last:02d}" if last is not None else None
    if start > f"{on:%Y-%m}" or (end is not None and end < start):
        return None
    return Told(Period.model_validate({"from": start, "to": end}), guessed)


def _year(given: dict[str, str | None], n: str, on: date) -> int | None:
    if written := given.get(f"y{n}"):
        return int(written)
    word = given.get(f"r{n}")
    return on.year - _AGO[word] if word else None


def _number(text: str | None) -> int | None:
    number = read_number(text) if text else None
    return int(number) if number is not None and 1 <= number <= 12 and number == int(number) else None
