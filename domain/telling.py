"""An event in the words an officer reads. Nothing of a person's identity is in them."""

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

_CHANGES = {
    "stopped": "停止", "lapsed": "终止", "paused": "中止", "resumed": "恢复", "extended": "延期", "postponed": "顺延升级",
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
        case ev.OpinionRecorded() as f:
            return f"{'处置意见' if f.formal else '意见'}：{f.body.conclusion or f.body.content or '已提交'}"
        case ev.Acted() as f:
            return ACTIONS[f.body.kind]
        case ev.Refused() as f:
            return f"未受理的操作 {ACTIONS.get(f.action, f.action)}：{f.reason}"
        case ev.StageEntered() as f:
            return f"进入 {f.stage}"
        case ev.TaskOpened() as f:
            return f"任务 {f.task_id}：{f.title} → {f.unit}"
        case ev.TaskClosed() as f:
            return f"任务 {f.task_id} 结束：{f.outcome}"
        case _:
            return _tell_rest(event)


def _tell_rest(event: Event) -> str:
    match event.fact:
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
        case ev.Noted() as f:
            return f.text
        case ev.Ended() as f:
            return f"办结：{f.text}"
        case ev.Archived() as f:
            return f"归档 {f.archive_no}"
        case _:
            return {"routed": "建议承办单位", "override_decided": "改级审批", "task_changed": "任务调整"}[
                event.fact.type
            ]
