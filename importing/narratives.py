"""What a caller asks for: 险种, 参保制度, 争议类型, and whether it belongs here at all. Proposals for the officer."""

import re
from dataclasses import dataclass

from domain.words import ClaimType, Insurance, Regime
from importing.dispute_types import Candidate, Types, likeliest, read_types
from importing.insurances import read_kinds, read_regime
from importing.plain import searchable
from importing.rule_words import Redirect
from importing.rules import Rules
from importing.scope import Seen, doubts, refusal
from importing.told import Told, social


@dataclass(frozen=True)
class Proposal:
    """What to tick, or why to propose 不予受理.

    ``detail``: which 其他征缴. ``candidates``: the readings, where the row can be read in two ways; ``vague``: neither is
    to be ticked before somebody has looked. ``needs_employer``: somebody must be named whose duty it is. ``warnings`` and
    ``why`` are for the officer.
    """

    types: tuple[ClaimType, ...] = ()
    kinds: tuple[Insurance, ...] = ()
    regime: Regime | None = None
    detail: str | None = None
    redirect: Redirect | None = None
    why: str = ""
    warnings: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    needs_employer: bool = True
    vague: bool = False


def propose(told: Told, rules: Rules) -> Proposal:
    """The officer's first look at a narrative."""
    told_types = read_types(told, rules)
    kinds, kind_doubts = read_kinds(told, told_types.clauses, rules)
    detail = _detail(told, told_types, rules)
    mentions = social(told.text, rules)
    seen = Seen(told_types.types, kinds, mentions, transfer=detail == rules.transfer)
    if refused := refusal(told, seen, rules):
        return Proposal(
            redirect=refused.ground, why=refused.why, warnings=refused.warnings, vague=refused.vague
        )
    regime, regime_doubts = read_regime(told, rules)
    types, candidates, vague = _ticks(told, told_types, rules)
    beside = list(doubts(told, seen, rules))
    return Proposal(
        types=types,
        kinds=kinds,
        regime=regime,
        detail=detail if ClaimType.OTHER_LEVY in types else None,
        warnings=(
            *_said(candidates, vague),
            *kind_doubts,
            *regime_doubts,
            *(f"诉求似另含不予受理事项 {d.code}（“{d.said}”）：{d.why}，请核对" for d in beside),
        ),
        candidates=(*candidates, *(Candidate(d.code, f"{d.said}；{d.why}") for d in beside)),
        needs_employer=not _pays_alone(told, seen, types, regime, rules),
        vague=vague,
    )


def _ticks(
    told: Told, told_types: Types, rules: Rules
) -> tuple[tuple[ClaimType, ...], tuple[Candidate, ...], bool]:
    """The types, the readings where there are two, and whether neither is told by the words."""
    if told_types.types:
        return told_types.types, told_types.candidates, False
    two = likeliest(told.text, rules)
    return tuple(ClaimType(candidate.what) for candidate in two), two, True


def _said(candidates: tuple[Candidate, ...], vague: bool) -> tuple[str, ...]:
    if not candidates:
        return ()
    both = "，或".join(f"“{c.what}”（{c.why}）" for c in candidates)
    head = "争议类型未能看出，未勾选" if vague else f"争议类型暂按“{candidates[0].what}”"
    return (f"{head}；可能是{both}，请核对",)


def _detail(told: Told, told_types: Types, rules: Rules) -> str | None:
    if told_types.types and ClaimType.OTHER_LEVY not in told_types.types:
        return None
    lead = told.text[: rules.lead_length]
    named = (name for name, words in rules.other_levy.items() if words.search(lead))
    return told_types.detail or next(named, None)


def _pays_alone(told: Told, seen: Seen, types: tuple[ClaimType, ...], regime: Regime, rules: Rules) -> bool:
    """Whether no employer has to be named: residents, who pays for himself, a record to be moved, a firm itself."""
    words = told.column + told.text
    alone = ClaimType.NOT_ENROLLED not in types and rules.regimes.self_paying.search(words)
    return told.firm or seen.transfer or regime == Regime.RESIDENT or bool(alone)


def repeats(narrative: str, rules: Rules) -> bool:
    """Whether the caller says to have called before."""
    return bool(re.search(rules.repeat, searchable(narrative)))
