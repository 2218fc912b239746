"""A part that runs inside this process and is begun anew when it fails: the worker."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from hosting.embedded.deaths import QUICK_DEATHS, Deaths
from hosting.embedded.errors import CannotStart
from hosting.embedded.processes import Report

Begin = Callable[[], AbstractAsyncContextManager[object]]


@asynccontextmanager
async def kept(
    name: str, begin: Begin, report: Report, give_up: Callable[[CannotStart], None]
) -> AsyncGenerator[None]:
    """Run what ``begin`` begins, and begin it again whenever it fails; ``give_up`` hears of too many failures in a row."""
    began = asyncio.Event()
    keeping = asyncio.create_task(_keep(name, begin, began, report, give_up))
    try:
        await began.wait()
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def _keep(
    name: str, begin: Begin, began: asyncio.Event, report: Report, give_up: Callable[[CannotStart], None]
) -> None:
    deaths = Deaths()
    while True:
        # A task of its own each time: a worker that fails cancels the task that began it.
        begun = (lambda: report(f"{name}已重启")) if began.is_set() else began.set
        life = asyncio.create_task(_live(begin, begun))
        deaths.born()
        try:
            await asyncio.wait({life})
        finally:
            life.cancel()
            await asyncio.gather(life, return_exceptions=True)
        problem = None if life.cancelled() else life.exception()
        cause = (
            (problem.__cause__ or problem) if problem else None
        )  # the SDK's own words say only that it failed
        said = f"{type(cause).__name__}：{cause}" if cause else "被取消"
        pause = deaths.pause()
        if pause is None:
            return give_up(CannotStart(f"{name}短时间内连续停止 {QUICK_DEATHS} 次，不再重启：{said}"))
        report(f"{name}意外停止（{said}），{pause:.0f} 秒后自动重启…")
        await asyncio.sleep(pause)


async def _live(begin: Begin, begun: Callable[[], None]) -> None:
    async with begin():
        begun()
        await asyncio.Event().wait()
