"""Every kind of human task: what it is called, whose it is, its clocks, what opens it, what an officer does to close it."""

from enum import StrEnum
from typing import NamedTuple


class TaskKind(StrEnum):
    """The kinds of task; the table below says the rest."""

    LEAD_CHECK = "lead_check"
    REGISTER_LEAD = "register_lead"
    FIRST_ANSWER = "first_answer"
    TRIAGE = "triage"
    URGENT_REPORT = "urgent_report"
    REFUSAL_NOTICE = "refusal_notice"
    TRANSFER_NOTICE = "transfer_notice"
    LEVEL_APPROVAL = "level_approval"
    LEVEL_REVIEW = "level_review"
    LEGAL_REVIEW = "legal_review"
    HANDLE = "handle"
    ASSIST = "assist"
    RETURN_REVIEW = "return_review"
    EXTENSION = "extension"
    DISPOSE = "dispose"
    CONVENE = "convene"
    CONVENE_JOINT = "convene_joint"
    ANSWER_JOINT = "answer_joint"
    MINUTES = "minutes"
    OBJECTION = "objection"
    ANSWER_INVITATION = "answer_invitation"
    RECONSIDER = "reconsider"
    RESOLUTION = "resolution"
    SUPERVISE = "supervise"
    REPORT_UP = "report_up"
    REPLY_FROM_ABOVE = "reply_from_above"
    MEDIATE = "mediate"
    INVESTIGATE = "investigate"
    FINDINGS = "findings"
    GUIDE = "guide"
    AWAIT_CHOICE = "await_choice"
    SUSPENSION = "suspension"
    WITHDRAWAL = "withdrawal"
    INFORM = "inform"
    FEED_BACK = "feed_back"
    EXECUTE = "execute"
    CALLBACK = "callback"
    REOPEN = "reopen"
    REHANDLE = "rehandle"
    EXPLAIN = "explain"
    CLOSE = "close"
    CLOSE_LEAD = "close_lead"
    ARCHIVE = "archive"
    CARD_APPEAL = "card_appeal"
    TELL_OTHERWISE = "tell_otherwise"

    @property
    def word(self) -> str:
        """What it is called, unless it is given a title of its own."""
        return TASKS[self].title


class TaskRule(NamedTuple):
    """One row of the table.

    ``owner``: whose desk it lies on, in words. ``clocks``: rules that run on it from the start; a step of the route
    brings its own. ``opened_by``, in words. ``done_by``: the actions by which its owner moves or closes it, the most
    natural first. ``signed_for``: whether it is expected to be signed for. ``goes_on``: whether it goes on from what the unit
    did before, and so is in the hands of whoever handles the matter there.
    """

    title: str
    owner: str
    clocks: tuple[str, ...]
    opened_by: str
    done_by: tuple[str, ...]
    signed_for: bool = False
    goes_on: bool = False


BESIDE = (TaskKind.CARD_APPEAL, TaskKind.TELL_OTHERWISE)
"""Tasks beside the matter's own course: they go on when it ends, until it is archived."""

ON_ANY_TASK = ("sign_for", "reassign_officer", "request_extension")
"""What may be done on a task of whatever kind."""

INQUIRY = "调查"
"""What an 异议协调 is about, where units of an inquiry found differently: a decision alone does not settle it."""

ONLY_ANSWERS = (TaskKind.ANSWER_JOINT, TaskKind.ANSWER_INVITATION)
"""Tasks that ask a unit for an answer and give it no part in the matter."""

_K = TaskKind
TASKS: dict[TaskKind, TaskRule] = {
    _K.LEAD_CHECK: TaskRule(
        "线索核查", "被交办单位", ("lead_check",), "登记线索、交办线索", ("report_lead", "assign_lead", "convert_lead"),
        signed_for=True),
    _K.REGISTER_LEAD: TaskRule("登记监管线索", "综治中心", ("lead_register",), "准予撤回、不予受理转线索", ("spawn_lead",)),
    _K.FIRST_ANSWER: TaskRule(
        "首问办理", "收件单位", (), "登记（收件单位不是枢纽的）",
        ("hand_over", "accept_case", "request_supplement", "refuse_claims", "transfer_out", "merge_cases",
         "receive_material")),
    _K.TRIAGE: TaskRule(
        "初审分级", "综治中心", ("triage",), "登记、线索转争议、移交",
        ("accept_case", "request_supplement", "refuse_claims", "transfer_out", "merge_cases", "receive_material",
         "hand_over")),
    _K.URGENT_REPORT: TaskRule(
        "紧急信息报告", "综治中心", ("urgent_report",), "等级须立即报告", ("issue_urgent_report",)),
    _K.REFUSAL_NOTICE: TaskRule(
        "书面告知并移送", "综治中心", ("result_notice",), "不予受理", ("notify_refusal",)),
    _K.TRANSFER_NOTICE: TaskRule("告知并交出移送件", "综治中心", (), "移送外地", ("notify_transfer",)),
    _K.LEVEL_APPROVAL: TaskRule(
        "等级调整审批", "该等级的降级审批单位", ("override_approval",), "调整风险等级", ("decide_level_change",)),
    _K.LEVEL_REVIEW: TaskRule(
        "时间节点风险复核", "综治中心", ("override_approval",), "时间节点开始", ("review_level",)),
    _K.LEGAL_REVIEW: TaskRule(
        "法制审核", "主办单位", ("legal_review",), "受理时提请", ("give_legal_review",)),
    _K.HANDLE: TaskRule(
        "主办", "主办单位", ("sign", "return_window"), "受理并派单、改派",
        ("sign_for", "issue_disposition", "finish_on_the_spot", "open_investigation", "issue_investigation_report", "send_back",
         "request_extension", "reassign_officer"), signed_for=True),
    _K.ASSIST: TaskRule(
        "协办", "协办单位", ("sign", "return_window", "opinion"), "受理并派单、改派",
        ("sign_for", "give_opinion", "issue_disposition", "send_back", "request_extension", "reassign_officer"),
        signed_for=True),
    _K.RETURN_REVIEW: TaskRule("退单审核、改派", "综治中心", ("redispatch",), "退单", ("decide_return",)),
    _K.EXTENSION: TaskRule("延期审批", "综治中心（自己申请的由联席会议办公室审批）", ("extension_decision",), "申请延期",
                           ("decide_extension",)),
    _K.DISPOSE: TaskRule("出具处置意见", "路线指定的单位", (), "路线走到处置意见", ("issue_disposition",), goes_on=True),
    _K.CONVENE: TaskRule("组织会商", "会商组织单位", (), "路线走到会商", ("convene_consultation",)),
    _K.CONVENE_JOINT: TaskRule(
        "召开联席会议", "联席会议办公室", (), "路线走到联席会议、逾期升级",
        ("propose_joint_meeting", "convene_joint_meeting")),
    _K.ANSWER_JOINT: TaskRule(
        "答复联席会议提请", "县政府（或县政策所列的单位）", (), "提请召开联席会议", ("answer_joint_proposal",)),
    _K.MINUTES: TaskRule("会议纪要", "召集会议的单位", ("minutes",), "召集会商、召开联席会议",
                         ("issue_consultation_minutes", "issue_joint_minutes")),
    _K.OBJECTION: TaskRule("异议协调", "综治中心", ("objection",), "提出异议、登记当事人异议",
                           ("convene_consultation", "issue_consultation_minutes", "explain_again")),
    _K.ANSWER_INVITATION: TaskRule(
        "答复介入邀请", "受邀单位", (), "邀请介入", ("answer_invitation",)),
    _K.RECONSIDER: TaskRule("确认或更替处置意见", "出具处置意见的单位", ("objection",), "会议研究异议",
                            ("uphold_disposition", "issue_disposition"), goes_on=True),
    _K.RESOLUTION: TaskRule("议定事项", "责任单位", ("resolution",), "印发纪要", ("complete_resolution",),
                            signed_for=True),
    _K.SUPERVISE: TaskRule("督办", "督办单位", ("supervision",), "逾期、再次不满意、议定事项未能完成", ("supervise",),
                           signed_for=True),
    _K.REPORT_UP: TaskRule("提请上级协调", "组织单位或联席会议办公室", ("report_up",), "路线或纪要要求", ("report_up",)),
    _K.REPLY_FROM_ABOVE: TaskRule("上级答复", "上级单位", (), "提请上级协调", ("reply_from_above",), signed_for=True),
    _K.MEDIATE: TaskRule(
        "调解", "调解组织", (), "路线走到调解、启动调解",
        ("start_mediation", "draft_agreement", "conclude_agreement", "review_agreement", "end_mediation",
         "decline_mediation", "request_extension")),
    _K.INVESTIGATE: TaskRule("调查核实", "主办单位", (), "路线走到调查核实、调解终止",
                             ("open_investigation", "issue_investigation_report"), signed_for=True, goes_on=True),
    _K.FINDINGS: TaskRule("提交核实情况", "参加调查核实的单位", (), "启动调查核实",
                          ("submit_findings", "request_extension"), signed_for=True, goes_on=True),
    _K.GUIDE: TaskRule("仲裁、诉讼指引", "路线指定的单位", (), "路线走到指引", ("guide_to_law",), goes_on=True),
    _K.AWAIT_CHOICE: TaskRule("跟踪当事人仲裁诉讼选择", "路线指定的单位", (), "出具法律途径指引",
                              ("record_proceeding", "record_ruling", "issue_disposition", "notify_result"), goes_on=True),
    _K.SUSPENSION: TaskRule("中止核查", "综治中心", ("suspension_review",), "进入法律程序并须等待其结果",
                            ("review_suspension", "record_ruling")),
    _K.WITHDRAWAL: TaskRule("核实撤回真实意愿", "综治中心", ("withdraw_check",), "登记撤回申请", ("verify_withdrawal",)),
    _K.INFORM: TaskRule("结果告知", "直办由主办单位，联合处置由综治中心", ("result_notice",), "全部子项已有处置意见",
                        ("notify_result",), goes_on=True),
    _K.FEED_BACK: TaskRule(
        "反馈办理结果", "告知结果的主办单位", (), "直办的主办单位告知结果", ("feed_back_result",), goes_on=True),
    _K.EXECUTE: TaskRule(
        "后续执行", "主办单位", ("execution",), "告知结果后仍有应执行的",
        ("record_payment", "order_payment", "demand_performance", "apply_enforcement", "record_refund",
         "record_rights_restored", "report_executed", "report_unexecuted", "request_extension"), goes_on=True),
    _K.CALLBACK: TaskRule("回访", "综治中心或等级指定的单位（非承办人）", (), "告知结果、执行完毕",
                          ("record_callback", "log_call_attempt", "close_unreached")),
    _K.REOPEN: TaskRule("重新办理审批", "综治中心", ("reopen_decision",), "回访不满意", ("reopen_case",)),
    _K.REHANDLE: TaskRule("重新办理", "主办单位（换人）", ("rehandle",), "重新办理",
                          ("sign_for", "issue_disposition", "notify_result", "reassign_officer", "request_extension"),
                          signed_for=True),
    _K.EXPLAIN: TaskRule("复核释法", "综治中心", ("explain",), "回访不满意而无法律依据", ("explain_again",)),
    _K.CLOSE: TaskRule("结案审批", "综治中心或等级指定的单位", ("close",), "回访完成、撤回、释法", ("close_case", "supervise")),
    _K.CLOSE_LEAD: TaskRule("线索核查审核（转争议或办结）", "综治中心", ("close",), "线索核查全部反馈",
                            ("convert_lead", "close_lead", "assign_lead")),
    _K.ARCHIVE: TaskRule("归档", "结案的单位", ("close",), "结案", ("archive_case",)),
    _K.CARD_APPEAL: TaskRule("黄红牌申诉审查", "县政策所列的单位（不是受牌单位）", ("card_decision",),
                             "申诉黄牌、红牌", ("decide_card_appeal",)),
    _K.TELL_OTHERWISE: TaskRule("另行告知当事人", "综治中心；要书面的由县政策所列的单位", ("tell_otherwise",),
                                "通知未送达、当事人要书面告知", ("tell_otherwise",)),
}  # fmt: skip
"""The table that ``policy show --tasks`` prints; offers and handlers read it."""
