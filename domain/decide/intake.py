"""一、争议受理: registration, review, supplement."""

from datetime import datetime

from domain import actions as a
from domain import events as ev
from domain.actions import Act
from domain.decide.common import taken
from domain.draft import Draft, Refusal
from domain.intake import Intake
from domain.policy import Tier
from domain.risk import assess
from domain.routing import route
from domain.words import MatterKind, Stage, UnitName


def register(
    draft: Draft, intake: Intake, *, case_no: str, to: list[UnitName], duplicates: list[ev.DuplicateHint]
) -> None:
    """登记: the first facts of a matter, its channel's clocks and its first task."""
    policy = draft.policy
    center = intake.received_by if policy.is_center(intake.received_by) else draft.role("center")
    draft.emit(
        ev.Registered(
            intake=intake,
            case_no=case_no,
            center=center,
            county=policy.county.name,
            policy_version=policy.version,
            to=draft.known(*to),
            duplicates=duplicates,
            group=intake.applicant.headcount >= policy.retention.group_headcount,
        )
    )
    if intake.kind == MatterKind.LEAD:
        draft.enter(Stage.LEAD)
        for unit in to or [center]:
            open_lead_check(draft, draft.known(unit)[0])
        return
    begin_review(draft, intake.received_at, "intake")


def open_lead_check(draft: Draft, unit: UnitName) -> None:
    """A unit is to look into a lead."""
    draft.open_task("lead_check", "线索核查", unit, "lead_check")


def begin_review(draft: Draft, at: datetime, start_event: str) -> None:
    """Open the 初审 with its clocks; suggest risk and units."""
    d = draft.d
    draft.enter(Stage.REVIEW)
    for rule_id in draft.policy.channel_clocks.get(d.facts.channel, ()):
        draft.start_clock(rule_id, d.center, at=at, start_event=start_event)
    task_id = draft.open_task("triage", "初审分级", d.center)
    draft.start_clock("triage", d.center, task_id=task_id, at=at, start_event=start_event)
    suggest(draft)
    if draft.d.suggested:
        owe_urgent_report(draft, draft.policy.tier(draft.d.suggested), at=at, start_event=start_event)


def owe_urgent_report(
    draft: Draft, tier: Tier, *, at: datetime | None = None, start_event: str | None = None
) -> None:
    """A matter of a tier that the policy wants reported at once is, one time (信访工作条例 25)."""
    reported = any(t.kind == "urgent_report" for t in draft.d.tasks.values())
    if not tier.report_urgently or reported:
        return
    center = draft.d.center
    report = draft.open_task("urgent_report", "紧急信息报告", center)
    draft.start_clock("urgent_report", center, task_id=report, at=at, start_event=start_event)


def suggest(draft: Draft) -> None:
    """Suggest level, lead and co-units by the policy's rules; an officer confirms."""
    intake = draft.d.facts
    found = assess(intake, draft.policy, draft.now.date())
    triggers = [
        ev.TriggerFired(code=i.code, text=i.text, level=i.level, basis=i.basis) for i in found.indicators
    ]
    draft.emit(ev.RiskSuggested(level=found.level, triggers=triggers))
    routing = route(intake, draft.policy)
    items = [
        ev.SubItemRouted(
            no=no,
            category=r.category,
            lead=r.lead,
            co=list(r.co),
            premium=r.category in draft.policy.premium_categories,
            needs_execution=r.category in draft.policy.execution_categories,
            refund=r.category in draft.policy.refund_categories,
        )
        for no, r in routing.sub_items.items()
    ]
    draft.emit(ev.Routed(lead=routing.lead, co=list(routing.co), sub_items=items))


def require_review(draft: Draft) -> None:
    """Refuse what belongs before acceptance once it is past."""
    d = draft.d
    if d.kind == MatterKind.LEAD:
        raise Refusal("lead", "线索须先转为争议，才能初审")
    if d.accepted_at or d.refused_at or d.merged_into:
        raise Refusal("already_reviewed", "案件已作出受理或不予受理决定，不能重复初审")


def request_supplement(draft: Draft, act: Act) -> None:
    """一次性补正通知; the 初审 clock stands still meanwhile."""
    draft.require(draft.is_center(), draft.center)
    require_review(draft)
    body = act.body
    assert isinstance(body, a.RequestSupplement)
    if draft.clocks("supplement"):
        raise Refusal("pending", "已通知补正，须等补正或期满；补正内容应一次性告知")
    taken(draft, act)
    draft.enter(Stage.SUPPLEMENT)
    draft.pause_clocks("等待补正", "triage")
    due = draft.start_clock("supplement", draft.d.center, span=body.deadline).due_on
    draft.document("补正通知书", 一次性清单=body.missing, 方式=body.method, 期限=due.isoformat())


def supplement_material(draft: Draft, act: Act) -> None:
    """Material comes in: ends a pending supplement, otherwise is simply kept."""
    taken(draft, act)
    if draft.d.stage == Stage.SUPPLEMENT:
        draft.stop_clocks("supplement")
        draft.resume_clocks()
        draft.enter(Stage.REVIEW)


def end_supplement(draft: Draft) -> None:
    """A decision on acceptance: nobody waits for material any more."""
    for clock in draft.clocks("supplement"):
        draft.lapse_clock(clock)
    draft.resume_clocks()


def legal_review(draft: Draft, act: Act) -> None:
    """法制审核; after a callback it is the explanation an unfounded complaint is owed."""
    draft.require(not draft.is_party(), "法制审核人员")
    taken(draft, act)
    draft.close_tasks("legal_review", outcome="已审核")
    explained(draft)


def explained(draft: Draft) -> None:
    """复核释法 is done: the matter may be closed."""
    if draft.d.open_tasks("explain"):
        draft.close_tasks("explain", outcome="已复核释法")
        draft.once("close", "结案审批", draft.d.center, "close")


def urgent_report(draft: Draft, act: Act) -> None:
    """紧急信息报告, by whoever of the county hears of it first."""
    draft.require(not draft.is_party(), f"{draft.center}或成员单位")
    body = act.body
    assert isinstance(body, a.UrgentReport)
    taken(draft, act)
    draft.document("紧急信息报告", 报送=body.to, 内容=body.content)
    draft.close_tasks("urgent_report", outcome="已报告")
