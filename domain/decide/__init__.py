"""Decisions: from a state, an action, a policy and a moment to the facts that follow, or a refusal.

One handler per action; everything an action brings about (next stage, tasks, clocks, documents) is decided here at
once, so that one transaction carries a matter from one owner to the next.
"""

from collections.abc import Callable
from datetime import datetime

from domain.actions import Act
from domain.decide import (
    alarms,
    callback,
    desk,
    disposal,
    ending,
    execution,
    intake,
    leads,
    level,
    mediation,
    meeting,
    opening,
    refusal,
    triage,
    viewing,
)
from domain.decide.common import require_task
from domain.dispute import Dispute
from domain.draft import SYSTEM_OFFICER, Draft, Numbering, Refusal, RelatedMatter
from domain.events import DuplicateHint, Event, Identity, Noted, Refused
from domain.flow import closed_for_good
from domain.intake import Intake
from domain.policy import Policy
from domain.sizes import ACT_LIMIT, INTAKE_LIMIT, MATTER_LIMIT, SHORT_ACT, CannotCarry, require_fits, size_of
from domain.words import Step, UnitName

__all__ = ["Refusal", "RelatedMatter", "decide", "note", "open_step", "refuse", "register", "tick", "view"]

UNKNOWN_UNIT = "未知"

HANDLERS: dict[str, Callable[[Draft, Act], None]] = {
    "register_lead": leads.register_lead,
    "convert_lead": leads.convert_lead,
    "request_supplement": intake.request_supplement,
    "supplement_material": intake.supplement_material,
    "decide_not_accept": refusal.decide_not_accept,
    "merge_into": refusal.merge_into,
    "absorb": refusal.absorb,
    "link_case": refusal.link_case,
    "legal_review": intake.legal_review,
    "urgent_report": intake.urgent_report,
    "override_risk": level.override_risk,
    "approve_override": level.decide_override,
    "reject_override": level.decide_override,
    "triage_confirm": triage.triage_confirm,
    "dispatch": triage.redispatch,
    "claim": desk.claim,
    "return": desk.send_back,
    "transfer": desk.transfer,
    "request_extension": desk.request_extension,
    "approve_extension": desk.decide_extension,
    "reject_extension": desk.decide_extension,
    "convene_meeting": meeting.convene,
    "minutes": meeting.minutes,
    "objection": meeting.objection,
    "resolution_done": meeting.resolution_done,
    "supervise": meeting.supervise,
    "escalate_city": meeting.escalate_city,
    "city_reply": meeting.city_reply,
    "mediation_start": mediation.start,
    "agreement_draft": mediation.agreement_draft,
    "agreement_review": mediation.agreement_review,
    "mediate_agreed": mediation.agreed,
    "mediate_failed": mediation.failed,
    "judicial_confirm": mediation.judicial_confirm,
    "investigate_report": disposal.investigate_report,
    "guide_to_arbitration": disposal.guide,
    "legal_document": disposal.legal_document,
    "submit_opinion": disposal.submit_opinion,
    "notify_party": execution.notify_party,
    "payment_received": execution.payment_received,
    "enforce_report": execution.enforce_report,
    "callback_call": callback.call,
    "callback_answer": callback.answer,
    "reopen": callback.reopen,
    "withdraw": ending.withdraw,
    "withdraw_confirm": ending.withdraw_confirm,
    "close_case": ending.close_case,
    "close_attempt": ending.close_case,
}


def decide(
    dispute: Dispute,
    act: Act,
    policy: Policy,
    now: datetime,
    related: dict[str, RelatedMatter] | None = None,
    number: Numbering | None = None,
) -> list[Event]:
    """The events of one action at business time ``now``.

    Raises Refusal, its message in Chinese, when the action cannot be taken; nothing has then changed.
    """
    if dispute.is_over and (closed := closed_for_good(dispute, act)):
        raise Refusal(*closed)
    try:
        unit = policy.unit(act.unit)
    except ValueError as error:
        raise Refusal("unknown_unit", str(error), "unit") from error
    _require_room(dispute, act)
    act = act.model_copy(update={"unit": unit})
    draft = Draft(
        dispute,
        policy,
        now=now,
        unit=unit,
        officer=act.officer,
        action_id=act.id,
        related=related,
        number=number,
    )
    require_task(draft, act)
    HANDLERS[act.body.kind](draft, act)
    return draft.events


def register(
    dispute_id: str,
    intake_: Intake,
    policy: Policy,
    now: datetime,
    *,
    case_no: str,
    action_id: str,
    to: list[UnitName] | None = None,
    duplicates: list[DuplicateHint] | None = None,
) -> list[Event]:
    """The first events of a matter. Raises Refusal when it is too large or a unit it is for is unknown."""
    try:
        require_fits("登记", intake_, INTAKE_LIMIT)
    except CannotCarry as error:
        raise Refusal(error.code, str(error), error.field) from None
    draft = Draft(
        Dispute(id=dispute_id),
        policy,
        now=now,
        unit=intake_.received_by,
        officer=SYSTEM_OFFICER,
        action_id=action_id,
    )
    intake.register(draft, intake_, case_no=case_no, to=to or [], duplicates=duplicates or [])
    return draft.events


def tick(dispute: Dispute, policy: Policy, now: datetime, action_id: str) -> list[Event]:
    """The events of every timer due at business time ``now``; none when nothing is due."""
    draft = _by_system(dispute, policy, now, action_id)
    alarms.tick(draft)
    return draft.events


def open_step(dispute: Dispute, step: Step, policy: Policy, now: datetime, action_id: str) -> list[Event]:
    """The events that put the step which is owed on its owner's desk; none when it is not owed (any more)."""
    draft = _by_system(dispute, policy, now, action_id, cause=dispute.last_action)
    opening.open_step(draft, step)
    return draft.events


def note(dispute: Dispute, policy: Policy, now: datetime, action_id: str, text: str) -> list[Event]:
    """The event that keeps what came to pass beside the matter's own course."""
    draft = _by_system(dispute, policy, now, action_id)
    draft.emit(Noted(text=text))
    return draft.events


def refuse(
    dispute: Dispute, policy: Policy, now: datetime, *, action_id: str, unit: str, officer: str, fact: Refused
) -> list[Event]:
    """The event that keeps a refused or malformed signal where its sender can see it."""
    try:
        known = policy.unit(unit)
    except ValueError:
        known = UNKNOWN_UNIT  # a signal may call itself anything, a person's name included
    draft = Draft(dispute, policy, now=now, unit=known, officer=officer, action_id=action_id)
    draft.emit(fact)
    return draft.events


def view(
    dispute: Dispute,
    policy: Policy,
    now: datetime,
    action_id: str,
    unit: UnitName,
    officer: str,
    whose: Identity,
    reason: str,
) -> list[Event]:
    """The event of an officer's look at an identity. Raises Refusal when the policy does not allow it."""
    try:
        known = policy.unit(unit)
    except ValueError as error:
        raise Refusal("unknown_unit", str(error), "unit") from error
    draft = Draft(dispute, policy, now=now, unit=known, officer=officer, action_id=action_id)
    viewing.view(draft, whose, reason)
    return draft.events


def _require_room(dispute: Dispute, act: Act) -> None:
    """Refuse an action too large to be carried, or too large for what the matter holds already."""
    try:
        require_fits("动作", act, ACT_LIMIT)
    except CannotCarry as error:
        raise Refusal(error.code, str(error), error.field) from None
    if size_of(act) > SHORT_ACT and size_of(dispute) > MATTER_LIMIT:
        raise Refusal(
            "matter_full", "本案已登记的内容过多，只能再办理简短的操作；请将材料存档，只写引用", "body"
        )


def _by_system(
    dispute: Dispute, policy: Policy, now: datetime, action_id: str, *, cause: str | None = None
) -> Draft:
    return Draft(
        dispute,
        policy,
        now=now,
        unit=policy.units.roles["system"],
        officer=SYSTEM_OFFICER,
        action_id=action_id,
        cause=cause,
    )
