"""What goes out one after the other: each turn is retried until it is done or given up; the lane ends when nothing waits.

A workflow of its own, so that no receiver holds up a matter or adds to its history. It is begun by whoever finds what waits
(:mod:`activities.handing`).
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.names import WAKE
    from domain.webhooks import Patience

from workflows import timing

L = TypeVar("L")
T = TypeVar("T")


class Waking:
    """Can be told that there is more to send."""

    def __init__(self) -> None:
        self._woken = False

    @workflow.signal(name=WAKE)
    def wake(self) -> None:
        """There is more to send. It cannot be missed: the server lets no workflow end over a signal it has not seen."""
        self._woken = True

    async def in_turn(
        self, lane: L, next_of: Callable[[L], Awaitable[T | None]], take: Callable[[T, L], Awaitable[None]]
    ) -> None:
        """Take what waits, in order."""
        done = 0
        while (turn := await next_of(lane)) or self._woken:
            self._woken = False
            if turn is None:
                continue
            await take(turn, lane)
            done += 1
            if done >= timing.DELIVERIES_IN_ONE_RUN:
                workflow.continue_as_new(lane)


def retrying(patience: Patience) -> RetryPolicy:
    """Ever later, for as long as the attempt itself says."""
    return RetryPolicy(
        initial_interval=patience.first,
        backoff_coefficient=timing.CALL_BACKS_OFF,
        maximum_interval=patience.at_most,
    )
