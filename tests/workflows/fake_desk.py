"""The workflow's real flow on a desk without a server: random lives in milliseconds."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from domain import flow
from domain.dispute import Dispute
from domain.policy import Policy
from domain.words import Step
from tests.domain.test_life_random import Watched
from workflows.desk import Desk, Watching
from workflows.dispute import follow_the_chart


class FakeDesk:
    """What the steps ask of a desk, over a matter that lives in memory."""

    def __init__(self, life: "FlowLife", matter: str) -> None:
        self._life = life
        self._matter = matter
        self._changed = asyncio.Event()
        self._rests = asyncio.Event()
        self.rested_at = 0
        self.flow = asyncio.ensure_future(follow_the_chart(cast(Desk, self)))

    @property
    def dispute(self) -> Dispute:
        return self._life.matters[self._matter]

    async def until(self, reached: Callable[[Dispute], bool], watching: Watching | None = None) -> None:
        while not (reached(self.dispute) or self.dispute.is_over):
            d = self.dispute
            assert flow.owed(d) is None, f"rests while {flow.owed(d)} is owed"
            assert all(d.clocks[clock].is_open for clock in (watching(d) if watching else []))
            self._life.rested.add((flow.phase(d), flow.current_step(d)))
            self.rested_at = d.version
            self._rests.set()
            self._changed.clear()
            await self._changed.wait()

    async def open(self, step: Step) -> None:
        known = self.dispute.version
        self._life.open(self._matter, step)
        assert self.dispute.version > known

    async def handed_over(self) -> None:
        """Until the flow rests upon what was committed."""
        self._changed.set()
        while self.rested_at != self.dispute.version:
            self._rests.clear()
            waiting = asyncio.ensure_future(self._rests.wait())
            await asyncio.wait({waiting, self.flow}, timeout=5, return_when=asyncio.FIRST_COMPLETED)
            if self.flow.done():
                waiting.cancel()
                self.flow.result()
                assert self.dispute.is_over
                return
            assert waiting.done(), "the flow neither rests nor ends"


class FlowLife(Watched):
    """A life whose steps are opened by the real flow alone."""

    def __init__(self, policy: Policy, runner: asyncio.Runner) -> None:
        super().__init__(policy)
        self.rested: set[tuple[Any, Any]] = set()
        self._runner = runner
        self._desks: dict[str, FakeDesk] = {}
        self._opening = False

    def before_action(self, d: Dispute, now: datetime) -> None:
        """What is offered is not this life's matter."""

    def hand_over(self, matter: str) -> None:
        if not self._opening:
            self._opening = True
            self._runner.run(self._handed_over(matter))
            self._opening = False

    async def _handed_over(self, matter: str) -> None:
        desk = self._desks.get(matter) or self._desks.setdefault(matter, FakeDesk(self, matter))
        await desk.handed_over()
