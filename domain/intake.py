"""What is registered when a matter comes in: who, against whom, what, with which evidence."""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from domain.embedded import ADVICE, has_file_content
from domain.masking import names_somebody
from domain.notices import Way
from domain.words import (
    LONGEST_LIST,
    Channel,
    ClaimType,
    Employment,
    Insurance,
    LabourRelation,
    MatterKind,
    Model,
    Money,
    Regime,
    UnitName,
    storable,
)

MONTH, FINGERPRINT = r"^\d{4}-(0[1-9]|1[0-2])$", r"^[0-9a-f]{64}$"
YearMonth = Annotated[str, Field(pattern=MONTH)]
TriState = bool | Literal["不明"]


APPLICANT, FIRM, MEMBER = "申请人", "被反映单位", "集体成员"
Whose = Literal["申请人", "被反映单位", "集体成员"]
"""As what somebody is in a matter."""


def _number_text(value: object) -> object:
    return str(value) if isinstance(value, int) else value


ClaimNo = Annotated[str, BeforeValidator(_number_text)]


class Period(Model):
    """所属期, whole months, both ends included; either end may be unknown."""

    from_: YearMonth | None = Field(default=None, alias="from")
    to: YearMonth | None = None


class Claim(Model):
    """One sub-item (子项) of a matter. ``amount`` in yuan; ``None`` when not known."""

    no: ClaimNo
    insurance: Insurance | None = None
    regime: Regime | None = None
    type: ClaimType | None = None
    period: Period = Period()
    amount: Money | None = Field(default=None, ge=0)
    detail: str | None = None
    note: str | None = None


MOST_PEOPLE = 100_000
"""Of one matter: more than there are in such a county, so a slip of the keyboard."""
MOST_MONTHS = 1200
"""A hundred years."""


class Member(Model):
    """One line of a group's roll. ``claims`` maps 险种 to yuan; ``told_by`` and ``language`` as the applicant's."""

    line: int = Field(ge=1)
    name: str
    id_number: str | None = None
    phone: str | None = None
    told_by: Way | None = None
    language: str | None = Field(default=None, max_length=20)
    months: int | None = Field(default=None, ge=0, le=MOST_MONTHS)
    claims: dict[Insurance, Annotated[Money, Field(ge=0)]] = {}


MOST_REPRESENTATIVES = 5


class Applicant(Model):
    """申请人. A group names its head-count, at most five representatives (信访工作条例 20) and its roll."""

    name: str | None = None
    id_number: str | None = None
    phone: str | None = None
    address: str | None = None
    is_group: bool = False
    headcount: int = Field(default=1, ge=1, le=MOST_PEOPLE)
    representatives: list[str] = []
    members: list[Member] = []
    anonymous: bool = False
    withheld: bool = False
    """Whether a name was told and is kept apart (:mod:`domain.reporter`, which alone says so)."""
    told_by: Way | None = None
    """How the applicant agreed to hear of the matter beside the papers; ``None``: was not asked, or wishes nothing."""
    language: str | None = Field(default=None, max_length=20)
    """In which it is told, unless in the office's own."""
    online: bool | None = None
    """Whether the applicant agreed to 电子送达 of papers (民事诉讼法第九十条); ``None``: was not asked."""

    @field_validator("representatives")
    @classmethod
    def _at_most_five(cls, names: list[str]) -> list[str]:
        if len(names) > MOST_REPRESENTATIVES:
            raise ValueError(f"代表人不得超过 {MOST_REPRESENTATIVES} 名（信访工作条例第二十条），请重新推选")
        return names


MOST_STAFF = 10_000_000
"""Of the largest employer there is."""


class Respondent(Model):
    """被反映单位. ``uscc`` is its 统一社会信用代码."""

    name: str
    uscc: str | None = None
    industry: str | None = None
    town: str | None = None
    headcount: int | None = Field(default=None, ge=0, le=MOST_STAFF)
    contact: str | None = None
    contact_phone: str | None = None
    note: str | None = None


EVIDENCE_DESCRIPTION = 500
"""Characters: what a paper is, not what is in it."""
_CREDENTIALS = re.compile(
    r"//[^/\s]*@|[?&](?:\w*(?:token|key|secret|signature|password|pwd)\w*)=", re.IGNORECASE
)


def _no_bytes(text: str) -> str:
    if has_file_content(text):
        raise ValueError(ADVICE)
    return text


def _no_credentials(location: str) -> str:
    if (
        location.startswith(("/", "\\"))
        or ".." in location.split("/")
        or re.match(r"[A-Za-z]:[\\/]", location)
    ):
        raise ValueError("应为档案系统中的相对路径或网址，不能是某台机器上的路径")
    if _CREDENTIALS.search(location):
        raise ValueError("位置中不能带账号、口令或访问令牌")
    return location


Location = Annotated[
    str, Field(min_length=1, max_length=500), AfterValidator(_no_bytes), AfterValidator(_no_credentials)
]
"""Where the archive has a file: a path within it, or a URI."""


class Evidence(Model):
    """A reference to material, never its bytes: what it is, where the county's archive has it, and its fingerprint."""

    kind: Annotated[str, Field(max_length=100), AfterValidator(_no_bytes)]
    description: Annotated[str, Field(max_length=EVIDENCE_DESCRIPTION), AfterValidator(_no_bytes)] = ""
    location: Location | None = None
    """A path within the archive, or a URI."""
    size: int | None = Field(default=None, ge=0)
    """Bytes."""
    sha256: Annotated[str, Field(pattern=FINGERPRINT)] | None = None


class PublicOpinion(Model):
    """舆情."""

    present: bool = False
    needs_response: bool = False
    facts: str | None = None


class Petition(Model):
    """信访情况. ``in_person_headcount``: people who came in person."""

    in_person_headcount: int = Field(default=0, ge=0, le=MOST_PEOPLE)
    beyond_level: bool = False
    extreme_words: bool = False
    facts: str | None = None


class Indicators(Model):
    """What the risk rules look at besides the claims; the defaults are "not known"."""

    labour_relation: LabourRelation = LabourRelation.UNKNOWN
    employment: Employment | None = None
    """用工形式; ``None`` when not told."""
    strong_proof: bool = False
    special_groups: list[str] = []
    respondent_cooperative: TriState = "不明"
    respondent_status: str = "正常"
    public_opinion: PublicOpinion = PublicOpinion()
    petition: Petition = Petition()
    answers: dict[str, TriState] = {}
    """What the county asks besides (policy: facts), by name."""


class CounterClaim(Model):
    """What the other side asks for; attached to the dispute, never set off in it."""

    by: str
    text: str
    amount: Money | None = Field(default=None, ge=0)


class DuplicateHint(Model):
    """A matter that looks like this one; a suggestion for an officer, never more."""

    dispute_id: str
    source_no: str
    case_no: str
    basis: list[str]


EARLIEST, LATEST = 1950, 2150
"""Years between which every deadline can be computed."""


_IN_CLEAR = "{what}里有个人的姓名、证件号或手机号，而这一项不加密；请换成登记号或地名"


class Intake(Model):
    """登记: one matter from one channel. (``channel``, ``source_no``) is its identity."""

    kind: MatterKind = MatterKind.DISPUTE
    channel: Channel
    received_by: UnitName
    source_no: str = Field(min_length=1)
    handed_over_by: UnitName | None = None
    """移送单位: the unit it came from, where one handed it over."""
    labour_inspection: bool = False
    """Whether it is a complaint to the labour inspection (劳动保障监察投诉), for which the law has its own clocks."""
    received_at: AwareDatetime
    applicant: Applicant
    respondents: list[Respondent] = []
    narrative: str = Field(min_length=1)
    claims: list[Claim] = Field(default=[], max_length=LONGEST_LIST)
    evidence: list[Evidence] = Field(default=[], max_length=LONGEST_LIST)
    indicators: Indicators = Indicators()
    counter_claims: list[CounterClaim] = []
    linked_to: str | None = None
    """The dispute id this matter grew out of (a lead left by a withdrawn or refused dispute)."""
    confidential: bool = False
    """举报人要求保密: who registered it is parted from what goes on (:mod:`domain.reporter`)."""
    proposal: str | None = None
    """What whoever registered it proposes to the officer at triage (不予受理, 并案, 补正) and why; never a decision."""
    unconfirmed: list[str] = []
    """Fields whose numbers are kept as they were written though they cannot be right, to be confirmed with the party."""
    remarks: dict[str, Any] = {}
    """Whatever else was noted, by where it stood in the form; kept, never interpreted."""

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, value: object) -> object:
        return storable(value)

    @field_validator("received_at")
    @classmethod
    def _in_our_time(cls, value: datetime) -> datetime:
        if not EARLIEST <= value.year <= LATEST:
            raise ValueError(f"收件时间须在 {EARLIEST} 至 {LATEST} 年之间，请核对")
        return value

    @field_validator("claims")
    @classmethod
    def _numbered_once(cls, claims: list[Claim]) -> list[Claim]:
        if len({claim.no for claim in claims}) != len(claims):
            raise ValueError("诉求子项编号重复，每个子项须有自己的编号")
        return claims

    @model_validator(mode="after")
    def _what_stays_in_clear_names_nobody(self) -> Self:
        """What lists, statistics and Temporal show as it is; a town may be called as somebody is."""
        names = {name for name in self.names() if len(name) > 1}
        found = [
            InitErrorDetails(
                type=PydanticCustomError("value_error", _IN_CLEAR, {"what": what}), loc=at, input=None
            )
            for what, at, text, free in self._in_clear()
            if names_somebody(text) or text in names or (not free and any(name in text for name in names))
        ]
        if found:
            raise ValidationError.from_exception_data("Intake", found)
        return self

    def _in_clear(self) -> Iterator[tuple[str, tuple[str | int, ...], str, bool]]:
        """What it is, where, how it reads, and whether somebody's name may be part of it."""
        yield "来源编号", ("source_no",), self.source_no, False
        for n, claim in enumerate(self.claims):
            yield "诉求子项编号", ("claims", n, "no"), claim.no, False
        for n, firm in enumerate(self.respondents):
            yield "所在乡镇", ("respondents", n, "town"), firm.town or "", True
            yield "行业", ("respondents", n, "industry"), firm.industry or "", True

    def names(self) -> list[str]:
        """Everybody the registration names: whoever asks, and whom to ask at the other side."""
        applicant = self.applicant
        named = [applicant.name, *applicant.representatives, *(m.name for m in applicant.members)]
        return [name for name in (*named, *(r.contact for r in self.respondents)) if name]

    @property
    def texts(self) -> list[str]:
        """What was told of it in its own words: how it came about, of each claim, of each proof, what the other side asks."""
        details = [claim.detail for claim in self.claims if claim.detail]
        shown = [proof.description for proof in self.evidence if proof.description]
        return [self.narrative, *details, *shown, *(counter.text for counter in self.counter_claims)]

    @property
    def claimed(self) -> Decimal:
        """Sum of the premium claims known, in yuan (主张金额); claims outside the insurances do not count."""
        return sum((c.amount for c in self.claims if c.amount and c.insurance), Decimal(0))

    @property
    def claimed_if_known(self) -> Decimal | None:
        """The same, or ``None`` where no premium claim states an amount."""
        known = any(c.amount is not None for c in self.claims if c.insurance)
        return self.claimed if known else None

    @property
    def amount_unknown(self) -> bool:
        """Whether any premium claim states no amount."""
        return any(c.amount is None for c in self.claims if c.insurance)
