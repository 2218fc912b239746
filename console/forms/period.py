"""What of the statistics is asked for: from the form of a page to a period and a slice, and back into addresses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple
from urllib.parse import quote

from pydantic import ValidationError

from console.forms import values
from console.view import address
from domain.policy import Policy
from domain.words import SHANGHAI, ClaimType
from ledger.figures import Slice
from ledger.measured import UNKNOWN
from ledger.periods import Period

MONTHS, QUARTERS, YEARS = 12, 8, 3
"""As many can be chosen, the newest first."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
PERIOD, FIRST, LAST = "period", "first", "last"
TITLES = {name: info.title or name for name, info in Slice.model_fields.items()}
CHOSEN_IN_FORM = ("unit", "town", "claim_type", "level")
"""The other fields of a slice come from the links of the distributions alone."""


@dataclass(frozen=True)
class Wanted:
    """What was asked for. ``given``: as it was typed, by name; ``faults``: what could not be read, by name, and why."""

    period: Period
    chosen: Slice
    given: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict[str, str])

    def address(self, *path: str, **changes: str | None) -> str:
        """A page of the statistics for the same question, but for these ``changes``."""
        return address("/".join(("/statistics", *map(quote, path))), {**self.given, **changes})

    def words(self) -> list[str]:
        """The slice as one says it: 乡镇 新关镇."""
        return [
            f"{TITLES[name]} {value}" for name, value in self.chosen.model_dump(exclude_none=True).items()
        ]


def wanted(query: Mapping[str, str], now: datetime) -> Wanted:
    """What a page's address asks for; the present month where no period can be read."""
    names = (PERIOD, FIRST, LAST, *TITLES)
    given = {name: value for name in names if (value := query.get(name, "").strip())}
    today = now.astimezone(SHANGHAI).date()
    faults: dict[str, str] = {}
    period = _days(given, faults) if given.get(FIRST) or given.get(LAST) else _named(given, today, faults)
    try:
        chosen = Slice(**{name: given.get(name) for name in TITLES})
    except ValidationError as error:
        chosen = Slice()
        faults |= {str(e["loc"][0]): "太长，请从列表中选" for e in error.errors()}
    return Wanted(period or Period.month(f"{today:%Y-%m}"), chosen, given, faults)


def _named(given: Mapping[str, str], today: date, faults: dict[str, str]) -> Period | None:
    text = given.get(PERIOD, "")
    readers: list[Callable[[str], Period]] = [Period.month, Period.quarter, partial(Period.year, today=today)]
    for read in readers:
        try:
            found = read(text)
        except ValueError:
            continue
        if FIRST_YEAR <= found.first.year <= LAST_YEAR:
            return found
    if text:
        faults[PERIOD] = f"“{text[:20]}”不是月份、季度或年份，请从列表中选"
    return None


def _days(given: dict[str, str], faults: dict[str, str]) -> Period | None:
    first, last = (_day(given, name, faults) for name in (FIRST, LAST))
    if first and last and last < first:
        faults[LAST] = "不能早于起始日"
    given.pop(PERIOD, None)
    if faults or not (first and last):
        return None
    return Period.days(first, last + timedelta(days=1))


def _day(given: Mapping[str, str], name: str, faults: dict[str, str]) -> date | None:
    text = given.get(name)
    if text is None:
        faults[name] = "起止日要一起填；只看一个月的，起止日留空"
        return None
    try:
        found = date.fromisoformat(values.taken("date", text))
    except ValueError:
        faults[name] = f"“{text[:20]}”不是日期，应写成 2026-06-01"
        return None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        faults[name] = f"年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间"
    return found


def _periods(today: date, asked: str) -> list[tuple[str, str]]:
    """The months, quarters and years that can be chosen, the newest first, and the one asked for."""
    months = Period.months_to(today, MONTHS).months[::-1]
    quarters = [m for m in Period.months_to(today, 3 * QUARTERS).months[::-1] if m.month % 3 == 1]
    found = [(f"{m:%Y-%m}", Period.month(f"{m:%Y-%m}").word) for m in months]
    found += [
        (text, Period.quarter(text).word) for m in quarters if (text := f"{m.year}Q{(m.month + 2) // 3}")
    ]
    found.append((str(today.year), f"{today.year} 年初至今"))
    found += [(str(today.year - n), f"{today.year - n} 年") for n in range(1, YEARS)]
    return found if asked in dict(found) else [*found, (asked, asked)]


class Form(NamedTuple):
    """The form of a page. ``by_days``: it asks for two days, and ``by_months`` leads back to months, quarters and years.

    ``choices``: of each field its name, its title and what can be chosen; ``kept``: what goes along unseen; ``whole``: the
    page without a slice, where there is one.
    """

    action: str
    given: dict[str, str]
    faults: list[tuple[str, str, str]]
    by_days: bool
    by_months: str
    periods: list[tuple[str, str]]
    period: str
    choices: list[tuple[str, str, list[str]]]
    kept: list[tuple[str, str]]
    slice: list[str]
    whole: str


def form(policy: Policy, wanted: Wanted, today: date, *path: str) -> Form:
    """The form of the page at this path."""
    given = wanted.given
    period = given.get(PERIOD) or f"{today:%Y-%m}"
    titles = {PERIOD: "期间", FIRST: "起始日", LAST: "截止日", **TITLES}
    return Form(
        action=wanted.address(*path).partition("?")[0],
        given=given,
        faults=[(name, titles[name], said) for name, said in wanted.faults.items()],
        by_days=FIRST in given or LAST in given,
        by_months=wanted.address(*path, first=None, last=None),
        periods=_periods(today, period),
        period=period,
        choices=_choices(policy, wanted.chosen),
        kept=[(n, v) for n, v in given.items() if n in TITLES and n not in CHOSEN_IN_FORM],
        slice=wanted.words(),
        whole=wanted.address(*path, **dict.fromkeys(TITLES)),
    )


def _choices(policy: Policy, chosen: Slice) -> list[tuple[str, str, list[str]]]:
    options = {
        "unit": policy.units.members,
        "town": [*policy.county.towns],
        "claim_type": [str(kind) for kind in ClaimType],
        "level": [tier.name for tier in policy.tiers],
    }
    asked = chosen.model_dump()
    return [
        (name, TITLES[name], list(dict.fromkeys([*options[name], UNKNOWN, *filter(None, [asked[name]])])))
        for name in CHOSEN_IN_FORM
    ]
