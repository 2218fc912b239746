"""An event in the words an officer reads. Nothing of a person's identity is in them."""

from domain import actions as a
from domain import events as ev
from domain.events import Event

ACTIONS = {
    "register_lead": "登记线索", "convert_lead": "线索转争议", "triage_confirm": "初审确认、受理分流",
    "decide_not_accept": "决定不予受理", "request_supplement": "通知补正", "supplement_material": "补充材料",
    "merge_into": "并案", "absorb": "并入他案渠道单号", "link_case": "关联案件", "override_risk": "改级",
    "approve_override": "批准改级", "reject_override": "不批准改级", "legal_review": "法制审核",
    "urgent_report": "紧急信息报告", "claim": "签收", "return": "退单", "dispatch": "改派",
    "request_extension": "申请延期", "approve_extension": "批准延期", "reject_extension": "不批准延期",
    "transfer": "转办", "submit_opinion": "提交意见", "objection": "提出异议", "convene_meeting": "召开会议",
    "minutes": "形成纪要", "resolution_done": "办结议定事项", "supervise": "督办", "escalate_city": "提请市级协调",
    "city_reply": "市级答复", "mediation_start": "启动调解", "agreement_draft": "提交协议草案",
    "agreement_review": "审查协议", "mediate_agreed": "调解达成协议", "mediate_failed": "调解终止",
    "judicial_confirm": "司法确认", "investigate_report": "提交调查核实报告", "guide_to_arbitration": "仲裁诉讼指引",
    "legal_document": "提交法律文书", "notify_party": "结果告知", "enforce_report": "反馈执行情况",
    "payment_received": "费款到账", "callback_call": "回访未接通", "callback_answer": "回访", "withdraw": "申请撤回",
    "withdraw_confirm": "核实撤回", "reopen": "重新办理", "close_case": "结案", "close_attempt": "申请结案",
}  # fmt: skip
"""Every action as the field calls it."""

_OTHER = {"view": "查看身份信息"}
"""What can be refused besides; anything else was made up by whoever sent it."""

_CHANGES = {
    "stopped": "停止", "lapsed": "终止", "paused": "中止", "resumed": "恢复", "extended": "延期",
    "postponed": "顺延升级", "reassigned": "改由新主办单位负责",
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
        case ev.OpinionRecorded() as f:
            return f"{'处置意见' if f.formal else '意见'}：{f.body.conclusion or f.body.content or '已提交'}"
        case ev.Acted() as f:
            return "".join([ACTIONS[f.body.kind], *(f"：{said}" for said in [_said(f.body)] if said)])
        case ev.Refused() as f:
            return (
                f"未受理的操作 {ACTIONS.get(f.action, _OTHER.get(f.action, '（没有这种动作）'))}：{f.reason}"
            )
        case ev.StageEntered() as f:
            return f"进入 {f.stage}"
        case _:
            return _tell_rest(event)


def _tell_rest(event: Event) -> str:
    match event.fact:
        case ev.StepOpened() as f:
            return f"开始步骤：{f.step.word}"
        case ev.TaskOpened() as f:
            return f"任务 {f.task_id}：{f.title} → {f.unit}"
        case ev.TaskChanged() as f:
            return f"任务 {f.task_id} 调整" + (f"：改为{f.role}" if f.role else "")
        case ev.TaskClosed() as f:
            return f"任务 {f.task_id} 结束：{f.outcome}"
        case ev.ClockStarted() as f:
            return f"{f.deadline.name}起算，到期 {f.deadline.due_on}"
        case ev.ClockChanged() as f:
            return f"{f.deadline.name}{_CHANGES[f.change]}，到期 {f.deadline.due_on}"
        case ev.AlarmFired() as f:
            return f"定时器：{f.alarm}（{f.unit}）"
        case ev.CardIssued() as f:
            return f"{f.card}（{f.unit}）"
        case ev.DocumentRegistered() as f:
            return f"文书 {f.name}（{f.number}）→ {f.to}"
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
        case _:
            return "建议承办单位"


def _said(body: a.Action) -> str | None:
    """What an action says beyond its name, as far as it names nobody."""
    match body:
        case a.DecideNotAccept():
            return "、".join(r.code for r in body.refusals())
        case a.RequestExtension():
            return f"申请延长 {body.days}，{body.reason}"
        case a.SendBack():
            return body.reason_code or body.reason
        case a.Dispatch():
            return f"改派{body.lead}主办"
        case a.Objection():
            return f"对第 {body.against_step} 步有异议"
        case a.ConveneMeeting():
            return body.form + (f"第 {body.no} 次" if body.no else "")
        case a.Minutes():
            return f"议定事项 {len(body.resolutions)} 项" if body.resolutions else None
        case a.ResolutionDone():
            return f"第 {body.no} 项"
        case a.AgreementDraft():
            return f"第 {body.version} 版"
        case a.AgreementReview():
            return f"第 {body.version} 版{body.result}"
        case _:
            return _said_later(body)


def _said_later(body: a.Action) -> str | None:
    match body:
        case a.LegalDocument():
            return body.document
        case a.GuideToArbitration():
            return "；".join(body.paths)
        case a.EscalateCity():
            return body.to
        case a.EnforceReport():
            return body.act or ("执行完毕" if body.executed else "尚未执行到位")
        case a.PaymentReceived():
            period = f"第 {body.instalment} 期" if body.instalment else ""
            return f"{period}本金 {body.principal:.2f} 元" if body.principal is not None else period or None
        case a.CallbackCall():
            return f"第 {body.attempt} 次，{body.result}"
        case a.CallbackAnswer():
            return f"{body.satisfaction}（{body.method}）"
        case a.WithdrawConfirm():
            return body.result
        case a.LegalReview():
            return body.result
        case _:
            return None
