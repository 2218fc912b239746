"""救济途径 as data: by the kind of act, the issuer and the law, which ways are open, to whom, within what time."""

from typing import Annotated, Literal

from pydantic import Field

from domain.clocks import Tag
from domain.words import Channel, Conclusion, LawfulWay, Model

ActKind = Literal["order", "demand", "decision", "not_acting", "opinion", "notice", "refusal", "ending"]
"""责令限期缴纳, 催告, 处理决定, 未履行法定职责, 不作行政行为的单位的意见, 结果告知, 不予受理告知, 终止告知."""

PERIODS = {"d": "日", "m": "个月", "y": "年"}


class Way(Model):
    """One way of redress. ``to``: the body; without it the one that ``bodies`` names for the issuer.

    ``since``: from when the period counts. ``when``: under which condition it is open, if not at once.
    """

    name: str = Field(min_length=1)
    within: int = Field(ge=1)
    unit: Literal["d", "m", "y"]
    since: str = Field(min_length=1)
    when: str | None = None
    to: str | None = None
    basis: str = Field(min_length=1)
    tag: Tag

    @property
    def period(self) -> str:
        """The period as a paper says it."""
        return f"{self.within}{PERIODS[self.unit]}"


class ReviewBody(Model):
    """Who reviews the acts of these issuers (as in a power). ``to``: a role, or the body's name."""

    issuers: tuple[str, ...] = Field(min_length=1)
    to: str = Field(min_length=1)
    basis: str = Field(min_length=1)
    tag: Tag


class RemedyRule(Model):
    """What is open against one kind of act.

    ``papers``: in which papers it is told, under which ``conclusions`` (any, when none is named). ``first``: the way that
    must be gone before any other (复议前置). ``said``: what is told where no way is open. ``petition``: what is open
    besides, where the matter came as a petition.
    """

    name: str = Field(min_length=1)
    papers: tuple[str, ...] = ()
    conclusions: tuple[Conclusion, ...] = ()
    ways: tuple[str, ...] = ()
    first: str | None = None
    said: str | None = None
    petition: tuple[str, ...] = ()
    basis: str = Field(min_length=1)
    tag: Tag


class GuidanceRule(Model):
    """What a guidance paper says of one way: 机构, 时效, 材料. ``{review}`` in ``body``: who reviews the lead's acts."""

    body: str = Field(min_length=1)
    limit: str = Field(min_length=1)
    materials: Annotated[tuple[str, ...], Field(min_length=1)]
    basis: str = Field(min_length=1)
    tag: Tag


class Remedies(Model):
    """救济途径. Of ``bodies`` the last that fits the issuer decides; an issuer that none fits does no administrative act."""

    ways: dict[str, Way]
    bodies: dict[str, ReviewBody]
    acts: dict[ActKind, RemedyRule]
    petition_channels: tuple[Channel, ...]
    guidance: dict[LawfulWay, GuidanceRule]
