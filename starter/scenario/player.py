"""Playing a story on the real server, by the same public actions as officers use, at the script's business times."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pydantic import ValidationError

from activities.names import dispute_id
from domain.business_clock import BusinessClock
from domain.dispute import Dispute
from domain.fold import replay
from domain.intake import Intake
from domain.wording import field_lines
from domain.words import SHANGHAI
from ledger.store import Ledger
from starter.office import Declined, Office
from starter.scenario.actual import Story, actual
from starter.scenario.compare import NOT_FACTS, Difference, compare
from starter.scenario.following import Following
from starter.scenario.issuing import issuing
from starter.scenario.route import Cast
from starter.scenario.script import Scenario, ScenarioError, Step
from starter.scenario.translate import NotTranslatable, acts_of

LEFT_LYING = timedelta(days=3)
"""Papers drawn up so lately still wait to be issued where a story is let go: a weekend and a day's pile."""
AFTERLIFE = timedelta(days=120)
"""How far the clock runs on when the script ends with somebody doing nothing."""
SETTLING_TRIES = 2400
SETTLING_PAUSE = 0.05


class Played(NamedTuple):
    """What came of a story: every difference from ``expected``, and the values found."""

    scenario: Scenario
    differences: list[Difference]
    actual: dict[str, Any]
    case_no: str


class Seen(NamedTuple):
    """What a step came to: what was done, the stage the matter is in now, or why the step was declined."""

    verbs: list[str]
    """In Chinese; none when the step could not be told."""
    stage: str | None
    refusal: str | None


Watcher = Callable[[Scenario, Step, Seen], None]
"""Told of each step as it happens."""


def _unwatched(scenario: Scenario, step: Step, seen: Seen) -> None:
    """Nobody watches."""


class Player:
    """Plays stories against one office. ``pace``: business seconds a server second."""

    def __init__(self, office: Office, ledger: Ledger, *, pace: float, watch: Watcher | None = None) -> None:
        self._office = office
        self._ledger = ledger
        self._matters = Following(ledger)
        self._pace = pace
        self._watch: Watcher = watch or _unwatched

    async def play(self, scenario: Scenario, goes_on_at: datetime | None = None) -> Played:
        """Play one story to its end and compare it with what is expected of it.

        ``goes_on_at``: what it leaves open (a lead, say) goes on from then in real time, unless it reaches beyond.
        """
        cast, surprises = await self._perform(scenario)
        await self._run_on(scenario, cast)
        played = self._compared(scenario, cast, surprises)
        if goes_on_at:
            await self._go_on(cast, goes_on_at)
        return played

    async def let_go(self, scenario: Scenario, now: datetime) -> Played:
        """Play one story up to ``now`` and let it go: what is still open goes on in real time, and officers act on it. Papers
        are issued as they are drawn up, but for the latest.

        Raises ScenarioError for a story that reaches beyond ``now``.
        """
        if any(step.at and step.at > now for step in scenario.script):
            raise ScenarioError(f"{scenario.id}：有步骤晚于现在，不能接着按真实时间办理")
        cast, surprises = await self._perform(scenario, now - LEFT_LYING)
        await self._go_on(cast, now)
        return self._compared(scenario, cast, surprises)

    async def _go_on(self, cast: Cast, now: datetime) -> None:
        """Let what is still open run on to ``now``, and from there by the real clock: nothing stands still for ever."""
        for matter, state in self._states(cast).items():
            if not state.is_over and self._last(matter) <= now:
                await self._office.advance(matter, now.isoformat())
                await self._idle_until(matter, now)
                await self._office.let_go(matter)

    async def _perform(
        self, scenario: Scenario, issues_until: datetime | None = None
    ) -> tuple[Cast, list[Difference]]:
        """All that people do in a story, and where that was taken otherwise than the story says."""
        acting = [s for s in scenario.script if s.happens]
        waiting = sorted(scenario.further_intakes, key=lambda i: i.received_at)
        main = await self._register(scenario, scenario.intake, _first(acting))
        cast = Cast(main, [dispute_id(i.channel, i.source_no) for i in scenario.further_intakes])
        surprises: list[Difference] = []
        for number, step in enumerate(acting):
            while waiting and step.at and waiting[0].received_at <= step.at:
                await self._register(scenario, waiting.pop(0), step.at)
            last = number + 1 == len(acting)
            until = None if last or issues_until else acting[number + 1].at
            surprises += await self._step(scenario, cast, step, until)
            if issues_until and step.at and step.at < issues_until:
                await self._issue(scenario, cast, step)
        for intake in waiting:
            await self._register(scenario, intake, None)
        return cast, surprises

    def _compared(self, scenario: Scenario, cast: Cast, surprises: list[Difference]) -> Played:
        story = self._story(cast)
        found = actual(story, [k for k in scenario.expected if k not in NOT_FACTS])
        differences = [*surprises, *compare(scenario.expected, found)]
        return Played(scenario, differences, found, story.main.case_no)

    async def _register(self, scenario: Scenario, intake: Intake, until: datetime | None) -> str:
        clock = BusinessClock(pace=self._pace, begins=intake.received_at, horizon=until)
        registrar = scenario.registrar(intake)
        return (await self._office.register(intake, registrar=registrar, clock=clock)).dispute_id

    async def _step(
        self, scenario: Scenario, cast: Cast, step: Step, until: datetime | None
    ) -> list[Difference]:
        verbs: list[str] = []
        stage = refusal = None
        try:
            matter = cast.target(step, step.unit, self._states(cast))
            await self._reach(matter, step)
            before = self._before(matter, scenario, step)
            context = scenario.context(step, before, self._ledger.policy(before.policy_version))
            for act in acts_of(scenario.id, step, context, until):
                verbs.append(act.body.verb)
                stage = (await self._office.act(matter, act)).stage
            await self._settled(cast)
        except Declined as error:
            refusal = str(error)
        except ValidationError as error:
            refusal = field_lines(error)
        except NotTranslatable as error:
            refusal = str(error)
        self._watch(scenario, step, Seen(verbs, stage, refusal))
        if step.refused == (refusal is not None):
            return []
        wanted = "应被拒绝" if step.refused else "应被接受"
        return [Difference(f"script.{step.step}.{step.action}", wanted, refusal or "已接受")]

    async def _issue(self, scenario: Scenario, cast: Cast, step: Step) -> None:
        matter = cast.target(step, step.unit, self._states(cast))
        state = self._matters.state(matter)
        for act in issuing(state, self._ledger.policy(state.policy_version), scenario.id, step):
            await self._office.act(matter, act)

    def _before(self, matter: str, scenario: Scenario, step: Step) -> Dispute:
        """The matter as the step found it: played again, a story means the same acts, and each is taken once."""
        own = f"{scenario.id}#{step.step}"
        state, events = self._matters.read(matter)
        taken = (n for n, e in enumerate(events) if e.action_id == own or e.action_id.startswith(f"{own}."))
        first = next(taken, None)
        return state if first is None else replay(matter, events[:first])

    async def _reach(self, matter: str, step: Step) -> None:
        """Let the timers that are due before this step act by themselves, as they would with nobody logged in."""
        assert step.at
        due = self._matters.state(matter).next_alarm_at()
        if due is None or due > step.at:
            return
        await self._office.advance(matter, step.at.isoformat())
        await self._idle_until(matter, step.at)

    async def _idle_until(self, matter: str, moment: datetime) -> None:
        """Wait until the matter's timers have acted up to a business moment."""
        for _ in range(SETTLING_TRIES):
            due = self._matters.state(matter).next_alarm_at()
            if due is None or due > moment:
                return
            await asyncio.sleep(SETTLING_PAUSE)
        raise TimeoutError("时限定时器未在时限内触发")

    async def _settled(self, cast: Cast) -> None:
        """Wait until what one matter asks of another (a lead, a merger) has arrived there."""
        for _ in range(SETTLING_TRIES):
            if not self._pending(cast):
                return
            await asyncio.sleep(SETTLING_PAUSE)
        raise TimeoutError("派生线索或并案未在时限内送达")

    def _pending(self, cast: Cast) -> bool:
        states = self._states(cast)
        main = states[cast.main]
        leads_missing = any(s.lead_id not in states for d in list(states.values()) for s in d.spawned)
        numbers = {s.source_no for s in main.sources}
        merges_missing = any(
            d.merged_into == main.facts.source_no and d.facts.source_no not in numbers
            for d in states.values()
        )
        return leads_missing or merges_missing

    async def _run_on(self, scenario: Scenario, cast: Cast) -> None:
        """When the script ends with somebody doing nothing, the clock runs on by itself."""
        if not scenario.script or scenario.script[-1].happens:
            return
        for matter, state in self._states(cast).items():
            if state.is_over:
                continue
            horizon = self._last(matter).astimezone(SHANGHAI) + AFTERLIFE
            await self._office.advance(matter, horizon.isoformat())
            await self._idle_until(matter, horizon)

    def _last(self, matter: str) -> datetime:
        return max(event.at for event in self._matters.read(matter)[1])

    def _states(self, cast: Cast) -> dict[str, Dispute]:
        states: dict[str, Dispute] = {}
        for matter in (cast.main, *cast.others):
            state = self._matters.state(matter)
            if state.version:
                states[matter] = state
        for spawned in [s for d in list(states.values()) for s in d.spawned]:
            lead = self._matters.state(spawned.lead_id)
            if lead.version:
                states[spawned.lead_id] = lead
        return states

    def _story(self, cast: Cast) -> Story:
        states = self._states(cast)
        main, events = self._matters.read(cast.main)
        leads = [states[s.lead_id] for s in main.spawned if s.lead_id in states]
        others = [states[m] for m in cast.others if m in states]
        return Story(main, events, others, leads)


def _first(acting: list[Step]) -> datetime | None:
    return acting[0].at if acting else None
