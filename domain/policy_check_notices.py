"""通知: what the rules name must exist."""

from collections.abc import Iterator
from difflib import get_close_matches

from domain.actions import FORMS
from domain.policy import Policy
from domain.policy_problem import Problem
from domain.policy_units import ROLE_WORDS


def notice_problems(policy: Policy) -> Iterator[Problem]:
    """Actions and roles that the notices name and nobody has."""
    rules = policy.notices
    for name, template in rules.templates.items():
        for kind in template.on:
            if kind not in FORMS:
                near = "、".join(get_close_matches(kind, FORMS, n=3, cutoff=0.3))
                fix = f"是否为：{near}" if near else "代码见 fengqiao template --list"
                yield Problem(path=f"notices.templates.{name}.on", what=f"没有操作“{kind}”", fix=fix)
    yield from _told_twice(policy)
    for role in rules.letter_by:
        if role not in ROLE_WORDS and role not in policy.units.roles:
            yield Problem(path="notices.letter_by", what=f"没有角色“{role}”", fix="请写 units.roles 中的角色")


def _told_twice(policy: Policy) -> Iterator[Problem]:
    """Nobody hears of one thing twice."""
    first: dict[tuple[str, str], str] = {}
    for name, template in policy.notices.templates.items():
        for kind, whose in ((kind, whose) for kind in template.on for whose in template.to):
            known = first.setdefault((kind, whose), name)
            if known != name:
                what = f"“{kind}”已由 {known} 通知{whose}，同一件事不通知两次"
                yield Problem(path=f"notices.templates.{name}.to", what=what, fix="请删去一处")
