"""Which office the command line speaks to: the one the environment names, or the one running on this machine."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sqlalchemy.exc import OperationalError

from cli.output import Exit, fail
from hosting import note
from hosting.embedded.errors import CannotStart
from hosting.embedded.paths import data_folder
from hosting.unsigned import takes_unsigned
from ledger.key_checks import require_known_keys
from ledger.store import Ledger, LedgerUnavailable
from privacy import store
from privacy.keys import Keys

if TYPE_CHECKING:
    from starter.office import Office

T = TypeVar("T")

DEMO = "demo"
"""The demonstration's folder inside the data folder."""


class Address(NamedTuple):
    """Where an office is: Temporal (``None``: as ``temporalio.envconfig`` says) and PostgreSQL; and its keys."""

    temporal: str | None
    database: str
    owner: str
    """The same database under its owner's role, as far as this machine knows it."""
    keys: Keys
    key_folder: Path | None
    """``None``: the environment holds the keys themselves."""
    demo: bool = False
    """The demonstration's, whose matters may live by a paced clock."""


def find_office(*, as_json: bool = False) -> Address:
    """The office to speak to; leaves with a clear message when there is none."""
    if database := os.environ.get("FENGQIAO_DATABASE_URL"):
        return Address(None, database, database, store.load(), store.folder_of(None))
    found = running_here(as_json=as_json)
    folder = Path(found.keys)
    keys = store.load(folder)
    return Address(found.temporal, found.database, found.owner, keys, store.folder_of(folder), found.demo)


def running_here(*, as_json: bool = False) -> note.Note:
    """The office running on this machine, the demonstration's if there is no other; leaves when there is none."""
    for folder in (data_folder(), data_folder() / DEMO):
        if found := note.read(folder):
            return found
    return fail(
        Exit.UNREACHABLE,
        "没有正在运行的枫桥系统。请先运行 fengqiao up（或 make run），"
        "或设置 FENGQIAO_DATABASE_URL 与 TEMPORAL_ADDRESS。",
        as_json=as_json,
    )


def is_demonstration(*, as_json: bool = False) -> bool:
    """Whether the office takes and marks what nobody signed in for; leaves when its setting cannot be read."""
    try:
        return takes_unsigned() or find_office(as_json=as_json).demo
    except CannotStart as wrong:
        return fail(Exit.USAGE, str(wrong), as_json=as_json)


def require_demonstration(*, as_json: bool = False) -> None:
    """Leave unless the office is a demonstration's."""
    if is_demonstration(as_json=as_json):
        return
    said = "--as 只用于演示系统；请先运行 fengqiao login 登录，再去掉 --as 办理，单位和经办人以登录的岗位为准"
    fail(Exit.DECLINED, said, as_json=as_json)


def open_ledger(*, as_json: bool = False) -> Ledger:
    """The ledger alone, for reading."""
    address = find_office(as_json=as_json)
    return _opened(address.database, address.keys)


def open_owners_ledger(*, as_json: bool = False) -> Ledger:
    """The ledger under its owner's role, for what changes keys or makes tables anew."""
    address = find_office(as_json=as_json)
    return _opened(address.owner, address.keys)


def _opened(url: str, keys: Keys) -> Ledger:
    ledger = Ledger.connect(url, keys)
    require_known_keys(ledger)
    return ledger


def with_office(work: Callable[["Office", Ledger], Awaitable[T]], *, as_json: bool = False) -> T:
    """Run ``work`` against the office; says so when it cannot be reached."""
    # Temporal takes a second to load, which commands that only read are spared.
    from temporalio.service import RPCError

    from hosting.connect import connect_client
    from starter.office import Office

    address = find_office(as_json=as_json)

    async def run() -> T:
        ledger = Ledger.connect(address.database, address.keys)
        require_known_keys(ledger)
        client = await connect_client(address.keys, address.temporal)
        return await work(Office(client, ledger), ledger)

    try:
        return asyncio.run(run())
    except (LedgerUnavailable, OperationalError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "connect" not in str(error).lower():
            raise
        problem = f"连接不上枫桥系统（Temporal 或 PostgreSQL）：{type(error).__name__}"
    except RPCError as error:  # what may pass was waited for
        problem = f"Temporal 拒绝了请求（{error.status.name}），没有办理；请联系管理员检查连接设置与权限"
    return fail(Exit.UNREACHABLE, problem, as_json=as_json)
