"""三（三）（四）: joint investigation, guidance to arbitration or court, disposition."""

from decimal import Decimal

from domain import actions as a, events as ev
from domain.actions import Act
from domain.agreement import check_guidance
from domain.decide.common import (
    execution_settled,
    participants,
    require_accepted,
    require_participant,
    taken,
    tasks_of,
)
from domain.decide.intake import lead_report
from domain.dispute import SubItem
from domain.draft import Draft, Refusal
from domain.words import Conclusion, MatterKind, Stage, Step

TWO_OFFICERS = 2
"""调查须有两名以上执法人员 (domain practice, §4 documents)."""


def investigate_report(draft: Draft, act: Act) -> None:
    """调查核实报告."""
    body = act.body
    assert isinstance(body, a.InvestigateReport)
    department = draft.policy.role_of(draft.unit) not in (None, "grid", "center", "mediation")
    if department and len(set(body.officers)) < TWO_OFFICERS:
        raise Refusal("two_officers", "部门调查须有两名以上人员，请补填调查人员", "officers")
    if draft.d.kind == MatterKind.LEAD:
        lead_report(draft, act)
        return
    require_accepted(draft)
    draft.require(not draft.is_party(), "承办单位")
    taken(draft, act)
    if not draft.d.disposed_at:
        draft.enter(Stage.INVESTIGATION)
    draft.document("调查笔录", issuer=draft.unit, 调查人员=body.officers)
    draft.document("调查核实报告", 认定=body.finding, 建议=body.suggestion)
    draft.close_tasks("investigate", outcome="已调查核实")


def guide(draft: Draft, act: Act) -> None:
    """仲裁、诉讼指引: shows ways, decides nothing, promises nothing a court will not do (法研〔2011〕31号)."""
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.GuideToArbitration)
    draft.require(draft.is_center() or draft.unit in participants(draft) or draft.is_role("court", "justice"), "综治中心")
    if not body.not_a_decision:
        raise Refusal("is_decision", "指引告知书不是处置决定，请注明“非决定”", "not_a_decision")
    promises = check_guidance(body.paths, draft.policy)
    if promises:
        raise Refusal(
            "promise", "指引不得作出承诺：" + "；".join(f"{p.text}（{p.article}）" for p in promises), "paths"
        )
    taken(draft, act)
    draft.document("仲裁/诉讼指引告知书", issuer=draft.d.center, 可选路径=body.paths)
    draft.close_tasks("investigate", outcome="已指引", stop=False)
    draft.enter(Stage.GUIDANCE)
    draft.once("await_choice", "跟踪当事人仲裁诉讼选择", draft.d.center, "guidance_choice")


def legal_document(draft: Draft, act: Act) -> None:
    """A proceeding elsewhere begins (internal clocks stand still) or ends (the dispute goes on)."""
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.LegalDocument)
    was_suspended = draft.d.suspended_at is not None
    taken(draft, act)
    draft.close_tasks("await_choice", outcome=body.document)
    if body.pauses_internal_clock:
        if not was_suspended:
            draft.pause_clocks(body.document)
            draft.enter(Stage.SUSPENDED)
            draft.open_task("suspension", "中止核查", draft.d.center, "suspension_review")
        return
    draft.close_tasks("suspension", outcome=body.document)
    if was_suspended:
        draft.resume_clocks()
        draft.enter(Stage.INVESTIGATION if not draft.d.disposed_at else Stage.EXECUTION)
    if not draft.d.disposed_at and not draft.d.open_tasks("handle") and draft.d.lead:
        draft.open_task("handle", "依法律文书继续办理", draft.d.lead, "assist")


def submit_opinion(draft: Draft, act: Act) -> None:
    """An opinion: the lead's settles its sub-items, a consulted unit's is heard."""
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.SubmitOpinion)
    d = draft.d
    item = d.sub_items.get(body.sub_item) if body.sub_item else None
    if body.sub_item and item is None:
        raise Refusal("unknown_claim", f"没有子项 {body.sub_item}", "sub_item")
    leads = {d.lead, item.lead if item else None}
    formal = act.unit in leads and body.role != "协办" and body.conclusion is not None
    if not formal:
        require_participant(draft)
        _hear(draft, act, body)
        return
    if d.informed_at and not d.rehandle_open:
        raise Refusal("informed", "结果已告知当事人，不能再改处置意见；如需纠正请走重新办理")
    _require_consulted(draft)
    _settle(draft, body, [body.sub_item] if body.sub_item else _undecided(draft, act))
    draft.document("处置意见书", issuer=draft.unit, 结论=body.conclusion, 依据=body.fact, 处置=body.act)
    documents_on_act(draft, body.act)
    close_finished_items(draft)
    if all(s.conclusion for s in draft.d.sub_items.values()) and not draft.d.informed_at:
        _dispose(draft)


def _hear(draft: Draft, act: Act, body: a.SubmitOpinion) -> None:
    mine = tasks_of(draft, act, "assist")
    draft.emit(ev.OpinionRecorded(body=body, formal=False))
    for task in mine:
        draft.close_task(task, "已反馈意见")


def _undecided(draft: Draft, act: Act) -> list[str]:
    """Sub-items an opinion without a number settles: the undecided ones, or all of them when it replaces an earlier one."""
    items = draft.d.sub_items.values()
    mine = [s for s in items if act.unit == draft.d.lead or s.lead == act.unit]
    return [s.no for s in mine if s.conclusion is None] or [s.no for s in mine]


def _require_consulted(draft: Draft) -> None:
    """The route's gate: a consultation must have been held (or every opinion be in or overdue), a joint meeting minuted."""
    d = draft.d
    gate = d.route[0] if d.route else None
    held = {m.form for m in d.meetings if m.minutes_at}
    if gate == Step.JOINT_MEETING and "联席会议" not in held:
        raise Refusal("no_joint_meeting", "联席会议尚未形成纪要，不能出具处置意见")
    if gate == Step.CONSULT and not held:
        waiting = [t.unit for t in d.open_tasks("assist")]
        late = {c.task_id for c in draft.clocks("opinion") if c.overdue_at(draft.now)}
        if any(t.id not in late for t in d.open_tasks("assist")):
            raise Refusal("not_consulted", f"会商尚未完成，等待意见的单位：{'、'.join(waiting)}")


def _settle(draft: Draft, body: a.SubmitOpinion, numbers: list[str | None]) -> None:
    """Record the conclusion with the premium it recognises; benefits never count as premium."""
    d = draft.d
    nos = [no for no in numbers if no]
    premium = any(d.sub_items[no].premium for no in nos)
    stated = body.recognised_amount if body.recognised_amount is not None else body.principal
    supported = body.conclusion != Conclusion.REJECT
    amount: Decimal | None = None
    if premium and supported:
        already = d.sub_items[nos[0]].paid if body.sub_item else d.paid
        amount = stated if stated is not None else (already or None)
    draft.emit(
        ev.OpinionRecorded(
            body=body,
            formal=True,
            items=nos,
            item_amount=amount if body.sub_item else None,
            total_amount=None if body.sub_item else amount,
        )
    )


def documents_on_act(draft: Draft, act: str | None) -> None:
    """Some acts are papers of their own (责令限期缴纳, 催告); the policy says which."""
    for rule in draft.policy.document_on_act:
        if act and rule.contains in act:
            draft.document(rule.document, issuer=draft.unit, 内容=act)


def _finished(item: SubItem) -> bool:
    if item.conclusion is None:
        return False
    if item.conclusion == Conclusion.REJECT or not item.needs_execution:
        return True
    return item.recognised is not None and item.paid >= item.recognised


def close_finished_items(draft: Draft) -> None:
    """子项办结: concluded, and paid as far as there is something to pay."""
    everything = all(s.conclusion for s in draft.d.sub_items.values()) and execution_settled(draft)
    for item in list(draft.d.sub_items.values()):
        if item.closed_at is None and (_finished(item) or everything):
            draft.emit(ev.SubItemClosed(no=item.no))


def _dispose(draft: Draft) -> None:
    """All sub-items are decided: the party is told next."""
    draft.close_tasks("handle", "assist", "investigate", "await_choice", outcome="已形成处置意见")
    draft.close_tasks("objection", "mediate", "convene", "minutes", outcome="已形成处置意见", stop=False)
    draft.enter(Stage.DISPOSED)
    notifier = draft.d.lead if draft.d.notifier == "lead" else draft.d.center
    draft.once("inform", "结果告知", notifier or draft.d.center, "result_notice")


