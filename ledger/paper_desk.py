"""待审签文书: papers of open matters that wait for a unit to review or issue them."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Engine, select

from domain.paper import PaperState
from ledger.connection import reading
from ledger.desk import Count, number_of
from ledger.read_tables import disputes, documents

MOST = 200


class Waiting(NamedTuple):
    """A paper that waits. ``no``: its place among the matter's papers; ``version``: the matter's."""

    dispute_id: str
    version: int
    case_no: str
    no: int
    name: str
    state: str
    drawn_at: datetime


def _of(unit: tuple[str, ...], states: Collection[PaperState]) -> list[ColumnElement[bool]]:
    standing = [str(s) for s in states]
    return [
        documents.c.waits.is_not(None),
        documents.c.waits.in_(standing),
        documents.c.units.overlap(list(unit)),
    ]


def waiting(
    engine: Engine, unit: tuple[str, ...], states: Collection[PaperState], most: int = MOST
) -> list[Waiting]:
    """What waits for a unit (:func:`domain.knowing.names_of`), the longest first."""
    query = (
        select(
            disputes.c.dispute_id, disputes.c.version, disputes.c.case_no, documents.c.position, documents.c.name,
            documents.c.waits, documents.c.at,
        )
        .join(disputes, disputes.c.dispute_id == documents.c.dispute_id)
        .where(*_of(unit, states))
        .order_by(documents.c.at, disputes.c.case_no, documents.c.position)
    )  # fmt: skip
    with reading(engine) as connection:
        return [Waiting(*row) for row in connection.execute(query.limit(most))]


def number_waiting(engine: Engine, unit: tuple[str, ...], states: Collection[PaperState]) -> Count:
    """How many wait for a unit."""
    with reading(engine) as connection:
        return number_of(connection, select(documents.c.dispute_id).where(*_of(unit, states)))
