"""三（三）（四）: joint investigation, guidance to arbitration or court, disposition."""

import re
from decimal import Decimal

from domain import actions as a
from domain import events as ev
from domain.actions import Act
from domain.agreement import check_guidance
from domain.decide.common import (
    dispatched,
    execution_settled,
    item_settled,
    require_accepted,
    require_participant,
    taken,
    takes_part,
)
from domain.decide.leads import lead_report
from domain.decide.walk import deciding_step, require_decidable, require_step, stop_handling
from domain.dispute import SubItem
from domain.draft import Draft, Refusal
from domain.fold_actions import ends_proceeding
from domain.words import Conclusion, MatterKind, Stage, Step


def investigate_report(draft: Draft, act: Act) -> None:
    """调查核实报告."""
    body = act.body
    assert isinstance(body, a.InvestigateReport)
    rule = draft.policy.investigators
    if draft.policy.among(draft.unit, rule.units) and len(set(body.officers)) < rule.least:
        raise Refusal("two_officers", f"部门调查须有 {rule.least} 名以上人员，请补填调查人员", "officers")
    if draft.d.kind == MatterKind.LEAD:
        lead_report(draft, act)
        return
    require_accepted(draft)
    may = takes_part(draft) or draft.is_center() or draft.is_base()
    draft.require(may or draft.may(draft.policy.powers.investigate), "本案承办单位")
    require_step(draft, Step.INVESTIGATE)
    taken(draft, act)
    if not draft.d.disposed_at or draft.d.rehandle_open:
        draft.enter(Stage.INVESTIGATION)
    draft.document("调查笔录", 调查人员=body.officers)
    draft.document("调查核实报告", 认定=body.finding, 建议=body.suggestion)
    draft.close_tasks("investigate", outcome="已调查核实")


def guide(draft: Draft, act: Act) -> None:
    """仲裁、诉讼指引: shows ways, decides nothing, promises nothing a court will not do (法研〔2011〕31号)."""
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.GuideToArbitration)
    step = draft.tier.step(Step.GUIDE) if draft.tier else None
    may = draft.is_center() or takes_part(draft) or (step is not None and draft.unit == draft.owner(step))
    draft.require(may or draft.may(draft.policy.powers.guide), draft.center)
    require_step(draft, Step.GUIDE)
    if not body.not_a_decision:
        raise Refusal("is_decision", "指引告知书不是处置决定，请注明“非决定”", "not_a_decision")
    promises = check_guidance(body.paths, draft.policy)
    if promises:
        said = "；".join(f"{p.text}（{p.article}）" for p in promises)
        raise Refusal("promise", f"指引不得作出承诺：{said}", "paths")
    taken(draft, act)
    draft.document("仲裁/诉讼指引告知书", issuer=draft.d.center, 可选路径=body.paths)
    draft.close_tasks("guide", outcome="已指引")
    if not any(r.step == Step.INVESTIGATE for r in draft.d.required):
        draft.close_tasks("investigate", outcome="已指引", stop=False)
    draft.enter(Stage.GUIDANCE)
    if step and not draft.d.disposed_at:
        draft.once("await_choice", "跟踪当事人仲裁诉讼选择", draft.owner(step), step.clock)
    if draft.tier and deciding_step(draft.tier) is None:
        draft.close_tasks("handle", "assist", outcome="已指引", stop=False)
        draft.once("inform", "结果告知", draft.notifier(), "result_notice")


def legal_document(draft: Draft, act: Act) -> None:
    """A proceeding elsewhere begins (internal clocks stand still) or ends (the dispute goes on)."""
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.LegalDocument)
    was_suspended = draft.d.suspended_at is not None
    taken(draft, act)
    if body.pauses_internal_clock:
        draft.close_tasks("await_choice", outcome=body.document)
        if not was_suspended:
            draft.pause_clocks(body.document)
            draft.enter(Stage.SUSPENDED)
            draft.open_task("suspension", "中止核查", draft.d.center, "suspension_review")
    elif ends_proceeding(body):
        draft.close_tasks("await_choice", "suspension", outcome=body.document)
        if was_suspended:
            _resume(draft)
        if not draft.d.disposed_at and not dispatched(draft, "主办") and draft.d.lead:
            draft.open_task("handle", "依法律文书继续办理", draft.d.lead, "assist", role="主办")


def _resume(draft: Draft) -> None:
    draft.resume_clocks()
    if draft.d.disposed_at:
        draft.enter(Stage.EXECUTION if draft.d.informed_at else Stage.DISPOSED)
    elif draft.tier and draft.tier.has(Step.INVESTIGATE):
        draft.enter(Stage.INVESTIGATION)
    else:
        draft.enter(Stage.DIRECT)


def submit_opinion(draft: Draft, act: Act) -> None:
    """An opinion: the lead's settles its sub-items, a consulted unit's is heard."""
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.SubmitOpinion)
    d = draft.d
    if body.sub_item and body.sub_item not in d.sub_items:
        raise Refusal("unknown_claim", f"没有子项 {body.sub_item}", "sub_item")
    items = _items_to_settle(draft, act, body)
    if not items or body.role == "协办" or body.conclusion is None:
        require_participant(draft)
        _hear(draft, act, body)
        return
    if body.sub_item and d.recognised_total is not None and d.sub_items[body.sub_item].conclusion:
        raise Refusal("one_opinion", "该子项已与其他子项合并出具意见，请就全部子项重新出具", "sub_item")
    if d.informed_at and d.disposed_at and not d.rehandle_open:
        raise Refusal("informed", "结果已告知当事人，不能再改处置意见；如需纠正请走重新办理")
    require_decidable(draft)
    _settle(draft, body, items)
    draft.document(
        "处置意见书",
        结论=body.conclusion,
        依据=body.fact or body.reason,
        处置=body.act,
        子项=items,
    )
    documents_on_act(draft, body.act)
    close_finished_items(draft)
    if all(s.conclusion for s in draft.d.sub_items.values()):
        _dispose(draft)


def _items_to_settle(draft: Draft, act: Act, body: a.SubmitOpinion) -> list[str]:
    """The sub-items this unit may settle by this opinion; none when it answers for none of them.

    Without a number these are its undecided ones, or all of its own when the opinion replaces an earlier one.
    """
    d = draft.d
    step = deciding_step(draft.tier) if draft.tier else None
    decider = draft.owner(step) if step else d.lead
    mine = [s for s in d.sub_items.values() if act.unit in (d.lead, s.lead, decider)]
    if body.sub_item:
        return [s.no for s in mine if s.no == body.sub_item]
    return [s.no for s in mine if s.conclusion is None] or [s.no for s in mine]


def _hear(draft: Draft, act: Act, body: a.SubmitOpinion) -> None:
    draft.emit(ev.OpinionRecorded(body=body, formal=False))
    for task in dispatched(draft, "协办"):
        if task.unit == act.unit:
            draft.close_task(task, "已反馈意见")


def _settle(draft: Draft, body: a.SubmitOpinion, numbers: list[str]) -> None:
    """Record the conclusion with the premium it recognises; benefits never count as premium."""
    d = draft.d
    premium = any(d.sub_items[no].premium for no in numbers)
    stated = body.recognised_amount if body.recognised_amount is not None else body.principal
    amount: Decimal | None = None
    alone = len(numbers) == 1
    if premium and body.conclusion != Conclusion.REJECT:
        already = d.sub_items[numbers[0]].paid if alone else d.paid
        amount = stated if stated is not None else (already or None)
    draft.emit(
        ev.OpinionRecorded(
            body=body,
            formal=True,
            items=numbers,
            item_amount=amount if alone else None,
            total_amount=None if alone else amount,
        )
    )


_REFUSED = re.compile(r"不(?:予|能|应)?(?:支持|退|办理|受理)|驳回|不成立|无(?:法律|政策)?依据")


def finish_on_the_spot(draft: Draft, answer: str | None) -> None:
    """当场办结: the answer is the disposition too. What is finished so was granted, unless the answer says not."""
    said = answer or ""
    partly = Conclusion.PARTLY if "部分支持" in said else Conclusion.SUPPORT
    conclusion = Conclusion.REJECT if _REFUSED.search(said) else partly
    items = [s.no for s in draft.d.sub_items.values() if s.conclusion is None]
    _settle(draft, a.SubmitOpinion(conclusion=conclusion, content=answer), items)
    close_finished_items(draft)
    _dispose(draft)


def documents_on_act(draft: Draft, act: str | None) -> None:
    """Some acts are papers of their own (责令限期缴纳, 催告); the policy says which, and whose."""
    for rule in draft.policy.document_on_act:
        if act and rule.contains in act:
            draft.document(rule.document, issuer=_paper_of(draft, rule.document), 内容=act)


def _paper_of(draft: Draft, name: str) -> str | None:
    """A branch issues its papers itself; a department leaves another's paper to the one whose it is."""
    return draft.unit if draft.is_base() or draft.is_role(draft.policy.documents[name].issuer) else None


def _finished(item: SubItem) -> bool:
    return item.conclusion is not None and item_settled(item)


def close_finished_items(draft: Draft) -> None:
    """子项办结: concluded, and paid as far as there is something to pay."""
    everything = all(s.conclusion for s in draft.d.sub_items.values()) and execution_settled(draft)
    for item in list(draft.d.sub_items.values()):
        if item.closed_at is None and (_finished(item) or (everything and item.conclusion)):
            draft.emit(ev.SubItemClosed(no=item.no))


def _dispose(draft: Draft) -> None:
    """All sub-items are decided: the party is told next. Whoever still owed an opinion owes it no more."""
    stop_handling(draft)
    draft.close_tasks("investigate", "await_choice", "dispose", outcome="已形成处置意见")
    draft.close_tasks(
        "handle", "assist", "redispatch", "objection", "mediate", "convene", "minutes",
        outcome="已形成处置意见", stop=False,
    )  # fmt: skip
    draft.enter(Stage.DISPOSED)
    draft.close_tasks("inform", outcome="处置意见已更替", stop=False)
    draft.open_task("inform", "结果告知", draft.notifier(), "result_notice")
