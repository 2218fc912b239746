"""Signing in on the command line: kept for oneself alone, never over plain HTTP, and asked for where nobody is signed in."""

import json
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli import signed_in
from cli.app import app
from cli.output import Exit
from cli.signed_in import Kept
from ledger.store import Ledger

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path


def said(*words: str, given: str = "") -> Result:
    return CliRunner().invoke(app, words, input=given)


def keep() -> Path:
    file = signed_in.place()
    file.parent.mkdir()
    file.write_text(json.dumps(Kept(NOWHERE, "fengqiao", "token")._asdict()), encoding="ascii")
    file.chmod(0o600)
    return file


@pytest.mark.parametrize(
    "words",
    [
        ("whoami",),
        ("logout",),
        ("sign", "0001/t1"),
        ("act", "0001", "supervise"),
        ("reveal", "0001", "--reason", "核实"),
        ("register", "samples/登记示例.yaml"),
    ],
)
def test_whoever_is_not_signed_in_is_told_how(words: tuple[str, ...]) -> None:
    done = said(*words)
    assert done.exit_code == Exit.DECLINED
    assert "fengqiao login" in done.output


@pytest.mark.parametrize(
    "address", ["http://desk.example", "desk.example", "ftp://127.0.0.1", "http://127.0.0.1.example"]
)
def test_no_password_goes_over_plain_http(address: str) -> None:
    done = said("login", address, given="shi\nsecret\n\n")
    assert done.exit_code == Exit.USAGE
    assert "https://" in done.output


def test_an_address_is_asked_for_once_and_then_kept() -> None:
    assert "请写明办案平台的地址" in said("login").output
    keep()
    done = said("login", given="shi\nsecret\n\n")
    assert done.exit_code == Exit.UNREACHABLE
    assert "127.0.0.1" in done.output


def test_no_password_stands_on_the_command_line() -> None:
    assert said("login", NOWHERE, "--password", "secret").exit_code == Exit.USAGE


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o660])
def test_a_session_that_others_could_read_is_not_used(mode: int) -> None:
    keep().chmod(mode)
    done = said("whoami")
    assert done.exit_code == Exit.DECLINED
    assert "对其他用户开放" in done.output


def test_a_session_is_kept_closed_and_forgotten_even_if_the_desk_is_away() -> None:
    signed_in.keep(Kept(NOWHERE, "fengqiao", "token"))
    file = signed_in.place()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert said("logout").exit_code == Exit.UNREACHABLE
    assert not file.exists()
    signed_in.keep(Kept(NOWHERE, "fengqiao", "token"))
    file.write_text("{", encoding="ascii")
    assert "重新运行 fengqiao login" in said("whoami").output


def test_as_is_for_a_demonstration_alone(kept: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("sign", "0001/t1", "--as", "县税务局/经办甲")
    refused = said(*words)
    assert refused.exit_code == Exit.DECLINED
    assert "--as 只用于演示系统" in refused.output
    monkeypatch.setenv("FENGQIAO_UNSIGNED", "perhaps")
    assert said(*words).exit_code == Exit.USAGE
    monkeypatch.setenv("FENGQIAO_UNSIGNED", "mark")
    assert "--as 只用于演示系统" not in said("sign", "0001/nothing", "--as", "无").output
