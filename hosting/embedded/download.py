"""The SDK's own download of a server, given up when nothing arrives."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from hosting.embedded.paths import private_folder
from hosting.embedded.processes import Report

SILENCE_LIMIT = 30.0
"""Seconds without a new byte after which the network counts as unreachable."""
TOTAL_LIMIT = 1200.0
TICK = 10.0
POLL = 0.5
MEGABYTE = 1_000_000


class NotHere(Exception):
    """One way to a program did not lead to it; the message (Chinese) says why."""


async def download(
    start: Callable[[str], Awaitable[WorkflowEnvironment]], target: Path, report: Report
) -> Path:
    """Let ``start`` download a server into a folder and start it once; keep its program as ``target``.

    Raises NotHere when the network cannot be reached or is silent for too long.
    """
    with tempfile.TemporaryDirectory(prefix="download-", dir=private_folder(target.parent)) as folder:
        task = asyncio.ensure_future(start(folder))
        try:
            await _watch(task, Path(folder), report)
            environment = await task
        except RuntimeError as error:
            raise NotHere(str(error)) from error
        finally:
            task.cancel()
        await environment.shutdown()
        program = max((p for p in Path(folder).rglob("*") if p.is_file()), key=lambda p: p.stat().st_size)
        program.replace(target)
    return target


async def _watch(task: "asyncio.Future[WorkflowEnvironment]", folder: Path, report: Report) -> None:
    began = grown = told = time.monotonic()
    size = 0
    while not task.done():
        await asyncio.wait([task], timeout=POLL)
        now = time.monotonic()
        if (arrived := sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())) > size:
            size, grown = arrived, now
        if now - grown > SILENCE_LIMIT:
            raise NotHere(f"{SILENCE_LIMIT:.0f} 秒内没有收到数据")
        if now - began > TOTAL_LIMIT:
            raise NotHere(f"{TOTAL_LIMIT:.0f} 秒内没有下载完")
        if now - told > TICK:
            told = now
            report(f"  已下载 {size / MEGABYTE:.0f} MB")
