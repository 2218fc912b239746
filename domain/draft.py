"""The unit of decision: a state, a policy, a moment, and the facts found so far.

Everything one action brings about is drafted here and committed in one transaction, so that a matter is never seen
between two owners.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal, NamedTuple

from domain import deadlines, remedies
from domain import events as ev
from domain import meanings as m
from domain.actions import Action
from domain.actions.form import Span
from domain.clocks import ClockStart
from domain.deadlines import AlarmKind, Deadline
from domain.dispute import Dispute
from domain.events import Event, Fact
from domain.fold import apply
from domain.meanings import Meaning
from domain.paper_content import Content
from domain.papers import known_fields
from domain.persons import By, Doer, doer
from domain.policy import Policy, Tier
from domain.policy_life import TierCallback
from domain.policy_rules import Power, RouteStep
from domain.policy_units import ROLE_WORDS
from domain.state import Task
from domain.tasks import BESIDE, TASKS, TaskKind
from domain.words import Channel, Model, Stage, Step, UnitName

SYSTEM_OFFICER = "系统"


class Declined(Exception):
    """An action that cannot be taken. ``code`` is stable; the message tells the officer what to do, in Chinese."""

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.field = field


class Unlawful(Declined):
    """What the law forbids whoever asks for it; that it was asked for stays on record."""


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


Press = Callable[[str, str, Callable[[str], Content]], Pressed]
"""Makes a paper and keeps it: its name, its number, and what stands in its places, given its code. Raises Declined."""


def _named(body: Action) -> list[str]:
    """Who handles the matter besides the officer that sends it: those who investigate, those who mediate."""
    chief: str | None = getattr(body, "chief", None)
    return [*([chief] if chief else []), *getattr(body, "members", []), *getattr(body, "investigators", [])]


class Draft:
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
        cause: str | None = None,
        related: dict[str, RelatedMatter] | None = None,
        number: Numbering | None = None,
        press: Press | None = None,
    ) -> None:
        self.d = dispute
        self.policy = policy
        self.now = now
        self.unit = unit
        self.officer = officer
        self.by = by
        self.action_id = action_id
        self.task = task
        """The open task of the acting unit that the action is about, if it names one."""
        self.cause = cause or action_id
        """What brought this about: the clock of a step that the flow opens counts from the action before it."""
        self.related = related or {}
        self._number = number
        self._press = press
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

    @property
    def doer(self) -> Doer:
        """Who acts."""
        return doer(self.officer, self.by)

    # --- units ----------------------------------------------------------------------------------------------

    def role(self, name: str) -> UnitName:
        """The county's unit in a role (center, joint_office ...); refused when the county has none."""
        unit = self.policy.units.roles.get(name)
        if unit is None:
            raise Declined(
                "no_such_role", f"本县未设{ROLE_WORDS.get(name, name)}，请在县政策 units.roles 中补充"
            )
        return unit

    def is_role(self, *names: str) -> bool:
        """Whether the acting unit holds one of these roles."""
        return not self._roles.isdisjoint(names)

    @cached_property
    def _roles(self) -> frozenset[str]:
        return self.policy.units.roles_of(self.unit)

    def may(self, power: Power) -> bool:
        """Whether the policy lets the acting unit do this besides those whose task it is.

        One of the many units at the base has a power only in the matters of its own place.
        """
        if not self.policy.among(self.unit, power.units):
            return False
        roles = self.policy.units.roles
        return (
            any(word == self.unit or roles.get(word) == self.unit for word in power.units) or self.is_near()
        )

    def is_near(self) -> bool:
        """Whether the acting unit is named after the place that the matter comes from, or is about."""
        places = [t for t in self.policy.county.towns if self.d.center.startswith(t)]
        places += [r.town for r in self.d.facts.respondents if r.town in self.policy.county.towns]
        return any(place in self.unit or place[:-1] in self.unit for place in places)

    def other_than(self, unit: UnitName, words: Iterable[str]) -> UnitName | None:
        """The first of these roles or units that is not ``unit`` and that the county has."""
        roles = self.policy.units.roles
        return next((u for w in words if (u := roles.get(w, w)) != unit and self.policy.units.knows(u)), None)

    def is_party(self) -> bool:
        """Whether the applicant or the respondent acts."""
        return self.is_role("applicant", "respondent")

    def is_center(self) -> bool:
        """Whether the matter's 综治中心, or the county's, acts."""
        return self.unit in (self.d.center, self.role("center"))

    @property
    def center(self) -> UnitName:
        """The matter's 综治中心, or the county's while it has none."""
        return self.d.center or self.role("center")

    @property
    def tier(self) -> Tier | None:
        """The tier whose route the matter takes; ``None`` before it is accepted."""
        return self.policy.tier_by_path(self.d.path) if self.d.path else None

    def notifier(self) -> UnitName:
        """The unit that tells the party: the lead of a matter handled by it alone, else the 综治中心 or a role."""
        return self._named(self.d.notifier)

    def closer(self) -> UnitName:
        """The unit that closes and archives the matter."""
        return self._named(self.tier.closed_by) if self.tier else self.center

    def is_closer(self) -> bool:
        """Whether the acting unit closes the matter; where that is the 综治中心, the county's may too."""
        tier = self.tier
        centers = tier is None or tier.closed_by == "center"
        return self.is_center() if centers else self.unit == self.closer()

    @property
    def callback(self) -> TierCallback:
        """How the party is called back in the matter's tier."""
        return self.tier.callback if self.tier else TierCallback()

    def caller(self) -> UnitName:
        """The unit that calls the party back."""
        return self._named(self.callback.by)

    def _named(self, word: str) -> UnitName:
        """``lead``, ``center`` or a role."""
        match word:
            case "lead":
                return self.d.lead or self.d.center
            case "center":
                return self.d.center
            case _:
                return self.role(word)

    def known(self, *units: UnitName) -> list[UnitName]:
        """These units by the county's names; refused when one is unknown."""
        try:
            return [self.policy.unit(u) for u in units]
        except ValueError as error:
            raise Declined("unknown_unit", str(error), "unit") from error

    def require(self, allowed: bool, who: str) -> None:
        """Refuse the acting unit unless it is allowed."""
        if not allowed:
            raise Declined("wrong_unit", f"{self.unit}不能办理此事项，应由{who}办理", "unit")

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

        Without ``clocks`` whoever opens it starts one of its own.
        """
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

    def close_task(self, task: Task, outcome: str, *, stop: bool = True) -> None:
        """End a task; its clocks stop (met or late), or lapse when the task is no longer needed."""
        self.emit(ev.TaskClosed(task_id=task.id, outcome=outcome))
        for clock in list(self.d.open_clocks()):
            if clock.task_id == task.id:
                self.stop_clock(clock) if stop else self.lapse_clock(clock)

    def close_tasks(self, *kinds: TaskKind, outcome: str, stop: bool = True) -> None:
        """End every open task of these kinds."""
        for task in self.d.open_tasks(*kinds):
            self.close_task(task, outcome, stop=stop)

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

    def stop_clocks(self, *rule_ids: str) -> None:
        """Stop every open clock by these rules."""
        for clock in self.clocks(*rule_ids):
            self.stop_clock(clock)

    def pause_clocks(self, reason: str, *rule_ids: str) -> None:
        """Pause the internal clocks (by these rules, if any is named); statutory ones run on."""
        for clock in self.clocks(*rule_ids) if rule_ids else list(self.d.open_clocks()):
            if clock.kind == "internal" and not clock.is_paused:
                self.emit(ev.ClockChanged(change="paused", deadline=deadlines.pause(clock, self.now, reason)))

    def resume_clocks(self) -> None:
        """Let paused clocks run on, but for those whose act is refused for a reason of its own."""
        for clock in list(self.d.open_clocks()):
            if clock.is_paused and not clock.is_refused:
                self.go_on(clock)

    def stand_still(self, clock: Deadline, reason: str) -> None:
        """Pause a clock whose act is refused at this moment."""
        paused = deadlines.pause(clock, self.now, reason, refused=True)
        self.emit(ev.ClockChanged(change="paused", deadline=paused))

    def go_on(self, clock: Deadline) -> None:
        """Let a paused clock run on, its due date moved by the time it stood still."""
        ladder = self.policy.ladder(self.policy.clock(clock.rule_id).ladder)
        resumed = deadlines.resume(clock, self.now, self.policy.calendar, ladder)
        self.emit(ev.ClockChanged(change="resumed", deadline=resumed))

    def fire(self, clock: Deadline, alarm: AlarmKind, unit: UnitName) -> None:
        """Record that a timer acted, and which unit is to hear of it."""
        self.emit(ev.AlarmFired(clock_id=clock.id, alarm=alarm, at=self.now, unit=unit))

    # --- documents ------------------------------------------------------------------------------------------

    def document(
        self, name: str, *, issuer: UnitName | None = None, together: Iterable[UnitName] = (), **fields: Any
    ) -> None:
        """Register a 文书 under the policy's rule for it; nothing where the county draws up no such paper.

        ``together``: the units that issue it with its issuer.
        """
        rule = self.policy.documents[name]
        if rule.omit:
            return
        issuer = issuer or self._issuer(rule.issuer)
        number = f"{self.d.case_no}文{len(self.d.documents) + 1:02d}"
        given = {k: v for k, v in fields.items() if v not in (None, "", [])}
        given = {**known_fields(self.d, rule.fields), **given}
        if remedies.FIELD in rule.fields:
            given[remedies.FIELD] = remedies.redress(self.policy, self.d, name, issuer, given)
        self.emit(
            ev.DocumentRegistered(
                number=number,
                name=self.policy.paper(name),
                issuer=issuer,
                together=[unit for unit in dict.fromkeys(together) if unit != issuer],
                to=self._addressee(rule.to),
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

    def mediator(self) -> UnitName:
        """Who mediates by the route: the owner of its mediation, else whoever acts."""
        step = self.tier.step(Step.MEDIATE) if self.tier else None
        return self.owner(step) if step else self.unit

    def owner(self, step: RouteStep, tier: Tier | None = None) -> UnitName:
        """The unit a step of the route belongs to."""
        tier = tier or self.tier
        return self._named(tier.organiser if tier and step.owner == "organiser" else step.owner)
