"""撤回, 办结, 归档: the ways a matter ends, and what must be done before it may."""

import re

from domain import actions as a
from domain import events as ev
from domain.actions import Act
from domain.decide.common import execution_settled, taken
from domain.draft import Draft, Refusal
from domain.outcome import LEAD_OUTCOME, describe, outcome_kind
from domain.words import MatterKind, Satisfaction, Stage


def end(draft: Draft, outcome: str, text: str) -> None:
    """Record how the matter ended."""
    draft.emit(ev.Ended(outcome=outcome, text=text))


def archive(draft: Draft) -> None:
    """归档: nothing is owed any more."""
    draft.cancel_everything("案件归档")
    for clock in list(draft.d.open_clocks()):
        draft.lapse_clock(clock)
    draft.document("归档目录", 题名=[p.name for p in draft.d.documents], 保管期限=_retention(draft))
    draft.enter(Stage.ARCHIVED)
    draft.emit(ev.Archived(archive_no=f"{draft.d.case_no}档"))


def _retention(draft: Draft) -> str:
    """保管期限 by the policy: a group's file by its own rule, else the tier's."""
    rules, d = draft.policy.retention, draft.d
    years = draft.policy.tier(d.level).retention_years if d.level else draft.policy.tiers[0].retention_years
    if d.facts.applicant.headcount >= rules.group_headcount:
        years = rules.group_years
    return f"{years}年" if years else "永久"


def withdraw(draft: Draft, act: Act) -> None:
    """撤回申请: free will is checked before anything ends."""
    draft.require(draft.is_role("applicant") or draft.is_center(), draft.role("applicant"))
    d = draft.d
    if d.kind == MatterKind.LEAD:
        raise Refusal("lead", "线索不因反映人撤回而终止")
    if d.informed_at or d.refused_at or d.withdrawal_asked or d.withdrawn_at or d.closed_at:
        raise Refusal("cannot_withdraw", "案件已告知结果、已提出撤回或已办结，不能再申请撤回")
    body = act.body
    assert isinstance(body, a.Withdraw)
    taken(draft, act)
    draft.document("撤回申请书", 理由=body.stated_reason or "未说明")
    draft.open_task("withdraw_check", "核实撤回真实意愿", draft.d.center, "withdraw_check")


_KEEP_ON = re.compile(r"^(?:不|未|暂|驳回|退回|恢复)|继续办理|不予撤回|不准撤回")
_NOT_FREE = re.compile(
    r"^否|非(?:本人)?(?:自愿|真实|意愿|本意)|不(?:是|属)?(?:自愿|真实)|(?<!未)(?<!没有)(?<!无)(?<!并非)(?:受胁迫|被胁迫|被迫|被逼)"
    r"|(?:未|无法|没有)(?:能)?核实|违背(?:其)?真实意愿"
)


def withdraw_confirm(draft: Draft, act: Act) -> None:
    """撤回核实; a suspicion against the employer goes on as a lead."""
    draft.require(draft.is_center(), draft.center)
    body = act.body
    assert isinstance(body, a.WithdrawConfirm)
    if not draft.d.withdrawal_asked:
        raise Refusal("no_withdrawal", "没有待核实的撤回申请")
    keep_on = bool(_KEEP_ON.search(body.result))
    if not keep_on and not is_free(body.free_will):
        raise Refusal(
            "free_will", "撤回非真实意愿或未经核实，不得终止；请核实后填写，或登记不予撤回", "free_will"
        )
    taken(draft, act)
    draft.close_tasks("withdraw_check", outcome=body.result)
    if keep_on:
        return
    draft.cancel_everything("已撤回")
    draft.enter(Stage.WITHDRAWN)
    draft.document("终止确认书", 告知事项=body.informed or "可依法再次申请")
    if any("线索" in told for told in body.informed):
        draft.open_task("register_lead", "登记监管线索", draft.d.center, "lead_register")
    draft.open_task("close", "结案审批", draft.d.center, "close")


def is_free(said: bool | str) -> bool:
    """Whether what was found out about the applicant's will lets a matter end."""
    return said if isinstance(said, bool) else bool(said.strip()) and not _NOT_FREE.search(said.strip())


def close_case(draft: Draft, act: Act) -> None:
    """结案: refused, with everything that is missing, while anything is still owed."""
    draft.require(draft.is_center(), draft.center)
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
    reason = body.reason if isinstance(body, a.CloseCase | a.CloseAttempt) else None
    missing = still_owed(draft, explained=bool(reason) and isinstance(body, a.CloseCase))
    if missing:
        raise Refusal("not_yet", "不能办结：" + "；".join(missing))
    taken(draft, act)
    _finish(draft, reason)
    if wants_archive:
        archive(draft)
    else:
        draft.open_task("archive", "归档", d.center, "close")


def _finish(draft: Draft, reason: str | None) -> None:
    draft.document("结案审批表", 意见=reason or "同意结案")
    draft.cancel_everything("案件办结", keep=("close",))
    draft.close_tasks("close", outcome="准予结案")
    draft.enter(Stage.CLOSED)
    d = draft.d
    if d.kind == MatterKind.LEAD:
        end(draft, LEAD_OUTCOME, "线索核查完毕，登记留存")
        return
    if not d.withdrawn_at:
        for item in [s for s in d.sub_items.values() if s.closed_at is None]:
            draft.emit(ev.SubItemClosed(no=item.no))
    kind = outcome_kind(draft.d)
    end(draft, kind, describe(draft.d, kind))
    if d.level and not d.withdrawn_at:
        for name in draft.policy.tier(d.level).documents:
            draft.document(name)


def still_owed(draft: Draft, *, explained: bool = False) -> list[str]:
    """What stands between this matter and its closing, in the officer's words."""
    d = draft.d
    if d.kind == MatterKind.LEAD:
        return [f"{t.unit}尚未反馈线索核查情况" for t in d.open_tasks("lead_check")]
    if d.refused_at:
        return ["不予受理尚未书面告知并移送"]
    missing = ["监管线索尚未登记"] if d.open_tasks("register_lead") else []
    if d.withdrawn_at:
        return missing
    if d.accepted_at is None:
        return [*missing, "尚未作出受理决定"]
    if d.withdrawal_asked:
        missing.append("撤回申请尚未核实")
    missing += [f"子项 {s.no} 未结" for s in d.sub_items.values() if not s.conclusion and not d.guided_at]
    missing += [f"议定事项 {r.no}（{r.unit}）未完成" for r in d.resolutions.values() if not r.done_at]
    if d.suspended_at:
        missing.append("案件处于中止状态")
    if d.mediation and d.mediation.is_open:
        missing.append("调解尚未终结")
    return missing + _owed_after_result(draft, explained=explained)


_OWED = {
    "inform": "结果尚未告知当事人",
    "rehandle": "重新办理尚未告知结果",
    "reopen": "不满意件尚未重新办理",
}


def _owed_after_result(draft: Draft, *, explained: bool) -> list[str]:
    d = draft.d
    if not d.informed_at:
        return ["结果尚未告知当事人"]
    owed = [text for kind, text in _OWED.items() if d.open_tasks(kind)]
    if any(t.ref is None for t in d.open_tasks("supervise")):
        owed.append("二次不满意的督办尚未办结")
    if d.open_tasks("explain") and not explained:
        owed.append("尚未复核释法")
    answered = [c.satisfaction for c in d.calls if c.satisfaction]
    ended = d.callback_done or bool(d.open_tasks("close")) or (explained and bool(d.open_tasks("explain")))
    if not answered or not ended:
        owed.append("回访尚未完成")
    if d.disposed_at and answered[-1:] != [Satisfaction.DISSATISFIED] and not execution_settled(draft):
        owed.append("后续执行尚未完成")
    return owed
