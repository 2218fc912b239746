"""A story played on the pure domain alone: no server, no database, milliseconds."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pydantic import ValidationError

from activities.names import digest, dispute_id
from activities.pressing import press_into
from domain import decide, flow
from domain.actions import Act
from domain.actions.intake import AbsorbSource
from domain.decide import Declined, RelatedMatter
from domain.dispute import Dispute
from domain.draft import Press
from domain.events import Acted, Event, LeadSpawned
from domain.fold import apply
from domain.intake import Intake
from domain.meanings.handling import Merged
from domain.policy import Policy
from domain.words import MatterKind, UnitName
from domain.words import Step as RouteStep
from starter.scenario.actual import Story, actual
from starter.scenario.compare import Difference, compare
from starter.scenario.issuing import issuing
from starter.scenario.route import Cast
from starter.scenario.script import Scenario, Step
from starter.scenario.translate import NotTranslatable, acts_of

AFTERLIFE = timedelta(days=120)
"""How far the clock runs on when a script ends with somebody doing nothing."""


class Life:
    """Matters living in memory by the same decisions and the same fold as in the ledger."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.matters: dict[str, Dispute] = {}
        self.events: dict[str, list[Event]] = {}
        self.papers: dict[str, bytes] = {}
        """The bytes of what was issued, by number."""
        self._numbers: dict[str, int] = {}

    def register(self, intake: Intake, *, at: datetime | None = None, matter: str | None = None,
                 to: list[UnitName] | None = None) -> str:  # fmt: skip
        matter = matter or dispute_id(intake.channel, intake.source_no)
        if matter in self.matters:
            return matter
        county = self.policy.county
        prefix = county.lead_prefix if intake.kind == MatterKind.LEAD else county.case_prefix
        at = at or intake.received_at
        self.matters[matter] = Dispute(id=matter)
        self.events[matter] = []
        self._adopt(
            matter,
            decide.register(
                matter, intake, self.policy, at,
                case_no=self._number(prefix, at), action_id="register", to=to,
            ),
        )  # fmt: skip
        return matter

    def _number(self, prefix: str, at: datetime) -> str:
        self._numbers[prefix] = self._numbers.get(prefix, 0) + 1
        return f"{prefix}〔{at.year}〕{self._numbers[prefix]:04d}号"

    def tick_until(self, moment: datetime) -> None:
        for matter in list(self.matters):
            while (due := self.matters[matter].next_alarm_at()) and due <= moment:
                now = max(due, self.events[matter][-1].at)
                self._adopt(matter, decide.tick(self.matters[matter], self.policy, now, f"tick-{due}"))

    def act(self, matter: str, act: Act, now: datetime) -> None:
        self.tick_until(now)
        self._adopt(
            matter,
            decide.decide(
                self.matters[matter], act, self.policy, now, self._related(),
                lambda prefix: self._number(prefix, now), self.press(),
            ),
        )  # fmt: skip

    def press(self) -> Press:
        """What papers are made by."""
        return press_into(self.policy, self._code, self._keep)

    def _code(self) -> str:
        return f"CODE-{len(self.papers) + 1:04d}"

    def _keep(self, number: str, code: str, made: bytes) -> str:
        self.papers[number] = made
        return hashlib.sha256(made).hexdigest()

    def _related(self) -> dict[str, RelatedMatter]:
        """Every matter under its source number and its case number."""
        related: dict[str, RelatedMatter] = {}
        for d in self.matters.values():
            seen = RelatedMatter(
                dispute_id=d.id, source_no=d.facts.source_no, case_no=d.case_no, is_open=not d.closed_at,
                lead=d.lead,
            )  # fmt: skip
            related |= {seen.source_no: seen, seen.case_no: seen}
        return related

    def _adopt(self, matter: str, events: list[Event]) -> None:
        """Fold in what was committed; then, as the workflow does, open the step that is owed by a commit of its own."""
        for event in events:
            self.matters[matter] = apply(self.matters[matter], event)
            self.events[matter].append(event)
        for event in events:
            self._effect(matter, event)
        self.committed(matter)
        if events:
            self.hand_over(matter)

    def hand_over(self, matter: str) -> None:
        """Open what is owed, as the workflow's flow does."""
        if step := flow.owed(self.matters[matter]):
            self.open(matter, step)

    def open(self, matter: str, step: RouteStep) -> None:
        """Open a step of the route by a commit of its own."""
        d, now = self.matters[matter], self.events[matter][-1].at
        self._adopt(matter, decide.open_step(d, step, self.policy, now, f"open-{step}-{d.version}"))

    def committed(self, matter: str) -> None:
        """Called after every single commit, the two halves of a hand-over apart."""

    def _effect(self, matter: str, event: Event) -> None:
        fact = event.fact
        if isinstance(fact, LeadSpawned):
            self.register(fact.intake, at=event.at, matter=fact.lead_id, to=fact.to)
        elif isinstance(fact, Acted):
            for meaning in fact.means:
                if isinstance(meaning, Merged):
                    self._absorb(matter, meaning.into, event.at)

    def _absorb(self, child: str, into: str, at: datetime) -> None:
        parent = next(d.id for d in self.matters.values() if d.facts.source_no == into)
        intake = self.matters[child].facts
        body = AbsorbSource(
            child_id=child,
            source_no=intake.source_no,
            channel=intake.channel,
            received_at=intake.received_at,
            handed_over_by=intake.handed_over_by,
        )
        act = Act(id=f"absorb-{digest(child)}", unit="system", officer="系统", body=body)
        self._adopt(parent, decide.decide(self.matters[parent], act, self.policy, at))


class Told(NamedTuple):
    """A story played: what became of it, every step that did not go as the script says, all events by matter."""

    story: Story
    surprises: list[str]
    events: dict[str, list[Event]]


def play(scenario: Scenario, policy: Policy) -> tuple[Story, list[str]]:
    """The story, and a line for every step that did not go as the script says."""
    told = relive(scenario, policy)
    return told.story, told.surprises


def relive(scenario: Scenario, policy: Policy, issues_until: datetime | None = None) -> Told:
    """The story with all that was recorded of it; its papers issued as they are drawn up, until a moment if one is given."""
    life = Life(policy)
    surprises: list[str] = []
    waiting = sorted(scenario.further_intakes, key=lambda i: i.received_at)
    main = life.register(scenario.intake)
    cast = Cast(main, [dispute_id(i.channel, i.source_no) for i in scenario.further_intakes])
    for step in scenario.script:
        while waiting and step.at and waiting[0].received_at <= step.at:
            intake = waiting.pop(0)
            life.tick_until(intake.received_at)
            life.register(intake)
        if step.happens:
            surprise = _do(life, cast, scenario, step)
            surprises += [surprise] if surprise else []
            if issues_until and step.at and step.at < issues_until:
                _issue(life, cast, scenario, step, step.at)
    if scenario.script and not scenario.script[-1].happens:
        life.tick_until(life.events[main][-1].at + AFTERLIFE)
    state = life.matters
    leads = [state[s.lead_id] for s in state[main].spawned]
    others = [state[m] for m in cast.others if m in state]
    return Told(Story(state[main], life.events[main], others, leads), surprises, life.events)


def _do(life: Life, cast: Cast, scenario: Scenario, step: Step) -> str | None:
    assert step.at
    matter = cast.target(step, step.unit, life.matters)
    life.tick_until(step.at)
    try:
        for act in acts_of(scenario.id, step, scenario.context(step, life.matters[matter], life.policy)):
            life.act(matter, act, step.at)
    except (Declined, NotTranslatable, ValidationError) as refusal:
        return None if step.refused else f"step {step.step} {step.action}: {refusal}"
    return f"step {step.step} {step.action}: should have been refused" if step.refused else None


def _issue(life: Life, cast: Cast, scenario: Scenario, step: Step, at: datetime) -> None:
    matter = cast.target(step, step.unit, life.matters)
    for act in issuing(life.matters[matter], life.policy, scenario.id, step):
        life.act(matter, act, at)


def found(story: Story, expected: dict[str, Any]) -> list[Difference]:
    """Every difference between the story and what was expected of it."""
    return compare(expected, actual(story, list(expected)))
