"""What acts of disposing, paying, telling and calling back change in the state."""

from decimal import Decimal

from domain.dispute import Dispute
from domain.events import Event
from domain.fold_meanings.shape import Changes, FoldMeaning, dated, setting
from domain.intake import ClaimNo
from domain.meanings import concluding as m
from domain.state import (
    Call,
    Feedback,
    LegalPaper,
    Opinion,
    Payment,
    SubItem,
)
from domain.words import Satisfaction


def _began(d: Dispute, e: Event, f: m.ProceedingBegan) -> Changes:
    paper = LegalPaper(at=e.at, name=f.name, waited_for=f.waited_for)
    since = (d.suspended_at or e.at) if f.waited_for else d.suspended_at
    return {"legal_papers": [*d.legal_papers, paper], "suspended_at": since}


def _ruled(d: Dispute, e: Event, f: m.RulingRecorded) -> Changes:
    paper = LegalPaper(at=e.at, name=f.name, outcome=f.outcome, in_force=f.in_force)
    return {"legal_papers": [*d.legal_papers, paper]}


def _opinion(d: Dispute, e: Event, f: m.OpinionGiven) -> Changes:
    heard = Opinion(
        unit=e.unit, officer=e.officer, at=e.at, action_id=e.action_id, formal=False, views=f.views
    )
    return {"opinions": [*d.opinions, heard]}


def _disposition(d: Dispute, e: Event, f: m.DispositionIssued) -> Changes:
    opinion = Opinion(
        unit=e.unit,
        officer=e.officer,
        at=e.at,
        action_id=e.action_id,
        formal=True,
        views={c.no: c.conclusion for c in f.claims},
        excepted=f.excepted,
    )
    items = dict(d.sub_items)
    for decided in f.claims:
        said = {
            "conclusion": decided.conclusion,
            "recognised": decided.recognised,
            "refund_due": decided.refund,
            "unpaid_ground": None,
            "closed_at": None,  # a later opinion opens again what an earlier one had closed
            "closed_by": None,
        }
        items[decided.no] = items[decided.no].model_copy(update=said)
    return {"opinions": [*d.opinions, opinion], "sub_items": items, "executed": False}


def _upheld(d: Dispute, e: Event, f: m.DispositionUpheld) -> Changes:
    views = {no: said for no in f.claims if (said := d.sub_items[no].conclusion)}
    again = Opinion(
        unit=e.unit, officer=e.officer, at=e.at, action_id=e.action_id, formal=True, views={**views}
    )
    return {"opinions": [*d.opinions, again]}


def _payment(d: Dispute, e: Event, f: m.PaymentRecorded) -> Changes:
    parts: dict[ClaimNo, Decimal] = {}
    for part in f.parts:
        parts[part.claim] = parts.get(part.claim, Decimal(0)) + part.principal
    payment = Payment(
        no=len(d.payments) + len(d.withdrawn_payments) + 1,
        at=e.at,
        action_id=e.action_id,
        unit=e.unit,
        officer=e.officer,
        paid_on=f.paid_on,
        parts=parts,
        late_fee=f.late_fee,
        by_force=f.by_force,
        elsewhere=f.elsewhere,
        instalment=f.instalment,
    )
    return {"payments": [*d.payments, payment], "sub_items": _paid(d, parts)}


def _paid(d: Dispute, parts: dict[ClaimNo, Decimal], sign: int = 1) -> dict[ClaimNo, SubItem]:
    items = dict(d.sub_items)
    for no, principal in parts.items():
        if no in items:
            items[no] = items[no].model_copy(update={"paid": items[no].paid + sign * principal})
    return items


def _payment_withdrawn(d: Dispute, e: Event, f: m.PaymentWithdrawn) -> Changes:
    gone = next(p for p in d.payments if p.no == f.no)
    items = _paid(d, gone.parts, -1)
    for no in f.reopened:
        items[no] = items[no].model_copy(update={"closed_at": None, "closed_by": None})
    return {
        "payments": [p for p in d.payments if p.no != f.no],
        "withdrawn_payments": [*d.withdrawn_payments, gone.model_copy(update={"withdrawn_at": e.at})],
        "sub_items": items,
        "executed": d.executed and not f.reopened,
    }


def _left_unpaid(d: Dispute, e: Event, f: m.LeftUnpaid) -> Changes:
    left = {no: d.sub_items[no].model_copy(update={"unpaid_ground": f.ground}) for no in f.claims}
    return {"sub_items": {**d.sub_items, **left}}


def _refund(d: Dispute, e: Event, f: m.RefundRecorded) -> Changes:
    item = d.sub_items.get(f.claim)
    back = {f.claim: item.model_copy(update={"refunded": item.refunded + f.amount})} if item else {}
    return {"refund": (d.refund or Decimal(0)) + f.amount, "sub_items": {**d.sub_items, **back}}


def _informed(d: Dispute, e: Event, f: m.PartiesInformed) -> Changes:
    return {
        "informed_at": d.informed_at or e.at,
        "informed_on": d.informed_on or f.on,
        "informed_by": d.informed_by or e.action_id,
        "rehandle_open": False,
    }


def _fed_back(d: Dispute, e: Event, f: m.ResultFedBack) -> Changes:
    said = Feedback(at=e.at, unit=e.unit, attitude=f.attitude, performance=f.performance, risk=f.risk)
    return {"feedback": said}


def _tried(d: Dispute, e: Event, f: m.CallTried) -> Changes:
    return {"calls": [*d.calls, Call(at=e.at, officer=e.officer, round=d.unsatisfied + 1)]}


def _called(d: Dispute, e: Event, f: m.CalledBack) -> Changes:
    call = Call(
        at=e.at,
        officer=e.officer,
        satisfaction=f.satisfaction,
        method=f.method,
        category=f.category,
        answers=f.answers,
        round=d.unsatisfied + 1,
    )
    return {"calls": [*d.calls, call], "callback_done": f.satisfaction != Satisfaction.DISSATISFIED}


FOLDS: dict[str, FoldMeaning] = {
    "guided": dated("guided_at"),
    "proceeding_began": _began,
    "ruling_recorded": _ruled,
    "wait_ended": setting(suspended_at=None),
    "opinion_given": _opinion,
    "disposition_issued": _disposition,
    "disposition_upheld": _upheld,
    "payment_recorded": _payment,
    "payment_withdrawn": _payment_withdrawn,
    "refund_recorded": _refund,
    "executed": setting(executed=True),
    "left_unpaid": _left_unpaid,
    "parties_informed": _informed,
    "result_fed_back": _fed_back,
    "call_tried": _tried,
    "called_back": _called,
    "reopened": lambda d, e, f: {"rehandled": d.rehandled + 1, "rehandle_open": True, "callback_done": False},
}
