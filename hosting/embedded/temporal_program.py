"""Finding the Temporal server's program: what is there, else downloaded, else built; each step says so."""

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from hosting.embedded.download import NotHere, download
from hosting.embedded.errors import CannotStart
from hosting.embedded.paths import cache_folder, private_folder
from hosting.embedded.processes import Failed, Report, run_tool

VERSION = "v1.5.1"
"""The newest that can be built by ``go install``; the download is pinned to the same."""
MODULE = f"github.com/temporalio/cli/cmd/temporal@{VERSION}"
MARK = "temporal version"
CHECK_LIMIT = 60.0
BUILD_LIMIT = 3600.0
"""Seconds; about four minutes on two cores."""
PACKAGES = 1300
"""How many the build compiles, about."""
TICK = 10.0
"""Seconds between two lines of progress."""


async def find_temporal(report: Report) -> Path:
    """The program, runnable: from ``TEMPORAL_CLI``, PATH, the cache, the SDK's download or ``go install``.

    Raises CannotStart, naming what was tried and how to provide it.
    """
    tried: list[str] = []
    steps: tuple[Callable[[Report], Awaitable[Path]], ...] = (_named, _on_path, _cached, _downloaded, _built)
    for step in steps:
        try:
            return await step(report)
        except NotHere as reason:
            tried.append(str(reason))
    listed = "\n".join(f"  {number}. {reason}" for number, reason in enumerate(tried, 1))
    raise CannotStart(
        f"找不到 Temporal 服务器程序。已依次尝试：\n{listed}\n"
        "请任选一种办法：安装 Temporal CLI 并放入 PATH；用环境变量 TEMPORAL_CLI 指明程序文件；"
        f"安装 Go 后重试（自动构建 {VERSION}）；"
        f"或在能联网的机器上取得该程序，放到 {_cache()}。"
    )


def _cache() -> Path:
    return cache_folder() / "bin" / "temporal"


async def _named(report: Report) -> Path:
    """``TEMPORAL_CLI`` is somebody's explicit wish: when wrong, an error, not a reason to look elsewhere."""
    named = os.environ.get("TEMPORAL_CLI")
    if not named:
        raise NotHere("环境变量 TEMPORAL_CLI：未设置")
    program = Path(named).expanduser().resolve()
    try:
        await _check(program)
    except NotHere as reason:
        raise CannotStart(
            f"环境变量 TEMPORAL_CLI 指向的 {program} 不能用：{reason}。请改正，或取消该变量。"
        ) from reason
    report(f"Temporal 服务器：使用 TEMPORAL_CLI 指定的 {program}")
    return program


async def _on_path(report: Report) -> Path:
    found = shutil.which("temporal")
    if not found:
        raise NotHere("PATH 中的 temporal：没有")
    program = Path(found).resolve()
    try:
        await _check(program)
    except NotHere as reason:
        raise NotHere(f"PATH 中的 {program}：{reason}") from reason
    report(f"Temporal 服务器：使用 PATH 中的 {program}")
    return program


async def _cached(report: Report) -> Path:
    program = _cache()
    if not program.exists():
        raise NotHere(f"缓存 {program}：没有")
    try:
        await _check(program)
    except NotHere as reason:
        raise NotHere(f"缓存 {program}：{reason}") from reason
    report(f"Temporal 服务器：使用缓存中的 {program}")
    return program


async def _downloaded(report: Report) -> Path:
    report(f"Temporal 服务器：本机没有，正在通过 Temporal SDK 下载 {VERSION}（仅此一次）…")

    def start(folder: str) -> Awaitable[WorkflowEnvironment]:
        return WorkflowEnvironment.start_local(  # pyright: ignore[reportUnknownMemberType]
            download_dest_dir=folder, dev_server_download_version=VERSION, dev_server_log_level="error"
        )

    try:
        return await download(start, _cache(), report)
    except NotHere as reason:
        report(f"  下载不成：{reason}")
        raise NotHere(f"Temporal SDK 下载 {VERSION}：{reason}") from reason


async def _built(report: Report) -> Path:
    go = shutil.which("go")
    if not go:
        raise NotHere(f"用 Go 构建 {VERSION}：本机没有 Go")
    report(f"Temporal 服务器：正在用 Go 构建 {VERSION}（约需四分钟，仅此一次）…")
    program = _cache()
    with tempfile.TemporaryDirectory(prefix="build-", dir=private_folder(program.parent)) as folder:
        try:
            await _go_install(go, folder, report)
            await _check(Path(folder) / "temporal")
        except (Failed, NotHere) as reason:
            raise NotHere(f"用 Go 构建 {VERSION}：{reason}") from reason
        (Path(folder) / "temporal").replace(program)
    report(f"  构建完成：{program}")
    return program


async def _go_install(go: str, folder: str, report: Report) -> None:
    packages = 0
    began = time.monotonic()

    def count(line: str) -> None:
        nonlocal packages
        packages += not line.startswith("go: ")

    async def tick() -> None:
        while True:
            await asyncio.sleep(TICK)
            report(
                f"  构建中：已用 {time.monotonic() - began:.0f} 秒，已编译 {packages} 个包（共约 {PACKAGES}）"
            )

    ticker = asyncio.create_task(tick())
    try:
        env = {**os.environ, "GOBIN": folder}
        await run_tool([go, "install", "-v", MODULE], limit=BUILD_LIMIT, env=env, on_line=count)
    finally:
        ticker.cancel()


async def _check(program: Path) -> None:
    """Raises NotHere unless the program runs and is Temporal's."""
    try:
        said = await run_tool([program, "--version"], limit=CHECK_LIMIT)
    except (OSError, Failed) as error:
        raise NotHere(f"不能运行（{error}）") from error
    if not said.startswith(MARK):
        raise NotHere("不是 Temporal CLI")
