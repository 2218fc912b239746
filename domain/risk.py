"""风险初判: rules, not scores. An indicator of a tier puts the matter there at least; an officer confirms."""

from datetime import date
from decimal import Decimal
from typing import Any

from domain.claim_routing import route_claims
from domain.intake import Intake, TriState
from domain.policy import Policy
from domain.policy_conditions import OWN, UNKNOWN
from domain.policy_routes import IndicatorRule
from domain.words import LabourRelation, Level, Model

NOT_APPLICABLE = "不适用"
_GONE = "失联"


class RiskFacts(Model):
    """What the rules may look at.

    ``amount``: premium claimed, yuan. ``respondent_cooperative`` is 不适用 when there is no 被反映单位.
    ``time_node``: the 时间节点 in force, by name. ``own``: the county's own facts, by name.
    """

    headcount: int
    in_person_headcount: int
    amount: Decimal
    amount_unknown: bool
    lead_departments: int
    labour_relation: LabourRelation
    strong_proof: bool
    special_groups: tuple[str, ...]
    respondent_cooperative: TriState | str
    respondent_status: str
    opinion_present: bool
    opinion_needs_response: bool
    beyond_level: bool
    extreme_words: bool
    is_group: bool
    has_counter_claim: bool
    time_node: str | None
    claim_types: tuple[str, ...] = ()
    nobody_to_mediate: bool = False
    units_disagree: bool = False
    hub_failed: bool = False
    own: dict[str, TriState] = {}

    @classmethod
    def from_intake(
        cls,
        intake: Intake,
        policy: Policy,
        on: date,
        *,
        units_disagree: bool = False,
        hub_failed: bool = False,
    ) -> "RiskFacts":
        """The facts of a matter as seen on a day."""
        seen = intake.indicators
        leads = {r.lead for r in route_claims(intake.claims, policy).values() if r.lead}
        node = next((n.name for n in policy.time_nodes if n.in_force(on, policy.calendar)), None)
        return cls(
            headcount=intake.applicant.headcount,
            in_person_headcount=seen.petition.in_person_headcount,
            amount=intake.claimed,
            amount_unknown=intake.amount_unknown,
            lead_departments=len(leads),
            labour_relation=seen.labour_relation,
            strong_proof=seen.strong_proof,
            special_groups=tuple(g for g in seen.special_groups if g in policy.special_groups),
            respondent_cooperative=seen.respondent_cooperative if intake.respondents else NOT_APPLICABLE,
            respondent_status=seen.respondent_status,
            opinion_present=seen.public_opinion.present,
            opinion_needs_response=seen.public_opinion.needs_response,
            beyond_level=seen.petition.beyond_level,
            extreme_words=seen.petition.extreme_words,
            is_group=intake.applicant.is_group,
            has_counter_claim=bool(intake.counter_claims),
            time_node=node,
            claim_types=tuple(dict.fromkeys(c.type.value for c in intake.claims if c.type)),
            nobody_to_mediate=not intake.respondents or _GONE in seen.respondent_status,
            units_disagree=units_disagree,
            hub_failed=hub_failed,
            own=seen.answers,
        )

    def value(self, name: str) -> Any:
        """A fact by name."""
        return self.own.get(name.removeprefix(OWN), UNKNOWN) if name.startswith(OWN) else getattr(self, name)

    def is_unknown(self, name: str) -> bool:
        """Whether nobody knows it."""
        return self.amount_unknown if name == "amount" else self.value(name) == UNKNOWN


class Indicator(Model):
    """One indicator that fired, in the officer's words, with where it comes from."""

    code: str
    text: str
    level: Level
    basis: str


class Assessment(Model):
    """The suggested level and why."""

    level: Level
    indicators: tuple[Indicator, ...]
    facts: RiskFacts


def assess(intake: Intake, policy: Policy, on: date, facts: RiskFacts | None = None) -> Assessment:
    """The level the rules suggest on a day: the highest tier any indicator names, else the lowest tier.

    A 时间节点 in force raises it by one for a matter of enough people. ``facts`` replace those of the intake.
    """
    facts = facts or RiskFacts.from_intake(intake, policy, on)
    found = [fired for rule in policy.indicators if (fired := _fired(rule, facts))]
    ranks = {tier.name: place for place, tier in enumerate(policy.tiers)}
    place = max((ranks[i.level] for i in found), default=0)
    node = next((n for n in policy.time_nodes if n.name == facts.time_node), None)
    if node and facts.headcount >= node.min_headcount:
        place = min(place + 1, len(policy.tiers) - 1)
        raised = policy.tiers[place].name
        found.append(Indicator(code="T", text=f"时间节点：{node.name}", level=raised, basis=node.basis))
    return Assessment(level=policy.tiers[place].name, indicators=tuple(found), facts=facts)


def _fired(rule: IndicatorRule, facts: RiskFacts) -> Indicator | None:
    """The indicator, if its condition holds, or cannot be told while the rule counts that as well."""
    unknown = [part.fact for part in rule.when.parts() if part.fact and facts.is_unknown(part.fact)]
    holds = rule.when.holds(facts)
    if not holds and not (unknown and rule.unknown == "fires"):
        return None
    values = {part.fact: facts.value(part.fact) for part in rule.when.parts() if part.fact}
    text = rule.text.format_map(values) + ("" if holds else f"（{UNKNOWN}）")
    return Indicator(code=rule.code, text=text, level=rule.tier, basis=f"{rule.basis}[{rule.tag}]")
