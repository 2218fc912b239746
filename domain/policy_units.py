"""Who is who in a county: its name and numbers, its units by role, and how any unit is recognised by name."""

from collections.abc import Iterable
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import takewhile
from typing import Literal

from pydantic import Field

from domain.clocks import Tag
from domain.words import Model, UnitName

ROLE_WORDS = {
    "center": "枢纽单位（综治中心等）", "tax": "税务", "hrss": "人社", "medical": "医保", "justice": "司法",
    "petition": "信访", "court": "法院", "police": "公安", "joint_office": "联席会议办公室", "politics_law": "政法委",
    "county_gov": "县政府", "city": "上级部门", "mediation": "调解组织", "applicant": "申请人",
    "respondent": "被反映单位", "system": "系统", "grid": "网格员",
}  # fmt: skip
"""The roles the national layer speaks of, as people call them. A county need not fill all, and may add its own."""

TOWNS = "towns"
"""Stands, among units, for every unit whose name begins with one of the county's towns, but those of a group (网格员)."""


class UnknownUnit(ValueError):
    """A unit that the county's policy does not know; the message names the nearest ones."""


def _begin_alike(one: str, other: str) -> int:
    """In how many characters two words begin the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


MECHANISM = "社会保险费征缴争议联合处置"
"""What all of this is for, as the plan names it."""


class County(Model):
    """The county itself. ``case_prefix`` and ``lead_prefix`` open the numbers, as 偏社争〔2026〕0001号.

    ``plan``: the number of its own plan, where that is the one whose articles the actions name (县方案).
    ``mechanism``: what its plan calls the mechanism, under which every page and paper goes out.
    """

    name: str = Field(min_length=1)
    case_prefix: str = Field(min_length=1)
    lead_prefix: str = Field(min_length=1)
    towns: tuple[str, ...] = ()
    plan: str | None = None
    mechanism: str = Field(default=MECHANISM, min_length=1, max_length=40)

    @property
    def titled(self) -> str:
        """The mechanism of this county: what stands over whatever leaves it."""
        return self.name + self.mechanism

    @property
    def lead_mark(self) -> str:
        """What tells the number of a lead from a dispute's where it is written short: 线, of 偏社线 beside 偏社争."""
        one, other = self.lead_prefix, self.case_prefix
        same = _begin_alike(one, other)
        tail = _begin_alike(one[same:][::-1], other[same:][::-1])
        return one[same : len(one) - tail]


class RosterPost(Model):
    """A post in the mechanism and who holds it: by the post that this person has in the county, or 待定. Never a name."""

    post: str = Field(min_length=1)
    holder: str = Field(min_length=1)


class RosterEntry(Model):
    """One unit of “1+7+N”: its posts, and its duties in the words of the county's plan.

    ``unit``: a role, a unit's name, or a name pattern with ``*`` for the many units at the base.
    """

    part: Literal["1", "7", "N", "联席会议"]
    unit: str
    posts: tuple[RosterPost, ...] = Field(min_length=1)
    duties: tuple[str, ...] = Field(min_length=1)
    basis: str = Field(min_length=1)
    tag: Tag


CONVENER = "总召集人"
NOT_MEMBERS = ("applicant", "respondent", "system", "city")
"""Roles that are no units of the county's mechanism."""


class UnitContact(Model):
    """How anybody reaches a unit. ``hours``: when, in words."""

    phone: str = Field(min_length=1, max_length=60)
    address: str = Field(min_length=1, max_length=100)
    hours: str | None = Field(default=None, min_length=1, max_length=60)


class Units(Model):
    """The county's units.

    ``roles``: role -> unit. ``others``: further units by name. ``patterns``: how the many units at the base
    are named (``*`` stands for anything). ``center_patterns``: which names are township centres with the
    hub's own duties. ``groups``: role -> names of the many units that the role's one name stands for.
    ``also_called``: role -> further names of its unit, full ones above all, under which people complain of it.
    ``contacts``: role or unit -> how a party reaches it, told to whoever looks a matter up.
    """

    roles: dict[str, UnitName]
    others: tuple[UnitName, ...] = ()
    patterns: tuple[str, ...] = ()
    center_patterns: tuple[str, ...] = ()
    groups: dict[str, tuple[str, ...]] = {}
    also_called: dict[str, tuple[str, ...]] = {}
    contacts: dict[str, UnitContact] = {}

    def unit(self, name_or_role: str) -> UnitName:
        """The unit by its role or its name. Raises UnknownUnit, in Chinese, with the nearest names."""
        word = name_or_role.strip()
        if word in self.roles:
            return self.roles[word]
        if self.knows(word):
            return word
        known = [*self.roles.values(), *self.others]
        near = get_close_matches(word, known, n=3, cutoff=0.4)
        hint = f"，是否为：{'、'.join(near)}" if near else "，请核对单位全称"
        raise UnknownUnit(f"没有名为“{word}”的单位{hint}")

    def knows(self, name: str) -> bool:
        """Whether this is the name of a unit of the county.

        One that merely fits a pattern is not, when it is a unit of a role but for one character: 县税物局 would get the
        matter, and 县税务局 never hear of it. A unit that is really called so belongs into ``others``.
        """
        if name in self.roles.values() or name in self.others:
            return True
        of_groups = tuple(p for patterns in self.groups.values() for p in patterns)
        if _fits(name, of_groups):
            return True
        fits = _fits(name, (*self.patterns, *self.center_patterns))
        return fits and not any(_is_a_slip(name, unit) for unit in self.roles.values())

    def lists(self, name: str, towns: Iterable[str]) -> bool:
        """Whether the policy names the unit, or its place: one that only fits a pattern may well be misspelled."""
        groups = [p for patterns in self.groups.values() for p in patterns]
        named = name in self.roles.values() or name in self.others or _fits(name, tuple(groups))
        return named or any(name.startswith(town) for town in towns)

    def names(self, written: str, unit: UnitName, county: str) -> bool:
        """Whether a name written by somebody is this unit's: its own, one it also goes by, with the county's name or not."""
        names = {unit}
        for role in (role for role, held in self.roles.items() if held == unit):
            names.update(self.also_called.get(role, ()))
        bare = written.strip().removeprefix(county)
        return not names.isdisjoint({written.strip(), bare, county[-1:] + bare})

    def contact(self, name: UnitName) -> UnitContact | None:
        """How a unit is reached, where the county says it: of the unit itself, else of a role that it holds."""
        held = (role for role in self.contacts if self.roles.get(role) == name)
        return self.contacts.get(name) or next((self.contacts[role] for role in held), None)

    @property
    def members(self) -> list[UnitName]:
        """The units of the mechanism, those with a role in it first."""
        named = (unit for role, unit in self.roles.items() if role not in NOT_MEMBERS)
        return list(dict.fromkeys([*named, *self.others]))

    def role_of(self, name: UnitName) -> str | None:
        """The first role the unit holds, or ``None``."""
        return next((role for role, unit in self.roles.items() if unit == name), None)

    def roles_of(self, name: UnitName) -> frozenset[str]:
        """Every role the unit holds or is one of; none for a unit at the base."""
        held = {role for role, unit in self.roles.items() if unit == name}
        return frozenset(held | {role for role, patterns in self.groups.items() if _fits(name, patterns)})

    def same(self, one: UnitName, other: UnitName) -> bool:
        """Whether they are the same unit, or one is the common name of a group and the other a member of it."""
        if one == other:
            return True
        return any(
            role in self.roles
            and (
                (one == self.roles[role] and _fits(other, p)) or (other == self.roles[role] and _fits(one, p))
            )
            for role, p in self.groups.items()
        )

    def common_names(self, name: UnitName) -> list[UnitName]:
        """The common names of the groups that a unit is one of, its own apart."""
        held = (self.roles.get(role) for role, patterns in self.groups.items() if _fits(name, patterns))
        return [common for common in held if common and common != name]

    def is_common(self, name: UnitName) -> bool:
        """Whether it is the one name that a group of units goes by."""
        return any(self.roles.get(role) == name for role in self.groups)

    def is_center(self, name: UnitName) -> bool:
        """Whether it is the county's hub (综治中心) or one of its township centres."""
        return name == self.roles.get("center") or _fits(name, self.center_patterns)


def _is_a_slip(name: str, unit: UnitName) -> bool:
    return len(name) == len(unit) and sum(a != b for a, b in zip(name, unit, strict=True)) == 1


@lru_cache(maxsize=10_000)
def _fits(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, p) for p in patterns)


def among(name: UnitName, words: Iterable[str], units: Units, towns: Iterable[str]) -> bool:
    """Whether a unit is among these: roles, unit names, name patterns, or ``towns``. An unfilled role is nobody."""
    held = units.roles_of(name)
    of_town = any(name.startswith(town) for town in towns) and not units.common_names(name)
    return any(word in held or (word == TOWNS and of_town) or fnmatchcase(name, word) for word in words)
