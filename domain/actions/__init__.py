"""Everything a person may do to a matter: one form per action, one discriminated union of them all.

Pages, JSON Schema, templates and the update and signal payloads all come from this union. Amounts are yuan with two
decimals, spans of time are written ``10工作日``, ``15日`` or ``24小时``.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, cast, get_args

from pydantic import AwareDatetime, Field, TypeAdapter, field_validator, model_validator

from domain.actions import callback as c
from domain.actions import cards as y
from domain.actions import desk as k
from domain.actions import disposal as d
from domain.actions import execution as e
from domain.actions import handing as h
from domain.actions import intake as i
from domain.actions import joining as j
from domain.actions import mediation as m
from domain.actions import meetings as g
from domain.actions import notices as n
from domain.actions import papers as p
from domain.actions import parties as o
from domain.actions import telling as t
from domain.actions import triage as r
from domain.actions.form import Form, Text
from domain.masking import names_somebody
from domain.persons import By
from domain.words import LONGEST_LIST, Model, storable

Action = Annotated[
    i.RequestSupplement | i.ReceiveMaterial | i.RefuseClaims | i.MergeCases | i.LinkCases | i.AssignLead
    | i.ReportLead | i.ConvertLead | i.CloseLead | i.SpawnLead | i.IssueUrgentReport | i.AbsorbSource
    | h.HandOver | h.TransferOut | h.NotifyTransfer
    | r.AcceptCase | r.ChangeLevel | r.DecideLevelChange | r.ReviewLevel | r.DecideReturn | r.ChangeUnits
    | k.SignFor | k.SendBack | k.ReassignOfficer | k.RequestExtension | k.DecideExtension
    | d.GiveOpinion | d.IssueDisposition | d.UpholdDisposition | d.ObjectToDisposition | d.FinishOnTheSpot | d.GiveLegalReview
    | d.RecordProceeding | d.RecordRuling | d.ReviewSuspension | d.RecordWithdrawal | d.VerifyWithdrawal
    | j.InviteUnit | j.AnswerInvitation
    | g.ConveneConsultation | g.IssueConsultationMinutes | g.ProposeJointMeeting | g.AnswerJointProposal
    | g.ConveneJointMeeting | g.IssueJointMinutes
    | g.CompleteResolution | g.ReportUp | g.ReplyFromAbove | g.Supervise
    | m.StartMediation | m.DeclineMediation | m.DraftAgreement | m.ReviewAgreement | m.ConcludeAgreement
    | m.EndMediation | m.ApplyJudicialConfirmation | m.RecordJudicialConfirmation
    | t.OpenInvestigation | t.SubmitFindings | t.IssueInvestigationReport
    | t.NotifyResult | t.FeedBackResult | t.NotifyRefusal | t.GuideToLaw | t.RecordPartyObjection
    | e.OrderPayment | e.DemandPerformance | e.ApplyEnforcement | e.RecordPayment | e.WithdrawPayment
    | e.RecordRefund | e.RecordRightsRestored | e.ReportExecuted | e.ReportUnexecuted
    | c.LogCallAttempt | c.RecordCallback | c.CloseUnreached | c.ReopenCase | c.ExplainAgain
    | c.CloseCase | c.ArchiveCase
    | y.AppealCard | y.DecideCardAppeal | y.WithdrawCard
    | p.ReviewPaper | p.IssuePaper | p.ServePaper | p.RevokePaper
    | n.ReportUndelivered | n.TellOtherwise
    | o.CorrectParty,
    Field(discriminator="kind"),
]  # fmt: skip

ACTION: TypeAdapter[Action] = TypeAdapter(Action)
"""Validates one action's body; its JSON Schema is the form of every answer."""


def _forms() -> dict[str, type[Form]]:
    kinds = cast("tuple[type[Form], ...]", get_args(get_args(Action)[0]))
    return {form.model_fields["kind"].default: form for form in kinds}


FORMS: Mapping[str, type[Form]] = MappingProxyType(_forms())
"""Each action's form by its kind, in the order of a matter's life."""

VERBS: Mapping[str, str] = MappingProxyType({kind: form.verb for kind, form in FORMS.items()})
"""Every action as an officer calls it."""

PLAIN_ID = re.compile(r"[\w.:#/+-]+", re.ASCII)
"""An action's id stands in the clear, in the ledger and in Temporal: nobody's name fits into it."""

REGISTER, TICK, OPEN = "register", "tick-", "open-"
"""The system's own action ids: that of the registration, and how those of the timers and of opened steps begin."""


LONGEST_NAME = 100
"""Characters: unit and officer stand in every event of an action."""
Name = Annotated[str, Field(max_length=LONGEST_NAME)]


class Act(Model):
    """One action by one officer. ``id`` makes it idempotent: sent twice, it is taken once.

    ``at`` and ``until`` are honoured only by a paced clock (a demonstration); in real use the moment is the server's.
    """

    id: str = Field(min_length=1, max_length=200, title="操作编号")
    unit: Name = Field(title="单位")
    officer: Annotated[Text, Field(max_length=LONGEST_NAME)] = Field(title="经办人")
    task: Name | None = Field(default=None, title="任务")
    at: AwareDatetime | None = Field(default=None, title="时间")
    until: AwareDatetime | None = Field(default=None, title="演示时钟走到")
    by: By | None = Field(default=None, title="账号")
    """Whoever signed in; none where nobody has to, as in a demonstration's office."""
    body: Action = Field(title="内容")

    @field_validator("id")
    @classmethod
    def _not_the_systems(cls, value: str) -> str:
        reserved = value.startswith((TICK, OPEN, "refused-")) or value.endswith("#refused")
        if value == REGISTER or reserved:
            raise ValueError("此操作编号为系统保留，请换一个")
        if not PLAIN_ID.fullmatch(value) or names_somebody(value):
            raise ValueError("操作编号只能用字母、数字和 . _ : # / + -，且不得是证件号或电话")
        return value

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, value: object) -> object:
        return storable(value, longest=LONGEST_LIST)
