"""A paper as PDF, by the office suite of the machine where there is one (``soffice``, LibreOffice); all else works without.

The paper lies in a folder of its own while it is converted, in memory where the machine has such a place, closed to others
and gone afterwards. Nothing of it is fetched from outside: a form that links out is never taken (:mod:`papers.press`).
"""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import NamedTuple

PDF = "application/pdf"
"""The media type."""
PROGRAMS = ("soffice", "libreoffice")
WITHIN_S = 60
"""Seconds for one paper; the first after a start takes some five."""
WAIT_S = 30
"""Seconds that somebody waits for another's paper: one is converted at a time, each takes a core."""
MEMORY = Path("/dev/shm")
"""Where a folder lies in memory (Linux)."""
CHINESE = ("fc-list", ":lang=zh", "family")


class NoPdf(Exception):
    """No PDF was made; the message says why and what to do. The paper itself is as it was."""


class Converter(NamedTuple):
    """A program that makes PDF of .docx."""

    program: str

    def pdf(self, paper: bytes) -> bytes:
        """The paper as PDF. Raises NoPdf."""
        if not _one_at_a_time.acquire(timeout=WAIT_S):
            raise NoPdf("正在为别人转换 PDF，请稍后再试，或下载 .docx")
        try:
            where = MEMORY if os.access(MEMORY, os.W_OK) else None
            with tempfile.TemporaryDirectory(prefix="fengqiao-pdf-", dir=where) as folder:
                return self._converted(Path(folder), paper)
        except OSError as error:
            raise NoPdf(f"没有转换成 PDF（{type(error).__name__}），请下载 .docx，并告诉系统管理员") from None
        finally:
            _one_at_a_time.release()

    def _converted(self, folder: Path, paper: bytes) -> bytes:
        (folder / "paper.docx").write_bytes(paper)
        settings = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [
            self.program,
            settings,
            "--headless",
            "--norestore",
            "--convert-to",
            "pdf",
            "--outdir",
            ".",
        ]
        running = subprocess.Popen(
            [*command, "paper.docx"],
            cwd=folder,
            env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            code = running.wait(WITHIN_S)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            raise NoPdf(f"{WITHIN_S} 秒内没有转换成 PDF，请下载 .docx，并告诉系统管理员") from None
        made = folder / "paper.pdf"
        if code or not made.is_file() or not (whole := made.read_bytes()).startswith(b"%PDF-"):
            raise NoPdf("没有转换成 PDF，请下载 .docx，并告诉系统管理员（fengqiao doctor）")
        return whole


_one_at_a_time = threading.Lock()


def converter() -> Converter | None:
    """The machine's converter, if it has one."""
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    return Converter(found) if found else None


def has_chinese_font() -> bool:
    """Whether the machine has a font that Chinese can be set in; where nobody can tell, as if it had."""
    if not shutil.which(CHINESE[0]):
        return True
    try:
        told = subprocess.run(CHINESE, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return True
    return bool(told.stdout.strip())
