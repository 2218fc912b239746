"""单位: the units of the policy with who serves in each, and what each lacks."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from domain.access import AccountState, Post, Role
from domain.policy import Policy
from domain.policy_units import ROLE_WORDS, UnitContact
from domain.posts import is_staffed
from domain.words import UnitName
from ledger.accounts import Person


class Serving(NamedTuple):
    """Somebody's post in a unit; ``signs_in``: whether he can act in it today."""

    who: Person
    post: Post
    signs_in: bool


class Unit(NamedTuple):
    """One unit. ``roles``: what it is in the mechanism; ``open``: tasks it still has; ``lacks``: what is missing, in words."""

    name: UnitName
    roles: str
    contact: UnitContact | None
    people: list[Serving]
    open: int
    lacks: list[str]


def served_by(people: Iterable[tuple[Person, list[Post]]]) -> Iterator[UnitName]:
    """The units in which these serve, those at the base among them."""
    return (post.unit for _, posts in people for post in posts if post.role.handles_disputes)


def all_units(policy: Policy, served: Iterable[UnitName]) -> list[UnitName]:
    """The units that the policy names, and those besides in which somebody serves."""
    return list(dict.fromkeys([*policy.units.members, *served]))


def lawful_units(policy: Policy, served: Iterable[UnitName]) -> list[UnitName]:
    """Those of them in which people handle matters: one that the policy knew once is offered no more."""
    return [unit for unit in all_units(policy, served) if is_staffed(unit, policy)]


def staffed(
    policy: Policy, people: Iterable[tuple[Person, list[Post]]], open_tasks: Mapping[str, int], today: date
) -> list[Unit]:
    """Every unit that the policy names, has tasks or somebody serves in; those with a role first, then by what they lack."""
    by_unit: dict[UnitName, list[Serving]] = {unit: [] for unit in (*policy.units.members, *open_tasks)}
    for who, posts in people:
        for post in posts:
            if post.role.handles_disputes:
                signs_in = who.status == AccountState.ACTIVE and post.stands(today)
                by_unit.setdefault(post.unit, []).append(Serving(who, post, signs_in))
    return [_unit(policy, unit, by_unit, open_tasks.get(unit, 0)) for unit in by_unit]


def _no_head(acting: Iterable[Serving]) -> str:
    """Why no head can act in a unit; empty when one can."""
    heads = [one for one in acting if one.post.role is Role.HEAD]
    if any(one.signs_in for one in heads):
        return ""
    waiting = [
        f"{one.who.name}的账号{one.who.status}" for one in heads if one.who.status != AccountState.ACTIVE
    ]
    waiting += [f"{one.who.name}未到任或已离任" for one in heads if one.who.status == AccountState.ACTIVE]
    return f"负责人还不能登录：{'、'.join(waiting)}" if waiting else "没有负责人"


def _unit(policy: Policy, unit: UnitName, by_unit: Mapping[UnitName, list[Serving]], open_now: int) -> Unit:
    """One unit; whoever serves in one of the many that it is the common name of acts for it too."""
    units, serving = policy.units, by_unit[unit]
    acting = [one for other, theirs in by_unit.items() if units.same(unit, other) for one in theirs]
    roles = [ROLE_WORDS.get(role, role) for role, held in units.roles.items() if held == unit]
    needed = bool(roles or serving or open_now)
    lacks: list[str] = []
    if not units.knows(unit):
        lacks.append("政策里没有这个单位")
    if needed and not any(one.signs_in for one in acting):
        lacks.append(f"没有能登录的人，名下有 {open_now} 项未办" if open_now else "没有能登录的人")
    elif needed and (no_head := _no_head(acting)):
        lacks.append(no_head)
    ordered = sorted(serving, key=lambda one: (one.post.role is not Role.HEAD, one.who.login))
    return Unit(unit, "、".join(roles), units.contact(unit), ordered, open_now, lacks)
