"""导入: a hotline's export while an officer goes over it, and how far its registration is; sealed, and kept for some days.

Kept by the server: another browser, another machine, another officer of the unit goes on where one stopped.
"""

import json
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert

from ledger.access_tables import import_rows as rows
from ledger.access_tables import imports
from ledger.connection import reading, writing
from ledger.store import Ledger
from privacy.keys import Purpose

KEPT = timedelta(days=30)
PAGE = 25
"""Rows of a page."""
STALLED = timedelta(minutes=2)
"""After so long without a row registered whoever registered them is gone."""


class State(StrEnum):
    """How far an import is."""

    CHECKING = "核对中"
    FILING = "正在登记"
    DONE = "已登记"


class Import(NamedTuple):
    """One export. ``stopped``: why its registration broke off, in Chinese."""

    id: str
    unit: str
    name: str
    made_at: datetime
    exported_at: datetime
    number: int
    state: State
    filed_at: datetime | None
    stopped: str | None

    @property
    def stalls(self) -> bool:
        """Whether it is to be registered and nobody does so any more."""
        gone = self.filed_at is None or datetime.now(UTC) - self.filed_at > STALLED
        return self.state is State.FILING and (self.stopped is not None or gone)


class Row(NamedTuple):
    """One row. ``told``: what it says and how it was judged; ``change``: what was decided, once somebody looked."""

    n: int
    outcome: str
    told: dict[str, Any]
    change: dict[str, Any] | None
    filing: str | None
    case_no: str | None
    problem: str | None


def begin(
    ledger: Ledger,
    *,
    unit: str,
    person: str,
    name: str,
    data: bytes,
    exported_at: datetime,
    judged: list[tuple[str, dict[str, Any]]],
) -> str:
    """Keep an export with its rows, each by its outcome and what it says; its id. Those that are too old go."""
    id, now = secrets.token_hex(16), datetime.now(UTC)
    key = ledger.keys.ring(Purpose.LEDGER).active
    head = {
        "import_id": id, "unit": unit, "person_id": person, "made_at": now, "exported_at": exported_at, "number": len(judged),
        "state": State.CHECKING, "key_id": key.id, "name": key.box.seal(name.encode(), f"import/{id}/name"),
        "sealed": key.box.seal(data, f"import/{id}"),
    }  # fmt: skip
    lines = [
        {
            "import_id": id,
            "n": n,
            "outcome": outcome,
            "sealed": key.box.seal(_bytes(told), f"import/{id}/{n}"),
        }
        for n, (outcome, told) in enumerate(judged, start=1)
    ]
    with writing(ledger.engine) as connection:
        old = select(imports.c.import_id).where(imports.c.made_at < now - KEPT)
        connection.execute(rows.delete().where(rows.c.import_id.in_(old)))
        connection.execute(imports.delete().where(imports.c.made_at < now - KEPT))
        connection.execute(insert(imports), head)
        if lines:
            connection.execute(insert(rows), lines)
    return id


_SHOWN = [column for column in imports.c if column.name != "sealed"]


def find(ledger: Ledger, id: str, unit: str) -> Import | None:
    """One of a unit's imports."""
    found = select(*_SHOWN).where(imports.c.import_id == id, imports.c.unit == unit)
    with reading(ledger.engine) as connection:
        row = connection.execute(found).one_or_none()
    return _import(ledger, row) if row else None


def listed(ledger: Ledger, unit: str, most: int = 20) -> list[Import]:
    """A unit's imports, the newest first."""
    found = select(*_SHOWN).where(imports.c.unit == unit).order_by(imports.c.made_at.desc()).limit(most)
    with reading(ledger.engine) as connection:
        return [_import(ledger, row) for row in connection.execute(found)]


def _import(ledger: Ledger, row: Any) -> Import:
    box = ledger.keys.ring(Purpose.LEDGER).key(row.key_id).box
    name = box.open(row.name, f"import/{row.import_id}/name").decode()
    return Import(
        row.import_id, row.unit, name, row.made_at, row.exported_at, row.number, State(row.state), row.filed_at,
        row.stopped,
    )  # fmt: skip


def data_of(ledger: Ledger, id: str) -> bytes:
    """The file itself."""
    with reading(ledger.engine) as connection:
        row = connection.execute(
            select(imports.c.key_id, imports.c.sealed).where(imports.c.import_id == id)
        ).one()
    return ledger.keys.ring(Purpose.LEDGER).key(row.key_id).box.open(row.sealed, f"import/{id}")


class Counts(NamedTuple):
    """How many rows: by outcome, looked at, changed, by what was done with them."""

    outcomes: dict[str, int]
    seen: int
    filings: dict[str, int]


def counts(ledger: Ledger, id: str) -> Counts:
    """How far the rows of an import are."""
    one = rows.c.import_id == id
    with reading(ledger.engine) as connection:
        outcomes = connection.execute(
            select(rows.c.outcome, func.count()).where(one).group_by(rows.c.outcome)
        ).all()
        filings = connection.execute(
            select(rows.c.filing, func.count()).where(one, rows.c.filing.is_not(None)).group_by(rows.c.filing)
        ).all()
        seen = connection.scalar(
            select(func.count()).select_from(rows).where(one, rows.c.change.is_not(None))
        )
    return Counts(_numbers(outcomes), seen or 0, _numbers(filings))


def _numbers(found: Iterable[Any]) -> dict[str, int]:
    return {row[0]: row[1] for row in found}


def page_of(
    ledger: Ledger, id: str, outcome: str | None = None, after: int = 0, most: int = PAGE
) -> list[Row]:
    """Rows in their order, of one outcome or all."""
    where: list[ColumnElement[bool]] = [rows.c.import_id == id, rows.c.n > after]
    if outcome:
        where.append(rows.c.outcome == outcome)
    with reading(ledger.engine) as connection:
        found = connection.execute(select(rows).where(*where).order_by(rows.c.n).limit(most)).all()
        key = connection.scalar(select(imports.c.key_id).where(imports.c.import_id == id)) or ""
    box = ledger.keys.ring(Purpose.LEDGER).key(key).box
    return [
        Row(
            row.n,
            row.outcome,
            json.loads(box.open(row.sealed, f"import/{id}/{row.n}")),
            json.loads(box.open(row.change, f"import/{id}/{row.n}/change")) if row.change else None,
            row.filing,
            row.case_no,
            row.problem,
        )
        for row in found
    ]


def decide(ledger: Ledger, id: str, changes: dict[int, dict[str, Any]]) -> None:
    """Keep what was decided of these rows, while nothing is registered yet."""
    with writing(ledger.engine) as connection:
        key = ledger.keys.ring(Purpose.LEDGER).key(
            connection.scalar(select(imports.c.key_id).where(imports.c.import_id == id)) or ""
        )
        open_ = select(imports.c.import_id).where(
            imports.c.import_id == id, imports.c.state == State.CHECKING
        )
        for n, change in changes.items():
            sealed = key.box.seal(_bytes(change), f"import/{id}/{n}/change")
            of_row = update(rows).where(rows.c.import_id.in_(open_), rows.c.n == n)
            connection.execute(of_row.values(change=sealed))


def file(ledger: Ledger, id: str, *, state: State = State.FILING, stopped: str | None = None) -> None:
    """Its registration begins, goes on, breaks off or is done."""
    values = {"state": state, "stopped": stopped, "filed_at": datetime.now(UTC)}
    with writing(ledger.engine) as connection:
        connection.execute(update(imports).where(imports.c.import_id == id).values(**values))


def note(ledger: Ledger, id: str, n: int, filing: str, case_no: str | None, problem: str | None) -> None:
    """What was done with a row. The first answer stays: a second run finds the row known before."""
    of_row = update(rows).where(rows.c.import_id == id, rows.c.n == n, rows.c.filing.is_(None))
    with writing(ledger.engine) as connection:
        connection.execute(of_row.values(filing=filing, case_no=case_no, problem=problem))
        connection.execute(
            update(imports).where(imports.c.import_id == id).values(filed_at=datetime.now(UTC))
        )


def _bytes(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()
