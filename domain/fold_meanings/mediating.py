"""What acts of 调解 and of 司法确认 change in the state."""

from domain.dispute import Dispute
from domain.events import Event
from domain.fold_meanings.shape import Changes, FoldMeaning, dated
from domain.meanings import mediating as m
from domain.state import (
    AgreementVersion,
    Mediation,
)


def _drafted(d: Dispute, e: Event, f: m.AgreementDrafted) -> Changes:
    if d.mediation is None:
        return {}
    draft = AgreementVersion.model_validate(f.model_dump(exclude={"type"}))
    return {"mediation": d.mediation.model_copy(update={"drafts": [*d.mediation.drafts, draft]})}


def _reviewed(d: Dispute, e: Event, f: m.AgreementReviewed) -> Changes:
    if d.mediation is None:
        return {}
    drafts = [
        v.model_copy(update={"passed": f.passed}) if v.version == f.version else v for v in d.mediation.drafts
    ]
    return {"mediation": d.mediation.model_copy(update={"drafts": drafts})}


def _agreed(d: Dispute, e: Event, f: m.AgreementConcluded) -> Changes:
    if d.mediation is None:
        return {}
    draft = next(v for v in d.mediation.drafts if v.version == f.version)
    done = {
        "agreed_at": e.at,
        "signed_on": f.signed_on,
        "failed_at": None,
        "instalments": draft.instalments,
        "defaulted": False,
    }
    signers = [name for name in f.signers if name not in d.signers]
    return {"mediation": d.mediation.model_copy(update=done), "signers": [*d.signers, *signers]}


def _ended(d: Dispute, e: Event, f: m.MediationEnded) -> Changes:
    return {"mediation": d.mediation and d.mediation.model_copy(update={"failed_at": e.at})}


def _applied(d: Dispute, e: Event, f: m.ConfirmationApplied) -> Changes:
    return {"mediation": d.mediation and d.mediation.model_copy(update={"applied_on": f.on})}


def _confirmed(d: Dispute, e: Event, f: m.ConfirmationDecided) -> Changes:
    return {"mediation": d.mediation and d.mediation.model_copy(update={"confirmed": f.confirmed})}


FOLDS: dict[str, FoldMeaning] = {
    "mediation_started": lambda d, e, f: {
        "mediation": Mediation(started_at=e.at, chief=f.chief, members=f.members, room=f.room)
    },
    "mediation_declined": dated("mediation_declined_at"),
    "agreement_drafted": _drafted,
    "agreement_reviewed": _reviewed,
    "agreement_concluded": _agreed,
    "mediation_ended": _ended,
    "confirmation_applied": _applied,
    "confirmation_decided": _confirmed,
}
