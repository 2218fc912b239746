"""What officers look up. Every row is a plain mapping; moments are Asia/Shanghai."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import AwareDatetime, Field
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Executable,
    FromClause,
    Select,
    Text,
    any_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from domain.actions import Action
from domain.chinese import yuan
from domain.events import Acted, Declined
from domain.knowing import Near
from domain.policy import Policy
from domain.policy_rights import Sight
from domain.words import SHANGHAI, Channel, ClaimType, Insurance, MatterKind, Model, Money
from ledger import record
from ledger.connection import ask, prepared, reading
from ledger.desk import Count, number_of
from ledger.paging import Page, cut, few, moment, one_of, place
from ledger.projection import opened
from ledger.read_tables import UNFINISHED, actions, clocks, disputes, documents, knowing, measures
from ledger.record import as_dict, event_of
from ledger.store import Ledger
from ledger.tables import data_keys, events, policies

Found = list[dict[str, Any]]

PAGE = 100


class Filters(Model):
    """Which matters; ``None`` means any. ``…_from`` is included, ``…_until`` is not; both ends of an amount are.

    ``claim_type``, ``insurance``: matters with such a claim; ``town``, ``industry``: with such a respondent. ``unit``: those that
    it leads, or whose hub it is. ``due``: when the next duty of an open one falls due. ``amount``: of those that tell one.
    """

    kind: MatterKind | None = Field(default=None, title="类别")
    channel: Channel | None = Field(default=None, title="渠道")
    claim_type: ClaimType | None = Field(default=None, title="争议类型")
    insurance: Insurance | None = Field(default=None, title="险种")
    unit: str | None = Field(default=None, title="主办或枢纽单位")
    lead: str | None = Field(default=None, title="主办单位")
    co: str | None = Field(default=None, title="协办单位")
    center: str | None = Field(default=None, title="枢纽单位")
    stage: str | None = Field(default=None, title="阶段")
    level: str | None = Field(default=None, title="风险等级")
    card: str | None = Field(default=None, title="黄牌或红牌")
    town: str | None = Field(default=None, title="乡镇")
    industry: str | None = Field(default=None, title="行业", description="照登记时所写", max_length=100)
    grouped: bool | None = Field(default=None, title="是否群体件", description="人数达到政策规定的群体件人数")
    is_closed: bool | None = Field(
        default=None, title="是否已办结", description="没有办结而归档的（并入、撤回等）也算已办结"
    )
    is_over: bool | None = Field(default=None, title="是否已归档")
    overdue: bool | None = Field(default=None, title="是否已超期", description="下一个到期的时限已过，未归档")
    opened_from: AwareDatetime | None = Field(default=None, title="登记时间起（含）")
    opened_until: AwareDatetime | None = Field(default=None, title="登记时间止（不含）")
    closed_from: AwareDatetime | None = Field(default=None, title="办结时间起（含）")
    closed_until: AwareDatetime | None = Field(default=None, title="办结时间止（不含）")
    due_from: AwareDatetime | None = Field(default=None, title="下一个到期起（含）")
    due_until: AwareDatetime | None = Field(default=None, title="下一个到期止（不含）")
    amount_from: Money | None = Field(
        default=None, title="主张金额起（含）", description="元；没有写金额的不在其中"
    )
    amount_to: Money | None = Field(
        default=None, title="主张金额止（含）", description="元；没有写金额的不在其中"
    )

    @property
    def least(self) -> Sight:
        """How much of a matter one must see to be shown it by this filter: whoever sees the stage alone would learn by it what
        the matter is about."""
        content = ("claim_type", "insurance", "town", "industry", "grouped", "amount_from", "amount_to")
        asks = any(getattr(self, name) is not None for name in content)
        return Sight.MASKED if asks else Sight.STAGE

    def conditions(self) -> list[ColumnElement[bool]]:
        """What a row of ``disputes`` must satisfy, its row of ``measures`` included."""
        measured = self.measured()
        within = disputes.c.dispute_id.in_(select(measures.c.dispute_id).where(*measured))
        return [*self.of_row(), within] if measured else self.of_row()

    def of_row(self) -> list[ColumnElement[bool]]:
        """What a row of ``disputes`` must satisfy by itself; what was destroyed is in no list."""
        equal = ("kind", "channel", "stage", "level", "lead", "center", "card", "is_over")
        wanted = [disputes.c[name] == value for name in equal if (value := getattr(self, name)) is not None]
        wanted.append(disputes.c.head_seal != b"")
        if self.unit:
            wanted.append(or_(disputes.c.lead == self.unit, disputes.c.center == self.unit))
        if self.is_closed is not None:
            wanted.append(~UNFINISHED if self.is_closed else UNFINISHED)
        wanted += _within(disputes.c.opened_at, self.opened_from, self.opened_until)
        wanted += self._due()
        if self.closed_until:  # nothing is closed before it is opened: the list is read from there
            wanted.append(disputes.c.opened_at < self.closed_until)
        return wanted

    def _due(self) -> list[ColumnElement[bool]]:
        due, is_open = disputes.c.next_due, ~disputes.c.is_over
        wanted = _within(due, self.due_from, self.due_until)
        if self.overdue:
            wanted.append(due < func.now())
        if self.overdue is False:
            return [*wanted, or_(due.is_(None), due >= func.now(), disputes.c.is_over)]
        return [*wanted, is_open] if wanted else []

    def measured(self) -> list[ColumnElement[bool]]:
        """What its row of ``measures`` must satisfy; nothing for most filters."""
        m = measures.c
        among = {"claim_type": m.types, "insurance": m.insurances, "town": m.towns, "industry": m.industries}
        wanted: list[ColumnElement[bool]] = [
            column.contains([str(value)]) for name, column in among.items() if (value := getattr(self, name))
        ]
        if self.co:
            wanted.append(m.co.contains([self.co]))
        if self.grouped is not None:
            wanted.append(m.grouped if self.grouped else ~m.grouped)
        wanted += _within(m.closed_at, self.closed_from, self.closed_until)
        if self.amount_from is not None or self.amount_to is not None:
            wanted.append(m.claimed > 0)
        if self.amount_from is not None:
            wanted.append(m.claimed >= self.amount_from)
        if self.amount_to is not None:
            wanted.append(m.claimed <= self.amount_to)
        return wanted

    def words(self) -> list[str]:
        """The filter as a file names it: 争议, 类型应参未参, 单位县税务局, 等级高, 登记2026-06-01至2026-07-01前."""
        given = self.model_dump(exclude_none=True)
        said = [f"{word}{given[name]}" for name, word in _SAID.items() if name in given]
        said += [words[not given[name]] for name, words in _SAID_YES_NO.items() if name in given]
        for name, (word, last) in _SAID_DAYS.items():
            from_, until = (_day(given.get(f"{name}_{end}")) for end in ("from", "until"))
            if from_ or until:
                said.append(f"{word}{from_ or '最早'}至{f'{until}前' if until else last}")
        least, most = given.get("amount_from"), given.get("amount_to")
        if least is not None or most is not None:
            said.append(f"主张{yuan(least or 0)}" + ("以上" if most is None else f"至{yuan(most)}"))
        return said


_SAID = {
    "kind": "", "channel": "渠道", "claim_type": "类型", "insurance": "险种", "unit": "单位", "lead": "主办", "co": "协办",
    "center": "枢纽",
    "stage": "阶段", "level": "等级", "card": "亮", "town": "乡镇", "industry": "行业",
}  # fmt: skip
_SAID_YES_NO = {
    "grouped": ("群体件", "非群体件"),
    "is_closed": ("已办结", "未办结"),
    "is_over": ("已归档", "未归档"),
    "overdue": ("已超期", "未超期"),
}
_SAID_DAYS = {"opened": ("登记", "今"), "closed": ("办结", "今"), "due": ("到期", "以后")}


def _within(
    column: ColumnElement[Any], from_: AwareDatetime | None, until: AwareDatetime | None
) -> list[ColumnElement[bool]]:
    wanted = [column >= from_] if from_ else []
    return [*wanted, column < until] if until else wanted


def _day(moment: AwareDatetime | None) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d}" if moment else ""


EVERYTHING = Filters()


_CASE_NUMBERS = prepared(
    select(disputes.c.dispute_id, disputes.c.case_no).where(
        disputes.c.dispute_id == any_(bindparam("matters", type_=ARRAY(Text)))
    )
)


def case_numbers(engine: Engine, dispute_ids: Collection[str]) -> dict[str, str]:
    """The case numbers of those of these matters that are registered, in one query."""
    with reading(engine) as connection:
        found = ask(connection, _CASE_NUMBERS, matters=list(dispute_ids))
    return {row.dispute_id: row.case_no for row in found}


def rows_of_matters(engine: Engine, dispute_ids: Collection[str]) -> Found:
    """What lists show of these matters, the newest first."""
    if not dispute_ids:
        return []
    query = select(*listed()).where(one_of(disputes.c.dispute_id, dispute_ids))
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(disputes.c.opened_at.desc(), disputes.c.dispute_id))
        return [as_dict(row) for row in rows]


def listed() -> list[ColumnElement[Any]]:
    """What lists show of a matter."""
    return [column for column in disputes.c if column.name not in ("head_hash", "head_seal")]


def list_disputes(
    engine: Engine, filters: Filters = EVERYTHING, *, limit: int = PAGE, offset: int = 0
) -> Found:
    """Matters without anybody's identity, the newest first."""
    with reading(engine) as connection:
        query = _meant(connection, filters, None, disputes).order_by(
            disputes.c.opened_at.desc(), disputes.c.dispute_id
        )
        return [as_dict(row) for row in connection.execute(query.limit(limit).offset(offset))]


def _meant(connection: Connection, filters: Filters, beside: Near | None, own: FromClause) -> Select[Any]:
    """The matters of a filter; ``beside``: of those that a unit may know of, to which its ``own`` rows lead.

    Where few fit what is counted of them, these are found by their ids: to walk from the newest on until a page is full
    would be to walk through all.
    """
    query = select(*listed())
    if beside:
        query = query.join(own, own.c.dispute_id == disputes.c.dispute_id)
    if beside and len(beside.marks) > 1:
        query = query.where(_once(own, beside))
    measured = filters.measured()
    fitting = few(connection, select(measures.c.dispute_id).where(*measured)) if measured else None
    if fitting is None:
        return query.where(*filters.conditions())
    return query.where(*filters.of_row(), one_of(disputes.c.dispute_id, fitting))


def _own(near: Near) -> FromClause:
    """What leads a unit to its matters, mark by mark: each is walked through in its own order, so they are merged, not sorted."""
    known = knowing.c
    led = select(known.dispute_id, known.opened_at, known.mark)
    in_order = led.order_by(known.opened_at.desc(), known.dispute_id.desc())
    return union_all(*(in_order.where(known.mark == mark) for mark in near.marks)).subquery("own")


def _once(own: FromClause, near: Near) -> ColumnElement[bool]:
    """Whether no other of the unit's marks leads to the matter before: each is in the list once."""
    other = knowing.alias("other")
    led_before = (other.c.dispute_id == own.c.dispute_id, other.c.mark < own.c.mark)
    return ~exists().where(*led_before, one_of(other.c.mark, near.marks))


def page_of_disputes(
    engine: Engine,
    filters: Filters = EVERYTHING,
    *,
    beside: Near | None = None,
    after: str | None = None,
    most: int = PAGE,
) -> Page:
    """Matters without anybody's identity, the newest first, page by page; ``beside``: those a unit may know of.

    Raises NoSuchPage.
    """
    begins = _begins(after) if after else None
    with reading(engine) as connection:
        rows = _own(beside) if beside else disputes  # a unit's are walked through in their own order
        query = _meant(connection, filters, beside, rows)
        row = rows.c
        if begins is not None:
            query = query.where(tuple_(row.opened_at, row.dispute_id) < begins)
        query = query.order_by(row.opened_at.desc(), row.dispute_id.desc()).limit(most + 1)
        found = [as_dict(row) for row in connection.execute(query)]
    return cut(found, most, lambda end: [end["opened_at"].isoformat(), end["dispute_id"]])


def number_of_disputes(engine: Engine, filters: Filters = EVERYTHING, *, beside: Near | None = None) -> Count:
    """How many matters a filter means, none counted beyond the desk's most; ``beside``: of those a unit may know of."""
    with reading(engine) as connection:
        rows = _own(beside) if beside else disputes
        query = _meant(connection, filters, beside, rows).with_only_columns(disputes.c.dispute_id)
        return number_of(connection, query)


def _begins(after: str) -> ColumnElement[Any]:
    at, matter = place(after, str, str)
    return tuple_(literal(moment(at)), literal(matter))


_FIRST_OF = prepared(
    select(actions.c.first_seq).where(
        actions.c.dispute_id == bindparam("matter"), actions.c.action_id == bindparam("action")
    )
)


def act_of(ledger: Ledger, dispute_id: str, action_id: str) -> Action | None:
    """What was done under this action's id, if anything was."""
    with reading(ledger.engine) as connection:
        taken = ask(connection, _FIRST_OF, matter=dispute_id, action=action_id)
        first = taken[0].first_seq if taken else None
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


class PolicyVersion(NamedTuple):
    """A policy version that was in force here. ``first_seen``: since when; ``open``: matters not archived that go by it."""

    version: str
    county: str
    first_seen: datetime
    open: int


def policy_versions(engine: Engine) -> list[PolicyVersion]:
    """Every policy version that was ever in force here, the newest first, without what it says."""
    pinned = (
        select(disputes.c.policy_version, func.count().label("number"))
        .where(~disputes.c.is_over)
        .group_by(disputes.c.policy_version)
        .subquery()
    )
    query = (
        select(
            policies.c.version,
            policies.c.county,
            policies.c.first_seen,
            func.coalesce(pinned.c.number, 0).label("open"),
        )
        .outerjoin(pinned, pinned.c.policy_version == policies.c.version)
        .order_by(policies.c.first_seen.desc(), policies.c.version)
    )
    return [PolicyVersion(**row) for row in _rows(engine, query)]


def last_due(engine: Engine) -> datetime | None:
    """When the last of all running clocks falls due."""
    with reading(engine) as connection:
        found = connection.scalar(select(func.max(clocks.c.due_at)).where(clocks.c.stopped_at.is_(None)))
    return found.astimezone(SHANGHAI) if found else None


def _rows(engine: Engine, query: Executable) -> Found:
    with reading(engine) as connection:
        return [as_dict(row) for row in connection.execute(query)]
