"""Processes that belong to us: started in a session of their own, stopped by id, never anybody else's."""

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple, TypedDict

import psutil

from hosting.embedded.errors import CannotStart
from hosting.embedded.paths import private_folder

Report = Callable[[str], None]
"""Told, a line at a time and in Chinese, what is being done."""

Launch = Callable[[IO[bytes]], "subprocess.Popen[bytes]"]
"""Starts a process that writes to the log it is given."""

POLL = 0.05
GRACE = 20.0
"""Seconds a process may take to end when asked, before it is killed."""
TAIL_LINES = 15
CLOCK_SLACK = 2.0
"""Seconds by which the operating system's word on a process's start may drift."""


class Account(NamedTuple):
    """The system user a process runs as."""

    uid: int
    gid: int


class RunAs(TypedDict, total=False):
    """The arguments of ``subprocess`` that say who the process is."""

    user: int
    group: int
    extra_groups: list[int]


def run_as(account: Account | None) -> RunAs:
    """What to give ``subprocess`` so that the process runs as ``account`` alone; ``None``: as we do."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


class Child:
    """A server of ours, its log in ``home/log`` and its process id in ``home/run``.

    It is out of the terminal's reach: Ctrl-C is for us, and we stop it in good order.
    """

    def __init__(self, name: str, launch: Launch, home: Path, stop_signal: signal.Signals) -> None:
        self.name = name
        self.log = _log(home, name)
        self._launch = launch
        self._stop_signal = stop_signal
        self._note = _note(home, name)
        self.restart()

    @classmethod
    def start(
        cls,
        name: str,
        argv: Sequence[str | Path],
        home: Path,
        *,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        account: Account | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> "Child":
        """Start a server whose data folder ``home`` is held by us."""
        words = [str(a) for a in argv]

        def launch(log: IO[bytes]) -> "subprocess.Popen[bytes]":
            return subprocess.Popen(
                words,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **run_as(account),
            )

        return cls(name, launch, home, stop_signal)

    def restart(self) -> None:
        """Start it, for the first time or after it has ended."""
        with _fresh_log(self.log) as log:
            self._process = self._launch(log)
        started = psutil.Process(self.pid).create_time()
        said = {"pid": self.pid, "started": started, "signal": self._stop_signal.value}
        self._note.write_text(json.dumps(said), encoding="utf-8")

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """How it ended; ``None`` while it runs."""
        return self._process.poll()

    @property
    def ending(self) -> str:
        """How it has ended, in words."""
        code = self._process.returncode
        return f"被信号 {signal.Signals(-code).name} 终止" if code < 0 else f"退出码 {code}"

    def failure(self) -> CannotStart:
        """What to say when it has ended without being asked, with the tail of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-TAIL_LINES:]
        tail = "\n".join(f"  {line}" for line in lines) or "  （日志为空）"
        return CannotStart(f"{self.name} 意外停止（{self.ending}）。日志 {self.log} 的最后几行：\n{tail}")

    def slow(self, limit: float) -> CannotStart:
        """What to say when it runs but does not answer after ``limit`` seconds."""
        return CannotStart(f"{self.name} 在 {limit:.0f} 秒内没有就绪，见日志 {self.log}")

    async def stop(self) -> None:
        """End it: ask, wait, and only then kill; this process alone."""
        if self.is_running:
            self._process.send_signal(self._stop_signal)
            deadline = time.monotonic() + GRACE
            while self.is_running:
                if time.monotonic() > deadline:
                    self._process.kill()
                await asyncio.sleep(POLL)
        self._note.unlink(missing_ok=True)


def _log(home: Path, name: str) -> Path:
    return private_folder(home / "log") / f"{name}.log"


def _note(home: Path, name: str) -> Path:
    return private_folder(home / "run") / f"{name}.json"


def _fresh_log(path: Path) -> IO[bytes]:
    """An empty log; the last run's is kept beside it, since it may say why that run ended."""
    if path.exists():
        path.replace(path.with_suffix(".previous.log"))
    return path.open("wb")


async def end_orphan(name: str, home: Path, report: Report) -> None:
    """End what a killed run left on the data in ``home``, which we hold: two servers would ruin the data."""
    try:
        said = json.loads(_note(home, name).read_text(encoding="utf-8"))
        orphan = psutil.Process(said["pid"])
        if abs(orphan.create_time() - said["started"]) > CLOCK_SLACK:
            return
        report(f"上次运行没有正常结束，正在停止遗留的 {name}（进程号 {orphan.pid}）…")
        orphan.send_signal(said["signal"])
        deadline = time.monotonic() + GRACE
        while orphan.is_running() and orphan.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > deadline:
                orphan.kill()
            await asyncio.sleep(POLL)
    except (FileNotFoundError, ValueError, KeyError, psutil.NoSuchProcess):
        return


class Failed(Exception):
    """A tool ended with an error, or did not end in time; the message is the end of what it said."""


async def run_tool(
    argv: Sequence[str | Path],
    *,
    limit: float,
    env: Mapping[str, str] | None = None,
    account: Account | None = None,
    on_line: Callable[[str], None] = lambda line: None,
) -> str:
    """Run a tool to its end and give back what it printed; it is killed when we are cancelled.

    ``limit``: seconds it may take. Raises Failed, or OSError when it cannot be run at all.
    """
    process = await asyncio.create_subprocess_exec(
        *map(str, argv),
        cwd="/",
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        **run_as(account),
    )
    said: list[str] = []
    try:
        async with asyncio.timeout(limit):
            assert process.stdout
            async for raw in process.stdout:
                said.append(raw.decode(errors="replace").rstrip())
                on_line(said[-1])
            code = await process.wait()
    except TimeoutError:
        raise Failed(f"{limit:.0f} 秒内没有完成") from None
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    if code:
        raise Failed("\n".join(said[-TAIL_LINES:]) or f"退出码 {code}")
    return "\n".join(said)
