"""What an action that was taken means: decided once, with the policy at hand, and only copied by the fold."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from domain.actions.mediation import Instalment
from domain.intake import ClaimNo, DuplicateHint, Whose
from domain.words import Conclusion, Model, Money, Satisfaction, Step, UnitName

MeetingForm = Literal["会商", "联席会议"]


class TriageNoted(Model):
    """What acceptance settles besides level and units."""

    type: Literal["triage_noted"] = "triage_noted"
    confidential: bool


class PartyContacted(Model):
    """联系当事人 at the first review: when and how, or why nobody was reached."""

    type: Literal["party_contacted"] = "party_contacted"
    way: str
    on: date | None = None
    unreached: str | None = None


class HandlersNoted(Model):
    """Who handled the matter, and so may never make its callback."""

    type: Literal["handlers_noted"] = "handlers_noted"
    officers: list[str]


class HubChanged(Model):
    """移交: another hub has the matter. ``failed``: whether a hub gave it up, not only the unit that received it."""

    type: Literal["hub_changed"] = "hub_changed"
    to: UnitName
    failed: bool


class TransferredOut(Model):
    """移送外地."""

    type: Literal["transferred_out"] = "transferred_out"
    area: str
    to: str


class TaskSigned(Model):
    """签收."""

    type: Literal["task_signed"] = "task_signed"
    task_id: str


class TaskReturned(Model):
    """退单."""

    type: Literal["task_returned"] = "task_returned"
    task_id: str
    reason_code: str


class ClaimsRefused(Model):
    """不予受理 of these claims; of the whole matter when none is named."""

    type: Literal["claims_refused"] = "claims_refused"
    codes: list[str]
    ways: list[str]
    claims: list[ClaimNo] = []


class LegalReviewGiven(Model):
    """法制审核."""

    type: Literal["legal_review_given"] = "legal_review_given"
    result: str


class ExtensionAsked(Model):
    """延期申请 for one clock."""

    type: Literal["extension_asked"] = "extension_asked"
    clock_id: str
    length: int
    unit: Literal["wd", "d", "h"]
    reason: str


class ExtensionDecided(Model):
    """延期审批 of one clock."""

    type: Literal["extension_decided"] = "extension_decided"
    clock_id: str
    granted: bool


class ObjectionRaised(Model):
    """A unit disagrees about these claims; ``stance``: what it would have instead."""

    type: Literal["objection_raised"] = "objection_raised"
    by: UnitName
    claims: list[ClaimNo]
    stance: str


class UnitInvited(Model):
    """邀请介入."""

    type: Literal["unit_invited"] = "unit_invited"
    unit: UnitName
    purpose: str


class InvitationAnswered(Model):
    """答复介入邀请 of the unit invited last for this."""

    type: Literal["invitation_answered"] = "invitation_answered"
    unit: UnitName
    answer: Literal["参加", "不参加", "提交书面意见"]
    officers: list[str] = []


class JointMeetingProposed(Model):
    """提请召开联席会议."""

    type: Literal["joint_meeting_proposed"] = "joint_meeting_proposed"
    units: list[UnitName]
    held_at: AwareDatetime


class JointProposalAnswered(Model):
    """答复提请: ``granted``; where not, whether it went back for more or was turned down. ``held_at``: when to meet."""

    type: Literal["joint_proposal_answered"] = "joint_proposal_answered"
    answer: Literal["granted", "back", "refused"]
    held_at: AwareDatetime | None = None


class MeetingConvened(Model):
    """A sitting is called."""

    type: Literal["meeting_convened"] = "meeting_convened"
    form: MeetingForm
    units: list[UnitName]


class ItemAgreed(Model):
    """One 议定事项."""

    no: int
    unit: UnitName
    text: str
    due: date


class MeetingConcluded(Model):
    """A sitting has its minutes."""

    type: Literal["meeting_concluded"] = "meeting_concluded"
    form: MeetingForm
    agreed: bool
    heard: list[UnitName] = []
    """The units that were there, and those that one of them spoke for."""
    items: list[ItemAgreed] = []


class ResolutionCompleted(Model):
    """议定事项 done."""

    type: Literal["resolution_completed"] = "resolution_completed"
    no: int


class Supervised(Model):
    """督办."""

    type: Literal["supervised"] = "supervised"


class ReportedUp(Model):
    """提请上级协调."""

    type: Literal["reported_up"] = "reported_up"
    to: UnitName
    step: Step


class RepliedFromAbove(Model):
    """上级答复; ``settles``: whether the matter is carried out as the unit above says.

    ``further``: whether somebody further up is to be asked.
    """

    type: Literal["replied_from_above"] = "replied_from_above"
    settles: bool
    further: bool = False


class MediationStarted(Model):
    """Both sides agreed to mediation; who leads it, with whom, in which room."""

    type: Literal["mediation_started"] = "mediation_started"
    chief: str
    members: list[str] = []
    room: str


class MediationDeclined(Model):
    """A side does not want it."""

    type: Literal["mediation_declined"] = "mediation_declined"


class AgreementDrafted(Model):
    """A draft on the table."""

    type: Literal["agreement_drafted"] = "agreement_drafted"
    version: int
    amount: Money | None = None
    terms: list[str] = []
    instalments: list[Instalment] = []


class AgreementReviewed(Model):
    """What the review says of a draft."""

    type: Literal["agreement_reviewed"] = "agreement_reviewed"
    version: int
    passed: bool


class AgreementConcluded(Model):
    """Signed: this version's text and instalments."""

    type: Literal["agreement_concluded"] = "agreement_concluded"
    version: int
    signed_on: date


class MediationEnded(Model):
    """调解终止."""

    type: Literal["mediation_ended"] = "mediation_ended"


class ConfirmationDecided(Model):
    """司法确认."""

    type: Literal["confirmation_decided"] = "confirmation_decided"
    confirmed: bool


class ConfirmationApplied(Model):
    """申请司法确认."""

    type: Literal["confirmation_applied"] = "confirmation_applied"
    on: date


class InvestigationOpened(Model):
    """启动调查核实, or more units join: what each finds out."""

    type: Literal["investigation_opened"] = "investigation_opened"
    units: dict[UnitName, list[str]]


class FindingsSubmitted(Model):
    """One unit's findings; ``sums``: the principal due by claim, yuan; ``beside``: units whose officers took part."""

    type: Literal["findings_submitted"] = "findings_submitted"
    unit: UnitName
    relation: str
    sums: dict[ClaimNo, Money] = {}
    beside: list[UnitName] = []


class InvestigationReported(Model):
    """调查核实报告 by these units; ``otherwise``: those that found otherwise than it says."""

    type: Literal["investigation_reported"] = "investigation_reported"
    relation: str
    by: list[UnitName]
    otherwise: list[UnitName] = []


class Guided(Model):
    """The ways of the law are shown."""

    type: Literal["guided"] = "guided"
    ways: list[str]


class ProceedingBegan(Model):
    """A proceeding elsewhere; ``waited_for``: the matter stands still until it ends."""

    type: Literal["proceeding_began"] = "proceeding_began"
    name: str
    waited_for: bool


class RulingRecorded(Model):
    """A paper that decides a proceeding elsewhere."""

    type: Literal["ruling_recorded"] = "ruling_recorded"
    name: str
    outcome: str
    in_force: bool


class WaitEnded(Model):
    """Nobody waits for a proceeding elsewhere any more."""

    type: Literal["wait_ended"] = "wait_ended"


class OpinionGiven(Model):
    """A consulted unit's view of each claim it was asked about."""

    type: Literal["opinion_given"] = "opinion_given"
    views: dict[ClaimNo, str]


class ClaimDecided(Model):
    """What a disposition settles of one claim; ``recognised``: premium, yuan."""

    no: ClaimNo
    conclusion: Conclusion
    recognised: Money | None = None
    refund: Money | None = None
    """What is to be paid back, yuan, where that was decided."""


class DispositionIssued(Model):
    """处置意见. ``excepted``: how many lines of the roll are 不支持 though the rest is not."""

    type: Literal["disposition_issued"] = "disposition_issued"
    claims: list[ClaimDecided]
    excepted: int = 0


class DispositionUpheld(Model):
    """The decision in force on these claims was confirmed after a sitting had studied what is said against it."""

    type: Literal["disposition_upheld"] = "disposition_upheld"
    claims: list[ClaimNo]


class PaidPart(Model):
    """Principal of one claim, yuan."""

    claim: ClaimNo
    principal: Money


class PaymentRecorded(Model):
    """到账: principal by claim, the late fee beside it. ``elsewhere``: another place's tax authority collected it.

    ``instalment``: the one of the agreement, from 1, that it was named for.
    """

    type: Literal["payment_recorded"] = "payment_recorded"
    parts: list[PaidPart]
    late_fee: Money
    by_force: bool
    elsewhere: bool = False
    paid_on: date
    instalment: int | None = None


class PaymentWithdrawn(Model):
    """更正: the payment of this number counts no more. ``reopened``: claims that were closed because of it."""

    type: Literal["payment_withdrawn"] = "payment_withdrawn"
    no: int
    reopened: list[ClaimNo] = []


class RefundRecorded(Model):
    """退费到账 of a claim, yuan."""

    type: Literal["refund_recorded"] = "refund_recorded"
    claim: ClaimNo
    amount: Money


class Executed(Model):
    """执行完毕, of the whole."""

    type: Literal["executed"] = "executed"


class LeftUnpaid(Model):
    """执行完毕 of claims whose recognised principal has not come in whole, and on what ground."""

    type: Literal["left_unpaid"] = "left_unpaid"
    claims: list[ClaimNo]
    ground: str


class PartiesInformed(Model):
    """结果告知."""

    type: Literal["parties_informed"] = "parties_informed"


class ResultFedBack(Model):
    """反馈办理结果."""

    type: Literal["result_fed_back"] = "result_fed_back"
    attitude: str
    performance: str
    risk: bool


class CallTried(Model):
    """A callback not answered."""

    type: Literal["call_tried"] = "call_tried"


class CalledBack(Model):
    """回访结果; ``answers``: by the number of the question, as chosen. None where nobody was reached."""

    type: Literal["called_back"] = "called_back"
    satisfaction: Satisfaction
    answers: dict[str, list[str]] = {}
    method: str
    category: str | None = None


class CardAppealed(Model):
    """申诉 of a 黄牌 or 红牌, by its number in the matter."""

    type: Literal["card_appealed"] = "card_appealed"
    no: int
    ground: str


class CardDecided(Model):
    """A card upheld, or withdrawn and why."""

    type: Literal["card_decided"] = "card_decided"
    no: int
    withdrawn: bool
    ground: str | None = None


class WithdrawalAsked(Model):
    """撤回申请. ``whole``: by all of them; otherwise by so many people, on these lines of the roll, for themselves."""

    type: Literal["withdrawal_asked"] = "withdrawal_asked"
    whole: bool
    people: int
    lines: list[int] = []


class WithdrawalDecided(Model):
    """撤回核实."""

    type: Literal["withdrawal_decided"] = "withdrawal_decided"
    allowed: bool


class Reopened(Model):
    """重新办理."""

    type: Literal["reopened"] = "reopened"


class CasesLinked(Model):
    """关联."""

    type: Literal["cases_linked"] = "cases_linked"
    to: str


class Merged(Model):
    """并案, under this source number."""

    type: Literal["merged"] = "merged"
    into: str


class SourceAbsorbed(Model):
    """The parent of a merger takes over a source number."""

    type: Literal["source_absorbed"] = "source_absorbed"
    channel: str
    source_no: str
    received_at: AwareDatetime
    handed_over_by: UnitName | None = None


class PaperReviewed(Model):
    """审核 of a paper, by its place among the matter's papers, from 1. ``called``: as whoever reads the record knows it."""

    type: Literal["paper_reviewed"] = "paper_reviewed"
    paper: int
    called: str
    passed: bool


class PaperIssued(Model):
    """制发. ``asked``: what had been missing. ``sha256``: of the bytes, which the ledger keeps beside the events."""

    type: Literal["paper_issued"] = "paper_issued"
    paper: int
    called: str
    number: str
    code: str
    sha256: str
    signed_by: str
    asked: dict[str, str] = {}


class PaperServed(Model):
    """送达 to one addressee; ``served_on``: from when its terms count."""

    type: Literal["paper_served"] = "paper_served"
    paper: int
    called: str
    to: str
    way: str
    done_on: date
    served_on: date
    proof: str


class PaperRevoked(Model):
    """撤销 of an issue; ``again``: whether it is put right and issued again, under another number."""

    type: Literal["paper_revoked"] = "paper_revoked"
    paper: int
    called: str
    reason: str
    again: bool


class PartyCorrected(Model):
    """更正: what of one party is registered otherwise now. ``place``: the respondent's number from 1, or the line of the roll.

    ``duplicates``: what the matter looks like now; ``None``: as before.
    """

    type: Literal["party_corrected"] = "party_corrected"
    whose: Whose
    place: int
    values: dict[str, str | bool]
    duplicates: list[DuplicateHint] | None = None


OF_PAPERS = (PaperReviewed, PaperIssued, PaperServed, PaperRevoked)

Meaning = Annotated[
    TriageNoted | PartyContacted | HandlersNoted | HubChanged | TransferredOut
    | TaskSigned | TaskReturned | ClaimsRefused | LegalReviewGiven | ExtensionAsked
    | ExtensionDecided | ObjectionRaised | UnitInvited | InvitationAnswered | JointMeetingProposed | JointProposalAnswered
    | MeetingConvened | MeetingConcluded | ResolutionCompleted | Supervised
    | ReportedUp | RepliedFromAbove | MediationStarted | MediationDeclined | AgreementDrafted | AgreementReviewed
    | AgreementConcluded | MediationEnded | ConfirmationDecided | ConfirmationApplied | InvestigationOpened
    | FindingsSubmitted | InvestigationReported
    | Guided | ProceedingBegan | RulingRecorded | WaitEnded | OpinionGiven | DispositionIssued | DispositionUpheld
    | PaymentRecorded | PaymentWithdrawn
    | RefundRecorded | Executed | LeftUnpaid | PartiesInformed | ResultFedBack | CallTried | CalledBack
    | WithdrawalAsked | WithdrawalDecided
    | Reopened | CasesLinked | Merged | SourceAbsorbed | CardAppealed | CardDecided
    | PaperReviewed | PaperIssued | PaperServed | PaperRevoked
    | PartyCorrected,
    Field(discriminator="type"),
]  # fmt: skip
