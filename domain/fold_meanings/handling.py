"""What acts of intake, handling and side-steps change in the state."""

from typing import Any

from domain.dispute import Dispute
from domain.events import Event
from domain.fold_meanings.shape import Changes, FoldMeaning
from domain.meanings import handling as m
from domain.parties import corrected, replaced
from domain.persons import Doer
from domain.state import (
    Contact,
    Extension,
    LegalReview,
    Source,
    Withdrawal,
)


def _handlers(d: Dispute, e: Event, f: m.HandlersNoted) -> Changes:
    named = [e.doer if name == e.officer else Doer(name=name) for name in f.officers]
    return {"handlers": [*d.handlers, *(h for h in named if h not in d.handlers)]}


def _signed(d: Dispute, e: Event, f: m.TaskSigned) -> Changes:
    task = d.tasks[f.task_id]
    signed = task.model_copy(update={"signed_at": e.at, "signed_by": e.officer, "officer": e.officer})
    records = [r.model_copy(update={"result": "签收"}) if r.task_id == task.id else r for r in d.dispatches]
    return {"tasks": {**d.tasks, task.id: signed}, "dispatches": records}


def _returned(d: Dispute, e: Event, f: m.TaskReturned) -> Changes:
    sent_back = {"result": "退单", "reason_code": f.reason_code}
    return {
        "dispatches": [r.model_copy(update=sent_back) if r.task_id == f.task_id else r for r in d.dispatches]
    }


def _refused(d: Dispute, e: Event, f: m.ClaimsRefused) -> Changes:
    """What is not accepted leaves the matter: its claims are nobody's sub-items."""
    return {
        "refusals": [*dict.fromkeys([*d.refusals, *f.codes])],
        "redirects": [*d.redirects, *f.ways],
        "routed": [r for r in d.routed if r.no not in f.claims],
        "sub_items": {no: item for no, item in d.sub_items.items() if no not in f.claims},
    }


def _extension_asked(d: Dispute, e: Event, f: m.ExtensionAsked) -> Changes:
    asked = Extension(
        clock_id=f.clock_id, length=f.length, unit=f.unit, reason=f.reason, by=e.unit, asked_by=e.doer
    )
    return {"extensions": {**d.extensions, f.clock_id: asked}}


def _card_appealed(d: Dispute, e: Event, f: m.CardAppealed) -> Changes:
    return _card(d, f.no, appealed_at=e.at, appeal_ground=f.ground, appealed_by=e.doer)


def _card_decided(d: Dispute, e: Event, f: m.CardDecided) -> Changes:
    withdrawn = {"withdrawn_at": e.at, "withdrawn_ground": f.ground} if f.withdrawn else {}
    return _card(d, f.no, decided_at=e.at, **withdrawn)


def _card(d: Dispute, no: int, **changes: Any) -> Changes:
    return {"cards": [c.model_copy(update=changes) if c.no == no else c for c in d.cards]}


def _withdrawal(d: Dispute, e: Event, f: m.WithdrawalAsked) -> Changes:
    return {"withdrawal": Withdrawal(whole=f.whole, people=f.people, lines=f.lines)}


def _parted(d: Dispute, e: Event, f: m.WithdrawalDecided) -> Changes:
    ended = [d.withdrawal] if f.allowed and d.withdrawal and not d.withdrawal.whole else []
    return {"withdrawal": None, "parted": [*d.parted, *ended]}


def _absorbed(d: Dispute, e: Event, f: m.SourceAbsorbed) -> Changes:
    source = Source(
        channel=f.channel,
        source_no=f.source_no,
        received_at=f.received_at,
        handed_over_by=f.handed_over_by,
    )
    return {"sources": [*d.sources, source]}


def _party_corrected(d: Dispute, e: Event, f: m.PartyCorrected) -> Changes:
    after = corrected(d.facts, f.whose, f.place, f.values)
    former = [w for w in replaced(d.facts, after) if w not in d.former]
    looks = {} if f.duplicates is None else {"duplicates": f.duplicates}
    return {"intake": after, "former": [*d.former, *former], **looks}


FOLDS: dict[str, FoldMeaning] = {
    "triage_noted": lambda d, e, f: {"confidential": d.confidential or f.confidential},
    "party_contacted": lambda d, e, f: {"contact": Contact(way=f.way, on=f.on, unreached=f.unreached)},
    "handlers_noted": _handlers,
    "hub_changed": lambda d, e, f: {
        "center": f.to,
        "hubs": [*d.hubs, d.center],
        "hub_failed": d.hub_failed or f.failed,
    },
    "transferred_out": lambda d, e, f: {"transferred_at": e.at, "transferred_to": f.area + f.to},
    "task_signed": _signed,
    "task_returned": _returned,
    "claims_refused": _refused,
    "legal_review_given": lambda d, e, f: {
        "legal_reviews": [*d.legal_reviews, LegalReview(result=f.result, by=e.doer)]
    },
    "extension_asked": _extension_asked,
    "withdrawal_asked": _withdrawal,
    "withdrawal_decided": _parted,
    "cases_linked": lambda d, e, f: {"links": [*d.links, f.to]},
    "merged": lambda d, e, f: {"merged_into": f.into},
    "source_absorbed": _absorbed,
    "card_appealed": _card_appealed,
    "card_decided": _card_decided,
    "party_corrected": _party_corrected,
}
