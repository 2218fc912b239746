"""分流: the one lead of a matter and the units that help, by the policy's table."""

from domain.claim_routing import Routed, others, route_claim, route_claims
from domain.intake import ClaimNo, Intake
from domain.policy import Policy
from domain.risk import RiskFacts
from domain.words import Model, UnitName

__all__ = ["Routed", "Routing", "route", "route_claim"]


class Routing(Model):
    """The suggestion for a whole matter: one lead, the units that help, and each claim by its number."""

    lead: UnitName | None
    co: tuple[UnitName, ...]
    sub_items: dict[ClaimNo, Routed]


def route(intake: Intake, policy: Policy) -> Routing:
    """Lead and co-units of the matter, the units that join for what it is like included."""
    items = route_claims(intake.claims, policy)
    lead = _one_lead(list(items.values()), policy)
    facts = RiskFacts.from_intake(intake, policy, intake.received_at.date())
    helping = [unit for r in items.values() for unit in (r.lead, *r.co) if unit]
    joining = [
        policy.unit(unit)
        for modifier in policy.routing.modifiers
        if modifier.when.holds(facts)
        for unit in modifier.add
    ]
    return Routing(lead=lead, co=others(lead, [*helping, *joining]), sub_items=items)


def _one_lead(items: list[Routed], policy: Policy) -> UnitName | None:
    leads = {r.lead for r in items if r.lead}
    if len(leads) <= 1:
        return next(iter(leads), None)
    categories = {r.category for r in items}
    for choice in policy.routing.several:
        if not choice.if_any or categories & set(choice.if_any):
            return policy.unit(choice.lead)
    return next(r.lead for r in items if r.lead)
