"""The rules of a policy for levels and ways: tiers with their steps, indicators, routing, what is not accepted."""

from typing import Literal

from pydantic import Field

from domain.clocks import Tag
from domain.policy_conditions import Condition
from domain.policy_life import TierCallback
from domain.words import ABOVE, ClaimType, Insurance, Level, Model, Regime, Step

ENDING_STEPS = (Step.ON_THE_SPOT, Step.DIRECT, Step.DISPOSE, Step.GUIDE)
"""Steps after which the party can be told something: a way out of the route."""


class RouteStep(Model):
    """One step of a tier's route.

    ``owner``: a role, or ``lead`` (主办) or ``organiser`` (组织单位). ``clock``: the clock that runs on it.
    ``required``: whether the matter must pass it before the next; another is taken when an officer starts it.
    A step the route does not name is refused. ``name``: what this tier calls it.

    Of a step that asks somebody above: ``papers`` go up with the matter; ``upward``: the roles that may be asked after
    the owner, in order.
    """

    step: Step
    owner: str
    clock: str
    required: bool = True
    name: str | None = Field(default=None, min_length=1)
    papers: tuple[str, ...] = ()
    upward: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """The step as an officer calls it."""
        return self.name or self.step.word


class Tier(Model):
    """One level of handling, with all that follows from it.

    ``path`` is how the handling is called (直办, 会商, 联席会议). ``handler``: the ``lead`` alone or
    ``joint``; ``notifier`` (``lead``, ``center`` or a role) tells the party.
    ``feedback``: the clock by which a lead that told the party feeds back to the hub. ``total``: the clock of the whole.
    ``organiser``: who brings the units together and reports upwards. ``downgrade_approver``: the role that must
    approve leaving the tier downwards. ``report_urgently``: whether a matter of this tier is reported at once
    (紧急信息报告). ``documents``: papers due on closing. ``retention_years``: ``None`` keeps for ever.

    ``total_from``: what the whole is counted from: ``acceptance``, the change of ``tier``, or ``receipt``.
    ``execution``: whether what was decided is followed up (后续执行); a sum recognised and not paid always is.
    ``closed_by`` (``center``, ``lead`` or a role) closes and archives. ``closes_with_answer``: the answer to the party
    closes the matter in the same act.
    """

    name: Level
    rank: int
    path: str
    route: tuple[RouteStep, ...] = Field(min_length=1)
    handler: Literal["lead", "joint"]
    notifier: str
    feedback: str | None = None
    total: str
    total_from: Literal["acceptance", "tier", "receipt"] = "acceptance"
    execution: bool = True
    callback: TierCallback = TierCallback()
    closed_by: str = "center"
    closes_with_answer: bool = False
    organiser: str = "center"
    downgrade_approver: str | None = None
    report_urgently: bool = False
    documents: tuple[str, ...] = ()
    retention_years: int | None
    basis: str = Field(min_length=1)
    tag: Tag

    def step(self, step: Step) -> RouteStep | None:
        """This step of the route, if it has it."""
        return next((s for s in self.route if s.step == step), None)

    @property
    def above(self) -> tuple[RouteStep, ...]:
        """The steps in which somebody above is asked, in order."""
        return tuple(s for s in self.route if s.step in ABOVE)

    def has(self, *steps: Step) -> bool:
        """Whether the route has one of these steps."""
        return any(s.step in steps for s in self.route)

    @property
    def required(self) -> tuple[RouteStep, ...]:
        """The steps a matter must pass, in order."""
        return tuple(s for s in self.route if s.required)


class IndicatorRule(Model):
    """One risk indicator. ``text`` may hold ``{fact}``, filled with the value of the fact that fired.

    ``unknown``: whether it fires too when a fact of its condition is not known.
    """

    code: str
    text: str
    tier: Level
    when: Condition
    unknown: Literal["fires", "ignored"] = "ignored"
    basis: str = Field(min_length=1)
    tag: Tag


class CategoryRule(Model):
    """Which category a claim falls into; for one 争议类型 in several categories its words decide."""

    category: str
    type: ClaimType
    keywords: tuple[str, ...] = ()


class RouteRow(Model):
    """One row of the routing table: who leads, who helps. ``lead`` and ``co`` are roles or unit names."""

    category: str
    regimes: tuple[Regime, ...] = Field(min_length=1)
    insurances: tuple[Insurance, ...] = Field(min_length=1)
    lead: str
    co: tuple[str, ...] = ()
    basis: str = Field(min_length=1)
    tag: Tag


class LeadChoice(Model):
    """The one lead of a matter whose claims have different leads."""

    if_any: tuple[str, ...] = ()
    lead: str


class RouteModifier(Model):
    """Units that join because of what the matter is like."""

    when: Condition
    add: tuple[str, ...] = Field(min_length=1)
    basis: str = Field(min_length=1)
    tag: Tag


class RoutingRules(Model):
    """The routing table. Of ``categories``, ``rows`` and ``several`` the first entry that fits decides."""

    categories: tuple[CategoryRule, ...]
    rows: tuple[RouteRow, ...]
    several: tuple[LeadChoice, ...]
    modifiers: tuple[RouteModifier, ...] = ()


class RefusalRule(Model):
    """One ground for not accepting.

    ``kind``: ``refuse``; ``lead`` (kept as a lead); ``merge`` (并案, no refusal); ``review`` (法制审核 first,
    never refused by itself).
    """

    name: str
    redirect: str
    basis: str = Field(min_length=1)
    tag: Tag
    kind: Literal["refuse", "lead", "merge", "review"] = "refuse"
