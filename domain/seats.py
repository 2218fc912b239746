"""Who is who in a matter: which unit holds which of its parts, and which of them the acting unit is."""

from collections.abc import Iterable
from functools import cached_property

from domain.declined import Declined
from domain.dispute import Dispute
from domain.policy import Policy, Tier
from domain.policy_life import TierCallback
from domain.policy_routes import RouteStep
from domain.policy_rules import Power
from domain.policy_units import ROLE_WORDS
from domain.words import Step, UnitName


def is_about(d: Dispute, policy: Policy, unit: UnitName) -> bool:
    """Whether a matter is about this very unit, by whatever name it is complained of."""
    return any(policy.names_unit(r.name, unit) for r in d.facts.respondents)


def places_of(d: Dispute, policy: Policy) -> list[str]:
    """The county's places that a matter comes from, or is about."""
    named = {r.town for r in d.facts.respondents}
    return [town for town in policy.county.towns if town in named or d.center.startswith(town)]


def is_of(unit: UnitName, place: str) -> bool:
    """Whether a unit is named after a place, written out or without its last word: 窑头乡人民政府, 窑头税务分局."""
    return place in unit or place[:-1] in unit


class Seats:
    """The units of a matter as it stands, seen by the one that acts."""

    def __init__(self, dispute: Dispute, policy: Policy, unit: UnitName) -> None:
        self.d = dispute
        self.policy = policy
        self.unit = unit

    def role(self, name: str) -> UnitName:
        """The county's unit in a role (center, joint_office ...); refused when the county has none."""
        unit = self.policy.units.roles.get(name)
        if unit is None:
            raise Declined(
                "no_such_role", f"本县未设{ROLE_WORDS.get(name, name)}，请管理员在县政策的单位中补充"
            )
        return unit

    def is_role(self, *names: str) -> bool:
        """Whether the acting unit holds one of these roles."""
        return not self._roles.isdisjoint(names)

    @cached_property
    def _roles(self) -> frozenset[str]:
        return self.policy.units.roles_of(self.unit)

    def may(self, power: Power) -> bool:
        """Whether the policy lets the acting unit do this besides those whose task it is.

        One of the many units at the base has a power only in the matters of its own place.
        """
        if not self.policy.among(self.unit, power.units):
            return False
        roles = self.policy.units.roles
        return (
            any(word == self.unit or roles.get(word) == self.unit for word in power.units) or self.is_near()
        )

    def is_near(self) -> bool:
        """Whether the acting unit is named after the place that the matter comes from, or is about."""
        return any(is_of(self.unit, place) for place in places_of(self.d, self.policy))

    def other_than(self, unit: UnitName, words: Iterable[str]) -> UnitName | None:
        """The first of these roles or units that is not ``unit`` and that the county has."""
        roles = self.policy.units.roles
        return next((u for w in words if (u := roles.get(w, w)) != unit and self.policy.units.knows(u)), None)

    def is_party(self) -> bool:
        """Whether the applicant or the respondent acts."""
        return self.is_role("applicant", "respondent")

    def is_center(self) -> bool:
        """Whether the matter's 综治中心, or the county's, acts."""
        return self.unit in (self.d.center, self.role("center"))

    @property
    def center(self) -> UnitName:
        """The matter's 综治中心, or the county's while it has none."""
        return self.d.center or self.role("center")

    @property
    def tier(self) -> Tier | None:
        """The tier whose route the matter takes; ``None`` before it is accepted."""
        return self.policy.tier_by_path(self.d.path) if self.d.path else None

    def notifier(self) -> UnitName:
        """The unit that tells the party: the lead of a matter handled by it alone, else the 综治中心 or a role."""
        return self._named(self.d.notifier)

    def closer(self) -> UnitName:
        """The unit that closes and archives the matter."""
        return self._named(self.tier.closed_by) if self.tier else self.center

    def is_closer(self) -> bool:
        """Whether the acting unit closes the matter; where that is the 综治中心, the county's may too."""
        tier = self.tier
        centers = tier is None or tier.closed_by == "center"
        return self.is_center() if centers else self.unit == self.closer()

    @property
    def callback(self) -> TierCallback:
        """How the party is called back in the matter's tier."""
        return self.tier.callback if self.tier else TierCallback()

    def caller(self) -> UnitName:
        """The unit that calls the party back."""
        return self._named(self.callback.by)

    def _named(self, word: str) -> UnitName:
        """``lead``, ``center`` or a role."""
        match word:
            case "lead":
                return self.d.lead or self.d.center
            case "center":
                return self.d.center
            case _:
                return self.role(word)

    def known(self, *units: UnitName) -> list[UnitName]:
        """These units by the county's names; refused when one is unknown."""
        try:
            return [self.policy.unit(u) for u in units]
        except ValueError as error:
            raise Declined("unknown_unit", str(error), "unit") from error

    def require(self, allowed: bool, who: str) -> None:
        """Refuse the acting unit unless it is allowed."""
        if not allowed:
            raise Declined("wrong_unit", f"{self.unit}不能办理此事项，应由{who}办理", "unit")

    def mediator(self) -> UnitName:
        """Who mediates by the route: the owner of its mediation, else whoever acts."""
        step = self.tier.step(Step.MEDIATE) if self.tier else None
        return self.owner(step) if step else self.unit

    def owner(self, step: RouteStep, tier: Tier | None = None) -> UnitName:
        """The unit a step of the route belongs to."""
        tier = tier or self.tier
        return self._named(tier.organiser if tier and step.owner == "organiser" else step.owner)
