"""What the book is filtered by: the controls, and from a page's address to the ledger's filters and to words."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from console.forms import values
from console.forms.faults import Fault
from domain.chinese import yuan
from domain.intake import EARLIEST, LATEST
from domain.masking import somebodys_number
from domain.policy import Policy
from domain.words import (
    MOST_YUAN,
    NEVER_KEPT,
    SHANGHAI,
    Channel,
    ClaimType,
    Insurance,
    MatterKind,
    Stage,
    UnitName,
)
from ledger.queries import Filters

Given = dict[str, str]

LATE, TODAY, SOON, WEEK = "late", "today", "d3", "d7"
_DUE = {LATE: "已超期", TODAY: "今天", SOON: "三日内", WEEK: "七日内"}
_DAYS = {TODAY: 0, SOON: 3, WEEK: 7}
_YES_NO = {
    "is_closed": {"no": "未办结", "yes": "已办结"},
    "is_over": {"no": "未归档", "yes": "已归档"},
    "grouped": {"yes": "群体件", "no": "非群体件"},
}
LONGEST_INDUSTRY = 50
DAYS = {"opened": "登记", "closed": "办结", "due": "到期日"}
AMOUNT = "主张金额"


class Pick(NamedTuple):
    """A filter that is chosen from a list. ``first``: it stands open, the others are to unfold."""

    name: str
    word: str
    options: dict[str, str]
    first: bool = True


class Said(NamedTuple):
    """A filter in words, and the names in the address that make it."""

    word: str
    value: str
    names: tuple[str, ...]


class Asked(NamedTuple):
    """What a page was asked for. ``wrong``: what of it cannot be read, by name, with what to do."""

    given: Given
    filters: Filters
    said: list[Said]
    wrong: dict[str, str]

    def without(self, names: tuple[str, ...]) -> Given:
        """The same filters but for these."""
        return {name: value for name, value in self.given.items() if name not in names}


_ENDS = {"from": "从", "to": "到"}
SPANS = {f"{name}_{end}": f"{word}（{said}）" for name, word in DAYS.items() for end, said in _ENDS.items()}
SUMS = {f"amount_{end}": f"{AMOUNT}（{said}）" for end, said in _ENDS.items()}


def picks(policy: Policy, leading: Iterable[UnitName] = ()) -> list[Pick]:
    """The filters of this county that are chosen from lists. ``leading``: units that lead in the ledger, branches above all."""
    leads = dict.fromkeys([*policy.units.members, *leading])
    return [
        Pick("stage", "阶段", {stage.value: policy.say(stage.value) for stage in Stage}),
        Pick("level", "等级", _as_is(tier.name for tier in policy.tiers)),
        Pick("claim_type", "类型", _as_is(ClaimType)),
        Pick("insurance", "险种", _as_is(Insurance)),
        Pick("lead", "主办", _as_is(leads)),
        Pick("town", "乡镇", _as_is(policy.county.towns)),
        Pick("due", "到期", _DUE),
        Pick("is_closed", "办结", _YES_NO["is_closed"]),
        Pick("is_over", "归档", _YES_NO["is_over"], first=False),
        Pick("co", "协办", _as_is(policy.units.members), first=False),
        Pick("kind", "类别", _as_is(MatterKind), first=False),
        Pick("channel", "渠道", _as_is(Channel), first=False),
        Pick("card", "亮牌", _as_is(("黄牌", "红牌")), first=False),
        Pick("grouped", "人数", _YES_NO["grouped"], first=False),
    ]


def _as_is(options: Any) -> dict[str, str]:
    return {str(option): str(option) for option in options}


NAMES = (
    "stage", "level", "claim_type", "insurance", "lead", "town", "due", "is_closed", "is_over", "co", "kind", "channel",
    "card", "grouped", "industry", *SPANS, *SUMS,
)  # fmt: skip


def given_of(query: Mapping[str, str]) -> Given:
    """The filters of an address. A figure's own link says the day after the last, as the API does."""
    found = {name: value.strip() for name in NAMES if (value := query.get(name, "")).strip()}
    for name in DAYS:
        if (until := query.get(f"{name}_until")) and (day := _day(until)):
            found.setdefault(f"{name}_to", (day - timedelta(days=1)).isoformat())
    return found


def asked(given: Given, policy: Policy, today: date, leading: Iterable[UnitName] = ()) -> Asked:
    """What these filters mean today."""
    reading = _Reading(given, today)
    for pick in picks(policy, leading):
        reading.pick(pick)
    for name, word in DAYS.items():
        reading.days(name, word)
    reading.industry()
    reading.amount()
    return Asked(given, Filters.model_validate(reading.known), reading.said, reading.wrong)


def summary(found: Asked, policy: Policy) -> list[Fault]:
    """What cannot be read, in the form's order."""
    titles = {pick.name: pick.word for pick in picks(policy)} | {"industry": "行业"} | SPANS | SUMS
    return [Fault(name, title, found.wrong[name]) for name, title in titles.items() if name in found.wrong]


class _Reading:
    """An address being read, filter by filter."""

    def __init__(self, given: Given, today: date) -> None:
        self._given, self._today = given, today
        self.known: dict[str, Any] = {}
        self.said: list[Said] = []
        self.wrong: dict[str, str] = {}

    def pick(self, pick: Pick) -> None:
        value = self._given.get(pick.name)
        if value is None:
            return
        if value not in pick.options:
            self.wrong[pick.name] = "没有这一项，请从列表中选"
            return
        self.said.append(Said(pick.word, pick.options[value], (pick.name,)))
        if pick.name in _YES_NO:
            self.known[pick.name] = value == "yes"
        elif pick.name != "due":
            self.known[pick.name] = value
        elif value == LATE:
            self.known["overdue"] = True
        else:
            self._between("due", self._today, self._today + timedelta(days=_DAYS[value]))

    def days(self, name: str, word: str) -> None:
        ends = {end: self._end(f"{name}_{end}") for end in ("from", "to")}
        first, last = ends["from"], ends["to"]
        if first is None and last is None:
            return
        if name == "due" and "due" in self._given:
            self.wrong["due_from" if first else "due_to"] = "“到期”已经选了，这里就不写；两样留一样"
            return
        if first and last and last < first:
            self.wrong[f"{name}_to"] = f"不能早于起始日 {first}"
            return
        self._between(name, first, last)
        value = f"{first or '最早'} 至 {last or ('以后' if name == 'due' else '今')}"
        self.said.append(Said(word, value, (f"{name}_from", f"{name}_to")))

    def _end(self, name: str) -> date | None:
        if name not in self._given:
            return None
        if found := _day(self._given[name]):
            return found
        self.wrong[name] = f"写成 {self._today} 这样的日期"
        return None

    def _between(self, name: str, first: date | None, last: date | None) -> None:
        if first:
            self.known[f"{name}_from"] = _begins(first)
        if last:
            self.known[f"{name}_until"] = _begins(last + timedelta(days=1))

    def industry(self) -> None:
        said = self._given.get("industry")
        if said is None:
            return
        if len(said) > LONGEST_INDUSTRY or NEVER_KEPT.search(said) or somebodys_number(said):
            self.wrong["industry"] = f"写行业名称，至多 {LONGEST_INDUSTRY} 个字"
            return
        self.known["industry"] = said
        self.said.append(Said("行业", said, ("industry",)))

    def amount(self) -> None:
        ends = {name: self._sum(name) for name in SUMS}
        least, most = ends["amount_from"], ends["amount_to"]
        if least is None and most is None:
            return
        if least is not None and most is not None and most < least:
            self.wrong["amount_to"] = f"不能小于起始金额 {least}"
            return
        self.known |= {name: value for name, value in ends.items() if value is not None}
        value = yuan(least or 0) + ("以上" if most is None else f"至 {yuan(most)}")
        self.said.append(Said(AMOUNT, value, tuple(SUMS)))

    def _sum(self, name: str) -> Decimal | None:
        if name not in self._given:
            return None
        try:
            found = Decimal(values.taken("money", self._given[name]))
        except InvalidOperation:
            found = Decimal("NaN")
        if found.is_finite() and 0 <= found < MOST_YUAN:
            return found
        self.wrong[name] = "写成数字，单位元，如 5000"
        return None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(values.taken("date", text))
    except ValueError:
        return None
    return found if EARLIEST <= found.year <= LATEST else None


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
