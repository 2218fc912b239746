"""What officers look up. Every row is a plain mapping; moments are Asia/Shanghai."""

import json
from collections.abc import Collection
from typing import Any

from pydantic import AwareDatetime, Field
from sqlalchemy import ColumnElement, Engine, Executable, any_, func, literal, or_, select, tuple_

from domain.actions import Action
from domain.events import Acted, Declined
from domain.policy import Policy
from domain.words import SHANGHAI, ClaimType, MatterKind, Model
from ledger import record
from ledger.connection import reading
from ledger.desk import takes_part
from ledger.paging import Page, mark, moment, place
from ledger.projection import opened
from ledger.record import as_dict, event_of
from ledger.store import Ledger
from ledger.tables import actions, data_keys, disputes, documents, events, measures, policies

Found = list[dict[str, Any]]

PAGE = 100


class Filters(Model):
    """Which matters; ``None`` means any. ``opened_from`` is included, ``opened_until`` is not.

    ``claim_type``: matters with a claim of this 争议类型. ``unit``: those that it leads, or whose hub it is.
    """

    kind: MatterKind | None = Field(default=None, title="类别")
    claim_type: ClaimType | None = Field(default=None, title="争议类型")
    unit: str | None = Field(default=None, title="主办或枢纽单位")
    stage: str | None = Field(default=None, title="阶段")
    level: str | None = Field(default=None, title="风险等级")
    lead: str | None = Field(default=None, title="主办单位")
    center: str | None = Field(default=None, title="枢纽单位")
    is_over: bool | None = Field(default=None, title="是否已归档")
    opened_from: AwareDatetime | None = Field(default=None, title="登记时间起（含）")
    opened_until: AwareDatetime | None = Field(default=None, title="登记时间止（不含）")

    def conditions(self) -> list[ColumnElement[bool]]:
        """What a row of ``disputes`` must satisfy; what was destroyed is in no list."""
        equal = ("kind", "stage", "level", "lead", "center", "is_over")
        wanted = [disputes.c[name] == value for name in equal if (value := getattr(self, name)) is not None]
        wanted.append(disputes.c.head_seal != b"")
        if self.claim_type:
            of_type = literal(self.claim_type.value) == any_(measures.c.types)
            wanted.append(disputes.c.dispute_id.in_(select(measures.c.dispute_id).where(of_type)))
        if self.unit:
            wanted.append(or_(disputes.c.lead == self.unit, disputes.c.center == self.unit))
        if self.opened_from:
            wanted.append(disputes.c.opened_at >= self.opened_from)
        if self.opened_until:
            wanted.append(disputes.c.opened_at < self.opened_until)
        return wanted

    def words(self) -> list[str]:
        """The filter as a file names it: 争议, 类型应参未参, 单位县税务局, 等级高, 登记2026-06-01至2026-07-01前."""
        from_, until = (
            m and f"{m.astimezone(SHANGHAI):%Y-%m-%d}" for m in (self.opened_from, self.opened_until)
        )
        said = (
            self.kind and self.kind.value,
            self.claim_type and f"类型{self.claim_type.value}",
            self.unit and f"单位{self.unit}",
            self.lead and f"主办{self.lead}",
            self.center and f"枢纽{self.center}",
            self.stage and f"阶段{self.stage}",
            self.level and f"等级{self.level}",
            None if self.is_over is None else ("已归档" if self.is_over else "未归档"),
            f"登记{from_ or '最早'}至{f'{until}前' if until else '今'}" if from_ or until else None,
        )
        return [word for word in said if word]


EVERYTHING = Filters()


def case_numbers(engine: Engine, dispute_ids: Collection[str]) -> dict[str, str]:
    """The case numbers of those of these matters that are registered, in one query."""
    query = select(disputes.c.dispute_id, disputes.c.case_no).where(disputes.c.dispute_id.in_(dispute_ids))
    with reading(engine) as connection:
        return {row.dispute_id: row.case_no for row in connection.execute(query)}


def listed() -> list[ColumnElement[Any]]:
    """What lists show of a matter."""
    return [column for column in disputes.c if column.name not in ("head_hash", "head_seal")]


def list_disputes(
    engine: Engine, filters: Filters = EVERYTHING, *, limit: int = PAGE, offset: int = 0
) -> Found:
    """Matters without anybody's identity, the newest first."""
    query = (
        select(*listed())
        .where(*filters.conditions())
        .order_by(disputes.c.opened_at.desc(), disputes.c.dispute_id)
    )
    return _rows(engine, query.limit(limit).offset(offset))


def page_of_disputes(
    engine: Engine,
    filters: Filters = EVERYTHING,
    *,
    beside: str | None = None,
    after: str | None = None,
    most: int = PAGE,
) -> Page:
    """Matters without anybody's identity, the newest first, page by page; ``beside``: those a unit takes part in.

    Raises NoSuchPage.
    """
    query = select(*listed()).where(*filters.conditions())
    if beside:
        query = query.where(takes_part(beside, disputes.c.dispute_id))
    if after:
        query = query.where(tuple_(disputes.c.opened_at, disputes.c.dispute_id) < _begins(after))
    query = query.order_by(disputes.c.opened_at.desc(), disputes.c.dispute_id.desc()).limit(most + 1)
    found = _rows(engine, query)
    end = found[most - 1] if len(found) > most else None
    return Page(found[:most], mark(end["opened_at"].isoformat(), end["dispute_id"]) if end else None)


def _begins(after: str) -> ColumnElement[Any]:
    at, matter = place(after, str, str)
    return tuple_(literal(moment(at)), literal(matter))


def act_of(ledger: Ledger, dispute_id: str, action_id: str) -> Action | None:
    """What was done under this action's id, if anything was."""
    query = select(actions.c.first_seq).where(
        actions.c.dispute_id == dispute_id, actions.c.action_id == action_id
    )
    with reading(ledger.engine) as connection:
        first = connection.scalar(query)
        box = ledger.sealer.find(connection, dispute_id) if first else None
        found = record.read(connection, box, first - 1) if box and first else []
    facts = (event.fact for event in found if event.action_id == action_id)
    return next((fact.body for fact in facts if isinstance(fact, Acted)), None)


def list_documents(ledger: Ledger, dispute_id: str) -> Found:
    """A matter's 文书 in the order of registration."""
    query = select(documents).where(documents.c.dispute_id == dispute_id).order_by(documents.c.position)
    with reading(ledger.engine) as connection:
        box = ledger.sealer.find(connection, dispute_id)
        if box is None:
            return []
        found = [opened(documents, as_dict(row), box) for row in connection.execute(query)]
    return [
        {name: value for name, value in row.items() if name != "dispute_id"}
        | {"fields": json.loads(row["fields"])}
        for row in found
    ]


def declined(ledger: Ledger, unit: str | None = None, *, limit: int = PAGE) -> Found:
    """Actions that were not taken, with their reasons, the newest first; one unit's, or all for the administrator."""
    query = (
        select(events, disputes.c.case_no, data_keys.c.key_id, data_keys.c.wrapped)
        .join(disputes, disputes.c.dispute_id == events.c.dispute_id)
        .join(data_keys, data_keys.c.dispute_id == events.c.dispute_id)
        .where(events.c.type == "declined")
        .order_by(events.c.at.desc(), events.c.dispute_id, events.c.seq.desc())
    )
    found = _rows(ledger.engine, (query.where(events.c.unit == unit) if unit else query).limit(limit))
    return [_declined(ledger, row) for row in found]


def _declined(ledger: Ledger, row: dict[str, Any]) -> dict[str, Any]:
    event = event_of(row, ledger.sealer.open(row["dispute_id"], row["key_id"], row["wrapped"]))
    assert isinstance(event.fact, Declined)
    shown = {name: row[name] for name in ("case_no", "dispute_id", "seq", "at", "unit")}
    return shown | {"officer": event.officer} | event.fact.model_dump(include={"action", "code", "reason"})


def counts(engine: Engine) -> dict[str, dict[str, int]]:
    """How many matters stand in each stage, by 争议 and 线索."""
    query = select(disputes.c.kind, disputes.c.stage, func.count().label("number")).group_by(
        disputes.c.kind, disputes.c.stage
    )
    found: dict[str, dict[str, int]] = {}
    for row in _rows(engine, query):
        found.setdefault(row["kind"], {})[row["stage"]] = row["number"]
    return found


def saved_policies(engine: Engine) -> list[Policy]:
    """Every policy version that was ever in force here, the newest first."""
    query = select(policies.c.content).order_by(policies.c.first_seen.desc(), policies.c.version)
    with reading(engine) as connection:
        return [Policy.model_validate_json(content) for content in connection.scalars(query)]


def _rows(engine: Engine, query: Executable) -> Found:
    with reading(engine) as connection:
        return [as_dict(row) for row in connection.execute(query)]
