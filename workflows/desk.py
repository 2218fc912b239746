"""The desk on which a matter's human tasks lie: takes actions, watches clocks, keeps state and ledger as one.

One lock orders everything that changes the matter. A command goes to the ledger by a local activity and falls back to
an ordinary one while PostgreSQL is away; what comes back are events, and only the fold of events changes the state.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.ledger import LedgerActivities
    from activities.messages import (
        CatchUp,
        Command,
        CommitRequest,
        CommitResult,
        DisputeStart,
        KeepRefusal,
        Notice,
        Receipt,
        Register,
        Take,
        Tick,
        Turned,
    )
    from domain.actions import REGISTER, TICK, Act
    from domain.business_clock import RunningClock
    from domain.dispute import Dispute
    from domain.events import Event, Refused
    from domain.fold import apply
    from domain.sizes import size_of

from workflows import timing
from workflows.display import Display, next_due
from workflows.effects import NOTICES_APART, Effect, effects_of


class TurnedDown(Exception):
    """An action that was not taken."""

    def __init__(self, turned: Turned) -> None:
        super().__init__(turned.message)
        self.turned = turned


class Desk:
    """One matter's desk."""

    def __init__(self, start: DisputeStart) -> None:
        self.dispute = start.resumed or Dispute(id=start.dispute_id)
        self._next_alarm = self.dispute.next_alarm_at()
        """Kept, for each event of the workflow asks for it several times."""
        self.clock = RunningClock(start.clock)
        self.effects: deque[Effect] = deque()
        self.notices: deque[Effect] = deque()
        self._lock = asyncio.Lock()
        self._display = Display()
        self._background: list[asyncio.Task[None]] = []
        self.turned: Turned | None = None
        self.registered = self.dispute.version > 0
        """Whether the matter has its case number, and this run knows all of it."""
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

    async def register(self, start: DisputeStart) -> None:
        """登记, once: a resumed matter is registered already. Raises TurnedDown when it cannot be registered."""
        if self.registered:
            self._display.show(self.dispute)
            return
        async with self._lock:
            result = await self._commit(Register(intake=start.intake, to=start.to), REGISTER, self.now())
        self.registered = self.dispute.version > 0
        if result.turned and not self.registered:
            self.turned = result.turned
            raise TurnedDown(result.turned)

    async def wait_registered(self) -> None:
        """Until the matter has its case number. Raises TurnedDown when it will never have one."""
        await workflow.wait_condition(lambda: self.registered or self.turned is not None)
        if self.turned:
            raise TurnedDown(self.turned)

    async def take(self, act: Act, *, by_signal: bool = False) -> Receipt:
        """Take an officer's action. Timers due before it act first. Raises TurnedDown."""
        await self.wait_registered()
        async with self._lock:
            moment = max(act.at or self.now(), self.now()) if self.clock.clock.pace else self.now()
            await self._tick_until(moment, strictly=True)
            self.clock.acted(moment, act.until)
            result = await self._commit(Take(act=act, by_signal=by_signal), act.id, moment)
        if result.turned:
            raise TurnedDown(result.turned)
        return self.receipt()

    async def keep_refusal(self, unit: str, officer: str, refused: Refused) -> None:
        """Keep a signal that could not be read as an event."""
        await self.wait_registered()
        async with self._lock:
            keep = KeepRefusal(unit=unit, officer=officer, refused=refused)
            await self._commit(keep, f"refused-{workflow.uuid4()}", self.now())

    async def catch_up(self, since: int | None) -> None:
        """Adopt what the ledger holds and do what is due; bring about anew what events after ``since`` ask for.

        Harmless at any time: whoever is asked twice (another matter, the notice's gateway) acts once.
        """
        await self.wait_registered()
        async with self._lock:
            known = self.dispute.version
            result = await self._commit(Tick(), f"{TICK}{workflow.uuid4()}", self.now(), since=since)
        for event in result.events:
            if event.seq <= known:
                for effect in effects_of(self.dispute, event):
                    self._lane(effect).append(effect)

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run ``work`` beside the flow chart. An error in it is an error of the workflow, never lost."""
        self._background.append(asyncio.create_task(work))

    async def until(self, reached: Callable[[Dispute], bool]) -> None:
        """Wait for a milestone, for the matter's end by another way, or for this run's end."""
        await workflow.wait_condition(
            lambda: reached(self.dispute) or self.dispute.is_over or self.must_go_on_anew() or self._failed()
        )
        self._raise_failed()

    def must_go_on_anew(self) -> bool:
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

    async def watch(self) -> None:
        """Act on the clocks: one durable timer at a time, for the next alarm of the matter."""
        while not self.dispute.is_over:
            due, horizon = self._next_alarm, self.clock.horizon
            delay = self.clock.delay(due, workflow.now())
            if due and delay is not None and await self._ran_out(due, horizon, delay):
                async with self._lock:
                    await self._tick_until(due if self.clock.clock.pace else max(due, self.now()))
            elif delay is None:
                await workflow.wait_condition(lambda d=due, h=horizon: self._rearm(d, h, armed=False))

    async def _ran_out(self, due: datetime, horizon: datetime | None, delay: timedelta) -> bool:
        """Wait for an alarm's moment. False when something else became more urgent meanwhile."""
        if self.clock.clock.pace and delay < timing.TIMER_RESOLUTION:
            return True
        try:
            await workflow.wait_condition(
                lambda: self._rearm(due, horizon, armed=True),
                timeout=delay,
                timeout_summary=f"{self.dispute.case_no} 下一时限 {due:%Y-%m-%d %H:%M}",
            )
        except TimeoutError:
            return self._next_alarm == due
        return False

    def _rearm(self, due: datetime | None, horizon: datetime | None, *, armed: bool) -> bool:
        """Whether the timer in hand no longer serves: an earlier alarm, a moved horizon, or the end."""
        if self.dispute.is_over:
            return True
        next_alarm = self._next_alarm
        if not armed or self.clock.clock.pace:
            return next_alarm != due or self.clock.horizon != horizon
        return due is None or (next_alarm is not None and next_alarm < due)

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
        if self._carried > timing.CARRIED_BY_ONE_TASK:
            return await self._ask_remotely(request, "本次待交内容较多，改由普通活动提交")
        try:
            result = await workflow.execute_local_activity_method(
                LedgerActivities.commit,
                request,
                schedule_to_close_timeout=2 * timing.COMMIT_LOCALLY,
                start_to_close_timeout=timing.COMMIT_LOCALLY,
                retry_policy=timing.COMMIT_LOCAL_TRIES,
            )
        except FailureError as error:  # a local activity fails bare, an ordinary one wrapped
            if is_cancelled_exception(error):
                raise
            return await self._ask_remotely(request, "台账暂不可用，提交将一直重试")
        if result.size:
            self._carried += result.size + timing.MARKER
        return result

    async def _ask_remotely(self, request: CommitRequest, why: str) -> CommitResult:
        """By an ordinary activity: it ends the workflow task, and its answer travels by itself."""
        self._carried = 0
        return await workflow.execute_activity_method(
            LedgerActivities.commit,
            request,
            start_to_close_timeout=timing.COMMIT_REMOTELY,
            retry_policy=timing.UNTIL_THE_LEDGER_IS_BACK,
            summary=why,
        )

    def _adopt(self, events: list[Event]) -> None:
        """Fold in every event not known yet, whoever committed it."""
        for event in events:
            if event.seq > self.dispute.version:
                self.dispute = apply(self.dispute, event)
                if event.seq > self._effects_done:
                    for effect in effects_of(self.dispute, event):
                        self._lane(effect).append(effect)
        if events:
            self._next_alarm = self.dispute.next_alarm_at()
            self._display.show(self.dispute)

    def _lane(self, effect: Effect) -> deque[Effect]:
        apart = isinstance(effect, Notice) and workflow.patched(NOTICES_APART)
        return self.notices if apart else self.effects
