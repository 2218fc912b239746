"""Checks on units: the roles every county must fill, and that powers, groups and leads name units there are."""

from collections.abc import Iterator

from domain.policy import Policy, UnknownUnit
from domain.policy_problem import Problem
from domain.policy_rules import Power
from domain.policy_units import CONVENER, NOT_MEMBERS, ROLE_WORDS, TOWNS

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
    for key, named in (("groups", units.groups), ("also_called", units.also_called)):
        for role in named:
            if role not in units.roles:
                yield Problem(
                    path=f"units.{key}.{role}", what=f"没有角色“{role}”", fix="请写 units.roles 中的角色"
                )
    for word in units.contacts:
        if word not in units.roles and not units.knows(word):
            yield Problem(
                path=f"units.contacts.{word}",
                what=f"没有角色或单位“{word}”",
                fix="请写 units.roles 中的角色或已登记的单位名称",
            )
    for name in type(policy.powers).model_fields:
        power: Power = getattr(policy.powers, name)
        yield from named_units(policy, f"powers.{name}.units", power.units)
    yield from named_units(policy, "investigators.units", policy.investigators.units)
    for n, merged in enumerate(policy.rights.merged_posts):
        yield from named_units(policy, f"rights.merged_posts.{n}.units", merged.units)
    yield from _joint_meeting(policy)
    if policy.roster:
        yield from _roster(policy)
    if policy.leads:
        try:
            policy.unit(policy.leads.unit)
        except UnknownUnit as error:
            yield Problem(path="leads.unit", what=str(error), fix="请写角色或已登记的单位名称")


def _roster(policy: Policy) -> Iterator[Problem]:
    """A roster that is kept is whole: every unit of a role once, each one there is, one convener."""
    roles = policy.units.roles
    listed = [roles.get(entry.unit, entry.unit) for entry in policy.roster]
    for role, unit in roles.items():
        if role not in NOT_MEMBERS and unit not in listed:
            fix = "请补上其职务和职责；方案没有写明担任人的写 待定"
            yield Problem(path="roster", what=f"名册中没有{unit}（{ROLE_WORDS.get(role, role)}）", fix=fix)
    for n, (entry, unit) in enumerate(zip(policy.roster, listed, strict=True)):
        if "*" not in unit and not policy.units.knows(unit):
            yield Problem(
                path=f"roster.{n}.unit",
                what=f"没有角色或单位“{unit}”",
                fix="请写角色、单位名称或带 * 的名称样式",
            )
        if unit in listed[:n]:
            yield Problem(path=f"roster.{n}.unit", what=f"{unit}在名册中写了两次", fix="请并为一条")
        repeated = {p.post for p in entry.posts if [q.post for q in entry.posts].count(p.post) > 1}
        for post in sorted(repeated):
            yield Problem(path=f"roster.{n}.posts", what=f"{unit}的“{post}”写了两次", fix="请并为一条")
    conveners = sum(p.post == CONVENER for entry in policy.roster for p in entry.posts)
    if conveners != 1:
        yield Problem(path="roster", what=f"名册中有 {conveners} 名{CONVENER}", fix="请写明一名，不多不少")


def _joint_meeting(policy: Policy) -> Iterator[Problem]:
    """Who grants the joint meeting, and who does what is proposed to it."""
    rule = policy.joint_approval
    if rule and rule.approver not in policy.units.roles:
        yield Problem(
            path="joint_approval.approver",
            what=f"没有角色“{rule.approver}”，联席会议无人同意",
            fix="请写 units.roles 中的角色，不须提请的删去 joint_approval",
        )
    if policy.invitations:
        yield from _known(policy, "invitations.units", policy.invitations.units)
    for n, item in enumerate(policy.proposed_items):
        if item.unit == "lead":
            continue
        try:
            policy.unit(item.unit)
        except UnknownUnit as error:
            yield Problem(
                path=f"proposed_items.{n}.unit", what=str(error), fix="请写角色、已登记的单位名称或 lead"
            )


def _known(policy: Policy, path: str, words: tuple[str, ...]) -> Iterator[Problem]:
    """Each a unit there is: somebody must be able to answer."""
    for word in words:
        try:
            policy.unit(word)
        except UnknownUnit as error:
            yield Problem(path=path, what=str(error), fix="请写本县有的角色或已登记的单位名称")


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
