"""What a post is, and how signing in is kept; who may be given which post is said by :mod:`domain.posts`.

Three powers are parted (三权分立, GB/T 22239-2019 8.1.4.2 d): who looks after accounts reads no dispute and no audit, who audits
changes nothing, and whoever handles disputes does neither.
"""

from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, NamedTuple

from pydantic import Field

from domain.clocks import Tag
from domain.words import Model


class Role(StrEnum):
    """What a post is for."""

    OPERATOR = "operator"
    OFFICER = "officer"
    HEAD = "head"
    MEDIATOR = "mediator"
    GRID = "grid"
    OFFICE = "office"
    SUPERVISOR = "supervisor"
    GOVERNMENT = "government"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"

    @property
    def word(self) -> str:
        """As the county says it."""
        return TITLES[self]

    @property
    def handles_disputes(self) -> bool:
        """Whether it is one of the roles that see matters."""
        return self not in (Role.ADMINISTRATOR, Role.AUDITOR)


TITLES = MappingProxyType(
    {
        Role.OPERATOR: "综治中心经办人",
        Role.OFFICER: "部门经办人",
        Role.HEAD: "单位负责人",
        Role.MEDIATOR: "调解员",
        Role.GRID: "网格员",
        Role.OFFICE: "联席会议办公室人员",
        Role.SUPERVISOR: "政法委督办人员",
        Role.GOVERNMENT: "县政府办理人员",
        Role.ADMINISTRATOR: "账号管理员",
        Role.AUDITOR: "审计员",
    }
)


class AccountState(StrEnum):
    """Whether somebody can sign in to an account: not yet, by now, no more."""

    INVITED = "待开通"
    ACTIVE = "正常"
    SUSPENDED = "停用"


class PasswordRules(Model):
    """口令规则. ``days``: natural days after which a new one is asked for; ``None`` never. ``kinds``: of capital and small
    letters, digits, other signs. ``kept``: earlier ones that may not come back."""

    shortest: Annotated[int, Field(ge=8, le=128)]
    kinds: Annotated[int, Field(ge=1, le=4)]
    days: Annotated[int, Field(ge=1)] | None
    kept: Annotated[int, Field(ge=0, le=24)]


class LockRules(Model):
    """After ``free`` failures each further try waits, twice as long each time up to ``longest_s``; after ``most`` nobody
    signs in to the account for ``locked_min``. ``accounts``: different ones failed from one address before that waits."""

    free: Annotated[int, Field(ge=1)]
    most: Annotated[int, Field(ge=3)]
    longest_s: Annotated[int, Field(ge=1)]
    locked_min: Annotated[int, Field(ge=1)]
    accounts: Annotated[int, Field(ge=3)]


class SessionRules(Model):
    """``idle_min``: minutes without an act of the person's. ``longest_h``: hours, whatever is done. ``at_once``: of one
    person."""

    idle_min: Annotated[int, Field(ge=1)]
    longest_h: Annotated[int, Field(ge=1)]
    at_once: Annotated[int, Field(ge=1)]


class AccessRules(Model):
    """登录规则, the county's to tighten. ``slip_h``: hours an activation slip is good for."""

    passwords: PasswordRules
    locks: LockRules
    sessions: SessionRules
    slip_h: Annotated[int, Field(ge=1, le=72)]
    basis: str = Field(min_length=1)
    tag: Tag


class Post(NamedTuple):
    """One person's post: rights come from one post at a time, never from several together."""

    id: str
    person: str
    unit: str
    role: Role
    starts: date
    ends: date | None
    deputy_for: str | None = None
    """The post that is stood in for (AB岗)."""
    ended_at: datetime | None = None
    holder: str = ""
    """The person's name, as a matter may know him by it alone."""
    lent_by: str | None = None
    """The person who is stood in for."""

    def stands(self, day: date) -> bool:
        """Whether it is in force on a day (both ends included)."""
        return self.ended_at is None and self.starts <= day and (self.ends is None or day <= self.ends)

    def is_over(self, day: date) -> bool:
        """Whether it is in force on no day from this one on."""
        return self.ended_at is not None or (self.ends is not None and self.ends < day)

    def meets(self, other: "Post") -> bool:
        """Whether both are in force on some day."""
        ends = min(self.ends or date.max, other.ends or date.max)
        return self.ended_at is None and other.ended_at is None and max(self.starts, other.starts) <= ends


class NotGranted(Exception):
    """A post that may not be given; the message says why and what to do. ``field``: of the grant, where it is one's."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
