"""四、后续执行: telling the party, payments, enforcement."""

from decimal import Decimal

from domain import actions as a
from domain.actions import Act
from domain.decide.common import execution_settled, require_accepted, taken
from domain.decide.disposal import close_finished_items, documents_on_act
from domain.decide.intake import refusal_notice
from domain.draft import Draft, Refusal
from domain.words import Stage


def notify_party(draft: Draft, act: Act) -> None:
    """结果告知: the lead tells the party what it handled alone, the 综治中心 what was handled jointly (annex, 四)."""
    d = draft.d
    if d.refused_at:
        refusal_notice(draft, act)
        return
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.NotifyParty)
    if d.notifier == "lead":
        draft.require(act.unit == d.lead, f"主办单位{d.lead}（直办件由主办单位告知）")
    else:
        draft.require(draft.is_center(), "综治中心（联合处置件由综治中心告知）")
    if not (d.disposed_at or d.guided_at):
        raise Refusal("no_disposition", "尚未形成处置意见，不能告知结果")
    sources = [s.source_no for s in d.sources]
    missing = [s for s in sources if body.answers and s not in body.answers]
    if missing:
        raise Refusal("unanswered", f"并案件须逐号答复，尚缺渠道单号 {'、'.join(missing)}", "answers")
    taken(draft, act)
    draft.document(
        "办理结果告知书", issuer=draft.unit, answers_sources=sources, 结论=body.result, 同时告知=body.also_to
    )
    draft.close_tasks("inform", "rehandle", "explain", "await_choice", outcome="已告知")
    tier = draft.policy.tier_by_path(d.path or "")
    draft.stop_clocks(*([tier.total] if tier else []))
    draft.stop_clocks(*(r for rules in draft.policy.channel_clocks.values() for r in rules))
    draft.enter(Stage.INFORMED)
    _after_informed(draft)


def _after_informed(draft: Draft) -> None:
    again = any(c.satisfaction for c in draft.d.calls)
    draft.once(
        "callback", "回访", draft.d.center, "second_callback" if again else "first_callback"
    )
    if execution_settled(draft) or not draft.d.disposed_at:
        draft.enter(Stage.CALLBACK)
    else:
        begin_execution(draft)


def begin_execution(draft: Draft) -> None:
    """The departments carry out what was decided."""
    d = draft.d
    draft.enter(Stage.EXECUTION)
    draft.once("execute", "后续执行", d.lead or d.center, "execution")
    owing = any(s.premium and s.conclusion != "不支持" for s in d.sub_items.values())
    if owing and not any(p.name == "限期缴纳通知书" for p in d.documents):
        draft.document("限期缴纳通知书", issuer=draft.role("tax"), 本金=str(d.recognised or ""))


def payment_received(draft: Draft, act: Act) -> None:
    """到账, in parts if need be; the late fee is kept apart."""
    d = draft.d
    body = act.body
    assert isinstance(body, a.PaymentReceived)
    require_accepted(draft)
    if body.sub_item and body.sub_item not in d.sub_items:
        raise Refusal("unknown_claim", f"没有子项 {body.sub_item}", "sub_item")
    taken(draft, act)
    _stop_instalments(draft, body.instalment)
    close_finished_items(draft)
    settle(draft)


def _stop_instalments(draft: Draft, number: int | None) -> None:
    """Stop the clocks of the instalments now paid; one that has run out stays as it is."""
    mediation = draft.d.mediation
    if mediation is None:
        return
    clocks = [c for c in draft.d.clocks.values() if c.rule_id == "instalment"]
    due = Decimal(0)
    for index, (clock, part) in enumerate(zip(clocks, mediation.instalments, strict=False), start=1):
        due += part.amount
        if clock.is_open and (index == number or draft.d.paid >= due) and not clock.overdue_at(draft.now):
            draft.stop_clock(clock)


def settle(draft: Draft) -> None:
    """When nothing is left to execute, the callback is next."""
    if not draft.d.informed_at or not execution_settled(draft):
        return
    draft.close_tasks("execute", outcome="执行完毕")
    close_finished_items(draft)
    if draft.d.stage == Stage.EXECUTION:
        draft.enter(Stage.CALLBACK)
    if not draft.d.open_tasks("callback", "close", "reopen", "supervise", "rehandle"):
        draft.open_task("callback", "再次回访", draft.d.center, "second_callback")


def enforce_report(draft: Draft, act: Act) -> None:
    """执行反馈; compulsory enforcement only after the reminder's ten working days (行政强制法 54)."""
    require_accepted(draft)
    draft.require(not draft.is_party(), "执行单位")
    body = act.body
    assert isinstance(body, a.EnforceReport)
    if not (draft.d.disposed_at or draft.d.guided_at):
        raise Refusal("no_disposition", "尚未形成处置意见，不能反馈执行情况")
    _require_reminder_ran_out(draft, body.act)
    taken(draft, act)
    documents_on_act(draft, body.act)
    if body.act and "催告" in body.act:
        draft.start_clock("enforcement_earliest", draft.unit)
    if draft.d.stage == Stage.REHANDLE:
        draft.enter(Stage.EXECUTION)
    settle(draft)


def _require_reminder_ran_out(draft: Draft, act: str | None) -> None:
    if not act or "强制执行" not in act:
        return
    waits = [c for c in draft.d.clocks.values() if c.rule_id == "enforcement_earliest"]
    if not waits:
        raise Refusal("no_reminder", "申请强制执行前须先催告（行政强制法第五十四条）", "act")
    for clock in waits:
        if clock.is_open and draft.now <= clock.due_at:
            raise Refusal(
                "too_early", f"催告送达十日后（{clock.due_on} 之后）方可申请强制执行（行政强制法第五十四条）", "act"
            )
    draft.stop_clocks("enforcement_earliest")
