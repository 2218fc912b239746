"""A county's policy: every rule of the mechanism as data, immutable, known by the hash of its content."""

import hashlib
import json
from collections.abc import Iterable

from pydantic import Field

from domain.access import AccessRules
from domain.calendar import WorkCalendar
from domain.clocks import ClockRule, Ladder
from domain.events import Identity
from domain.intake import Intake
from domain.materials import MaterialRules
from domain.policy_life import HubRule, MediatorRules, OwnFact, ReceivingRules, ReviewRule, TransferRules
from domain.policy_notices import NoticeRules
from domain.policy_remedies import Remedies
from domain.policy_rights import Rights
from domain.policy_routes import IndicatorRule, RefusalRule, RouteStep, RoutingRules, Tier
from domain.policy_rules import (
    CallbackRules,
    CardRules,
    DocumentRule,
    ExtensionRules,
    IdentityRule,
    InvestigatorRule,
    InvitationRules,
    JointApproval,
    LeadRule,
    MaskRule,
    Powers,
    ProposedItem,
    Retention,
    StatisticsRules,
    TimeNode,
    WordingRules,
)
from domain.policy_units import County, RosterEntry, Units, UnknownUnit, among
from domain.speaking import say, spoken
from domain.words import Channel, Level, Model, Step, UnitName

__all__ = ["Policy", "UnknownUnit", "content_version"]


class Policy(Model):
    """The national layer and the county's, merged. ``version``: 16 hex digits of the content's SHA-256."""

    version: str = ""
    county: County
    units: Units
    roster: tuple[RosterEntry, ...] = ()
    """Who is who in “1+7+N”; a county may keep it elsewhere."""
    powers: Powers
    investigators: InvestigatorRule
    joint_approval: JointApproval | None = None
    """Without it the office calls the joint meeting by itself."""
    invitations: InvitationRules | None = None
    """Without it nobody is invited."""
    mediators: MediatorRules | None = None
    """Without it whoever mediates names the chief."""
    mediators: MediatorRules | None = None
    """Without it whoever mediates names the chief."""
    proposed_items: tuple[ProposedItem, ...] = ()
    leads: LeadRule | None = None
    """Without it a lead left behind goes to the matter's own centre."""
    calendar: WorkCalendar
    tiers: tuple[Tier, ...] = Field(min_length=1)
    """Lowest first."""
    indicators: tuple[IndicatorRule, ...]
    special_groups: tuple[str, ...]
    facts: dict[str, OwnFact] = {}
    """What the county asks besides at registration; conditions call it ``own.<name>``."""
    time_nodes: tuple[TimeNode, ...] = ()
    clocks: dict[str, ClockRule]
    ladders: dict[str, Ladder]
    escalation_after_supervision_wd: int = Field(ge=1)
    """Working days a unit has after a supervision act before the matter goes to the joint meeting."""
    channel_clocks: dict[Channel, tuple[str, ...]]
    source_clocks: dict[str, tuple[str, ...]] = {}
    """Clocks of what a unit in this role hands over, whatever the channel."""
    inspection_clocks: tuple[str, ...] = ()
    """Clocks of a complaint to the labour inspection (劳动保障监察投诉)."""
    ruling_clocks: dict[str, str] = {}
    """The clock in which each kind of ruling (文书种类) that is not in force may be taken to court."""
    routing: RoutingRules
    premium_categories: tuple[str, ...]
    """Categories whose amounts are premium: what may count as 认定应补 and 实缴."""
    execution_categories: tuple[str, ...]
    """Categories that leave something to execute after the decision."""
    refund_categories: tuple[str, ...] = ()
    """Categories that ask for money back (退费)."""
    receiving: ReceivingRules | None = None
    """Without it only the hubs receive."""
    hubs: tuple[HubRule, ...] = ()
    """Hubs by place; without one of its own a place has the county's."""
    transfer: TransferRules | None = None
    """Without it what another area must handle is refused (N4)."""
    words: dict[str, str] = {}
    """The software's word -> what the county says instead, wherever something is told."""
    reviews: tuple[ReviewRule, ...] = ()
    """Lists that are gone through regularly and block nothing."""
    refusals: dict[str, RefusalRule]
    documents: dict[str, DocumentRule]
    extension: ExtensionRules
    callback: CallbackRules
    cards: CardRules
    agreement: WordingRules
    agreement_review_required: bool = False
    """Whether an agreement may be signed only after its draft was reviewed."""
    guidance: WordingRules
    notices: NoticeRules = NoticeRules()
    remedies: Remedies
    masks: dict[str, MaskRule]
    identities: dict[Identity, IdentityRule]
    retention: Retention
    statistics: StatisticsRules
    rights: Rights
    access: AccessRules
    materials: MaterialRules

    @property
    def spoken(self) -> dict[str, str]:
        """The county's words, with the names that stay as they are."""
        if not self.words:
            return {}
        steps = (s.name for t in self.tiers for s in t.route if s.name)
        own = (p for t in self.tiers for p in (t.name, t.path))
        papers = (rule.name for rule in self.documents.values() if rule.name)
        units = (*self.units.roles.values(), *self.units.others, self.county.name)
        return spoken(self.words, (*units, *steps, *own, *papers))

    def say(self, text: str) -> str:
        """What is told, in the county's words."""
        return say(self.spoken, text)

    def basis_of(self, basis: str) -> str:
        """Where an action comes from: the articles of law, and those of the plan only where the county has that plan."""
        if self.county.plan:
            return self.say(basis)
        law = [part for part in basis.split("；") if not part.startswith("县方案")]
        return self.say("；".join(law)) or "县级政策"

    def stored(self) -> str:
        """The policy as JSON, as the ledger keeps it."""
        return self.model_dump_json(by_alias=True)

    def under(self, in_force: "Policy") -> "Policy":
        """This policy with the rights of the one in force: who may see, act and hand in is judged by today's rules, whatever
        policy a matter began under."""
        todays = ("rights", "access", "materials")
        return self.model_copy(update={name: getattr(in_force, name) for name in todays})

    def unit(self, name_or_role: str) -> UnitName:
        """The unit by role or name. Raises UnknownUnit, in Chinese, with the nearest names."""
        return self.units.unit(name_or_role)

    def role_of(self, name: UnitName) -> str | None:
        """The first role the unit holds, or ``None``."""
        return self.units.role_of(name)

    def among(self, name: UnitName, words: Iterable[str]) -> bool:
        """Whether the unit is among these roles, unit names, name patterns or ``towns``."""
        return among(name, words, self.units, self.county.towns)

    def is_center(self, name: UnitName) -> bool:
        """Whether it is the county's hub, the hub of a place, or one of the township centres."""
        return self.units.is_center(name) or any(h.hub == name for h in self.hubs)

    def receives(self, name: UnitName) -> bool:
        """Whether a unit that is no hub may receive a matter."""
        return self.receiving is not None and self.among(name, self.receiving.units)

    def hub_of(self, intake: Intake) -> UnitName:
        """The hub of the place a matter comes from: of the respondents' towns, then of the applicant's address."""
        places = [*(r.town for r in intake.respondents), intake.applicant.address]
        for place in filter(None, places):
            for rule in self.hubs:
                if any(town in place for town in rule.towns):
                    return rule.hub
        return self.units.roles["center"]

    def names_unit(self, name: str, unit: UnitName) -> bool:
        """Whether somebody who writes this name means this unit."""
        return self.units.names(name, unit, self.county.name)

    def tier(self, name: Level) -> Tier:
        """The tier by name. Raises ValueError, in Chinese, naming the tiers there are."""
        for tier in self.tiers:
            if tier.name == name:
                return tier
        raise ValueError(f"没有“{name}”这一等级，本县等级为：{'、'.join(t.name for t in self.tiers)}")

    def tier_by_path(self, path: str) -> Tier | None:
        """The tier whose handling is called so, if any."""
        return next((t for t in self.tiers if t.path == path), None)

    def step(self, step: Step, path: str | None = None) -> tuple[Tier, RouteStep] | None:
        """This step as the tier so called has it, else as the lowest tier that has it."""
        tiers = sorted(self.tiers, key=lambda t: t.path != path)
        return next(((t, s) for t in tiers if (s := t.step(step))), None)

    def paper(self, name: str) -> str:
        """What the county calls a paper."""
        return self.documents[name].name or name

    def paper_rule(self, called: str) -> tuple[str, DocumentRule]:
        """The software's name of a paper and its rule, by what the county calls it. Raises LookupError."""
        for name, rule in self.documents.items():
            if called == (rule.name or name):
                return name, rule
        raise LookupError(f"县政策中没有文书“{called}”")

    def papers_on(self, kind: str, level: Level | None) -> list[str]:
        """The papers of the county's own that an action brings about in a matter of this level."""
        return [
            name
            for name, rule in self.documents.items()
            if kind in rule.on and (not rule.tiers or level in rule.tiers)
        ]

    def clocks_of(self, channel: Channel, handed_over_by: UnitName | None) -> list[str]:
        """The clocks that come with a channel and with the unit that handed the matter over."""
        roles = self.units.roles_of(handed_over_by) if handed_over_by else frozenset[str]()
        by_source = [c for role, clocks in self.source_clocks.items() if role in roles for c in clocks]
        return list(dict.fromkeys([*self.channel_clocks.get(channel, ()), *by_source]))

    def legal_rules(self) -> set[str]:
        """Every clock that some channel, source or kind of matter brings."""
        brought = (*self.channel_clocks.values(), *self.source_clocks.values(), self.inspection_clocks)
        return {rule for rules in brought for rule in rules}

    def clock(self, clock_id: str) -> ClockRule:
        """The clock's rule. Raises ValueError, in Chinese, when the policy has none."""
        if clock_id not in self.clocks:
            raise ValueError(f"县政策未定义时限“{clock_id}”，请在 clocks 中补充")
        return self.clocks[clock_id]

    def ladder(self, ladder_id: str | None) -> Ladder | None:
        """The ladder; ``None`` for a clock without one. Raises ValueError for an unknown one."""
        if ladder_id is None:
            return None
        if ladder_id not in self.ladders:
            raise ValueError(f"县政策未定义预警阶梯“{ladder_id}”，请在 ladders 中补充")
        return self.ladders[ladder_id]


def content_version(stored: str) -> str:
    """What a policy is known by: the hash of its stored JSON, in whatever order its parts stand, without ``version``.

    Of the text and not of the model: one stored by an older software has the version that it had.
    """
    content = {name: part for name, part in json.loads(stored).items() if name != "version"}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
