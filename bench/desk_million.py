"""The pages one works on, over HTTP, on a ledger of a million disputes, beside a primary-key look-up the same way."""

import re
import time

import httpx

from api.app import PREFIX
from bench import flow
from bench.generate import multiply, templates
from bench.place import Place, keys_here
from bench.report import Figures, quantile, say
from bench.staff import LOOK_UP, desk
from ledger.store import Ledger
from ledger.texts import PAIRS

REPEATS = 60
WARM_UP = 5


async def run(place: Place, number: int) -> Figures:
    """Generate, then ask in turn, so that whatever slows the machine slows all."""
    database = await place.postgres.ensure("bench_desk")
    ledger = Ledger.connect(database, keys_here())
    ledger.migrate()
    matters = templates(ledger)
    say(f"  {number} disputes in {multiply(ledger, matters, number):.0f} s")
    matter = matters[-2]
    addresses = {
        "look-up": f"{PREFIX}{LOOK_UP}/{matter}",
        "API: inbox of a unit": f"{PREFIX}/tasks?whose=unit",
        "API: inbox, all": f"{PREFIX}/tasks?whose=all",
        "API: a matter": f"{PREFIX}/disputes/{matter}",
        "API: its course": f"{PREFIX}/disputes/{matter}/timeline",
        "API: what may be done": f"{PREFIX}/disputes/{matter}/offers",
        "page: 工作台": "/?scope=unit",
        "page: 工作台, all": "/?scope=all",
        "page: a dispute": f"/matters/{matter}",
        "page: 台账": "/matters",
        "page: 统计": "/statistics",
    }
    words = dict(zip(("查词, few", "查词, many"), _words(ledger, matter), strict=True))
    async with desk(ledger, place.temporal.address, "bench-desk", database) as people:
        officer = people.browsers[flow.TAX, "梁志远"]
        took: dict[str, list[float]] = {name: [] for name in (*addresses, *words)}
        sizes: dict[str, int] = {}
        for _ in range(REPEATS + WARM_UP):
            for name, address in addresses.items():
                seconds, sizes[name] = await _asked(officer, address)
                took[name].append(1000 * seconds)
            for name, text in words.items():
                seconds, sizes[name] = await _found(officer, text)
                took[name].append(1000 * seconds)
        first_load = await _first_load(officer)
    ledger.close()
    took = {name: each[WARM_UP:] for name, each in took.items()}
    base = quantile(took["look-up"], 0.5)
    return {
        "disputes": number,
        "KiB of a first load of the desk": first_load,
        "pages": {
            name: {
                "p50 ms": quantile(each, 0.5),
                "p95 ms": quantile(each, 0.95),
                "times the look-up": quantile(each, 0.5) / base,
                "KiB sent": sizes[name] / 1024,
            }
            for name, each in took.items()
        },
    }


def _words(ledger: Ledger, matter: str) -> tuple[str, str]:
    """Of what a matter says: what few say, and two characters that all say."""
    told = ledger.state(matter).facts.narrative
    pairs = (told[at : at + 2] for at in range(len(told) - 1))
    many = next(
        pair for pair in pairs if pair.isalnum() and PAIRS.of(ledger.sealer.search, [pair])[0] % 2 == 0
    )
    return told.split("，")[0], many


async def _found(officer: httpx.AsyncClient, text: str) -> tuple[float, int]:
    """Seconds, and bytes on the wire, of a full-text search that finds something."""
    began = time.perf_counter()
    got = await officer.post(f"{PREFIX}/search/text", json={"text": text})
    seconds = time.perf_counter() - began
    assert got.status_code == 200, (text, got.status_code)
    assert got.json(), text
    return seconds, got.num_bytes_downloaded


async def _first_load(officer: httpx.AsyncClient) -> float:
    """KiB on the wire for the desk with its stylesheet, scripts and pictures, nothing of it kept from before."""
    page = await officer.get("/?scope=unit")
    parts = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
    sizes = [(await officer.get(part)).num_bytes_downloaded for part in parts]
    return (page.num_bytes_downloaded + sum(sizes)) / 1024


async def _asked(officer: httpx.AsyncClient, address: str) -> tuple[float, int]:
    """Seconds, and bytes on the wire."""
    began = time.perf_counter()
    got = await officer.get(address)
    seconds = time.perf_counter() - began
    assert got.status_code == 200, (address, got.status_code, got.text[:300])
    return seconds, got.num_bytes_downloaded
