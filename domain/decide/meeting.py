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
from domain.decide.routes import back_to_work, organiser, postpone_escalations
from domain.draft import Draft, Refusal
from domain.words import Stage, UnitName


def _require_convener(draft: Draft, form: str) -> None:
    if form == "联席会议":
        draft.require(draft.is_role("joint_office", "county_gov"), draft.role("joint_office"))
        return
    tier = draft.policy.tier_by_path(draft.d.path or "")
    organises = tier is not None and draft.unit == organiser(draft, tier)
    draft.require(organises or draft.policy.is_center(draft.unit) or _of_a_town(draft), "综治中心或组织单位")


def _of_a_town(draft: Draft) -> bool:
    """Townships and streets organise consultations too: the plan's body and its annex differ (附件二)."""
    return any(draft.unit.startswith(town) for town in draft.policy.county.towns) or "街道" in draft.unit


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
        draft.enter(Stage.JOINT_MEETING)
    else:
        draft.close_tasks("convene", outcome="已召开")
        if not draft.d.informed_at:
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
    meeting = draft.d.meetings[-1]
    _require_convener(draft, meeting.form)
    for item in body.resolutions:
        draft.known(item.unit)
        if item.no in draft.d.resolutions:
            raise Refusal("number_taken", f"议定事项编号 {item.no} 已使用，请另编号", "resolutions")
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
        draft.once("escalate_city", "提请市级协调", draft.role("joint_office"), "supervision")


def _minutes_paper(draft: Draft, form: str, body: a.Minutes) -> None:
    views = body.opinions or body.opinion
    if form == "会商":
        draft.document("会商纪要", issuer=draft.unit, 各方意见=views, 分工=body.division)
        return
    draft.document(
        "联席会议纪要",
        issuer=draft.unit,
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
    draft.require(same_unit(draft, act.unit, item.unit) or draft.is_role("joint_office"), item.unit)
    taken(draft, act)
    for task in draft.d.open_tasks("resolution"):
        if task.ref == str(body.no):
            draft.close_task(task, "已办结")


def supervise(draft: Draft, act: Act) -> None:
    """督办; the escalation that was due is put off so that the supervision can work."""
    who = ("joint_office", "politics_law", "county_gov", "petition", "center")
    draft.require(draft.is_role(*who) or draft.is_center(), draft.role("joint_office"))
    body = act.body
    assert isinstance(body, a.Supervise)
    if draft.d.closed_at:
        raise Refusal("closed", "案件已办结，不能督办")
    if body.no is not None and body.no not in draft.d.resolutions:
        raise Refusal("unknown_item", f"没有第 {body.no} 项议定事项", "no")
    taken(draft, act)
    draft.close_tasks("supervise", outcome="已督办")
    draft.document("督办单", issuer=draft.unit, 事由=body.reason, 结果=body.result)
    postpone_escalations(draft)
    if draft.d.unsatisfied > 1 and draft.d.informed_at and not draft.d.callback_done:
        after_second_complaint(draft)


def after_second_complaint(draft: Draft) -> None:
    """After the supervision the lead goes on executing, or the party is called once more."""
    if execution_settled(draft):
        draft.once("callback", "再次回访", draft.d.center, "second_callback")
    else:
        draft.enter(Stage.EXECUTION)
        draft.once("execute", "后续执行", draft.d.lead or draft.d.center, "execution")


def escalate_city(draft: Draft, act: Act) -> None:
    """提请市级部门协调."""
    draft.require(
        draft.is_role("joint_office", "county_gov") or draft.is_center(), draft.role("joint_office")
    )
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.EscalateCity)
    if draft.d.open_tasks("city_reply"):
        raise Refusal("pending", "已提请市级协调，正在等待答复")
    taken(draft, act)
    draft.close_tasks("escalate_city", outcome="已提请")
    draft.enter(Stage.CITY)
    draft.open_task("city_reply", "市级答复", draft.role("city"), "city_reply", ref=body.to)


def city_reply(draft: Draft, act: Act) -> None:
    """市级答复; the county goes on where it was."""
    from_city = draft.is_role("city") or draft.unit.startswith("市")
    draft.require(from_city or draft.is_role("joint_office"), draft.role("city"))
    require_accepted(draft)
    if not draft.d.open_tasks("city_reply"):
        raise Refusal("not_asked", "没有等待答复的市级协调事项")
    taken(draft, act)
    draft.close_tasks("city_reply", outcome="已答复")
    back_to_work(draft)
