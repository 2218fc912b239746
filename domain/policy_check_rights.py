"""Checks on the rights: every verb is somebody's, every task can be done where it lies, every role sees what it handles."""

from collections.abc import Iterator
from itertools import pairwise

from domain.access import Role
from domain.actions import FORMS, VERBS
from domain.policy import Policy
from domain.policy_problem import Problem
from domain.policy_rights import Relation, Rights, Sight
from domain.tasks import ON_ANY_TASK, TASKS, TaskRule

SEATS: dict[str, tuple[Role, ...]] = {
    "综治中心": (Role.OPERATOR, Role.HEAD),
    "联席会议办公室": (Role.OFFICE, Role.HEAD),
    "县政府": (Role.GOVERNMENT, Role.HEAD),
    "调解组织": (Role.MEDIATOR, Role.HEAD),
    "督办单位": (Role.SUPERVISOR, Role.OFFICE, Role.GOVERNMENT, Role.HEAD),
}
"""The roles there are in a unit, by how a task's owner is called; any other unit has officers and a head."""


def rights_problems(policy: Policy) -> Iterator[Problem]:
    """Verbs that nobody may do, tasks that nobody can end, roles that see nothing or too much."""
    rights = policy.rights
    named = list(_unknown(rights))
    yield from named
    if named:  # what follows reads the groups
        return
    yield from _verbs(rights)
    yield from _tasks(rights)
    yield from _roles(rights)
    yield from _merged(rights)
    yield from _destruction(rights)


def _unknown(rights: Rights) -> Iterator[Problem]:
    for name, group in rights.groups.items():
        for verb in group.verbs:
            if verb not in FORMS or FORMS[verb].internal:
                fix = "请写 policy show 所列的操作代码"
                yield Problem(path=f"rights.groups.{name}.verbs", what=f"没有操作“{verb}”", fix=fix)
    for role, held in rights.roles.items():
        for name in held.may:
            if name not in rights.groups:
                known = "、".join(rights.groups)
                what, fix = f"没有操作分组“{name}”", f"可用：{known}"
                yield Problem(path=f"rights.roles.{role}.may", what=what, fix=fix)


def _verbs(rights: Rights) -> Iterator[Problem]:
    held = {verb for role in rights.roles for verb in rights.verbs(role)}
    for verb, form in FORMS.items():
        if not form.internal and verb not in held:
            what = f"没有任何角色可以办“{VERBS[verb]}”（{verb}）"
            yield Problem(path="rights", what=what, fix="请写入某一角色的 may")


def _tasks(rights: Rights) -> Iterator[Problem]:
    for rule in TASKS.values():
        seats = _seats(rule)
        done_by = [verb for verb in rule.done_by if verb not in ON_ANY_TASK] or rule.done_by
        if not any(verb in rights.verbs(role) for verb in done_by for role in seats):
            who, verbs = "、".join(role.word for role in seats), "、".join(VERBS[verb] for verb in done_by)
            what = f"任务“{rule.title}”（{rule.owner}）无人能办结：{who}都不能办{verbs}"
            yield Problem(path="rights", what=what, fix="请写入其中某一角色的 may")


def _seats(rule: TaskRule) -> tuple[Role, ...]:
    found = (roles for owner, roles in SEATS.items() if rule.owner.startswith(owner))
    return next(found, (Role.OFFICER, Role.OPERATOR, Role.HEAD))


def _roles(rights: Rights) -> Iterator[Problem]:
    for role in Role:
        held = rights.roles.get(role)
        path = f"rights.roles.{role}"
        if not role.handles_disputes:
            if held:
                yield Problem(path=path, what=f"{role.word}不得办理或查看案件（三权分立）", fix="请删去")
            continue
        if held is None:
            yield Problem(path="rights.roles", what=f"缺少角色“{role}”（{role.word}）", fix="请补上")
            continue
        seen = [held.sight(relation) for relation in Relation]
        if seen[0] is Sight.NOTHING:
            what = f"{role.word}看不到本单位经办的案件"
            yield Problem(path=f"{path}.sees", what=what, fix="请写明 handles 可见多少")
        if seen[-1] is not Sight.NOTHING:
            what = f"{role.word}看得到与本单位无关的案件"
            yield Problem(path=f"{path}.sees", what=what, fix="请删去 none")
        for (near, more), (far, less) in pairwise(zip(Relation, seen, strict=True)):
            if less > more and far is not Relation.NONE and more is not Sight.NOTHING:
                what = f"{role.word}{far.word}时反而比{near.word}时看得多"
                yield Problem(path=f"{path}.sees", what=what, fix="关系越远，可见越少")


def _destruction(rights: Rights) -> Iterator[Problem]:
    held = rights.destruction
    for name, roles in (("proposes", held.proposes), ("approves", held.approves)):
        for role in roles:
            if not role.handles_disputes:
                what = f"{role.word}不得提出、批准销毁档案（三权分立）"
                yield Problem(path=f"rights.destruction.{name}", what=what, fix="请删去")


def _merged(rights: Rights) -> Iterator[Problem]:
    for n, rule in enumerate(rights.merged_posts):
        for role in rule.roles:
            if role not in rights.roles:
                what = f"{role.word}不得兼办案件（三权分立）"
                yield Problem(path=f"rights.merged_posts.{n}.roles", what=what, fix="请删去")
