"""``expected`` against ``actual``, field by field. What the format leaves to free wording is compared by substance."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from typing import Any, NamedTuple, cast

NOT_FACTS = ("must_not", "depends_on_defaults")
"""Keys of ``expected`` that say something about the story, not about its result."""

ENOUGH = 0.5
"""The share of an expected event's characters that must be found, in order, in an event of the story."""

Entry = dict[str, Any]


class Difference(NamedTuple):
    """One field that came out otherwise."""

    key: str
    expected: Any
    actual: Any


Rule = Callable[[str, Any, Any], list[Difference]]


def compare(expected: Entry, found: Entry) -> list[Difference]:
    """Every difference, in the order of ``expected``."""
    differences: list[Difference] = []
    for key, wanted in expected.items():
        if key not in NOT_FACTS:
            differences += _rule(key)(key, wanted, found.get(key))
    return differences


def _rule(key: str) -> Rule:
    """How a key is compared; an entry's place in its list does not matter."""
    return _COMPARE.get(re.sub(r"\[\d+\]", "", key), _value)


def _value(key: str, wanted: Any, got: Any) -> list[Difference]:
    """Equal, with amounts by value; a mapping needs only the keys it lists, a list only the entries it lists."""
    if isinstance(wanted, dict):
        if not isinstance(got, dict):
            return [Difference(key, wanted, got)]
        entry, found = cast("Entry", wanted), cast("Entry", got)
        return [d for k, v in entry.items() for d in _rule(f"{key}.{k}")(f"{key}.{k}", v, found.get(k))]
    if isinstance(wanted, list) and isinstance(got, list):
        return _list(key, cast("list[Any]", wanted), cast("list[Any]", got))
    return [] if _same(wanted, got) else [Difference(key, wanted, got)]


def _list(key: str, wanted: list[Any], got: list[Any]) -> list[Difference]:
    """Entries by what they say, wherever they stand; a list of plain values has to be the same list."""
    left = list(got)
    found: list[Difference] = []
    for number, entry in enumerate(wanted):
        if not left:
            return [Difference(key, wanted, got)]
        compared = [(_value(f"{key}[{number}]", entry, other), n) for n, other in enumerate(left)]
        differences, best = min(compared, key=lambda pair: len(pair[0]))
        found += differences
        left.pop(best)
    plain = not any(isinstance(entry, dict) for entry in wanted)
    return [Difference(key, wanted, got)] if plain and (found or left) else found


def _same(wanted: Any, got: Any) -> bool:
    if isinstance(wanted, bool) or isinstance(got, bool) or wanted is None or got is None:
        return wanted is got
    if wanted == got:
        return True
    try:
        return Decimal(str(wanted)) == Decimal(str(got))
    except InvalidOperation:
        return str(wanted) == str(got)


def _free(key: str, wanted: Any, got: Any) -> list[Difference]:
    """Wording is free; only saying nothing where something was expected (or the reverse) is a difference."""
    return [] if bool(wanted) == bool(got) else [Difference(key, wanted, got)]


def _one_or_more(key: str, wanted: Any, got: Any) -> list[Difference]:
    """One code may stand alone or in a list."""
    return [] if _as_list(wanted) == _as_list(got) else [Difference(key, wanted, got)]


def _as_list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def _kind(key: str, wanted: Any, got: Any) -> list[Difference]:
    """The way it ended; a story of two cases may put before it whose end it was."""
    return [] if got and str(wanted).endswith(str(got)) else [Difference(key, wanted, got)]


def _sum_or_whether(key: str, wanted: Any, got: Any) -> list[Difference]:
    """A sum, or only whether any was paid."""
    said = bool(got) if isinstance(wanted, bool) else got
    return [] if _same(wanted, said) else [Difference(key, wanted, got)]


def _in_order(key: str, wanted: list[str], got: list[str]) -> list[Difference]:
    """Every expected stage, in order; more may lie between."""
    rest = iter(got or [])
    return [] if all(any(g == w for g in rest) for w in wanted) else [Difference(key, wanted, got)]


def _alike(wanted: str, got: str) -> float:
    return SequenceMatcher(None, wanted, got, autojunk=False).ratio()


def _told(wanted: str, got: str) -> bool:
    """Whether an event says what was expected, in whatever words."""
    blocks = SequenceMatcher(None, wanted, got, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) >= ENOUGH * len(wanted)


def _events_in_order(key: str, wanted: list[str], got: list[str]) -> list[Difference]:
    """Every expected event, in order, whatever its exact words."""
    rest = iter(got or [])
    missing = next((text for text in wanted if not any(_told(text, line) for line in rest)), None)
    return [] if missing is None else [Difference(key, missing, got)]


def _documents(key: str, wanted: list[Entry], got: list[Entry]) -> list[Difference]:
    """Each expected paper exists by name, issuer and addressee, as often as it is listed."""
    left = list(got or [])
    missing: list[Difference] = []
    for paper in wanted:
        match = next((g for g in left if _is_paper(paper, g)), None)
        if match is None:
            near = [g for g in got or [] if g["name"] == paper["name"]]
            missing.append(Difference(f"{key}.{paper['name']}", paper, near or None))
        else:
            left.remove(match)
    return missing


def _is_paper(wanted: Entry, got: Entry) -> bool:
    compared = ("name", "issuer", "to", "case", "answers_sources")
    return all(got.get(k) == v for k, v in wanted.items() if k in compared and (k, v) != ("case", 1))


def _deadlines(key: str, wanted: list[Entry], got: list[Entry]) -> list[Difference]:
    """Each expected clock is found by its rule, start, due date and name, then compared in what came of it."""
    found: list[Difference] = []
    left = list(got or [])
    for clock in wanted:
        best = max(left, key=lambda g: _likeness(clock, g), default=None)
        if best is None or _likeness(clock, best) < ENOUGH * 2:
            found.append(Difference(f"{key}.{clock['clock']}", clock, None))
            continue
        left.remove(best)
        for field in ("rule", "due", "stopped_by", "result", "kind"):
            if field in clock and not _same(clock[field], best.get(field)):
                found.append(Difference(f"{key}.{clock['clock']}.{field}", clock[field], best.get(field)))
    return found


def _likeness(wanted: Entry, got: Entry) -> float:
    return 2 * _alike(wanted["clock"], got["clock"]) + sum(
        wanted.get(field) == got[field] for field in ("rule", "starts", "due", "stopped_by")
    )


_COMPARE: dict[str, Rule] = {
    "route": _in_order,
    "child_route": _in_order,
    "second_route": _in_order,
    "events": _events_in_order,
    "documents": _documents,
    "deadlines": _deadlines,
    "acceptance.code": _one_or_more,
    "risk.triggers": _free,
    "ledger.late_fee_paid": _sum_or_whether,
    "outcome.kind": _kind,
    "outcome.text": _free,
    "spawned.reporter_identity": _free,
    "counter_claim.handled": _free,
}
