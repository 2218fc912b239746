"""Which office the command line speaks to: the one the environment names, or the one running on this machine."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from sqlalchemy.exc import OperationalError
from temporalio.service import RPCError

from cli.output import Exit, fail
from hosting.connect import connect_client
from hosting.embedded import data_folder
from hosting.instance import INSTANCE_FILE
from ledger.key_checks import require_known_keys
from ledger.store import Ledger, LedgerUnavailable
from privacy import store
from privacy.keys import Keys
from starter.office import Office

T = TypeVar("T")

DEMO = "demo"
"""The demonstration's folder inside the data folder."""


class Address(NamedTuple):
    """Where an office is: Temporal (``None``: as ``temporalio.envconfig`` says) and PostgreSQL; and its keys."""

    temporal: str | None
    database: str
    keys: Keys
    key_folder: Path | None
    """``None``: the environment holds the keys themselves."""
    demo: bool = False
    """The demonstration's, whose matters may live by a paced clock."""


def find_office(*, as_json: bool = False) -> Address:
    """The office to speak to; leaves with a clear message when there is none."""
    if database := os.environ.get("FENGQIAO_DATABASE_URL"):
        return Address(None, database, store.load(), store.folder_of(None))
    notes = (data_folder() / INSTANCE_FILE, data_folder() / DEMO / INSTANCE_FILE)
    note = next((n for n in notes if n.exists()), None)
    if note is None:
        fail(
            Exit.UNREACHABLE,
            "没有正在运行的枫桥系统。请先运行 fengqiao up（或 make run），"
            "或设置 FENGQIAO_DATABASE_URL 与 TEMPORAL_ADDRESS。",
            as_json=as_json,
        )
    said = json.loads(note.read_text(encoding="utf-8"))
    folder = Path(said["keys"])
    return Address(
        said["temporal"],
        said["database"],
        store.load(folder),
        store.folder_of(folder),
        demo=note == notes[1],
    )


def open_ledger(*, as_json: bool = False) -> Ledger:
    """The ledger alone, for reading."""
    address = find_office(as_json=as_json)
    ledger = Ledger.connect(address.database, address.keys)
    require_known_keys(ledger)
    return ledger


def with_office(work: Callable[[Office, Ledger], Awaitable[T]], *, as_json: bool = False) -> T:
    """Run ``work`` against the office; says so when it cannot be reached."""
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
        fail(
            Exit.UNREACHABLE,
            f"连接不上枫桥系统（Temporal 或 PostgreSQL）：{type(error).__name__}",
            as_json=as_json,
        )
    except RPCError as error:  # what may pass was waited for
        fail(
            Exit.UNREACHABLE,
            f"Temporal 拒绝了请求（{error.status.name}），没有办理；请联系管理员检查连接设置与权限",
            as_json=as_json,
        )
