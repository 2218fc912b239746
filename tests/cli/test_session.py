"""Which office a command finds, and that it knows a demonstration's wherever it looks from."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.app import app
from cli.output import Exit
from cli.session import DEMO, running_here
from hosting import note
from hosting.note import Note
from ledger import accounts
from ledger.store import Ledger


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


def test_the_first_administrators_link_is_given_only_while_there_is_nobody(kept: Ledger) -> None:
    said = CliRunner().invoke(app, ["found"])
    assert said.exit_code == 0, said.output
    path = said.output.splitlines()[-1]
    assert path.startswith("/founding?slip=")
    accounts.found(kept, path.partition("=")[2], "admin", "管之明")
    again = CliRunner().invoke(app, ["found"])
    assert again.exit_code == Exit.NOT_FOUND
    assert "已经有账号" in again.output
