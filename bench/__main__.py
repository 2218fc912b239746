"""``python -m bench [NAME …]``: every benchmark but ``site``, or those named, for two cores; a table, and JSON in the cache."""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable

from bench import (
    api_rates,
    dbos_flow,
    desk_million,
    disputes,
    import_rows,
    ledger_million,
    officers,
    open_disputes,
    papers,
    register_latency,
    site,
    streams,
)
from bench.place import Place, servers
from bench.report import Figures, keep, machine, say, show
from bench.sizes import DEFAULT, Sizes

BENCHMARKS: dict[str, Callable[[Place], Awaitable[Figures]]] = {
    "disputes": lambda place: disputes.run(place, DEFAULT),
    "dbos": lambda place: dbos_flow.run(place, DEFAULT),
    "register": lambda place: register_latency.run(place, 100),
    "open": lambda place: open_disputes.run(place, [1_000, 10_000], 1_000),
    "import": lambda place: import_rows.measure(10_000, say),  # in an office of its own
    "ledger": lambda place: ledger_million.run(place, 1_000_000),
    "api": lambda place: api_rates.run(place, DEFAULT),
    "desk": lambda place: desk_million.run(place, 1_000_000),
    "officers": lambda place: officers.run(place, 1_000_000, 200, 1),
    "officers-two": lambda place: officers.run(place, 1_000_000, 200, 2),
    "papers": lambda place: papers.run(place, Sizes(40, 16, 6), 1_000),
    "streams": lambda place: streams.run(place, 300),
    "site": lambda place: site.run(DEFAULT),  # the disputes again, on Temporal's own server
}
"""Each on servers of its own: none pays for what another left behind."""
ASKED_FOR = {"site"}
"""Needs what not every machine has: Go and a PostgreSQL with its extensions."""


def rows_of(name: str, found: Figures) -> list[Figures]:
    """The figures as rows of a table."""
    parts = found.get("kinds") or found.get("pages") or found
    nested = {k: v for k, v in parts.items() if isinstance(v, dict)}
    if not nested:
        return [{"figure": k, "value": v} for k, v in found.items()]
    return [{name: k, **_flat(v)} for k, v in nested.items()]


def _flat(figures: Figures) -> Figures:
    flat: Figures = {}
    for key, value in figures.items():
        flat |= value if isinstance(value, dict) else {key: value}
    return flat


async def main(wanted: list[str]) -> None:
    """Run them one after another."""
    if unknown := set(wanted) - set(BENCHMARKS):
        raise SystemExit(
            f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}"
        )
    for name in wanted or [name for name in BENCHMARKS if name not in ASKED_FOR]:
        say(f"[bold]{name}[/bold]")
        on, began = machine(), time.perf_counter()
        async with servers() as place:
            found = await BENCHMARKS[name](place)
        found = {"machine": on, "minutes": (time.perf_counter() - began) / 60, **found}
        keep(name, found)
        show(name, rows_of(name, {k: v for k, v in found.items() if k != "machine"}))
        for key, value in found.items():
            if isinstance(value, int | float):
                say(f"  {key}: {value:,.3g}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
    sys.stdout.flush()
    os._exit(0)  # the SDK may abort at interpreter exit (sdk-python#300)
