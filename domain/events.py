"""Every fact about a matter. The ledger stores these; one pure fold (:mod:`domain.fold`) makes the state from them."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from domain.actions import Action
from domain.deadlines import AlarmKind, Deadline
from domain.intake import Applicant, ClaimNo, DuplicateHint, Intake
from domain.materials import File
from domain.meanings import Meaning
from domain.persons import By, Doer, doer
from domain.signed import Outside
from domain.tasks import TaskKind
from domain.words import Level, Model, Stage, Step, UnitName


class Registered(Model):
    """登记."""

    type: Literal["registered"] = "registered"
    intake: Intake
    case_no: str
    center: UnitName
    county: str
    policy_version: str
    to: list[UnitName] = []
    duplicates: list[DuplicateHint] = []
    group: bool = False
    """Whether so many are concerned that the county counts it as 群体件."""
    words: dict[str, str] = {}
    """The county's words for the software's, where it has its own."""


class Converted(Model):
    """线索转争议: the lead goes on as a dispute under a case number of its own."""

    type: Literal["converted"] = "converted"
    case_no: str
    applicant: Applicant
    filed_at: AwareDatetime
    """When somebody came forward: from then the terms of a dispute count."""


class TriggerFired(Model):
    """One risk indicator that fired, with where it comes from."""

    code: str
    text: str
    level: Level
    basis: str


class RiskSuggested(Model):
    """The level the rules suggest, and why; an officer confirms."""

    type: Literal["risk_suggested"] = "risk_suggested"
    level: Level
    triggers: list[TriggerFired]
    node: str | None = None
    """The 时间节点 that caused a re-evaluation."""


class SubItemRouted(Model):
    """One sub-item with its category (A–E) and units."""

    no: ClaimNo
    category: str | None
    lead: UnitName | None
    co: list[UnitName]
    premium: bool
    needs_execution: bool
    refund: bool = False
    """Whether it asks for money back."""


class Routed(Model):
    """The lead and co-units the routing table suggests."""

    type: Literal["routed"] = "routed"
    lead: UnitName | None
    co: list[UnitName]
    sub_items: list[SubItemRouted]


class RequiredStep(Model):
    """A step the matter must pass. ``own_desk``: whether it is put on a desk when its turn comes."""

    step: Step
    own_desk: bool


class Accepted(Model):
    """受理 with level, route and units."""

    type: Literal["accepted"] = "accepted"
    level: Level
    path: str
    notifier: str
    """``lead``, ``center`` or a role."""
    total: str | None = None
    """The rule of the whole-dispute clock."""
    counted_from: AwareDatetime | None = None
    counted_by: str | None = None
    """What that clock counts from, if not from acceptance: the moment, and what happened then."""
    route: list[Step]
    required: list[RequiredStep]
    """The steps of the route that the matter must pass, in order."""
    names: dict[Step, str] = {}
    """Steps that the tier calls by a name of its own."""
    lead: UnitName
    co: list[UnitName]
    told: list[UnitName]
    sub_leads: dict[ClaimNo, UnitName]


class LevelOverridden(Model):
    """改级: asked for; in force at once unless it needs approval."""

    type: Literal["level_overridden"] = "level_overridden"
    old: Level
    new: Level
    reason: str
    reason_code: str | None
    needs_approval: bool


class OverrideDecided(Model):
    """The joint-meeting office decided on a 改级 that needs its approval."""

    type: Literal["override_decided"] = "override_decided"
    approved: bool


class SubItemClosed(Model):
    """子项办结."""

    type: Literal["sub_item_closed"] = "sub_item_closed"
    no: ClaimNo


class Acted(Model):
    """An action that was taken, as it was filled in, and what it means.

    The fold copies ``means`` and reads nothing of the form. What follows from it stands in events of the same commit.
    ``outside``: how it came, when no process of the office's own sent it.
    """

    type: Literal["acted"] = "acted"
    body: Action
    task_id: str | None = None
    means: list[Meaning] = []
    outside: Outside | None = None


class Declined(Model):
    """An action that was not taken, and why; kept where its sender and the administrator can see it."""

    type: Literal["declined"] = "declined"
    action: str
    code: str
    reason: str
    outside: Outside | None = None


Identity = Literal["parties", "reporter"]
"""Whose identity: the parties', or the reporter's, which is in a vault of its own."""
VIEW = "view"
"""What a look is called among refused actions."""


class Viewed(Model):
    """An officer saw an identity whole, and why."""

    type: Literal["viewed"] = "viewed"
    whose: Identity
    reason: str


class MaterialKept(Model):
    """收存材料: a file was handed in. Its bytes lie sealed beside the record, and nowhere in an event."""

    type: Literal["material_kept"] = "material_kept"
    file: File


class StepOpened(Model):
    """A required step of the route was put on its owner's desk."""

    type: Literal["step_opened"] = "step_opened"
    step: Step
    name: str | None = None


class StageEntered(Model):
    """The matter passes into a stage."""

    type: Literal["stage_entered"] = "stage_entered"
    stage: Stage


class TaskOpened(Model):
    """A human task lands on a unit's desk."""

    type: Literal["task_opened"] = "task_opened"
    task_id: str
    kind: TaskKind
    title: str
    unit: UnitName
    officer: str | None = None
    not_officer: str | None = None
    role: Literal["主办", "协办"] | None = None
    ref: str | None = None
    returnable: bool = False


class TaskChanged(Model):
    """A task was re-addressed: another unit, role, officer or finality."""

    type: Literal["task_changed"] = "task_changed"
    task_id: str
    unit: UnitName | None = None
    role: Literal["主办", "协办"] | None = None
    officer: str | None = None
    returnable: bool | None = None


class TaskClosed(Model):
    """A task is over."""

    type: Literal["task_closed"] = "task_closed"
    task_id: str
    outcome: str


class ClockStarted(Model):
    """A deadline starts to run."""

    type: Literal["clock_started"] = "clock_started"
    deadline: Deadline


class ClockChanged(Model):
    """A deadline was stopped, lapsed, paused, resumed, extended, put off, given to another unit, or runs again."""

    type: Literal["clock_changed"] = "clock_changed"
    change: Literal[
        "stopped", "lapsed", "paused", "resumed", "extended", "postponed", "reassigned", "run_again"
    ]
    deadline: Deadline


class AlarmFired(Model):
    """A timer acted: reminder, card, supervision or escalation, each once."""

    type: Literal["alarm_fired"] = "alarm_fired"
    clock_id: str
    alarm: AlarmKind
    at: AwareDatetime
    unit: UnitName


class CardIssued(Model):
    """黄牌 or 红牌: a record of its own, which the unit may appeal. ``no`` counts a matter's cards from 1."""

    type: Literal["card_issued"] = "card_issued"
    no: int
    card: Literal["黄牌", "红牌"]
    unit: UnitName
    clock_id: str
    name: str
    """The clock's."""
    rule: str


class DocumentRegistered(Model):
    """A 文书: registered here, rendered elsewhere."""

    type: Literal["document_registered"] = "document_registered"
    number: str
    name: str
    issuer: UnitName
    together: list[UnitName] = []
    """The units that issue it with the issuer."""
    to: str
    fields: dict[str, Any] = {}


class LeadSpawned(Model):
    """A lead goes on by itself; its intake carries nothing of the reporter."""

    type: Literal["lead_spawned"] = "lead_spawned"
    lead_id: str
    intake: Intake
    to: list[UnitName]


class Defaulted(Model):
    """An agreed payment did not come."""

    type: Literal["defaulted"] = "defaulted"
    instalment: int
    clock_id: str


class RecheckScheduled(Model):
    """When the rules will look at the risk again by themselves: the start of a 时间节点."""

    type: Literal["recheck_scheduled"] = "recheck_scheduled"
    node: str | None
    due: AwareDatetime | None


class Noted(Model):
    """Something the system did by itself, in the words an officer reads."""

    type: Literal["noted"] = "noted"
    text: str


class Ended(Model):
    """办结, with the way it ended."""

    type: Literal["ended"] = "ended"
    outcome: str
    text: str


class Archived(Model):
    """归档."""

    type: Literal["archived"] = "archived"
    archive_no: str


Fact = Annotated[
    Registered | Converted | RiskSuggested | Routed | Accepted | LevelOverridden | OverrideDecided
    | SubItemClosed | Acted | Declined | Viewed | MaterialKept | StepOpened | StageEntered | TaskOpened
    | TaskChanged | TaskClosed | ClockStarted | ClockChanged | AlarmFired | CardIssued | DocumentRegistered
    | LeadSpawned | Defaulted | RecheckScheduled | Noted | Ended | Archived,
    Field(discriminator="type"),
]  # fmt: skip


class Event(Model):
    """A fact with its place in the matter's life. ``seq`` counts from 1 without gaps; ``at`` is business time."""

    seq: int
    at: AwareDatetime
    unit: UnitName
    officer: str
    by: By | None = None
    """The officer's account; none for the system, and where nobody signed in."""
    action_id: str
    fact: Fact

    @property
    def doer(self) -> Doer:
        """Who acted."""
        return doer(self.officer, self.by)


EVENT: TypeAdapter[Event] = TypeAdapter(Event)
