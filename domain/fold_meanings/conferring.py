"""What acts of 会商, 联席会议 and joint investigation change in the state."""

from domain.dispute import Dispute
from domain.events import Event
from domain.fold_meanings.shape import Changes, FoldMeaning
from domain.meanings import conferring as m
from domain.state import (
    Finding,
    Investigation,
    Invitation,
    Meeting,
    Objection,
    Proposal,
    Resolution,
)


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
    return {"proposal": Proposal(proposed_at=e.at, units=f.units, topics=f.topics, held_at=f.held_at)}


def _answered(d: Dispute, e: Event, f: m.JointProposalAnswered) -> Changes:
    if d.proposal is None:
        return {}
    said = {"answer": f.answer, "answered_at": e.at, "held_at": f.held_at or d.proposal.held_at}
    return {"proposal": d.proposal.model_copy(update=said)}


def _convened(d: Dispute, e: Event, f: m.MeetingConvened) -> Changes:
    sitting = Meeting(
        form=f.form,
        units=f.units,
        topics=f.topics,
        convened_at=e.at,
        held_at=f.held_at,
        mode=f.mode,
        place=f.place,
        chair=f.chair,
    )
    called = {"meetings": [*d.meetings, sitting]}
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


def _objected(d: Dispute, e: Event, f: m.ObjectionRaised) -> Changes:
    raised = Objection(unit=f.by, at=e.at, claims=f.claims, stance=f.stance)
    return {"objections": [*d.objections, raised]}


FOLDS: dict[str, FoldMeaning] = {
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
        "reported_up_at": e.at,
        "above": f.step,
        "asked_above": {**d.asked_above, f.step: d.asked_above.get(f.step, 0) + 1},
    },
    "replied_from_above": _replied,
    "investigation_opened": _opened,
    "findings_submitted": _found,
    "investigation_reported": _reported,
}
