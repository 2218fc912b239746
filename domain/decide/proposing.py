"""三（六）提请县政府召开联席会议: the proposal, its answer, and the 议定事项 that the policy proposes to the meeting."""

from domain import flow
from domain.actions import Act
from domain.actions.meetings import APPROVED, BACK, AnswerJointProposal, ProposeJointMeeting
from domain.chinese import moment
from domain.decide.common import require_accepted, same_unit, tasks_of
from domain.decide.opening import put_on_desk
from domain.decide.registry import handles
from domain.decide.routes import back_to_work, joint_meeting_office
from domain.decide.walk import require_step
from domain.declined import Declined
from domain.draft import Draft
from domain.meanings import conferring as m
from domain.policy_rules import ProposedItem
from domain.risk import RiskFacts
from domain.tasks import TaskKind
from domain.words import Stage, Step


def asks_first(draft: Draft) -> bool:
    """Whether the acting unit must have the meeting granted before it may call it."""
    rule = draft.policy.joint_approval
    return rule is not None and not same_unit(draft, draft.unit, draft.role(rule.approver))


def require_asked_for(draft: Draft) -> None:
    """Refuse a joint meeting that nothing asks for: no task, and not the route."""
    if not draft.d.open_tasks(TaskKind.CONVENE_JOINT, TaskKind.SUPERVISE, TaskKind.OBJECTION):
        require_step(draft, Step.JOINT_MEETING)


def require_granted(draft: Draft) -> None:
    """Refuse to call a joint meeting that the policy wants granted and that is not."""
    proposal = draft.d.proposal
    if not asks_first(draft) or (proposal and proposal.answer == "granted"):
        return
    if proposal and proposal.answer is None:
        raise Declined("not_granted", "已提请召开联席会议，正在等待答复，同意后方可召开")
    raise Declined("not_granted", "召开联席会议须先提请县政府同意，请先办理“提请召开联席会议”")


def _may_propose(draft: Draft) -> None:
    require_accepted(draft)
    if not asks_first(draft):
        raise Declined("not_needed", "召开联席会议不须提请，请直接召开")
    require_asked_for(draft)
    if any(t.ref == "联席会议" for t in draft.d.open_tasks(TaskKind.MINUTES)):
        raise Declined("minutes_owed", "上一次联席会议尚未印发纪要，请先印发")
    if draft.d.proposal and draft.d.proposal.answer == "granted":
        raise Declined("granted", "县政府已同意召开，请召开联席会议")


@handles(ProposeJointMeeting, _may_propose)
def propose_joint_meeting(draft: Draft, act: Act, body: ProposeJointMeeting) -> None:
    """提请; put again before the answer, it completes what was put."""
    rule = draft.policy.joint_approval
    assert rule
    units = draft.known(*body.units)
    draft.record(body, m.JointMeetingProposed(units=units, topics=list(body.topics), held_at=body.held_at))
    draft.document(
        "联席会议提请单",
        issuer=joint_meeting_office(draft),
        风险研判=body.analysis,
        议题=body.topics,
        拟请单位=units,
        拟定时间=moment(body.held_at),
    )
    draft.once(TaskKind.ANSWER_JOINT, draft.role(rule.approver), rule.clock)


def _may_answer(draft: Draft) -> None:
    require_accepted(draft)
    if not tasks_of(draft, TaskKind.ANSWER_JOINT):
        raise Declined("nothing_pending", "没有等待答复的联席会议提请")


@handles(AnswerJointProposal, _may_answer)
def answer_joint_proposal(draft: Draft, act: Act, body: AnswerJointProposal) -> None:
    """同意: the office calls the meeting. 退回补充: it proposes anew. 不同意: the units consult instead."""
    answer = {APPROVED: "granted", BACK: "back"}.get(body.decision, "refused")
    draft.record(body, m.JointProposalAnswered.model_validate({"answer": answer, "held_at": body.held_at}))
    draft.close_tasks(TaskKind.ANSWER_JOINT, outcome=body.decision)
    if answer == "refused":
        draft.close_tasks(TaskKind.CONVENE_JOINT, outcome="县政府未同意召开", stop=False)
        _consult_instead(draft)
        return
    found = draft.policy.step(Step.JOINT_MEETING, draft.d.path)
    if found:
        draft.once(TaskKind.CONVENE_JOINT, joint_meeting_office(draft), found[1].clock)


def _consult_instead(draft: Draft) -> None:
    """What the route owed as a joint meeting is owed as a consultation; nothing more where the route owed none."""
    tier = draft.tier
    step = tier.step(Step.CONSULT) if tier else None
    if tier and step and flow.due_step(draft.d) == Step.JOINT_MEETING:
        put_on_desk(draft, tier, step)
    elif draft.d.stage == Stage.JOINT_MEETING:
        back_to_work(draft)


def proposed_items(draft: Draft) -> list[ProposedItem]:
    """What the policy proposes to the joint meeting of this matter: by its facts, or by why its level was raised."""
    facts = RiskFacts.from_intake(draft.d.facts, draft.policy, draft.now.date())
    rank = {tier.name: tier.rank for tier in draft.policy.tiers}
    raised = {o.reason_code for o in draft.d.overrides if o.approved and rank[o.new] > rank[o.old]}
    return [
        rule
        for rule in draft.policy.proposed_items
        if rule.when.holds(facts) or raised.intersection(rule.reason_codes)
    ]


def require_proposed_items(draft: Draft, categories: set[str], dropped_reason: str | None) -> None:
    """Refuse minutes that pass over in silence what the policy proposes."""
    missing = [rule.category for rule in proposed_items(draft) if rule.category not in categories]
    if missing and dropped_reason is None:
        what = "、".join(dict.fromkeys(missing))
        raise Declined(
            "incomplete", f"县政策建议列入{what}，请列为议定事项，或写明不列的理由", "dropped_reason"
        )
    if dropped_reason and not missing:
        raise Declined("not_asked", "建议的议定事项都已列入，不填不列的理由", "dropped_reason")
