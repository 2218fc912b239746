"""Who may do what to a matter and how much of it is seen, by post: the policy's table over what the unit is to the matter.

What a unit may do is said by :mod:`domain.decide.may`; a post's role narrows it. Page, API, command line and export ask here.
"""

from datetime import datetime
from typing import NamedTuple

from domain.access import Post, Role
from domain.actions import VERBS, Act
from domain.colleagues import People, nobody
from domain.decide import materials as files
from domain.decide import parts
from domain.decide.common import dispatched
from domain.decide.parts import Part
from domain.decide.viewing import may_look
from domain.declined import Declined
from domain.dispute import Dispute
from domain.draft import Draft
from domain.events import Identity
from domain.materials import KeptFile
from domain.offers import Field, Offer
from domain.offers import form_of as form_of_unit
from domain.offers import offers as offers_of_unit
from domain.offers import why_not as why_not_of_unit
from domain.paper import Document
from domain.paper_waiting import issued_by
from domain.persons import By, Officer
from domain.policy import Policy
from domain.policy_rights import Relation, Sight
from domain.words import UnitName

__all__ = [
    "Relation", "Sight", "View", "acts_as", "by_of", "check_access", "materials", "offers_to", "relation", "sight", "view",
    "why_not", "why_not_hand_in",
]  # fmt: skip

UNKNOWN = "没有这件案件，请核对案号"
"""Also the answer to whoever may not know that there is one."""

RELATIONS: dict[Relation, tuple[Part, ...]] = {
    Relation.HANDLES: (parts.CENTER, *parts.HANDLES),
    Relation.TAKES_PART: (parts.ASSIGNED, parts.CALLED, parts.ASKED, parts.PAPERS, parts.HOME),
    Relation.SUPERVISES: (parts.OFFICE, parts.SUPERVISES, parts.DECIDES_CARDS),
    Relation.TOLD: (parts.TOLD, parts.RECEIVED, parts.HAD),
}
"""The parts in a matter that make each relation, the strongest first."""


def relation(d: Dispute, unit: UnitName, policy: Policy) -> Relation:
    """The strongest relation of a unit to a matter. A unit that the matter is about has none."""
    if not d.version or not policy.units.knows(unit):
        return Relation.NONE
    draft = draft_of(d, unit, policy)
    if parts.stands_aside(draft):
        return Relation.NONE
    return next((r for r, made_by in RELATIONS.items() if parts.has_any(draft, made_by)), Relation.NONE)


def draft_of(d: Dispute, unit: UnitName, policy: Policy) -> Draft:
    """A matter as a unit stands to it, nothing drafted."""
    return Draft(d, policy, now=d.facts.received_at, unit=unit, officer="", action_id="relation")


def roles_of(post: Post, policy: Policy) -> list[Role]:
    """The roles whose work a post does, its own first: more than one only in a unit of 兼岗."""
    if post.role not in policy.rights.roles:
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
    return next((r for r in roles_of(post, policy) if kind in policy.rights.verbs(r)), None)


def sight(d: Dispute, post: Post, policy: Policy) -> Sight:
    """How much of a matter a post sees."""
    held = relation(d, post.unit, policy)
    seen = (policy.rights.roles[r].sight(held) for r in roles_of(post, policy))
    return max(seen, default=Sight.NOTHING)


def took_in(d: Dispute, post: Post, policy: Policy) -> bool:
    """Whether a post's unit registered a matter that it may know of: what was told when it was, was told there."""
    return policy.units.same(post.unit, d.facts.received_by) and sight(d, post, policy) > Sight.NOTHING


def gives_receipt(d: Dispute, post: Post, policy: Policy) -> bool:
    """Whether a post prints 回执 again: where it was registered, where parties are told to ask for it, and who handles it."""
    return sight(d, post, policy) is Sight.WHOLE or took_in(d, post, policy)


def identity_of(d: Dispute, post: Post, policy: Policy) -> Identity:
    """Whose identity a post that looks at the people of a matter is shown: where the applicant's is kept apart, the reporter's
    to whom the policy lets learn it."""
    apart = d.facts.applicant.withheld and may_look(draft_of(d, post.unit, policy), "reporter")
    return "reporter" if apart else "parties"


class View(NamedTuple):
    """How a post sees a matter. ``hears_all``: what the other units think, too; ``papers``: its unit's 文书 are its work."""

    unit: UnitName
    sight: Sight
    hears_all: bool
    papers: bool = False

    def hears(self, unit: UnitName) -> bool:
        """Whether this unit's opinion is shown."""
        return self.sight is Sight.WHOLE and (self.hears_all or unit == self.unit)

    def reads(self, d: Dispute, policy: Policy, paper: Document) -> bool:
        """Whether what a paper says is shown: all of them with the whole matter, else those that its own unit issues."""
        own = self.papers and self.sight >= Sight.MASKED and issued_by(policy, d, paper, self.unit)
        return self.sight is Sight.WHOLE or own


def view(d: Dispute, post: Post, policy: Policy) -> View:
    """How much of a matter a post sees. Each unit thinks for itself: until nobody owes an opinion any more, the hub, the
    lead and whoever brings the units together alone see them all."""
    seen = sight(d, post, policy)
    draft = draft_of(d, post.unit, policy)
    gathers = (parts.CENTER, parts.LEAD, parts.ORGANISER, parts.OFFICE)
    hears_all = seen is Sight.WHOLE and (not dispatched(draft, "协办") or parts.has_any(draft, gathers))
    papers = any(acts_as(post, verb, policy) for verb in ("issue_paper", "review_paper"))
    return View(post.unit, seen, hears_all, papers)


def by_of(post: Post, kind: str, policy: Policy) -> By:
    """The account behind an act in this post, with whom a deputy stands in for."""
    role = acts_as(post, kind, policy)
    merged = role if role is not post.role else None
    return By(person=post.person, post=post.id, deputy_for=post.lent_by, merged=merged)


def check_access(post: Post, act: Act) -> None:
    """Refuse an act that is not this post's: unit and account come from who signed in, never from what was typed.

    Raises Declined.
    """
    by = act.by
    if by is None or (by.person, by.post) != (post.person, post.id) or by.deputy_for != post.lent_by:
        raise Declined("not_signed_in", "操作须由登录的账号办理，请重新登录后再办", "by")
    if act.unit != post.unit:
        raise Declined("wrong_unit", f"您的岗位在{post.unit}，不能以{act.unit}的名义办理", "unit")


def why_not(
    d: Dispute,
    post: Post,
    policy: Policy,
    now: datetime,
    kind: str,
    task: str | None = None,
    paper: int | None = None,
) -> str | None:
    """Why a post may not do this now (with this one paper), in Chinese; ``None`` when it may."""
    seen = sight(d, post, policy)
    if seen is Sight.NOTHING:
        return UNKNOWN
    if seen < Sight.MASKED:
        return f"{post.unit}对本案只能查看办理阶段，不能办理"
    return _not_the_roles(post, policy, kind) or why_not_of_unit(
        d, post.unit, policy, now, kind, task, _officer(post), paper
    )


def _not_the_roles(post: Post, policy: Policy, kind: str) -> str | None:
    if acts_as(post, kind, policy):
        return None
    whose = "、".join(role.word for role in policy.rights.roles if kind in policy.rights.verbs(role))
    return f"{post.role.word}不能“{VERBS[kind]}”，应由{whose}办理"


def materials(d: Dispute, post: Post, policy: Policy) -> list[KeptFile]:
    """The files of a matter that a post is shown, oldest first: list, bytes, forms and pages ask here."""
    seen = sight(d, post, policy)
    if seen < Sight.MASKED:
        return []
    return files.shown_to(draft_of(d, post.unit, policy), whole=seen is Sight.WHOLE)


def why_not_hand_in(d: Dispute, post: Post, policy: Policy) -> str | None:
    """Why a post may not hand in a file now, in Chinese; ``None`` when it may. It is for whoever may 接收材料."""
    seen = sight(d, post, policy)
    if seen is Sight.NOTHING:
        return UNKNOWN
    if seen < Sight.MASKED:
        return f"{post.unit}对本案只能查看办理阶段，不能收存材料"
    if refusal := _not_the_roles(post, policy, "receive_material"):
        return refusal
    try:
        files.may_hand_in(draft_of(d, post.unit, policy))
    except Declined as declined:
        return policy.say(str(declined))
    return None


def offers_to(d: Dispute, post: Post, policy: Policy, now: datetime) -> list[Offer]:
    """The verbs a post has at this moment: those of its unit that its role may do."""
    if sight(d, post, policy) < Sight.MASKED:
        return []
    found = offers_of_unit(d, post.unit, policy, now, _officer(post))
    return [o for o in found if acts_as(post, o.kind, policy)]


def form_of(
    d: Dispute,
    post: Post,
    policy: Policy,
    now: datetime,
    kind: str,
    task: str | None = None,
    people: People = nobody,
    paper: int | None = None,
) -> list[Field]:
    """The form of a verb as a post is asked for it now. ``people``: who serves in a unit; ``paper``: the one it is about."""
    return form_of_unit(d, post.unit, policy, now, kind, task, _officer(post), people, paper)


def _officer(post: Post) -> Officer:
    return Officer(post.holder, By(person=post.person, post=post.id, deputy_for=post.lent_by))
