"""What a benchmark says: progress while it runs, one JSON and a table at the end."""

import json
import os
import platform
import statistics
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from hosting.embedded.paths import cache_folder

Figures = dict[str, Any]

_console = Console(stderr=True)


def say(line: str) -> None:
    """Tell the person watching."""
    _console.print(line, highlight=False)


def quantile(values: Sequence[float], part: float) -> float:
    """The value below which ``part`` of them lie."""
    ordered = sorted(values)
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)]


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def show(title: str, rows: Sequence[Figures]) -> None:
    """A table of rows with the same keys; lying down when there are more figures than rows."""
    if len(rows[0]) > 6 and len(rows) < 6:
        first, *rest = rows[0]
        rows = [{first: name, **{str(row[first]): row[name] for row in rows}} for name in rest]
    table = Table(title=title)
    for name in rows[0]:
        table.add_column(name)
    for row in rows:
        table.add_row(*(_text(value) for value in row.values()))
    _console.print(table)


def _text(value: Any) -> str:
    return f"{value:,.3g}" if isinstance(value, float) and value < 1000 else str(value)


def machine() -> Figures:
    """What the figures were taken on."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return {
        "commit": commit.stdout.strip() or None,
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "python": platform.python_version(),
        "load_before": [round(load, 2) for load in os.getloadavg()],
    }


def keep(name: str, figures: Figures) -> Path:
    """Write the figures to the cache folder."""
    file = cache_folder() / "bench" / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(figures, ensure_ascii=False, indent=2, default=str), encoding="utf-8")
    say(f"{name}: {file}")
    return file
