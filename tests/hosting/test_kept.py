"""The worker inside an office's own process is begun anew when it fails."""

import asyncio
import uuid
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Never

import pytest
from temporalio.client import Client
from temporalio.worker import Worker

from hosting.embedded import deaths
from hosting.embedded.errors import CannotStart
from hosting.kept import kept
from tests.support.sleeper import Sleeper


def broken(worker: Worker) -> Worker:
    """A worker whose first look for work fails as it does when Temporal turns it away for good."""

    async def turned_away(*_: object) -> Never:
        raise RuntimeError("namespace is gone")

    inner: Any = worker
    inner._bridge_worker.poll_workflow_activation = turned_away
    return worker


def unexpected(problem: CannotStart) -> None:
    raise problem


async def test_a_worker_that_fails_is_begun_anew(
    temporal_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deaths, "FIRST_PAUSE", 0.01)
    queue = f"kept-{uuid.uuid4()}"
    said: list[str] = []
    workers = iter((True, False))

    def begin() -> AbstractAsyncContextManager[object]:
        worker = Worker(temporal_client, task_queue=queue, workflows=[Sleeper])
        return broken(worker) if next(workers) else worker

    async with asyncio.timeout(60), kept("工作进程", begin, said.append, unexpected):
        await temporal_client.execute_workflow(Sleeper.run, 0, id=queue, task_queue=queue)
    assert said == ["工作进程意外停止（RuntimeError：namespace is gone），0 秒后自动重启…", "工作进程已重启"]


async def test_one_that_fails_again_and_again_is_given_up_and_said_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deaths, "FIRST_PAUSE", 0.001)
    given_up: list[CannotStart] = []
    over = asyncio.Event()

    @asynccontextmanager
    async def fails() -> AsyncGenerator[None]:
        raise ValueError("no memory")
        yield

    def give_up(problem: CannotStart) -> None:
        given_up.append(problem)
        over.set()

    async def live() -> None:
        async with kept("工作进程", fails, lambda line: None, give_up):
            pass

    waiting = asyncio.create_task(live())
    async with asyncio.timeout(30):
        await over.wait()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert [str(problem) for problem in given_up] == [
        "工作进程短时间内连续停止 6 次，不再重启：ValueError：no memory"
    ]
