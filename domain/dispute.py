"""The state of one matter, as the fold of its events makes it."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from pydantic import AwareDatetime

from domain.deadlines import Deadline
from domain.events import RequiredStep, SubItemRouted, TriggerFired
from domain.intake import ClaimNo, DuplicateHint, Intake
from domain.materials import KeptFile
from domain.paper import Document
from domain.persons import Doer, same_name
from domain.speaking import say
from domain.state import (
    Call,
    Card,
    Contact,
    DispatchRecord,
    Extension,
    Feedback,
    Investigation,
    Invitation,
    LegalPaper,
    LegalReview,
    Mediation,
    Meeting,
    Objection,
    Opinion,
    Override,
    Payment,
    Proposal,
    Resolution,
    Source,
    Spawned,
    StageVisit,
    SubItem,
    Task,
    Withdrawal,
)
from domain.tasks import TaskKind
from domain.words import Level, MatterKind, Model, Money, Satisfaction, Stage, Step, UnitName


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
    filed_at: AwareDatetime | None = None
    """When somebody came forward in what had been a lead."""
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
    signers: list[str] = []
    """Who signed agreements for the parties."""
    former: list[str] = []
    """What was registered of people before it was put right: texts written then may still have it."""
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
    legal_reviews: list[LegalReview] = []

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
    informed_on: date | None = None
    """The day on which the parties were told, which may be before it was recorded."""
    informed_by: str | None = None
    feedback: Feedback | None = None
    """The newest."""
    payments: list[Payment] = []
    """Those that count, the oldest first."""
    withdrawn_payments: list[Payment] = []
    """Those that were recorded and taken back."""
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
    def asked_at(self) -> datetime:
        """When the applicant asked for help here: with the registration, or when it came forward in a lead."""
        return self.filed_at or self.facts.received_at

    def names(self) -> list[str]:
        """Everybody the registration names or named, what else of them is registered no more, who signed: to be hidden."""
        return [*self.facts.names(), *self.former, *self.signers]

    @property
    def units(self) -> list[UnitName]:
        """Every unit that has or had a task in it; a hub that handed it on had one."""
        return list(dict.fromkeys([*(task.unit for task in self.tasks.values()), *self.hubs]))

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

    def officer_of(self, unit: UnitName) -> str | None:
        """承办人 of a unit: who took its newest open task that somebody took; where none is open, its newest one."""
        taken = [t for t in self.tasks.values() if t.unit == unit and (t.officer or t.signed_by)]
        latest = next((t for t in reversed(taken) if t.is_open), taken[-1] if taken else None)
        return (latest.officer or latest.signed_by) if latest else None

    def goes_on_with(self, unit: UnitName) -> str | None:
        """Who goes on with the matter in a unit: its 承办人, but for whoever is to have it no more (重新办理须换人)."""
        officer = self.officer_of(unit)
        barred = [t.not_officer for t in self.tasks.values() if t.unit == unit and t.not_officer]
        return None if officer is None or any(same_name(officer, other) for other in barred) else officer

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
