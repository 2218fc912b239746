"""What no agreement may say and no guidance may promise.

社会保险法第六十条, 社会保险费征缴暂行条例第十二条, 法释〔2025〕12号第十九条; 法研〔2011〕31号.
"""

import re
from collections.abc import Sequence

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
        ("coverage", draft.coverage == "部分期间，其余视为了结", "renounce", "其余期间不得视为了结"),
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


def check_guidance(texts: Sequence[str], policy: Policy) -> tuple[Violation, ...]:
    """Every promise in a guidance paper that no court will keep; empty when there is none."""
    return _check(texts, policy.guidance, "explanation")


def _declared(rule_id: str, text: str, field: str, rules: WordingRules) -> Violation:
    rule = next(f for f in rules.forbidden if f.id == rule_id)
    return Violation(
        clause_index=None, text=text, field=field, article=rule.article, explanation=rule.explanation
    )


def _check(texts: Sequence[str], rules: WordingRules, field: str) -> tuple[Violation, ...]:
    found: list[Violation] = []
    for index, text in enumerate(texts):
        parts = re.split(rules.regex(rules.separator), text)
        found += [
            Violation(
                clause_index=index, text=text, field=field, article=rule.article, explanation=rule.explanation
            )
            for rule in rules.forbidden
            if any(_stands_in(part, rule, rules) for part in parts)
        ]
    return tuple(found)


def _stands_in(part: str, rule: Forbidden, rules: WordingRules) -> bool:
    """Whether a part of a text says the forbidden thing, and not its opposite."""
    if rule.unless and re.search(rules.regex(*rule.unless), part):
        return False
    negated = f"(?:{rules.regex(*rules.negation)})$"
    for pattern in rule.patterns:
        for match in re.finditer(rules.regex(pattern), part):
            act = match.start("act" if "act" in match.re.groupindex else 0)
            if not re.search(negated, part[:act]):
                return True
    return False
