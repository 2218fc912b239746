"""Keeping what we started alive, and stopping it in good order: on Ctrl-C, when told to end, when it dies again and again."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, AsyncExitStack
from types import TracebackType
from typing import Self, TypeVar

from hosting.embedded.deaths import QUICK_DEATHS, Deaths
from hosting.embedded.errors import CannotStart
from hosting.embedded.processes import POLL, Child, Report

T = TypeVar("T")

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """Whatever is entered through it is left in reverse order when it ends.

    It ends when its body does; at the first signal (``interrupted`` then says so; further ones change nothing, so
    an impatient second Ctrl-C leaves no server behind); or when something is given up, whose ``CannotStart`` it
    raises: a server that is only watched at its death, one that is kept when it dies again and again.
    """

    def __init__(self) -> None:
        self.interrupted = False
        self._stack = AsyncExitStack()
        self._watchers: dict[Child, asyncio.Task[None]] = {}
        self._body: asyncio.Task[object] | None = None
        self._given_up: CannotStart | None = None

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

    def keep(self, child: Child, ready: Callable[[], Awaitable[object]], report: Report) -> None:
        """From now on, ``child`` is started again when it dies. ``ready`` waits until it serves, and raises if it does not."""
        self._watchers[child] = asyncio.create_task(self._keep(child, ready, report))

    def give_up(self, problem: CannotStart) -> None:
        """End everything, and say why."""
        if self._body is not None and self._given_up is None:
            self._given_up = problem
            self._body.cancel()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        body, self._body = self._body, None
        # A body that failed because a server was away: the server's own words say more.
        away = next((child for child in self._watchers if not child.is_running), None)
        if isinstance(error, Exception) and away:
            self._given_up = self._given_up or away.failure()
        for watcher in self._watchers.values():
            watcher.cancel()
        await asyncio.gather(*self._watchers.values(), return_exceptions=True)
        try:
            await self._stack.aclose()
        finally:
            for signum in SIGNALS:
                asyncio.get_running_loop().remove_signal_handler(signum)
        if kind is asyncio.CancelledError and (self.interrupted or self._given_up) and body:
            body.uncancel()
        if self._given_up and not self.interrupted:
            raise self._given_up from error
        return kind is asyncio.CancelledError and self.interrupted

    async def _watch(self, child: Child) -> None:
        await _ended(child)
        self.give_up(child.failure())

    async def _keep(self, child: Child, ready: Callable[[], Awaitable[object]], report: Report) -> None:
        deaths = Deaths()
        while True:
            await _ended(child)
            pause = deaths.pause()
            if pause is None:
                return self.give_up(
                    CannotStart(
                        f"{child.name} 短时间内连续停止 {QUICK_DEATHS} 次，不再重启。{child.failure()}"
                    )
                )
            report(f"{child.name} 意外停止（{child.ending}），{pause:.0f} 秒后自动重启…")
            await asyncio.sleep(pause)
            child.restart()
            deaths.born()
            try:
                await ready()
            except Exception as problem:  # whatever it is, it does not serve
                if child.is_running:
                    report(f"{child.name} 已重启，但没有恢复服务：{problem}")
                    await child.stop()
            else:
                deaths.born()
                report(f"{child.name} 已重启，恢复服务；刚才没有答复的操作可用同一编号重试，不会重复办理")

    def _interrupt(self) -> None:
        if self._body is not None and not self.interrupted:
            self.interrupted = True
            self._body.cancel()


async def _ended(child: Child) -> None:
    while child.is_running:
        await asyncio.sleep(POLL)
