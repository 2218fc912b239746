"""三（一）会商, the 联席会议 and the city: convening, minutes, resolution items, supervision."""

from domain import actions as a, deadlines, events as ev
from domain.actions import Act
from domain.decide.common import (
    back_to_work,
    execution_settled,
    participants,
    require_accepted,
    same_unit,
    taken,
)
from domain.decide.triage import organiser
from domain.draft import Draft, Refusal
from domain.words import Stage


def _require_convener(draft: Draft, form: str) -> None:
    if form == "联席会议":
        draft.require(draft.is_role("joint_office", "county_gov"), draft.role("joint_office"))
        return
    tier = draft.policy.tier_by_path(draft.d.path or "")
    may = draft.is_center() or draft.policy.is_center(draft.unit)
    draft.require(may or (tier is not None and draft.unit == organiser(draft, tier)), "综治中心或组织单位")


def convene(draft: Draft, act: Act) -> None:
    """召开会商 or 联席会议."""
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.ConveneMeeting)
    _require_convener(draft, body.form)
    units = draft.known(*body.units)
    if body.form == "联席会议":
        if not any(p.name == "联席会议提请单" for p in draft.d.documents):
            draft.document("联席会议提请单", issuer=draft.role("joint_office"), 议题=body.topic)
        draft.close_tasks("convene_joint", outcome="已召开")
        draft.close_tasks("escalation", outcome="已召开联席会议")
        draft.enter(Stage.JOINT_MEETING)
    else:
        draft.close_tasks("convene", outcome="已召开")
        if not draft.d.disposed_at:
            draft.enter(Stage.CONSULT)
        draft.document("会商通知", issuer=draft.unit, 议题=body.topic, 参会单位=units, 地点=body.place)
    taken(draft, act)
    draft.once("minutes", f"{body.form}纪要", draft.unit, "minutes")


def minutes(draft: Draft, act: Act) -> None:
    """会议纪要; each resolution item becomes a task with its unit and clock."""
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.Minutes)
    if not draft.d.meetings or draft.d.meetings[-1].minutes_at:
        raise Refusal("no_meeting", "没有待出纪要的会议，请先召开会议")
    form = draft.d.meetings[-1].form
    _require_convener(draft, form)
    for item in body.resolutions:
        draft.known(item.unit)
        if item.no in draft.d.resolutions:
            raise Refusal("number_taken", f"议定事项编号 {item.no} 已使用，请另编号", "resolutions")
    taken(draft, act)
    draft.close_tasks("minutes", outcome="已出纪要")
    draft.close_tasks("objection", outcome="会议已研究")
    draft.document(
        f"{form}纪要", issuer=draft.unit, 各方意见=body.opinions or body.opinion, 分工=body.division
    )
    draft.stop_clocks("opinion")
    for item in body.resolutions:
        task_id = draft.open_task("resolution", f"议定事项{item.no}", item.unit, ref=str(item.no))
        draft.start_clock(
            "resolution", item.unit, task_id=task_id, due_on=item.due, name=f"议定事项{item.no}"
        )
    if form == "联席会议":
        draft.close_tasks("supervise", outcome="联席会议已议定", stop=False)
        back_to_work(draft)
    if body.to_city:
        draft.once("escalate_city", "提请市级协调", draft.role("joint_office"), "supervision")


def objection(draft: Draft, act: Act) -> None:
    """A unit disagrees; whoever organises brings the units together again."""
    require_accepted(draft)
    draft.require(draft.unit in participants(draft) or draft.is_party(), "本案主办、协办或当事人")
    taken(draft, act)
    draft.open_task("objection", "异议协调", draft.d.center, "objection")


def resolution_done(draft: Draft, act: Act) -> None:
    """议定事项办结, by its own unit."""
    body = act.body
    assert isinstance(body, a.ResolutionDone)
    item = draft.d.resolutions.get(body.no)
    if item is None:
        raise Refusal("unknown_item", f"没有第 {body.no} 项议定事项", "no")
    if item.done_at:
        raise Refusal("done", f"第 {body.no} 项议定事项已办结，不能重复办结", "no")
    draft.require(same_unit(draft, act.unit, item.unit) or draft.is_role("joint_office"), item.unit)
    taken(draft, act)
    for task in draft.d.open_tasks("resolution"):
        if task.ref == str(body.no):
            draft.close_task(task, "已办结")


def supervise(draft: Draft, act: Act) -> None:
    """督办; the escalation that was due is put off so that the supervision can work."""
    draft.require(draft.is_role("joint_office", "politics_law", "county_gov", "center"), "联席会议办公室")
    body = act.body
    assert isinstance(body, a.Supervise)
    if draft.d.closed_at:
        raise Refusal("closed", "案件已办结，不能督办")
    taken(draft, act)
    draft.close_tasks("supervise", outcome="已督办")
    draft.document("督办单", issuer=draft.unit, 事由=body.reason)
    grace = draft.policy.escalation_after_supervision_wd
    for clock in list(draft.d.open_clocks()):
        if clock.overdue_at(draft.now):
            later = deadlines.postpone_escalation(clock, draft.now, draft.policy.calendar, grace)
            if later != clock:
                draft.emit(ev.ClockChanged(change="postponed", deadline=later))
    if draft.d.unsatisfied > 1 and draft.d.informed_at and not draft.d.callback_done:
        after_second_complaint(draft)


def after_second_complaint(draft: Draft) -> None:
    """After the supervision the lead goes on executing, or the party is called once more."""
    lead = draft.d.lead or draft.d.center
    if execution_settled(draft):
        draft.once("callback", "再次回访", draft.d.center, "second_callback")
    else:
        draft.enter(Stage.EXECUTION)
        draft.once("execute", "后续执行", lead, "execution")


def escalate_city(draft: Draft, act: Act) -> None:
    """提请市级部门协调."""
    draft.require(draft.is_role("joint_office", "county_gov", "center"), "联席会议办公室")
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.EscalateCity)
    taken(draft, act)
    draft.close_tasks("escalate_city", outcome="已提请")
    draft.enter(Stage.CITY)
    draft.open_task("city_reply", "市级答复", draft.role("city"), "city_reply", ref=body.to)


def city_reply(draft: Draft, act: Act) -> None:
    """市级答复; the county goes on where it was."""
    draft.require(draft.is_role("city") or draft.unit.startswith("市") or draft.is_role("joint_office"), "市级部门")
    if draft.d.city_asked_at is None:
        raise Refusal("not_asked", "尚未提请市级协调")
    taken(draft, act)
    draft.close_tasks("city_reply", outcome="已答复")
    back_to_work(draft)


