"""One office on one machine: both servers, the ledger, the worker, and a note saying where it is."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from temporalio.worker import Worker

from domain.policy import Policy
from hosting import note
from hosting.channels import channels
from hosting.connect import NAMESPACE, connect_client
from hosting.embedded.processes import Report
from hosting.embedded.servers import Embedded, start
from hosting.embedded.supervisor import Supervisor
from hosting.kept import kept
from hosting.keys import FOLDER, embedded_keys
from hosting.note import Note
from hosting.ways_out import ways_out
from hosting.workers import Workers
from importing.rules import Rules
from ledger.key_checks import check_keys
from ledger.store import Ledger
from privacy.keys import Keys
from starter.office import Office
from workflows.display import SEARCH_ATTRIBUTES

if TYPE_CHECKING:
    from hosting.codec_server.serving import CodecServer


class Instance(NamedTuple):
    """A running office."""

    office: Office
    ledger: Ledger
    servers: Embedded
    keys: Keys
    codec: "CodecServer | None"
    """Where an administrator reads plain text; ``None`` without a UI."""
    desk: str | None
    """Where officers work; ``None`` without pages."""


async def open_instance(
    run: Supervisor,
    home: Path,
    report: Report,
    policy: Policy,
    running: Workers,
    *,
    headless: bool = False,
    fresh: bool = False,
    port: int | None = None,
    tickets: Rules | None = None,
) -> Instance:
    """Bring an office up on the data in ``home`` (``fresh``: on none, a demonstration's); ``run`` keeps it up and ends it.

    ``headless``: without any pages. ``port``: of the officers' pages, where it is not the usual one. ``tickets``: how the
    county's hotline export is read.
    A demonstration's office alone takes what comes from outside unsigned, and tells systems on this very machine.

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
    owners = Ledger.connect(servers.owner_url, keys)
    owners.migrate()
    owners.close()
    ledger = Ledger.connect(servers.database_url, keys)
    check_keys(ledger)
    client = await connect_client(keys, servers.temporal_address)
    out, ways = ways_out(tickets, loopback=fresh), channels()
    report("正在启动工作进程…")

    def begun() -> AbstractAsyncContextManager[Sequence[Worker]]:
        return running(client, ledger, policy, take_unsigned=fresh, outbound=out, channels=ways)

    await run.enter(kept("工作进程", begun, report, run.give_up))
    office = Office(client, ledger)
    codec = address = None
    if servers.ui_url:
        # Half a second that no other command needs.
        from hosting.codec_server.serving import codec_server
        from hosting.desk import PORT, desk, site_for

        codec = await run.enter(codec_server(keys, home / FOLDER, servers.ui_url, report))
        site = site_for(
            office, ledger, policy, secure=False, tickets=tickets, outbound=out, channels=ways, temporal_pages=codec.url,
            demo=fresh,
        )  # fmt: skip
        address = await run.enter(desk(site, report, port=PORT if port is None else port))
    door = codec.url if codec else None
    await run.enter(
        _noted(
            home,
            Note(
                servers.temporal_address,
                servers.database_url,
                servers.owner_url,
                servers.ui_url,
                str(home / FOLDER),
                door,
                demo=fresh,
            ),
        )
    )
    return Instance(office, ledger, servers, keys, codec, address)


@asynccontextmanager
async def _noted(home: Path, said: Note) -> AsyncGenerator[None]:
    """While the office is open a note tells the command line where it is."""
    note.put(home, said)
    try:
        yield
    finally:
        note.remove(home)
