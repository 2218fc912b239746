"""What an action's meanings change in the state: each is copied to its place, none is interpreted."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from domain import meanings as m
from domain.dispute import Dispute
from domain.events import Event
from domain.intake import ClaimNo
from domain.paper import Document, Issued, Revoked, Service
from domain.parties import corrected, replaced
from domain.persons import Doer
from domain.state import (
    AgreementVersion,
    Call,
    Contact,
    Extension,
    Feedback,
    Finding,
    Investigation,
    Invitation,
    LegalPaper,
    Mediation,
    Meeting,
    Objection,
    Opinion,
    Payment,
    Proposal,
    Resolution,
    Source,
    SubItem,
    Withdrawal,
)
from domain.words import Satisfaction

Changes = dict[str, Any]
FoldMeaning = Callable[[Dispute, Event, Any], Changes]


def means(d: Dispute, e: Event, meanings: Iterable[m.Meaning]) -> Changes:
    """The changes that an action's meanings make, one after the other; 延期审批 alone makes none: the end of its task does."""
    changes: Changes = {}
    for meaning in meanings:
        if isinstance(meaning, m.ExtensionDecided):
            continue
        made = _FOLDS[meaning.type](d, e, meaning)
        changes |= made
        d = d.model_copy(update=made)
    return changes


def _set(**values: Any) -> FoldMeaning:
    return lambda d, e, f: values


def _at(name: str) -> FoldMeaning:
    return lambda d, e, f: {name: e.at}


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


def _invited(d: Dispute, e: Event, f: m.UnitInvited) -> Changes:
    invited = Invitation(unit=f.unit, purpose=f.purpose, by=e.unit, at=e.at)
    return {"invitations": [*d.invitations, invited]}


def _invitation_answered(d: Dispute, e: Event, f: m.InvitationAnswered) -> Changes:
    said = {"answer": f.answer, "answered_at": e.at, "officers": f.officers}
    return {
        "invitations": [
            i.model_copy(update=said) if i.unit == f.unit and i.answer is None else i for i in d.invitations
        ]
    }


def _proposed(d: Dispute, e: Event, f: m.JointMeetingProposed) -> Changes:
    return {"proposal": Proposal(proposed_at=e.at, units=f.units, held_at=f.held_at)}


def _answered(d: Dispute, e: Event, f: m.JointProposalAnswered) -> Changes:
    if d.proposal is None:
        return {}
    said = {"answer": f.answer, "answered_at": e.at, "held_at": f.held_at or d.proposal.held_at}
    return {"proposal": d.proposal.model_copy(update=said)}


def _convened(d: Dispute, e: Event, f: m.MeetingConvened) -> Changes:
    called = {"meetings": [*d.meetings, Meeting(form=f.form, units=f.units, convened_at=e.at)]}
    return called | ({"proposal": None} if f.form == "联席会议" else {})


def _concluded(d: Dispute, e: Event, f: m.MeetingConcluded) -> Changes:
    last = max(n for n, m in enumerate(d.meetings) if m.form == f.form and m.minutes_at is None)
    held = d.meetings[last].model_copy(update={"minutes_at": e.at, "agreed": f.agreed, "heard": f.heard})
    items = {i.no: Resolution(no=i.no, unit=i.unit, text=i.text, due=i.due) for i in f.items}
    return {
        "meetings": [*d.meetings[:last], held, *d.meetings[last + 1 :]],
        "resolutions": {**d.resolutions, **items},
    }


def _completed(d: Dispute, e: Event, f: m.ResolutionCompleted) -> Changes:
    done = d.resolutions[f.no].model_copy(update={"done_at": e.at, "done_by": e.action_id})
    return {"resolutions": {**d.resolutions, f.no: done}}


def _replied(d: Dispute, e: Event, f: m.RepliedFromAbove) -> Changes:
    ended = [d.above] if d.above and not f.further else []
    return {
        "replied_at": e.at,
        "settled_above": f.settles,
        "answered_above": [*dict.fromkeys([*d.answered_above, *ended])],
    }


def _drafted(d: Dispute, e: Event, f: m.AgreementDrafted) -> Changes:
    if d.mediation is None:
        return {}
    draft = AgreementVersion(version=f.version, amount=f.amount, terms=f.terms, instalments=f.instalments)
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
    return {"mediation": d.mediation.model_copy(update=done)}


def _ended(d: Dispute, e: Event, f: m.MediationEnded) -> Changes:
    return {"mediation": d.mediation and d.mediation.model_copy(update={"failed_at": e.at})}


def _applied(d: Dispute, e: Event, f: m.ConfirmationApplied) -> Changes:
    return {"mediation": d.mediation and d.mediation.model_copy(update={"applied_on": f.on})}


def _confirmed(d: Dispute, e: Event, f: m.ConfirmationDecided) -> Changes:
    return {"mediation": d.mediation and d.mediation.model_copy(update={"confirmed": f.confirmed})}


def _opened(d: Dispute, e: Event, f: m.InvestigationOpened) -> Changes:
    """A new inquiry, or more units in the one under way."""
    under_way = d.investigation if d.investigation and d.investigation.reported_at is None else None
    if under_way is None:
        return {"investigation": Investigation(opened_at=e.at, units=f.units)}
    return {"investigation": under_way.model_copy(update={"units": {**under_way.units, **f.units}})}


def _found(d: Dispute, e: Event, f: m.FindingsSubmitted) -> Changes:
    if d.investigation is None:
        return {}
    others = [x for x in d.investigation.findings if x.unit != f.unit]
    found = [*others, Finding(unit=f.unit, at=e.at, relation=f.relation, sums=f.sums, beside=f.beside)]
    return {"investigation": d.investigation.model_copy(update={"findings": found})}


def _reported(d: Dispute, e: Event, f: m.InvestigationReported) -> Changes:
    said = {"reported_at": e.at, "relation": f.relation, "otherwise": f.otherwise}
    done = d.investigation and d.investigation.model_copy(update=said)
    return {"investigated_at": e.at, "investigation": done}


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


def _objected(d: Dispute, e: Event, f: m.ObjectionRaised) -> Changes:
    raised = Objection(unit=f.by, at=e.at, claims=f.claims, stance=f.stance)
    return {"objections": [*d.objections, raised]}


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


def _papers(d: Dispute, no: int, **changes: Any) -> Changes:
    papers: list[Document] = [*d.documents]
    papers[no - 1] = papers[no - 1].model_copy(update=changes)
    return {"documents": papers}


def _paper_issued(d: Dispute, e: Event, f: m.PaperIssued) -> Changes:
    issued = Issued(number=f.number, code=f.code, sha256=f.sha256, signed_by=f.signed_by, at=e.at)
    return _papers(d, f.paper, issued=issued, asked=f.asked)


def _paper_served(d: Dispute, e: Event, f: m.PaperServed) -> Changes:
    told = f.model_dump(include={"to", "way", "done_on", "served_on", "proof"})
    service = Service(**told, at=e.at, unit=e.unit, officer=e.officer)
    return _papers(d, f.paper, services=[*d.documents[f.paper - 1].services, service])


def _paper_revoked(d: Dispute, e: Event, f: m.PaperRevoked) -> Changes:
    paper = d.documents[f.paper - 1]
    gone = [Revoked(**i.model_dump(), revoked_at=e.at, reason=f.reason) for i in (paper.issued,) if i]
    changes: Changes = {"issued": None, "services": [], "reviewed": None, "given_up": not f.again}
    return _papers(d, f.paper, revoked=[*paper.revoked, *gone], **changes)


def _party_corrected(d: Dispute, e: Event, f: m.PartyCorrected) -> Changes:
    after = corrected(d.facts, f.whose, f.place, f.values)
    former = [w for w in replaced(d.facts, after) if w not in d.former]
    looks = {} if f.duplicates is None else {"duplicates": f.duplicates}
    return {"intake": after, "former": [*d.former, *former], **looks}


_FOLDS: dict[str, FoldMeaning] = {
    "triage_noted": lambda d, e, f: {"confidential": d.confidential or f.confidential},
    "party_contacted": lambda d, e, f: {"contact": Contact(way=f.way, on=f.on, unreached=f.unreached)},
    "handlers_noted": _handlers,
    "hub_changed": lambda d, e, f: {
        "center": f.to, "hubs": [*d.hubs, d.center], "hub_failed": d.hub_failed or f.failed
    },
    "transferred_out": lambda d, e, f: {"transferred_at": e.at, "transferred_to": f.area + f.to},
    "task_signed": _signed,
    "task_returned": _returned,
    "claims_refused": _refused,
    "legal_review_given": lambda d, e, f: {"legal_reviews": [*d.legal_reviews, f.result]},
    "extension_asked": _extension_asked,
    "objection_raised": _objected,
    "unit_invited": _invited,
    "invitation_answered": _invitation_answered,
    "joint_meeting_proposed": _proposed,
    "joint_proposal_answered": _answered,
    "meeting_convened": _convened,
    "meeting_concluded": _concluded,
    "resolution_completed": _completed,
    "supervised": lambda d, e, f: {"supervisions": d.supervisions + 1},
    "reported_up": lambda d, e, f: {
        "reported_up_at": e.at, "above": f.step,
        "asked_above": {**d.asked_above, f.step: d.asked_above.get(f.step, 0) + 1},
    },
    "replied_from_above": _replied,
    "mediation_started": lambda d, e, f: {
        "mediation": Mediation(started_at=e.at, chief=f.chief, members=f.members, room=f.room)
    },
    "mediation_declined": _at("mediation_declined_at"),
    "agreement_drafted": _drafted,
    "agreement_reviewed": _reviewed,
    "agreement_concluded": _agreed,
    "mediation_ended": _ended,
    "confirmation_applied": _applied,
    "confirmation_decided": _confirmed,
    "investigation_opened": _opened,
    "findings_submitted": _found,
    "investigation_reported": _reported,
    "guided": _at("guided_at"),
    "proceeding_began": _began,
    "ruling_recorded": _ruled,
    "wait_ended": _set(suspended_at=None),
    "opinion_given": _opinion,
    "disposition_issued": _disposition,
    "disposition_upheld": _upheld,
    "payment_recorded": _payment,
    "payment_withdrawn": _payment_withdrawn,
    "refund_recorded": _refund,
    "executed": _set(executed=True),
    "left_unpaid": _left_unpaid,
    "parties_informed": _informed,
    "result_fed_back": _fed_back,
    "call_tried": _tried,
    "called_back": _called,
    "withdrawal_asked": _withdrawal,
    "withdrawal_decided": _parted,
    "reopened": lambda d, e, f: {
        "rehandled": d.rehandled + 1, "rehandle_open": True, "callback_done": False
    },
    "cases_linked": lambda d, e, f: {"links": [*d.links, f.to]},
    "merged": lambda d, e, f: {"merged_into": f.into},
    "source_absorbed": _absorbed,
    "card_appealed": _card_appealed,
    "card_decided": _card_decided,
    "paper_reviewed": lambda d, e, f: _papers(d, f.paper, reviewed=f.passed),
    "paper_issued": _paper_issued,
    "paper_served": _paper_served,
    "paper_revoked": _paper_revoked,
    "party_corrected": _party_corrected,
}  # fmt: skip
