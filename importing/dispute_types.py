"""争议类型 from a narrative: what to tick, and what it may be besides."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from domain.words import ClaimType
from importing.rules import Rules, found
from importing.told import PART_ENDS, Told, clause, social

LEVY = (ClaimType.NOT_ENROLLED, ClaimType.UNPAID, ClaimType.WRONG_BASE)
_ANY_CLAUSE = (ClaimType.WRONG_BASE,)
"""工资基数 is about premiums though it speaks of wages."""


class Candidate(NamedTuple):
    """One of two readings: what would be ticked, or the code of a refusal; and the words it rests on."""

    what: str
    why: str


class Types(NamedTuple):
    """争议类型, and the clauses that told them. ``candidates``: the readings, where there is more than one.

    ``detail``: which 其他征缴, where the words leave no doubt.
    """

    types: tuple[ClaimType, ...] = ()
    clauses: str = ""
    detail: str | None = None
    candidates: tuple[Candidate, ...] = ()


class _Hit(NamedTuple):
    start: int
    end: int
    type: ClaimType


def read_types(told: Told, rules: Rules) -> Types:
    """What a short narrative names, or what a long one begins with.

    Words that can only mean one of 其他征缴 (a late fee laid on the worker, 挂靠, 停保, 视同缴费, a refund, a transfer) go before
    what they may look like; a benefit withheld goes before what it is withheld for, but not before 应参未参.
    """
    lead = told.text[: rules.lead_length]
    hits = sorted(_hits(told.text, rules))
    if decided := _decisive(lead, hits, rules):
        return decided
    benefit = found(rules.types[ClaimType.BENEFIT], lead)
    if benefit:
        owed = _owed(benefit, hits, rules)
        return _with_benefit(told, owed, benefit, rules) if owed else Types((ClaimType.BENEFIT,))
    if not hits:
        return Types(_weakly(told, rules))
    taken = hits[:1]
    if hits[0].type in LEVY and len(told.text) <= rules.short_length:
        taken = _apart(hit for hit in hits if hit.type in LEVY)
    types = tuple(kind for kind in rules.types if any(hit.type == kind for hit in taken))
    return Types(types, _levied(told.text, taken))


def _decisive(lead: str, hits: list[_Hit], rules: Rules) -> Types | None:
    """One of 其他征缴 for sure; what else the words look like is a second candidate."""
    for detail, words in rules.decisive.items():
        hit = words.search(lead)
        if hit is None or rules.still_owed.search(lead):
            continue
        other = next((h for h in hits if h.type in LEVY), None)
        candidates = ()
        if other:
            candidates = (
                Candidate(f"{ClaimType.OTHER_LEVY}（{detail}）", hit[0]),
                Candidate(other.type, lead[other.start : other.end]),
            )
        return Types((ClaimType.OTHER_LEVY,), detail=detail, candidates=candidates)
    return None


def _weakly(told: Told, rules: Rules) -> tuple[ClaimType, ...]:
    """The type by words that alone say little."""
    lead = told.text[: rules.lead_length]
    if rules.benefit_kinds.search(told.column) or rules.benefit_signs.search(lead):
        return (ClaimType.BENEFIT,)
    return tuple(kind for kind, words in rules.weak_signs.items() if words.search(lead))[:1]


def _owed(benefit: re.Match[str], hits: list[_Hit], rules: Rules) -> list[_Hit]:
    """Premiums owed, beside a benefit withheld: never enrolled, or said to be in arrears."""
    start, end = benefit.span()
    levied = (h for h in hits if h.type in LEVY and h.start < rules.lead_length)
    return _apart(h for h in levied if h.end <= start or h.start >= end)


def _with_benefit(told: Told, owed: list[_Hit], withheld: re.Match[str], rules: Rules) -> Types:
    """A benefit withheld and premiums owed: both, where both are asked for; else what is told first, with the other as
    a candidate; 应参未参 goes before a benefit.
    """
    first = owed[0]
    levy = tuple(kind for kind in rules.types if any(hit.type == kind for hit in owed))
    clauses = _levied(told.text, owed)
    candidates = (
        Candidate(first.type, told.text[first.start : first.end]),
        Candidate(ClaimType.BENEFIT, withheld[0]),
    )
    if ClaimType.NOT_ENROLLED in levy:
        return Types((ClaimType.NOT_ENROLLED,), clauses, candidates=candidates)
    if rules.benefit_too.search(told.text):
        return Types((*levy, ClaimType.BENEFIT), clauses)
    around = clause(told.text, (first.start, first.end), PART_ENDS)
    if first.start < withheld.start() and not rules.reported.search(around):
        return Types(levy, clauses, candidates=candidates)
    return Types((ClaimType.BENEFIT,), clauses, candidates=candidates[::-1])


def _levied(text: str, hits: list[_Hit]) -> str:
    return "，".join(clause(text, (h.start, h.end), PART_ENDS) for h in hits if h.type in LEVY)


def _apart(hits: Iterable[_Hit]) -> list[_Hit]:
    """The hits that do not overlap an earlier one."""
    taken: list[_Hit] = []
    for hit in hits:
        if not taken or hit.start >= max(t.end for t in taken):
            taken.append(hit)
    return taken


def _hits(text: str, rules: Rules) -> Iterator[_Hit]:
    """Where each type but 待遇享受 is said first, clauses about wages and the like left out."""
    for kind, patterns in rules.types.items():
        if kind == ClaimType.BENEFIT:
            continue
        for pattern in patterns:
            spans = (hit.span() for hit in pattern.finditer(text))
            span = next((s for s in spans if kind in _ANY_CLAUSE or not _about_other(text, s, rules)), None)
            if span:
                yield _Hit(*span, kind)


def _about_other(text: str, span: tuple[int, int], rules: Rules) -> bool:
    around = clause(text, span)
    return bool(rules.rivals.search(around)) and not social(around, rules)


def likeliest(text: str, rules: Rules) -> tuple[Candidate, Candidate]:
    """Where no words tell the type: the two whose words the beginning holds most of, the commonest before others."""
    lead = text[: rules.lead_length]
    counts = {kind: words.findall(lead) for kind, words in rules.hints.items()}
    kinds = list(counts) if any(counts.values()) else list(rules.types)
    ranked = sorted(kinds, key=lambda kind: -len(counts[kind]))
    first, second = (Candidate(kind, "、".join(dict.fromkeys(counts[kind])) or "没有可据的字样，按最常见的列")
                     for kind in ranked[:2])  # fmt: skip
    return first, second
