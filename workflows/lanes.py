"""What goes out one after the other: each turn is retried until it is done or given up; the lane ends when nothing waits.

A workflow of its own, so that no receiver holds up a matter or adds to its history. It is begun by whoever finds what waits
(:mod:`activities.handing`).
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

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
        self, lane: L, find: Callable[[Any, L], Awaitable[T | None]], take: Callable[[T, L], Awaitable[None]]
    ) -> None:
        """Take what waits, in order."""
        done = 0
        while (turn := await _next(find, lane)) or self._woken:
            self._woken = False
            if turn is None:
                continue
            await take(turn, lane)
            done += 1
            if done >= timing.DELIVERIES_IN_ONE_RUN:
                workflow.continue_as_new(lane)


async def _next(find: Callable[[Any, L], Awaitable[T | None]], lane: L) -> T | None:
    """What is to be done next in a lane; asked until the ledger answers."""
    return await workflow.execute_activity_method(
        find,
        lane,
        start_to_close_timeout=timing.COMMIT_REMOTELY,
        retry_policy=timing.UNTIL_THE_LEDGER_IS_BACK,
    )


async def until_given_up(
    attempt: Callable[[Any, T], Awaitable[None]],
    give_up: Callable[[Any, T], Awaitable[None]],
    turn: T,
    patience: Patience,
    *,
    task_queue: str | None = None,
) -> None:
    """Attempt it ever later, for as long as the attempt itself says; then note that it is given up."""
    try:
        await workflow.execute_activity_method(
            attempt,
            turn,
            task_queue=task_queue,
            start_to_close_timeout=timing.CALL,
            schedule_to_close_timeout=timing.BEYOND_PATIENCE * patience.total,
            retry_policy=RetryPolicy(
                initial_interval=patience.first,
                backoff_coefficient=timing.CALL_BACKS_OFF,
                maximum_interval=patience.at_most,
            ),
        )
    except ActivityError as error:
        workflow.logger.warning("given up: %s", error.cause.__class__.__name__)
        await workflow.execute_activity_method(
            give_up,
            turn,
            start_to_close_timeout=timing.COMMIT_REMOTELY,
            retry_policy=timing.UNTIL_THE_LEDGER_IS_BACK,
        )
