"""An office brought up by the command line in a process of its own, and worked from the command line alone."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import yaml

from cli.session import DEMO
from hosting import note

FENGQIAO = Path(sys.executable).parent / "fengqiao"
START_SECONDS = 240
"""The first start of all may build the Temporal server; a later one takes seconds."""


class Up:
    """A running ``fengqiao up``, or another command that stays, and the commands sent to its office."""

    def __init__(self, home: Path, *words: str) -> None:
        self.home = home
        self._words = words
        self.env = {
            **os.environ,
            "FENGQIAO_HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
            "FENGQIAO_UNSIGNED": "mark",  # officers named by --as, whose accounts no test needs
        }
        self.printed = home / "up.txt"
        """What it has printed."""
        self.process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self.printed.open("wb") as printed:
            process = subprocess.Popen(
                [FENGQIAO, *self._words],
                env=self.env,
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not any((folder / note.FILE).exists() for folder in (self.home, self.home / DEMO)):
            assert process.poll() is None, self.printed.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, "it did not become ready"
            time.sleep(0.1)
        return process

    def wait_printed(self, text: str) -> str:
        """All that it has printed, once ``text`` is among it."""
        deadline = time.monotonic() + START_SECONDS
        while text not in (said := self.printed.read_text(encoding="utf-8")):
            assert time.monotonic() < deadline, said
            time.sleep(0.1)
        return said

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def restart(self) -> None:
        self.stop()
        self.process = self._start()

    def run(self, *words: str | Path, code: int = 0) -> Any:
        done = subprocess.run(
            [FENGQIAO, *words, "--json"], env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        return json.loads(done.stdout)

    def text(self, *words: str | Path) -> str:
        done = subprocess.run([FENGQIAO, *words], env=self.env, capture_output=True, text=True, check=True)
        return done.stdout

    def file(self, name: str, content: Any) -> Path:
        path = self.home / name
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return path
