"""The note by which the command line finds an office that runs on this machine."""

import json
from pathlib import Path
from typing import NamedTuple

FILE = "instance.json"


class Note(NamedTuple):
    """Where a running office is."""

    temporal: str
    database: str
    owner: str
    """The database under its owner's role, for what the office's own processes may not do."""
    ui: str | None
    keys: str
    door: str | None
    """The administrator's door, without its token; ``None`` without a UI."""
    demo: bool
    """Whether it is the demonstration's, whose matters may live by a paced clock."""


def put(folder: Path, note: Note) -> None:
    """Leave the note, for its owner alone."""
    file = folder / FILE
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_text(json.dumps(note._asdict()), encoding="utf-8")


def read(folder: Path) -> Note | None:
    """The note of the office running on ``folder``; ``None`` when there is none."""
    try:
        return Note(**json.loads((folder / FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def remove(folder: Path) -> None:
    """The office is closed."""
    (folder / FILE).unlink(missing_ok=True)
