"""二、风险等级: confirmed and changed by officers, looked at again at a 时间节点, never lowered in silence."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from domain import events as ev
from domain.actions import Act
from domain.actions.triage import ChangeLevel, DecideLevelChange, ReviewLevel
from domain.decide.intake import facts_of, owe_urgent_report
from domain.decide.opening import open_route, put_on_desk
from domain.decide.registry import handles
from domain.decide.routes import accept
from domain.decide.walk import leave_route
from domain.decide.writing import joined
from domain.declined import Declined
from domain.draft import Draft
from domain.policy import Tier
from domain.risk import assess
from domain.tasks import TaskKind
from domain.words import Level, MatterKind, Step, UnitName

ASSESSMENT = "风险评估表"


def tier_named(draft: Draft, name: Level, field: str) -> Tier:
    """The tier by name; refused when the county has none so called."""
    try:
        return draft.policy.tier(name)
    except ValueError as error:
        raise Declined("unknown_level", str(error), field) from error


def _may_lower(draft: Draft) -> bool:
    return draft.is_center() or draft.is_role("joint_office")


def _may_change(draft: Draft) -> None:
    d = draft.d
    if d.kind == MatterKind.LEAD or d.closed_at or d.refused_at or d.transferred_at or d.withdrawn_at:
        raise Declined("no_level", "只有在办的争议案件才能改级")
    require_nothing_pending(draft)
    if not other_levels(draft):
        raise Declined("no_level", "没有可以改到的等级；下调应由综治中心提出")


def other_levels(draft: Draft) -> list[Tier]:
    """The tiers the acting unit may change to: any other, or for those who may only raise a higher one."""
    present = tier_named(draft, draft.d.level or draft.d.suggested or "", "to")
    lower = _may_lower(draft)
    return [t for t in draft.policy.tiers if t != present and (lower or t.rank > present.rank)]


@handles(ChangeLevel, _may_change)
def change_level(draft: Draft, act: Act, body: ChangeLevel) -> None:
    """改级: upwards at once; leaving a level that asks for approval waits for it."""
    old = tier_named(draft, draft.d.level or draft.d.suggested or "", "to")
    new = tier_named(draft, body.to, "to")
    if new.name == old.name:
        raise Declined("same_level", "新等级与现等级相同", "to")
    downward = new.rank < old.rank
    draft.require(not downward or _may_lower(draft), draft.center)
    approver = old.downgrade_approver if downward else None
    needs_approval = approver is not None and not draft.is_role(approver)
    draft.record(body)
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
        draft.open_task(TaskKind.LEVEL_APPROVAL, draft.role(approver))
        return
    _apply_level(draft, new)


def require_nothing_pending(draft: Draft) -> None:
    """Refuse while a change of level waits for its approval."""
    if _pending(draft):
        raise Declined("pending", "已有改级申请等待批准，批准前维持原等级")


def _pending(draft: Draft) -> bool:
    return bool(draft.d.overrides) and draft.d.overrides[-1].approved is None


def _may_decide_change(draft: Draft) -> None:
    if not _pending(draft):
        raise Declined("nothing_pending", "没有等待批准的改级申请")
    if draft.d.overrides[-1].by.is_same(draft.doer):
        raise Declined("own_request", "不得审批本人提出的等级调整", "officer")


@handles(DecideLevelChange, _may_decide_change)
def decide_level_change(draft: Draft, act: Act, body: DecideLevelChange) -> None:
    """批准 or 不批准改级, by somebody else than who asked for it."""
    last = draft.d.overrides[-1]
    draft.record(body)
    draft.emit(ev.OverrideDecided(approved=body.approved))
    draft.close_tasks(TaskKind.LEVEL_APPROVAL, outcome="批准" if body.approved else "不批准")
    if body.approved:
        _apply_level(draft, tier_named(draft, last.new, "new"))


def _may_review(draft: Draft) -> None:
    if not draft.d.open_tasks(TaskKind.LEVEL_REVIEW) or draft.d.level is None:
        raise Declined("nothing_pending", "没有等待复核的时间节点风险")


@handles(ReviewLevel, _may_review)
def review_level(draft: Draft, act: Act, body: ReviewLevel) -> None:
    """What an officer makes of a 时间节点 that suggests a higher level."""
    task, level = draft.d.open_tasks(TaskKind.LEVEL_REVIEW)[0], draft.d.level or ""
    if body.decision == "维持现等级":
        draft.record(body)
        draft.close_tasks(TaskKind.LEVEL_REVIEW, outcome="维持原等级")
        return
    require_nothing_pending(draft)
    draft.record(body)
    new = tier_named(draft, task.ref or level, "to")
    draft.emit(
        ev.LevelOverridden(
            old=level, new=new.name, reason=task.title, reason_code="时间节点", needs_approval=False
        )
    )
    _apply_level(draft, new)


def confirm_level(draft: Draft, tier: Tier, reason: str | None) -> ev.LevelOverridden | None:
    """The confirmed level must be the suggested or the overridden one; a higher one is an override by itself."""
    d = draft.d
    suggested = d.level or d.suggested
    if suggested is None or tier.name == suggested:
        return None
    if tier.rank < tier_named(draft, suggested, "level").rank:
        raise Declined(
            "lower_than_suggested", f"建议等级为{suggested}，降为{tier.name}须先改级并写明理由", "level"
        )
    if not reason:
        raise Declined("incomplete", f"高于建议等级（{suggested}）的，请填写上调理由", "level_reason")
    return ev.LevelOverridden(
        old=suggested, new=tier.name, reason=reason, reason_code=None, needs_approval=False
    )


def _apply_level(draft: Draft, tier: Tier) -> None:
    """What a changed level means for a matter already on its way: a raised one takes the higher route."""
    draft.close_tasks(TaskKind.LEVEL_REVIEW, outcome="已复核")
    owe_urgent_report(draft, tier)
    if not tier.report_urgently:
        draft.close_tasks(TaskKind.URGENT_REPORT, outcome="等级已降", stop=False)
    d = draft.d
    if d.accepted_at is None or d.lead is None or d.path is None:
        return
    _change_route(draft, tier, d.lead, d.path)
    draw_assessment(draft)


def _change_route(draft: Draft, tier: Tier, lead: UnitName, path: str) -> None:
    d = draft.d
    current = draft.policy.tier_by_path(path)
    if current is None or tier.rank == current.rank:
        return
    if tier.rank < current.rank:
        _lower_route(draft, current, tier)
        return
    accept(draft, tier, tier, lead, d.co, d.told, {})
    if not d.informed_at:
        _restart_total(draft, current, tier)
    leave_route(draft, current)
    if not d.disposed_at:
        open_route(draft, tier)
    elif tier.required[0].step == Step.JOINT_MEETING:
        put_on_desk(draft, tier, tier.required[0])


def draw_assessment(draft: Draft, learned: str | None = None, asked: Iterable[str] = ()) -> None:
    """风险评估表: the level with every change of it that stands and why; what the party had said goes on standing there.

    ``asked``: the codes of what 法制审核 is to decide.
    """
    d, name = draft.d, draft.policy.paper(ASSESSMENT)
    before = next((p.fields for p in reversed(d.documents) if p.name == name), dict[str, Any]())
    changes = [f"{o.old}改为{o.new}：{joined(o.reason_code, o.reason)}" for o in d.overrides if o.approved]
    draft.document(
        ASSESSMENT,
        改级理由=changes,
        了解到的情况=learned or before.get("了解到的情况"),
        提请法制审核=[f"{code} {draft.policy.refusals[code].name}" for code in asked]
        or before.get("提请法制审核"),
    )


def _lower_route(draft: Draft, current: Tier, tier: Tier) -> None:
    """What the higher level alone asked for lapses; its whole-dispute clock, the longer one, runs on."""
    d = draft.d
    if d.disposed_at:
        return
    accept(draft, tier, tier, d.lead or d.center, d.co, d.told, {})
    leave_route(draft, current)
    if not any(m.form == "联席会议" for m in d.meetings):
        for task in d.open_tasks(TaskKind.CONVENE_JOINT, TaskKind.ANSWER_JOINT):
            if task.ref not in d.clocks or not d.clocks[task.ref].is_open:
                draft.close_task(task, "等级已降", stop=False)
    open_route(draft, tier)


def _restart_total(draft: Draft, before: Tier, tier: Tier) -> None:
    """The higher tier's whole-dispute clock; counted from before, it keeps what stood still and was granted."""
    d = draft.d
    old = next(iter(draft.clocks(before.total)), None) if tier.total_from != "tier" else None
    for clock in draft.clocks(before.total):
        draft.lapse_clock(clock)
    draft.start_clock(tier.total, d.lead or d.center, instead_of=old)
    if d.suspended_at:
        draft.pause_clocks("案件中止", tier.total)


def schedule_recheck(draft: Draft) -> None:
    """Remember when the next 时间节点 begins that a matter of so many people is watched at.

    One that begins while another is in force changes nothing.
    """
    today, people, calendar = draft.now.date(), draft.d.facts.applicant.headcount, draft.policy.calendar
    watched = [node for node in draft.policy.time_nodes if node.min_headcount <= people]
    coming = [
        (day, node.name)
        for node in watched
        if (day := node.next_start(today, calendar))
        and not any(
            n.in_force(day - timedelta(days=1), calendar) and n.in_force(day, calendar) for n in watched
        )
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
    found = assess(draft.d.facts, draft.policy, draft.now.date(), facts_of(draft))
    triggers = [
        ev.TriggerFired(code=i.code, text=i.text, level=i.level, basis=i.basis) for i in found.indicators
    ]
    draft.emit(ev.RiskSuggested(level=found.level, triggers=triggers, node=node))
    level = draft.d.level
    if level and draft.policy.tier(found.level).rank > draft.policy.tier(level).rank:
        title = f"时间节点（{node}）风险复核，建议{level}→{found.level}"
        draft.once(TaskKind.LEVEL_REVIEW, draft.d.center, title=title, ref=found.level)


def look_again(draft: Draft, why: str) -> None:
    """What the handling has shown may make a matter harder: an officer decides on a raise."""
    level = draft.d.level
    if level is None or draft.d.informed_at:
        return
    found = assess(draft.d.facts, draft.policy, draft.now.date(), facts_of(draft))
    if draft.policy.tier(found.level).rank > draft.policy.tier(level).rank:
        title = f"{why}，风险复核，建议{level}→{found.level}"
        draft.once(TaskKind.LEVEL_REVIEW, draft.d.center, title=title, ref=found.level)
