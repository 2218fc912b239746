"""一、争议受理: registration, supplement, refusal and transfer, leads, mergers."""

from datetime import datetime

from domain import actions as a, events as ev
from domain.actions import Act
from domain.decide.common import taken, tasks_of
from domain.decide.ending import archive, end
from domain.draft import Draft, Refusal
from domain.intake import Applicant, Claim, Intake
from domain.risk import assess
from domain.routing import route
from domain.words import Channel, MatterKind, Stage, UnitName


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
        )
    )
    if intake.kind == MatterKind.LEAD:
        draft.enter(Stage.LEAD)
        for unit in to or [center]:
            _open_lead_check(draft, draft.known(unit)[0])
        return
    begin_review(draft, intake.received_at, "intake")


def begin_review(draft: Draft, at: datetime, start_event: str) -> None:
    """Open the 初审 with its clocks; suggest risk and units."""
    d = draft.d
    draft.enter(Stage.REVIEW)
    for rule_id in draft.policy.channel_clocks.get(d.facts.channel, ()):
        draft.start_clock(rule_id, d.center, at=at, start_event=start_event)
    task_id = draft.open_task("triage", "初审分级", d.center)
    draft.start_clock("triage", d.center, task_id=task_id, at=at, start_event=start_event)
    suggest(draft)
    suggested = draft.d.suggested
    if suggested and suggested == draft.policy.tiers[-1].name and len(draft.policy.tiers) > 1:
        report = draft.open_task("urgent_report", "紧急信息报告", d.center)
        draft.start_clock("urgent_report", d.center, task_id=report, at=at, start_event=start_event)


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
        )
        for no, r in routing.sub_items.items()
    ]
    draft.emit(ev.Routed(lead=routing.lead, co=list(routing.co), sub_items=items))


def _open_lead_check(draft: Draft, unit: UnitName) -> None:
    draft.open_task("lead_check", "线索核查", unit, "lead_check")


def register_lead(draft: Draft, act: Act) -> None:
    """登记线索: note a lead, hand it to units, or leave one behind when a dispute ends."""
    body = act.body
    assert isinstance(body, a.RegisterLead)
    to = draft.known(*body.to)
    if draft.d.kind == MatterKind.LEAD:
        taken(draft, act)
        if to:
            draft.close_tasks("lead_check", outcome="已交办")
            for unit in to:
                _open_lead_check(draft, unit)
        return
    draft.require(not draft.is_party(), "综治中心或成员单位")
    taken(draft, act)
    draft.close_tasks("register_lead", outcome="已登记线索")
    spawn_lead(draft, body.subject, to or [draft.role("hrss")])
    if draft.d.refused_at:
        draft.enter(Stage.LEAD)
        end(draft, "转线索", "不予受理，已转线索核查")
        archive(draft)


def spawn_lead(draft: Draft, subject: str | None, to: list[UnitName]) -> None:
    """Let a lead go on by itself; nothing of the reporter goes with it (信访工作条例 30)."""
    d = draft.d
    number = len(d.spawned) + 1
    claims = [Claim(no=c.no, insurance=c.insurance, regime=c.regime, type=c.type) for c in d.facts.claims]
    intake = Intake(
        kind=MatterKind.LEAD,
        channel=Channel.SPAWNED,
        received_by=d.center,
        source_no=f"{d.case_no}-线索{number}",
        received_at=draft.now,
        applicant=Applicant(anonymous=True),
        respondents=[r.model_copy(update={"note": None}) for r in d.facts.respondents],
        narrative=subject or "关联案件中发现用人单位涉嫌违反社会保险规定，请核查",
        claims=claims,
        linked_to=d.id,
    )
    draft.emit(ev.LeadSpawned(lead_id=f"{d.id}-lead{number}", intake=intake, to=to))


def convert_lead(draft: Draft, act: Act) -> None:
    """线索转争议; the intake clocks start at this moment."""
    draft.require(not draft.is_party(), "综治中心")
    if draft.d.kind != MatterKind.LEAD:
        raise Refusal("not_a_lead", "本案已是争议案件，无需再转")
    taken(draft, act)
    draft.close_tasks("lead_check", outcome="线索转争议")
    draft.emit(ev.Converted(case_no=draft.number(draft.policy.county.case_prefix)))
    begin_review(draft, draft.now, draft.action_id)


def lead_report(draft: Draft, act: Act) -> None:
    """A unit reports what its check of a lead found; the lead ends with the last report."""
    tasks = tasks_of(draft, act, "lead_check")
    if not tasks and not draft.is_center():
        raise Refusal("no_task", f"{act.unit}没有待核查的线索任务", "unit")
    taken(draft, act, task=tasks[0] if tasks else None)
    for task in tasks or draft.d.open_tasks("lead_check"):
        draft.close_task(task, "已核查")
    if not draft.d.open_tasks("lead_check"):
        body = act.body
        assert isinstance(body, a.InvestigateReport)
        end(draft, "线索办结", body.converted_to or "线索核查完毕，登记留存")
        archive(draft)


def require_review(draft: Draft) -> None:
    """Refuse what belongs before acceptance once it is past."""
    d = draft.d
    if d.kind == MatterKind.LEAD:
        raise Refusal("lead", "线索须先转为争议，才能初审")
    if d.accepted_at or d.refused_at or d.merged_into:
        raise Refusal("already_reviewed", "案件已作出受理或不予受理决定，不能重复初审")


def request_supplement(draft: Draft, act: Act) -> None:
    """一次性补正通知; the 初审 clock stands still meanwhile."""
    draft.require(draft.is_center(), "综治中心")
    require_review(draft)
    body = act.body
    assert isinstance(body, a.RequestSupplement)
    taken(draft, act)
    draft.enter(Stage.SUPPLEMENT)
    draft.document("补正通知书", 一次性清单=body.missing, 方式=body.method)
    draft.pause_clocks("等待补正")
    draft.start_clock("supplement", draft.d.center)


def supplement_material(draft: Draft, act: Act) -> None:
    """Material comes in: ends a pending supplement, otherwise is simply kept."""
    taken(draft, act)
    if draft.d.stage == Stage.SUPPLEMENT:
        draft.stop_clocks("supplement")
        draft.resume_clocks()
        draft.enter(Stage.REVIEW)


def decide_not_accept(draft: Draft, act: Act) -> None:
    """不予受理: by code, in writing, the right way named; some codes are never refusals."""
    draft.require(draft.is_center(), "综治中心")
    require_review(draft)
    body = act.body
    assert isinstance(body, a.DecideNotAccept)
    kinds = {_refusal_kind(draft, r) for r in body.refusals()}
    taken(draft, act)
    details = [
        {"代码": r.code, "子项": r.claim, "正确途径": r.redirect or draft.policy.refusals[r.code].redirect}
        for r in body.refusals()
    ]
    draft.document("不予受理/移送告知书", 事项=details)
    named = {r.claim for r in body.refusals() if r.claim}
    if named and named < {c.no for c in draft.d.facts.claims}:
        return
    draft.enter(Stage.REFUSED)
    draft.close_tasks("triage", outcome="不予受理")
    draft.close_tasks("urgent_report", outcome="不予受理", stop=False)
    if "lead" in kinds:
        draft.stop_clocks("intake_notice")
        draft.open_task("register_lead", "登记线索", draft.d.center, "lead_register")
    else:
        draft.open_task("refusal_notice", "书面告知并移送", draft.d.center, "result_notice")


def _refusal_kind(draft: Draft, refusal: a.Refusal) -> str:
    rule = draft.policy.refusals.get(refusal.code)
    if rule is None:
        known = "、".join(draft.policy.refusals)
        raise Refusal("unknown_code", f"没有不予受理代码 {refusal.code}，可用：{known}", "code")
    if rule.kind == "merge":
        raise Refusal("merge", f"{refusal.code}（{rule.name}）应并案办理，不得不予受理", "code")
    if rule.kind == "review" and not draft.d.legal_reviews:
        raise Refusal("needs_review", f"{refusal.code}（{rule.name}）须先经法制审核，不得径行不予受理", "code")
    if not (refusal.redirect or rule.redirect):
        raise Refusal("no_redirect", "不予受理须告知正确途径", "redirect")
    return rule.kind


def refusal_notice(draft: Draft, act: Act) -> None:
    """The written notice and transfer that end a refused matter."""
    draft.require(draft.is_center(), "综治中心")
    taken(draft, act)
    draft.close_tasks("refusal_notice", outcome="已书面告知")
    draft.stop_clocks(*draft.policy.channel_clocks.get(draft.d.facts.channel, ()))
    draft.enter(Stage.TRANSFERRED)
    end(draft, "不予受理移送", "不予受理，已书面告知正确途径并移送")
    archive(draft)


def merge_into(draft: Draft, act: Act) -> None:
    """并案, confirmed by an officer: this matter goes on under its parent, which answers both."""
    draft.require(draft.is_center(), "综治中心")
    body = act.body
    assert isinstance(body, a.MergeInto)
    parent = draft.related.get(body.parent)
    if parent is None:
        raise Refusal("unknown_parent", f"没有渠道单号为 {body.parent} 的案件", "parent")
    if parent.dispute_id == draft.d.id:
        raise Refusal("same_matter", "不能并入本案自身", "parent")
    if not parent.is_open:
        raise Refusal("parent_closed", f"{parent.case_no} 已办结，不能并入，请改为关联", "parent")
    if draft.d.disposed_at or draft.d.closed_at:
        raise Refusal("too_late", "本案已形成处置意见，不能再并案")
    taken(draft, act)
    draft.cancel_everything("并案")
    for clock in list(draft.d.open_clocks()):
        draft.lapse_clock(clock)
    draft.enter(Stage.MERGED)
    end(draft, "并案", f"并入 {parent.case_no}")
    archive(draft)


def absorb(draft: Draft, act: Act) -> None:
    """Take over a merged matter's source number and its channel's clock."""
    draft.require(draft.is_role("system"), "系统")
    body = act.body
    assert isinstance(body, a.Absorb)
    if any(s.source_no == body.source_no and s.channel == body.channel for s in draft.d.sources):
        return
    taken(draft, act)
    for rule_id in draft.policy.channel_clocks.get(Channel(body.channel), ()):
        if rule_id != "intake_notice":
            draft.start_clock(
                rule_id, draft.d.center, at=body.received_at, start_event=body.received_at.isoformat()
            )


def link_case(draft: Draft, act: Act) -> None:
    """关联; both matters go on by themselves."""
    draft.require(draft.is_center(), "综治中心")
    taken(draft, act)


def legal_review(draft: Draft, act: Act) -> None:
    """法制审核."""
    draft.require(not draft.is_party(), "法制审核人员")
    taken(draft, act)
    draft.close_tasks("legal_review", outcome="已审核")


def urgent_report(draft: Draft, act: Act) -> None:
    """紧急信息报告."""
    draft.require(draft.is_center() or draft.is_role("joint_office", "petition"), "综治中心")
    taken(draft, act)
    draft.close_tasks("urgent_report", outcome="已报告")


