"""The unit of decision: a state, a policy, a moment, and the facts found so far.

Everything one action brings about is drafted here and committed in one transaction, so that a matter is never seen
between two owners.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from domain import deadlines, remedies
from domain import events as ev
from domain.actions import Action
from domain.actions.form import Span
from domain.clocks import ClockStart
from domain.deadlines import AlarmKind, Deadline
from domain.dispute import Dispute
from domain.events import Event, Fact
from domain.fold import apply
from domain.intake import DuplicateHint, Intake
from domain.meanings import Meaning
from domain.meanings import handling as m
from domain.paper_content import Content
from domain.papers import known_fields
from domain.persons import By, Doer, doer
from domain.policy import Policy
from domain.seats import Seats
from domain.state import Task
from domain.tasks import BESIDE, TASKS, TaskKind
from domain.words import Channel, Model, Stage, UnitName


class RelatedMatter(Model):
    """What one matter may know of another: never who is in it."""

    dispute_id: str
    source_no: str
    case_no: str
    is_open: bool
    lead: UnitName | None = None


Numbering = Callable[[str], str]
"""Gives the next case number under a prefix."""


class Pressed(NamedTuple):
    """A paper made: the code by which anybody can verify it, and the hash of its bytes, which are kept."""

    code: str
    sha256: str


Alike = Callable[[Intake], list[DuplicateHint]]
"""Finds the matters that a registration looks like."""

Press = Callable[[str, str, Callable[[str], Content]], Pressed]
"""Makes a paper and keeps it: its name, its number, and what stands in its places, given its code. Raises Declined."""


def _named(body: Action) -> list[str]:
    """Who handles the matter besides the officer that sends it: those who investigate, those who mediate."""
    chief: str | None = getattr(body, "chief", None)
    return [*([chief] if chief else []), *getattr(body, "members", []), *getattr(body, "investigators", [])]


class Draft(Seats):
    """Facts drafted upon a state. ``now`` is business time."""

    def __init__(
        self,
        dispute: Dispute,
        policy: Policy,
        *,
        now: datetime,
        unit: UnitName,
        officer: str,
        action_id: str,
        by: By | None = None,
        task: str | None = None,
        paper: int | None = None,
        cause: str | None = None,
        related: dict[str, RelatedMatter] | None = None,
        number: Numbering | None = None,
        press: Press | None = None,
        alike: Alike | None = None,
    ) -> None:
        super().__init__(dispute, policy, unit)
        self.now = now
        self.officer = officer
        self.by = by
        self.action_id = action_id
        self.task = task
        """The open task of the acting unit that the action is about, if it names one."""
        self.paper = paper
        """The one paper that a form is asked for, by its place; ``None``: any."""
        self.cause = cause or action_id
        """What brought this about: the clock of a step that the flow opens counts from the action before it."""
        self.related = related or {}
        self._number = number
        self._press = press
        self._alike = alike
        self.events: list[Event] = []

    def emit(self, fact: Fact) -> None:
        """Add a fact and move the state on."""
        event = Event(
            seq=self.d.version + 1,
            at=self.now,
            unit=self.unit,
            officer=self.officer,
            by=self.by,
            action_id=self.action_id,
            fact=fact,
        )
        self.d = apply(self.d, event)
        self.events.append(event)

    def record(self, body: Action, *means: Meaning, task: Task | None = None) -> None:
        """Record that the action was taken, and what it means."""
        noted = list(means)
        named = [self.doer, *(Doer(name=n) for n in _named(body))] if body.handles else []
        if new := [h for h in dict.fromkeys(named) if h not in self.d.handlers]:
            noted.append(m.HandlersNoted(officers=[h.name for h in new]))
        self.emit(ev.Acted(body=body, task_id=task.id if task else None, means=noted))

    def number(self, prefix: str) -> str:
        """The next case number under a prefix (a lead that becomes a dispute gets one of its own)."""
        if self._number is None:
            raise LookupError("no case numbers at hand for this action")
        return self._number(prefix)

    def press(self, name: str, number: str, values: Callable[[str], Content]) -> Pressed:
        """Make a paper and keep its bytes in the same transaction."""
        if self._press is None:
            raise LookupError("no press at hand for this action")
        return self._press(name, number, values)

    def alike(self, intake: Intake) -> list[DuplicateHint] | None:
        """The matters that this one looks like, registered so; ``None`` where nobody can look."""
        return self._alike(intake) if self._alike else None

    @property
    def doer(self) -> Doer:
        """Who acts."""
        return doer(self.officer, self.by)

    # --- stages and tasks -----------------------------------------------------------------------------------

    def enter(self, stage: Stage) -> None:
        """Pass into a stage, once."""
        if self.d.stage != stage:
            self.emit(ev.StageEntered(stage=stage))

    def open_task(
        self,
        kind: TaskKind,
        unit: UnitName,
        *clock_ids: str,
        title: str | None = None,
        role: Literal["主办", "协办"] | None = None,
        officer: str | None = None,
        not_officer: str | None = None,
        ref: str | None = None,
        returnable: bool = False,
        at: datetime | None = None,
        start_event: str | None = None,
        clocks: bool = True,
    ) -> str:
        """Put a task on a unit's desk with its clocks: those named, else those of its kind. Returns the task's id.

        Without ``clocks`` whoever opens it starts one of its own. What goes on from what the unit did before is in the hands
        of whoever did that, unless an ``officer`` is named.
        """
        if officer is None and TASKS[kind].goes_on:
            officer = self.d.goes_on_with(unit)
        task_id = f"t{len(self.d.tasks) + 1}"
        self.emit(
            ev.TaskOpened(
                task_id=task_id,
                kind=kind,
                title=title or kind.word,
                unit=unit,
                officer=officer,
                not_officer=not_officer,
                role=role,
                ref=ref,
                returnable=returnable,
            )
        )
        for rule_id in (clock_ids or TASKS[kind].clocks) if clocks else ():
            self.start_clock(self.by_law(rule_id), unit, task_id=task_id, at=at, start_event=start_event)
        return task_id

    def once(self, kind: TaskKind, unit: UnitName, *clock_ids: str, **more: Any) -> None:
        """Open the task unless one of its kind is open already."""
        if not self.d.open_tasks(kind):
            self.open_task(kind, unit, *clock_ids, **more)

    def close_task(self, task: Task, outcome: str, *, stop: bool = True, at: datetime | None = None) -> None:
        """End a task; its clocks stop (met or late; ``at`` an earlier moment), or lapse when it is no longer needed."""
        self.emit(ev.TaskClosed(task_id=task.id, outcome=outcome))
        for clock in list(self.d.open_clocks()):
            if clock.task_id == task.id:
                self.stop_clock(clock, at=at) if stop else self.lapse_clock(clock)

    def close_tasks(
        self, *kinds: TaskKind, outcome: str, stop: bool = True, at: datetime | None = None
    ) -> None:
        """End every open task of these kinds."""
        for task in self.d.open_tasks(*kinds):
            self.close_task(task, outcome, stop=stop, at=at)

    def cancel_everything(self, outcome: str, *, keep: tuple[TaskKind, ...] = BESIDE) -> None:
        """End all that is open because the matter takes another way."""
        for task in self.d.open_tasks():
            if task.kind not in keep:
                self.close_task(task, outcome, stop=False)
        for clock in list(self.d.open_clocks()):
            kept = clock.task_id and self.d.tasks[clock.task_id].is_open
            of_handling = self.policy.clock(clock.rule_id).start == "accepted"
            if not kept and (clock.kind != "statutory" or of_handling):
                self.lapse_clock(clock)

    # --- clocks ---------------------------------------------------------------------------------------------

    def start_clock(
        self,
        rule_id: str,
        owner: UnitName,
        *,
        task_id: str | None = None,
        at: datetime | None = None,
        start_event: str | None = None,
        due_on: date | None = None,
        span: Span | None = None,
        name: str | None = None,
        instead_of: Deadline | None = None,
    ) -> Deadline:
        """Start a deadline by the policy's rule, with its receipt; ``span`` is another length set in this matter.

        ``instead_of``: the clock whose place it takes, with the time that stood still and was granted there.
        A clock of the whole dispute counts from where its tier says, on whosever desk it runs. None is born overdue:
        an internal clock that would be counts from now.
        """
        rule = self.policy.clock(rule_id)
        if rule_id in self.d.totals and at is None:
            at, start_event = self.d.counted_from, self.d.counted_by
        if span:
            rule = rule.model_copy(update={"length": span.length, "unit": span.unit})
        ladder = self.policy.ladder(rule.ladder)
        deadline = deadlines.start(
            rule,
            ladder,
            self.policy.calendar,
            id=f"k{len(self.d.clocks) + 1}",
            owner=owner,
            start_event=start_event or self.cause,
            at=at or self.now,
            task_id=task_id,
            due_on=due_on,
            name=name,
        )
        if instead_of:
            deadline = deadlines.carry(deadline, instead_of, self.policy.calendar, ladder)
        if deadline.kind == "internal" and not due_on and deadline.overdue_at(self.now):
            deadline = deadlines.counted_from(deadline, self.now, self.policy.calendar, ladder)
        self.emit(ev.ClockStarted(deadline=deadline))
        return deadline

    def clocks(self, *rule_ids: str) -> list[Deadline]:
        """Open clocks by these rules, or by what the law has in place of them."""
        return [c for c in self.d.open_clocks() if self.is_by(c, *rule_ids)]

    def is_by(self, clock: Deadline, *rule_ids: str) -> bool:
        """Whether a clock runs by one of these rules, or by what the law has in its place."""
        return clock.rule_id in rule_ids or self.policy.clock(clock.rule_id).instead_of in rule_ids

    def legal_clocks(self, start: ClockStart | None = None) -> list[str]:
        """The clocks that channel and kind of the matter bring, of all that were merged into it; by when they start."""
        d = self.d
        rules = [
            rule for s in d.sources for rule in self.policy.clocks_of(Channel(s.channel), s.handed_over_by)
        ]
        rules += self.policy.inspection_clocks if d.facts.labour_inspection else ()
        known = [self.policy.clock(rule) for rule in dict.fromkeys(rules)]
        replaced = {rule.instead_of for rule in known}
        return [r.id for r in known if r.id not in replaced and start in (None, r.start)]

    def by_law(self, rule_id: str) -> str:
        """The rule, or what the law has in its place for a matter of this channel and kind."""
        variants = (r for r in self.legal_clocks() if self.policy.clock(r).instead_of == rule_id)
        return next(variants, rule_id)

    def stop_clock(self, clock: Deadline, *, at: datetime | None = None) -> None:
        """The thing was done: now, or at an earlier moment that is only recorded now."""
        stopped = deadlines.stop(clock, max(at or self.now, clock.starts_at), self.action_id)
        self.emit(ev.ClockChanged(change="stopped", deadline=stopped))

    def lapse_clock(self, clock: Deadline) -> None:
        """The thing is no longer owed."""
        lapsed = deadlines.lapse(clock, self.now, self.action_id)
        self.emit(ev.ClockChanged(change="lapsed", deadline=lapsed))

    def run_again(self, clock: Deadline) -> None:
        """What had stopped it turns out not to have been done."""
        self.emit(ev.ClockChanged(change="run_again", deadline=deadlines.run_again(clock)))

    def stop_clocks(self, *rule_ids: str, at: datetime | None = None) -> None:
        """Stop every open clock by these rules."""
        for clock in self.clocks(*rule_ids):
            self.stop_clock(clock, at=at)

    def pause_clocks(self, reason: str, *rule_ids: str) -> None:
        """Pause the internal clocks (by these rules, if any is named); statutory ones run on."""
        for clock in self.clocks(*rule_ids) if rule_ids else list(self.d.open_clocks()):
            if clock.kind == "internal" and not clock.is_paused:
                self.emit(ev.ClockChanged(change="paused", deadline=deadlines.pause(clock, self.now, reason)))

    def resume_clocks(self, *, at: datetime | None = None) -> None:
        """Let paused clocks run on, but for those whose act is refused for a reason of its own."""
        for clock in list(self.d.open_clocks()):
            if clock.is_paused and not clock.is_refused:
                self.go_on(clock, at=at)

    def stand_still(self, clock: Deadline, reason: str) -> None:
        """Pause a clock whose act is refused at this moment."""
        paused = deadlines.pause(clock, self.now, reason, refused=True)
        self.emit(ev.ClockChanged(change="paused", deadline=paused))

    def go_on(self, clock: Deadline, *, at: datetime | None = None) -> None:
        """Let a paused clock run on: now or from an earlier moment, its due date moved by the time it stood still."""
        ladder = self.policy.ladder(self.policy.clock(clock.rule_id).ladder)
        since = max(at or self.now, clock.pauses[-1].from_)
        resumed = deadlines.resume(clock, since, self.policy.calendar, ladder)
        self.emit(ev.ClockChanged(change="resumed", deadline=resumed))

    def fire(self, clock: Deadline, alarm: AlarmKind, unit: UnitName) -> None:
        """Record that a timer acted, and which unit is to hear of it."""
        self.emit(ev.AlarmFired(clock_id=clock.id, alarm=alarm, at=self.now, unit=unit))

    # --- documents ------------------------------------------------------------------------------------------

    def document(
        self,
        name: str,
        *,
        issuer: UnitName | None = None,
        together: Iterable[UnitName] = (),
        to: Iterable[UnitName] = (),
        **fields: Any,
    ) -> None:
        """Register a 文书 under the policy's rule for it; nothing where the county draws up no such paper.

        ``together``: the units that issue it with its issuer. ``to``: the units it is for, where the act says which.
        """
        rule = self.policy.documents[name]
        if rule.omit:
            return
        issuer = issuer or self._issuer(rule.issuer)
        number = f"{self.d.case_no}文{len(self.d.documents) + 1:02d}"
        given = {k: v for k, v in fields.items() if v not in (None, "", [], {})}
        given = {**known_fields(self.d, rule.fields), **given}
        if remedies.FIELD in rule.fields:
            given[remedies.FIELD] = remedies.redress(self.policy, self.d, name, issuer, given)
        self.emit(
            ev.DocumentRegistered(
                number=number,
                name=self.policy.paper(name),
                issuer=issuer,
                together=[unit for unit in dict.fromkeys(together) if unit != issuer],
                to="、".join(to) or self._addressee(rule.to),
                fields=given,
            )
        )

    def _addressee(self, word: str) -> str:
        """To whom: the matter's own centre where the policy says the county's, the route's mediator, else as it says."""
        if word == "mediator":
            return self.mediator()
        return self.d.center if word == self.policy.units.roles["center"] and self.d.center else word

    def _issuer(self, word: str) -> UnitName:
        match word:
            case "center":
                return self.unit if self.is_center() else self.d.center
            case "lead":
                return self.d.lead or self.unit
            case "actor":
                return self.unit
            case "mediator":
                return self.mediator()
            case _:
                return self.role(word)
