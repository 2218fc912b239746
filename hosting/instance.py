"""One office on one machine: both servers, the ledger, the worker, and a note saying where it is."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from domain.policy import Policy
from hosting.connect import NAMESPACE, connect_client
from hosting.embedded import Embedded, Supervisor, start
from hosting.embedded.processes import Report
from hosting.kept import kept
from hosting.keys import FOLDER, embedded_keys
from hosting.workers import Workers
from ledger.key_checks import check_keys
from ledger.store import Ledger
from privacy.keys import Keys
from starter.office import Office
from workflows.display import SEARCH_ATTRIBUTES

if TYPE_CHECKING:
    from hosting.codec_server.serving import CodecServer

INSTANCE_FILE = "instance.json"


class Instance(NamedTuple):
    """A running office."""

    office: Office
    ledger: Ledger
    servers: Embedded
    keys: Keys
    codec: "CodecServer | None"
    """Where an administrator reads plain text; ``None`` without a UI."""


async def open_instance(
    run: Supervisor,
    home: Path,
    report: Report,
    policy: Policy,
    running: Workers,
    *,
    headless: bool = False,
    fresh: bool = False,
) -> Instance:
    """Bring an office up on the data in ``home`` (``fresh``: on none); ``run`` keeps it up and takes it down.

    Raises CannotStart, KeyProblem.
    """
    keys = embedded_keys(home, fresh=fresh)
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
    ledger = Ledger.connect(servers.database_url, keys)
    ledger.migrate()
    check_keys(ledger)
    client = await connect_client(keys, servers.temporal_address)
    report("正在启动工作进程…")
    await run.enter(kept("工作进程", lambda: running(client, ledger, policy), report, run.give_up))
    codec = None
    if servers.ui_url:
        from hosting.codec_server.serving import codec_server  # half a second that no other command needs

        codec = await run.enter(codec_server(keys, home / FOLDER, servers.ui_url, report))
    await run.enter(_noted(home, servers))
    return Instance(Office(client, ledger), ledger, servers, keys, codec)


@asynccontextmanager
async def _noted(home: Path, servers: Embedded) -> AsyncGenerator[None]:
    """While the office is open a note tells the command line where it is."""
    note = home / INSTANCE_FILE
    said = {
        "temporal": servers.temporal_address,
        "database": servers.database_url,
        "ui": servers.ui_url,
        "keys": str(home / FOLDER),
    }
    note.touch(mode=0o600)
    note.chmod(0o600)
    note.write_text(json.dumps(said), encoding="utf-8")
    try:
        yield
    finally:
        note.unlink(missing_ok=True)
