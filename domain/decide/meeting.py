"""三（一）会商, the 联席会议 and the city: convening, minutes, resolution items, supervision."""

from domain import actions as a
from domain.actions import Act
from domain.decide.common import (
    execution_settled,
    require_accepted,
    same_unit,
    taken,
    takes_part,
)
from domain.decide.routes import back_to_work, joint_meeting_office, organiser, postpone_escalations
from domain.decide.walk import require_step
from domain.draft import Draft, Refusal
from domain.words import Stage, Step, UnitName


def _require_convener(draft: Draft, form: str) -> None:
    powers = draft.policy.powers
    if form == "联席会议":
        office = joint_meeting_office(draft)
        draft.require(same_unit(draft, draft.unit, office) or draft.may(powers.joint_meeting), office)
        return
    step = draft.tier.step(Step.CONSULT) if draft.tier else None
    organises = draft.unit in {organiser(draft), *([draft.owner(step)] if step else [])}
    may = organises or draft.policy.is_center(draft.unit) or draft.may(powers.consult)
    draft.require(may, f"{organiser(draft)}或{draft.center}")


def _require_meeting(draft: Draft, form: str) -> None:
    """A meeting is held where the route has it, or where an alarm, a supervision or an objection asks for it."""
    if form == "联席会议":
        if not draft.d.open_tasks("convene_joint", "supervise", "objection"):
            require_step(draft, Step.JOINT_MEETING)
    elif not draft.d.open_tasks("objection"):
        require_step(draft, Step.CONSULT)


def convene(draft: Draft, act: Act) -> None:
    """召开会商 or 联席会议."""
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.ConveneMeeting)
    _require_convener(draft, body.form)
    _require_meeting(draft, body.form)
    units = draft.known(*body.units)
    if body.form == "联席会议":
        if not any(p.name == "联席会议提请单" for p in draft.d.documents):
            draft.document("联席会议提请单", issuer=joint_meeting_office(draft), 议题=body.topic)
        draft.close_tasks("convene_joint", outcome="已召开")
        draft.enter(Stage.JOINT_MEETING)
    else:
        draft.close_tasks("convene", outcome="已召开")
        if not draft.d.informed_at:
            draft.enter(Stage.CONSULT)
        draft.document("会商通知", 议题=body.topic, 参会单位=units, 地点=body.place)
    taken(draft, act)
    draft.once("minutes", f"{body.form}纪要", draft.unit, "minutes")


def minutes(draft: Draft, act: Act) -> None:
    """会议纪要; each resolution item becomes a task with its unit and clock."""
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.Minutes)
    if not draft.d.meetings or draft.d.meetings[-1].minutes_at:
        raise Refusal("no_meeting", "没有待出纪要的会议，请先召开会议")
    meeting = draft.d.meetings[-1]
    _require_convener(draft, meeting.form)
    for item in body.resolutions:
        draft.known(item.unit)
        if item.no in draft.d.resolutions:
            raise Refusal("number_taken", f"议定事项编号 {item.no} 已使用，请另编号", "resolutions")
    if body.to_city:
        require_step(draft, Step.CITY)
    taken(draft, act)
    draft.close_tasks("minutes", outcome="已出纪要")
    draft.close_tasks("objection", outcome="会议已研究")
    _minutes_paper(draft, meeting.form, body)
    _heard(draft, {*meeting.units, *body.opinions})
    for item in body.resolutions:
        task_id = draft.open_task("resolution", f"议定事项{item.no}", item.unit, ref=str(item.no))
        draft.start_clock(
            "resolution", item.unit, task_id=task_id, due_on=item.due, name=f"议定事项{item.no}"
        )
    if meeting.form == "联席会议":
        draft.close_tasks("supervise", outcome="联席会议已议定", stop=False)
        back_to_work(draft)
    if body.to_city:
        reporter = joint_meeting_office(draft) if meeting.form == "联席会议" else organiser(draft)
        draft.once("escalate_city", draft.policy.clock("report_up").name, reporter, "report_up")


def _minutes_paper(draft: Draft, form: str, body: a.Minutes) -> None:
    views = body.opinions or body.opinion
    if form == "会商":
        draft.document("会商纪要", 各方意见=views, 分工=body.division)
        return
    draft.document(
        "联席会议纪要",
        各方意见=views,
        分工=body.division,
        议定事项=[r.text for r in body.resolutions],
        责任单位=[r.unit for r in body.resolutions],
        是否报市="是" if body.to_city else "否",
    )


def _heard(draft: Draft, units: set[UnitName]) -> None:
    """A meeting heard these units (all that help, when it lists none): they owe no written opinion any more."""
    for clock in draft.clocks("opinion"):
        if not units or clock.owner in units:
            draft.stop_clock(clock)


def objection(draft: Draft, act: Act) -> None:
    """A unit disagrees; whoever organises brings the units together again."""
    require_accepted(draft)
    draft.require(takes_part(draft) or draft.is_party(), "本案主办、协办或当事人")
    taken(draft, act)
    draft.once(
        "objection", "异议协调", draft.d.center, "objection", ref="当事人" if draft.is_party() else "部门"
    )


def resolution_done(draft: Draft, act: Act) -> None:
    """议定事项办结, by its own unit."""
    body = act.body
    assert isinstance(body, a.ResolutionDone)
    item = draft.d.resolutions.get(body.no)
    if item is None:
        raise Refusal("unknown_item", f"没有第 {body.no} 项议定事项", "no")
    if item.done_at:
        raise Refusal("done", f"第 {body.no} 项议定事项已办结，不能重复办结", "no")
    by_office = same_unit(draft, act.unit, joint_meeting_office(draft))
    draft.require(same_unit(draft, act.unit, item.unit) or by_office, item.unit)
    taken(draft, act)
    for task in draft.d.open_tasks("resolution"):
        if task.ref == str(body.no):
            draft.close_task(task, "已办结")


def supervise(draft: Draft, act: Act) -> None:
    """督办; the escalation that was due is put off so that the supervision can work."""
    asked = any(same_unit(draft, act.unit, t.unit) for t in draft.d.open_tasks("supervise"))
    may = asked or draft.may(draft.policy.powers.supervise) or draft.is_center()
    draft.require(may, draft.role("joint_office"))
    body = act.body
    assert isinstance(body, a.Supervise)
    if draft.d.closed_at:
        raise Refusal("closed", "案件已办结，不能督办")
    if body.no is not None and body.no not in draft.d.resolutions:
        raise Refusal("unknown_item", f"没有第 {body.no} 项议定事项", "no")
    complaint = any(t.ref is None for t in draft.d.open_tasks("supervise"))
    taken(draft, act)
    draft.close_tasks("supervise", outcome="已督办")
    draft.document("督办单", 事由=body.reason, 结果=body.result)
    postpone_escalations(draft)
    if complaint:
        _after_complaint(draft)


def _after_complaint(draft: Draft) -> None:
    """The lead goes on executing, or the party is called once more."""
    if execution_settled(draft):
        draft.once("callback", "再次回访", draft.d.center, "second_callback")
    else:
        draft.enter(Stage.EXECUTION)
        draft.once("execute", "后续执行", draft.d.lead or draft.d.center, "execution")


def escalate_city(draft: Draft, act: Act) -> None:
    """提请市级协调: the unit above the county is asked, and answers on its clock."""
    require_accepted(draft)
    reports = draft.unit in (organiser(draft), joint_meeting_office(draft)) or draft.is_center()
    draft.require(reports or draft.may(draft.policy.powers.joint_meeting), organiser(draft))
    body = act.body
    assert isinstance(body, a.EscalateCity)
    waiting = draft.d.open_tasks("city_reply")
    if waiting:
        raise Refusal("pending", f"已提请{waiting[0].unit}协调，正在等待答复")
    require_step(draft, Step.CITY)
    step = draft.tier.step(Step.CITY) if draft.tier else None
    assert step
    taken(draft, act)
    draft.close_tasks("escalate_city", outcome="已提请")
    draft.enter(Stage.CITY)
    name = draft.policy.clock(step.clock).name
    draft.open_task("city_reply", name, draft.owner(step), step.clock, ref=body.to)


def city_reply(draft: Draft, act: Act) -> None:
    """市级答复, by whoever was asked or through the office that asked; the county goes on where it was."""
    require_accepted(draft)
    asked = draft.d.open_tasks("city_reply")
    if not asked:
        raise Refusal("not_asked", "没有等待答复的上级协调事项")
    answers = any(same_unit(draft, act.unit, t.unit) for t in asked)
    relays = draft.unit in (organiser(draft), joint_meeting_office(draft))
    draft.require(answers or relays, asked[0].unit)
    taken(draft, act)
    draft.close_tasks("city_reply", outcome="已答复")
    back_to_work(draft)
