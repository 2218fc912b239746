"""Whether some matter meets given conditions and escapes others: a search over the values that matter."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from domain.policy_conditions import CHOICES, NUMBERS, Condition, is_flag

Matter = dict[str, Any]


def find_matter(meets: Sequence[Condition], escapes: Sequence[Condition]) -> Matter | None:
    """Facts under which all of ``meets`` hold and none of ``escapes`` does; ``None`` if there are none.

    Between two figures that the conditions name all values are alike, so trying each figure and its
    neighbours is exhaustive.
    """
    wanted = [*((c, True) for c in meets), *((c, False) for c in escapes)]
    return _search(wanted, _candidates([c for c, _ in wanted]), {})


def _search(
    wanted: list[tuple[Condition, bool]], candidates: dict[str, list[Any]], known: Matter
) -> Matter | None:
    open_: list[tuple[Condition, bool]] = []
    for condition, holds in wanted:
        verdict = _verdict(condition, known)
        if verdict is None:
            open_.append((condition, holds))
        elif verdict != holds:
            return None
    if not open_:
        return known
    fact = next(p.fact for p in open_[0][0].parts() if p.fact and p.fact not in known)
    for value in candidates[fact]:
        if (found := _search(open_, candidates, {**known, fact: value})) is not None:
            return found
    return None


class _Known:
    def __init__(self, matter: Matter) -> None:
        self.matter = matter

    def value(self, name: str) -> Any:
        return self.matter[name]


def _verdict(condition: Condition, known: Matter) -> bool | None:
    """Whether it holds as far as the facts are known; ``None`` while that is open."""
    if condition.fact:
        return condition.holds(_Known(known)) if condition.fact in known else None
    verdicts = [_verdict(c, known) for c in condition.all or condition.any or ()]
    decisive = condition.any is not None
    if decisive in verdicts:
        return decisive
    return None if None in verdicts else not decisive


def _candidates(conditions: list[Condition]) -> dict[str, list[Any]]:
    parts = [p for c in conditions for p in c.parts()]
    found: dict[str, list[Any]] = {}
    for fact in {p.fact for p in parts if p.fact}:
        mine = [p for p in parts if p.fact == fact]
        named = [v for p in mine for v in p.values()]
        if fact in NUMBERS:
            limits = [x for p in mine for x in (p.at_least, p.more_than, p.at_most) if x is not None]
            limits += [Decimal(v) for v in named]
            least = 1 if fact == "headcount" else 0
            around = {x + step for x in limits for step in (-1, 0, 1)} | {Decimal(least)}
            found[fact] = sorted(x for x in around if x >= least)
        elif is_flag(fact):
            found[fact] = [False, True]
        elif fact in CHOICES:
            found[fact] = list(CHOICES[fact])
        elif fact == "respondent_status":
            found[fact] = ["正常", *dict.fromkeys(named), "其他"]
        else:
            found[fact] = [(), ("某项",)]
    return found
