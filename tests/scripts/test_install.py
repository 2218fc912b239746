"""Preparing the environment: what is installed, by what, and what is said meanwhile. No registry is asked."""

import hashlib
import importlib.util
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.install import for_uv

ROOT = Path(__file__).parents[2]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A lock of one package, which lies in a folder."""
    wheel = tmp_path / "wheels" / "tiny-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as packed:
        packed.writestr("tiny.py", "HERE = True\n")
        packed.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        packed.writestr(
            "tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        packed.writestr("tiny-1.0.dist-info/RECORD", "")
    lock = tmp_path / "tiny.lock"
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock.write_text(f"tiny==1.0 \\\n    --hash=sha256:{digest}\n", encoding="utf-8")
    return lock


@pytest.fixture
def run(lock: Path, tmp_path: Path) -> Run:
    """Installs the lock into an environment of its own, with ``uv`` as that environment's uv."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    programs = tmp_path / "venv" / "bin"
    pip = importlib.util.find_spec("pip")
    assert pip
    assert pip.origin
    next(tmp_path.glob("venv/lib/*/site-packages/")).joinpath("pip").symlink_to(Path(pip.origin).parent)
    settings = {
        "PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": f"{lock.parent / 'wheels'} {tmp_path / 'missing'}", "UV_NO_INDEX": "1",
    }  # fmt: skip

    def run(uv: str | None) -> "subprocess.CompletedProcess[str]":
        if uv:
            (programs / "uv").write_text(f"#!/bin/sh\n{uv}\n", encoding="utf-8")
            (programs / "uv").chmod(0o755)
        return subprocess.run(
            [programs / "python", "-m", "scripts.install", lock],
            cwd=ROOT, env=settings, check=False, capture_output=True, text=True,
        )  # fmt: skip

    return run


def installed(tmp_path: Path) -> list[str]:
    return [file.name for file in tmp_path.glob("venv/lib/*/site-packages/tiny*")]


def test_uv_installs_and_finds_what_pips_settings_name(run: Run, tmp_path: Path) -> None:
    done = run(f'exec "{Path(sys.executable).with_name("uv")}" "$@"')
    assert done.returncode == 0, done.stderr
    assert "tiny.py" in installed(tmp_path)
    assert "约 1 个软件包" in done.stdout
    assert "pip" not in done.stdout


@pytest.mark.parametrize("uv", [None, "echo 'no such platform' >&2; exit 2"])
def test_where_uv_is_not_to_be_had_or_fails_pip_installs_and_that_is_said(
    uv: str | None, run: Run, tmp_path: Path
) -> None:
    done = run(uv)
    assert done.returncode == 0, done.stderr
    assert "tiny.py" in installed(tmp_path)
    assert "改用较慢的 pip" in done.stdout
    assert ("no such platform" in done.stdout) == (uv is not None)
    assert "1. tiny-1.0" in done.stdout


def test_a_package_that_is_not_what_was_locked_is_refused(run: Run, lock: Path, tmp_path: Path) -> None:
    lock.write_text(f"tiny==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    done = run("exit 2")
    assert done.returncode == 1
    assert "软件包没有装成" in done.stderr
    assert installed(tmp_path) == []


def test_pips_settings_are_put_into_uvs_words(tmp_path: Path) -> None:
    listed = (
        f":env:.find-links='{tmp_path} {tmp_path}/missing'\n"
        "global.cert='/etc/ssl/ca.pem'\n"
        "global.extra-index-url='\\nhttp://a.test/simple\\nhttp://b.test/simple'\n"
        "global.index-url='http://global.test/simple'\n"
        "install.index-url='http://install.test/simple'\n"
        "global.timeout='60'\n"
    )
    assert for_uv(listed) == {
        "UV_DEFAULT_INDEX": "http://install.test/simple",
        "UV_INDEX": "http://a.test/simple http://b.test/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_FIND_LINKS": str(tmp_path),
        "SSL_CERT_FILE": "/etc/ssl/ca.pem",
    }
