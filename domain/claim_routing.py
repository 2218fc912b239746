"""Where one claim belongs: its category and the units of the policy's table (plan, 三（二）)."""

from collections.abc import Iterable

from domain.intake import Claim, ClaimNo
from domain.policy import Policy
from domain.policy_routes import RouteRow
from domain.words import Model, Regime, UnitName


class Routed(Model):
    """Where one claim belongs.

    ``category``: A, B, C, D1, D2 or E; ``None``, without a lead, when it is no premium dispute at all.
    """

    category: str | None = None
    lead: UnitName | None = None
    co: tuple[UnitName, ...] = ()


def category_of(claim: Claim, policy: Policy) -> str | None:
    """The claim's category: by its 争议类型, and for 其他征缴 by its words; ``None`` without type or 险种."""
    if claim.type is None or claim.insurance is None:
        return None
    words = f"{claim.detail or ''} {claim.note or ''}"
    for rule in policy.routing.categories:
        if rule.type == claim.type and (not rule.keywords or any(k in words for k in rule.keywords)):
            return rule.category
    return None


def route_claim(claim: Claim, policy: Policy) -> Routed:
    """Lead and co-units of one claim. An unknown 参保制度 is taken for 职工."""
    category = category_of(claim, policy)
    row = _row(category, claim, policy)
    if row is None:
        return Routed(category=category)
    lead = policy.unit(row.lead)
    return Routed(category=category, lead=lead, co=others(lead, (policy.unit(u) for u in row.co)))


def _row(category: str | None, claim: Claim, policy: Policy) -> RouteRow | None:
    regime = claim.regime or Regime.EMPLOYEE
    fits = (
        row
        for row in policy.routing.rows
        if row.category == category and regime in row.regimes and claim.insurance in row.insurances
    )
    return next(fits, None)


def route_claims(claims: Iterable[Claim], policy: Policy) -> dict[ClaimNo, Routed]:
    """Every claim by its number."""
    return {claim.no: route_claim(claim, policy) for claim in claims}


def others(lead: UnitName | None, units: Iterable[UnitName]) -> tuple[UnitName, ...]:
    """These units, each once, without the lead."""
    return tuple(dict.fromkeys(u for u in units if u != lead))
