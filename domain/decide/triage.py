"""二、分类处置: level, acceptance, dispatch and re-dispatch."""

from domain import actions as a, events as ev
from domain.actions import Act
from domain.decide.common import require_accepted, taken
from domain.decide.intake import require_review
from domain.draft import Draft, Refusal
from domain.policy import Tier
from domain.risk import assess, next_time_node
from domain.words import Stage, Step, UnitName

GROUP = 5
"""People from which a 时间节点 is watched (信访工作条例 20 knows five representatives)."""


def override_risk(draft: Draft, act: Act) -> None:
    """改级: upwards at once; leaving a level that asks for approval waits for it."""
    draft.require(draft.is_center() or draft.is_role("joint_office"), "综治中心")
    body = act.body
    assert isinstance(body, a.OverrideRisk)
    old, new = _tier(draft, body.old, "old"), _tier(draft, body.new, "new")
    current = draft.d.level or draft.d.suggested
    if draft.d.kind == "线索" or draft.d.closed_at or draft.d.refused_at:
        raise Refusal("no_level", "只有在办的争议案件才能改级")
    if current and old.name != current:
        raise Refusal("stale_level", f"现等级为{current}，不是{old.name}，请刷新后再改", "old")
    if new.name == old.name:
        raise Refusal("same_level", "新等级与原等级相同", "new")
    if _pending(draft):
        raise Refusal("pending", "已有改级申请等待联席会议办公室批准")
    downward = new.rank < old.rank
    approver = old.downgrade_approver if downward else None
    needs_approval = approver is not None and not draft.is_role(approver)
    taken(draft, act)
    draft.emit(
        ev.LevelOverridden(
            old=old.name,
            new=new.name,
            reason=body.reason,
            reason_code=body.reason_code,
            needs_approval=needs_approval,
        )
    )
    if needs_approval and approver:
        draft.open_task("override_approval", "改级审批", draft.role(approver), "override_approval")
        return
    _apply_level(draft, new)


def _pending(draft: Draft) -> bool:
    return bool(draft.d.overrides) and draft.d.overrides[-1].approved is None


def decide_override(draft: Draft, act: Act) -> None:
    """批准 or 不批准改级."""
    if not _pending(draft):
        raise Refusal("nothing_pending", "没有等待批准的改级申请")
    last = draft.d.overrides[-1]
    approver = _tier(draft, last.old, "old").downgrade_approver or "joint_office"
    draft.require(draft.is_role(approver), draft.role(approver))
    approved = isinstance(act.body, a.ApproveOverride)
    taken(draft, act)
    draft.emit(ev.OverrideDecided(approved=approved))
    draft.close_tasks("override_approval", outcome="批准" if approved else "不批准")
    if approved:
        _apply_level(draft, _tier(draft, last.new, "new"))


def _tier(draft: Draft, name: str, field: str) -> Tier:
    try:
        return draft.policy.tier(name)
    except ValueError as error:
        raise Refusal("unknown_level", str(error), field) from error


def _apply_level(draft: Draft, tier: Tier) -> None:
    """What a changed level means for a matter already on its way: a raised one takes the higher route."""
    draft.close_tasks("risk_recheck", outcome="已复核")
    d = draft.d
    if d.accepted_at is None or d.lead is None or d.path is None:
        return
    current = draft.policy.tier_by_path(d.path)
    if current is None or tier.rank <= current.rank:
        return
    for clock in draft.clocks(current.total):
        draft.lapse_clock(clock)
    _accept(draft, tier, tier, d.lead, d.co, d.told, {})
    draft.start_clock(tier.total, d.lead, at=d.accepted_at, start_event=d.accepted_by)
    if not d.disposed_at:
        open_route(draft, tier)


def triage_confirm(draft: Draft, act: Act) -> None:
    """受理, 定级, 分流."""
    draft.require(draft.is_center(), "综治中心")
    require_review(draft)
    body = act.body
    assert isinstance(body, a.TriageConfirm)
    if _pending(draft):
        raise Refusal("pending", "改级申请尚待联席会议办公室批准，暂不能确认等级")
    tier = _tier(draft, body.level, "level")
    route = draft.policy.tier_by_path(body.path)
    if route is None:
        paths = "、".join(t.path for t in draft.policy.tiers)
        raise Refusal("unknown_path", f"没有办理方式“{body.path}”，可用：{paths}", "path")
    lead, *co = draft.known(body.lead, *body.co)
    if lead in co:
        raise Refusal("two_leads", f"{lead}不能同时主办和协办", "co")
    sub_leads = _sub_leads(draft, body)
    raised = _confirm_level(draft, tier, body.note)
    taken(draft, act)
    if raised:
        draft.emit(raised)
    _accept(draft, tier, route, lead, co, draft.known(*body.others), sub_leads)
    draft.close_tasks("triage", outcome="受理")
    draft.enter(Stage.ACCEPTED)
    draft.document("受理通知书", 渠道=draft.d.facts.channel, 承办单位=lead)
    _stop_channel_clocks(draft)
    draft.document(
        "风险评估表", 指标=[t.text for t in draft.d.triggers], 建议等级=draft.d.suggested, 确认等级=tier.name
    )
    draft.enter(Stage.TRIAGED)
    draft.start_clock(route.total, lead)
    if "N6" in "".join(body.flags):
        draft.open_task("legal_review", "法制审核", lead, "legal_review")
    dispatch_to(draft, lead, co)
    open_route(draft, route)
    _schedule_recheck(draft)


def _sub_leads(draft: Draft, body: a.TriageConfirm) -> dict[str, UnitName]:
    numbers = {c.no for c in draft.d.facts.claims}
    for no in body.sub_items:
        if no not in numbers:
            raise Refusal("unknown_claim", f"没有子项 {no}，本案子项：{'、'.join(sorted(numbers))}", "sub_items")
    return dict(zip(body.sub_items, draft.known(*body.sub_items.values()), strict=True))


def _confirm_level(draft: Draft, tier: Tier, note: str | None) -> ev.LevelOverridden | None:
    """The confirmed level must be the suggested or the overridden one; a higher one is an override by itself."""
    d = draft.d
    suggested = d.level or d.suggested
    if suggested is None or tier.name == suggested:
        return None
    if tier.rank < _tier(draft, suggested, "level").rank:
        raise Refusal("lower_than_suggested", f"建议等级为{suggested}，降为{tier.name}须先改级并写明理由", "level")
    return ev.LevelOverridden(
        old=suggested, new=tier.name, reason=note or "初审上调", reason_code=None, needs_approval=False
    )


def _accept(
    draft: Draft,
    tier: Tier,
    route: Tier,
    lead: UnitName,
    co: list[UnitName],
    told: list[UnitName],
    sub_leads: dict[str, UnitName],
) -> None:
    draft.emit(
        ev.Accepted(
            level=tier.name,
            path=route.path,
            notifier=route.notifier,
            route=[s.step for s in route.route],
            lead=lead,
            co=co,
            told=told,
            sub_leads=sub_leads,
        )
    )


def _stop_channel_clocks(draft: Draft) -> None:
    rules = draft.policy.channel_clocks.get(draft.d.facts.channel, ())
    for clock in draft.clocks(*rules):
        if clock.start_event == "intake" or draft.d.was_lead:
            draft.stop_clock(clock)


def _schedule_recheck(draft: Draft) -> None:
    if draft.d.facts.applicant.headcount < GROUP:
        return
    node = next_time_node(draft.policy, draft.now.date())
    if node:
        name, day = node
        draft.emit(
            ev.RecheckScheduled(node=name, due=draft.policy.calendar.start_of_working_day(day))
        )


def recheck_risk(draft: Draft) -> None:
    """A 时间节点 has begun: look again; never lower, and let an officer decide on a raise."""
    node = draft.d.recheck_node
    draft.emit(ev.RecheckScheduled(node=None, due=None))
    found = assess(draft.d.facts, draft.policy, draft.now.date())
    triggers = [
        ev.TriggerFired(code=i.code, text=i.text, level=i.level, basis=i.basis) for i in found.indicators
    ]
    draft.emit(ev.RiskSuggested(level=found.level, triggers=triggers, node=node))
    level = draft.d.level
    if level and draft.policy.tier(found.level).rank > draft.policy.tier(level).rank:
        draft.once("risk_recheck", f"时间节点（{node}）风险复核", draft.d.center, "override_approval")


def dispatch_to(draft: Draft, lead: UnitName, co: list[UnitName]) -> None:
    """派单: one lead, any number of co-units; each signs for it."""
    draft.open_task("handle", "主办", lead, "sign", "return_window", role="主办", returnable=True)
    for unit in co:
        _dispatch_co(draft, unit)
    draft.document("交办单", 主办=lead, 协办=co)


def _dispatch_co(draft: Draft, unit: UnitName) -> None:
    clocks = ("sign", "return_window", "opinion")
    draft.open_task("assist", "协办", unit, *clocks, role="协办", returnable=True)


def redispatch(draft: Draft, act: Act) -> None:
    """改派: a new signing clock for whom it concerns, never a new total clock."""
    draft.require(draft.is_center(), "综治中心")
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.Dispatch)
    lead, *co = draft.known(body.lead, *body.co)
    taken(draft, act)
    draft.close_tasks("redispatch", outcome="已改派")
    d = draft.d
    assert d.level and d.path
    for task in d.open_tasks("handle", "assist"):
        if task.unit not in (lead, *co):
            draft.close_task(task, "改派他单位", stop=False)
    route = draft.policy.tier_by_path(d.path)
    assert route is not None
    _accept(draft, draft.policy.tier(d.level), route, lead, co, d.told, {})
    for unit, role in [(lead, "主办"), *((u, "协办") for u in co)]:
        _readdress(draft, unit, lead=role == "主办")
    draft.document("交办单", 主办=lead, 协办=co, 说明="改派")


def _readdress(draft: Draft, unit: UnitName, *, lead: bool) -> None:
    """Give a unit its role: turn its open task round, or open one (final when it is sent back to the same role)."""
    role = "主办" if lead else "协办"
    open_task = next((t for t in draft.d.open_tasks("handle", "assist") if t.unit == unit), None)
    if open_task and open_task.role == role:
        return
    if open_task:
        draft.emit(ev.TaskChanged(task_id=open_task.id, role=role))
        for clock in [c for c in draft.clocks("sign", "return_window") if c.task_id == open_task.id]:
            draft.lapse_clock(clock)
            draft.start_clock(clock.rule_id, unit, task_id=open_task.id, name=f"{clock.name}（改派后）")
        return
    upheld = any(r.unit == unit and r.role == role and r.result == "退单" for r in draft.d.dispatches)
    clocks = ("sign",) if upheld else ("sign", "return_window")
    kind, title = ("handle", "主办") if lead else ("assist", "协办")
    draft.open_task(kind, title, unit, *clocks, role=role, returnable=not upheld)


def open_route(draft: Draft, tier: Tier) -> None:
    """Open the first step of a route; the rest follows from what the officers do."""
    match tier.route[0].step:
        case Step.CONSULT:
            draft.enter(Stage.CONSULT)
            draft.once("convene", "组织会商", organiser(draft, tier), "consult")
        case Step.JOINT_MEETING:
            propose_joint_meeting(draft)
            draft.enter(Stage.JOINT_MEETING)
        case _:
            draft.enter(Stage.DIRECT)


def organiser(draft: Draft, tier: Tier) -> UnitName:
    """Who convenes the consultation: the matter's 综治中心 unless the policy names another role."""
    return draft.d.center if tier.organiser == "center" else draft.role(tier.organiser)


def propose_joint_meeting(draft: Draft) -> None:
    """提请联席会议, once for as long as the request stands."""
    if draft.d.open_tasks("convene_joint"):
        return
    office = draft.role("joint_office")
    draft.document("联席会议提请单", issuer=office)
    draft.open_task("convene_joint", "召开联席会议", office, "joint_meeting")
