"""What officers look up. Every row is a plain mapping; moments are Asia/Shanghai."""

import json
from collections.abc import Collection
from typing import Any

from pydantic import AwareDatetime
from sqlalchemy import ColumnElement, Engine, Executable, func, select

from domain.events import Refused
from domain.words import MatterKind, Model
from ledger.connection import reading
from ledger.record import as_dict
from ledger.tables import disputes, documents, events, tasks

Found = list[dict[str, Any]]

PAGE = 100


class Filters(Model):
    """Which matters; ``None`` means any. ``opened_from`` is included, ``opened_until`` is not."""

    kind: MatterKind | None = None
    stage: str | None = None
    level: str | None = None
    lead: str | None = None
    center: str | None = None
    is_over: bool | None = None
    opened_from: AwareDatetime | None = None
    opened_until: AwareDatetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """What a row of ``disputes`` must satisfy."""
        equal = ("kind", "stage", "level", "lead", "center", "is_over")
        wanted = [disputes.c[name] == value for name in equal if (value := getattr(self, name)) is not None]
        if self.opened_from:
            wanted.append(disputes.c.opened_at >= self.opened_from)
        if self.opened_until:
            wanted.append(disputes.c.opened_at < self.opened_until)
        return wanted


EVERYTHING = Filters()


def inbox(engine: Engine, unit: str, *, include_signed: bool = True) -> Found:
    """A unit's open tasks, the most urgent first; without those signed for, if so asked."""
    query = (
        select(
            disputes.c.case_no,
            tasks.c.dispute_id,
            tasks.c.task_id,
            tasks.c.kind,
            tasks.c.title,
            tasks.c.role,
            tasks.c.officer,
            tasks.c.opened_at,
            tasks.c.signed_at,
            tasks.c.due_at,
            disputes.c.stage,
            disputes.c.level,
            disputes.c.card,
        )
        .join(disputes, disputes.c.dispute_id == tasks.c.dispute_id)
        .where(tasks.c.unit == unit, tasks.c.closed_at.is_(None))
        .order_by(tasks.c.due_at.nulls_last(), tasks.c.opened_at, tasks.c.dispute_id, tasks.c.task_id)
    )
    return _rows(engine, query if include_signed else query.where(tasks.c.signed_at.is_(None)))


def case_numbers(engine: Engine, dispute_ids: Collection[str]) -> dict[str, str]:
    """The case numbers of those of these matters that are registered, in one query."""
    query = select(disputes.c.dispute_id, disputes.c.case_no).where(disputes.c.dispute_id.in_(dispute_ids))
    with reading(engine) as connection:
        return {row.dispute_id: row.case_no for row in connection.execute(query)}


def list_disputes(
    engine: Engine, filters: Filters = EVERYTHING, *, limit: int = PAGE, offset: int = 0
) -> Found:
    """Matters without anybody's identity, the newest first."""
    shown = [column for column in disputes.c if column.name not in ("state", "head_hash")]
    query = (
        select(*shown)
        .where(*filters.conditions())
        .order_by(disputes.c.opened_at.desc(), disputes.c.dispute_id)
    )
    return _rows(engine, query.limit(limit).offset(offset))


def list_documents(engine: Engine, dispute_id: str) -> Found:
    """A matter's 文书 in the order of registration."""
    shown = [column for column in documents.c if column.name != "dispute_id"]
    query = select(*shown).where(documents.c.dispute_id == dispute_id).order_by(documents.c.position)
    return [row | {"fields": json.loads(row["fields"])} for row in _rows(engine, query)]


def refused(engine: Engine, unit: str | None = None, *, limit: int = PAGE) -> Found:
    """Actions that were not taken, with their reasons, the newest first; one unit's, or all for the administrator."""
    query = (
        select(
            disputes.c.case_no,
            events.c.dispute_id,
            events.c.seq,
            events.c.at,
            events.c.unit,
            events.c.officer,
            events.c.payload,
        )
        .join(disputes, disputes.c.dispute_id == events.c.dispute_id)
        .where(events.c.type == "refused")
        .order_by(events.c.at.desc(), events.c.dispute_id, events.c.seq.desc())
    )
    found = _rows(engine, (query.where(events.c.unit == unit) if unit else query).limit(limit))
    return [
        row | Refused.model_validate_json(row.pop("payload")).model_dump(exclude={"type"}) for row in found
    ]


def counts(engine: Engine) -> dict[str, dict[str, int]]:
    """How many matters stand in each stage, by 争议 and 线索."""
    query = select(disputes.c.kind, disputes.c.stage, func.count().label("number")).group_by(
        disputes.c.kind, disputes.c.stage
    )
    found: dict[str, dict[str, int]] = {}
    for row in _rows(engine, query):
        found.setdefault(row["kind"], {})[row["stage"]] = row["number"]
    return found


def _rows(engine: Engine, query: Executable) -> Found:
    with reading(engine) as connection:
        return [as_dict(row) for row in connection.execute(query)]
