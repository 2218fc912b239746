"""Stopping in good order: on Ctrl-C, when told to end, and when a server of ours has died."""

import asyncio
import signal
from contextlib import AbstractAsyncContextManager, AbstractContextManager, AsyncExitStack
from types import TracebackType
from typing import Self, TypeVar

from hosting.embedded.processes import POLL, Child

T = TypeVar("T")

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """Whatever is entered through it is left in reverse order when it ends.

    It ends when its body does; at the first signal (``interrupted`` then says so; further ones change nothing, so
    an impatient second Ctrl-C leaves no server behind); or when a watched server has died, whose ``CannotStart``
    it raises.
    """

    def __init__(self) -> None:
        self.interrupted = False
        self._stack = AsyncExitStack()
        self._watchers: dict[Child, asyncio.Task[None]] = {}
        self._body: asyncio.Task[object] | None = None

    async def __aenter__(self) -> Self:
        self._body = asyncio.current_task()
        for signum in SIGNALS:
            asyncio.get_running_loop().add_signal_handler(signum, self._interrupt)
        return self

    async def enter(self, part: AbstractAsyncContextManager[T]) -> T:
        """Start a part; it is stopped when the supervisor ends."""
        return await self._stack.enter_async_context(part)

    def hold(self, thing: AbstractContextManager[T]) -> T:
        """Take a thing that is given back when the supervisor ends."""
        return self._stack.enter_context(thing)

    def watch(self, child: Child) -> None:
        """From now on, the death of ``child`` ends everything."""
        self._watchers[child] = asyncio.create_task(self._watch(child))

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        body, self._body = self._body, None
        dead = next((child for child in self._watchers if not child.is_running), None)
        for watcher in self._watchers.values():
            watcher.cancel()
        try:
            await self._stack.aclose()
        finally:
            for signum in SIGNALS:
                asyncio.get_running_loop().remove_signal_handler(signum)
        if kind is asyncio.CancelledError and (self.interrupted or dead) and body:
            body.uncancel()
        if dead and not self.interrupted:
            raise dead.failure() from error
        return kind is asyncio.CancelledError and self.interrupted

    async def _watch(self, child: Child) -> None:
        while child.is_running:
            await asyncio.sleep(POLL)
        if self._body is not None:
            self._body.cancel()

    def _interrupt(self) -> None:
        if self._body is not None and not self.interrupted:
            self.interrupted = True
            self._body.cancel()
