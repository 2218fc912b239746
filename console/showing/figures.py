"""The statistics as the pages write them: numbers with their units, months for the drawings, rows behind a figure."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from console import words
from console.forms.period import Wanted
from console.showing.rows import About
from domain.speaking import say
from ledger.figures import BY_NAME, DISTRIBUTIONS, MATTER, Figure, Rate, Value
from ledger.periods import Period
from ledger.statistics import Figures, Share

NOTHING = "—"
TEN_THOUSAND = 10_000


class Shown(NamedTuple):
    """One figure: what it is now, what it was, of what it is made, how it is counted, and where its list is."""

    name: str
    value: str
    unit: str
    before: str
    parts: str
    definition: str
    address: str


def shown(figure: Figure, now: Value, before: Value, wanted: Wanted, county: Mapping[str, str]) -> Shown:
    """A figure beside what it was in the period before."""
    return Shown(
        name=say(county, figure.name),
        value=said(now),
        unit=figure.unit if said(now) != NOTHING else "",
        before=said(before),
        parts=parts(now),
        definition=say(county, figure.definition),
        address=wanted.address(figure.name),
    )


class Before(NamedTuple):
    """The period that one is compared with: what it is to it, and which it is."""

    word: str
    period: str


def before(period: Period) -> Before:
    """上期, or of days from the new year on 上年同期."""
    found = period.before()
    same = (found.first.month, found.first.day) == (period.first.month, period.first.day)
    return Before("上年同期" if same else "上期", found.word)


def said(value: Value) -> str:
    """91.7, 42, 24,420.00; a dash for a rate of nothing."""
    if isinstance(value, Rate):
        return f"{value.value * 100:.1f}" if value.value is not None else NOTHING
    return plain(value)


def parts(value: Value) -> str:
    """33 ÷ 36, of a rate of something."""
    return f"{plain(value.part)} ÷ {plain(value.whole)}" if isinstance(value, Rate) and value.whole else ""


def plain(value: Decimal | int) -> str:
    """A number or a sum in yuan."""
    return words.money(value) if isinstance(value, Decimal) else f"{value:,}"


def month_names(months: list[date]) -> list[tuple[str, str]]:
    """Each month's number, and the year under the first one of it."""
    return [(str(m.month), str(m.year) if n == 0 or m.month == 1 else "") for n, m in enumerate(months)]


class Month(NamedTuple):
    """A figure in one month. ``part`` of ``whole``, the same where there is no rest; ``told``: as it fits above a bar.

    ``year`` stands under the first month of it alone; ``value``, ``parts``: as a table has them.
    """

    first: date
    month: str
    year: str
    part: Decimal | int
    whole: Decimal | int
    told: str
    value: str
    parts: str


def months(figure: Figure, found: Mapping[date, Figures]) -> list[Month]:
    """A figure month by month."""
    return [
        Month(first, month, year, *_heights(value), _short(value), said(value), parts(value))
        for (first, its), (month, year) in zip(found.items(), month_names(list(found)), strict=True)
        for value in [its[figure.name]]
    ]


def _heights(value: Value) -> tuple[Decimal | int, Decimal | int]:
    return (value.part, value.whole) if isinstance(value, Rate) else (value, value)


def _short(value: Value) -> str:
    """As it fits above a bar: whole per cents, sums in 万."""
    if isinstance(value, Rate):
        return f"{value.value * 100:.0f}%" if value.value is not None else ""
    if isinstance(value, Decimal):
        return f"{value / TEN_THOUSAND:.1f}万" if value >= TEN_THOUSAND else f"{value:.0f}"
    return str(value)


class Bar(NamedTuple):
    """One value of a distribution: how much of it, how much of the longest, and where its list is."""

    name: str
    value: str
    parts: str
    part: Decimal | int
    most: Decimal | int
    address: str


def bars(wanted: Wanted, figure: Figure, field: str, found: list[tuple[str, Value]]) -> list[Bar]:
    """A figure over the values of a field of the slice."""
    most = max((_heights(value)[1] for _, value in found), default=0)
    rate = figure.unit == "%"
    return [
        Bar(name, f"{said(value)}{'%' if rate and said(value) != NOTHING else ''}", parts(value),
            (value.value or 0) if isinstance(value, Rate) else value, 1 if rate else most,
            wanted.address(figure.name, **{field: name}))
        for name, value in found
    ]  # fmt: skip


class Spread(NamedTuple):
    """A figure over a field. ``note``: why its parts may come to more than the whole, where they may."""

    name: str
    bars: list[Bar]
    note: str


def spread(name: str, wanted: Wanted, figure: Figure, field: str, found: list[tuple[str, Value]]) -> Spread:
    """A figure over the values of a field of the slice."""
    note = f"一件有几种{name}的，每种都计，各行之和可能大于总数" if figure.counts_in_each(field) else ""
    return Spread(name, bars(wanted, figure, field, found), note)


def shares(wanted: Wanted, spreads: Mapping[str, list[Share]], county: Mapping[str, str]) -> list[Spread]:
    """Every distribution of what was accepted."""
    accepted = BY_NAME["受理量"]
    return [
        spread(say(county, name), wanted, accepted, field, [(s.name, s.matters) for s in spreads[name]])
        for name, field in DISTRIBUTIONS.items()
    ]


class Row(NamedTuple):
    """One row behind a figure. ``what``: which item of the matter it is, where it is one."""

    matter: str
    case_no: str
    at: Any
    what: str
    about: About
    level: str
    lead: str
    counted: bool
    amount: str
    over: str


def row(figure: Figure, found: Mapping[str, Any], about: About) -> Row:
    """A row of the list."""
    sums = ["" if found[name] is None else plain(found[name]) for name in ("amount", "over")]
    return Row(
        found["dispute_id"],
        found["case_no"],
        found["at"],
        _item(figure, found),
        about,
        found["level"] or NOTHING,
        found["lead"] or NOTHING,
        found["counted"],
        *sums,
    )


def _item(figure: Figure, found: Mapping[str, Any]) -> str:
    """县税务局 主办，退单; 满意; 第 2 项 县人社局，11-20 办完."""
    if figure.among.word == MATTER:
        return ""
    if figure.among.word == "评价":
        return found["result"]
    if figure.among.word == "议定事项":
        done = f"{words.plain_day(found['done_at'])} 办完" if found["done_at"] else "未办完"
        return f"第 {found['no']} 项　{found['unit']}　{done}"
    days = f"{found['working_days']} 个工作日后反馈" if found["working_days"] is not None else ""
    told = [found["unit"], found["role"], found["result"], days]
    return "　".join(part for part in told if part)
