"""Who may do and see what, as data: the verbs of each role, what it sees by its unit's relation to a matter."""

from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from domain.access import Role
from domain.clocks import Tag
from domain.words import Model


class Relation(StrEnum):
    """What a unit has to do with a matter, the strongest first."""

    HANDLES = "handles"
    TAKES_PART = "takes_part"
    SUPERVISES = "supervises"
    TOLD = "told"
    NONE = "none"

    @property
    def word(self) -> str:
        """As the county says it."""
        return _RELATIONS[self]


_RELATIONS = MappingProxyType(
    {
        Relation.HANDLES: "经办",
        Relation.TAKES_PART: "参加",
        Relation.SUPERVISES: "督办",
        Relation.TOLD: "知会",
        Relation.NONE: "无关",
    }
)


class Sight(IntEnum):
    """How much of a matter is shown: nothing, not even that there is one; how far it is; without identities; all of it.

    Identities are never in it: they are behind a look of its own.
    """

    NOTHING = 0
    STAGE = 1
    MASKED = 2
    WHOLE = 3

    @property
    def word(self) -> str:
        """As the county says it."""
        return ("不可见", "仅阶段", "脱敏", "全部")[self]


Seen = Literal["nothing", "stage", "masked", "whole"]


class VerbGroup(Model):
    """Verbs that go together. ``word``: what the county calls them."""

    word: str = Field(min_length=1)
    verbs: tuple[str, ...] = Field(min_length=1)


class RoleRights(Model):
    """What a role may do, by groups of verbs, and what it sees by its unit's relation; what is not named it does not see.

    Nobody acts on what he may not read: below ``masked`` nothing may be done.
    """

    may: tuple[str, ...] = Field(min_length=1)
    sees: dict[Relation, Seen]
    basis: str = Field(min_length=1)
    tag: Tag

    def sight(self, relation: Relation) -> Sight:
        """How much it sees."""
        return Sight[self.sees.get(relation, "nothing").upper()]


class MergedPosts(Model):
    """兼岗: in these ``units`` (as in a power) a post of one of the ``roles`` does the work of all of them.

    For units with too few people to part them. Each act beyond the post's own role says so in the record.
    """

    units: tuple[str, ...] = Field(min_length=1)
    roles: tuple[Role, ...] = Field(min_length=2)
    basis: str = Field(min_length=1)
    tag: Tag


class DestructionRights(Model):
    """销毁: who proposes the files that are due, and carries it out; who approves (two, never whoever proposed).

    Each of these roles in these units (as in a power).
    """

    proposes: tuple[Role, ...] = Field(min_length=1)
    proposes_in: tuple[str, ...] = Field(min_length=1)
    approves: tuple[Role, ...] = Field(min_length=1)
    approves_in: tuple[str, ...] = Field(min_length=1)
    basis: str = Field(min_length=1)
    tag: Tag


class Rights(Model):
    """The table: role × verb × relation × what is seen."""

    groups: dict[str, VerbGroup]
    roles: dict[Role, RoleRights]
    merged_posts: tuple[MergedPosts, ...] = ()
    destruction: DestructionRights

    def verbs(self, role: Role) -> frozenset[str]:
        """The verbs a role may do."""
        rights = self.roles.get(role)
        return (
            frozenset(v for group in rights.may for v in self.groups[group].verbs) if rights else frozenset()
        )
