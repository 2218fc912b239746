"""What acts of 调解 and of 司法确认 mean."""

from datetime import date
from typing import Literal

from domain.actions.mediation import Instalment
from domain.words import Model, Money


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
    facts: str
    amount: Money | None = None
    payment: list[str] = []
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
    signers: list[str] = []
    """The people who signed for the parties."""


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
