"""Going through the whole record, some matters at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table, select, union

from ledger.connection import LedgerBroken
from ledger.destruction_tables import destroyed
from ledger.read_tables import READ_TABLES
from ledger.record import StoredRow, as_dict
from ledger.sealing import MatterBox, Sealer
from ledger.tables import data_keys, events, material_parts

Progress = Callable[[int, int], None]
"""Told after each batch: how many matters are done, of how many."""

BATCH = 200


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


def all_matters(connection: Connection) -> list[str]:
    """Every dispute id that occurs in the record or in a read table."""
    everywhere = union(
        *(select(table.c.dispute_id) for table in (events, material_parts, destroyed, *READ_TABLES))
    )
    return sorted(connection.scalars(everywhere))


def batches(ids: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Slices of ``ids``, each with how many are done when it is."""
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        yield start + len(batch), batch


def rows_by_matter(connection: Connection, table: Table, ids: Sequence[str]) -> dict[str, list[StoredRow]]:
    """The rows of one table for these matters, in the order of its primary key."""
    found = connection.execute(
        select(table).where(table.c.dispute_id.in_(ids)).order_by(*table.primary_key.columns)
    )
    rows: Iterable[dict[str, Any]] = (as_dict(row) for row in found)
    return {matter: list(group) for matter, group in groupby(rows, key=itemgetter("dispute_id"))}


def boxes(connection: Connection, sealer: Sealer, ids: Sequence[str]) -> dict[str, MatterBox]:
    """The boxes of these matters; one whose data key is missing or does not open is left out. Raises KeyProblem."""
    found = connection.execute(select(data_keys).where(data_keys.c.dispute_id.in_(ids)))
    opened: dict[str, MatterBox] = {}
    for row in found:
        try:
            opened[row.dispute_id] = sealer.open(row.dispute_id, row.key_id, row.wrapped)
        except LedgerBroken:
            continue
    return opened
