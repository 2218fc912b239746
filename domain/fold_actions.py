"""What an action that was taken changes in the state, by its kind; the policy has no say here."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from domain import actions as act
from domain.dispute import (
    Call,
    Dispute,
    Extension,
    LegalPaper,
    Mediation,
    Meeting,
    Payment,
    Resolution,
    Source,
)
from domain.dispute import Draft as AgreementVersion
from domain.events import Acted, Event
from domain.words import Satisfaction

Changes = dict[str, Any]

_HANDLING = {
    "triage_confirm", "claim", "submit_opinion", "investigate_report", "enforce_report", "notify_party",
    "mediation_start", "mediate_agreed", "mediate_failed",
}  # fmt: skip


def handled_by(d: Dispute, e: Event, body: act.Action) -> Changes:
    """Who handled the matter, and so may never make its callback."""
    if body.kind not in _HANDLING:
        return {}
    names = [e.officer, *(body.officers if isinstance(body, act.InvestigateReport) else [])]
    return {"handlers": [*d.handlers, *(n for n in names if n not in d.handlers)]}


def ends_proceeding(paper: act.LegalDocument) -> bool:
    """Whether a paper ends the proceeding elsewhere: an effective one, or one with a result not said to be open."""
    return paper.effective is True or (paper.effective is None and paper.result is not None)


_YES = re.compile(r"^(?:经?审[查核])?(?:通过|合格|同意|合法|有效|确认|准予|裁定确认|无异议)")
_NO = re.compile(r"不|未|退回|驳回|拒|修改|违法")


def _says_no(result: str | None) -> bool:
    """Whether a review or a court turned something down, in whatever words."""
    return bool(result) and not _YES.match(result) and bool(_NO.search(result))


def _refuse(d: Dispute, e: Event, f: Acted, b: act.DecideNotAccept) -> Changes:
    """What is not accepted leaves the matter: its claims are nobody's sub-items."""
    named = {r.claim for r in b.refusals() if r.claim}
    return {
        "refusals": [*dict.fromkeys([*d.refusals, *(r.code for r in b.refusals())])],
        "redirects": [*d.redirects, *(r.redirect or "" for r in b.refusals())],
        "routed": [r for r in d.routed if r.no not in named],
        "sub_items": {no: item for no, item in d.sub_items.items() if no not in named},
    }


def _claim(d: Dispute, e: Event, f: Acted, b: act.SignFor) -> Changes:
    task = d.tasks[f.task_id or ""]
    signed = task.model_copy(update={"signed_at": e.at, "signed_by": e.officer, "officer": e.officer})
    records = [r.model_copy(update={"result": "签收"}) if r.task_id == task.id else r for r in d.dispatches]
    return {"tasks": {**d.tasks, task.id: signed}, "dispatches": records}


def _return(d: Dispute, e: Event, f: Acted, b: act.SendBack) -> Changes:
    sent_back = {"result": "退单", "reason_code": b.reason_code}
    return {
        "dispatches": [r.model_copy(update=sent_back) if r.task_id == f.task_id else r for r in d.dispatches]
    }


def _convene(d: Dispute, e: Event, f: Acted, b: act.ConveneMeeting) -> Changes:
    return {"meetings": [*d.meetings, Meeting(form=b.form, units=b.units, convened_at=e.at)]}


def _minutes(d: Dispute, e: Event, f: Acted, b: act.Minutes) -> Changes:
    meetings = list(d.meetings)
    if meetings:
        meetings[-1] = meetings[-1].model_copy(update={"minutes_at": e.at})
    items = {
        r.no: Resolution(no=r.no, unit=r.unit, text=r.text, due=r.due.isoformat() if r.due else None)
        for r in b.resolutions
    }
    return {"meetings": meetings, "resolutions": {**d.resolutions, **items}, "objections_open": 0}


def _resolution_done(d: Dispute, e: Event, f: Acted, b: act.ResolutionDone) -> Changes:
    done = d.resolutions[b.no].model_copy(update={"done_at": e.at, "done_by": e.action_id})
    return {"resolutions": {**d.resolutions, b.no: done}}


def _mediation_start(d: Dispute, e: Event, f: Acted, b: act.MediationStart) -> Changes:
    return {"mediation": Mediation(started_at=e.at)}


def _draft(d: Dispute, e: Event, f: Acted, b: act.AgreementDraft) -> Changes:
    """A draft on the table: the mediation goes on, whatever came of an earlier one."""
    return {"mediation": _with_draft(d, e, b.version, rejected=False)}


def _review(d: Dispute, e: Event, f: Acted, b: act.AgreementReview) -> Changes:
    rejected = _says_no(b.result)
    mediation = _with_draft(d, e, b.version, rejected=rejected)
    return {"mediation": mediation.model_copy(update={"agreed_at": None}) if rejected else mediation}


def _with_draft(d: Dispute, e: Event, version: int, *, rejected: bool) -> Mediation:
    mediation = d.mediation or Mediation(started_at=e.at)
    others = [v for v in mediation.drafts if v.version != version]
    drafts = [*others, AgreementVersion(version=version, rejected=rejected)]
    return mediation.model_copy(update={"drafts": drafts})


def _agreed(d: Dispute, e: Event, f: Acted, b: act.MediateAgreed) -> Changes:
    mediation = d.mediation or Mediation(started_at=e.at)
    done = {"agreed_at": e.at, "failed_at": None, "instalments": b.instalments, "defaulted": False}
    return {"mediation": mediation.model_copy(update=done)}


def _failed(d: Dispute, e: Event, f: Acted, b: act.MediateFailed) -> Changes:
    mediation = d.mediation or Mediation(started_at=e.at)
    return {"mediation": mediation.model_copy(update={"failed_at": e.at})}


def _confirmed(d: Dispute, e: Event, f: Acted, b: act.JudicialConfirm) -> Changes:
    confirmed = {"confirmed": not _says_no(b.result)}
    return {"mediation": d.mediation and d.mediation.model_copy(update=confirmed)}


def _payment(d: Dispute, e: Event, f: Acted, b: act.PaymentReceived) -> Changes:
    principal = b.principal if b.principal is not None else _agreed_part(d, b.instalment)
    payment = Payment(
        at=e.at,
        action_id=e.action_id,
        principal=principal,
        late_fee=b.late_fee_paid,
        via=b.via or b.collected_by,
        sub_item=b.sub_item,
    )
    changes: Changes = {"payments": [*d.payments, payment]}
    no = b.sub_item or (next(iter(d.sub_items)) if len(d.sub_items) == 1 else None)
    if no and no in d.sub_items and principal:
        item = d.sub_items[no]
        paid = item.model_copy(update={"paid": item.paid + principal})
        changes["sub_items"] = {**d.sub_items, no: paid}
    return changes


def _agreed_part(d: Dispute, instalment: int | None) -> Decimal | None:
    """What an instalment comes to by the agreement, when the payment itself names no sum."""
    parts = d.mediation.instalments if d.mediation else []
    return parts[instalment - 1].amount if instalment and 0 < instalment <= len(parts) else None


def _call(d: Dispute, e: Event, f: Acted, b: act.CallbackCall) -> Changes:
    return {"calls": [*d.calls, Call(at=e.at, officer=e.officer, round=d.unsatisfied + 1)]}


def _answer(d: Dispute, e: Event, f: Acted, b: act.CallbackAnswer) -> Changes:
    call = Call(
        at=e.at,
        officer=e.officer,
        satisfaction=b.satisfaction,
        method=b.method,
        category=b.category,
        round=d.unsatisfied + 1,
    )
    return {"calls": [*d.calls, call], "callback_done": b.satisfaction != Satisfaction.DISSATISFIED}


def _enforce(d: Dispute, e: Event, f: Acted, b: act.EnforceReport) -> Changes:
    whole = b.executed and not b.sub_item
    refund = d.refund if b.refund is None else (d.refund or Decimal(0)) + b.refund
    return {"executed": d.executed or whole, "refund": refund}


def _notify(d: Dispute, e: Event, f: Acted, b: act.NotifyParty) -> Changes:
    if d.refused_at:
        return {}
    return {
        "informed_at": d.informed_at or e.at,
        "informed_by": d.informed_by or e.action_id,
        "rehandle_open": False,
    }


def _reopen(d: Dispute, e: Event, f: Acted, b: act.Reopen) -> Changes:
    return {"rehandled": d.rehandled + 1, "rehandle_open": True, "callback_done": False}


def _extension(d: Dispute, e: Event, f: Acted, b: act.RequestExtension) -> Changes:
    return {
        "extension": Extension(
            clock_id=f.ref or "",
            task_id=f.task_id,
            length=b.days.length,
            unit=b.days.unit,
            reason=b.reason,
            by=e.unit,
        )
    }


def _absorb(d: Dispute, e: Event, f: Acted, b: act.Absorb) -> Changes:
    source = Source(channel=b.channel, source_no=b.source_no, received_at=b.received_at)
    return {"sources": [*d.sources, source]}


def _legal_document(d: Dispute, e: Event, f: Acted, b: act.LegalDocument) -> Changes:
    begins = (d.suspended_at or e.at) if b.pauses_internal_clock else d.suspended_at
    return {
        "legal_papers": [*d.legal_papers, LegalPaper(at=e.at, body=b)],
        "suspended_at": begins if b.pauses_internal_clock or not ends_proceeding(b) else None,
    }


def _set(**values: Any) -> "FoldAction":
    def fold(d: Dispute, e: Event, f: Acted, b: Any) -> Changes:
        return values

    return fold


FoldAction = Callable[[Dispute, Event, Acted, Any], Changes]

_FOLDS: dict[str, FoldAction] = {
    "triage_confirm": lambda d, e, f, b: {
        "flags": b.flags,
        "confidential": d.confidential or bool(b.confidentiality),
    },
    "decide_not_accept": _refuse,
    "claim": _claim,
    "return": _return,
    "legal_review": lambda d, e, f, b: {"legal_reviews": [*d.legal_reviews, b.result]},
    "request_extension": _extension,
    "approve_extension": _set(extension=None),
    "reject_extension": _set(extension=None),
    "objection": lambda d, e, f, b: {"objections_open": d.objections_open + 1},
    "convene_meeting": _convene,
    "minutes": _minutes,
    "resolution_done": _resolution_done,
    "supervise": lambda d, e, f, b: {"supervisions": d.supervisions + 1},
    "escalate_city": lambda d, e, f, b: {"city_asked_at": e.at},
    "city_reply": lambda d, e, f, b: {"city_decision": b.decision},
    "mediation_start": _mediation_start,
    "agreement_draft": _draft,
    "agreement_review": _review,
    "mediate_agreed": _agreed,
    "mediate_failed": _failed,
    "judicial_confirm": _confirmed,
    "investigate_report": lambda d, e, f, b: {"investigated_at": e.at},
    "guide_to_arbitration": lambda d, e, f, b: {"guided_at": e.at},
    "legal_document": _legal_document,
    "payment_received": _payment,
    "enforce_report": _enforce,
    "notify_party": _notify,
    "callback_call": _call,
    "callback_answer": _answer,
    "withdraw": _set(withdrawal_asked=True),
    "withdraw_confirm": _set(withdrawal_asked=False),
    "reopen": _reopen,
    "link_case": lambda d, e, f, b: {"links": [*d.links, b.previous_source]},
    "merge_into": lambda d, e, f, b: {"merged_into": b.parent},
    "absorb": _absorb,
}


def on_action(d: Dispute, e: Event, f: Acted) -> Changes:
    """The changes one taken action makes."""
    fold = _FOLDS.get(f.body.kind)
    changes = fold(d, e, f, f.body) if fold else {}
    return {**changes, **handled_by(d, e, f.body)}
