"""Where an embedded installation keeps its data and its cache, and who may use them."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from hosting.embedded.errors import CannotStart

PRIVATE = 0o700


def data_folder() -> Path:
    """``FENGQIAO_HOME``; else the usual one."""
    named = os.environ.get("FENGQIAO_HOME")
    return Path(named).expanduser().resolve() if named else usual_folder()


def usual_folder() -> Path:
    """The system's data folder for root, the user's own otherwise.

    Root's home is private, and PostgreSQL, which refuses to run as root, must be able to reach its data.
    """
    if os.geteuid() == 0:
        return Path("/var/lib/fengqiao")
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser().resolve() / "fengqiao"


def cache_folder() -> Path:
    """``FENGQIAO_CACHE``, else ``fengqiao`` in the user's cache folder."""
    if named := os.environ.get("FENGQIAO_CACHE"):
        return Path(named).expanduser().resolve()
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser().resolve() / "fengqiao"


def private_folder(folder: Path) -> Path:
    """Make ``folder`` if need be, closed to other users."""
    folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    return folder


@contextmanager
def hold(home: Path) -> Generator[None]:
    """Keep a data folder to this process alone. Raises CannotStart when another one has it."""
    try:
        note = (private_folder(home) / "lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise CannotStart(
            f"数据目录 {home} 无法使用（{error.strerror}）。请用环境变量 FENGQIAO_HOME 另选一个可写的目录。"
        ) from error
    with note:
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note.seek(0)
            raise CannotStart(
                f"数据目录 {home} 正由另一个枫桥进程（进程号 {note.read().strip()}）使用。"
                "请先停止那个进程，或用环境变量 FENGQIAO_HOME 另选目录。"
            ) from None
        note.truncate(0)
        note.write(str(os.getpid()))
        note.flush()
        yield
