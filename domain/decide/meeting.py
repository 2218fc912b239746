"""三（一）会商, the 联席会议 and the unit above: convening, minutes, resolution items."""

from datetime import date

from domain import flow
from domain.actions import Act
from domain.actions.disposal import ObjectToDisposition
from domain.actions.meetings import (
    FURTHER,
    SENT_DOWN,
    CompleteResolution,
    ConveneConsultation,
    ConveneJointMeeting,
    IssueConsultationMinutes,
    IssueJointMinutes,
    ReplyFromAbove,
    ReportUp,
)
from domain.chinese import moment
from domain.decide import writing
from domain.decide.common import (
    dispatched,
    moment_on,
    require_accepted,
    require_claims,
    same_unit,
)
from domain.decide.dissent import settle_dissent
from domain.decide.level import look_again
from domain.decide.parts import CENTER, ORGANISER, has_any
from domain.decide.proposing import require_asked_for, require_granted, require_proposed_items
from domain.decide.registry import handles
from domain.decide.routes import (
    ask_to_report_up,
    asked_above,
    back_to_work,
    joint_meeting_office,
    organiser,
    step_above,
)
from domain.decide.supervising import after_complaint
from domain.decide.walk import require_step
from domain.declined import Declined
from domain.draft import Draft
from domain.meanings import conferring as m
from domain.meanings.conferring import MeetingForm
from domain.state import Meeting
from domain.tasks import TaskKind
from domain.words import ABOVE, Stage, Step, UnitName


def _waits(draft: Draft, form: MeetingForm) -> bool:
    """Whether a meeting of this form was called whose minutes are owed."""
    return any(t.ref == form for t in draft.d.open_tasks(TaskKind.MINUTES))


def _sitting(draft: Draft, form: MeetingForm) -> Meeting:
    """The meeting of this form whose minutes are owed."""
    return next(m for m in reversed(draft.d.meetings) if m.form == form and m.minutes_at is None)


def _require_none_waits(draft: Draft, form: MeetingForm) -> None:
    if _waits(draft, form):
        raise Declined("minutes_owed", f"上一次{form}尚未印发纪要，请先印发")


# --- 会商 --------------------------------------------------------------------------------------------------------


def _may_consult(draft: Draft) -> None:
    """One that is asked for; else one that whoever organises thinks of, before the matter is decided."""
    require_accepted(draft)
    _require_none_waits(draft, "会商")
    d = draft.d
    if not d.open_tasks(TaskKind.CONVENE):
        draft.require(has_any(draft, (ORGANISER, CENTER)), organiser(draft))
    if d.open_tasks(TaskKind.OBJECTION, TaskKind.CONVENE):
        return
    require_step(draft, Step.CONSULT)
    if d.open_tasks(TaskKind.CONVENE_JOINT, TaskKind.ANSWER_JOINT) or _waits(draft, "联席会议"):
        raise Declined("joint_meeting", "本案已提请或正在召开联席会议，由联席会议研究，不另行召集会商")
    if (d.disposed_at or d.informed_at) and not d.rehandle_open:
        raise Declined("decided", "处置意见已出具，不再会商；有异议的，请先登记异议，再召集会商")


@handles(ConveneConsultation, _may_consult)
def convene_consultation(draft: Draft, act: Act, body: ConveneConsultation) -> None:
    """召集会商."""
    units = draft.known(*body.units)
    draft.close_tasks(TaskKind.CONVENE, outcome="已召开")
    if not draft.d.informed_at:
        draft.enter(Stage.CONSULT)
    topics = [*(t for t in body.topics if t != "其他"), *([body.topic_text] if body.topic_text else [])]
    draft.document(
        "会商通知",
        议题=topics,
        参会单位=units,
        请当事人到会=body.parties,
        **writing.sitting(body.held_at, body.mode, body.place),
    )
    called = m.MeetingConvened(
        form="会商", units=units, topics=topics, held_at=body.held_at, mode=body.mode, place=body.place
    )
    draft.record(body, called)
    draft.open_task(TaskKind.MINUTES, draft.unit, title="会商纪要", ref="会商")


def _may_write_consultation(draft: Draft) -> None:
    require_accepted(draft)
    if not _waits(draft, "会商"):
        raise Declined("no_meeting", "没有待出纪要的会商，请先召集会商")


@handles(IssueConsultationMinutes, _may_write_consultation)
def issue_consultation_minutes(draft: Draft, act: Act, body: IssueConsultationMinutes) -> None:
    """会商纪要; what has a day becomes a resolution item with its unit and clock."""
    heard = draft.known(*(a.unit for a in body.attended))
    items = _items(draft, [(t.unit, t.task, t.due) for t in body.tasks if t.due])
    agreed, meeting = body.outcome == "达成一致", _sitting(draft, "会商")
    absent, heard = _absent(draft, meeting, heard), _spoken_for(draft, heard)
    draft.record(body, m.MeetingConcluded(form="会商", agreed=agreed, heard=heard, items=items))
    draft.document(
        "会商纪要",
        议定意见=body.decision,
        分工=writing.division(body.tasks),
        **writing.minutes(meeting, body.attended, absent, body.outcome),
    )
    _after_minutes(draft, "会商", heard, items)
    if not agreed:
        look_again(draft, "部门意见不一致")


def _items(draft: Draft, agreed: list[tuple[UnitName, str, date]]) -> list[m.ItemAgreed]:
    """议定事项, counted on from those of earlier sittings."""
    units = draft.known(*(unit for unit, _, _ in agreed))
    pairs = enumerate(zip(units, agreed, strict=True), start=len(draft.d.resolutions) + 1)
    return [m.ItemAgreed(no=no, unit=unit, text=text, due=due) for no, (unit, (_, text, due)) in pairs]


# --- 联席会议 ----------------------------------------------------------------------------------------------------


def require_convenable(draft: Draft) -> None:
    """Refuse a joint meeting that could not be called even if it were granted."""
    require_accepted(draft)
    if not draft.policy.step(Step.JOINT_MEETING):
        raise Declined("not_in_route", f"本县的办理步骤中没有{Step.JOINT_MEETING.word}")
    require_asked_for(draft)
    _require_none_waits(draft, "联席会议")


def _may_meet_jointly(draft: Draft) -> None:
    require_convenable(draft)
    require_granted(draft)


@handles(ConveneJointMeeting, _may_meet_jointly)
def convene_joint_meeting(draft: Draft, act: Act, body: ConveneJointMeeting) -> None:
    """召开联席会议, granted by whom the policy says."""
    units = draft.known(*body.units)
    proposed = any(p.name == draft.policy.paper("联席会议提请单") for p in draft.d.documents)
    if draft.policy.joint_approval is None and not proposed:
        draft.document(
            "联席会议提请单",
            issuer=joint_meeting_office(draft),
            议题=body.topic,
            拟请单位=units,
            拟定时间=moment(body.held_at),
        )
    draft.close_tasks(TaskKind.CONVENE_JOINT, outcome="已召开")
    draft.close_tasks(TaskKind.ANSWER_JOINT, outcome="已召开", stop=False)
    draft.enter(Stage.JOINT_MEETING)
    called = m.MeetingConvened(
        form="联席会议",
        units=units,
        topics=[body.topic],
        held_at=body.held_at,
        place=body.place,
        chair=body.chair,
    )
    draft.record(body, called)
    draft.open_task(TaskKind.MINUTES, draft.unit, title="联席会议纪要", ref="联席会议")


def _may_write_jointly(draft: Draft) -> None:
    require_accepted(draft)
    if not _waits(draft, "联席会议"):
        raise Declined("no_meeting", "没有待出纪要的联席会议，请先召开联席会议")


@handles(IssueJointMinutes, _may_write_jointly)
def issue_joint_minutes(draft: Draft, act: Act, body: IssueJointMinutes) -> None:
    """联席会议纪要; each resolution item becomes a task with its unit and clock."""
    heard = draft.known(*(a.unit for a in body.attended))
    if body.to_city:
        above = step_above(draft)
        require_step(draft, above.step if above else Step.CITY)
    require_proposed_items(draft, {i.category for i in body.items}, body.dropped_reason)
    items = _items(draft, [(i.unit, i.text, i.due) for i in body.items])
    meeting = _sitting(draft, "联席会议")
    absent, heard = _absent(draft, meeting, heard), _spoken_for(draft, heard)
    draft.record(body, m.MeetingConcluded(form="联席会议", agreed=True, heard=heard, items=items))
    draft.document(
        "联席会议纪要",
        议定意见=body.decision,
        议定事项=writing.items(body.items, [i.unit for i in items]),
        不列建议事项的理由=body.dropped_reason,
        是否报市="是" if body.to_city else "否",
        **writing.minutes(meeting, body.attended, absent),
    )
    _after_minutes(draft, "联席会议", heard, items)
    complaint = any(t.ref is None for t in draft.d.open_tasks(TaskKind.SUPERVISE))
    draft.close_tasks(TaskKind.SUPERVISE, outcome="联席会议已议定", stop=False)
    back_to_work(draft)
    if complaint:
        after_complaint(draft)
    if body.to_city:
        ask_to_report_up(draft, joint_meeting_office(draft))


def _spoken_for(draft: Draft, present: list[UnitName]) -> list[UnitName]:
    """Who was there, and the 协办 units that called the meeting, or that a branch or a member of theirs spoke for."""
    helping = (t.unit for t in dispatched(draft, "协办"))
    by_others = [u for u in helping if _spoke(draft, u, present)]
    return [*dict.fromkeys([*present, *by_others])]


def _absent(draft: Draft, meeting: Meeting, present: list[UnitName]) -> list[UnitName]:
    """Who was called and did not come, nor anybody for it; whoever writes the minutes was there."""
    return [u for u in meeting.units if not _spoke(draft, u, present)]


def _spoke(draft: Draft, unit: UnitName, present: list[UnitName]) -> bool:
    """Whether a unit called the meeting or was there, itself or by a branch or a member of it."""
    return any(same_unit(draft, unit, p) or p.startswith(unit) for p in [*present, draft.unit])


def _after_minutes(draft: Draft, form: MeetingForm, heard: list[UnitName], items: list[m.ItemAgreed]) -> None:
    for task in draft.d.open_tasks(TaskKind.MINUTES):
        if task.ref == form:
            draft.close_task(task, "已出纪要")
    draft.close_tasks(TaskKind.OBJECTION, outcome="会议已研究")
    for clock in draft.clocks("opinion"):
        if clock.owner in heard:
            draft.stop_clock(clock)
    _consult_again(draft, form)
    settle_dissent(draft)
    for item in items:
        name = f"议定事项{item.no}"
        task_id = draft.open_task(TaskKind.RESOLUTION, item.unit, title=name, ref=str(item.no), clocks=False)
        draft.start_clock("resolution", item.unit, task_id=task_id, due_on=item.due, name=name)


def _consult_again(draft: Draft, form: MeetingForm) -> None:
    """A consultation to which nobody came but the lead was none; somebody who has not spoken is waited for."""
    step = draft.tier.step(Step.CONSULT) if draft.tier else None
    owed = step and step.required and not draft.d.disposed_at and not flow.done(draft.d, Step.CONSULT)
    if step and owed and form == "会商" and not flow.silent(draft.d):
        draft.once(TaskKind.CONVENE, draft.owner(step), step.clock)


# --- objections, items -------------------------------------------------------------------------------------------


def _may_object(draft: Draft) -> None:
    require_accepted(draft)
    d = draft.d
    if d.informed_at and not d.rehandle_open:
        raise Declined("informed", "结果已告知当事人，有异议请走重新办理")
    if not (d.opinions or d.investigated_at or any(x.minutes_at for x in d.meetings)):
        raise Declined("nothing_yet", "还没有处置意见、调查报告或纪要，无从提出异议")


@handles(ObjectToDisposition, _may_object)
def object_to_disposition(draft: Draft, act: Act, body: ObjectToDisposition) -> None:
    """A unit disagrees; whoever organises brings the units together again."""
    require_claims(draft, *body.claims, field="claims")
    draft.record(body, m.ObjectionRaised(by=draft.unit, claims=body.claims, stance=body.proposed))
    draft.once(TaskKind.OBJECTION, draft.d.center, ref="部门")


def own_items(draft: Draft) -> list[int]:
    """The open resolution items the acting unit may report on."""
    office = joint_meeting_office(draft)
    return [
        r.no
        for r in draft.d.resolutions.values()
        if not r.done_at and (same_unit(draft, draft.unit, r.unit) or same_unit(draft, draft.unit, office))
    ]


def _may_complete(draft: Draft) -> None:
    if draft.d.closed_at or not any(not r.done_at for r in draft.d.resolutions.values()):
        raise Declined("no_item", "没有待办结的议定事项")
    waiting = "、".join(dict.fromkeys(r.unit for r in draft.d.resolutions.values() if not r.done_at))
    draft.require(bool(own_items(draft)), waiting)


@handles(CompleteResolution, _may_complete)
def complete_resolution(draft: Draft, act: Act, body: CompleteResolution) -> None:
    """议定事项: done, or why it could not be; what could not be done is supervised."""
    item = draft.d.resolutions.get(body.item)
    if item is None:
        raise Declined("unknown_item", f"没有第 {body.item} 项议定事项", "item")
    if item.done_at:
        raise Declined("done", f"第 {body.item} 项议定事项已办结，不能重复办结", "item")
    if body.item not in own_items(draft):
        raise Declined("wrong_unit", f"第 {body.item} 项议定事项属于{item.unit}", "item")
    if body.result == "未能完成":
        draft.record(body)
        title = f"督办：{item.unit}议定事项{item.no}未能完成"
        office = draft.other_than(item.unit, ("joint_office", "politics_law")) or draft.role("joint_office")
        draft.open_task(TaskKind.SUPERVISE, office, title=title, ref=f"item-{item.no}")
        return
    draft.record(body, m.ResolutionCompleted(no=body.item))
    for task in draft.d.open_tasks(TaskKind.RESOLUTION):
        if task.ref == str(body.item):
            draft.close_task(task, "已办结")


# --- the unit above ----------------------------------------------------------------------------------------------


def _may_report_up(draft: Draft) -> None:
    require_accepted(draft)
    waiting = draft.d.open_tasks(TaskKind.REPLY_FROM_ABOVE)
    if waiting:
        raise Declined("pending", f"已提请{waiting[0].unit}协调，正在等待答复")
    step = step_above(draft)
    require_step(draft, step.step if step else Step.CITY)


@handles(ReportUp, _may_report_up)
def report_up(draft: Draft, act: Act, body: ReportUp) -> None:
    """提请上级协调, 报上级, 专案: each time one further up, where the route says who."""
    step = step_above(draft)
    assert step
    owner = asked_above(draft, step, draft.d.asked_above.get(step.step, 0))
    above = body.to if same_unit(draft, body.to, owner) else draft.known(body.to)[0]
    draft.record(body, m.ReportedUp(to=above, step=step.step))
    draft.close_tasks(TaskKind.REPORT_UP, outcome="已提请")
    for paper in step.papers:
        draft.document(paper)
    draft.enter(ABOVE[step.step])
    name = draft.policy.clock(step.clock).name
    draft.open_task(TaskKind.REPLY_FROM_ABOVE, owner, step.clock, title=name, ref=above)


def _may_reply(draft: Draft) -> None:
    require_accepted(draft)
    if not draft.d.open_tasks(TaskKind.REPLY_FROM_ABOVE):
        raise Declined("not_asked", "没有等待答复的上级协调事项")


@handles(ReplyFromAbove, _may_reply)
def reply_from_above(draft: Draft, act: Act, body: ReplyFromAbove) -> None:
    """上级答复, by whoever was asked or through the office that asked; the county goes on where it was, or asks further up.

    The time for the answer is kept on the day of the answer (县方案三（六）).
    """
    step = draft.tier.step(draft.d.above) if draft.tier and draft.d.above else None
    further = body.effect == FURTHER
    if further and (step is None or draft.d.asked_above.get(step.step, 0) > len(step.upward)):
        raise Declined("no_higher", "本案的办理步骤没有更上一级，请选择其他答复性质", "effect")
    settles = body.effect not in (SENT_DOWN, FURTHER)
    draft.record(body, m.RepliedFromAbove(settles=settles, further=further))
    draft.close_tasks(TaskKind.REPLY_FROM_ABOVE, outcome="已答复", at=moment_on(draft, body.replied_on))
    if further and step:
        ask_to_report_up(draft, organiser(draft), step)
    else:
        back_to_work(draft)
