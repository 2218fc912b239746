"""What no agreement may say and no guidance may promise.

社会保险法第六十条, 社会保险费征缴暂行条例第十二条, 法释〔2025〕12号第十九条; 法研〔2011〕31号.
"""

import re
from collections.abc import Sequence

from domain.policy import Policy
from domain.policy_rules import Forbidden, WordingRules
from domain.words import Model


class Violation(Model):
    """One wording that must not stand. ``clause_index`` counts from 0; ``None``: the agreement as a whole."""

    clause_index: int | None
    text: str
    article: str
    explanation: str


def check_agreement(
    clauses: Sequence[str], *, full_principal: bool | None, waiver: bool | None, policy: Policy
) -> tuple[Violation, ...]:
    """Every unlawful wording in the clauses and the two declarations; empty when the agreement may stand."""
    rules = policy.agreement
    declared: list[Violation] = []
    if full_principal is False:
        declared.append(_declared("cut", "未约定足额补缴本金", rules))
    if waiver is True:
        declared.append(_declared("waiver", "协议含有放弃条款", rules))
    return (*declared, *_check(clauses, rules))


def check_guidance(texts: Sequence[str], policy: Policy) -> tuple[Violation, ...]:
    """Every promise in a guidance paper that no court will keep; empty when there is none."""
    return _check(texts, policy.guidance)


def _declared(rule_id: str, text: str, rules: WordingRules) -> Violation:
    rule = next(f for f in rules.forbidden if f.id == rule_id)
    return Violation(clause_index=None, text=text, article=rule.article, explanation=rule.explanation)


def _check(texts: Sequence[str], rules: WordingRules) -> tuple[Violation, ...]:
    found: list[Violation] = []
    for index, text in enumerate(texts):
        parts = re.split(rules.regex(rules.separator), text)
        found += [
            Violation(clause_index=index, text=text, article=rule.article, explanation=rule.explanation)
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
