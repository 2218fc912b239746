"""One office on one machine: both servers, the ledger, the worker, and a note saying where it is."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from domain.policy import Policy
from ledger.store import Ledger
from starter.connect import NAMESPACE, connect_client
from starter.embedded import Embedded, Supervisor, start
from starter.embedded.processes import Report
from starter.office import Office
from worker import running_workers
from workflows.display import SEARCH_ATTRIBUTES

INSTANCE_FILE = "instance.json"


class Instance(NamedTuple):
    """A running office."""

    office: Office
    ledger: Ledger
    servers: Embedded


async def open_instance(
    run: Supervisor,
    home: Path,
    report: Report,
    policy: Policy,
    *,
    headless: bool = False,
    fresh: bool = False,
) -> Instance:
    """Bring an office up on the data in ``home`` (``fresh``: on none); ``run`` takes it down. Raises CannotStart."""
    servers = await start(
        run,
        home,
        report,
        namespace=NAMESPACE,
        search_attributes=SEARCH_ATTRIBUTES,
        headless=headless,
        fresh=fresh,
    )
    report("正在准备台账…")
    ledger = Ledger.connect(servers.database_url)
    ledger.migrate()
    client = await connect_client(servers.temporal_address)
    report("正在启动工作进程…")
    await run.enter(running_workers(client, ledger, policy))
    await run.enter(_noted(home, servers))
    return Instance(Office(client, ledger), ledger, servers)


@asynccontextmanager
async def _noted(home: Path, servers: Embedded) -> AsyncGenerator[None]:
    """While the office is open a note tells the command line where it is."""
    note = home / INSTANCE_FILE
    said = {"temporal": servers.temporal_address, "database": servers.database_url, "ui": servers.ui_url}
    note.touch(mode=0o600)
    note.write_text(json.dumps(said), encoding="utf-8")
    try:
        yield
    finally:
        note.unlink(missing_ok=True)
