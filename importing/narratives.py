"""What a caller asks for: 险种, 参保制度, 争议类型, and whether it belongs here at all. Proposals for the officer."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from domain.words import ClaimType, Insurance, Regime
from importing.parties import Employer
from importing.plain import searchable, tight
from importing.rules import Redirect, Rules, ScopeRule, found

_SENTENCE_ENDS = "，。；！？\n"
_CLAUSE_ENDS = f"{_SENTENCE_ENDS}、"
_LEVY = (ClaimType.NOT_ENROLLED, ClaimType.UNPAID, ClaimType.WRONG_BASE)
_ANY_CLAUSE = (ClaimType.WRONG_BASE,)
"""工资基数 is about premiums though it speaks of wages."""


class Told(NamedTuple):
    """A row's words. ``text``: the narrative without 公积金, 商业保险 and what is said to be in order; ``column``: 险种."""

    text: str
    whole: str
    column: str
    employer: Employer
    anonymous: bool

    @classmethod
    def of(cls, narrative: str, column: str, employer: Employer, rules: Rules, *, anonymous: bool) -> "Told":
        """Prepare a row's words for searching."""
        whole = searchable(narrative)
        text = rules.no_complaint.sub("", rules.not_social.sub("□", whole))
        return cls(text, whole, tight(column), employer, anonymous)


@dataclass(frozen=True)
class Proposal:
    """What to tick, or why to propose 不予受理.

    ``detail``: which 其他征缴. ``vague``: what it is about could not be told; the usual is ticked. ``needs_employer``:
    somebody must be named whose duty it is. ``warnings`` and ``why`` are for the officer.
    """

    types: tuple[ClaimType, ...] = ()
    kinds: tuple[Insurance, ...] = ()
    regime: Regime | None = None
    detail: str | None = None
    redirect: Redirect | None = None
    why: str = ""
    warnings: tuple[str, ...] = ()
    needs_employer: bool = True
    vague: bool = False


class _Types(NamedTuple):
    """争议类型, and the clauses that told them."""

    types: tuple[ClaimType, ...] = ()
    clauses: str = ""


class _Seen(NamedTuple):
    """``social``: the narrative mentions social insurance; ``warnings``: about the kinds."""

    types: tuple[ClaimType, ...]
    kinds: tuple[Insurance, ...]
    warnings: tuple[str, ...]
    social: bool

    @property
    def claim(self) -> bool:
        """Whether it complains about premiums or benefits."""
        return bool(self.types) and (self.social or bool(self.kinds))


def propose(told: Told, rules: Rules) -> Proposal:
    """The officer's first look at a narrative."""
    found_types = _types(told, rules)
    kinds, doubts = _kinds(told, found_types.clauses, rules)
    seen = _Seen(found_types.types, kinds, doubts, _social(told.text, rules))
    if refusal := _refusal(told, seen, rules):
        return refusal
    regime = _regime(told, rules)
    types = seen.types or (_hinted(told.text, rules),)
    warnings = [] if seen.types else [f"争议类型未能看出，暂按“{types[0]}”，请核对"]
    warnings += seen.warnings
    warnings += [
        f"诉求似另含不予受理事项 {r.code}（“{why}”），请分项核对" for r, why in _besides(told, seen, rules)
    ]
    pays_alone = regime == Regime.RESIDENT or (
        ClaimType.NOT_ENROLLED not in types and rules.regimes.self_paying.search(told.column + told.text)
    )
    return Proposal(
        types=types,
        kinds=kinds,
        regime=regime,
        detail=_detail(told, rules) if ClaimType.OTHER_LEVY in types else None,
        warnings=tuple(warnings),
        needs_employer=not pays_alone,
        vague=not seen.types,
    )


def _hinted(text: str, rules: Rules) -> ClaimType:
    """The type of which the beginning holds most words; the commonest where it holds none."""
    counts = {kind: len(words.findall(text[: rules.lead_length])) for kind, words in rules.hints.items()}
    best = max(counts, key=lambda kind: counts[kind], default=rules.default_type)
    return best if counts.get(best) else rules.default_type


def _detail(told: Told, rules: Rules) -> str | None:
    lead = told.text[: rules.lead_length]
    return next((name for name, words in rules.other_levy.items() if words.search(lead)), None)


def _kinds(told: Told, clauses: str, rules: Rules) -> tuple[tuple[Insurance, ...], tuple[str, ...]]:
    """The column's insurances, and those the complaint itself adds; where the column names none, those the narrative
    begins with; of 社保 alone all, as a guess. With what an officer should look at.
    """
    column, lead = rules.not_social.sub("", told.column), told.text[: rules.lead_length]
    listed = set(rules.bundles[0].kinds) if rules.all_in_column.search(column) else _named(column, rules)
    added = {kind for group in _listings(clauses, rules) if group & listed for kind in group} - listed
    if added:
        names = "、".join(kind for kind in rules.kinds if kind in added)
        return _ordered(listed | added, rules), (f"险种按诉求内容补列{names}，请核对",)
    if named := listed or _named(lead, rules):
        return _ordered(named, rules), ()
    if rules.any_kind.search(column) or rules.any_kind.search(lead):
        return rules.bundles[0].kinds, ("险种未写明，暂按五险，请核对",)
    return (), ("险种未写明，请核对",)


def _listings(text: str, rules: Rules) -> list[set[Insurance]]:
    """Insurances named in one breath: 养老和医保, 养老、工伤、失业."""
    one = "(?:" + "|".join(words.pattern for words in rules.kinds.values()) + ")(?:保险|险)?"
    return [
        _named(hit[0], rules) for hit in re.finditer(f"{one}(?:(?:、|和|跟|与|及|以及|还有)?{one})+", text)
    ]


def _named(text: str, rules: Rules) -> set[Insurance]:
    bundled = {kind for bundle in rules.bundles if bundle.says.search(text) for kind in bundle.kinds}
    return bundled | {kind for kind, words in rules.kinds.items() if words.search(text)}


def _ordered(kinds: set[Insurance], rules: Rules) -> tuple[Insurance, ...]:
    return tuple(kind for kind in rules.kinds if kind in kinds)


class _Hit(NamedTuple):
    start: int
    end: int
    type: ClaimType


def _types(told: Told, rules: Rules) -> _Types:
    """争议类型: a benefit withheld, unless somebody was never enrolled; else what comes first.

    A short narrative may name several of the three levy types; a long one begins with what it is about.
    """
    lead = told.text[: rules.lead_length]
    hits = sorted(_hits(told.text, rules))
    benefit = found(rules.types[ClaimType.BENEFIT], lead)
    if benefit and not any(h.type == ClaimType.NOT_ENROLLED and h.start < rules.lead_length for h in hits):
        return _Types((ClaimType.BENEFIT,))
    if not hits:
        weak = rules.benefit_kinds.search(told.column) or rules.benefit_signs.search(lead)
        return _Types((ClaimType.BENEFIT,) if weak else ())
    taken = hits[:1]
    if hits[0].type in _LEVY and len(told.text) <= rules.short_length:
        taken = _apart(hit for hit in hits if hit.type in _LEVY)
    types = tuple(kind for kind in rules.types if any(hit.type == kind for hit in taken))
    levied = [hit for hit in taken if hit.type in _LEVY]
    return _Types(
        types, "，".join(_clause(told.text, (hit.start, hit.end), _SENTENCE_ENDS) for hit in levied)
    )


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
    clause = _clause(text, span)
    return bool(rules.rivals.search(clause)) and not _social(clause, rules)


def _clause(text: str, span: tuple[int, int], marks: str = _CLAUSE_ENDS) -> str:
    """The clause around a span."""
    start = max(text.rfind(mark, 0, span[0]) for mark in marks) + 1
    ends = [at for mark in marks if (at := text.find(mark, span[1])) >= 0]
    return text[start : min(ends, default=len(text))]


def _social(text: str, rules: Rules) -> bool:
    """Whether it mentions social insurance."""
    return bool(rules.any_kind.search(text) or any(p.search(text) for p in rules.kinds.values()))


def _regime(told: Told, rules: Rules) -> Regime:
    """参保制度: by the column's words, by the employer, by the narrative's words."""
    words, column, text = rules.regimes, told.column, told.text[: rules.lead_length]
    named = {
        Regime.RESIDENT: words.resident.search(column),
        Regime.PUBLIC: words.public.search(column),
        Regime.EMPLOYEE: words.employee.search(column),
    }
    for regime, hit in named.items():
        if hit:
            return regime
    name = told.employer.name
    if name and found(rules.units.public, name) and words.public.search(text):
        return Regime.PUBLIC
    if name and not (found(rules.units.village, name) and words.resident.search(text)):
        return Regime.EMPLOYEE
    for regime, pattern in ((Regime.EMPLOYEE, words.employee), (Regime.RESIDENT, words.resident),
                            (Regime.PUBLIC, words.public), (Regime.RESIDENT, words.resident_sign)):  # fmt: skip
        if pattern.search(text):
            return regime
    return Regime.EMPLOYEE


def _refusal(told: Told, seen: _Seen, rules: Rules) -> Proposal | None:
    """The ground for proposing 不予受理, if there is one."""
    lead = told.whole[: rules.lead_length]
    for rule in rules.out_of_scope:
        if why := _ground(rule, told, seen, rules):
            return Proposal(redirect=rule, why=f"诉求提到“{why}”")
    if place := _elsewhere(told, lead, rules):
        return Proposal(redirect=rules.place_redirect, why=f"用人单位似在外县（“{place}”）")
    if told.anonymous:
        return Proposal(redirect=rules.anonymous_redirect, why="匿名反映，须为举报人保密")
    asked = found(rules.consultation.says, lead) or _bare_question(told, seen, rules)
    if asked and not _complains(told, seen, rules):
        return Proposal(
            redirect=rules.consultation, why=f"只是询问（“{asked[0]}”），未见具体争议", vague=not seen.types
        )
    if not (seen.types or seen.social or seen.kinds):
        return Proposal(
            redirect=rules.no_premium,
            why="未见社会保险费事项",
            warnings=("诉求内容和险种栏均未见社会保险费事项，请核对",),
            vague=True,
        )
    return None


def _ground(rule: ScopeRule, told: Told, seen: _Seen, rules: Rules) -> str | None:
    lead = told.whole[: rules.lead_length]
    despite = rule.despite_unit and rule.despite_unit.search(told.employer.name or "")
    if (rule.unless_claim and seen.claim and not despite) or found(rule.unless, lead):
        return None
    if why := _said(rule, lead, rules):
        return why
    hit = found(rule.says, told.column) if rule.column and not seen.claim else None
    return hit[0] if hit else None


def _said(rule: ScopeRule, lead: str, rules: Rules) -> str | None:
    """The words of the rule; of a rule about other money, not where the clause speaks of social insurance."""
    hits = sorted(
        (hit for pattern in rule.says for hit in pattern.finditer(lead)), key=lambda hit: hit.start()
    )
    for hit in hits:
        if not rule.other_money or not _social(rules.not_social.sub("□", _clause(lead, hit.span())), rules):
            return hit[0]
    return None


def _elsewhere(told: Told, lead: str, rules: Rules) -> str | None:
    """The other county a caller's employer is in."""
    places, name = rules.places, tight(told.employer.name or "").strip("(")
    if any(home in name for home in places.home):
        return None
    near = next((p for p in places.neighbours if name.startswith(p)), None)
    far = places.elsewhere.search(name)
    told_so = found(places.employer_in, lead)
    return near or (far[0] if far else None) or (told_so[0] if told_so else None)


def _bare_question(told: Told, seen: _Seen, rules: Rules) -> re.Match[str] | None:
    """A question behind which neither an employer nor a dispute is to be seen."""
    words = rules.consultation
    if seen.types or told.employer.name or words.employer.search(told.text):
        return None
    return words.question.search(told.whole)


def _complains(told: Told, seen: _Seen, rules: Rules) -> bool:
    """Whether behind a question there is a matter of the caller's own."""
    if not seen.claim:
        return False
    own = told.employer.name or rules.consultation.employer.search(told.text)
    suggests = rules.consultation.suggestion.search(told.text)
    return bool(own) or not (suggests or set(seen.types) <= set(_LEVY))


def _besides(told: Told, seen: _Seen, rules: Rules) -> Iterator[tuple[ScopeRule, str]]:
    """Grounds that would hold, were there no claim: 养老 is owed, but wages too."""
    if ClaimType.WRONG_BASE in seen.types:
        return
    lead = told.whole[: rules.lead_length]
    for rule in rules.out_of_scope:
        if rule.unless_claim and (said := _said(rule, lead, rules)):
            yield rule, said


def repeats(narrative: str, rules: Rules) -> bool:
    """Whether the caller says to have called before."""
    return bool(re.search(rules.repeat, searchable(narrative)))
