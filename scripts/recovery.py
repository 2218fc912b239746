"""The drill of a loss: ledger and Temporal dumped while officers act, both lost, both restored, disputes going on."""

import asyncio
import time
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import psycopg
from psycopg import sql

from domain.actions import Act
from domain.actions.form import Material
from domain.actions.intake import ReceiveMaterial
from domain.business_clock import BusinessClock
from domain.events import Event
from domain.intake import Intake
from domain.words import SHANGHAI
from ledger.verify import verify
from policies import load
from scripts.native_temporal import ROOT
from scripts.site import OWNERS, Base, Site, say, worker
from starter.scenario.script import read

OPEN = 6


class Drill(NamedTuple):
    """What was promised before the backup began, and where the backup is."""

    base: Base
    folder: Path
    promised: dict[str, list[Event]]
    acted_meanwhile: int
    seconds: float


def _material(item: str, of: Intake) -> Act:
    """Something handed in on the day the matter came in: a day that is past by every clock."""
    on = of.received_at.astimezone(SHANGHAI).date()
    body = ReceiveMaterial(given_by="申请人", materials=[Material(name=item)], received_on=on)
    return Act(id=str(uuid4()), unit="申请人", officer="申请人", body=body)


async def back_up(site: Site) -> Drill:
    """Disputes are opened, everything is dumped while officers act, then they act on."""
    story = read(next((ROOT / "samples").glob("01_*.yaml")), load("pianguan").calendar)
    async with worker(site, "worker-3"):
        clock = BusinessClock(pace=86_400, begins=story.intake.received_at, horizon=story.intake.received_at)
        matters = [
            (
                await site.office.register(
                    story.intake.model_copy(update={"source_no": f"BACKUP-{n}"}), clock=clock
                )
            ).dispute_id
            for n in range(OPEN)
        ]
        promised = {matter: site.ledger.events(matter) for matter in matters}
        say("正在备份（同时继续办理）…")
        began = time.monotonic()
        dumping = asyncio.create_task(site.base.script("backup.sh"))
        count = 0
        while not dumping.done():
            await site.office.act(matters[count % OPEN], _material(f"其间{count}", story.intake))
            count += 1
        folder = Path(await dumping)
        seconds = time.monotonic() - began
        for matter in matters:
            await site.office.act(matter, _material("其后", story.intake))
    return Drill(site.base, folder, promised, count, round(seconds, 1))


async def lose_and_restore(drill: Drill) -> None:
    """Every database is dropped, made anew and brought back from the dumps."""
    say("全部数据库已删除，正在恢复…")
    dsn = drill.base.postgres.dsn("postgres")
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as link:
        for name, owner in OWNERS.items():
            database, role = sql.Identifier(name), sql.Identifier(owner)
            await link.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))
            await link.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))
    await drill.base.script("restore.sh", drill.folder)


async def go_on(site: Site, drill: Drill) -> dict[str, Any]:
    """Every dispute is acted upon by a fresh worker; nothing promised is missing."""
    kept = all(site.ledger.events(m)[: len(events)] == events for m, events in drill.promised.items())
    behind: list[int] = []
    async with worker(site, "worker-4"):
        for matter in drill.promised:
            known = site.ledger.state(matter)
            receipt = await site.office.act(matter, _material("恢复后", known.facts))
            behind.append(receipt.version - known.version)
    broken = verify(site.ledger)
    return {
        "ok": kept and not broken and all(behind) and len(behind) == OPEN,
        "open_disputes": OPEN,
        "acted_while_dumping": drill.acted_meanwhile,
        "dump_seconds": drill.seconds,
        "promised_events_kept": kept,
        "disputes_that_went_on": len(behind),
        "ledger_broken": [b._asdict() for b in broken],
    }
