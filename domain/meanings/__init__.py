"""What an action that was taken means: decided once, with the policy at hand, and only copied by the fold."""

from typing import Annotated

from pydantic import Field

from domain.meanings.concluding import (
    CalledBack,
    CallTried,
    DispositionIssued,
    DispositionUpheld,
    Executed,
    Guided,
    LeftUnpaid,
    OpinionGiven,
    PartiesInformed,
    PaymentRecorded,
    PaymentWithdrawn,
    ProceedingBegan,
    RefundRecorded,
    Reopened,
    ResultFedBack,
    RulingRecorded,
    WaitEnded,
)
from domain.meanings.conferring import (
    FindingsSubmitted,
    InvestigationOpened,
    InvestigationReported,
    InvitationAnswered,
    JointMeetingProposed,
    JointProposalAnswered,
    MeetingConcluded,
    MeetingConvened,
    ObjectionRaised,
    RepliedFromAbove,
    ReportedUp,
    ResolutionCompleted,
    Supervised,
    UnitInvited,
)
from domain.meanings.handling import (
    CardAppealed,
    CardDecided,
    CasesLinked,
    ClaimsRefused,
    ExtensionAsked,
    ExtensionDecided,
    HandlersNoted,
    HubChanged,
    LegalReviewGiven,
    Merged,
    PartyContacted,
    PartyCorrected,
    SourceAbsorbed,
    TaskReturned,
    TaskSigned,
    TransferredOut,
    TriageNoted,
    WithdrawalAsked,
    WithdrawalDecided,
)
from domain.meanings.mediating import (
    AgreementConcluded,
    AgreementDrafted,
    AgreementReviewed,
    ConfirmationApplied,
    ConfirmationDecided,
    MediationDeclined,
    MediationEnded,
    MediationStarted,
)
from domain.meanings.papers import (
    PaperIssued,
    PaperReviewed,
    PaperRevoked,
    PaperServed,
)

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
