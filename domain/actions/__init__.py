"""Everything a person may do to a matter: one model per action, one discriminated union for them all.

Forms, JSON Schema, CLI templates and the update and signal payloads all come from this union. Amounts are yuan,
spans of time are written ``10 working days``, ``15 days`` or ``24 hours``.
"""

import re
from typing import Annotated

from pydantic import AwareDatetime, Field, TypeAdapter, field_validator, model_validator

from domain.actions.base import (
    Body,
    Days,
    Names,
    Span,
    Text,
)
from domain.actions.closing import (
    CallbackAnswer,
    CallbackCall,
    CloseAttempt,
    CloseCase,
    EnforceReport,
    NotifyParty,
    PaymentReceived,
    Reopen,
    Withdraw,
    WithdrawConfirm,
)
from domain.actions.desk import (
    ApproveExtension,
    Dispatch,
    RejectExtension,
    RequestExtension,
    SendBack,
    SignFor,
    Transfer,
)
from domain.actions.handling import (
    AgreementDraft,
    AgreementReview,
    CityReply,
    ConveneMeeting,
    EscalateCity,
    GuideToArbitration,
    Instalment,
    InvestigateReport,
    JudicialConfirm,
    LegalDocument,
    MediateAgreed,
    MediateFailed,
    MediationStart,
    Minutes,
    Objection,
    ResolutionDone,
    ResolutionItem,
    SubmitOpinion,
    Supervise,
)
from domain.actions.intake import (
    Absorb,
    ApproveOverride,
    ConvertLead,
    DecideNotAccept,
    LegalReview,
    LinkCase,
    MergeInto,
    OverrideRisk,
    Refusal,
    RegisterLead,
    RejectOverride,
    RequestSupplement,
    SupplementMaterial,
    TriageConfirm,
    UrgentReport,
)
from domain.masking import names_somebody
from domain.words import LONGEST_LIST, Model, storable

__all__ = [
    "ACTION",
    "OPEN",
    "REGISTER",
    "TICK",
    "Absorb",
    "Act",
    "Action",
    "AgreementDraft",
    "AgreementReview",
    "ApproveExtension",
    "ApproveOverride",
    "Body",
    "CallbackAnswer",
    "CallbackCall",
    "CityReply",
    "CloseAttempt",
    "CloseCase",
    "ConveneMeeting",
    "ConvertLead",
    "Days",
    "DecideNotAccept",
    "Dispatch",
    "EnforceReport",
    "EscalateCity",
    "GuideToArbitration",
    "Instalment",
    "InvestigateReport",
    "JudicialConfirm",
    "LegalDocument",
    "LegalReview",
    "LinkCase",
    "MediateAgreed",
    "MediateFailed",
    "MediationStart",
    "MergeInto",
    "Minutes",
    "Names",
    "NotifyParty",
    "Objection",
    "OverrideRisk",
    "PaymentReceived",
    "Refusal",
    "RegisterLead",
    "RejectExtension",
    "RejectOverride",
    "Reopen",
    "RequestExtension",
    "RequestSupplement",
    "ResolutionDone",
    "ResolutionItem",
    "SendBack",
    "SignFor",
    "Span",
    "SubmitOpinion",
    "Supervise",
    "SupplementMaterial",
    "Text",
    "Transfer",
    "TriageConfirm",
    "UrgentReport",
    "Withdraw",
    "WithdrawConfirm",
]

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


PLAIN_ID = re.compile(r"[\w.:#/+-]+", re.ASCII)
"""An action's id stands in the clear, in the ledger and in Temporal: nobody's name fits into it."""

REGISTER, TICK, OPEN = "register", "tick-", "open-"
"""The system's own action ids: that of the registration, and the beginning of those of the timers and of the flow."""


LONGEST_NAME = 100
"""Characters: unit and officer stand in every event of an action."""
Name = Annotated[str, Field(max_length=LONGEST_NAME)]


class Act(Model):
    """One action by one officer. ``id`` makes it idempotent: sent twice, it is taken once.

    ``at`` and ``until`` are honoured only by a paced clock (a demonstration); in real use the moment is the server's.
    """

    id: str = Field(min_length=1, max_length=200)
    unit: Name
    officer: Annotated[Text, Field(max_length=LONGEST_NAME)]
    task: Name | None = None
    at: AwareDatetime | None = None
    until: AwareDatetime | None = None
    body: Action

    @field_validator("id")
    @classmethod
    def _not_the_systems(cls, value: str) -> str:
        if value == REGISTER or value.startswith((TICK, OPEN, "refused-")) or value.endswith("#refused"):
            raise ValueError("此操作编号为系统保留，请换一个")
        if not PLAIN_ID.fullmatch(value) or names_somebody(value):
            raise ValueError("操作编号只能用字母、数字和 . _ : # / + -，且不得是证件号或电话")
        return value

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, value: object) -> object:
        return storable(value, longest=LONGEST_LIST)
