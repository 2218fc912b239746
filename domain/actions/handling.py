"""会商、调解、调查、指引、处置: how a matter is handled."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from domain.actions.base import Body, Names, Text
from domain.intake import ClaimNo
from domain.words import Conclusion, Model, Money, UnitName


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
