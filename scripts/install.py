"""Install what a lock names into this environment, saying meanwhile what is done: ``python -m scripts.install LOCK…``.

By uv, which takes seconds; by pip, which takes far longer, where uv cannot be had or cannot do it. Needs nothing but
the standard library: nothing else is there yet.
"""

import argparse
import ast
import os
import queue
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).parents[1]
UV_LOCK = ROOT / "requirements-dev.lock"
"""Where uv's own version and hashes stand."""
TICK = 10.0
"""Seconds of silence after which it is said that the work goes on."""
TAIL_LINES = 15
SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}
"""pip's settings, which uv does not read, and what uv calls them."""
MODULES = (
    "cli.app",
    "cli.running",
    "hosting.codec_server.serving",
    "hosting.desk",
    "ledger.export",
    "worker",
)
"""Imported once, which leaves them compiled: whatever the commands need."""

Say = Callable[[str], None]
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


class Failed(Exception):
    """A tool did not succeed; the message is the end of what it said."""


def say(line: str) -> None:
    """Tell the person who waits."""
    print(f"  {line}", flush=True)


class Installer:
    """Installs into the environment it runs in; once uv has failed, by pip alone."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._uv: str | None = None

    def lock(self, lock: Path) -> None:
        """Bring the environment to what ``lock`` names. Raises Failed."""
        wanted = len(re.findall(r"^[\w.-]+==", lock.read_text(encoding="utf-8"), re.MULTILINE))
        self._say(f"{lock.name}：约 {wanted} 个软件包")
        self._uv = _uv(self._say)
        self._install(["--require-hashes", "--no-deps", "-r", str(lock)])

    def project(self) -> None:
        """The project itself, by its folder: what is changed there is in force at once. Raises Failed."""
        self._say("登记 fengqiao 命令，预编译…")
        self._install(["--no-deps", "--no-build-isolation", "--editable", str(ROOT)])
        # A machine that lets Python keep nothing compiled would compile everything at each command.
        keeping = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        _run([sys.executable, "-c", f"import {', '.join(MODULES)}"], keeping, _unheard, self._say)

    def _install(self, words: list[str]) -> None:
        if self._uv:
            by_uv = [self._uv, "pip", "install", "--color", "never", "--python", sys.executable]
            try:
                return _run([*by_uv, *words], {**_for_uv(), **os.environ}, _UvTold(self._say), self._say)
            except Failed as problem:
                self._uv = None
                self._say(f"uv 没有装成（{str(problem).splitlines()[-1]}），改用较慢的 pip")
        by_pip = [*PIP, "install", "--no-compile", "--progress-bar", "off"]
        return _run([*by_pip, *words], os.environ, _PipTold(self._say), self._say)


def _uv(say: Say) -> str | None:
    """The uv of this environment, fetched by pip if need be; ``None`` where it cannot be had."""
    program = Path(sys.executable).with_name("uv")
    if program.exists():
        return str(program)
    pinned = re.search(r"^uv==.*?(?=^\S|\Z)", UV_LOCK.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert pinned
    say("取得安装工具 uv…")
    with tempfile.TemporaryDirectory(prefix="fengqiao-") as folder:
        lock = Path(folder, "uv.lock")
        lock.write_text(pinned.group(), encoding="utf-8")
        fetch = [*PIP, "install", "--quiet", "--only-binary", ":all:", "--require-hashes", "-r", str(lock)]
        try:
            _run(fetch, os.environ, _unheard, say)
        except Failed:
            say("没有取得 uv，改用较慢的 pip")
            return None
    return str(program)


def _for_uv() -> dict[str, str]:
    """pip's settings, for uv."""
    listed = subprocess.run([*PIP, "config", "list"], capture_output=True, text=True, check=False).stdout
    return for_uv(listed)


def for_uv(listed: str) -> dict[str, str]:
    """What ``pip config list`` prints, as uv's environment. The environment's word is pip's last, a user's before it."""
    found: dict[str, str] = {}
    for section in ("global", "install", ":env:"):
        for name, value in re.findall(rf"^{section}\.([\w-]+)=('.*'|\".*\")$", listed, re.MULTILINE):
            if name in SETTINGS:
                found[name] = " ".join(str(ast.literal_eval(value)).split())
    if "extra-index-url" in found:
        found["index-strategy"] = "unsafe-best-match"  # as pip does; the hashes say what is right
    if places := [p for p in found.pop("find-links", "").split() if "://" in p or Path(p).exists()]:
        found["find-links"] = ",".join(places)
    return {{**SETTINGS, "index-strategy": "UV_INDEX_STRATEGY"}[name]: value for name, value in found.items()}


class _UvTold:
    """uv's words, in ours."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def __call__(self, line: str) -> None:
        if found := re.match(r"Downloading (\S+) \((.+)\)", line):
            self._say("下载 {}（{}）".format(*found.groups()))
        elif found := re.match(r"Prepared (\d+) packages", line):
            self._say(f"{found[1]} 个软件包已下载，正在安装…")


class _PipTold:
    """pip's words, in ours."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._count = 0

    def __call__(self, line: str) -> None:
        if found := re.match(r"(?:Collecting|Processing) (?:\S*/)?(\S+)", line):
            self._count += 1
            self._say(f"{self._count}. {found[1]}")
        elif line.startswith("Installing collected packages"):
            self._say("已全部下载，正在安装…")


def _unheard(line: str) -> None:
    """Nobody needs to hear it."""


def _run(argv: list[str], env: Mapping[str, str], told: Callable[[str], None], say: Say) -> None:
    """Run a tool to its end; ``told`` hears each line it prints. Raises Failed."""
    process = subprocess.Popen(
        argv, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )  # fmt: skip
    lines: queue.Queue[str | None] = queue.Queue()
    Thread(target=_read, args=(process, lines), daemon=True).start()
    began = time.monotonic()
    kept: list[str] = []
    while True:
        try:
            line = lines.get(timeout=TICK)
        except queue.Empty:
            say(f"……仍在进行，已用 {time.monotonic() - began:.0f} 秒")
            continue
        if line is None:
            break
        kept = [*kept, line][-TAIL_LINES:]
        told(line)
    if process.wait():
        raise Failed("\n".join(kept) or f"退出码 {process.returncode}")


def _read(process: "subprocess.Popen[str]", lines: "queue.Queue[str | None]") -> None:
    assert process.stdout
    for line in process.stdout:
        lines.put(line.rstrip())
    lines.put(None)


def main() -> int:
    """Install; the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("locks", type=Path, nargs="+")
    parser.add_argument("--project", action="store_true", help="the project itself too")
    asked = parser.parse_args()
    began = time.monotonic()
    try:
        installer = Installer(say)
        for lock in asked.locks:
            installer.lock(lock)
        if asked.project:
            installer.project()
    except Failed as problem:
        print(
            f"{problem}\n软件包没有装成。请检查网络和 pip 的软件源设置（pip config list），然后重试。",
            file=sys.stderr,
        )
        return 1
    say(f"已就绪，用时 {time.monotonic() - began:.0f} 秒")
    return 0


if __name__ == "__main__":
    sys.exit(main())
