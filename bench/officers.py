"""Two hundred officers at once on a large ledger: each looks at his desk and at a matter, then acts, every twenty seconds.

In the same run and under the same load a primary-key look-up over HTTP and the API's own act are asked: what a page costs is said
beside them.
"""

import asyncio
import html
import random
import re
import time
from collections.abc import Awaitable
from datetime import datetime

import httpx

from api.app import PREFIX
from bench import flow
from bench.generate import multiply, templates
from bench.place import Place, cpu, keys_here, process
from bench.report import Figures, quantile, say
from bench.staff import LOOK_UP, Desk, desk
from domain.words import SHANGHAI
from hosting.connect import connect_client
from ledger.store import Ledger
from starter.office import Office

QUEUE = "bench-officers"
OPEN_SHARE = 0.07
"""Of a million disputes, so that some hundred thousand tasks are open."""
EVERY_S = 20.0
MINUTES = 3.0
WARM_UP_S = 30.0
KIND = "receive_material"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Watch:
    """Seconds of each kind of request, once the warm-up is over."""

    def __init__(self) -> None:
        self.took: dict[str, list[float]] = {}
        self.failed: dict[str, int] = {}
        self.counts = False

    async def time(self, name: str, asked: Awaitable[httpx.Response], *good: int) -> httpx.Response:
        began = time.perf_counter()
        got = await asked
        if self.counts:
            self.took.setdefault(name, []).append(1000 * (time.perf_counter() - began))
            if got.status_code not in good:
                self.failed[f"{name}: {got.status_code}"] = (
                    self.failed.get(f"{name}: {got.status_code}", 0) + 1
                )
        return got


async def officer(
    browser: httpx.AsyncClient, matters: list[str], copy: str, watch: Watch, own: random.Random
) -> None:
    """One officer's time: until cancelled."""
    await asyncio.sleep(own.uniform(0, EVERY_S))
    while True:
        began = time.perf_counter()
        matter = own.choice(matters)
        await watch.time("look-up", browser.get(f"{PREFIX}{LOOK_UP}/{copy}"), 200)
        await watch.time("page: 工作台", browser.get("/?scope=unit"), 200)
        await watch.time("page: a dispute", browser.get(f"/matters/{own.choice((matter, copy))}"), 200)
        if own.random() < 0.5:
            await _by_page(browser, matter, watch)
        else:
            await _by_api(browser, matter, watch, own)
        await asyncio.sleep(max(own.uniform(0.5, 1.5) * EVERY_S - (time.perf_counter() - began), 0))


async def _by_page(browser: httpx.AsyncClient, matter: str, watch: Watch) -> None:
    place = f"/matters/{matter}/do/{KIND}"
    form = await watch.time("page: a form", browser.get(place), 200)
    hidden = {html.unescape(name): html.unescape(value) for name, value in HIDDEN.findall(form.text)}
    said = {"given_by": "申请人", "materials.0.name": "工资条复印件", "received_on": _today(), "_do": ""}
    hidden.pop("_version", None)  # others act on the same few matters; here that is no reason to ask again
    await watch.time("page: an act", browser.post(place, data=hidden | said), 303)


async def _by_api(browser: httpx.AsyncClient, matter: str, watch: Watch, own: random.Random) -> None:
    fields = {"given_by": "申请人", "materials": [{"name": "工资条复印件"}], "received_on": _today()}
    asked = browser.post(
        f"{PREFIX}/disputes/{matter}/actions",
        json={"kind": KIND, "fields": fields},
        headers={"Idempotency-Key": f"bench-{own.getrandbits(64)}"},
    )
    await watch.time("API: an act", asked, 200)


def _today() -> str:
    return datetime.now(SHANGHAI).date().isoformat()


async def run(place: Place, number: int, officers: int, processes: int) -> Figures:
    """Generate, sign everybody in, let them work at so many processes of the web application."""
    address, database = place.temporal.address, await place.postgres.ensure("bench_officers")
    ledger = Ledger.connect(database, keys_here())
    ledger.migrate()
    made = templates(ledger)
    say(f"  {number} disputes in {multiply(ledger, made, number, OPEN_SHARE):.0f} s")
    async with (
        process("bench.work", "real", address, QUEUE, database) as worker,
        desk(ledger, address, QUEUE, database, more=officers, processes=processes) as people,
    ):
        office = Office(await connect_client(keys_here(), address), ledger, task_queue=QUEUE)
        matters = [(await office.register(flow.intake())).dispute_id for _ in range(officers)]
        parts = {
            **{f"desk {n}": each.pid for n, each in enumerate(people.processes, 1)},
            "worker": worker.pid,
            "Temporal": place.temporal.child.pid,
            "PostgreSQL": place.postgres.child.pid,
        }
        watch = Watch()
        used = await _worked(people, matters, made[-2], watch, parts)
    ledger.close()
    return _figures(watch, used, officers)


async def _worked(
    people: Desk, matters: list[str], copy: str, watch: Watch, parts: dict[str, int]
) -> Figures:
    browsers = [b for (unit, name), b in people.browsers.items() if name.startswith("经办员")]
    at_work = [
        asyncio.create_task(officer(browser, matters, copy, watch, random.Random(n)))
        for n, browser in enumerate(browsers)
    ]
    await asyncio.sleep(WARM_UP_S)
    watch.counts, used = True, {name: cpu(pid) for name, pid in parts.items()}
    await asyncio.sleep(60 * MINUTES)
    watch.counts = False
    for task in at_work:
        if task.done():
            task.result()  # whoever failed says so
        task.cancel()
    await asyncio.gather(*at_work, return_exceptions=True)
    return {name: (cpu(pid) - used[name]) / (60 * MINUTES) for name, pid in parts.items()}


def _figures(watch: Watch, used: Figures, officers: int) -> Figures:
    base, act = quantile(watch.took["look-up"], 0.95), quantile(watch.took["API: an act"], 0.95)
    return {
        "officers": officers,
        "failed": sum(watch.failed.values()),
        "cores used": used,
        "pages": {
            name: {
                "asked": len(each),
                "p50 ms": quantile(each, 0.5),
                "p95 ms": quantile(each, 0.95),
                "p95, times the look-up's": quantile(each, 0.95) / base,
                "p95, times the API's act": quantile(each, 0.95) / act,
            }
            for name, each in sorted(watch.took.items())
        },
    } | watch.failed
