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
    KeepRefusal,
    Note,
    Open,
    Register,
    Take,
    Tick,
)
from domain import actions as a
from domain import flow
from domain.actions import Act
from domain.deadlines import AlarmKind
from domain.dispute import Dispute
from domain.telling import ACTIONS
from domain.words import MatterKind, Step

STAGES: dict[str, tuple[str, ...]] = {
    "review": (
        "request_supplement", "supplement_material", "decide_not_accept", "link_case", "legal_review", "urgent_report",
    ),
    "check_lead": ("register_lead", "convert_lead"),
    "merge": ("merge_into", "absorb"),
    "triage": ("triage_confirm",),
    "dispatch": ("claim", "return", "dispatch", "transfer"),
    "change_level": ("override_risk", "approve_override", "reject_override"),
    "extend": ("request_extension", "approve_extension", "reject_extension"),
    "consult": ("convene_meeting", "minutes", "objection", "resolution_done"),
    "report_up": ("escalate_city", "city_reply"),
    "mediate": (
        "mediation_start", "agreement_draft", "agreement_review", "mediate_agreed", "mediate_failed",
        "judicial_confirm",
    ),
    "investigate": ("investigate_report",),
    "follow_proceeding": ("legal_document",),
    "dispose": ("submit_opinion",),
    "guide": ("guide_to_arbitration",),
    "inform": ("notify_party",),
    "execute": ("payment_received", "enforce_report"),
    "call_back": ("callback_call", "callback_answer", "reopen"),
    "supervise": ("supervise",),
    "withdraw": ("withdraw", "withdraw_confirm"),
    "close": ("close_case", "close_attempt"),
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
    Step.MEDIATE: "open_mediation",
    Step.INVESTIGATE: "open_investigation",
    Step.GUIDE: "open_guidance",
    Step.DIRECT: "open_handling",
    Step.ON_THE_SPOT: "open_handling",
    Step.DISPOSE: "open_disposition",
}
"""What the flow does when the turn of a step has come."""

REGISTER, JOINT_MEETING, RECHECK = "register", "joint_meeting", "recheck_risk"
KEEP_REFUSAL, NOTE, CATCH_UP = "keep_refusal", "note", "catch_up"

WORDS = {
    REGISTER: "登记", "review": "初审", "check_lead": "线索核查", "merge": "并案", "triage": "受理分流",
    "dispatch": "签收、退单、改派", "change_level": "改级", "extend": "延期", "consult": "会商",
    JOINT_MEETING: "联席会议", "report_up": "上级协调", "mediate": "调解", "investigate": "调查核实",
    "follow_proceeding": "诉讼仲裁进展", "dispose": "处置意见", "guide": "指引", "inform": "结果告知",
    "execute": "后续执行", "call_back": "回访", "withdraw": "撤回", "close": "结案归档", "remind": "催办",
    "card": "黄红牌", "supervise": "督办", "escalate": "升级至联席会议", RECHECK: "风险复核",
    "open_consultation": "进入会商", "open_joint_meeting": "进入联席会议", "open_report_up": "进入上级协调",
    "open_mediation": "进入调解", "open_investigation": "进入调查核实", "open_guidance": "进入指引",
    "open_handling": "进入办理", "open_disposition": "进入处置意见", KEEP_REFUSAL: "留存未受理的操作",
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
            return _stage_of_act(command.act, d)
        case Open():
            return OPENINGS[command.step]
        case Tick():
            return _stage_of_clocks(d, now)
        case KeepRefusal():
            return KEEP_REFUSAL
        case Note():
            return NOTE
        case CatchUp():
            return CATCH_UP


def _stage_of_act(act: Act, d: Dispute) -> str:
    """By the kind of the action; by its form where one kind serves two stages."""
    match act.body:
        case a.ConveneMeeting(form="联席会议"):
            return JOINT_MEETING
        case a.Minutes() if d.meetings and d.meetings[-1].form == "联席会议":
            return JOINT_MEETING
        case a.SubmitOpinion(conclusion=None) | a.SubmitOpinion(role="协办"):
            return "consult"
        case a.InvestigateReport() if d.kind == MatterKind.LEAD:
            return "check_lead"
        case a.NotifyParty() if d.refused_at:
            return "review"
        case body:
            return OF_KIND[body.kind]


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
            return f"{command.act.unit} {ACTIONS[command.act.body.kind]}"
        case Open():
            return WORDS[OPENINGS[command.step]]
        case Tick():
            return _summary_of_clocks(d, now)
        case KeepRefusal():
            return f"{command.unit} {WORDS[KEEP_REFUSAL]}"
        case Note() | CatchUp():
            return WORDS[stage_of(command, d, now)]


def _summary_of_clocks(d: Dispute, now: datetime) -> str:
    due = flow.rungs_due(d, now)
    if not due:
        return WORDS[_stage_of_clocks(d, now)]
    said = [f"{clock.owner} {clock.name} {alarm.kind}" for clock, alarm in due]
    more = f"等 {len(said)} 项" if len(said) > SAID else ""
    return "，".join(said[-SAID:]) + more
