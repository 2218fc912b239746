"""The platform as the deployment names it: whole, closed, over TLS, or not at all."""

from pathlib import Path

import pytest

from hosting.embedded.errors import CannotStart
from hosting.platform import CLIENT, ISSUER, NAME, SECRET_FILE, platform_named


def settings(tmp_path: Path, **more: str) -> dict[str, str]:
    file = tmp_path / "secret"
    file.write_text("a secret\n", encoding="utf-8")
    file.chmod(0o600)
    return {ISSUER: "https://id.example/realms/sx", CLIENT: "desk", SECRET_FILE: str(file), **more}


def test_without_an_issuer_there_is_none() -> None:
    assert platform_named({CLIENT: "desk"}) is None


def test_a_whole_one_is_named(tmp_path: Path) -> None:
    found = platform_named(settings(tmp_path, **{NAME: "省平台"}))
    assert found
    assert (found.issuer, found.name) == ("https://id.example/realms/sx", "省平台")


@pytest.mark.parametrize(
    "what", ["no client", "no file", "open file", "empty file", "missing file", "in the clear"]
)
def test_one_named_by_half_does_not_start(tmp_path: Path, what: str) -> None:
    given = settings(tmp_path)
    file = Path(given[SECRET_FILE])
    match what:
        case "no client":
            del given[CLIENT]
        case "no file":
            del given[SECRET_FILE]
        case "open file":
            file.chmod(0o644)
        case "empty file":
            file.write_text(" \n", encoding="utf-8")
        case "missing file":
            file.unlink()
        case _:
            given[ISSUER] = "http://id.example"
    with pytest.raises(CannotStart, match="FENGQIAO_OIDC"):
        platform_named(given)
