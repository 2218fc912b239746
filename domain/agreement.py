"""What no agreement may say and no guidance may promise.

社会保险法第六十条, 社会保险费征缴暂行条例第十二条, 法释〔2025〕12号第十九条; 法研〔2011〕31号.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from domain.actions.mediation import DraftAgreement
from domain.policy import Policy
from domain.policy_rules import Forbidden, WordingRules
from domain.words import Model


class Violation(Model):
    """One wording that must not stand. ``clause_index`` counts from 0; ``None``: the agreement as a whole."""

    clause_index: int | None
    text: str
    field: str
    """The field of the form it stands in."""
    article: str
    explanation: str


def check_agreement(draft: DraftAgreement, policy: Policy) -> tuple[Violation, ...]:
    """Every unlawful choice, and as a second net every unlawful wording; empty when the agreement may stand."""
    rules = policy.agreement
    chosen = [
        ("principal", draft.principal == "减免部分", "cut", "减免本金"),
        ("coverage", draft.coverage == "部分期间，其余视为了结", "partial", "其余期间不得视为了结"),
        ("late_fee", draft.late_fee == "免除", "cut", "免除滞纳金"),
        (
            "late_fee",
            draft.late_fee in ("职工承担", "双方分担"),
            "shift",
            "滞纳金由单位承担，不得转由职工承担",
        ),
        ("pay_to", draft.pay_to == "支付给职工本人", "cash", "社会保险费应缴入基金，不能付给个人"),
        ("pay_to", draft.pay_to == "由单位留作抵扣", "set_off", "留作抵扣"),
        ("waiver", draft.waiver, "waiver", "约定放弃参保、缴费或今后主张"),
        ("set_off", draft.set_off, "set_off", "约定以补贴、借款等抵扣"),
    ]
    declared = [_declared(rule, text, field, rules) for field, wrong, rule, text in chosen if wrong]
    return (*declared, *_check(draft.terms, rules, "terms"))


def check_guidance(texts: Sequence[str], policy: Policy, field: str = "explanation") -> tuple[Violation, ...]:
    """Every promise in what a party is told that no court will keep; empty when there is none."""
    return _check(texts, policy.guidance, field)


def _declared(rule_id: str, text: str, field: str, rules: WordingRules) -> Violation:
    rule = next(f for f in rules.forbidden if f.id == rule_id)
    return Violation(
        clause_index=None, text=text, field=field, article=rule.article, explanation=rule.explanation
    )


def check_terms(texts: Sequence[str], policy: Policy, field: str) -> tuple[Violation, ...]:
    """What the law forbids in terms that are added to an agreement's paper."""
    return _check(texts, policy.agreement, field)


def _check(texts: Sequence[str], rules: WordingRules, field: str) -> tuple[Violation, ...]:
    bans = [_Ban.of(rule, rules) for rule in rules.forbidden]
    return tuple(
        Violation(
            clause_index=index,
            text=text,
            field=field,
            article=ban.rule.article,
            explanation=ban.rule.explanation,
        )
        for index, text in enumerate(texts)
        for ban in bans
        if ban.stands_in(text, rules)
    )


class _Ban(NamedTuple):
    """One forbidden wording, ready to be looked for."""

    rule: Forbidden
    patterns: list[re.Pattern[str]]
    sentences: list[re.Pattern[str]]
    unless: re.Pattern[str] | None
    negated: re.Pattern[str]

    @classmethod
    def of(cls, rule: Forbidden, rules: WordingRules) -> "_Ban":
        return cls(
            rule,
            [re.compile(rules.regex(p)) for p in rule.patterns],
            [re.compile(rules.regex(p)) for p in rule.sentences],
            re.compile(rules.regex(*rule.unless)) if rule.unless else None,
            re.compile(f"(?:{rules.regex(*rules.negation)})$"),
        )

    def stands_in(self, text: str, rules: WordingRules) -> bool:
        """Whether a text says it, in a part or across a sentence, and not its opposite."""
        return any(
            self._said(part, patterns)
            for separator, patterns in ((rules.separator, self.patterns), (rules.full_stop, self.sentences))
            for part in dict.fromkeys(re.split(rules.regex(separator), text))
        )

    def _said(self, part: str, patterns: list[re.Pattern[str]]) -> bool:
        if self.unless and self.unless.search(part):
            return False
        for pattern in patterns:
            for match in pattern.finditer(part):
                act = match.start("act" if "act" in pattern.groupindex else 0)
                if not self.negated.search(part[:act]):
                    return True
        return False
