"""撤回, 办结, 归档: the ways a matter ends, and what must be done before it may."""

from domain import events as ev
from domain.actions import Act
from domain.actions.callback import ArchiveCase, CloseCase
from domain.actions.disposal import GRANTED, OWN_PART, WHOLE, RecordWithdrawal, VerifyWithdrawal
from domain.decide import writing
from domain.decide.common import moment_on, owes_execution, require_dispute
from domain.decide.papers import issue_with_act
from domain.decide.registry import handles
from domain.declined import Declined, Unlawful
from domain.draft import Draft
from domain.meanings import handling as m
from domain.outcome import describe, outcome_kind
from domain.retention import term
from domain.tasks import BESIDE, TaskKind
from domain.words import Stage

INDEX = "归档目录"
NO_PAGES = "电子件"
"""页号 of what is a file: its pages are its own."""
NO_PAPERS = "本案没有文书"
"""题名 of what ended before any was drawn up: merged at once, say."""
USUAL_SECRECY = "内部"
"""密级 where the matter is archived by an act that does not ask for it: a party's data are in every file."""


def end(draft: Draft, outcome: str, text: str) -> None:
    """Record how the matter ended."""
    draft.emit(ev.Ended(outcome=outcome, text=text))


def archive(draft: Draft, secrecy: str = USUAL_SECRECY) -> None:
    """归档: nothing is owed any more."""
    draft.cancel_everything("案件归档", keep=())
    for clock in list(draft.d.open_clocks()):
        draft.lapse_clock(clock)
    titles = [p.name for p in draft.d.documents] or [NO_PAPERS]
    draft.document(INDEX, 题名=titles, 页号=NO_PAGES, 密级=secrecy, 保管期限=term(draft.d, draft.policy))
    issue_with_act(draft, INDEX)
    draft.enter(Stage.ARCHIVED)
    draft.emit(ev.Archived(archive_no=f"{draft.d.case_no}档"))


# --- 撤回 --------------------------------------------------------------------------------------------------------


def _may_withdraw(draft: Draft) -> None:
    d = draft.d
    require_dispute(draft)
    ended = d.refused_at or d.transferred_at or d.withdrawn_at or d.closed_at
    if d.informed_at or d.withdrawal or ended:
        raise Declined("cannot_withdraw", "案件已告知结果、已提出撤回或已办结，不能再申请撤回")


def _require_whose(draft: Draft, body: RecordWithdrawal) -> bool:
    """Whether the whole matter is withdrawn: refused unless all of several applicants agree to that."""
    d = draft.d
    if d.facts.applicant.headcount == 1 or d.people_left == 1:
        if body.scope == OWN_PART and d.facts.applicant.headcount == 1:
            raise Declined("not_asked", "本案只有一名申请人，不填撤回范围", "scope")
        return True
    if body.scope is None or body.people is None:
        raise Declined("incomplete", "申请人为多人，请选择撤回的是本人部分还是全体", "scope")
    _require_roll(draft, body.lines, body.people)
    if body.scope == WHOLE and body.people != d.people_left:
        raise Declined(
            "not_all",
            f"撤回全案须 {d.people_left} 人都同意，现同意 {body.people} 人；其余人员不撤回的，请选择“{OWN_PART}”",
            "people",
        )
    if body.scope == OWN_PART and body.people >= d.people_left:
        raise Declined("all", f"全部人员都撤回的，请选择“{WHOLE}”", "scope")
    return body.scope == WHOLE


def _require_roll(draft: Draft, lines: list[int], people: int) -> None:
    """Refuse lines that are not on the roll or have withdrawn already; where there is a roll, each is named."""
    gone = {line for part in draft.d.parted for line in part.lines}
    left = [member.line for member in draft.d.facts.applicant.members if member.line not in gone]
    if unknown := sorted(set(lines) - set(left)):
        raise Declined("unknown_member", f"名册中没有第 {unknown[0]} 行，或该人员已经撤回", "lines")
    if left and len(set(lines)) != people:
        raise Declined("sums_differ", f"同意撤回的 {people} 人须按名册逐人列出", "lines")


@handles(RecordWithdrawal, _may_withdraw)
def record_withdrawal(draft: Draft, act: Act, body: RecordWithdrawal) -> None:
    """撤回申请: free will is checked before anything ends, within the days from the party's word (县政策: withdraw_check)."""
    whole = _require_whose(draft, body)
    people = 1 if body.people is None else body.people
    draft.record(body, m.WithdrawalAsked(whole=whole, people=people, lines=body.lines))
    part = draft.d.withdrawal if not whole else None
    draft.document(
        "撤回申请书",
        理由=writing.joined(body.reason_code, body.stated),
        撤回范围=body.scope,
        提出=f"{body.said_on.isoformat()} {body.said_way}",
        撤回人数=part and part.people,
        撤回人员="、".join(map(str, part.lines)) if part else None,
    )
    draft.open_task(TaskKind.WITHDRAWAL, draft.d.center, at=moment_on(draft, body.said_on))


def _may_verify(draft: Draft) -> None:
    if not draft.d.withdrawal:
        raise Declined("no_withdrawal", "没有待核实的撤回申请")


@handles(VerifyWithdrawal, _may_verify)
def verify_withdrawal(draft: Draft, act: Act, body: VerifyWithdrawal) -> None:
    """撤回核实; a suspicion against the employer goes on as a lead."""
    allowed = body.decision == GRANTED
    if allowed and body.will != "本人真实意愿":
        raise Unlawful(
            "free_will", "非真实意愿或未核实的，不得准予撤回；请登记不予撤回，继续办理", "decision"
        )
    part = draft.d.withdrawal if draft.d.withdrawal and not draft.d.withdrawal.whole else None
    draft.record(body, m.WithdrawalDecided(allowed=allowed))
    draft.close_tasks(TaskKind.WITHDRAWAL, outcome=body.decision)
    if not allowed:
        return
    if part:
        draft.document("终止确认书", 告知事项=body.told, 撤回人员=part.lines, 撤回人数=part.people)
        draft.emit(
            ev.Noted(text=f"{part.people} 人撤回本人部分，其余 {draft.d.people_left} 人的事项继续办理")
        )
        if body.keep_lead:
            draft.once(TaskKind.REGISTER_LEAD, draft.d.center)
        return
    draft.cancel_everything("已撤回")
    draft.enter(Stage.WITHDRAWN)
    draft.document("终止确认书", 告知事项=body.told)
    if body.keep_lead:
        draft.open_task(TaskKind.REGISTER_LEAD, draft.d.center)
    draft.open_task(TaskKind.CLOSE, draft.closer())


# --- 结案、归档 --------------------------------------------------------------------------------------------------


def _may_close(draft: Draft) -> None:
    require_dispute(draft)
    if draft.d.closed_at:
        raise Declined("closed", "案件已办结，不能重复办结；请办理归档")
    if missing := still_owed(draft):
        raise Declined("not_yet", "不能办结：" + "；".join(missing))


@handles(CloseCase, _may_close)
def close_case(draft: Draft, act: Act, body: CloseCase) -> None:
    """结案: refused, with everything that is missing, while anything is still owed."""
    draft.record(body)
    _close(draft, body.opinion)


def closing(draft: Draft) -> None:
    """Nothing more is asked of the party: the matter is closed with the answer where its tier says so, else put on a desk."""
    tier = draft.tier
    if tier and tier.closes_with_answer and not still_owed(draft):
        _close(draft, "答复即办结")
    else:
        draft.once(TaskKind.CLOSE, draft.closer())


def _close(draft: Draft, opinion: str) -> None:
    draft.document("结案审批表", 意见=opinion)
    draft.cancel_everything("案件办结", keep=(TaskKind.CLOSE, *BESIDE))
    draft.close_tasks(TaskKind.CLOSE, outcome="准予结案")
    draft.enter(Stage.CLOSED)
    d = draft.d
    if not d.withdrawn_at:
        for item in [s for s in d.sub_items.values() if s.closed_at is None]:
            draft.emit(ev.SubItemClosed(no=item.no))
    kind = outcome_kind(draft.d)
    end(draft, kind, describe(draft.d, kind))
    if d.level and not d.withdrawn_at:
        for name in draft.policy.tier(d.level).documents:
            draft.document(name)
    await_archiving(draft)


def await_archiving(draft: Draft) -> None:
    """A closed matter is archived next, once nothing beside its course waits any more."""
    if draft.d.closed_at and not draft.d.is_over and not draft.d.open_tasks(*BESIDE):
        draft.once(TaskKind.ARCHIVE, draft.closer())


def _may_archive(draft: Draft) -> None:
    if not draft.d.closed_at:
        raise Declined("not_closed", "案件尚未办结，不能归档")
    if waiting := draft.d.open_tasks(TaskKind.CARD_APPEAL):
        raise Declined("appeal_pending", f"黄红牌申诉尚未决定（{waiting[0].unit}），不能归档")
    if waiting := draft.d.open_tasks(TaskKind.TELL_OTHERWISE):
        raise Declined("notice_pending", f"还有通知没有送到当事人（{waiting[0].unit}），不能归档")


@handles(ArchiveCase, _may_archive)
def archive_case(draft: Draft, act: Act, body: ArchiveCase) -> None:
    """归档."""
    draft.record(body)
    draft.close_tasks(TaskKind.ARCHIVE, outcome="已归档")
    archive(draft, body.secrecy)


def still_owed(draft: Draft) -> list[str]:
    """What stands between this matter and its closing, in the officer's words."""
    d = draft.d
    if d.refused_at:
        return ["不予受理尚未书面告知并移送"]
    if d.transferred_at:
        return ["移送外地尚未告知并交出"]
    missing = ["监管线索尚未登记"] if d.open_tasks(TaskKind.REGISTER_LEAD) else []
    if d.withdrawn_at:
        return missing
    if d.accepted_at is None:
        return [*missing, "尚未作出受理决定"]
    if d.withdrawal:
        missing.append("撤回申请尚未核实")
    missing += [f"子项 {s.no} 未结" for s in d.sub_items.values() if not s.conclusion and not d.guided_at]
    missing += [f"议定事项 {r.no}（{r.unit}）未完成" for r in d.resolutions.values() if not r.done_at]
    if d.suspended_at:
        missing.append("案件处于中止状态")
    if d.mediation and d.mediation.is_open:
        missing.append("调解尚未终结")
    return missing + _owed_after_result(draft)


_OWED = {
    TaskKind.INFORM: "结果尚未告知当事人",
    TaskKind.FEED_BACK: "主办单位尚未反馈办理结果",
    TaskKind.REHANDLE: "重新办理尚未告知结果",
    TaskKind.REOPEN: "不满意件尚未重新办理",
    TaskKind.EXPLAIN: "尚未复核释法",
}


def _owed_after_result(draft: Draft) -> list[str]:
    d = draft.d
    if not d.informed_at:
        return ["结果尚未告知当事人"]
    owed = [text for kind, text in _OWED.items() if d.open_tasks(kind)]
    if any(t.ref is None for t in d.open_tasks(TaskKind.SUPERVISE)):
        owed.append("二次不满意的督办尚未办结")
    answered = [c.satisfaction for c in d.calls if c.satisfaction]
    if draft.callback.rounds and (not answered or not (d.callback_done or d.open_tasks(TaskKind.CLOSE))):
        owed.append("回访尚未完成")
    if owes_execution(draft):
        owed.append("后续执行尚未完成")
    return owed
