"""The compose file's topology, natively: ``python -m scripts.topology`` (``make topology``).

Temporal's server on PostgreSQL with several history shards, the migration job and two worker processes, each configured
by its environment as in docker-compose.yml. Every sample is played through; meanwhile one worker is killed. Then all
databases are backed up while officers act, lost, and restored. Prints a report as JSON; exit code 0 when nothing was
lost and every story ended as expected.
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
from typing import Any
from urllib.request import urlopen

from sqlalchemy import create_engine, text

from hosting.embedded.paths import data_folder
from hosting.embedded.supervisor import Supervisor
from ledger.verify import verify
from policies import load
from scripts import recovery
from scripts.native_temporal import ROOT
from scripts.site import READY_LIMIT, Base, Site, WorkerProcess, open_base, open_site, say, worker
from starter.scenario.player import Played, Player
from starter.scenario.script import read

SAMPLES = sorted((ROOT / "samples").glob("[0-9]*.yaml"))
PACE = 86_400 * 200
AT_ONCE = 4


async def main() -> int:
    """Bring it up, play, lose everything, restore, report, take it down."""
    data_folder().mkdir(parents=True, exist_ok=True)
    ok = False
    with tempfile.TemporaryDirectory(prefix="topology-", dir=data_folder()) as folder:
        async with Supervisor() as run:
            base = await open_base(run, Path(folder))
            async with open_site(base) as site:
                report = await _drill(site)
                drill = await recovery.back_up(site)
            await recovery.lose_and_restore(drill)
            async with open_site(base) as site:
                report["restored"] = await recovery.go_on(site, drill)
            ok = report["ok"] and report["restored"]["ok"]
            print(json.dumps(report, ensure_ascii=False, indent=2))
    return 0 if ok else 1


async def _drill(site: Site) -> dict[str, Any]:
    async with worker(site, "worker-1") as first, worker(site, "worker-2") as second:
        began = time.monotonic()
        stories, killed_at = await _play(site, first)
        seconds = time.monotonic() - began
        served = await asyncio.to_thread(_own_figures, second.metrics)
        connections = _one(site.base, "postgres", "SELECT count(*) FROM pg_stat_activity WHERE usename <> ''")
    broken = verify(site.ledger)
    differing = {p.scenario.id: [d._asdict() for d in p.differences] for p in stories if p.differences}
    return {
        "ok": not broken and not differing and second.child.exit_code == 0,
        "postgresql": site.base.postgres.version,
        "temporal_server": site.cluster.version,
        "history_shards": _shards(site.base),
        "stories": len(stories),
        "matters": _one(site.base, "ledger", "SELECT count(*) FROM disputes"),
        "events": _one(site.base, "ledger", "SELECT count(*) FROM events"),
        "seconds": round(seconds, 1),
        "worker_1": {"killed_after_stories": killed_at, "exit_code": first.child.exit_code},
        "worker_2": {"exit_code": second.child.exit_code, "figures": served},
        "connections": connections,
        "ledger_broken": [b._asdict() for b in broken],
        "differences": differing,
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
        say(f"  {len(done)}/{len(SAMPLES)} {file.stem}")
        if len(done) == len(SAMPLES) // 3:
            killed_at = len(done)
            say("  杀死第一个工作进程（SIGKILL）")
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
            kept = ",".join(re.findall(r'(?:command|code|outcome)="\w+"', name))
            key = f"{name.partition('{')[0]}{{{kept}}}"
            found[key] = found.get(key, 0) + float(value)
    return found


def _shards(base: Base) -> dict[str, int]:
    """How many workflows lie on each history shard."""
    with create_engine(_superuser(base, "temporal")).connect() as link:
        rows = link.execute(text("SELECT shard_id, count(*) FROM current_executions GROUP BY 1 ORDER BY 1"))
        return {str(shard): count for shard, count in rows}


def _one(base: Base, database: str, query: str) -> int:
    with create_engine(_superuser(base, database)).connect() as link:
        return link.execute(text(query)).scalar_one()


def _superuser(base: Base, database: str) -> str:
    return base.postgres.dsn(database).replace("postgresql://", "postgresql+psycopg://")


if __name__ == "__main__":
    code = asyncio.run(main())
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # the SDK may abort at interpreter exit (sdk-python#300)
