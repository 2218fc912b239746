"""登记、初审、分级: what is done with a matter before anybody handles it."""

from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from domain.actions.base import Body, Days, Names, Text
from domain.intake import ClaimNo
from domain.words import Level, Model, UnitName


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
