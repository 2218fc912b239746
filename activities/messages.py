"""One model in, one out, for every workflow, update and activity. New fields are optional; none is ever renamed."""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from domain.actions import Act
from domain.business_clock import BusinessClock
from domain.dispute import Dispute
from domain.events import Declined as DeclinedFact
from domain.events import Event
from domain.intake import Intake
from domain.persons import SYSTEM, By, Officer
from domain.signed import Outside
from domain.words import MatterKind, Model, Step, UnitName


class DisputeStart(Model):
    """What a matter's workflow starts from. ``resumed`` carries the state over to the next run.

    A state too large to carry is read from the ledger instead; up to ``resumed_version`` its effects are done.
    """

    dispute_id: str
    intake: Intake
    registrar: Officer = SYSTEM
    to: list[UnitName] = []
    clock: BusinessClock = BusinessClock()
    resumed: Dispute | None = None
    resumed_version: int = 0


class DisputeResult(Model):
    """How a matter ended."""

    case_no: str
    kind: MatterKind
    outcome: str | None
    stage: str | None


class Receipt(Model):
    """What an officer hears at once: the action was taken, and how the matter now stands."""

    dispute_id: str
    case_no: str
    version: int
    stage: str | None
    next_due: AwareDatetime | None = None


class Register(Model):
    """Make the first facts of a matter."""

    type: Literal["register"] = "register"
    intake: Intake
    registrar: Officer = SYSTEM
    to: list[UnitName] = []


class Take(Model):
    """Decide on an officer's action. ``by_signal``: keep a refusal as an event, for nobody hears the answer.

    ``named``: the signal or update it came by. ``outside``: how it came, unless one of the office's own processes sent it.
    """

    type: Literal["take"] = "take"
    act: Act
    by_signal: bool = False
    named: str = ""
    outside: Outside | None = None


class Tick(Model):
    """Do what the timers that are due do."""

    type: Literal["tick"] = "tick"


class Open(Model):
    """Put the step of the route whose turn has come on its owner's desk; nothing when it is not owed any more."""

    type: Literal["open"] = "open"
    step: Step


class Note(Model):
    """Keep in the matter's record what came to pass beside it, in the words an officer reads."""

    type: Literal["note"] = "note"
    text: str


class KeepDeclined(Model):
    """Keep a malformed signal where its sender and the administrator can see it."""

    type: Literal["keep_declined"] = "keep_declined"
    unit: str
    officer: str
    by: By | None = None
    fact: DeclinedFact


class CatchUp(Model):
    """Change nothing; say what is not known yet."""

    type: Literal["catch_up"] = "catch_up"


Command = Annotated[
    Register | Take | Tick | Open | Note | KeepDeclined | CatchUp, Field(discriminator="type")
]


class CommitRequest(Model):
    """One command against a matter. It names the version it builds on, as event stores do."""

    dispute_id: str
    action_id: str
    known_version: int
    now: AwareDatetime
    command: Command


class Decline(Model):
    """Why an action was not taken, in the officer's language."""

    code: str
    message: str
    field: str | None = None


class CommitResult(Model):
    """Every event after the known version, whether this command wrote it or another did before.

    ``more``: further ones wait for a page of their own. ``size``: bytes of these.
    """

    events: list[Event] = []
    declined: Decline | None = None
    more: bool = False
    size: int = 0


class StartLead(Model):
    """Start a lead's own life."""

    start: DisputeStart


class AbsorbInto(Model):
    """Tell the parent of a merger what it takes over."""

    parent_source: str
    act: Act


class Said(Model):
    """One reminder or card, and the key by which it is known as sent."""

    text: str
    key: str


class Notice(Said):
    """Reminders or cards for a unit. It carries a case number and clocks' names, never a person's.

    ``also``: further ones of the same moment.
    """

    case_no: str
    unit: UnitName
    also: list[Said] = []

    @property
    def words(self) -> str:
        """All that it says."""
        return "；".join(dict.fromkeys(said.text for said in (self, *self.also)))

    @property
    def keys(self) -> list[str]:
        """Of all that it speaks of."""
        return [said.key for said in (self, *self.also)]

    def without(self, keys: Collection[str]) -> "Notice | None":
        """What is left to say when these need not be said any more."""
        left = [Said(text=said.text, key=said.key) for said in (self, *self.also) if said.key not in keys]
        if not left:
            return None
        return Notice(**left[0].model_dump(), case_no=self.case_no, unit=self.unit, also=left[1:])
