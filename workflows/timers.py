"""The durable timers of one matter: one for each clock that the step under way watches, one for the nearest of the others."""

from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime, timedelta
from typing import Any, Protocol

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.names import short
    from domain.business_clock import RunningClock
    from domain.dispute import Dispute
    from domain.flow import Rung, next_rung, rung_of

from workflows import timing

Upcoming = Callable[[], Rung | None]


class Matter(Protocol):
    """Whose timers these are."""

    dispute: Dispute
    clock: RunningClock

    def now(self) -> datetime:
        """The business moment."""
        ...

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run ``work`` beside the flow chart."""
        ...

    async def act_on_clocks(self, moment: datetime) -> None:
        """Let every clock that is due by this moment act."""
        ...


class Timers:
    """Says of each timer whose clock it waits for, which rung, which moment."""

    def __init__(self, matter: Matter) -> None:
        self._matter = matter
        self._watched: dict[str, Rung | None] = {}
        """The clocks with a timer of their own, each with its next rung."""
        self._next: Rung | None = None
        """Of all others."""

    def set(self, watching: Iterable[str]) -> None:
        """When the flow rests: a timer of its own for each of these clocks, the one timer for all others."""
        d = self._matter.dispute
        self._watched = {clock_id: rung_of(d, clock_id) for clock_id in self._watched}
        for clock_id in watching:
            if clock_id not in self._watched and (due := rung_of(d, clock_id)):
                self._watched[clock_id] = due
                self._matter.in_background(self._watch(clock_id))
        self._next = next_rung(d, but=self._watched)

    async def watch_the_others(self) -> None:
        """One durable timer at a time, for the nearest of the clocks that no step watches.

        It is kept while nothing comes earlier, for arming anew costs the history two events; so it says that it looks
        again at its moment, not that the clock it was set for is still running.
        """
        while True:
            await self._round(lambda: self._next, kept=not self._matter.clock.clock.pace)

    async def _watch(self, clock_id: str) -> None:
        """One clock's own timer. It ends with the clock, or when that stands still."""
        while self._watched.get(clock_id):
            await self._round(lambda: self._watched.get(clock_id), kept=False)
        self._watched.pop(clock_id, None)

    async def _round(self, upcoming: Upcoming, *, kept: bool) -> None:
        """Wait for one moment, or until something else is to be waited for."""
        clock = self._matter.clock
        due, kind, horizon = upcoming(), clock.clock, clock.horizon
        delay = clock.delay(due and due.at, workflow.now())

        def moved() -> bool:
            # A run that ends leaves its timers behind: to cancel them would be an event each. One whose moment has
            # come fires by itself, perhaps it has already: several clocks may be due at the same moment.
            same = clock.clock is kind and clock.horizon == horizon
            if (upcoming() == due and same) or self._matter.dispute.is_over:
                return False
            return due is None or kind.pace is not None or due.at > self._matter.now()

        def sooner() -> bool:
            then = upcoming()
            return due is not None and then is not None and then.at < due.at and moved()

        if due is None or delay is None:
            await workflow.wait_condition(moved)
        elif await self._ran_out(due, delay, sooner if kept else moved, kept=kept) and upcoming() == due:
            await self._matter.act_on_clocks(due.at)
            if upcoming() == due:
                raise RuntimeError(f"{due} was due and did not act")

    async def _ran_out(self, due: Rung, delay: timedelta, moved: Callable[[], bool], *, kept: bool) -> bool:
        """Wait for a moment. False when something else became more urgent meanwhile."""
        if self._matter.clock.clock.pace and delay < timing.TIMER_RESOLUTION:
            return True
        try:
            summary = f"{due}（届时核对）" if kept else str(due)
            await workflow.wait_condition(moved, timeout=delay, timeout_summary=short(summary))
        except TimeoutError:
            return True
        return False
