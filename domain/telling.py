"""An event in the words an officer reads. Nothing of a person's identity is in them."""

from collections.abc import Iterable, Iterator

from domain import actions
from domain import events as ev
from domain.actions import VERBS
from domain.actions import callback as c
from domain.actions import cards as y
from domain.actions import desk as k
from domain.actions import disposal as d
from domain.actions import execution as x
from domain.actions import handing as h
from domain.actions import intake as i
from domain.actions import joining as j
from domain.actions import mediation as m
from domain.actions import meetings as g
from domain.actions import notices as n
from domain.actions import papers as p
from domain.actions import parties as o
from domain.actions import telling as t
from domain.actions import triage as r
from domain.actions.days import Happening, told
from domain.answers import answered
from domain.chinese import yuan
from domain.events import Event
from domain.meanings import OF_PAPERS, Meaning
from domain.meanings.conferring import Supervised
from domain.meanings.handling import Merged
from domain.signed import Outside

_OTHER = {ev.VIEW: "查看身份信息"}
"""What can be refused besides; anything else was made up by whoever sent it."""

_CHANGES = {
    "stopped": "停止", "lapsed": "终止", "paused": "中止", "resumed": "恢复", "extended": "延期",
    "postponed": "顺延升级", "reassigned": "改由新主办单位负责", "run_again": "恢复计算",
}  # fmt: skip


def tell(event: Event) -> str:
    """One line for one event."""
    match event.fact:
        case ev.Registered() as f:
            return f"登记（{f.intake.channel} {f.intake.source_no}），案号 {f.case_no}"
        case ev.Converted() as f:
            return f"线索转争议，案号 {f.case_no}"
        case ev.RiskSuggested() as f:
            node = f"时间节点（{f.node}）复核：" if f.node else ""
            return f"{node}建议风险等级 {f.level}（{'、'.join(t.text for t in f.triggers) or '无指标触发'}）"
        case ev.Accepted() as f:
            return f"确认等级 {f.level}，{f.path}，主办 {f.lead}"
        case ev.LevelOverridden() as f:
            return f"改级 {f.old}→{f.new}：{f.reason}" + ("（待批准）" if f.needs_approval else "")
        case ev.OverrideDecided() as f:
            return f"{'批准' if f.approved else '不批准'}改级"
        case ev.Acted() as f:
            said = "，".join(filter(None, (*_about(f.means), _said(f.body), *_days(f.body))))
            return _unverified(f.outside) + VERBS[f.body.kind] + (f"：{said}" if said else "")
        case ev.Declined() as f:
            action = VERBS.get(f.action, _OTHER.get(f.action, "（没有这种动作）"))
            return f"{_unverified(f.outside)}未予办理的操作 {action}：{f.reason}"
        case ev.StepOpened() as f:
            return f"开始步骤：{f.name or f.step.word}"
        case ev.StageEntered() as f:
            return f"进入 {f.stage}"
        case _:
            return _tell_rest(event)


def _tell_rest(event: Event) -> str:
    match event.fact:
        case ev.TaskOpened() as f:
            return f"任务 {f.task_id}：{f.title} → {f.unit}"
        case ev.TaskChanged() as f:
            moved = f.unit or (f"改为{f.role}" if f.role else "")
            return f"任务 {f.task_id} 调整" + (f"：{moved}" if moved else "")
        case ev.TaskClosed() as f:
            return f"任务 {f.task_id} 结束：{f.outcome}"
        case ev.ClockStarted() as f:
            return f"{f.deadline.name}起算，到期 {f.deadline.due_on}"
        case ev.ClockChanged() as f:
            return f"{f.deadline.name}{_CHANGES[f.change]}，到期 {f.deadline.due_on}"
        case ev.AlarmFired() as f:
            return f"定时器：{f.alarm}（{f.unit}）"
        case ev.CardIssued() as f:
            return f"第 {f.no} 张：{f.card}（{f.unit}，{f.name}）"
        case ev.DocumentRegistered() as f:
            return f"文书 {f.name}（{f.number}）→ {f.to}"
        case ev.MaterialKept() as f:
            return f"收存材料：{f.file.kind.word} 1 件" + (
                "" if f.file.of_reporter else f"，{f.file.given_by}提交"
            )
        case ev.LeadSpawned() as f:
            return f"派生线索，交 {'、'.join(f.to)}"
        case ev.Defaulted() as f:
            return f"第 {f.instalment} 期缴款违约"
        case ev.RecheckScheduled() as f:
            return f"将于 {f.due:%Y-%m-%d}（{f.node}）复核风险" if f.due else "时间节点已到"
        case ev.SubItemClosed() as f:
            return f"子项 {f.no} 办结"
        case ev.Ended() as f:
            return f"办结：{f.text}"
        case ev.Archived() as f:
            return f"归档 {f.archive_no}"
        case ev.Noted() as f:
            return f.text
        case ev.Viewed() as f:
            return f"查看{'举报人' if f.whose == 'reporter' else '当事人'}身份信息：{f.reason}"
        case ev.Routed() as f:
            helping = f"，协办 {'、'.join(f.co)}" if f.co else ""
            return f"建议主办 {f.lead or '待定'}{helping}"
        case _:
            raise AssertionError(f"no words for {event.fact.type}")


def _unverified(outside: Outside | None) -> str:
    """What stands before an action of which nobody knows whose it is."""
    return "" if outside is None or outside.is_verified else "〔未验证〕"


def _about(means: Iterable[Meaning]) -> Iterator[str]:
    """Which paper, which other matter, which units it is about."""
    for meaning in means:
        if isinstance(meaning, OF_PAPERS):
            yield meaning.called
        elif isinstance(meaning, Merged):
            yield f"已并入 {meaning.case_no}"
        elif isinstance(meaning, Supervised):
            yield "、".join(meaning.units)


def _days(body: actions.Action) -> Iterator[str]:
    """The days on which what it is about was done, as stated; those of its rows are told with them."""
    for one in told(body):
        if isinstance(one.mark, Happening) and "." not in one.place:
            yield f"{one.title} {one.value}"


def _said(body: actions.Action) -> str | None:
    """What an action says beyond its name, as far as it names nobody."""
    match body:
        case i.ReceiveMaterial():
            return f"{body.given_by}提交" + (f"，{body.completes}" if body.completes else "")
        case i.ConvertLead():
            return body.way
        case r.AcceptCase():
            called = body.unreached or body.contact
            return f"联系当事人：{called}"
        case i.RefuseClaims():
            return "、".join(dict.fromkeys(item.code for item in body.items))
        case h.HandOver():
            return f"{body.to}，{body.opinion}"
        case h.NotifyTransfer():
            return f"{body.way}告知申请人"
        case h.TransferOut():
            return f"{body.area}{body.to}，{body.ground}"
        case i.AssignLead():
            return "、".join(body.units)
        case i.ReportLead():
            return body.result
        case i.LinkCases():
            return body.relation
        case r.DecideLevelChange() | k.DecideExtension():
            return body.decision
        case r.ReviewLevel() | r.DecideReturn():
            return body.decision
        case r.ChangeUnits():
            return f"改由{body.lead}主办"
        case k.SendBack():
            return body.reason_code
        case k.RequestExtension():
            return f"申请延长{body.span}，{body.explanation}"
        case j.InviteUnit():
            return f"{body.unit}，{body.purpose}"
        case j.AnswerInvitation():
            return body.answer
        case g.ConveneConsultation():
            return f"会商，{body.mode}"
        case g.ProposeJointMeeting():
            return "、".join(body.topics)
        case g.AnswerJointProposal():
            return body.decision
        case g.ConveneJointMeeting():
            return "联席会议"
        case g.IssueConsultationMinutes():
            return body.outcome
        case g.IssueJointMinutes():
            return f"议定事项 {len(body.items)} 项" if body.items else None
        case g.CompleteResolution():
            return f"第 {body.item} 项，{body.result}"
        case g.ReportUp():
            return body.to
        case g.ReplyFromAbove():
            return body.effect
        case _:
            return _said_later(body)


def _said_later(body: actions.Action) -> str | None:
    match body:
        case d.GiveOpinion():
            return "；".join(f"子项{v.claim}{v.stance}" for v in body.views)
        case d.IssueDisposition():
            return "；".join(f"子项{v.claim}{v.conclusion}" for v in body.results)
        case d.ObjectToDisposition():
            return f"对{body.against}有异议，{body.proposed}"
        case d.UpholdDisposition():
            return f"子项{'、'.join(body.claims)}维持原意见"
        case d.GiveLegalReview():
            return body.result
        case d.RecordProceeding():
            return body.proceeding
        case d.RecordRuling():
            return f"{body.ruling}，{body.outcome}"
        case d.ReviewSuspension():
            return body.result
        case d.RecordWithdrawal():
            return f"{body.reason_code}，{body.said_way}"
        case d.VerifyWithdrawal():
            return body.decision
        case m.StartMediation():
            return "、".join(f"{c.party} {c.on} {c.way}" for c in body.consents)
        case m.DeclineMediation():
            return f"{'、'.join(body.who)}，{body.said_way}"
        case m.ConcludeAgreement():
            return f"{body.form}，{'、'.join(s.party for s in body.signers)}"
        case m.ApplyJudicialConfirmation():
            return body.by
        case m.ReviewAgreement():
            return body.result
        case m.EndMediation():
            return body.reason_code
        case m.RecordJudicialConfirmation():
            return body.result
        case t.OpenInvestigation():
            return "、".join(row.unit for row in body.units)
        case t.SubmitFindings():
            return f"劳动关系{body.relation}"
        case t.IssueInvestigationReport():
            return f"劳动关系{body.relation}，建议{body.proposal}"
        case t.NotifyResult():
            return f"{'、'.join(body.to)}，{body.way}"
        case t.NotifyRefusal():
            return f"申请人，{body.way}"
        case t.FeedBackResult():
            return f"{body.attitude}，{body.performance}" + ("，仍有风险" if body.risk else "")
        case t.GuideToLaw():
            return f"{'；'.join(body.ways)}，{body.told_how}告知"
        case x.OrderPayment() | x.DemandPerformance():
            return f"{body.served_by}" if body.served_by else "尚未送达"
        case x.ApplyEnforcement():
            return body.measure
        case x.RecordPayment():
            period = f"第 {body.instalment} 期" if body.instalment else ""
            late = f"，滞纳金 {yuan(body.late_fee)}" if body.late_fee else ""
            return f"{period}本金 {yuan(sum(p.principal for p in body.parts))}{late}"
        case x.WithdrawPayment():
            return f"第 {body.payment} 笔，{body.reason}"
        case x.RecordRefund():
            return f"{yuan(body.amount)}"
        case x.RecordRightsRestored():
            return body.restored
        case x.ReportUnexecuted():
            return body.reason_code
        case y.AppealCard() | y.WithdrawCard():
            return f"第 {body.card} 张，{body.ground}"
        case y.DecideCardAppeal():
            return body.decision + (f"，{body.ground}" if body.ground else "")
        case p.ReviewPaper():
            return body.decision
        case p.ServePaper():
            return f"{body.to}，{body.way}"
        case p.RevokePaper():
            return f"{body.reason}，{body.then}"
        case n.ReportUndelivered():
            return f"{body.subject}，{body.why}"
        case n.TellOtherwise():
            return body.way
        case o.CorrectParty():
            return _corrected(body)
        case c.LogCallAttempt():
            return body.result
        case c.RecordCallback():
            said = "；".join(f"{title}：{answer}" for title, answer in answered(body, {}))
            return f"{body.q6_result}（{body.method}）。{said}"
        case c.ExplainAgain():
            return f"{body.review}，{body.way}释法" if body.way else body.review
        case _:
            return None


def _corrected(body: o.CorrectParty) -> str:
    """Whose, and which of it; never what it is."""
    who = f"名册第{body.member}行" if body.member else body.whose
    said = body.model_dump(exclude={"kind", "whose", "respondent", "member", "reason"}, exclude_none=True)
    titles = "、".join(o.CorrectParty.model_fields[name].title or name for name in said)
    return f"{who}的{titles}，{body.reason}"
