"""四、后续执行: telling the party, payments, enforcement."""

import re
from decimal import Decimal

from domain import actions as a
from domain import events as ev
from domain.actions import Act
from domain.decide.common import execution_settled, require_accepted, taken, takes_part
from domain.decide.disposal import close_finished_items, documents_on_act, finish_on_the_spot
from domain.decide.intake import explained
from domain.decide.refusal import refusal_notice
from domain.decide.walk import require_decidable, require_route_ended
from domain.draft import Draft, Refusal
from domain.words import Conclusion, Stage, Step


def notify_party(draft: Draft, act: Act) -> None:
    """结果告知: the lead tells the party what it handled alone, the 综治中心 what was handled jointly (annex, 四)."""
    d = draft.d
    if d.refused_at:
        refusal_notice(draft, act)
        return
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.NotifyParty)
    _require_notifier(draft, act)
    on_the_spot = _is_on_the_spot(draft)
    if on_the_spot:
        require_decidable(draft)
    else:
        _require_something_to_tell(draft)
    sources = [s.source_no for s in d.sources]
    missing = [s for s in sources if body.answers and s not in body.answers]
    if missing:
        raise Refusal("unanswered", f"并案件须逐号答复，尚缺渠道单号 {'、'.join(missing)}", "answers")
    again_explained = bool(d.open_tasks("explain"))
    if on_the_spot:
        finish_on_the_spot(draft, body.result)
    taken(draft, act)
    draft.document(
        "办理结果告知书",
        answers_sources=sources,
        结论=body.result or [o.body.conclusion for o in d.opinions if o.formal],
        执行安排="由主办单位按处置意见执行，并接受回访",
        同时告知=body.also_to,
    )
    draft.close_tasks("inform", "rehandle", "await_choice", outcome="已告知")
    _stop_handling_clocks(draft)
    if again_explained:
        explained(draft)
        return
    draft.enter(Stage.INFORMED)
    _after_informed(draft)


def _is_on_the_spot(draft: Draft) -> bool:
    """Whether the answer is the disposition too: 当场办结, by its own owner, where nothing has been decided yet."""
    step = draft.tier.step(Step.ON_THE_SPOT) if draft.tier else None
    undecided = not (draft.d.disposed_at or draft.d.guided_at)
    return step is not None and undecided and draft.unit == draft.owner(step)


def _require_notifier(draft: Draft, act: Act) -> None:
    if draft.d.notifier == "lead":
        lead = draft.d.lead
        draft.require(act.unit == lead, f"主办单位{lead}（直办件由主办单位告知）")
    elif draft.d.notifier == "center":
        draft.require(draft.is_center(), f"{draft.center}（联合处置件由其告知）")
    else:
        draft.require(act.unit == draft.notifier(), draft.notifier())


def _require_something_to_tell(draft: Draft) -> None:
    d = draft.d
    if not (d.disposed_at or d.guided_at):
        raise Refusal("no_disposition", "尚未形成处置意见，不能告知结果")
    require_route_ended(draft)
    if any(t.ref != "当事人" for t in d.open_tasks("objection")):
        raise Refusal("objection", "部门对处置意见有异议，须先会商研究或重新出具意见")
    owed = d.open_tasks("inform", "rehandle", "explain", "await_choice")
    if d.informed_at and not owed and not _news(draft):
        raise Refusal("informed", "结果已告知当事人，不能重复告知")


def _news(draft: Draft) -> bool:
    """Whether execution has brought anything since the party was last told."""
    d = draft.d
    told = max((p.at for p in d.documents if p.name == "办理结果告知书"), default=draft.now)
    moments = [*(p.at for p in d.payments), *(p.at for p in d.documents), *(p.at for p in d.legal_papers)]
    return d.stage == Stage.EXECUTION and (d.executed or any(at > told for at in moments))


def _stop_handling_clocks(draft: Draft) -> None:
    draft.stop_clocks(*draft.d.totals)
    draft.stop_clocks(*(r for rules in draft.policy.channel_clocks.values() for r in rules))


def _after_informed(draft: Draft) -> None:
    again = any(c.satisfaction for c in draft.d.calls)
    draft.once("callback", "回访", draft.d.center, "second_callback" if again else "first_callback")
    if execution_settled(draft) or not draft.d.disposed_at:
        draft.enter(Stage.CALLBACK)
    else:
        begin_execution(draft)


def begin_execution(draft: Draft) -> None:
    """The departments carry out what was decided."""
    d = draft.d
    draft.enter(Stage.EXECUTION)
    draft.once("execute", "后续执行", d.lead or d.center, "execution")
    owing = [s for s in d.sub_items.values() if s.premium and s.conclusion != Conclusion.REJECT]
    demanded = any(p.name == "限期缴纳通知书" for p in d.documents)
    if owing and d.facts.respondents and not demanded:
        draft.document("限期缴纳通知书")


def payment_received(draft: Draft, act: Act) -> None:
    """到账, in parts if need be; the late fee is kept apart."""
    body = act.body
    assert isinstance(body, a.PaymentReceived)
    require_accepted(draft)
    if body.sub_item and body.sub_item not in draft.d.sub_items:
        raise Refusal("unknown_claim", f"没有子项 {body.sub_item}", "sub_item")
    parts = draft.d.mediation.instalments if draft.d.mediation else []
    if body.instalment is not None and not 0 < body.instalment <= len(parts):
        raise Refusal("unknown_instalment", f"协议没有第 {body.instalment} 期", "instalment")
    taken(draft, act)
    _stop_instalments(draft, body.instalment)
    close_finished_items(draft)
    settle(draft)


def _stop_instalments(draft: Draft, number: int | None) -> None:
    """Stop the clocks of the instalments now paid; one that ran out unpaid waits for a payment that names it."""
    mediation = draft.d.mediation
    if mediation is None:
        return
    clocks = [c for c in draft.d.clocks.values() if c.rule_id == "instalment"]
    due = Decimal(0)
    agreed = clocks[-len(mediation.instalments) :] if mediation.instalments else []
    for index, (clock, part) in enumerate(zip(agreed, mediation.instalments, strict=True), start=1):
        due += part.amount
        in_time = draft.d.paid >= due and not clock.overdue_at(draft.now)
        if clock.is_open and (index == number or in_time):
            draft.stop_clock(clock)


def settle(draft: Draft) -> None:
    """When nothing is left to execute, the callback is next."""
    if not draft.d.informed_at or not execution_settled(draft):
        return
    draft.close_tasks("execute", outcome="执行完毕")
    close_finished_items(draft)
    if draft.d.stage == Stage.EXECUTION:
        draft.enter(Stage.CALLBACK)
    complaint = any(t.ref is None for t in draft.d.open_tasks("supervise"))
    if not complaint and not draft.d.open_tasks("callback", "close", "reopen", "rehandle", "explain"):
        draft.open_task("callback", "再次回访", draft.d.center, "second_callback")


def enforce_report(draft: Draft, act: Act) -> None:
    """执行反馈; compulsory enforcement only after the reminder's ten working days (行政强制法 54)."""
    require_accepted(draft)
    may = takes_part(draft) or draft.is_center() or draft.is_base()
    draft.require(may or draft.may(draft.policy.powers.execute), "本案执行单位")
    body = act.body
    assert isinstance(body, a.EnforceReport)
    if not (draft.d.disposed_at or draft.d.guided_at):
        raise Refusal("no_disposition", "尚未形成处置意见，不能反馈执行情况")
    if body.sub_item and body.sub_item not in draft.d.sub_items:
        raise Refusal("unknown_claim", f"没有子项 {body.sub_item}", "sub_item")
    if asks_enforcement(body.act):
        _require_reminder_ran_out(draft)
    taken(draft, act)
    if not asks_enforcement(body.act):
        documents_on_act(draft, body.act)
        if body.act and "催告" in body.act and not draft.clocks("enforcement_earliest"):
            draft.start_clock("enforcement_earliest", draft.unit)
    begun = any(v.stage == Stage.EXECUTION for v in draft.d.route_taken)
    if draft.d.disposed_at and not (begun and draft.d.stage == Stage.CALLBACK):
        draft.enter(Stage.EXECUTION)
    if body.executed and body.sub_item and draft.d.sub_items[body.sub_item].closed_at is None:
        draft.emit(ev.SubItemClosed(no=body.sub_item))
    settle(draft)


_ENFORCEMENT = re.compile(r"强制执行|申请.{0,8}执行|强制划拨|划拨")
_ONLY_TOLD = re.compile(r"(?:将|可|否则|逾期|告知|拟|准备)[^，。；]{0,14}$")


def asks_enforcement(act: str | None) -> bool:
    """Whether an act is compulsory enforcement itself, and not a paper that only warns of it."""
    return any(not _ONLY_TOLD.search((act or "")[: m.start()]) for m in _ENFORCEMENT.finditer(act or ""))


def _require_reminder_ran_out(draft: Draft) -> None:
    waits = [c for c in draft.d.clocks.values() if c.rule_id == "enforcement_earliest"]
    if not waits:
        raise Refusal("no_reminder", "申请强制执行前须先催告（行政强制法第五十四条）", "act")
    for clock in waits:
        if clock.is_open and draft.now <= clock.due_at:
            raise Refusal(
                "too_early",
                f"催告送达十日后（{clock.due_on} 之后）方可申请强制执行（行政强制法第五十四条）",
                "act",
            )
    draft.stop_clocks("enforcement_earliest")
