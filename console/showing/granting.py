"""What an administrator may give somebody in a unit: its roles, who may propose them, whose post may be lent."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from console.showing.staffing import served_by
from domain.access import AccountState, Post, Role
from domain.policy import Policy
from domain.posts import APPOINTED, OF_THE_OFFICE, check_unit, roles_open_to
from domain.words import UnitName
from ledger.accounts import Person

Held = tuple[Person, list[Post]]


class Grantable(NamedTuple):
    """``heads``, ``lent``: by id, as they are shown. ``unheard_of``: no unit that the policy names, and nobody serves in it."""

    unit: UnitName
    roles: list[Role]
    heads: dict[str, str]
    lent: dict[str, str]
    unheard_of: bool

    @property
    def appoints_only(self) -> bool:
        """Whether nobody can propose anything there yet."""
        return self.unit != OF_THE_OFFICE and not self.heads


def grantable(policy: Policy, people: Iterable[Held], person: str, unit: UnitName, today: date) -> Grantable:
    """What somebody may be given in a unit. Raises NotGranted for no unit in which people serve."""
    check_unit(unit, policy)
    everybody = list(people)
    own = [post for who, posts in everybody for post in posts if who.id == person]
    others = [
        (who, post) for who, posts in everybody for post in posts if post.unit == unit and who.id != person
    ]
    heads = {
        who.id: who.name
        for who, post in others
        if post.role is Role.HEAD and post.stands(today) and who.status is AccountState.ACTIVE
    }
    roles = [
        role
        for role in roles_open_to((post.role for post in own), unit, policy)
        if heads or role in APPOINTED
    ]
    lent = {
        post.id: f"{post.role.word}　{who.name}"
        for who, post in others
        if post.role in roles and post.role.handles_disputes and post.deputy_for is None
    }
    for_ever = {post.role for post in own if post.unit == unit and post.ends is None and not post.deputy_for}
    left = [role for role in roles if role not in for_ever or _is_lent(role, others)]
    known = {*policy.units.members, *served_by(everybody), OF_THE_OFFICE}
    return Grantable(unit, left, heads, lent, unheard_of=unit not in known)


def _is_lent(role: Role, others: Iterable[tuple[Person, Post]]) -> bool:
    """Whether somebody else has such a post, in which he could be stood in for."""
    return any(post.role is role and post.deputy_for is None for _, post in others)
