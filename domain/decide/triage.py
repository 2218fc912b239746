"""二、分类处置: acceptance at a level, dispatch and re-dispatch."""

from typing import Literal

from domain import actions as a
from domain import events as ev
from domain.actions import Act
from domain.deadlines import Deadline
from domain.decide.common import require_accepted, taken
from domain.decide.intake import end_supplement, owe_urgent_report, require_review
from domain.decide.level import confirm_level, require_nothing_pending, schedule_recheck, tier_named
from domain.decide.opening import open_route
from domain.decide.routes import accept
from domain.dispute import Task
from domain.draft import Draft, Refusal
from domain.policy import Tier
from domain.words import Stage, UnitName


def triage_confirm(draft: Draft, act: Act) -> None:
    """受理, 定级, 分流."""
    draft.require(draft.is_center(), draft.center)
    require_review(draft)
    body = act.body
    assert isinstance(body, a.TriageConfirm)
    require_nothing_pending(draft)
    tier = tier_named(draft, body.level, "level")
    route = _route(draft, tier, body.path)
    lead, co = _units(draft, body.lead, body.co)
    sub_leads = _sub_leads(draft, body)
    raised = confirm_level(draft, tier, body.note)
    taken(draft, act)
    if raised:
        draft.emit(raised)
    accept(draft, tier, route, lead, co, draft.known(*body.others), sub_leads)
    end_supplement(draft)
    draft.close_tasks("triage", outcome="受理")
    draft.enter(Stage.ACCEPTED)
    _stop_channel_clocks(draft)
    owe_urgent_report(draft, tier)
    draft.enter(Stage.TRIAGED)
    total = draft.start_clock(route.total, lead)
    _papers(draft, total)
    if _asks_review(draft, body) and not draft.d.legal_reviews:
        draft.open_task("legal_review", "法制审核", lead, "legal_review")
    dispatch_to(draft, lead, co)
    open_route(draft, route)
    schedule_recheck(draft)


def _asks_review(draft: Draft, body: a.TriageConfirm) -> bool:
    """Whether the officer flagged a ground that only 法制审核 may decide on."""
    codes = [code for code, rule in draft.policy.refusals.items() if rule.kind == "review"]
    return any(code in flag for code in codes for flag in body.flags)


def _route(draft: Draft, tier: Tier, path: str) -> Tier:
    route = draft.policy.tier_by_path(path)
    if route is None:
        paths = "、".join(t.path for t in draft.policy.tiers)
        raise Refusal("unknown_path", f"没有办理方式“{path}”，可用：{paths}", "path")
    if route.rank < tier.rank:
        raise Refusal("route_too_low", f"{tier.name}风险应走{tier.path}，不能按{path}办理", "path")
    return route


def _units(draft: Draft, lead: UnitName, co: list[UnitName]) -> tuple[UnitName, list[UnitName]]:
    """One lead and the units that help, by the county's names."""
    known, *helping = draft.known(lead, *co)
    if known in helping:
        raise Refusal("two_leads", f"{known}不能同时主办和协办", "co")
    return known, helping


def _papers(draft: Draft, total: Deadline) -> None:
    d = draft.d
    draft.document(
        "受理通知书",
        受理日=draft.now.date().isoformat(),
        期限=total.due_on.isoformat(),
        查询方式=f"凭案号 {d.case_no} 向{d.center}查询",
    )
    draft.document("风险评估表")


def _sub_leads(draft: Draft, body: a.TriageConfirm) -> dict[str, UnitName]:
    numbers = {r.no for r in draft.d.routed}
    for no in body.sub_items:
        if no not in numbers:
            raise Refusal(
                "unknown_claim", f"没有子项 {no}，本案子项：{'、'.join(sorted(numbers))}", "sub_items"
            )
    return dict(zip(body.sub_items, draft.known(*body.sub_items.values()), strict=True))


def _stop_channel_clocks(draft: Draft) -> None:
    rules = draft.policy.channel_clocks.get(draft.d.facts.channel, ())
    for clock in draft.clocks(*rules):
        if clock.start_event == "intake" or draft.d.was_lead:
            draft.stop_clock(clock)


def dispatch_to(draft: Draft, lead: UnitName, co: list[UnitName]) -> None:
    """派单: one lead, any number of co-units; each signs for it."""
    draft.open_task("handle", "主办", lead, "sign", "return_window", role="主办", returnable=True)
    for unit in co:
        draft.open_task(
            "assist", "协办", unit, "sign", "return_window", "opinion", role="协办", returnable=True
        )
    _order_paper(draft, lead, co)


def _order_paper(draft: Draft, lead: UnitName, co: list[UnitName], note: str | None = None) -> None:
    d = draft.d
    due = [c.due_on.isoformat() for c in d.open_clocks() if c.task_id is None and c.owner == lead]
    sign, window = draft.policy.clock("sign"), draft.policy.clock("return_window")
    draft.document(
        "交办单",
        主办=lead,
        协办=co,
        期限=due[-1] if due else None,
        要求=f"{sign.text}内签收；不属本单位职责的，{window.text}内写明理由退回",
        说明=note,
    )


def redispatch(draft: Draft, act: Act) -> None:
    """改派: a new signing clock for whom it concerns, never a new total clock."""
    draft.require(draft.is_center(), draft.center)
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.Dispatch)
    d = draft.d
    if d.disposed_at or d.level is None or d.path is None:
        raise Refusal("disposed", "已形成处置意见，不能改派；如需纠正请走重新办理")
    lead, co = _units(draft, body.lead, body.co)
    taken(draft, act)
    draft.close_tasks("redispatch", outcome="已改派")
    for task in d.open_tasks("handle", "assist"):
        if task.unit not in (lead, *co):
            draft.close_task(task, "改派他单位", stop=False)
    route = draft.policy.tier_by_path(d.path)
    assert route is not None
    accept(draft, draft.policy.tier(d.level), route, lead, co, d.told, {})
    for unit, role in [(lead, "主办"), *((u, "协办") for u in co)]:
        _readdress(draft, unit, lead=role == "主办")
    _order_paper(draft, lead, co, "改派")


def _readdress(draft: Draft, unit: UnitName, *, lead: bool) -> None:
    """Give a unit its role: turn its open task round, or open one (final when it is sent back to the same role)."""
    role = "主办" if lead else "协办"
    open_task = next((t for t in draft.d.open_tasks("handle", "assist") if t.unit == unit), None)
    if open_task and open_task.role == role:
        return
    if open_task:
        _turn_round(draft, open_task, role)
        return
    upheld = any(r.unit == unit and r.role == role and r.result == "退单" for r in draft.d.dispatches)
    clocks = ["sign"] if upheld else ["sign", "return_window"]
    if not lead:
        clocks.append("opinion")
    kind, title = ("handle", "主办") if lead else ("assist", "协办")
    draft.open_task(kind, title, unit, *clocks, role=role, returnable=not upheld)


def _turn_round(draft: Draft, task: Task, role: Literal["主办", "协办"]) -> None:
    draft.emit(ev.TaskChanged(task_id=task.id, role=role))
    for clock in [c for c in draft.clocks("sign", "return_window", "opinion") if c.task_id == task.id]:
        draft.lapse_clock(clock)
        if clock.rule_id != "opinion":
            draft.start_clock(clock.rule_id, task.unit, task_id=task.id, name=f"{clock.name}（改派后）")
    if role == "协办":
        draft.start_clock("opinion", task.unit, task_id=task.id)
