"""The stored form of an event, and the chain of hashes that shows any change made behind the software's back."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, select

from domain.events import Event, Fact
from domain.persons import By
from domain.words import SHANGHAI, Model
from ledger.sealing import MatterBox
from ledger.tables import events

FIRST_HASH = "0" * 64
"""What the first event of a matter is chained to."""

StoredRow = dict[str, Any]


class Content(Model):
    """What of an event is sealed: the fact, and who acted, for a party acts under its own name."""

    officer: str
    by: By | None = None
    fact: Fact


CONTENT: TypeAdapter[Content] = TypeAdapter(Content)


def chained(
    box: MatterBox, new: Sequence[Event], prev_hash: str, recorded_at: datetime
) -> tuple[list[StoredRow], list[Event]]:
    """The rows of these events, each carrying the hash of the one before it, and the events as they can be read back.

    Folding only what was read back keeps the state a function of the record.
    """
    rows: list[StoredRow] = []
    stored: list[Event] = []
    for event in new:
        content = CONTENT.dump_json(
            Content(officer=event.officer, by=event.by, fact=event.fact), by_alias=True
        )
        row: StoredRow = {
            "dispute_id": box.dispute_id,
            "seq": event.seq,
            "action_id": event.action_id,
            "type": event.fact.type,
            "at": event.at,
            "unit": event.unit,
            "prev_hash": prev_hash,
            "recorded_at": recorded_at,
        }
        header = _header(row)
        row["sealed"] = box.seal(content.decode(), header)
        prev_hash = row["hash"] = _hash(header, row["sealed"])
        rows.append(row)
        stored.append(_event(row, content))
    return rows, stored


def _header(row: StoredRow) -> str:
    """The place where an event's content is sealed: its number, the hash before it, and every column that is not sealed.

    So whoever changes one of them has to seal anew, and cannot without the matter's data key. Moments are taken in
    UTC, so that the session's time zone has no say.
    """
    columns = [
        row["dispute_id"],
        row["action_id"],
        row["type"],
        _utc(row["at"]),
        row["unit"],
        _utc(row["recorded_at"]),
    ]
    return f"event/{row['seq']}\n{row['prev_hash']}\n{json.dumps(columns, ensure_ascii=False)}"


def digest(row: StoredRow) -> str:
    """The hash of a stored event: SHA-256 over its header, the hash before it included, and its sealed content.

    The chain can be checked without any key.
    """
    return _hash(_header(row), row["sealed"])


def _hash(header: str, sealed: bytes) -> str:
    return hashlib.sha256(header.encode() + b"\n" + sealed).hexdigest()


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def event_of(row: StoredRow, box: MatterBox) -> Event:
    """The event of a stored row. Raises LedgerBroken."""
    return _event(row, box.open(row["sealed"], _header(row)))


def _event(row: StoredRow, content: str | bytes) -> Event:
    told = CONTENT.validate_json(content)
    return Event.model_construct(  # each part was checked when it was written, or just now
        seq=row["seq"],
        at=row["at"].astimezone(SHANGHAI),
        unit=row["unit"],
        officer=told.officer,
        by=told.by,
        action_id=row["action_id"],
        fact=told.fact,
    )


def read(connection: Connection, box: MatterBox, after: int = 0) -> list[Event]:
    """A matter's events with a greater number than ``after``, in order."""
    found = (
        select(events)
        .where(events.c.dispute_id == box.dispute_id, events.c.seq > after)
        .order_by(events.c.seq)
    )
    return [event_of(as_dict(row), box) for row in connection.execute(found)]


def as_dict(row: Row[Any]) -> StoredRow:
    """A result row by column names."""
    return dict(row._mapping)  # pyright: ignore[reportPrivateUsage]
