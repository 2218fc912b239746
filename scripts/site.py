"""The parts of a production site, natively: each as docker-compose.yml starts it, stopped at the end of its block."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

from temporalio.client import Client

from hosting.connect import NAMESPACE
from hosting.embedded.paths import hold, private_folder
from hosting.embedded.processes import POLL, Child, run_tool
from hosting.embedded.supervisor import Supervisor
from hosting.health import ADDRESS, is_ready
from ledger.rights import APP
from ledger.store import Ledger
from privacy import store
from scripts.addresses import free_addresses
from scripts.native_postgres import SUPERUSER, FullPostgres, full_postgres
from scripts.native_temporal import ROOT, SHARDS, Cluster, cluster, find_programs, set_up_databases
from starter.office import Office
from workflows.plugin import FengqiaoPlugin

READY_LIMIT = 120.0
PREPARE_LIMIT = 300.0
SCRIPT_LIMIT = 600.0
WITH_PASSWORD = ROOT / "docker" / "with-password.sh"
SECRETS = ("postgres_password", "temporal_password", "ledger_password", "ledger_app_password")
OWNERS = {"temporal": "temporal", "temporal_visibility": "temporal", "ledger": "ledger"}


def say(line: str) -> None:
    """Tell the person watching."""
    print(line, file=sys.stderr, flush=True)


class Base(NamedTuple):
    """What stays up throughout: PostgreSQL with its databases, and the programs."""

    home: Path
    programs: Path
    secrets: Path
    keys: Path
    postgres: FullPostgres

    async def script(self, name: str, *words: str | Path) -> str:
        """Run one of the compose file's scripts as an administrator; what it said."""
        env = {
            "PATH": os.pathsep.join([str(self.postgres.programs), os.defpath]),
            "PGHOST": self.postgres.host,
            "PGPORT": str(self.postgres.port),
            "PGUSER": SUPERUSER,
            "SECRETS": str(self.secrets),
            "BACKUPS": str(private_folder(self.home / "backups")),
        }
        return await run_tool(["/bin/sh", ROOT / "docker" / name, *words], limit=SCRIPT_LIMIT, env=env)


class Site(NamedTuple):
    """A running site."""

    base: Base
    cluster: Cluster
    env: dict[str, str]
    ledger: Ledger
    office: Office


class WorkerProcess(NamedTuple):
    """One ``python worker.py`` and where it serves its metrics."""

    child: Child
    metrics: str


async def open_base(run: Supervisor, home: Path) -> Base:
    """PostgreSQL with every role, database and table of Temporal's; ``run`` stops it."""
    run.hold(hold(home))
    programs = await find_programs(say)
    secrets = private_folder(home / "secrets")
    for name in SECRETS:
        (secrets / name).write_text(token_hex(32), encoding="utf-8")
    say("正在启动 PostgreSQL…")
    server = await run.enter(full_postgres(home, secrets, say))
    run.watch(server.child)
    await set_up_databases(server, programs, secrets)
    keys = home / "keys"
    store.make(keys)
    return Base(home, programs, secrets, keys, server)


@asynccontextmanager
async def open_site(base: Base) -> AsyncGenerator[Site]:
    """Temporal on that PostgreSQL, and the migration job."""
    say(f"正在启动 Temporal 服务器（{SHARDS} 个历史分片，存于 PostgreSQL）…")
    async with cluster(base.programs, base.home, base.postgres, base.secrets, say) as temporal:
        where = f"{base.postgres.host}:{base.postgres.port}/ledger"
        env = {
            **os.environ,
            "FENGQIAO_DATABASE_URL": f"postgresql://{APP}@{where}",
            "SECRETS": str(base.secrets),
            "TEMPORAL_ADDRESS": temporal.address,
            "TEMPORAL_NAMESPACE": NAMESPACE,
            "PYTHONPATH": str(ROOT),
            store.FOLDER: str(base.keys),
        }
        say("正在迁移（台账表、命名空间、检索属性）…")
        for _ in ("made", "repeated"):
            argv = [WITH_PASSWORD, sys.executable, "-m", "hosting.prepare"]
            owners = {"FENGQIAO_DATABASE_URL": f"postgresql://ledger@{where}"}
            await run_tool(argv, limit=PREPARE_LIMIT, env=env | owners)
        keys = store.load(base.keys, {})
        client = await Client.connect(temporal.address, namespace=NAMESPACE, plugins=[FengqiaoPlugin(keys)])
        ledger = Ledger.connect(base.postgres.dsn("ledger"), keys)
        try:
            yield Site(base, temporal, env, ledger, Office(client, ledger))
        finally:
            ledger.close()


@asynccontextmanager
async def worker(site: Site, name: str) -> AsyncGenerator[WorkerProcess]:
    """A worker process, ready; told to stop at the end."""
    metrics, health = free_addresses(2)
    env = {**site.env, "FENGQIAO_METRICS_ADDRESS": metrics, ADDRESS: health}
    argv = [WITH_PASSWORD, sys.executable, ROOT / "worker.py"]
    child = Child.start(name, argv, site.base.home, cwd=ROOT, env=env)
    try:
        deadline = time.monotonic() + READY_LIMIT
        while not await asyncio.to_thread(is_ready, health):
            if not child.is_running:
                raise child.failure()
            if time.monotonic() > deadline:
                raise child.slow(READY_LIMIT)
            await asyncio.sleep(POLL)
        yield WorkerProcess(child, metrics)
    finally:
        await child.stop()
