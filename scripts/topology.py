"""The compose file's topology, natively: ``python -m scripts.topology`` (``make topology``).

Temporal's server on PostgreSQL with several history shards, the migration job and two worker processes, each configured
by its environment as in docker-compose.yml. Every sample is played through; half-way one worker is killed. Prints a
report as JSON; exit code 0 when nothing was lost and every story ended as expected.
"""

import asyncio
import json
import os
import re
import signal
import sys
import tempfile
import time
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple
from urllib.request import urlopen

from sqlalchemy import create_engine, text
from temporalio.client import Client

from ledger.store import Ledger
from ledger.verify import verify
from policies import load
from privacy import store
from scripts.addresses import free_addresses
from scripts.native_postgres import FullPostgres, full_postgres
from scripts.native_temporal import (
    ROOT,
    SHARDS,
    Cluster,
    cluster,
    find_programs,
    set_up_databases,
)
from starter.connect import NAMESPACE
from starter.embedded import Supervisor, data_folder
from starter.embedded.paths import hold, private_folder
from starter.embedded.processes import POLL, Child, run_tool
from starter.health import ADDRESS, is_ready
from starter.office import Office
from starter.scenario.player import Played, Player
from starter.scenario.script import read
from workflows.plugin import FengqiaoPlugin

SAMPLES = sorted((ROOT / "samples").glob("[0-9]*.yaml"))
PACE = 86_400 * 200
AT_ONCE = 4
READY_LIMIT = 120.0
PREPARE_LIMIT = 300.0
WITH_PASSWORD = ROOT / "docker" / "with-password.sh"
SECRETS = ("postgres_password", "temporal_password", "ledger_password")


class Site(NamedTuple):
    """The running topology."""

    home: Path
    postgres: FullPostgres
    cluster: Cluster
    env: dict[str, str]
    ledger: Ledger
    office: Office


class WorkerProcess(NamedTuple):
    """One ``python worker.py`` and where it serves."""

    child: Child
    metrics: str


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


async def main() -> int:
    """Bring it up, play, report, take it down."""
    data_folder().mkdir(parents=True, exist_ok=True)
    ok = False
    with tempfile.TemporaryDirectory(prefix="topology-", dir=data_folder()) as folder:
        async with Supervisor() as run:
            report = await _drill(run, await _bring_up(run, Path(folder)))
            print(json.dumps(report, ensure_ascii=False, indent=2))
            ok = report["ok"]
    return 0 if ok else 1


async def _bring_up(run: Supervisor, home: Path) -> Site:
    run.hold(hold(home))
    programs = await find_programs(_say)
    _say("正在启动 PostgreSQL…")
    secrets = _make_secrets(home)
    folder = home / "keys"
    store.make(folder)
    keys = store.load(folder, {})
    server = await run.enter(full_postgres(home, secrets, _say))
    run.watch(server.child)
    await set_up_databases(server, programs, secrets)
    _say(f"正在启动 Temporal 服务器（{SHARDS} 个历史分片，存于 PostgreSQL）…")
    temporal = await run.enter(cluster(programs, home, server, secrets, _say))
    run.watch(temporal.child)
    database = f"postgresql://ledger@{server.host}:{server.port}/ledger"
    env = {
        **os.environ,
        "FENGQIAO_DATABASE_URL": database,
        "SECRETS": str(secrets),
        "TEMPORAL_ADDRESS": temporal.address,
        "TEMPORAL_NAMESPACE": NAMESPACE,
        "PYTHONPATH": str(ROOT),
        store.FOLDER: str(folder),
    }
    _say("正在迁移（台账表、命名空间、检索属性）…")
    for _ in ("made", "repeated"):
        await run_tool([WITH_PASSWORD, sys.executable, "-m", "starter.prepare"], limit=PREPARE_LIMIT, env=env)
    client = await Client.connect(temporal.address, namespace=NAMESPACE, plugins=[FengqiaoPlugin(keys)])
    ledger = Ledger.connect(server.dsn("ledger"), keys)
    return Site(home, server, temporal, env, ledger, Office(client, ledger))


def _make_secrets(home: Path) -> Path:
    folder = private_folder(home / "secrets")
    for name in SECRETS:
        (folder / name).write_text(token_hex(32), encoding="utf-8")
    return folder


async def _start_worker(run: Supervisor, site: Site, name: str) -> WorkerProcess:
    metrics, health = free_addresses(2)
    env = {**site.env, "FENGQIAO_METRICS_ADDRESS": metrics, ADDRESS: health}
    child = Child.start(
        name, [WITH_PASSWORD, sys.executable, ROOT / "worker.py"], site.home, cwd=ROOT, env=env
    )
    deadline = time.monotonic() + READY_LIMIT
    while not await asyncio.to_thread(is_ready, health):
        if not child.is_running:
            raise child.failure()
        if time.monotonic() > deadline:
            raise child.slow(READY_LIMIT)
        await asyncio.sleep(POLL)
    return WorkerProcess(child, metrics)


async def _drill(run: Supervisor, site: Site) -> dict[str, Any]:
    first, second = [await _start_worker(run, site, name) for name in ("worker-1", "worker-2")]
    try:
        began = time.monotonic()
        stories, killed_at = await _play(site, first)
        seconds = time.monotonic() - began
        served = await asyncio.to_thread(_own_figures, second.metrics)
        await second.child.stop()
    finally:
        for worker in (first, second):
            await worker.child.stop()
    broken = verify(site.ledger)
    differing = {p.scenario.id: [d._asdict() for d in p.differences] for p in stories if p.differences}
    return {
        "ok": not broken and not differing and second.child.exit_code == 0,
        "postgresql": site.postgres.version,
        "temporal_server": site.cluster.version,
        "history_shards": _shards(site),
        "stories": len(stories),
        "matters": _one(site, "ledger", "SELECT count(*) FROM disputes"),
        "events": _one(site, "ledger", "SELECT count(*) FROM events"),
        "seconds": round(seconds, 1),
        "worker_1_killed_after_stories": killed_at,
        "worker_2_exit_code": second.child.exit_code,
        "worker_2_figures": served,
        "ledger_broken": [b._asdict() for b in broken],
        "differences": differing,
        "connections": _one(
            site, "postgres", "SELECT count(*) FROM pg_stat_activity WHERE usename IS NOT NULL"
        ),
    }


async def _play(site: Site, victim: WorkerProcess) -> tuple[list[Played], int]:
    """Every sample; when a third of them is done, the victim dies by SIGKILL in the middle of the others."""
    policy = load("pianguan")
    player = Player(site.office, site.ledger, pace=PACE)
    free = asyncio.Semaphore(AT_ONCE)
    done: list[Played] = []
    killed_at = 0

    async def one(file: Path) -> None:
        nonlocal killed_at
        async with free:
            done.append(await player.play(read(file, policy.calendar)))
        _say(f"  {len(done)}/{len(SAMPLES)} {file.stem}")
        if len(done) == len(SAMPLES) // 3:
            killed_at = len(done)
            _say("  杀死第一个工作进程（SIGKILL）")
            os.kill(victim.child.pid, signal.SIGKILL)

    await asyncio.gather(*(one(file) for file in SAMPLES))
    return done, killed_at


def _own_figures(address: str) -> dict[str, float]:
    """The worker's own counters, as Prometheus would read them."""
    with urlopen(f"http://{address}/metrics", timeout=READY_LIMIT) as answer:
        lines = answer.read().decode().splitlines()
    found: dict[str, float] = {}
    for line in lines:
        if line.startswith("fengqiao_"):
            name, _, value = line.rpartition(" ")
            kept = ",".join(part for part in re.findall(r'(?:command|code|outcome)="\w+"', name))
            key = f"{name.partition('{')[0]}{{{kept}}}"
            found[key] = found.get(key, 0) + float(value)
    return found


def _shards(site: Site) -> dict[str, int]:
    """How many workflows lie on each history shard."""
    with create_engine(_superuser(site, "temporal")).connect() as link:
        rows = link.execute(text("SELECT shard_id, count(*) FROM current_executions GROUP BY 1 ORDER BY 1"))
        return {str(shard): count for shard, count in rows}


def _superuser(site: Site, database: str) -> str:
    return site.postgres.dsn(database).replace("postgresql://", "postgresql+psycopg://")


def _one(site: Site, database: str, query: str) -> int:
    with create_engine(_superuser(site, database)).connect() as link:
        return link.execute(text(query)).scalar_one()


if __name__ == "__main__":
    code = asyncio.run(main())
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # the SDK may abort at interpreter exit (sdk-python#300)
