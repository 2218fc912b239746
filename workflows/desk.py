"""The desk on which a matter's human tasks lie: takes actions, watches clocks, keeps state and ledger as one.

One lock orders everything that changes the matter. A command goes to the ledger by a local activity and falls back to
an ordinary one while PostgreSQL is away; what comes back are events, and only the fold of events changes the state.

Whoever changed the matter holds the lock until the flow rests again: the flow opens the step that is owed under that
lock, in the same workflow task, so that nobody's action comes between a step's end and the next one's beginning.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.exceptions import FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.messages import (
        CatchUp,
        Command,
        CommitRequest,
        CommitResult,
        Decline,
        DisputeStart,
        KeepDeclined,
        Note,
        Notice,
        Open,
        Receipt,
        Register,
        Take,
        Tick,
    )
    from activities.names import short
    from activities.stages import stage_of, summary_of
    from domain.actions import OPEN, REGISTER, TICK, Act
    from domain.business_clock import RunningClock
    from domain.dispute import Dispute
    from domain.due import next_due
    from domain.events import Declined as DeclinedFact
    from domain.events import Event
    from domain.flow import closed_for_good
    from domain.fold import apply
    from domain.sizes import size_of
    from domain.words import Step

from workflows import timing
from workflows.display import Display
from workflows.effects import Effect, effects_of, joined
from workflows.timers import Timers

PLAYED = "演示案件：此前的经过由剧本以演示时钟演出，自此按真实时间办理"


class Declined(Exception):
    """An action that was not taken."""

    def __init__(self, declined: Decline) -> None:
        super().__init__(declined.message)
        self.declined = declined


class GoesOnAnew(Exception):
    """The history has grown so that the matter goes on in a new run."""


Watching = Callable[[Dispute], list[str]]
"""The clocks, by id, that a step watches by a timer of their own."""


class Desk:
    """One matter's desk."""

    def __init__(self, start: DisputeStart) -> None:
        self.dispute = start.resumed or Dispute(id=start.dispute_id)
        self._next_alarm = self.dispute.next_alarm_at()
        """Kept, for each event of the workflow asks for it several times."""
        self.clock = RunningClock(start.clock)
        self.timers = Timers(self)
        self.effects: deque[Effect] = deque()
        self.notices: deque[Effect] = deque()
        self._lock = asyncio.Lock()
        self._flow_holds = False
        """Whether the lock is held for the flow: until it rests for the first time, it belongs to nobody else."""
        self._rests = asyncio.Event()
        self._rested_at: int | None = None
        self._flow_ended = False
        self._display = Display()
        self._background: list[asyncio.Task[None]] = []
        self._lately: deque[str] = deque(maxlen=timing.REMEMBERED)
        self.declined: Decline | None = None
        self.registered = False
        """Whether the matter has its case number, this run knows all of it, and its flow stands."""
        self._effects_done = start.resumed_version
        self._carried = 0
        self.signals = 0
        """How many came in this run."""

    def now(self) -> datetime:
        """The business moment."""
        return self.clock.now(workflow.now())

    def receipt(self) -> Receipt:
        """How the matter stands, for whoever acted."""
        d = self.dispute
        return Receipt(
            dispute_id=d.id, case_no=d.case_no, version=d.version, stage=d.stage, next_due=next_due(d)
        )

    # --- what officers and the server send ---------------------------------------------------------------------

    async def register(self, start: DisputeStart) -> None:
        """登记, once: a resumed matter is registered already. Raises Declined when it cannot be registered.

        The desk stays closed until the flow rests: what was left undone by an earlier run comes before all else.
        """
        await self._lock.acquire()
        self._flow_holds = True
        if self.dispute.version:
            return
        command = Register(intake=start.intake, registrar=start.registrar, to=start.to)
        result = await self._ask_for(command, REGISTER, self.now())
        if result.declined and not self.dispute.version:
            self.declined = result.declined
            self._lock.release()
            raise Declined(result.declined)

    async def wait_registered(self) -> None:
        """Until the matter has its case number. Raises Declined when it will never have one."""
        await workflow.wait_condition(lambda: self.registered or self.declined is not None)
        if self.declined:
            raise Declined(self.declined)

    async def take(self, command: Take) -> Receipt:
        """Take an officer's action. Timers due before it act first. Raises Declined."""
        act = command.act
        await self.wait_registered()
        async with self._lock:
            moment = max(act.at or self.now(), self.now()) if self.clock.clock.pace else self.now()
            await self._tick_until(moment, strictly=True)
            self.clock.acted(moment, act.until)
            result = await self._commit(command, act.id, moment)
        if result.declined:
            raise Declined(result.declined)
        return self.receipt()

    def too_late(self, act: Act) -> Decline | None:
        """Why an action can never become possible again, as far as this state can tell; one sent twice is answered."""
        found = None if act.id in self._lately else closed_for_good(self.dispute, act)
        return found and Decline(code=found.code, message=found.message, field=found.field)

    async def keep_declined(self, unit: str, officer: str, fact: DeclinedFact) -> None:
        """Keep a signal that could not be read as an event."""
        await self._keep(KeepDeclined(unit=unit, officer=officer, fact=fact), "refused")

    async def note(self, text: str) -> None:
        """Keep in the record what came to pass beside the matter's own course."""
        await self._keep(Note(text=text), "note")

    async def let_go(self) -> None:
        """A demonstration's matter goes on in real time; its record says so, and that what went before was played."""
        await self.wait_registered()
        self.clock.let_go()
        await self.note(PLAYED)

    async def _keep(self, command: KeepDeclined | Note, what: str) -> None:
        await self.wait_registered()
        async with self._lock:
            await self._commit(command, f"{what}-{workflow.uuid4()}", self.now())

    async def catch_up(self, since: int | None) -> None:
        """Adopt what the ledger holds and do what is due; bring about anew what events after ``since`` ask for.

        Harmless at any time: whoever is asked twice (another matter, the notice's gateway) acts once.
        """
        await self.wait_registered()
        async with self._lock:
            known = self.dispute.version
            result = await self._commit(Tick(), f"{TICK}{workflow.uuid4()}", self.now(), since=since)
        self._bring_about(
            [e for event in result.events if event.seq <= known for e in effects_of(self.dispute, event)]
        )

    async def act_on_clocks(self, moment: datetime) -> None:
        """Let every clock that is due by this moment act."""
        async with self._lock:
            await self._tick_until(moment if self.clock.clock.pace else max(moment, self.now()))

    # --- the flow ----------------------------------------------------------------------------------------------

    async def until(self, reached: Callable[[Dispute], bool], watching: Watching | None = None) -> None:
        """Wait for a milestone or for the matter's end: the flow's only way to wait. Clocks named by ``watching``
        get timers of their own meanwhile.

        Raises GoesOnAnew when this run has to end; only at rest, never between a step's end and the next opening.
        """
        while not (reached(self.dispute) or self.dispute.is_over):
            seen = self.dispute.version
            self._rest(watching(self.dispute) if watching else [])
            await workflow.wait_condition(
                lambda seen=seen: self.dispute.version != seen or self._must_go_on_anew() or self._failed()
            )
            self._raise_failed()
            if self.dispute.version == seen:
                raise GoesOnAnew

    async def open(self, step: Step) -> None:
        """Put the step that is owed on its owner's desk, under the lock of whoever brought it on."""
        if not self._lock.locked():
            raise RuntimeError("a step was opened while somebody else may act")
        known = self.dispute.version
        await self._ask_for(Open(step=step), f"{OPEN}{step}-{known}", self.now())
        if self.dispute.version == known:
            raise RuntimeError(f"{step} was owed and not opened")

    def _rest(self, watching: list[str]) -> None:
        """Nothing is owed: whoever waits for this is answered, and the desk is open to the next."""
        self._show(watching)
        self._rested_at = self.dispute.version
        self._stand()

    def _show(self, watching: Sequence[str] = ()) -> None:
        self.timers.set(watching)
        self._display.show(self.dispute)

    def _stand(self) -> None:
        self.registered = self.registered or self.dispute.version > 0
        self._rests.set()
        if self._flow_holds:
            self._flow_holds = False
            self._lock.release()

    def end_flow(self) -> None:
        """The flow chart has come to its end in this run: what is still taken is handed over by the next."""
        self._flow_ended = True
        self._show()
        self._stand()

    async def _handed_over(self) -> None:
        """Wait, with the lock held, until the flow rests upon what was just committed."""
        while self._rested_at != self.dispute.version and not self._flow_ended:
            self._rests.clear()
            await self._rests.wait()

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run ``work`` beside the flow chart. An error in it is an error of the workflow, never lost."""
        self._background = [task for task in self._background if not task.done() or task.exception()]
        self._background.append(asyncio.create_task(work))

    def _must_go_on_anew(self) -> bool:
        """Whether the history has grown so that the matter should go on in a new run."""
        suggested = workflow.info().is_continue_as_new_suggested()
        return suggested or self.signals >= timing.SIGNALS_IN_ONE_RUN

    def _raise_failed(self) -> None:
        for task in self._background:
            if task.done():
                task.result()

    def _failed(self) -> bool:
        return any(task.done() and task.exception() for task in self._background)

    def resumed(self) -> dict[str, object]:
        """What the next run starts from: the state, or for a large one the ledger, and the clock as it stands."""
        d = self.dispute
        carried = d if size_of(d) <= timing.STATE_CARRIED else None
        return {"resumed": carried, "resumed_version": d.version, "clock": self.clock.snapshot()}

    async def settle(self) -> None:
        """Wait until nothing is under way: no handler, no effect, no commit.

        What died in the background would be waited for in vain: its error is raised.
        """
        while True:
            await workflow.wait_condition(lambda: self._idle() or self._failed())
            self._raise_failed()
            await self._lock.acquire()
            # A timer may have held the lock meanwhile, and officers come.
            if self._idle() and not self._failed():
                return
            self._lock.release()

    def _idle(self) -> bool:
        return workflow.all_handlers_finished() and not self.effects and not self.notices

    # --- the ledger --------------------------------------------------------------------------------------------

    async def _tick_until(self, moment: datetime, *, strictly: bool = False) -> None:
        """Let every timer due by ``moment`` act, each at its own time on a paced clock.

        ``strictly``: not those due at this very moment: who acts at the last moment is in time, and gets no red card.
        """
        while (due := self._next_alarm) and (due < moment or (due == moment and not strictly)):
            at = max(due, self.now()) if self.clock.clock.pace else moment
            self.clock.reach(at)
            known = self.dispute.version
            await self._commit(Tick(), f"{TICK}{due.isoformat()}-{known}", at)
            if self.dispute.version == known:
                raise RuntimeError("a timer that was due changed nothing")

    async def _commit(
        self, command: Command, action_id: str, now: datetime, *, since: int | None = None
    ) -> CommitResult:
        """Commit a command; whoever gave it is answered when the flow has done what follows from it."""
        result = await self._ask_for(command, action_id, now, since=since)
        await self._handed_over()
        return result

    async def _ask_for(
        self, command: Command, action_id: str, now: datetime, *, since: int | None = None
    ) -> CommitResult:
        request = CommitRequest(
            dispute_id=self.dispute.id,
            action_id=action_id,
            known_version=self.dispute.version if since is None else min(since, self.dispute.version),
            now=now,
            command=command,
        )
        result = page = await self._ask(request)
        self._adopt(result.events)
        while page.more:
            rest = {"known_version": self.dispute.version, "command": CatchUp()}
            page = await self._ask(request.model_copy(update=rest))
            self._adopt(page.events)
        return result

    async def _ask(self, request: CommitRequest) -> CommitResult:
        """Ask the ledger, locally unless this workflow task may already carry as much as the server takes."""
        name = stage_of(request.command, self.dispute, request.now)
        summary = short(summary_of(request.command, self.dispute, request.now))
        if self._carried > timing.CARRIED_BY_ONE_TASK:
            return await self._ask_remotely(name, request, short(f"（内容较多，改由普通活动提交）{summary}"))
        try:
            result = await workflow.execute_local_activity(
                name,
                request,
                result_type=CommitResult,
                schedule_to_close_timeout=2 * timing.COMMIT_LOCALLY,
                start_to_close_timeout=timing.COMMIT_LOCALLY,
                retry_policy=timing.COMMIT_LOCAL_TRIES,
                summary=summary,
            )
        except FailureError as error:  # a local activity fails bare, an ordinary one wrapped
            if is_cancelled_exception(error):
                raise
            return await self._ask_remotely(name, request, short(f"（台账暂不可用，一直重试）{summary}"))
        if result.size:
            self._carried += result.size + timing.MARKER
        return result

    async def _ask_remotely(self, name: str, request: CommitRequest, summary: str) -> CommitResult:
        """By an ordinary activity: it ends the workflow task, and its answer travels by itself."""
        self._carried = 0
        return await workflow.execute_activity(
            name,
            request,
            result_type=CommitResult,
            start_to_close_timeout=timing.COMMIT_REMOTELY,
            retry_policy=timing.UNTIL_THE_LEDGER_IS_BACK,
            summary=summary,
        )

    def _adopt(self, events: list[Event]) -> None:
        """Fold in every event not known yet, whoever committed it."""
        asked: list[Effect] = []
        for event in events:
            if event.seq > self.dispute.version:
                self.dispute = apply(self.dispute, event)
                if event.action_id not in self._lately:
                    self._lately.append(event.action_id)
                if event.seq > self._effects_done:
                    asked += effects_of(self.dispute, event)
        self._bring_about(asked)
        if events:
            self._next_alarm = self.dispute.next_alarm_at()
            if self._flow_ended:
                self._show()

    def _bring_about(self, effects: list[Effect]) -> None:
        for effect in joined(effects):
            (self.notices if isinstance(effect, Notice) else self.effects).append(effect)
