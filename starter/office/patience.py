"""Waiting out what passes: a matter that many act on at once, a server that restarts.

A request is sent again as it is; the ids in it make a repetition harmless. Temporal takes ten updates of one workflow at
a time and refuses the eleventh; the officer who sent it would expect it to be taken after the others.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar
from weakref import WeakValueDictionary

from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError, RPCStatusCode

from starter.office.declined import Declined

T = TypeVar("T")

PATIENCE = 30.0
"""Seconds an officer's request is held before it is said to have met a busy or absent server."""
MAY_BE_TAKEN = "操作较多或服务暂不可用，本操作可能已被接收；请稍后用同一编号重试，不会重复办理"
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 3.0
"""Seconds between tries; each is drawn by chance, so that a crowd does not come again all at once."""

PASSING = {
    RPCStatusCode.CANCELLED,
    RPCStatusCode.UNKNOWN,  # the line broke in the middle of a call: "transport error"
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.RESOURCE_EXHAUSTED,
    RPCStatusCode.ABORTED,
    RPCStatusCode.INTERNAL,  # also what HTTP/2 says when a server goes away
    RPCStatusCode.UNAVAILABLE,
}
"""What may be otherwise in a moment. The rest of gRPC's codes say that the request, or the right to make it, is wrong."""

TASK_LOST = ("workflow task failure", "Workflow Task in failed state")
"""What the server says when the workflow task was lost that would have taken the update; it gives out another."""

AT_ONCE = 5
"""Requests of one matter that one office has under way. Temporal takes ten, and each it refuses makes it forget the
workflow task that was about to take the others; so two offices together stay below.
"""


class Queues:
    """A queue before each matter that somebody acts on."""

    def __init__(self) -> None:
        self._gates: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    def of(self, matter: str) -> asyncio.Semaphore:
        """The queue of one matter; gone when nobody stands in it."""
        return self._gates.setdefault(matter, asyncio.Semaphore(AT_ONCE))


async def patiently(send: Callable[[], Awaitable[T]]) -> T:
    """The answer of ``send``, tried again while what hinders it may pass.

    Raises Declined ``busy`` when it does not in time: the request may or may not have been taken, and can be repeated
    under its id. What ``send`` raises otherwise is passed on.

    One try may last as long as the patience: without a worker the SDK asks for an update's answer for ever.
    """
    pause = FIRST_PAUSE
    patience = asyncio.timeout(PATIENCE)
    try:
        async with patience:
            while True:
                try:
                    return await send()
                except (RPCError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
                    _raise_if_cancelled(error)
                    if not _may_pass(error):
                        raise
                await asyncio.sleep(pause * random.uniform(0.5, 1.5))
                pause = min(2 * pause, LONGEST_PAUSE)
    except TimeoutError:
        if not patience.expired():
            raise
        raise Declined("busy", MAY_BE_TAKEN) from None


def _may_pass(error: Exception) -> bool:
    if not isinstance(error, RPCError):
        return True  # the line was lost while waiting for the answer
    return error.status in PASSING or any(said in error.message for said in TASK_LOST)


def _raise_if_cancelled(error: BaseException) -> None:
    """The SDK hides our own cancellation behind its error."""
    if isinstance(error.__cause__, asyncio.CancelledError):
        raise error.__cause__
