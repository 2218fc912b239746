"""一、争议受理: registration, review, supplement."""

from collections.abc import Iterable
from datetime import datetime

from domain import deadlines
from domain import events as ev
from domain.actions import Act
from domain.actions.disposal import GiveLegalReview
from domain.actions.intake import IssueUrgentReport, ReceiveMaterial, RequestSupplement
from domain.decide.common import always, is_concerned, moment_on, require_dispute, require_not_concerned
from domain.decide.registry import handles
from domain.declined import Declined
from domain.draft import Draft
from domain.intake import Intake
from domain.meanings import handling as m
from domain.policy import Tier
from domain.risk import RiskFacts, assess
from domain.routing import route
from domain.tasks import TaskKind
from domain.words import Channel, MatterKind, Stage, UnitName


def register(
    draft: Draft, intake: Intake, *, case_no: str, to: list[UnitName], duplicates: list[ev.DuplicateHint]
) -> None:
    """登记: the first facts of a matter, its channel's clocks and its first task."""
    policy = draft.policy
    intake = intake.model_copy(update={"received_by": _receiver(draft, intake)})
    if source := _handed_over_by(draft, intake):
        intake = intake.model_copy(update={"handed_over_by": source})
    holds = policy.is_center(intake.received_by) or policy.receives(intake.received_by)
    center = intake.received_by if holds else policy.hub_of(intake)
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
            words=policy.spoken,
        )
    )
    if intake.kind == MatterKind.LEAD:
        require_not_concerned(draft, draft.known(*to), "核查自己的线索", "to")
        draft.enter(Stage.LEAD)
        for unit in to or [center]:
            draft.open_task(TaskKind.LEAD_CHECK, draft.known(unit)[0])
        return
    begin_review(draft, intake.received_at, "intake")


def _receiver(draft: Draft, intake: Intake) -> UnitName:
    """Who received the matter, by the county's name; a unit that nobody knows receives nothing."""
    try:
        return draft.known(intake.received_by)[0]
    except Declined as unknown:
        raise Declined(unknown.code, f"收件单位：{unknown}", "received_by") from unknown


def _handed_over_by(draft: Draft, intake: Intake) -> UnitName | None:
    """Who handed the matter over: whom the registration names, else the member unit that received it."""
    if intake.handed_over_by:
        return draft.known(intake.handed_over_by)[0]
    from_member = intake.channel == Channel.MEMBER and not draft.policy.is_center(intake.received_by)
    return draft.known(intake.received_by)[0] if from_member else None


def begin_review(draft: Draft, at: datetime, start_event: str) -> None:
    """Open the 初审 with its clocks; suggest risk and units."""
    d = draft.d
    draft.enter(Stage.REVIEW)
    for rule_id in draft.legal_clocks("received"):
        if draft.policy.clock(rule_id).kind != "window":
            start_legal_clock(draft, rule_id, d.center, at=at, start_event=start_event)
    receiving = draft.policy.receiving
    if receiving and not draft.policy.is_center(d.center):
        draft.open_task(TaskKind.FIRST_ANSWER, d.center, receiving.clock, at=at, start_event=start_event)
    else:
        draft.open_task(TaskKind.TRIAGE, d.center, at=at, start_event=start_event)
    suggest(draft)
    if draft.d.suggested:
        owe_urgent_report(draft, draft.policy.tier(draft.d.suggested), at=at, start_event=start_event)


def start_legal_clock(draft: Draft, rule_id: str, owner: UnitName, *, at: datetime, start_event: str) -> None:
    """Start a clock that came with the matter; one of the law's that had run out before it was registered is noted.

    No clock is born overdue, and no day is given that the law does not give.
    """
    rule = draft.policy.clock(rule_id)
    if rule.kind == "statutory":
        counted = deadlines.start(
            rule, None, draft.policy.calendar, id="", owner=owner, start_event=start_event, at=at
        )
        if counted.overdue_at(draft.now):
            text = f"{rule.name}：自收件之日起{rule.text}，登记时已于{counted.due_on}届满，请立即补办并说明"
            draft.emit(ev.Noted(text=text))
            return
    draft.start_clock(rule_id, owner, at=at, start_event=start_event)


def owe_urgent_report(
    draft: Draft, tier: Tier, *, at: datetime | None = None, start_event: str | None = None
) -> None:
    """A matter of a tier that the policy wants reported at once is, one time (信访工作条例 25)."""
    reported = any(t.kind == TaskKind.URGENT_REPORT for t in draft.d.tasks.values())
    if tier.report_urgently and not reported:
        draft.open_task(TaskKind.URGENT_REPORT, draft.d.center, at=at, start_event=start_event)


def facts_of(draft: Draft) -> RiskFacts:
    """What the rules may look at: the registration, and what the handling has shown since."""
    d = draft.d
    last = next((m for m in reversed(d.meetings) if m.minutes_at), None)
    return RiskFacts.from_intake(
        d.facts,
        draft.policy,
        draft.now.date(),
        units_disagree=last is not None and last.agreed is False,
        hub_failed=d.hub_failed,
    )


def suggest(draft: Draft) -> None:
    """Suggest level, lead and co-units by the policy's rules; an officer confirms."""
    intake = draft.d.facts
    found = assess(intake, draft.policy, draft.now.date(), facts_of(draft))
    triggers = [
        ev.TriggerFired(code=i.code, text=i.text, level=i.level, basis=i.basis) for i in found.indicators
    ]
    draft.emit(ev.RiskSuggested(level=found.level, triggers=triggers))
    routing = route(intake, draft.policy)
    items = [
        ev.SubItemRouted(
            no=no,
            category=r.category,
            lead=None if r.lead and is_concerned(draft, r.lead) else r.lead,
            co=_unconcerned(draft, r.co),
            premium=r.category in draft.policy.premium_categories,
            needs_execution=r.category in draft.policy.execution_categories,
            refund=r.category in draft.policy.refund_categories,
        )
        for no, r in routing.sub_items.items()
    ]
    lead, co = routing.lead, _unconcerned(draft, routing.co)
    if lead and is_concerned(draft, lead):
        lead, co = (co[0], co[1:]) if co else (None, [])
        draft.emit(ev.Noted(text=f"{routing.lead}是被反映单位，不建议由其承办，请另定主办或组织会商"))
    draft.emit(ev.Routed(lead=lead, co=co, sub_items=items or [_WHOLE]))


def _unconcerned(draft: Draft, units: Iterable[UnitName]) -> list[UnitName]:
    """These units without any that the matter is about (信访工作条例: never to the unit complained of)."""
    return [u for u in units if not is_concerned(draft, u)]


_WHOLE = ev.SubItemRouted(no="1", category=None, lead=None, co=[], premium=False, needs_execution=False)
"""Stands for a matter in which nobody named a claim, so that it can be decided all the same."""


def require_review(draft: Draft) -> None:
    """Refuse what belongs before acceptance once it is past."""
    d = draft.d
    require_dispute(draft)
    if d.accepted_at or d.refused_at or d.transferred_at or d.merged_into:
        raise Declined("already_reviewed", "案件已作出受理或不予受理决定，不能重复初审")


def _may_ask_for_supplement(draft: Draft) -> None:
    require_review(draft)
    if draft.clocks("supplement"):
        raise Declined("pending", "已通知补正，须等补正或期满；补正内容应一次性告知")


@handles(RequestSupplement, _may_ask_for_supplement)
def request_supplement(draft: Draft, act: Act, body: RequestSupplement) -> None:
    """一次性补正通知; the 初审 clock stands still meanwhile."""
    draft.record(body)
    draft.enter(Stage.SUPPLEMENT)
    receiving = draft.policy.receiving
    first = [receiving.clock] if receiving else []
    draft.pause_clocks("等待补正", "triage", *first, *draft.legal_clocks("received"))
    due = draft.start_clock("supplement", draft.d.center, span=body.due).due_on
    missing = [*(i for i in body.items if i != "其他"), *([body.other] if body.other else [])]
    draft.document("补正通知书", 一次性清单=missing, 方式=body.way, 期限=due.isoformat())


@handles(ReceiveMaterial, always)
def receive_material(draft: Draft, act: Act, body: ReceiveMaterial) -> None:
    """Material comes in: complete, it ends a pending supplement; otherwise it is simply kept.

    What stood still runs on from the day it came in (行政复议法第三十一条, 收到补正材料后, 参照).
    """
    waiting = draft.d.stage == Stage.SUPPLEMENT
    if waiting and body.completes is None:
        raise Declined(
            "incomplete", "补正情况：本案正在补正，请选择已补齐、部分补齐或与补正无关", "completes"
        )
    draft.record(body)
    if waiting and body.completes == "已补齐":
        came = moment_on(draft, body.received_on)
        draft.stop_clocks("supplement", at=came)
        draft.resume_clocks(at=came)
        draft.enter(Stage.REVIEW)


def end_supplement(draft: Draft) -> None:
    """A decision on acceptance: nobody waits for material any more."""
    for clock in draft.clocks("supplement"):
        draft.lapse_clock(clock)
    draft.resume_clocks()


def _may_review_law(draft: Draft) -> None:
    require_dispute(draft)
    if draft.d.closed_at or draft.d.withdrawn_at or draft.d.transferred_at:
        raise Declined("closed", "案件已撤回、移送或办结，不能再办理此事项")
    if draft.d.accepted_at and not draft.d.open_tasks(TaskKind.LEGAL_REVIEW):
        raise Declined("not_asked", "本案已受理，没有提请法制审核")


@handles(GiveLegalReview, _may_review_law)
def give_legal_review(draft: Draft, act: Act, body: GiveLegalReview) -> None:
    """法制审核."""
    draft.record(body, m.LegalReviewGiven(result=body.result))
    draft.close_tasks(TaskKind.LEGAL_REVIEW, outcome="已审核")


def _may_report_urgently(draft: Draft) -> None:
    require_dispute(draft)
    if draft.d.closed_at:
        raise Declined("closed", "案件已办结，不能再办理此事项")


@handles(IssueUrgentReport, _may_report_urgently)
def issue_urgent_report(draft: Draft, act: Act, body: IssueUrgentReport) -> None:
    """紧急信息报告, by whoever in the matter, or of those who watch over the level, hears of it first."""
    to = draft.known(*body.to)
    draft.record(body)
    draft.document("紧急信息报告", 报送=to, 内容=body.situation, 措施=body.measures)
    draft.close_tasks(TaskKind.URGENT_REPORT, outcome="已报告")
