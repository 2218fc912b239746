"""Who may do what: for each verb the parts in a matter that open it.

The one place that says so: every guard and every offer asks here first, and ``policy show`` prints it. What a verb needs
besides (its turn, its state) is said by the guard of its own handler.
"""

from collections.abc import Iterable

from domain.actions import VERBS
from domain.decide.parts import (
    ABOVE,
    APPLICANT,
    APPROVER,
    ASSIGNED,
    CALLER,
    CARDED,
    CENTER,
    CHECKED,
    CLOCK,
    CLOSER,
    CONDUCTS,
    CONSULTS,
    COURT,
    DECIDER,
    DECIDES_CARDS,
    EXECUTES,
    GRANTS,
    GUIDE,
    GUIDES,
    HANDLING,
    INQUIRER,
    ISSUES,
    ITEM_LEAD,
    JUSTICE,
    LEAD,
    LEVIES,
    MEDIATES,
    MEDIATOR,
    MEETS,
    NOTIFIER,
    OFFICE,
    ON_THE_SPOT,
    ORGANISER,
    PARTIES,
    RAISES,
    RECEIVED,
    REVIEWS,
    SUPERVISES,
    SYSTEM,
    TAKING_PART,
    TASK,
    Part,
    is_held,
    stands_aside,
)
from domain.declined import Declined
from domain.draft import Draft

_MEDIATING = (MEDIATOR, CENTER, *TAKING_PART, MEDIATES)
_CONDUCTING = (CONDUCTS, MEDIATOR, CENTER, MEDIATES)
_PAYING = (LEAD, ITEM_LEAD, CENTER, TASK, LEVIES, EXECUTES)
_RESTORING = (*HANDLING, CENTER, TASK, LEVIES)
_BRINGING = (CENTER, *PARTIES, *TAKING_PART)


MAY: dict[str, tuple[Part, ...]] = {
    "request_supplement": (CENTER,),
    "receive_material": _BRINGING,
    "refuse_claims": (CENTER,),
    "merge_cases": (CENTER,),
    "link_cases": (CENTER, LEAD),
    "assign_lead": (CENTER, TASK),
    "report_lead": (CENTER, TASK),
    "convert_lead": (CENTER, CHECKED),
    "close_lead": (CENTER,),
    "spawn_lead": (CENTER, *HANDLING),
    "issue_urgent_report": (CENTER, *TAKING_PART, TASK, OFFICE, RAISES),
    "absorb_source": (SYSTEM,),
    "hand_over": (CENTER,),
    "transfer_out": (CENTER,),
    "notify_transfer": (CENTER,),
    "accept_case": (CENTER,),
    "change_level": (CENTER, OFFICE, *TAKING_PART, RAISES),
    "decide_level_change": (APPROVER,),
    "review_level": (CENTER, OFFICE),
    "decide_return": (CENTER,),
    "change_units": (CENTER,),
    "sign_for": (TASK,),
    "send_back": (TASK,),
    "reassign_officer": (TASK,),
    "request_extension": (CLOCK,),
    "decide_extension": (CENTER, GRANTS),
    "give_opinion": TAKING_PART,
    "issue_disposition": (LEAD, ITEM_LEAD, DECIDER),
    "uphold_disposition": (LEAD, ITEM_LEAD, DECIDER),
    "object_to_disposition": TAKING_PART,
    "finish_on_the_spot": (ON_THE_SPOT,),
    "give_legal_review": (CENTER, JUSTICE, TASK),
    "record_proceeding": _BRINGING,
    "record_ruling": _BRINGING,
    "review_suspension": (CENTER,),
    "record_withdrawal": (APPLICANT, CENTER),
    "verify_withdrawal": (CENTER,),
    "invite_unit": (CENTER, LEAD, OFFICE, MEDIATOR),
    "answer_invitation": (TASK,),
    "convene_consultation": (ORGANISER, CENTER, TASK, CONSULTS),
    "issue_consultation_minutes": (ORGANISER, CENTER, TASK),
    "propose_joint_meeting": (OFFICE, MEETS),
    "answer_joint_proposal": (TASK,),
    "convene_joint_meeting": (OFFICE, MEETS),
    "issue_joint_minutes": (OFFICE, TASK, MEETS),
    "complete_resolution": (ASSIGNED, OFFICE),
    "report_up": (ORGANISER, OFFICE, CENTER, TASK, MEETS),
    "reply_from_above": (ABOVE, ORGANISER, OFFICE),
    "supervise": (TASK, CENTER, SUPERVISES),
    "start_mediation": _MEDIATING,
    "decline_mediation": _MEDIATING,
    "draft_agreement": _CONDUCTING,
    "conclude_agreement": _CONDUCTING,
    "end_mediation": _CONDUCTING,
    "review_agreement": (CENTER, REVIEWS),
    "apply_judicial_confirmation": (*PARTIES, COURT, LEAD, *_CONDUCTING),
    "record_judicial_confirmation": (COURT, LEAD, *_CONDUCTING),
    "open_investigation": (INQUIRER, LEAD, TASK),
    "submit_findings": (TASK,),
    "issue_investigation_report": (INQUIRER, LEAD, TASK),
    "notify_result": (NOTIFIER,),
    "feed_back_result": (TASK,),
    "notify_refusal": (CENTER,),
    "guide_to_law": (GUIDE, CENTER, *TAKING_PART, GUIDES),
    "record_party_objection": _BRINGING,
    "order_payment": (LEVIES,),
    "demand_performance": (LEVIES,),
    "apply_enforcement": (LEVIES, LEAD, ITEM_LEAD, TASK),
    "record_payment": _PAYING,
    "withdraw_payment": _PAYING,
    "record_refund": _RESTORING,
    "record_rights_restored": _RESTORING,
    "report_executed": (*_RESTORING, EXECUTES),
    "report_unexecuted": (*_RESTORING, EXECUTES),
    "log_call_attempt": (CALLER, TASK),
    "record_callback": (CALLER, TASK),
    "close_unreached": (CALLER, TASK),
    "reopen_case": (CENTER, OFFICE),
    "explain_again": (CENTER, *HANDLING, JUSTICE),
    "close_case": (CLOSER, TASK),
    "archive_case": (CLOSER, TASK),
    "appeal_card": (CARDED,),
    "decide_card_appeal": (TASK,),
    "withdraw_card": (DECIDES_CARDS,),
    "review_paper": (ISSUES,),
    "issue_paper": (ISSUES,),
    "serve_paper": (ISSUES,),
    "revoke_paper": (ISSUES,),
    "report_undelivered": (SYSTEM,),
    "tell_otherwise": (TASK,),
    "correct_party": (CENTER, RECEIVED, *HANDLING),
}
"""The parts that open each verb, the most natural first; a unit with none of them has nothing to do with it."""


def has_part(draft: Draft, verb: str) -> bool:
    """Whether the acting unit has a part in the matter that opens this verb."""
    return bool(open_verbs(draft, [verb]))


def open_verbs(draft: Draft, verbs: Iterable[str]) -> list[str]:
    """Those of these verbs that a part of the acting unit opens; each part is asked for once."""
    party = stands_aside(draft)
    known: dict[tuple[Part, str], bool] = {}

    def holds(part: Part, verb: str) -> bool:
        asked = part, verb if part.of_verb else ""
        if asked not in known:
            known[asked] = is_held(part, draft, verb)
        return known[asked]

    return [v for v in verbs if any(holds(part, v) for part in MAY[v] if not party or part in PARTIES)]


def require_part(draft: Draft, verb: str) -> None:
    """Refuse a unit that has no part in the matter for this verb, saying whose it is."""
    if has_part(draft, verb):
        return
    parts = MAY[verb]
    if len(parts) == 1 and parts[0].missing != "wrong_unit":
        word = "期限" if parts[0] is CLOCK else "任务"
        raise Declined(parts[0].missing, f"{draft.unit}没有可以“{VERBS[verb]}”的{word}", "unit")
    draft.require(False, "、".join(dict.fromkeys(filter(None, (_name(part, draft) for part in parts)))))


def _name(part: Part, draft: Draft) -> str:
    try:
        return part.named(draft)
    except Declined:
        return ""
