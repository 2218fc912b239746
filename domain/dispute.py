"""The state of one matter, as the fold of its events makes it."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pydantic import AwareDatetime

from domain.actions import Act
from domain.actions.mediation import Instalment
from domain.deadlines import Deadline
from domain.events import DuplicateHint, RequiredStep, SubItemRouted, TriggerFired
from domain.intake import ClaimNo, Intake
from domain.materials import KeptFile
from domain.paper import Document
from domain.persons import Doer
from domain.speaking import say
from domain.tasks import TaskKind
from domain.words import Conclusion, Level, MatterKind, Model, Money, Satisfaction, Stage, Step, UnitName

__all__ = ["Act", "Dispute"]


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
    unpaid_ground: str | None = None
    """Why it was reported as carried out though less came in than was recognised."""
    closed_at: AwareDatetime | None = None
    closed_by: str | None = None

    @property
    def missing(self) -> Decimal:
        """How much less premium has come in than was recognised, yuan."""
        due = self.recognised if self.premium and self.recognised is not None else Decimal(0)
        return max(due - self.paid, Decimal(0))


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
    held_at: AwareDatetime
    """When to meet: as proposed, then as granted."""
    answer: Literal["granted", "back", "refused"] | None = None
    answered_at: AwareDatetime | None = None


class Meeting(Model):
    """One sitting of a 会商 or 联席会议."""

    form: Literal["会商", "联席会议"]
    units: list[UnitName]
    convened_at: AwareDatetime
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
    amount: Money | None = None
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
    """到账, principal only; the late fee stands beside it."""

    at: AwareDatetime
    action_id: str
    principal: Money
    late_fee: Money
    by_force: bool
    """Whether a court or a compulsory measure brought it in."""
    elsewhere: bool = False
    """Whether another place's or a higher tax authority collected it: no 实缴到账 of the county."""


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


class Dispute(Model):
    """One matter. Built only by :func:`domain.fold.apply`."""

    id: str
    version: int = 0
    county: str = ""
    policy_version: str = ""
    words: dict[str, str] = {}
    """The county's words for the software's."""
    case_no: str = ""
    kind: MatterKind = MatterKind.DISPUTE
    was_lead: bool = False
    intake: Intake | None = None
    center: UnitName = ""
    """The hub in charge; until it is handed over, the unit that received the matter."""
    hubs: list[UnitName] = []
    """Who was in charge before, oldest first."""
    hub_failed: bool = False
    """Whether one of them was a hub that could not settle it."""
    group: bool = False
    confidential: bool = False
    """Whether the applicant asked not to be known to those who handle the matter, and the centre agreed."""
    sources: list[Source] = []
    duplicates: list[DuplicateHint] = []
    contact: Contact | None = None
    accepted_at: AwareDatetime | None = None
    accepted_by: str | None = None
    stage: Stage | None = None
    resume_stage: Stage | None = None
    route_taken: list[StageVisit] = []

    suggested: Level | None = None
    triggers: list[TriggerFired] = []
    level: Level | None = None
    confirmed: Level | None = None
    overrides: list[Override] = []
    legal_reviews: list[str] = []

    routed: list[SubItemRouted] = []
    suggested_lead: UnitName | None = None
    suggested_co: list[UnitName] = []
    path: str | None = None
    notifier: str = "center"
    totals: list[str] = []
    """The rules of its whole-dispute clocks, the one in force last."""
    counted_from: AwareDatetime | None = None
    counted_by: str | None = None
    """What they count from: the moment, and the action or event of it."""
    route: list[Step] = []
    required: list[RequiredStep] = []
    """The steps it must pass, in order."""
    step_names: dict[Step, str] = {}
    """Steps that its tier calls by a name of its own."""
    step: Step | None = None
    """The required step that was put on a desk last."""
    last_action: str = ""
    """The id of the last action or timer that moved the matter."""
    lead: UnitName | None = None
    co: list[UnitName] = []
    told: list[UnitName] = []
    sub_items: dict[ClaimNo, SubItem] = {}
    itemised: bool = False

    refusals: list[str] = []
    """The codes of 不予受理."""
    redirects: list[str] = []
    refused_at: AwareDatetime | None = None
    transferred_at: AwareDatetime | None = None
    transferred_to: str | None = None
    """The area and unit a matter was handed to that is none of this county's."""
    merged_into: str | None = None
    links: list[str] = []
    withdrawal: Withdrawal | None = None
    """What somebody wishes to withdraw, while it is checked."""
    parted: list[Withdrawal] = []
    """Those of several applicants whose own part has ended."""
    withdrawn_at: AwareDatetime | None = None
    spawned: list[Spawned] = []

    tasks: dict[str, Task] = {}
    clocks: dict[str, Deadline] = {}
    documents: list[Document] = []
    files: list[KeptFile] = []
    """材料 that were handed in, oldest first."""
    dispatches: list[DispatchRecord] = []
    extensions: dict[str, Extension] = {}
    """Requests that wait, by the clock."""
    handlers: list[Doer] = []

    invitations: list[Invitation] = []
    proposal: Proposal | None = None
    """The newest 提请; none any more once its meeting is called."""
    meetings: list[Meeting] = []
    opinions: list[Opinion] = []
    objections: list[Objection] = []
    resolutions: dict[int, Resolution] = {}
    mediation: Mediation | None = None
    mediation_declined_at: AwareDatetime | None = None
    investigation: Investigation | None = None
    """The newest."""
    investigated_at: AwareDatetime | None = None
    guided_at: AwareDatetime | None = None
    legal_papers: list[LegalPaper] = []
    suspended_at: AwareDatetime | None = None
    reported_up_at: AwareDatetime | None = None
    replied_at: AwareDatetime | None = None
    above: Step | None = None
    """The step in which somebody above was asked last."""
    asked_above: dict[Step, int] = {}
    """How often somebody above was asked in each step."""
    answered_above: list[Step] = []
    """The steps in which nobody further up is to be asked."""
    settled_above: bool = False
    """Whether it is carried out as the unit above says."""
    supervisions: int = 0
    cards: list[Card] = []
    """All that were ever issued; ``standing_cards`` are those that count."""
    recheck_node: str | None = None
    recheck_at: AwareDatetime | None = None

    disposed_at: AwareDatetime | None = None
    disposed_by: str | None = None
    refund: Money | None = None
    informed_at: AwareDatetime | None = None
    informed_by: str | None = None
    feedback: Feedback | None = None
    """The newest."""
    payments: list[Payment] = []
    executed: bool = False
    calls: list[Call] = []
    callback_done: bool = False
    rehandled: int = 0
    rehandle_open: bool = False

    outcome: str | None = None
    outcome_text: str | None = None
    closed_at: AwareDatetime | None = None
    archived_at: AwareDatetime | None = None
    archive_no: str | None = None

    @property
    def facts(self) -> Intake:
        """The intake; a matter always has one once it is registered."""
        if self.intake is None:
            raise LookupError("案件尚未登记")
        return self.intake

    @property
    def is_over(self) -> bool:
        """Whether nobody owes anything any more."""
        return self.archived_at is not None

    def say(self, text: str) -> str:
        """What is told of the matter, in its county's words."""
        return say(self.words, text)

    def word_of(self, step: Step) -> str:
        """A step as the matter's tier calls it."""
        return self.step_names.get(step, step.word)

    def open_tasks(self, *kinds: TaskKind) -> list[Task]:
        """Open tasks, oldest first, of these kinds (all kinds when none is named)."""
        return [t for t in self.tasks.values() if t.is_open and (not kinds or t.kind in kinds)]

    def open_clocks(self) -> Iterator[Deadline]:
        """Deadlines still running."""
        return (c for c in self.clocks.values() if c.is_open)

    def next_alarm_at(self) -> datetime | None:
        """The business moment at which a timer must act next, if any."""
        if self.is_over:
            return None
        moments = [alarm.at for clock in self.open_clocks() if (alarm := clock.next_alarm())]
        return min([*moments, *([self.recheck_at] if self.recheck_at else [])], default=None)

    @property
    def last_moment(self) -> datetime:
        """The latest business moment at which a stage or a task began."""
        return max([*(v.at for v in self.route_taken), *(t.opened_at for t in self.tasks.values())])

    @property
    def people_left(self) -> int:
        """How many applicants have not withdrawn for themselves."""
        return self.facts.applicant.headcount - sum(w.people for w in self.parted)

    def has_owner(self) -> bool:
        """The promise "nothing is ever ownerless": an open task with a clock, or a clock by which its owner must act."""
        clocked = {c.task_id for c in self.open_clocks() if c.kind in ("internal", "statutory")}
        return any(t.id in clocked for t in self.open_tasks()) or None in clocked

    @property
    def standing_cards(self) -> list[Card]:
        """The cards that have not been withdrawn, oldest first."""
        return [c for c in self.cards if c.stands]

    @property
    def card(self) -> str | None:
        """The last card that stands."""
        return self.standing_cards[-1].card if self.standing_cards else None

    @property
    def paid(self) -> Decimal:
        """实缴到账, principal collected by the county, yuan."""
        return sum((p.principal for p in self.payments if not p.elsewhere), Decimal(0))

    @property
    def paid_in_all(self) -> Decimal:
        """Principal that has come in, whoever collected it, yuan: what a debt is settled by."""
        return sum((p.principal for p in self.payments), Decimal(0))

    @property
    def unpaid(self) -> list[SubItem]:
        """Sub-items of which less premium has come in than was recognised."""
        return [s for s in self.sub_items.values() if s.missing]

    @property
    def recognised(self) -> Decimal | None:
        """认定应补, premiums only, yuan; ``None`` while nothing has been recognised."""
        parts = [s.recognised for s in self.sub_items.values() if s.premium and s.recognised is not None]
        return sum(parts, Decimal(0)) if parts else None

    @property
    def unsatisfied(self) -> int:
        """How many callbacks ended 不满意."""
        return sum(c.satisfaction == Satisfaction.DISSATISFIED for c in self.calls)
