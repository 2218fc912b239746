"""Whether a row is one for 不予受理, and what only looks like it. A wrong refusal is the worst mistake: in doubt, none."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from domain.words import ClaimType, Insurance
from importing.dispute_types import LEVY
from importing.plain import tight
from importing.rule_words import Proceeding, Redirect, ScopeRule
from importing.rules import Rules, found
from importing.told import PART_ENDS, SENTENCE_ENDS, Told, clause, clause_span, social

_OPENING = 12
"""Characters within which a narrative that only asks begins to."""


class Seen(NamedTuple):
    """What a row complains of. ``social``: the narrative mentions social insurance."""

    types: tuple[ClaimType, ...]
    kinds: tuple[Insurance, ...]
    social: bool
    transfer: bool
    """Whether it is about moving a record from one place to another."""

    @property
    def claim(self) -> bool:
        """Whether it complains about premiums or benefits."""
        return bool(self.types) and (self.social or bool(self.kinds))


class Refusal(NamedTuple):
    """A ground, and the words for it. ``sure``: False where it only looks like one."""

    ground: Redirect
    why: str
    warnings: tuple[str, ...] = ()
    vague: bool = False


class Doubt(NamedTuple):
    """What looks like a ground and why it is not taken for one."""

    code: str
    said: str
    why: str


def refusal(told: Told, seen: Seen, rules: Rules) -> Refusal | None:
    """The ground for proposing 不予受理, if there is one."""
    lead = told.whole[: rules.lead_length]
    for rule in rules.out_of_scope:
        if why := _ground(rule, told, seen, rules):
            return Refusal(rule, f"诉求提到“{why}”")
    if (place := elsewhere(told, seen, rules)) and not _works_here(told, rules):
        return Refusal(rules.place_redirect, f"用人单位似在外县（“{place}”）")
    if told.anonymous:
        return Refusal(rules.anonymous_redirect, "匿名反映，须为举报人保密")
    asked = _asked(told, lead, rules) or _bare_question(told, seen, rules)
    if asked and not _complains(told, seen, rules):
        return Refusal(rules.consultation, f"只是询问（“{asked[0]}”），未见具体争议", vague=not seen.types)
    if not (seen.social or seen.kinds or set(seen.types) & set(LEVY)):
        where = next(o for o in rules.no_premium if o.says is None or o.says.search(told.whole))
        said = "诉求内容和险种栏均未见社会保险费事项，请核对"
        return Refusal(where, "未见社会保险费事项", (said,), vague=True)
    return None


def doubts(told: Told, seen: Seen, rules: Rules) -> Iterator[Doubt]:
    """For a row that is taken: grounds beside a claim, other matters' proceedings, a firm at home elsewhere."""
    lead = told.whole[: rules.lead_length]
    for rule in rules.out_of_scope:
        if rule.proceeding:
            yield from (
                Doubt(rule.code, said, why) for said, why in _set_aside(rule, rule.proceeding, lead, rules)
            )
        elif (
            rule.unless_types
            and ClaimType.WRONG_BASE not in seen.types
            and (said := _said(rule, lead, rules))
        ):
            yield Doubt(rule.code, said, "诉求里另有社保费事项")
    if (place := elsewhere(told, seen, rules)) and _works_here(told, rules):
        yield Doubt(rules.place_redirect.code, place, "但在本县上班，请核实参保地")


def _ground(rule: ScopeRule, told: Told, seen: Seen, rules: Rules) -> str | None:
    lead = told.whole[: rules.lead_length]
    if found(rule.unless, lead):
        return None
    of_it = rule.units.search(told.employer.name or "") if rule.units else None
    if of_it and not set(seen.types) & set(LEVY):
        return of_it[0]
    claim = seen.claim and (seen.social or not rule.own_words)
    if (claim and set(seen.types) & set(rule.unless_types)) or (rule.other_money and seen.social):
        return None
    if rule.proceeding:
        return _pending(rule, rule.proceeding, lead, rules)
    if why := _said(rule, lead, rules):
        return why
    hit = found(rule.says, told.column) if rule.column and not seen.claim else None
    return hit[0] if hit else None


def _said(rule: ScopeRule, lead: str, rules: Rules) -> str | None:
    """The words of the rule; of a rule about other money, not where the clause speaks of social insurance."""
    for hit in _in_order(rule, lead):
        if not rule.other_money or not social(rules.not_social.sub("□", clause(lead, hit.span())), rules):
            return hit[0]
    return None


def _in_order(rule: ScopeRule, text: str) -> list[re.Match[str]]:
    return sorted(
        (hit for pattern in rule.says for hit in pattern.finditer(text)), key=lambda hit: hit.start()
    )


def _pending(rule: ScopeRule, words: Proceeding, lead: str, rules: Rules) -> str | None:
    """The words for a proceeding on this very matter that is pending or decided."""
    hits = _in_order(rule, lead)
    return next((hit[0] for hit in hits if not _not_this(hit, hits, words, lead, rules)), None)


def _set_aside(rule: ScopeRule, words: Proceeding, lead: str, rules: Rules) -> Iterator[tuple[str, str]]:
    """The first proceeding that is spoken of and is no ground, with the reason."""
    hits = _in_order(rule, lead)
    for hit in hits[:1]:
        if why := _not_this(hit, hits, words, lead, rules):
            yield hit[0], why


def _not_this(
    hit: re.Match[str], hits: list[re.Match[str]], words: Proceeding, lead: str, rules: Rules
) -> str | None:
    """Why a proceeding that is spoken of is no ground; ``None`` when it is one."""
    start, end = clause_span(lead, hit.span(), SENTENCE_ENDS)
    sentence = lead[start:end]
    if other := found(words.unless, sentence):
        return f"“{other[0]}”"
    later = [h for h in hits if h.start() >= hit.end()]
    following = (
        lead[end + 1 : clause_span(lead, (end + 1, end + 1), SENTENCE_ENDS)[1]] if end < len(lead) else ""
    )
    turned = words.dismissed.search(lead[hit.start() : end]) or words.dismissed.match(following)
    if turned and not any(h.start() > hit.start() + turned.end() for h in later):
        return f"没有受理（“{turned[0]}”）"
    about = _object(hit, lead, words, rules)
    return f"似为另一件事（“{about}”）" if about else None


def _object(hit: re.Match[str], lead: str, words: Proceeding, rules: Rules) -> str | None:
    """What else a proceeding is about, by its own clause, then by the nearest clause that says: before it in the
    sentence, after it there, then in the sentence before. ``None``: social insurance, or nothing said.
    """
    start, end = clause_span(lead, hit.span(), SENTENCE_ENDS)
    mine = clause_span(lead, hit.span(), PART_ENDS)
    before = re.split("，", lead[start : mine[0]])[::-1]
    after = re.split("，", lead[mine[1] : end])
    last = lead[: max(start - 1, 0)]
    previous = re.split(f"[{PART_ENDS}]", last)[::-1][:2] if words.this.search(lead[start : mine[1]]) else []
    for part in (lead[mine[0] : mine[1]], *before, *after, *previous):
        other = words.other_matter.search(part)
        bare = words.other_matter.sub("", rules.not_social.sub("", part))
        if social(bare, rules):
            return None
        if other:
            return other[0]
    return None


def elsewhere(told: Told, seen: Seen, rules: Rules) -> str | None:
    """The other county a caller's employer is in; of a record to be moved nobody is."""
    places, name = rules.places, tight(told.employer.name or "").strip("(")
    if seen.transfer or any(home in name for home in places.home):
        return None
    lead = told.whole[: rules.lead_length]
    near = next((p for p in places.neighbours if name.startswith(p)), None)
    far = places.elsewhere.search(name)
    if near or far:
        return near or (far[0] if far else None)
    if seen.types and not set(seen.types) & set(LEVY):
        return None
    for hit in sorted((h for p in places.employer_in for h in p.finditer(lead)), key=lambda h: h.start()):
        living = places.living_there.search(clause(lead, hit.span(), PART_ENDS))
        if not (living and told.employer.named):
            return hit[0]
    return None


def _works_here(told: Told, rules: Rules) -> bool:
    return bool(rules.places.working_here.search(told.whole[: rules.lead_length]))


def _asked(told: Told, lead: str, rules: Rules) -> re.Match[str] | None:
    """Words of a question; of somebody whose employer is named only where they open the narrative."""
    hit = found(rules.consultation.says, lead)
    name = told.employer.name or ""
    employed = told.employer.named and rules.units.business.search(name)
    return None if hit and employed and hit.start() > _OPENING else hit


def _bare_question(told: Told, seen: Seen, rules: Rules) -> re.Match[str] | None:
    """A question behind which neither an employer nor a dispute is to be seen."""
    words = rules.consultation
    wronged = seen.types and words.grievance.search(told.text)
    if wronged or told.employer.name or words.employer.search(told.text):
        return None
    return words.question.search(told.whole)


def _complains(told: Told, seen: Seen, rules: Rules) -> bool:
    """Whether behind a question there is a matter of the caller's own."""
    if not seen.claim:
        return False
    own = told.employer.name or rules.consultation.employer.search(told.text)
    suggests = rules.consultation.suggestion.search(told.text)
    wronged = rules.consultation.grievance.search(told.text)
    return bool(own) or bool(wronged and not suggests and not set(seen.types) <= set(LEVY))
