"""``expected`` against ``actual``, field by field. What the format leaves to free wording is compared by substance."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from typing import Any, NamedTuple

NOT_FACTS = ("must_not", "depends_on_defaults")
"""Keys of ``expected`` that say something about the story, not about its result."""


class Difference(NamedTuple):
    """One field that came out otherwise."""

    key: str
    expected: Any
    actual: Any


def compare(expected: dict[str, Any], found: dict[str, Any]) -> list[Difference]:
    """Every difference, in the order of ``expected``."""
    differences: list[Difference] = []
    for key, wanted in expected.items():
        if key not in NOT_FACTS:
            differences += _rule(key)(key, wanted, found.get(key))
    return differences


def _rule(key: str) -> "Rule":
    """How a key is compared; an entry's place in its list does not matter."""
    return _COMPARE.get(re.sub(r"\[\d+\]", "", key), _value)


def _value(key: str, wanted: Any, got: Any) -> list[Difference]:
    """Equal, with amounts by value; a mapping needs only the keys it lists; a list of mappings, the entries it lists."""
    if isinstance(wanted, dict):
        if not isinstance(got, dict):
            return [Difference(key, wanted, got)]
        return [d for k, v in wanted.items() for d in _rule(f"{key}.{k}")(f"{key}.{k}", v, got.get(k))]
    if isinstance(wanted, list) and wanted and isinstance(wanted[0], dict):
        if not isinstance(got, list) or len(got) < len(wanted):
            return [Difference(key, wanted, got)]
        return [
            d for i, (w, g) in enumerate(zip(wanted, got, strict=False)) for d in _value(f"{key}[{i}]", w, g)
        ]
    return [] if _same(wanted, got) else [Difference(key, wanted, got)]


def _same(wanted: Any, got: Any) -> bool:
    if wanted == got:
        return True
    if isinstance(wanted, bool) or isinstance(got, bool) or wanted is None or got is None:
        return False
    try:
        return Decimal(str(wanted)) == Decimal(str(got))
    except InvalidOperation:
        return str(wanted) == str(got)


def _free(key: str, wanted: Any, got: Any) -> list[Difference]:
    """Wording is free; only saying nothing where something was expected (or the reverse) is a difference."""
    return [] if bool(wanted) == bool(got) else [Difference(key, wanted, got)]


def _in_order(key: str, wanted: list[str], got: list[str]) -> list[Difference]:
    """Every expected stage, in order; more may lie between."""
    rest = iter(got or [])
    return [] if all(any(g == w for g in rest) for w in wanted) else [Difference(key, wanted, got)]


def _alike(wanted: str, got: str) -> float:
    return SequenceMatcher(None, wanted, got).ratio()


def _events_in_order(key: str, wanted: list[str], got: list[str]) -> list[Difference]:
    """Every expected event, in order, whatever its exact words."""
    position = 0
    for text in wanted:
        found = next((i for i in range(position, len(got)) if got[i] == text), None)
        if found is None:
            found = next((i for i in range(position, len(got)) if _alike(text, got[i]) >= 0.6), None)
        if found is None:
            return [Difference(key, text, got)]
        position = found + 1
    return []


def _documents(key: str, wanted: list[dict[str, Any]], got: list[dict[str, Any]]) -> list[Difference]:
    """Each expected paper exists by name, issuer and addressee, as often as it is listed."""
    left = list(got)
    missing: list[Difference] = []
    for paper in wanted:
        match = next((g for g in left if _is_paper(paper, g)), None)
        if match is None:
            near = [g for g in got if g["name"] == paper["name"]]
            missing.append(Difference(f"{key}.{paper['name']}", paper, near or None))
        else:
            left.remove(match)
    return missing


def _is_paper(wanted: dict[str, Any], got: dict[str, Any]) -> bool:
    return all(got.get(k) == v for k, v in wanted.items() if k in ("name", "issuer", "to", "answers_sources"))


def _deadlines(key: str, wanted: list[dict[str, Any]], got: list[dict[str, Any]]) -> list[Difference]:
    """Each expected clock is found by its rule, start and name, then compared in due date, stop and result."""
    found: list[Difference] = []
    left = list(got)
    for clock in wanted:
        candidates = [g for g in left if g["rule"] == clock["rule"]]
        if not candidates:
            found.append(Difference(f"{key}.{clock['clock']}", clock, None))
            continue
        best = max(candidates, key=lambda g: _likeness(clock, g))
        left.remove(best)
        for field in ("due", "stopped_by", "result", "kind"):
            if field in clock and not _same(clock[field], best.get(field)):
                found.append(Difference(f"{key}.{clock['clock']}.{field}", clock[field], best.get(field)))
    return found


def _likeness(wanted: dict[str, Any], got: dict[str, Any]) -> float:
    return (
        2 * _alike(wanted["clock"], got["clock"])
        + (wanted.get("starts") == got["starts"])
        + (wanted["due"] == got["due"])
    )


Rule = Callable[[str, Any, Any], list[Difference]]

_COMPARE: dict[str, Rule] = {
    "route": _in_order,
    "child_route": _in_order,
    "second_route": _in_order,
    "events": _events_in_order,
    "documents": _documents,
    "deadlines": _deadlines,
    "risk.triggers": _free,
    "outcome.text": _free,
    "spawned.reporter_identity": _free,
    "counter_claim.handled": _free,
}
