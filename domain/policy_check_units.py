"""Checks on units: the roles every county must fill, and that powers, groups and leads name units there are."""

from collections.abc import Iterator

from domain.policy import Policy, UnknownUnit
from domain.policy_problem import Problem
from domain.policy_rules import Power
from domain.policy_units import ROLE_WORDS, TOWNS

REQUIRED = {
    "center": "受理、初审、分流、联合告知、回访的枢纽，如综治中心、税务局、枫桥工作室",
    "joint_office": "召开联席会议、督办、审批枢纽延期的办公室；可与其他角色写同一单位",
    "applicant": "申请人的称呼",
    "respondent": "被反映单位的称呼",
    "system": "系统的称呼",
}
"""Roles without which the mechanism has no owner; any other only where the policy itself names it."""


def unit_problems(policy: Policy) -> Iterator[Problem]:
    """Missing roles; powers, groups and leads that name nobody."""
    units = policy.units
    for role, meaning in REQUIRED.items():
        if role not in units.roles:
            yield Problem(path="units.roles", what=f"缺少角色“{role}”（{meaning}）", fix="请补上")
    for role in units.groups:
        if role not in units.roles:
            yield Problem(
                path=f"units.groups.{role}", what=f"没有角色“{role}”", fix="请写 units.roles 中的角色"
            )
    for name in type(policy.powers).model_fields:
        power: Power = getattr(policy.powers, name)
        yield from named_units(policy, f"powers.{name}.units", power.units)
    yield from named_units(policy, "investigators.units", policy.investigators.units)
    if policy.leads:
        try:
            policy.unit(policy.leads.unit)
        except UnknownUnit as error:
            yield Problem(path="leads.unit", what=str(error), fix="请写角色或已登记的单位名称")


def named_units(policy: Policy, path: str, words: tuple[str, ...]) -> Iterator[Problem]:
    """Words that name no role, unit, pattern or place."""
    for word in words:
        known = word in policy.units.roles or word in ROLE_WORDS or word == TOWNS or "*" in word
        if not known and not policy.units.knows(word):
            yield Problem(
                path=path,
                what=f"没有角色或单位“{word}”",
                fix=f"请写 units.roles 中的角色、单位名称、带 * 的名称样式或 {TOWNS}",
            )
