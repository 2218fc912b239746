"""Both servers together, on one data folder."""

import shutil
from pathlib import Path
from typing import NamedTuple

from hosting.embedded import postgres, temporal
from hosting.embedded.namespace import Keys
from hosting.embedded.paths import hold
from hosting.embedded.processes import Report, end_orphan
from hosting.embedded.supervisor import Supervisor
from hosting.embedded.temporal_program import find_temporal

DATABASE = "fengqiao"


class Embedded(NamedTuple):
    """Where the two servers are."""

    database_url: str
    """Under the role of the office's own processes."""
    owner_url: str
    temporal_address: str
    ui_url: str | None


async def start(
    run: Supervisor,
    home: Path,
    report: Report,
    *,
    namespace: str,
    search_attributes: Keys,
    headless: bool = False,
    fresh: bool = False,
) -> Embedded:
    """Start both servers on the data in ``home`` and wait until they are ready; ``run`` keeps them, and stops them.

    The database exists, empty at first; the namespace is prepared. ``fresh``: what an earlier run left is
    thrown away, once it is sure that nobody uses it. Raises CannotStart.
    """
    run.hold(hold(home))
    if fresh:
        await _clear(home, report)
    program = await find_temporal(report)
    report("正在启动 PostgreSQL…")
    database = await run.enter(postgres.postgres(home, report))
    run.keep(database.child, database.ready, report)
    report("正在启动 Temporal…")
    server = await run.enter(
        temporal.dev_server(
            program, home, report, namespace=namespace, search_attributes=search_attributes, headless=headless
        )
    )
    run.keep(server.child, server.ready, report)
    owner_url = await database.ensure(DATABASE)
    return Embedded(database.office_url(DATABASE), owner_url, server.address, server.ui_url)


async def _clear(home: Path, report: Report) -> None:
    for name, data in ((postgres.NAME, postgres.DATA), (temporal.NAME, temporal.DATA)):
        await end_orphan(name, home, report)
        shutil.rmtree(home / data, ignore_errors=True)
