"""The activities by name: one for each stage of the plan and for each thing that the clocks do.

All of them are the one protocol of decision 1 (:mod:`activities.ledger`). The name says in the history, in the metrics
and in the logs which part of the mechanism a commit belongs to; the summary says whose hand it was.
Whatever the code keeps by kind of action stands here.
"""

from collections.abc import Callable
from datetime import datetime

from temporalio import activity

from activities.ledger import LedgerActivities
from activities.messages import (
    CatchUp,
    Command,
    CommitRequest,
    CommitResult,
    KeepDeclined,
    Note,
    Open,
    Register,
    Take,
    Tick,
)
from domain import flow
from domain.actions import VERBS
from domain.deadlines import AlarmKind
from domain.dispute import Dispute
from domain.words import Step

STAGES: dict[str, tuple[str, ...]] = {
    "review": (
        "request_supplement", "receive_material", "refuse_claims", "notify_refusal", "link_cases", "give_legal_review",
        "issue_urgent_report", "correct_party",
    ),
    "check_lead": ("assign_lead", "report_lead", "convert_lead", "close_lead", "spawn_lead"),
    "merge": ("merge_cases", "absorb_source"),
    "hand_over": ("hand_over", "transfer_out", "notify_transfer"),
    "triage": ("accept_case",),
    "dispatch": ("sign_for", "send_back", "decide_return", "change_units", "reassign_officer"),
    "change_level": ("change_level", "decide_level_change", "review_level"),
    "extend": ("request_extension", "decide_extension"),
    "consult": (
        "give_opinion", "convene_consultation", "issue_consultation_minutes", "object_to_disposition",
        "complete_resolution", "invite_unit", "answer_invitation",
    ),
    "joint_meeting": (
        "propose_joint_meeting", "answer_joint_proposal", "convene_joint_meeting", "issue_joint_minutes",
    ),
    "report_up": ("report_up", "reply_from_above"),
    "mediate": (
        "start_mediation", "decline_mediation", "draft_agreement", "review_agreement", "conclude_agreement",
        "end_mediation", "apply_judicial_confirmation", "record_judicial_confirmation",
    ),
    "investigate": ("open_investigation", "submit_findings", "issue_investigation_report"),
    "follow_proceeding": ("record_proceeding", "record_ruling", "review_suspension"),
    "dispose": ("issue_disposition", "uphold_disposition", "finish_on_the_spot"),
    "guide": ("guide_to_law",),
    "inform": (
        "notify_result", "feed_back_result", "record_party_objection", "report_undelivered", "tell_otherwise",
    ),
    "execute": (
        "record_payment", "withdraw_payment", "order_payment", "demand_performance", "apply_enforcement", "record_refund",
        "record_rights_restored", "report_executed", "report_unexecuted",
    ),
    "call_back": ("log_call_attempt", "record_callback", "close_unreached", "reopen_case", "explain_again"),
    "supervise": ("supervise",),
    "withdraw": ("record_withdrawal", "verify_withdrawal"),
    "close": ("close_case", "archive_case"),
    "appeal_card": ("appeal_card", "decide_card_appeal", "withdraw_card"),
    "draw_up_paper": ("review_paper", "issue_paper", "serve_paper", "revoke_paper"),
}  # fmt: skip
"""The actions that each activity takes."""

OF_KIND = {kind: stage for stage, kinds in STAGES.items() for kind in kinds}

RUNGS = {
    AlarmKind.REMINDER: "remind",
    AlarmKind.YELLOW: "card",
    AlarmKind.RED: "card",
    AlarmKind.SUPERVISE: "supervise",
    AlarmKind.ESCALATE: "escalate",
}
"""What a clock does at each rung of its ladder, the gravest last."""

OPENINGS = {
    Step.CONSULT: "open_consultation",
    Step.JOINT_MEETING: "open_joint_meeting",
    Step.CITY: "open_report_up",
    Step.REPORT_UP: "open_report_up",
    Step.SPECIAL_CASE: "open_report_up",
    Step.MEDIATE: "open_mediation",
    Step.INVESTIGATE: "open_investigation",
    Step.GUIDE: "open_guidance",
    Step.DIRECT: "open_handling",
    Step.ON_THE_SPOT: "open_handling",
    Step.DISPOSE: "open_disposition",
}
"""What the flow does when the turn of a step has come."""

REGISTER, RECHECK = "register", "recheck_risk"
KEEP_DECLINED, NOTE, CATCH_UP = "keep_declined", "note", "catch_up"

WORDS = {
    REGISTER: "登记", "review": "初审", "check_lead": "线索核查", "merge": "并案", "triage": "受理分流",
    "hand_over": "移交、移送", "dispatch": "签收、退单、改派", "change_level": "改级", "extend": "延期", "consult": "会商",
    "joint_meeting": "联席会议", "report_up": "上级协调", "mediate": "调解", "investigate": "调查核实",
    "follow_proceeding": "诉讼仲裁进展", "dispose": "处置意见", "guide": "指引", "inform": "结果告知",
    "execute": "后续执行", "call_back": "回访", "withdraw": "撤回", "close": "结案归档",
    "appeal_card": "黄红牌申诉", "draw_up_paper": "文书制发", "remind": "催办",
    "card": "黄红牌", "supervise": "督办", "escalate": "升级至联席会议", RECHECK: "风险复核",
    "open_consultation": "进入会商", "open_joint_meeting": "进入联席会议", "open_report_up": "进入上级协调",
    "open_mediation": "进入调解", "open_investigation": "进入调查核实", "open_guidance": "进入指引",
    "open_handling": "进入办理", "open_disposition": "进入处置意见", KEEP_DECLINED: "留存未予办理的操作",
    NOTE: "记录说明", CATCH_UP: "与台账对齐",
}  # fmt: skip
"""Every activity of the ledger, as an administrator reads it."""


SAID = 2
"""How many of the rungs that are due at the same moment a summary names, the last ones."""


def stage_activities(book: LedgerActivities) -> list[Callable[..., CommitResult]]:
    """One activity for each name, all of them the ledger's one protocol."""
    return [_named(name, book) for name in WORDS]


def _named(name: str, book: LedgerActivities) -> Callable[[CommitRequest], CommitResult]:
    # An exception thrown into the thread from outside breaks its connection and can leave a lock held for ever.
    @activity.defn(name=name, no_thread_cancel_exception=True)
    def take(request: CommitRequest) -> CommitResult:
        return book.answer(request)

    return take


def stage_of(command: Command, d: Dispute, now: datetime) -> str:
    """The activity that a command is done by, upon this state."""
    match command:
        case Register():
            return REGISTER
        case Take():
            return OF_KIND[command.act.body.kind]
        case Open():
            return OPENINGS[command.step]
        case Tick():
            return _stage_of_clocks(d, now)
        case KeepDeclined():
            return KEEP_DECLINED
        case Note():
            return NOTE
        case CatchUp():
            return CATCH_UP


def _stage_of_clocks(d: Dispute, now: datetime) -> str:
    """By the gravest rung that is due: what is late by days climbs several at once."""
    due = {RUNGS[alarm.kind] for _, alarm in flow.rungs_due(d, now)}
    if due:
        return next(name for name in reversed(RUNGS.values()) if name in due)
    return RECHECK if d.recheck_at and d.recheck_at <= now else CATCH_UP


def summary_of(command: Command, d: Dispute, now: datetime) -> str:
    """Whose hand and what: 县医保局 提交意见, 县医保局 会商意见 红牌, 进入会商. Units and clocks, never a person."""
    match command:
        case Register():
            return f"{command.intake.channel} {WORDS[REGISTER]}"
        case Take():
            return f"{command.act.unit} {d.say(VERBS[command.act.body.kind])}"
        case Open():
            return d.say(WORDS[OPENINGS[command.step]])
        case Tick():
            return _summary_of_clocks(d, now)
        case KeepDeclined():
            return f"{command.unit} {d.say(WORDS[KEEP_DECLINED])}"
        case Note() | CatchUp():
            return d.say(WORDS[stage_of(command, d, now)])


def _summary_of_clocks(d: Dispute, now: datetime) -> str:
    due = flow.rungs_due(d, now)
    if not due:
        return d.say(WORDS[_stage_of_clocks(d, now)])
    said = [f"{clock.owner} {d.say(f'{clock.name} {alarm.kind}')}" for clock, alarm in due]
    more = f"等 {len(said)} 项" if len(said) > SAID else ""
    return "，".join(said[-SAID:]) + more
