"""二、风险等级: confirmed and changed by officers, looked at again at a 时间节点, never lowered in silence."""

from domain import actions as a
from domain import events as ev
from domain.actions import Act
from domain.decide.common import participants, taken
from domain.decide.intake import owe_urgent_report
from domain.decide.opening import open_route, put_on_desk
from domain.decide.routes import accept
from domain.decide.walk import leave_route
from domain.draft import Draft, Refusal
from domain.policy import Tier
from domain.risk import assess
from domain.words import Level, MatterKind, Step


def tier_named(draft: Draft, name: Level, field: str) -> Tier:
    """The tier by name; refused when the county has none so called."""
    try:
        return draft.policy.tier(name)
    except ValueError as error:
        raise Refusal("unknown_level", str(error), field) from error


def override_risk(draft: Draft, act: Act) -> None:
    """改级: upwards at once; leaving a level that asks for approval waits for it."""
    body = act.body
    assert isinstance(body, a.OverrideRisk)
    old, new = tier_named(draft, body.old, "old"), tier_named(draft, body.new, "new")
    _require_changeable(draft, old, new)
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


def _require_changeable(draft: Draft, old: Tier, new: Tier) -> None:
    d = draft.d
    if d.kind == MatterKind.LEAD or d.closed_at or d.refused_at or d.withdrawn_at:
        raise Refusal("no_level", "只有在办的争议案件才能改级")
    may = draft.is_center() or draft.is_role("joint_office")
    if new.rank > old.rank:
        may = may or draft.may(draft.policy.powers.raise_level) or draft.unit in participants(draft)
    draft.require(may, draft.center)
    current = d.level or d.suggested
    if current and old.name != current:
        raise Refusal("stale_level", f"现等级为{current}，不是{old.name}，请刷新后再改", "old")
    if new.name == old.name:
        raise Refusal("same_level", "新等级与原等级相同", "new")
    require_nothing_pending(draft)


def require_nothing_pending(draft: Draft) -> None:
    """Refuse while a change of level waits for its approval."""
    if _pending(draft):
        raise Refusal("pending", "已有改级申请等待批准，批准前维持原等级")


def _pending(draft: Draft) -> bool:
    return bool(draft.d.overrides) and draft.d.overrides[-1].approved is None


def decide_override(draft: Draft, act: Act) -> None:
    """批准 or 不批准改级; or what an officer makes of a 时间节点 that suggests a higher level."""
    approved = isinstance(act.body, a.ApproveOverride)
    if not _pending(draft):
        _answer_recheck(draft, act, approved=approved)
        return
    last = draft.d.overrides[-1]
    approver = tier_named(draft, last.old, "old").downgrade_approver or "joint_office"
    draft.require(draft.is_role(approver), draft.role(approver))
    taken(draft, act)
    draft.emit(ev.OverrideDecided(approved=approved))
    draft.close_tasks("override_approval", outcome="批准" if approved else "不批准")
    if approved:
        _apply_level(draft, tier_named(draft, last.new, "new"))


def _answer_recheck(draft: Draft, act: Act, *, approved: bool) -> None:
    tasks = draft.d.open_tasks("risk_recheck")
    level = draft.d.level
    if not tasks or level is None:
        raise Refusal("nothing_pending", "没有等待批准的改级申请")
    draft.require(draft.is_center() or draft.is_role("joint_office"), draft.center)
    taken(draft, act)
    if not approved:
        draft.close_tasks("risk_recheck", outcome="维持原等级")
        return
    new = tier_named(draft, tasks[0].ref or level, "new")
    draft.emit(
        ev.LevelOverridden(
            old=level, new=new.name, reason=tasks[0].title, reason_code="时间节点", needs_approval=False
        )
    )
    _apply_level(draft, new)


def confirm_level(draft: Draft, tier: Tier, note: str | None) -> ev.LevelOverridden | None:
    """The confirmed level must be the suggested or the overridden one; a higher one is an override by itself."""
    d = draft.d
    suggested = d.level or d.suggested
    if suggested is None or tier.name == suggested:
        return None
    if tier.rank < tier_named(draft, suggested, "level").rank:
        raise Refusal(
            "lower_than_suggested", f"建议等级为{suggested}，降为{tier.name}须先改级并写明理由", "level"
        )
    return ev.LevelOverridden(
        old=suggested, new=tier.name, reason=note or "初审上调", reason_code=None, needs_approval=False
    )


def _apply_level(draft: Draft, tier: Tier) -> None:
    """What a changed level means for a matter already on its way: a raised one takes the higher route."""
    draft.close_tasks("risk_recheck", outcome="已复核")
    owe_urgent_report(draft, tier)
    if not tier.report_urgently:
        draft.close_tasks("urgent_report", outcome="等级已降", stop=False)
    d = draft.d
    if d.accepted_at is None or d.lead is None or d.path is None:
        return
    draft.document("风险评估表", 改级理由=d.overrides[-1].reason)
    current = draft.policy.tier_by_path(d.path)
    if current is None or tier.rank <= current.rank:
        return
    accept(draft, tier, tier, d.lead, d.co, d.told, {})
    if not d.informed_at:
        _restart_total(draft, current, tier)
    leave_route(draft, current)
    if not d.disposed_at:
        open_route(draft, tier)
    elif tier.required[0].step == Step.JOINT_MEETING:
        put_on_desk(draft, tier, tier.required[0])


def _restart_total(draft: Draft, before: Tier, tier: Tier) -> None:
    """The higher tier's whole-dispute clock, counted from the same acceptance."""
    d = draft.d
    for clock in draft.clocks(before.total):
        draft.lapse_clock(clock)
    draft.start_clock(tier.total, d.lead or d.center, at=d.accepted_at, start_event=d.accepted_by)
    if d.suspended_at:
        draft.pause_clocks("案件中止", tier.total)


def schedule_recheck(draft: Draft) -> None:
    """Remember when the next 时间节点 begins that a matter of so many people is watched at."""
    today, people = draft.now.date(), draft.d.facts.applicant.headcount
    coming = [
        (day, node.name)
        for node in draft.policy.time_nodes
        if node.min_headcount <= people and (day := node.next_start(today))
    ]
    if coming:
        day, name = min(coming)
        due = draft.policy.calendar.start_of_working_day(day)
        draft.emit(ev.RecheckScheduled(node=name, due=due))


def recheck_risk(draft: Draft) -> None:
    """A 时间节点 has begun: look again; never lower, and let an officer decide on a raise."""
    node = draft.d.recheck_node
    draft.emit(ev.RecheckScheduled(node=None, due=None))
    schedule_recheck(draft)
    if draft.d.closed_at or draft.d.withdrawn_at:
        return
    found = assess(draft.d.facts, draft.policy, draft.now.date())
    triggers = [
        ev.TriggerFired(code=i.code, text=i.text, level=i.level, basis=i.basis) for i in found.indicators
    ]
    draft.emit(ev.RiskSuggested(level=found.level, triggers=triggers, node=node))
    level = draft.d.level
    if level and draft.policy.tier(found.level).rank > draft.policy.tier(level).rank:
        title = f"时间节点（{node}）风险复核，建议{level}→{found.level}"
        draft.once("risk_recheck", title, draft.d.center, "override_approval", ref=found.level)
