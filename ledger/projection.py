"""The read tables as a pure function of a matter's state: a commit writes what differs, a rebuild writes it all."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import Insert, insert

from domain.deadlines import Deadline
from domain.dispute import Dispute, Task
from domain.fold import replay
from domain.intake import Applicant, Member
from ledger import tables
from ledger.connection import LedgerBroken
from ledger.names import fold_company, fold_name, fold_number
from ledger.record import event_of

Row = dict[str, Any]
Rows = dict[tuple[Any, ...], Row]
"""Rows of one table by primary key."""

_ACTION = ("dispute_id", "action_id", "first_seq", "last_seq")


def rows_of(d: Dispute, head_hash: str) -> dict[Table, Rows]:
    """Every row a matter has in the read tables, except ``actions``; none before it is registered."""
    if d.version == 0:
        return {table: {} for table in _ROWS}
    made = {table: by_key(table, make(d)) for table, make in _ROWS.items()}
    for row in made[tables.disputes].values():
        row["head_hash"] = head_hash
    return made


def actions_of(dispute_id: str, stored: Iterable[Row]) -> dict[Table, Rows]:
    """The rows of ``actions``: by which of these stored events each action was taken."""
    taken: Rows = {}
    for event in stored:
        key = (dispute_id, event["action_id"])
        first = taken[key]["first_seq"] if key in taken else event["seq"]
        taken[key] = dict(zip(_ACTION, (*key, first, event["seq"]), strict=True))
    return {tables.actions: taken}


def rows_of_record(dispute_id: str, stored: list[Row]) -> dict[Table, Rows]:
    """What the read tables must hold of a matter with these stored events.

    Raises LedgerBroken, naming the matter, when the events cannot be folded.
    """
    try:
        state = replay(dispute_id, map(event_of, stored))
    except (ValueError, LookupError) as error:
        raise LedgerBroken(f"案件 {dispute_id} 的事件不能重放（{type(error).__name__}），请先核验") from None
    return actions_of(dispute_id, stored) | rows_of(state, stored[-1]["hash"])


def write_changes(connection: Connection, before: dict[Table, Rows], after: dict[Table, Rows]) -> None:
    """Insert or update the rows that differ. A row that is there once never goes away."""
    for table, rows in after.items():
        changed = [row for key, row in rows.items() if before[table].get(key) != row]
        if changed:
            connection.execute(_upsert(table), changed)


@cache
def _key(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key)


@cache
def _upsert(table: Table) -> Insert:
    statement = insert(table)
    given = {c.name: statement.excluded[c.name] for c in table.columns if not c.primary_key}
    return statement.on_conflict_do_update(index_elements=_key(table), set_=given)


def by_key(table: Table, rows: Iterable[Row]) -> Rows:
    """Rows by their table's primary key."""
    key = _key(table)
    return {tuple(row[name] for name in key): row for row in rows}


def _dispute(d: Dispute) -> Iterable[Row]:
    running = [c.due_at for c in d.open_clocks() if not c.is_paused]
    yield {
        "dispute_id": d.id,
        "version": d.version,
        "county": d.county,
        "case_no": d.case_no,
        "policy_version": d.policy_version,
        "kind": d.kind.value,
        "channel": d.facts.channel.value,
        "stage": d.stage.value if d.stage else None,
        "level": d.level or d.suggested,
        "lead": d.lead,
        "center": d.center,
        "card": d.cards[-1] if d.cards else None,
        "next_due": min(running, default=None),
        "opened_at": min(s.received_at for s in d.sources),
        "closed_at": d.closed_at,
        "archived_at": d.archived_at,
        "outcome": d.outcome,
        "merged_into": d.merged_into,
        "is_over": d.is_over,
        "state": d.model_dump_json(by_alias=True),
    }


def shown(d: Dispute) -> Row:
    """A matter's row in ``disputes``, as lists show it: without its state and its hash."""
    return {name: value for row in _dispute(d) for name, value in row.items() if name != "state"}


def _sources(d: Dispute) -> Iterable[Row]:
    for position, source in enumerate(d.sources):
        yield {
            "dispute_id": d.id,
            "channel": source.channel,
            "source_no": source.source_no,
            "absorbed": position > 0,
            "received_at": source.received_at,
        }


def _tasks(d: Dispute) -> Iterable[Row]:
    running: dict[str | None, list[Deadline]] = {}
    for clock in d.open_clocks():
        if not clock.is_paused:
            running.setdefault(clock.task_id, []).append(clock)
    for task in d.tasks.values():
        yield _task(d, task, running.get(task.id, []))


def _task(d: Dispute, task: Task, running: list[Deadline]) -> Row:
    return {
        "dispute_id": d.id,
        "task_id": task.id,
        "kind": task.kind,
        "title": task.title,
        "unit": task.unit,
        "officer": task.officer,
        "role": task.role,
        "ref": task.ref,
        "returnable": task.returnable,
        "opened_at": task.opened_at,
        "due_at": min((c.due_at for c in running), default=None),
        "signed_at": task.signed_at,
        "signed_by": task.signed_by,
        "closed_at": task.closed_at,
        "outcome": task.outcome,
    }


def _clocks(d: Dispute) -> Iterable[Row]:
    for clock in d.clocks.values():
        yield {
            "dispute_id": d.id,
            "clock_id": clock.id,
            "rule_id": clock.rule_id,
            "name": clock.name,
            "kind": clock.kind,
            "owner": clock.owner,
            "task_id": clock.task_id,
            "starts_at": clock.starts_at,
            "due_at": clock.due_at,
            "paused": clock.is_paused,
            "extensions": len(clock.extensions),
            "stopped_at": clock.stopped_at,
            "result": clock.result,
        }


def _documents(d: Dispute) -> Iterable[Row]:
    for position, paper in enumerate(d.documents, 1):
        yield {
            "dispute_id": d.id,
            "position": position,
            "number": paper.number,
            "name": paper.name,
            "issuer": paper.issuer,
            "recipient": paper.to,
            "at": paper.at,
            "action_id": paper.action_id,
            "fields": to_json(paper.fields).decode(),
        }


def _parties(d: Dispute) -> Iterable[Row]:
    applicant = d.facts.applicant
    people = [("applicant", applicant), *(("member", m) for m in applicant.members)]
    found = [_person(kind, who) for kind, who in people]
    found += [
        {
            "kind": "respondent",
            "name": r.name,
            "name_folded": fold_company(r.name),
            "id_number": None,
            "phone": r.contact_phone,
            "uscc": fold_number(r.uscc),
        }
        for r in d.facts.respondents
    ]
    for position, party in enumerate(found):
        yield {"dispute_id": d.id, "position": position, **party}


def _person(kind: str, who: Applicant | Member) -> Row:
    return {
        "kind": kind,
        "name": who.name,
        "name_folded": fold_name(who.name),
        "id_number": fold_number(who.id_number),
        "phone": fold_number(who.phone),
        "uscc": None,
    }


_ROWS: dict[Table, Callable[[Dispute], Iterable[Row]]] = {
    tables.disputes: _dispute,
    tables.sources: _sources,
    tables.tasks: _tasks,
    tables.clocks: _clocks,
    tables.documents: _documents,
    tables.parties: _parties,
}
