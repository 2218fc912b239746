"""PostgreSQL as the compose file runs it, natively: over TCP, every role with its password, checksums on.

Temporal's visibility store needs the extension btree_gin, which the embedded wheel leaves out; Debian's package has it.
"""

import os
import shutil
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg

from hosting.embedded.errors import CannotStart
from hosting.embedded.paths import PRIVATE
from hosting.embedded.postgres import FAST, TOOL_LIMIT, ready, system_account
from hosting.embedded.processes import Account, Child, Report, run_tool
from scripts.addresses import free_address

NAME = "PostgreSQL-full"
SUPERUSER = "postgres"
EXTENSION = "extension/btree_gin.control"
PASS = 0o711


class FullPostgres(NamedTuple):
    """A running server. ``password``: the superuser's."""

    child: Child
    programs: Path
    host: str
    port: int
    password: str
    version: str

    def dsn(self, database: str) -> str:
        """For the superuser."""
        return f"postgresql://{SUPERUSER}:{self.password}@{self.host}:{self.port}/{database}"


def find_full_postgres() -> Path:
    """The programs of a PostgreSQL 15 or newer with its extensions. Raises CannotStart."""
    named = [found] if (found := shutil.which("pg_config")) else []
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -int(p.parent.name))
    for config in [*named, *(folder / "pg_config" for folder in installed)]:
        folder = Path(config).resolve().parent
        share = next(iter(_shares(Path(config), folder)), None)
        if share and (folder / "postgres").exists() and (share / EXTENSION).exists():
            return folder
    raise CannotStart("本机没有带扩展 btree_gin 的 PostgreSQL；在 Debian 上：apt-get install postgresql")


def _shares(config: Path, folder: Path) -> list[Path]:
    """Where its extensions are: Debian's pg_config comes with another package."""
    if config.exists():
        said = subprocess.run([config, "--sharedir"], check=True, capture_output=True, text=True).stdout
        return [Path(said.strip())]
    return [Path("/usr/share/postgresql", folder.parent.name)]


@asynccontextmanager
async def full_postgres(home: Path, secrets: Path, report: Report) -> AsyncGenerator[FullPostgres]:
    """A server on fresh data in ``home``, stopped at the end. ``home`` is held. Raises CannotStart."""
    programs = find_full_postgres()
    account = system_account(report)
    home.chmod(PASS)
    data = home / "postgres"
    data.mkdir(mode=PRIVATE)
    if account:
        os.chown(data, account.uid, account.gid)
    password = (secrets / "postgres_password").read_text(encoding="utf-8").strip()
    await _initialise(programs, data, password, account)
    host, port = free_address().split(":")
    argv = [
        programs / "postgres", "-D", data, "-p", port, "-c", f"listen_addresses={host}",
        "-c", "unix_socket_directories=", "-c", "timezone=Asia/Shanghai",
    ]  # fmt: skip
    child = Child.start(NAME, argv, home, cwd=data, account=account, stop_signal=FAST)
    try:
        version = (await run_tool([programs / "postgres", "--version"], limit=TOOL_LIMIT)).split()[-1]
        server = FullPostgres(child, programs, host, int(port), password, version)
        await ready(child, lambda: psycopg.AsyncConnection.connect(server.dsn("postgres")))
        yield server
    finally:
        await child.stop()


async def _initialise(programs: Path, data: Path, password: str, account: Account | None) -> None:
    note = data.with_name("superuser")
    note.write_text(password, encoding="utf-8")
    try:
        if account:
            os.chown(note, account.uid, account.gid)
        argv = [programs / "initdb", "-D", data, "-U", SUPERUSER, "--pwfile", note, "--auth=scram-sha-256"]
        words = ["--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8"]
        await run_tool([*argv, *words], limit=TOOL_LIMIT, account=account)
    finally:
        note.unlink()
