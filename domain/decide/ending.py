"""撤回, 办结, 归档: the ways a matter ends, and what must be done before it may."""

from domain import actions as a, events as ev
from domain.actions import Act
from domain.decide.common import taken
from domain.draft import Draft, Refusal
from domain.outcome import describe, outcome_kind
from domain.words import Stage


def end(draft: Draft, outcome: str, text: str) -> None:
    """Record how the matter ended."""
    draft.emit(ev.Ended(outcome=outcome, text=text))


def archive(draft: Draft) -> None:
    """归档: nothing is owed any more."""
    draft.cancel_everything("案件归档")
    for clock in list(draft.d.open_clocks()):
        draft.lapse_clock(clock)
    draft.document("归档目录")
    draft.enter(Stage.ARCHIVED)
    draft.emit(ev.Archived(archive_no=f"{draft.d.case_no}档"))


def withdraw(draft: Draft, act: Act) -> None:
    """撤回申请: free will is checked before anything ends."""
    draft.require(draft.is_role("applicant") or draft.is_center(), "申请人")
    if draft.d.informed_at or draft.d.refused_at or draft.d.withdrawal_asked or draft.d.closed_at:
        raise Refusal("cannot_withdraw", "案件已告知结果、已提出撤回或已办结，不能再申请撤回")
    taken(draft, act)
    draft.document("撤回申请书", issuer=draft.role("applicant"))
    draft.open_task("withdraw_check", "核实撤回真实意愿", draft.d.center, "withdraw_check")


_KEEP_ON = ("不准", "不予", "驳回", "继续办理", "不同意")


def withdraw_confirm(draft: Draft, act: Act) -> None:
    """撤回核实; a suspicion against the employer goes on as a lead."""
    draft.require(draft.is_center(), "综治中心")
    body = act.body
    assert isinstance(body, a.WithdrawConfirm)
    if not draft.d.withdrawal_asked:
        raise Refusal("no_withdrawal", "没有待核实的撤回申请")
    keep_on = body.result.startswith(_KEEP_ON)
    if not body.free_will and not keep_on:
        raise Refusal("free_will", "未核实真实意愿，不得终止；请当面或电话核实后填写", "free_will")
    taken(draft, act)
    draft.close_tasks("withdraw_check", outcome=body.result)
    if keep_on:
        return
    draft.cancel_everything("已撤回")
    draft.enter(Stage.WITHDRAWN)
    draft.document("终止确认书", 告知事项=body.informed)
    if any("线索" in told for told in body.informed):
        draft.open_task("register_lead", "登记监管线索", draft.d.center, "lead_register")
    draft.open_task("close", "结案审批", draft.d.center, "close")


def close_case(draft: Draft, act: Act) -> None:
    """结案: refused, with everything that is missing, while anything is still owed."""
    draft.require(draft.is_center(), "综治中心")
    d = draft.d
    body = act.body
    wants_archive = isinstance(body, a.CloseCase) and body.archive
    if d.closed_at:
        if not wants_archive:
            raise Refusal("closed", "案件已办结，不能重复办结")
        taken(draft, act)
        draft.close_tasks("archive", outcome="已归档")
        archive(draft)
        return
    missing = still_owed(draft)
    if missing:
        raise Refusal("not_yet", "不能办结：" + "；".join(missing))
    taken(draft, act)
    draft.document("结案审批表", 意见=body.reason if isinstance(body, a.CloseCase) else None)
    draft.close_tasks("close", outcome="准予结案")
    draft.enter(Stage.CLOSED)
    kind = outcome_kind(draft.d)
    end(draft, kind, describe(draft.d, kind))
    if d.level and not d.withdrawn_at:
        for name in draft.policy.tier(d.level).documents:
            draft.document(name)
    if wants_archive:
        archive(draft)
    else:
        draft.open_task("archive", "归档", d.center, "close")


def still_owed(draft: Draft) -> list[str]:
    """What stands between this matter and its closing, in the officer's words."""
    d = draft.d
    missing: list[str] = []
    if d.accepted_at is None and d.kind == "争议":
        missing.append("尚未作出受理决定")
    if draft.d.open_tasks("register_lead"):
        missing.append("监管线索尚未登记")
    if d.withdrawn_at:
        return missing
    missing += [f"子项 {s.no} 未结" for s in d.sub_items.values() if not s.conclusion and not d.guided_at]
    missing += [f"议定事项 {r.no}（{r.unit}）未完成" for r in d.resolutions.values() if not r.done_at]
    if d.suspended_at:
        missing.append("案件处于中止状态")
    if d.mediation and d.mediation.is_open:
        missing.append("调解尚未终结")
    if not d.informed_at:
        missing.append("结果尚未告知当事人")
    elif not d.callback_done and not d.open_tasks("close"):
        missing.append("回访尚未完成")
    elif not d.open_tasks("close"):
        missing.append("后续执行尚未完成")
    return missing
