"""Which office a command finds, and that it knows a demonstration's wherever it looks from."""

from pathlib import Path

import pytest

from cli.session import DEMO, running_here
from hosting import note
from hosting.note import Note


@pytest.mark.parametrize("home", [".", DEMO], ids=["the data folder", "the demonstration's own"])
def test_a_demonstration_is_known_from_either_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    folder = tmp_path / DEMO
    folder.mkdir()
    said = Note("127.0.0.1:7233", "postgresql://office", "postgresql://owner", None, "keys", None, demo=True)
    note.put(folder, said)
    monkeypatch.setenv("FENGQIAO_HOME", str(tmp_path / home))
    assert running_here() == said
