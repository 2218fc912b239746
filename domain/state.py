"""What the state of a matter is made of: its tasks, meetings, opinions, payments, cards and the rest."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import AwareDatetime

from domain.actions.mediation import Instalment
from domain.intake import ClaimNo
from domain.persons import Doer
from domain.tasks import TaskKind
from domain.words import Conclusion, Level, Model, Money, Satisfaction, Stage, UnitName


class Source(Model):
    """One channel and number under which the matter came in."""

    channel: str
    source_no: str
    received_at: AwareDatetime
    handed_over_by: UnitName | None = None


class Task(Model):
    """A human task: what, whose, and how it stands."""

    id: str
    kind: TaskKind
    title: str
    unit: UnitName
    opened_at: AwareDatetime
    opened_by: str
    officer: str | None = None
    not_officer: str | None = None
    role: Literal["主办", "协办"] | None = None
    ref: str | None = None
    returnable: bool = False
    signed_at: AwareDatetime | None = None
    signed_by: str | None = None
    closed_at: AwareDatetime | None = None
    closed_by: str | None = None
    outcome: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act."""
        return self.closed_at is None


class SubItem(Model):
    """子项: one claim with the unit that answers for it."""

    no: ClaimNo
    category: str | None = None
    lead: UnitName | None = None
    co: list[UnitName] = []
    premium: bool = True
    needs_execution: bool = True
    refund: bool = False
    conclusion: Conclusion | None = None
    recognised: Money | None = None
    paid: Money = Decimal(0)
    """Principal, whoever collected it."""
    refund_due: Money | None = None
    """认定退费: what was decided to be paid back."""
    refunded: Money = Decimal(0)
    unpaid_ground: str | None = None
    """Why it was reported as carried out though less came in than was recognised."""
    closed_at: AwareDatetime | None = None
    closed_by: str | None = None

    def still_due(self, claimed: Decimal | None = None) -> Decimal | None:
        """How much premium is still to come in, yuan: of what was recognised, before that of what is claimed.

        ``None`` where neither is known, and where it is about no premium.
        """
        due = self.recognised if self.recognised is not None else claimed
        return max(due - self.paid, Decimal(0)) if self.premium and due is not None else None

    @property
    def missing(self) -> Decimal:
        """How much less premium has come in than was recognised, yuan."""
        return self.still_due() or Decimal(0)


class Contact(Model):
    """联系当事人 at the first review; ``unreached``: why nobody was."""

    way: str
    on: date | None = None
    unreached: str | None = None

    def __str__(self) -> str:
        return f"{self.way}（{self.unreached}）" if self.unreached else f"{self.way}，{self.on}"


class DispatchRecord(Model):
    """派单记录, for 退单率."""

    unit: UnitName
    role: Literal["主办", "协办"]
    at: AwareDatetime
    task_id: str
    result: Literal["签收", "退单"] | None = None
    reason_code: str | None = None


class LegalReview(Model):
    """法制审核意见, by whom."""

    result: str
    by: Doer


class Override(Model):
    """改级记录."""

    old: Level
    new: Level
    reason: str
    reason_code: str | None
    by: Doer
    at: AwareDatetime
    needs_approval: bool
    approved: bool | None = None


class Invitation(Model):
    """邀请介入 of one unit, and its answer."""

    unit: UnitName
    purpose: str
    by: UnitName
    at: AwareDatetime
    answer: Literal["参加", "不参加", "提交书面意见"] | None = None
    answered_at: AwareDatetime | None = None
    officers: list[str] = []

    @property
    def joined(self) -> bool:
        """Whether the unit takes part because of it."""
        return self.answer == "参加"


class Proposal(Model):
    """提请召开联席会议, as it was last put, and what was answered."""

    proposed_at: AwareDatetime
    units: list[UnitName]
    topics: list[str]
    held_at: AwareDatetime
    """When to meet: as proposed, then as granted."""
    answer: Literal["granted", "back", "refused"] | None = None
    answered_at: AwareDatetime | None = None


class Meeting(Model):
    """One sitting of a 会商 or 联席会议."""

    form: Literal["会商", "联席会议"]
    units: list[UnitName]
    topics: list[str]
    convened_at: AwareDatetime
    held_at: AwareDatetime
    mode: str | None = None
    place: str | None = None
    chair: str | None = None
    minutes_at: AwareDatetime | None = None
    agreed: bool | None = None
    heard: list[UnitName] = []
    """Who was there, by the minutes."""


class Withdrawal(Model):
    """Who withdraws: all of the applicants (``whole``), or so many for themselves, with their lines on the roll."""

    whole: bool
    people: int
    lines: list[int] = []


class Opinion(Model):
    """An opinion as given: ``views`` says per claim what the unit thinks, or, when ``formal``, what it decided."""

    unit: UnitName
    officer: str
    at: AwareDatetime
    action_id: str
    formal: bool
    views: dict[ClaimNo, str]
    excepted: int = 0
    """Lines of a group's roll that got another result."""


class Objection(Model):
    """A unit's objection: to which claims, and what it would have instead."""

    unit: UnitName
    at: AwareDatetime
    claims: list[ClaimNo]
    stance: str


class Resolution(Model):
    """议定事项."""

    no: int
    unit: UnitName
    text: str
    due: date
    done_at: AwareDatetime | None = None
    done_by: str | None = None


class AgreementVersion(Model):
    """A draft agreement; ``passed`` once it was reviewed."""

    version: int
    facts: str
    amount: Money | None = None
    payment: list[str] = []
    """What is agreed about principal, months, late fee and where it goes, a line each."""
    terms: list[str] = []
    instalments: list[Instalment] = []
    passed: bool | None = None


class Mediation(Model):
    """调解, with its team: 首席调解员, 调解员, 调解室."""

    started_at: AwareDatetime
    chief: str
    members: list[str] = []
    room: str
    drafts: list[AgreementVersion] = []
    agreed_at: AwareDatetime | None = None
    signed_on: date | None = None
    failed_at: AwareDatetime | None = None
    instalments: list[Instalment] = []
    defaulted: bool = False
    applied_on: date | None = None
    """When its judicial confirmation was asked for."""
    confirmed: bool = False

    @property
    def is_open(self) -> bool:
        """Neither agreed nor ended."""
        return self.agreed_at is None and self.failed_at is None

    @property
    def draft(self) -> AgreementVersion | None:
        """The draft on the table: the newest."""
        return self.drafts[-1] if self.drafts else None


class Finding(Model):
    """What one unit of an inquiry found; ``sums``: the principal due by claim, yuan."""

    unit: UnitName
    at: AwareDatetime
    relation: str
    sums: dict[ClaimNo, Money] = {}
    beside: list[UnitName] = []
    """Units whose officers, having the matter in hand, took part in it."""


class Investigation(Model):
    """调查核实 by one unit or several: what each was asked, what each found, what the report says."""

    opened_at: AwareDatetime
    units: dict[UnitName, list[str]]
    findings: list[Finding] = []
    reported_at: AwareDatetime | None = None
    relation: str | None = None
    otherwise: list[UnitName] = []
    """Units that found otherwise than the report says."""


class Payment(Model):
    """到账: principal by claim; the late fee stands beside it. ``no`` counts all that were ever recorded, from 1."""

    no: int
    at: AwareDatetime
    action_id: str
    unit: UnitName
    officer: str
    paid_on: date
    parts: dict[ClaimNo, Money]
    late_fee: Money
    by_force: bool
    """Whether a court or a compulsory measure brought it in."""
    elsewhere: bool = False
    """Whether another place's or a higher tax authority collected it: no 实缴到账 of the county."""
    instalment: int | None = None
    """The one of the agreement, from 1, that it was named for."""
    withdrawn_at: AwareDatetime | None = None

    @property
    def principal(self) -> Decimal:
        """Of all its claims, yuan."""
        return sum(self.parts.values(), Decimal(0))


class Feedback(Model):
    """反馈办理结果: what the lead that told the party said to the 综治中心."""

    at: AwareDatetime
    unit: UnitName
    attitude: str
    performance: str
    risk: bool


class Call(Model):
    """One callback: an attempt that failed (``satisfaction`` None) or an answer."""

    at: AwareDatetime
    officer: str
    satisfaction: Satisfaction | None = None
    method: str | None = None
    category: str | None = None
    answers: dict[str, list[str]] = {}
    """By the number of the question (1 to 8), as chosen."""
    round: int = 1


class Card(Model):
    """黄牌 or 红牌: whose, for which clock, and whether it stands. A withdrawn one counts nowhere."""

    no: int
    card: Literal["黄牌", "红牌"]
    unit: UnitName
    clock_id: str
    name: str
    at: AwareDatetime
    rule: str
    appealed_at: AwareDatetime | None = None
    appeal_ground: str | None = None
    appealed_by: Doer | None = None
    decided_at: AwareDatetime | None = None
    withdrawn_at: AwareDatetime | None = None
    withdrawn_ground: str | None = None

    @property
    def stands(self) -> bool:
        """Whether it has not been withdrawn."""
        return self.withdrawn_at is None


class StageVisit(Model):
    """When a stage was entered, and by which action."""

    stage: Stage
    at: AwareDatetime
    action_id: str


class Extension(Model):
    """A request for more time that waits for its decision."""

    clock_id: str
    length: int
    unit: Literal["wd", "d", "h"]
    reason: str
    by: UnitName
    asked_by: Doer


class Spawned(Model):
    """A lead left behind."""

    lead_id: str
    to: list[UnitName]


class LegalPaper(Model):
    """A paper of a proceeding elsewhere: that it began, or what it decided."""

    at: AwareDatetime
    name: str
    outcome: str | None = None
    in_force: bool = False
    waited_for: bool = False
