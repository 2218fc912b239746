"""Everything a person may do to a matter: one model per action, one discriminated union for them all.

Forms, JSON Schema, CLI templates and the update and signal payloads all come from this union. Amounts are yuan,
spans of time are written ``10 working days``, ``15 days`` or ``24 hours``.
"""

import re
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    PlainSerializer,
    TypeAdapter,
    model_validator,
)

from domain.intake import ClaimNo
from domain.words import Conclusion, Level, Model, Money, Satisfaction, UnitName


class Span(Model):
    """A length of time: working days (wd), natural days (d) or hours (h)."""

    length: int = Field(ge=0)
    unit: Literal["wd", "d", "h"]

    def __str__(self) -> str:
        return f"{self.length} {({'wd': 'working days', 'd': 'days', 'h': 'hours'})[self.unit]}"


def _parse_span(value: object) -> object:
    if isinstance(value, int):
        return Span(length=value, unit="wd")
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"(\d+)\s*(working days?|wd|工作日|个工作日|days?|d|日|天|hours?|h|小时)", value.strip())
    if not found:
        raise ValueError("时限须写成“10 working days”“15 days”或“24 hours”")
    word = found[2]
    unit = "wd" if "w" in word or "工作" in word else "h" if word[0] == "h" or word == "小时" else "d"
    return Span(length=int(found[1]), unit=unit)


Days = Annotated[Span, BeforeValidator(_parse_span), PlainSerializer(str, when_used="json")]


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("须填写内容，不能为空")
    return text.strip()


Text = Annotated[str, AfterValidator(_said)]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Names = Annotated[list[str], BeforeValidator(_listed)]


class Body(Model):
    """The common part of every action. ``remarks`` keeps whatever else was noted, as it was noted."""

    kind: str
    remarks: dict[str, Any] = {}


# --- intake and triage -----------------------------------------------------------------------------------------


class RegisterLead(Body):
    """登记线索: note a lead, or leave one behind for other units (暂行条例 21: the reporter stays hidden)."""

    kind: Literal["register_lead"] = "register_lead"
    subject: str | None = None
    to: Names = []
    reporter_hidden: bool = True
    note: str | None = None


class ConvertLead(Body):
    """线索转争议: someone has come forward; the intake clocks start now."""

    kind: Literal["convert_lead"] = "convert_lead"
    filed_by: list[str]
    dispute_registered: bool = True


class TriageConfirm(Body):
    """初审确认: accept, set the level, dispatch."""

    kind: Literal["triage_confirm"] = "triage_confirm"
    decision: Literal["受理"] = "受理"
    level: Level
    path: str
    lead: UnitName
    co: list[UnitName] = []
    others: list[UnitName] = []
    sub_items: dict[ClaimNo, UnitName] = {}
    flags: Names = []
    confidentiality: str | None = None
    note: str | None = None


class Refusal(Model):
    """One claim that is not accepted, with its code and the right way to go."""

    claim: ClaimNo | None = None
    code: str
    redirect: str | None = None


class DecideNotAccept(Body):
    """不予受理: always in writing, with the right way named (社会保险法 82)."""

    kind: Literal["decide_not_accept"] = "decide_not_accept"
    code: str | None = None
    redirect: str | None = None
    items: list[Refusal] = []

    @model_validator(mode="after")
    def _names_a_code(self) -> Self:
        if not self.code and not self.items:
            raise ValueError("不予受理须写明代码（N1–N11）和正确途径")
        return self

    def refusals(self) -> list[Refusal]:
        """The refusals, one per claim or one for the whole matter."""
        return self.items or [Refusal(code=self.code or "", redirect=self.redirect)]


class RequestSupplement(Body):
    """一次性补正通知."""

    kind: Literal["request_supplement"] = "request_supplement"
    missing: Annotated[Names, Field(min_length=1)]
    deadline: Days | None = None
    method: str | None = None


class SupplementMaterial(Body):
    """Material added, on request or at any time."""

    kind: Literal["supplement_material"] = "supplement_material"
    items: Names = []
    note: str | None = None


class MergeInto(Body):
    """并案: this matter (``child``) goes on under ``parent``; both by their source numbers."""

    kind: Literal["merge_into"] = "merge_into"
    child: str
    parent: str
    basis: Names = []
    suggested_by: str | None = None
    confirmed_by: str | None = None


class Absorb(Body):
    """What the parent of a merger takes over: the other source number and its channel's clocks."""

    kind: Literal["absorb"] = "absorb"
    child_id: str
    source_no: str
    channel: str
    received_at: AwareDatetime
    basis: list[str] = []


class LinkCase(Body):
    """关联: a new matter belongs with an earlier one, and is handled by itself."""

    kind: Literal["link_case"] = "link_case"
    new_source: str
    previous_source: str
    relation: str | None = None
    confirmed_by: str | None = None


class OverrideRisk(Body):
    """改级, with its reason."""

    kind: Literal["override_risk"] = "override_risk"
    old: Level
    new: Level
    reason: Text
    reason_code: str | None = None
    immediate: bool | None = None


class ApproveOverride(Body):
    """批准改级."""

    kind: Literal["approve_override"] = "approve_override"
    reason: str | None = None


class RejectOverride(Body):
    """不批准改级."""

    kind: Literal["reject_override"] = "reject_override"
    reason: Text


class LegalReview(Body):
    """法制审核 (N6 and doubtful law)."""

    kind: Literal["legal_review"] = "legal_review"
    result: Text
    law_anchor: str | None = None


class UrgentReport(Body):
    """紧急信息报告 (信访工作条例 25)."""

    kind: Literal["urgent_report"] = "urgent_report"
    to: Annotated[Names, Field(min_length=1)]
    content: str | None = None


# --- human tasks ------------------------------------------------------------------------------------------------


class SignFor(Body):
    """签收."""

    kind: Literal["claim"] = "claim"
    task: str | None = None
    note: str | None = None


class SendBack(Body):
    """退单: reviewed once by the dispatcher, then final."""

    kind: Literal["return"] = "return"
    reason: Text
    reason_code: str | None = None
    suggested_unit: UnitName | None = None


class Dispatch(Body):
    """派单, 改派."""

    kind: Literal["dispatch"] = "dispatch"
    lead: UnitName
    co: list[UnitName] = []
    redispatch: bool = True
    note: str | None = None


class RequestExtension(Body):
    """延期申请."""

    kind: Literal["request_extension"] = "request_extension"
    days: Days
    reason: Text


class ApproveExtension(Body):
    """批准延期."""

    kind: Literal["approve_extension"] = "approve_extension"
    days: Days | None = None
    reason: str | None = None


class RejectExtension(Body):
    """不批准延期."""

    kind: Literal["reject_extension"] = "reject_extension"
    days: Days | None = None
    reason: str | None = None


class Transfer(Body):
    """Pass a task to another officer of the same unit."""

    kind: Literal["transfer"] = "transfer"
    to_officer: Text
    reason: str | None = None


# --- handling -----------------------------------------------------------------------------------------------------


class SubmitOpinion(Body):
    """处置意见 of the lead, or the opinion of a unit consulted."""

    kind: Literal["submit_opinion"] = "submit_opinion"
    conclusion: Conclusion | None = None
    role: Literal["主办", "协办"] | None = None
    fact: str | None = None
    act: str | None = None
    content: str | None = None
    reason: str | None = None
    sub_item: ClaimNo | None = None
    principal: Money | None = None
    recognised_amount: Money | None = None
    late_fee: str | None = None
    consulted: Names = []
    per_person: int | None = None
    supported_lines: int | None = None
    not_supported_lines: int | None = None
    reasons_per_line: bool | None = None
    status: str | None = None
    supersedes_step: str | int | None = None


class Objection(Body):
    """A unit disagrees with what another decided."""

    kind: Literal["objection"] = "objection"
    against_step: str | int
    conclusion: Conclusion | None = None
    reason: str | None = None


class ConveneMeeting(Body):
    """召开会商 or 联席会议."""

    kind: Literal["convene_meeting"] = "convene_meeting"
    form: Literal["会商", "联席会议"]
    units: list[UnitName] = []
    invited: list[str] = []
    no: int | None = None
    place: str | None = None
    chair: str | None = None
    topic: str | None = None
    reason: str | None = None
    triggered_by: str | None = None


class ResolutionItem(Model):
    """议定事项: who does what until when."""

    no: int
    unit: UnitName
    text: str
    due: date | None = None


class Minutes(Body):
    """会议纪要."""

    kind: Literal["minutes"] = "minutes"
    opinion: str | None = None
    opinions: dict[UnitName, str] = {}
    division: str | dict[UnitName, str] | None = None
    resolutions: list[ResolutionItem] = []
    order: Any = None
    joint: Any = None
    to_city: bool | None = None
    note: str | None = None


class ResolutionDone(Body):
    """议定事项办结."""

    kind: Literal["resolution_done"] = "resolution_done"
    no: int
    late: bool | None = None
    note: str | None = None


class Supervise(Body):
    """督办."""

    kind: Literal["supervise"] = "supervise"
    reason: Text
    no: int | None = None
    result: str | None = None


class EscalateCity(Body):
    """提请市级协调."""

    kind: Literal["escalate_city"] = "escalate_city"
    to: str
    question: str | None = None
    attachments: Names = []


class CityReply(Body):
    """市级答复."""

    kind: Literal["city_reply"] = "city_reply"
    decision: Text


class MediationStart(Body):
    """调解申请: voluntary, or not at all (人民调解法 17)."""

    kind: Literal["mediation_start"] = "mediation_start"
    voluntary_statement: bool | str


class AgreementDraft(Body):
    """调解协议草案."""

    kind: Literal["agreement_draft"] = "agreement_draft"
    version: int
    clauses: list[str] = []
    signed_by_both: bool | None = None
    full_principal: bool | None = None
    waiver: bool | None = None


class AgreementReview(Body):
    """调解协议审查."""

    kind: Literal["agreement_review"] = "agreement_review"
    version: int
    result: Text
    reason: str | None = None


class Instalment(Model):
    """One payment agreed."""

    due: date
    amount: Money


class MediateAgreed(Body):
    """达成调解协议."""

    kind: Literal["mediate_agreed"] = "mediate_agreed"
    parties: list[str] = []
    content: str | None = None
    clauses: list[str] = []
    version: int | None = None
    full_principal: bool | None = None
    waiver: bool | None = None
    late_fee: str | None = None
    instalments: list[Instalment] = []
    per_person_confirmed: int | None = None


class MediateFailed(Body):
    """调解终止 (人民调解法 26)."""

    kind: Literal["mediate_failed"] = "mediate_failed"
    reason: Text
    advised_next: bool | str | None = None


class JudicialConfirm(Body):
    """司法确认 (人民调解法 33)."""

    kind: Literal["judicial_confirm"] = "judicial_confirm"
    applied_jointly: bool | None = None
    result: str | None = None


class InvestigateReport(Body):
    """调查核实报告; a department sends at least two officers."""

    kind: Literal["investigate_report"] = "investigate_report"
    officers: list[str] = []
    finding: Text
    suggestion: str | None = None
    sub_item: ClaimNo | None = None
    converted_to: str | None = None


class GuideToArbitration(Body):
    """仲裁、诉讼指引: shows the ways, decides nothing, promises nothing."""

    kind: Literal["guide_to_arbitration"] = "guide_to_arbitration"
    paths: Annotated[Names, Field(min_length=1)]
    not_a_decision: bool


class LegalDocument(Body):
    """A paper from an arbitration, court or review body."""

    kind: Literal["legal_document"] = "legal_document"
    document: str
    result: str | None = None
    effective: bool | None = None
    pauses_internal_clock: bool | None = None


# --- result, execution, callback, end -------------------------------------------------------------------------


class NotifyParty(Body):
    """结果告知 (or, after a refusal, the written notice and transfer)."""

    kind: Literal["notify_party"] = "notify_party"
    result: str | None = None
    to: str | None = None
    also_to: str | list[str] | None = None
    answers: list[str] = []
    document: str | None = None
    transferred_to: Names = []
    feedback_to: UnitName | None = None


class EnforceReport(Body):
    """执行反馈."""

    kind: Literal["enforce_report"] = "enforce_report"
    executed: bool
    act: str | None = None
    sub_item: ClaimNo | None = None
    period: str | None = None
    enrolled_from: str | None = None
    refund: Money | None = None
    late_fee: str | None = None
    feedback_to: UnitName | None = None


class PaymentReceived(Body):
    """到账: principal in yuan; the late fee is kept apart and never added to it."""

    kind: Literal["payment_received"] = "payment_received"
    principal: Money | None = Field(default=None, ge=0)
    sub_item: ClaimNo | None = None
    instalment: int | None = None
    lines: int | None = None
    late_fee_paid: bool | Money | None = None
    via: str | None = None
    collected_by: UnitName | None = None


class CallbackCall(Body):
    """A callback that was tried and not answered."""

    kind: Literal["callback_call"] = "callback_call"
    attempt: int
    result: Text


class CallbackAnswer(Body):
    """回访结果 (the questions of domain practice; Q6 is ``satisfaction``)."""

    kind: Literal["callback_answer"] = "callback_answer"
    method: str = "电话"
    satisfaction: Satisfaction
    received_result: bool | None = None
    solved: Literal["全部", "部分", "未"] | None = None
    paid_or_enrolled: bool | None = None
    category: str | None = None
    sample: str | None = None


class Withdraw(Body):
    """撤回申请."""

    kind: Literal["withdraw"] = "withdraw"
    stated_reason: str | None = None
    method: str | None = None


class WithdrawConfirm(Body):
    """撤回核实: nothing ends before free will has been checked."""

    kind: Literal["withdraw_confirm"] = "withdraw_confirm"
    free_will: bool | str
    result: str
    informed: Names = []


class Reopen(Body):
    """重新办理: once, by another officer."""

    kind: Literal["reopen"] = "reopen"
    to_officer: Text
    previous_officer: str | None = None
    deadline: Days | None = None


class CloseCase(Body):
    """结案; with ``archive`` also 归档."""

    kind: Literal["close_case"] = "close_case"
    archive: bool = False
    reason: str | None = None


class CloseAttempt(Body):
    """An attempt at closing; the same rules as 结案."""

    kind: Literal["close_attempt"] = "close_attempt"
    reason: str | None = None


Action = Annotated[
    RegisterLead | ConvertLead | TriageConfirm | DecideNotAccept | RequestSupplement | SupplementMaterial
    | MergeInto | Absorb | LinkCase | OverrideRisk | ApproveOverride | RejectOverride | LegalReview | UrgentReport
    | SignFor | SendBack | Dispatch | RequestExtension | ApproveExtension | RejectExtension | Transfer
    | SubmitOpinion | Objection | ConveneMeeting | Minutes | ResolutionDone | Supervise | EscalateCity | CityReply
    | MediationStart | AgreementDraft | AgreementReview | MediateAgreed | MediateFailed | JudicialConfirm
    | InvestigateReport | GuideToArbitration | LegalDocument | NotifyParty | EnforceReport | PaymentReceived
    | CallbackCall | CallbackAnswer | Withdraw | WithdrawConfirm | Reopen | CloseCase | CloseAttempt,
    Field(discriminator="kind"),
]  # fmt: skip

ACTION: TypeAdapter[Action] = TypeAdapter(Action)
"""Validates one action's body; its JSON Schema is the form of every answer."""


class Act(Model):
    """One action by one officer. ``id`` makes it idempotent: sent twice, it is taken once.

    ``at`` and ``until`` are honoured only by a paced clock (a demonstration); in real use the moment is the server's.
    """

    id: str = Field(min_length=1, max_length=200)
    unit: UnitName
    officer: Text
    task: str | None = None
    at: AwareDatetime | None = None
    until: AwareDatetime | None = None
    body: Action
