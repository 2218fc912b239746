"""适时介入: who is invited, what it answers, and that an invitation alone gives no part in the matter."""

from domain.actions import Act
from domain.actions.joining import AnswerInvitation, InviteUnit
from domain.decide.common import require_accepted, require_not_concerned, tasks_of
from domain.decide.parts import takes_part
from domain.decide.registry import handles
from domain.declined import Declined
from domain.draft import Draft
from domain.meanings import conferring as m
from domain.tasks import TaskKind
from domain.words import UnitName


def invitable(draft: Draft) -> list[UnitName]:
    """The county's units that may be invited and have no part in the matter, nor an invitation to answer."""
    rule = draft.policy.invitations
    if rule is None:
        return []
    roles = draft.policy.units.roles
    named = [roles.get(word, word) for word in rule.units]
    asked = {t.unit for t in draft.d.open_tasks(TaskKind.ANSWER_INVITATION)}
    known = (unit for unit in dict.fromkeys(named) if draft.policy.units.knows(unit))
    return [unit for unit in known if unit not in asked and not takes_part(draft, unit)]


def _may_invite(draft: Draft) -> None:
    require_accepted(draft)
    if draft.policy.invitations is None:
        raise Declined("no_invitations", "县政策没有写明可以邀请介入的单位")
    if not invitable(draft):
        raise Declined("nobody_left", "可以邀请的单位都已参与本案或正在答复")


@handles(InviteUnit, _may_invite)
def invite_unit(draft: Draft, act: Act, body: InviteUnit) -> None:
    """邀请介入: a task with a clock for the unit invited, and its paper."""
    rule = draft.policy.invitations
    assert rule
    (unit,) = draft.known(body.unit)
    require_not_concerned(draft, [unit], "邀请介入本案", "unit")
    if unit not in invitable(draft):
        if takes_part(draft, unit):
            raise Declined("takes_part", f"{unit}已参与本案，无须邀请", "unit")
        raise Declined("not_invitable", f"可以邀请：{'、'.join(invitable(draft))}", "unit")
    draft.record(body, m.UnitInvited(unit=unit, purpose=body.purpose))
    draft.document("介入邀请函", 受邀单位=unit, 介入事项=body.purpose, 理由=body.reason)
    draft.open_task(
        TaskKind.ANSWER_INVITATION, unit, rule.clock, title=f"答复介入邀请：{body.purpose}", ref=unit
    )


def _may_answer(draft: Draft) -> None:
    require_accepted(draft)
    if not tasks_of(draft, TaskKind.ANSWER_INVITATION):
        raise Declined("not_invited", "没有等待答复的介入邀请")


@handles(AnswerInvitation, _may_answer)
def answer_invitation(draft: Draft, act: Act, body: AnswerInvitation) -> None:
    """参加: the unit takes part from now on. A refusal, or its opinion in writing, gives it none."""
    task = tasks_of(draft, TaskKind.ANSWER_INVITATION)[0]
    draft.record(
        body,
        m.InvitationAnswered(unit=task.unit, answer=body.answer, officers=body.officers or []),
        task=task,
    )
    draft.close_task(task, body.answer)
