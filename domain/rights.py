"""Who may do what to a matter and how much of it is seen, by post: the policy's table over what the unit is to the matter.

What a unit may do is said by :mod:`domain.decide.parts`; a post's role narrows it. Page, API, command line and export ask here.
"""

from datetime import datetime

from domain.access import Post, Role
from domain.actions import VERBS
from domain.decide import parts
from domain.decide.parts import Part
from domain.dispute import Dispute
from domain.draft import Draft
from domain.offers import Offer
from domain.offers import offers as offers_of_unit
from domain.offers import why_not as why_not_of_unit
from domain.policy import Policy
from domain.policy_rights import Relation, Sight
from domain.words import UnitName

__all__ = ["Relation", "Sight", "acts_as", "offers_to", "relation", "sight", "why_not"]

UNKNOWN = "没有这件案件，请核对案号"
"""Also the answer to whoever may not know that there is one."""

RELATIONS: dict[Relation, tuple[Part, ...]] = {
    Relation.HANDLES: (parts.CENTER, parts.LEAD, parts.ITEM_LEAD, parts.CO, parts.NOTIFIER, parts.DESK),
    Relation.TAKES_PART: (parts.ASSIGNED, parts.CALLED, parts.ASKED, parts.HOME),
    Relation.SUPERVISES: (parts.OFFICE, parts.SUPERVISES, parts.DECIDES_CARDS),
    Relation.TOLD: (parts.TOLD, parts.RECEIVED, parts.HAD),
}
"""The parts in a matter that make each relation, the strongest first."""


def relation(d: Dispute, unit: UnitName, policy: Policy) -> Relation:
    """The strongest relation of a unit to a matter. A unit that the matter is about has none."""
    if not d.version or not policy.units.knows(unit):
        return Relation.NONE
    draft = Draft(d, policy, now=d.facts.received_at, unit=unit, officer="", action_id="relation")
    if parts.stands_aside(draft):
        return Relation.NONE
    return next((r for r, made_by in RELATIONS.items() if parts.has_any(draft, made_by)), Relation.NONE)


def roles_of(post: Post, policy: Policy) -> list[Role]:
    """The roles whose work a post does, its own first: more than one only in a unit of 兼岗."""
    if policy.rights is None or post.role not in policy.rights.roles:
        return []
    merged = (
        role
        for rule in policy.rights.merged_posts
        if post.role in rule.roles and policy.among(post.unit, rule.units)
        for role in rule.roles
    )
    return list(dict.fromkeys([post.role, *merged]))


def acts_as(post: Post, kind: str, policy: Policy) -> Role | None:
    """The role in which a post does a verb, its own before one that it has by 兼岗; ``None`` when it may not."""
    return next((r for r in roles_of(post, policy) if policy.rights and kind in policy.rights.verbs(r)), None)


def sight(d: Dispute, post: Post, policy: Policy) -> Sight:
    """How much of a matter a post sees."""
    held = relation(d, post.unit, policy)
    seen = (policy.rights.roles[r].sight(held) for r in roles_of(post, policy) if policy.rights)
    return max(seen, default=Sight.NOTHING)


def why_not(
    d: Dispute, post: Post, policy: Policy, now: datetime, kind: str, task: str | None = None
) -> str | None:
    """Why a post may not do this now, in Chinese; ``None`` when it may."""
    seen = sight(d, post, policy)
    if seen is Sight.NOTHING:
        return UNKNOWN
    if seen < Sight.MASKED:
        return f"{post.unit}对本案只能查看办理阶段，不能办理"
    return _not_the_roles(post, policy, kind) or why_not_of_unit(d, post.unit, policy, now, kind, task)


def _not_the_roles(post: Post, policy: Policy, kind: str) -> str | None:
    if acts_as(post, kind, policy) or policy.rights is None:
        return None
    whose = "、".join(role.word for role in policy.rights.roles if kind in policy.rights.verbs(role))
    return f"{post.role.word}不能“{VERBS[kind]}”，应由{whose}办理"


def offers_to(d: Dispute, post: Post, policy: Policy, now: datetime) -> list[Offer]:
    """The verbs a post has at this moment: those of its unit that its role may do."""
    if sight(d, post, policy) < Sight.MASKED:
        return []
    return [o for o in offers_of_unit(d, post.unit, policy, now) if acts_as(post, o.kind, policy)]
