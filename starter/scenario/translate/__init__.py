"""The words of the scenario format turned into forms: the only place where free words become choices.

One step may become several acts at its moment. What a story does not say is taken from what the software suggests,
then from what the story does later, then from a stated fallback.
"""

from collections.abc import Callable
from datetime import datetime

from domain.actions import Act
from starter.scenario.step import Step
from starter.scenario.translate import (
    callback,
    desk,
    disposal,
    execution,
    intake,
    law,
    leads,
    mediation,
    meetings,
    telling,
    triage,
)
from starter.scenario.translate.scene import Context, NotTranslatable, Scene, Sent

__all__ = ["ACTIONS", "Context", "NotTranslatable", "Sent", "acts_of", "forms_of"]

ACTIONS: dict[str, Callable[[Scene], list[Sent]]] = {
    "register_lead": leads.register_lead,
    "convert_lead": leads.convert_lead,
    "triage_confirm": triage.triage_confirm,
    "request_supplement": intake.request_supplement,
    "supplement_material": intake.supplement_material,
    "decide_not_accept": intake.decide_not_accept,
    "claim": desk.claim,
    "return": desk.send_back,
    "dispatch": triage.dispatch,
    "request_extension": desk.request_extension,
    "approve_extension": desk.approve_extension,
    "reject_extension": desk.reject_extension,
    "submit_opinion": disposal.submit_opinion,
    "objection": disposal.objection,
    "propose_meeting": meetings.propose_meeting,
    "convene_meeting": meetings.convene_meeting,
    "minutes": meetings.minutes,
    "resolution_done": meetings.resolution_done,
    "mediation_start": mediation.mediation_start,
    "mediate_agreed": mediation.mediate_agreed,
    "mediate_failed": mediation.mediate_failed,
    "agreement_draft": mediation.agreement_draft,
    "agreement_review": mediation.agreement_review,
    "judicial_confirm": mediation.judicial_confirm,
    "investigate_report": law.investigate_report,
    "guide_to_arbitration": law.guide_to_arbitration,
    "legal_document": law.legal_document,
    "notify_party": telling.notify_party,
    "enforce_report": execution.enforce_report,
    "payment_received": execution.payment_received,
    "callback_call": callback.callback_call,
    "callback_answer": callback.callback_answer,
    "withdraw": law.withdraw,
    "withdraw_confirm": law.withdraw_confirm,
    "merge_into": intake.merge_into,
    "link_case": intake.link_case,
    "override_risk": triage.override_risk,
    "approve_override": triage.approve_override,
    "reject_override": triage.reject_override,
    "urgent_report": intake.urgent_report,
    "escalate_city": meetings.escalate_city,
    "city_reply": meetings.city_reply,
    "reopen": callback.reopen,
    "close_attempt": callback.close_case,
    "close_case": callback.close_case,
    "legal_review": law.legal_review,
    "supervise": meetings.supervise,
}
"""Every action of the format, in the order of its own list."""


def forms_of(step: Step, context: Context) -> list[Sent]:
    """The acts that a step means, in the order in which they are sent; one of them is the step's own.

    None where nothing is left to do. Raises NotTranslatable or ValidationError, both ValueErrors, for what no form says.
    """
    translate = ACTIONS.get(step.action)
    if translate is None:
        raise NotTranslatable(f"第 {step.step} 步：没有动作“{step.action}”")
    return translate(Scene(step, context))


def acts_of(story: str, step: Step, context: Context, until: datetime | None = None) -> list[Act]:
    """The same, numbered: the step's own act as ``story#7``, those that go along with it from ``story#7.2`` on.

    The demonstration's clock runs on (``until``) after the last of them alone: they belong to one moment.
    """
    acts: list[Act] = []
    beside = 1
    forms = forms_of(step, context)
    for position, sent in enumerate(forms, 1):
        beside += sent.aside
        acts.append(
            Act(
                id=f"{story}#{step.step}" + (f".{beside}" if sent.aside else ""),
                unit=sent.unit,
                officer=sent.officer,
                task=sent.task,
                at=step.at,
                until=until if position == len(forms) else step.at,
                body=sent.body,
            )
        )
    return acts
