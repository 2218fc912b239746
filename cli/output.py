"""What every command prints: Chinese for people, one JSON document under ``--json``, a telling exit code."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from typing import Any, NoReturn, cast

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from domain.words import SHANGHAI

out = Console()
err = Console(stderr=True)


class Exit(IntEnum):
    """Exit codes (docs/cli.md)."""

    OK = 0
    DECLINED = 1
    """The action was not taken; the reason is printed."""
    USAGE = 2
    UNREACHABLE = 3
    """Temporal or PostgreSQL cannot be reached."""
    DIFFERS = 4
    """A story, the ledger or a policy is not as it should be."""
    NOT_FOUND = 5


def fail(exit_code: Exit, message: str, *, as_json: bool = False, **more: Any) -> NoReturn:
    """Say what went wrong and leave with the code."""
    if as_json:
        print_json({"ok": False, "error": message, **more})
    else:
        err.print(message, style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(exit_code)


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (set, frozenset, tuple)):
        return [*cast("Iterable[Any]", value)]
    raise TypeError(f"{type(value).__name__} has no JSON form")


def moment(value: datetime | None) -> str:
    """A moment as an officer reads it, Asia/Shanghai."""
    return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if value else "—"


def table(title: str, columns: list[str], rows: list[list[Any]]) -> None:
    """Print a table."""
    grid = Table(title=title, title_justify="left", header_style="bold")
    for number, column in enumerate(columns):
        grid.add_column(column, overflow="fold", no_wrap=number == 0)
    for row in rows:
        grid.add_row(*("—" if cell is None else str(cell) for cell in row))
    out.print(grid)
