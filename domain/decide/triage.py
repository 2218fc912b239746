"""二、分类处置: acceptance at a level, dispatch and re-dispatch."""

from typing import Literal

from domain import events as ev
from domain.actions import Act
from domain.actions.triage import REDISPATCH, AcceptCase, ChangeUnits, DecideReturn, SubLead
from domain.deadlines import Deadline
from domain.decide import writing
from domain.decide.common import require_accepted, require_not_concerned
from domain.decide.intake import end_supplement, owe_urgent_report, require_review
from domain.decide.level import (
    confirm_level,
    draw_assessment,
    require_nothing_pending,
    schedule_recheck,
    tier_named,
)
from domain.decide.opening import open_route
from domain.decide.registry import handles
from domain.decide.routes import accept
from domain.declined import Declined
from domain.draft import Draft
from domain.meanings import handling as m
from domain.policy import Tier
from domain.state import Task
from domain.tasks import TaskKind
from domain.words import Stage, UnitName


def _may_accept(draft: Draft) -> None:
    require_review(draft)
    require_nothing_pending(draft)


@handles(AcceptCase, _may_accept)
def accept_case(draft: Draft, act: Act, body: AcceptCase) -> None:
    """受理, 定级, 分流."""
    tier = tier_named(draft, body.level, "level")
    route = _route(draft, tier, body.path)
    lead, co = _units(draft, body.lead, body.co)
    sub_leads = _sub_leads(draft, body.sub_leads)
    raised = confirm_level(draft, tier, body.level_reason)
    reviewed = _reviewed(draft, body)
    if draft.d.facts.confidential and body.protect_applicant is None:
        raise Declined(
            "incomplete", "申请人要求保密，请选择是否对承办单位隐去申请人身份", "protect_applicant"
        )
    told = draft.known(*body.told)
    called = m.PartyContacted(way=body.contact, on=body.contacted_on, unreached=body.unreached)
    draft.record(body, called, *([m.TriageNoted(confidential=True)] if body.protect_applicant else []))
    if raised:
        draft.emit(raised)
    accept(draft, tier, route, lead, co, told, sub_leads)
    end_supplement(draft)
    draft.close_tasks(TaskKind.TRIAGE, TaskKind.FIRST_ANSWER, outcome="受理")
    draft.enter(Stage.ACCEPTED)
    _stop_channel_clocks(draft)
    owe_urgent_report(draft, tier)
    draft.enter(Stage.TRIAGED)
    total = draft.start_clock(route.total, lead)
    for rule_id in draft.legal_clocks("accepted"):
        draft.start_clock(rule_id, lead)
    _notice(draft, total)
    draw_assessment(draft, body.learned, reviewed)
    if reviewed and not draft.d.legal_reviews:
        draft.open_task(TaskKind.LEGAL_REVIEW, lead, ref="、".join(reviewed))
    dispatch_to(draft, lead, co)
    open_route(draft, route)
    schedule_recheck(draft)


def _reviewed(draft: Draft, body: AcceptCase) -> list[str]:
    """The grounds that only 法制审核 may decide on; refused when one is not among the policy's."""
    known = [code for code, rule in draft.policy.refusals.items() if rule.kind == "review"]
    for code in body.legal_review:
        if code not in known:
            raise Declined(
                "unknown_code", f"“{code}”不在须法制审核的事项中，可选：{'、'.join(known)}", "legal_review"
            )
    return body.legal_review


def _route(draft: Draft, tier: Tier, path: str) -> Tier:
    route = draft.policy.tier_by_path(path)
    if route is None:
        paths = "、".join(t.path for t in draft.policy.tiers)
        raise Declined("unknown_path", f"没有办理方式“{path}”，可用：{paths}", "path")
    if route.rank < tier.rank:
        raise Declined("route_too_low", f"{tier.name}风险应走{tier.path}，不能按{path}办理", "path")
    return route


def _units(draft: Draft, lead: UnitName, co: list[UnitName]) -> tuple[UnitName, list[UnitName]]:
    """One lead and the units that help, by the county's names."""
    known, *helping = draft.known(lead, *co)
    if known in helping:
        raise Declined("two_leads", f"{known}不能同时主办和协办", "co")
    require_not_concerned(draft, [known], "主办本案", "lead")
    require_not_concerned(draft, helping, "协办本案", "co")
    return known, helping


def _notice(draft: Draft, total: Deadline) -> None:
    d = draft.d
    draft.document(
        "受理通知书",
        受理日=draft.now.date().isoformat(),
        期限=total.due_on.isoformat(),
        查询方式=f"凭案号 {d.case_no} 向{d.center}查询",
    )


def _sub_leads(draft: Draft, rows: list[SubLead]) -> dict[str, UnitName]:
    numbers = {r.no for r in draft.d.routed}
    for row in rows:
        if row.claim not in numbers:
            known = "、".join(sorted(numbers))
            raise Declined("unknown_claim", f"没有子项 {row.claim}，本案子项：{known}", "sub_leads")
    units = draft.known(*(r.unit for r in rows))
    require_not_concerned(draft, units, "主办本案的子项", "sub_leads")
    return {row.claim: unit for row, unit in zip(rows, units, strict=True)}


def _stop_channel_clocks(draft: Draft) -> None:
    for clock in draft.clocks(*draft.legal_clocks("received")):
        if clock.start_event == "intake" or draft.d.was_lead:
            draft.stop_clock(clock)


def dispatch_to(draft: Draft, lead: UnitName, co: list[UnitName]) -> None:
    """派单: one lead, any number of co-units; each signs for it."""
    draft.open_task(TaskKind.HANDLE, lead, role="主办", returnable=True)
    for unit in co:
        draft.open_task(TaskKind.ASSIST, unit, role="协办", returnable=True)
    _order_paper(draft, lead, co)


def _order_paper(draft: Draft, lead: UnitName, co: list[UnitName], note: str | None = None) -> None:
    d = draft.d
    due = [c.due_on.isoformat() for c in d.open_clocks() if c.task_id is None and c.owner == lead]
    sign, window = draft.policy.clock("sign"), draft.policy.clock(draft.by_law("return_window"))
    draft.document(
        "交办单",
        主办=lead,
        协办=co,
        期限=due[-1] if due else None,
        要求=f"{sign.text}内签收；不属本单位职责的，{window.text}内写明理由退回",
        说明=note,
    )


def _require_redispatchable(draft: Draft) -> None:
    require_accepted(draft)
    if draft.d.disposed_at or draft.d.level is None or draft.d.path is None:
        raise Declined("disposed", "已形成处置意见，不能改派；如需纠正请走重新办理")


def _may_decide_return(draft: Draft) -> None:
    _require_redispatchable(draft)
    if not draft.d.open_tasks(TaskKind.RETURN_REVIEW):
        raise Declined("nothing_pending", "没有等待审核的退单")


@handles(DecideReturn, _may_decide_return)
def decide_return(draft: Draft, act: Act, body: DecideReturn) -> None:
    """退单审核: other units, or the same again, then final."""
    d = draft.d
    if body.decision == REDISPATCH and body.lead:
        lead, co = _units(draft, body.lead, body.co)
    else:
        returned = [r for r in d.dispatches if r.result == "退单"][-1]
        others = [t.unit for t in d.open_tasks(TaskKind.HANDLE, TaskKind.ASSIST) if t.role == "协办"]
        lead = returned.unit if returned.role == "主办" else (d.lead or returned.unit)
        co = [u for u in dict.fromkeys([*d.co, *others]) if u != lead]
    draft.record(body)
    draft.close_tasks(TaskKind.RETURN_REVIEW, outcome=body.decision)
    _redispatch(draft, lead, co, writing.joined(body.decision, body.reason))


def _may_change_units(draft: Draft) -> None:
    _require_redispatchable(draft)
    if draft.d.open_tasks(TaskKind.RETURN_REVIEW):
        raise Declined("return_waits", "有退单等待审核，请先审核退单")


@handles(ChangeUnits, _may_change_units)
def change_units(draft: Draft, act: Act, body: ChangeUnits) -> None:
    """改派 without a return."""
    lead, co = _units(draft, body.lead, body.co)
    if lead == draft.d.lead and set(co) == set(draft.d.co):
        raise Declined("no_change", "没有任何调整，主办、协办与现在相同", "lead")
    draft.record(body)
    _redispatch(draft, lead, co, f"改派：{body.reason_code}")


def _redispatch(draft: Draft, lead: UnitName, co: list[UnitName], why: str) -> None:
    """改派: a new signing clock for whom it concerns, never a new total clock."""
    d = draft.d
    for task in d.open_tasks(TaskKind.HANDLE, TaskKind.ASSIST):
        if task.unit not in (lead, *co):
            draft.close_task(task, "改派他单位", stop=False)
    route = draft.policy.tier_by_path(d.path or "")
    assert route is not None
    accept(draft, draft.policy.tier(d.level or ""), route, lead, co, d.told, {})
    for unit, role in [(lead, "主办"), *((u, "协办") for u in co)]:
        _readdress(draft, unit, lead=role == "主办")
    _order_paper(draft, lead, co, why)


def _readdress(draft: Draft, unit: UnitName, *, lead: bool) -> None:
    """Give a unit its role: turn its open task round, or open one (final when it is sent back to the same role)."""
    role = "主办" if lead else "协办"
    open_task = next(
        (t for t in draft.d.open_tasks(TaskKind.HANDLE, TaskKind.ASSIST) if t.unit == unit), None
    )
    if open_task and open_task.role == role:
        return
    if open_task:
        _turn_round(draft, open_task, role)
        return
    upheld = any(r.unit == unit and r.role == role and r.result == "退单" for r in draft.d.dispatches)
    clocks = ["sign"] if upheld else ["sign", "return_window"]
    if not lead:
        clocks.append("opinion")
    kind = TaskKind.HANDLE if lead else TaskKind.ASSIST
    draft.open_task(kind, unit, *clocks, role=role, returnable=not upheld)


def _turn_round(draft: Draft, task: Task, role: Literal["主办", "协办"]) -> None:
    draft.emit(ev.TaskChanged(task_id=task.id, role=role))
    for clock in [c for c in draft.clocks("sign", "return_window", "opinion") if c.task_id == task.id]:
        draft.lapse_clock(clock)
        if clock.rule_id != "opinion":
            draft.start_clock(clock.rule_id, task.unit, task_id=task.id, name=f"{clock.name}（改派后）")
    if role == "协办":
        draft.start_clock("opinion", task.unit, task_id=task.id)
