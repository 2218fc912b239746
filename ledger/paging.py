"""Where a page of a list ends and the next one begins, as a text that is handed back unread."""

import base64
import binascii
import json
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Text, any_, literal
from sqlalchemy.dialects.postgresql import ARRAY

FEW = 1000
"""Matters that are sooner fetched one by one than found on a walk through a million."""


def few(connection: Connection, ids: Select[str]) -> Sequence[str] | None:
    """These ids; nothing where they are more than :data:`FEW`."""
    found = connection.scalars(ids.limit(FEW + 1)).all()
    return found if len(found) <= FEW else None


def one_of(column: ColumnElement[str], ids: Collection[str]) -> ColumnElement[bool]:
    """Whether a column is one of these, however many: as one parameter."""
    return column == any_(literal(list(ids), ARRAY(Text)))


class NoSuchPage(ValueError):
    """The text is none that a page ended with."""

    def __init__(self) -> None:
        super().__init__("翻页标记不对，请从第一页重新打开")


class Page(NamedTuple):
    """Rows in order. ``after``: hand it back for those that follow; nothing when these are the last."""

    rows: list[dict[str, Any]]
    after: str | None


def cut(
    rows: list[dict[str, Any]], most: int, place_of: Callable[[dict[str, Any]], Sequence[str | int]]
) -> Page:
    """A page of the rows of which one more was asked for than it holds."""
    return Page(rows[:most], mark(*place_of(rows[most - 1])) if len(rows) > most else None)


def mark(*place: str | int) -> str:
    """The text for a place in a list."""
    return base64.urlsafe_b64encode(json.dumps(place, ensure_ascii=False).encode()).decode().rstrip("=")


def place(text: str, *kinds: type[Any]) -> list[Any]:
    """The place that a text stands for, each part of these kinds. Raises NoSuchPage."""
    try:
        found: Any = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        raise NoSuchPage from None
    if not isinstance(found, list) or [type(part) for part in found] != list(kinds):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        raise NoSuchPage
    return found  # pyright: ignore[reportUnknownVariableType]


def moment(text: str) -> datetime:
    """A moment within a place. Raises NoSuchPage."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise NoSuchPage from None
