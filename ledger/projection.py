"""The read tables as a pure function of a matter's state: a commit writes what differs, a rebuild writes it all."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from pydantic_core import to_json
from sqlalchemy import Table

from domain.dispute import Dispute
from domain.due import card_of, clock_of, next_due, standing
from domain.fold import advance, replay
from domain.knowing import marks, marks_of
from domain.paper_waiting import issuing_units, waits
from domain.state import Task
from ledger import firms, read_tables
from ledger.connection import LedgerBroken
from ledger.measured import Policies, measured
from ledger.names import fold_company, fold_name, fold_number
from ledger.record import event_of
from ledger.sealing import MatterBox
from ledger.states import STATE, is_kept
from ledger.texts import pairs_of
from privacy.keys import Ring

Row = dict[str, Any]
Rows = dict[tuple[Any, ...], Row]
"""Rows of one table by primary key."""
Made = dict[Table, list[Row]]


class Changed(NamedTuple):
    """``made``: the rows to insert or update; ``gone``: those of ``knowing`` that are to be no more."""

    made: Made
    gone: list[Row]


_ACTION = ("dispute_id", "action_id", "first_seq", "last_seq")


def rows_of(d: Dispute, head_hash: str, search: Ring, policies: Policies) -> dict[Table, Rows]:
    """Every row a matter has in the read tables, except ``actions`` and ``states``, nothing sealed yet."""
    nothing = Dispute(id=d.id)
    made = {
        table: source.rows(d, nothing, head_hash, search, policies)
        for table, source in _SOURCES.items()
        if table is not read_tables.states
    }
    return {table: by_key(table, rows) for table, rows in (made | measured(d, nothing, policies)).items()}


def actions_of(dispute_id: str, stored: Iterable[Row]) -> dict[Table, Rows]:
    """The rows of ``actions``: by which of these stored events each action was taken."""
    taken: Rows = {}
    for event in stored:
        key = (dispute_id, event["action_id"])
        first = taken[key]["first_seq"] if key in taken else event["seq"]
        taken[key] = dict(zip(_ACTION, (*key, first, event["seq"]), strict=True))
    return {read_tables.actions: taken}


def rows_of_record(
    box: MatterBox, stored: list[Row], search: Ring, policies: Policies, kept_at: int | None = None
) -> dict[Table, Rows]:
    """What the read tables must hold of a matter with these stored events.

    ``kept_at``: the version at which its whole state is kept; the newest one if left out.
    Raises LedgerBroken, naming the matter, when the events cannot be folded.
    """
    try:
        kept = replay(box.dispute_id, (event_of(row, box) for row in stored[:kept_at]))
        state = advance(kept, (event_of(row, box) for row in stored[kept.version :]))
        made = rows_of(state, stored[-1]["hash"], search, policies)
    except (ValueError, LookupError, LedgerBroken) as error:
        raise LedgerBroken(
            f"案件 {box.dispute_id} 的事件不能重放（{type(error).__name__}），请先核验"
        ) from None
    whole = {read_tables.states: by_key(read_tables.states, [_state(kept)])}
    return actions_of(box.dispute_id, stored) | made | whole


def changes(
    before: Dispute, after: Dispute, head_hash: str, box: MatterBox, search: Ring, policies: Policies
) -> Changed:
    """What differs of the rows, as they are stored. Of all tables but ``knowing`` a row that is there once never goes away.

    The fold keeps every part of the state that an event leaves alone, so what is the same object has the same row.
    """
    made = {
        table: [closed(table, row, box) for row in source.rows(after, before, head_hash, search, policies)]
        for table, source in _SOURCES.items()
        if _differ(before, after, source.parts)
    }
    return Changed(made | measured(after, before, policies), _gone(before, after, policies))


def _differ(before: Dispute, after: Dispute, parts: Iterable[str]) -> bool:
    return any(getattr(before, part) is not getattr(after, part) for part in parts)


def _gone(before: Dispute, after: Dispute, policies: Policies) -> list[Row]:
    if not _differ(before, after, KNOWN_BY):
        return []
    left = set(_marks(before, policies)).difference(_marks(after, policies))
    return [{"dispute_id": after.id, "mark": mark} for mark in sorted(left)]


def closed(table: Table, row: Row, box: MatterBox) -> Row:
    """A row as it is stored."""
    column = read_tables.SEALED.get(table)
    return row | {column: box.seal(row[column], _place(table, row))} if column else row


def opened(table: Table, row: Row, box: MatterBox) -> Row:
    """A stored row as it was made. Raises LedgerBroken."""
    column = read_tables.SEALED.get(table)
    return row | {column: box.open(row[column], _place(table, row))} if column else row


def _place(table: Table, row: Row) -> str:
    if table is read_tables.states:
        return STATE
    return f"head/{row['version']}" if table is read_tables.disputes else f"document/{row['position']}"


@cache
def _key(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key)


def by_key(table: Table, rows: Iterable[Row]) -> Rows:
    """Rows by their table's primary key."""
    key = _key(table)
    return {tuple(row[name] for name in key): row for row in rows}


def _dispute(d: Dispute, since: Dispute, head_hash: str, search: Ring, policies: Policies) -> Iterable[Row]:
    yield shown(d) | {"head_hash": head_hash, "head_seal": head_hash}


def _states(d: Dispute, since: Dispute, head_hash: str, search: Ring, policies: Policies) -> Iterable[Row]:
    if is_kept(since, d):
        yield _state(d)


def _state(d: Dispute) -> Row:
    return {"dispute_id": d.id, "version": d.version, "sealed": d.model_dump_json(by_alias=True)}


def shown(d: Dispute) -> Row:
    """A matter's row in ``disputes``, as lists show it: without its hash."""
    return {
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
        "card": d.card,
        "next_due": next_due(d),
        "opened_at": opened_at(d),
        "closed_at": d.closed_at,
        "archived_at": d.archived_at,
        "outcome": d.outcome,
        "merged_into": d.merged_into,
        "is_over": d.is_over,
    }


def opened_at(d: Dispute) -> datetime:
    """When somebody first came with it."""
    return min(s.received_at for s in d.sources)


def _sources(d: Dispute, since: Dispute, head_hash: str, search: Ring, policies: Policies) -> Iterable[Row]:
    for position, source in enumerate(d.sources):
        yield {
            "dispute_id": d.id,
            "channel": source.channel,
            "source_no": source.source_no,
            "absorbed": position > 0,
            "received_at": source.received_at,
        }


def _tasks(d: Dispute, since: Dispute, head_hash: str, search: Ring, policies: Policies) -> Iterable[Row]:
    """Those whose row is another now; a clock moves its task's, the whole matter's that of the lead."""
    for task in d.tasks.values():
        before = since.tasks.get(task.id)
        if before is None or task is not before or _on_the_desk(d, task) != _on_the_desk(since, before):
            yield _task(d, task)


def _knowing(d: Dispute, since: Dispute, head_hash: str, search: Ring, policies: Policies) -> Iterable[Row]:
    matter = {"opened_at": opened_at(d), "is_over": d.is_over}
    same = bool(since.sources) and matter == {"opened_at": opened_at(since), "is_over": since.is_over}
    known = _marks(since, policies) if same else []
    for mark in _marks(d, policies):
        if mark not in known:
            yield {"dispute_id": d.id, "mark": mark, **matter}


def _marks(d: Dispute, policies: Policies) -> list[str]:
    return marks(d, policies(d.policy_version)) if d.version else []


def _on_the_desk(d: Dispute, task: Task) -> Row:
    """What of a task its clocks move, and the cards that came of them."""
    clock = clock_of(d, task) if task.is_open else None
    return {
        "due_at": clock.due_at if clock else None,
        "standing": standing(d, task).value,
        "card": (card_of(clock, d) or None) if clock else None,
    }


def _task(d: Dispute, task: Task) -> Row:
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
        "signed_at": task.signed_at,
        "signed_by": task.signed_by,
        "closed_at": task.closed_at,
        "outcome": task.outcome,
        **_on_the_desk(d, task),
    }


def _clocks(d: Dispute, since: Dispute, head_hash: str, search: Ring, policies: Policies) -> Iterable[Row]:
    for clock in d.clocks.values():
        if since.clocks.get(clock.id) is clock:
            continue
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


def _cards(d: Dispute, since: Dispute, head_hash: str, search: Ring, policies: Policies) -> Iterable[Row]:
    for position, card in enumerate(d.cards):
        if position < len(since.cards) and since.cards[position] is card:
            continue
        yield {
            "dispute_id": d.id,
            "no": card.no,
            "card": card.card,
            "unit": card.unit,
            "clock": card.name,
            "at": card.at,
            "appealed_at": card.appealed_at,
            "ground": card.appeal_ground,
            "decided_at": card.decided_at,
            "withdrawn_at": card.withdrawn_at,
        }


def _documents(d: Dispute, since: Dispute, head_hash: str, search: Ring, policies: Policies) -> Iterable[Row]:
    same = _about_papers(d) == _about_papers(since)
    for position, paper in enumerate(d.documents, 1):
        if same and position <= len(since.documents) and since.documents[position - 1] is paper:
            continue
        policy = policies(d.policy_version)
        stands = waits(policy, d, paper)
        yield {
            "dispute_id": d.id,
            "position": position,
            "number": paper.number,
            "name": paper.name,
            "issuer": paper.issuers,
            "recipient": paper.to,
            "at": paper.at,
            "action_id": paper.action_id,
            "fields": to_json(paper.fields).decode(),
            "numbers": [issue.number for issue in paper.issues],
            "digests": [issue.sha256 for issue in paper.issues],
            "waits": stands and stands.value,
            "units": marks_of(issuing_units(policy, d, paper), policy) if stands else [],
        }


def _about_papers(d: Dispute) -> tuple[Any, ...]:
    """What of a matter besides a paper says for whom it waits."""
    return d.center, d.is_over, d.facts.respondents if d.intake else None


def _parties(d: Dispute, since: Dispute, head_hash: str, search: Ring, policies: Policies) -> Iterable[Row]:
    applicant = d.facts.applicant
    people = [("applicant", applicant), *(("member", m) for m in applicant.members)]
    found = [
        (
            kind,
            None,
            {
                "name": fold_name(who.name),
                "id_number": fold_number(who.id_number),
                "phone": fold_number(who.phone),
            },
        )
        for kind, who in people
    ]
    found += [
        (
            "respondent",
            r.name,
            {
                "name": fold_company(r.name),
                "phone": fold_number(r.contact_phone),
                "uscc": fold_number(r.uscc),
            },
        )
        for r in d.facts.respondents
    ]
    for position, (kind, firm, known) in enumerate(found):
        hashed = {by: search.digest(by, text) if (text := known.get(by)) else None for by in FOUND_BY}
        in_firms_name = firms.parts(search, firm, d.county) if firm else []
        yield {"dispute_id": d.id, "position": position, "kind": kind, **hashed, "parts": in_firms_name}


def _texts(d: Dispute, since: Dispute, head_hash: str, search: Ring, policies: Policies) -> Iterable[Row]:
    yield {"dispute_id": d.id, "pairs": pairs_of(search, d, policies(d.policy_version))}


FOUND_BY = ("name", "id_number", "phone", "uscc")
"""What a party is found by, each hashed as its own kind."""


class _Source(NamedTuple):
    """How a table's rows are made that differ since an earlier state, and from which parts of the state alone."""

    rows: Callable[[Dispute, Dispute, str, Ring, Policies], Iterable[Row]]
    parts: tuple[str, ...]


KNOWN_BY = (
    "tasks", "hubs", "center", "lead", "co", "told", "sub_items", "path", "notifier", "resolutions", "meetings",
    "invitations", "investigation", "documents", "intake", "sources", "archived_at",
)  # fmt: skip
"""What says who may know of a matter."""
_SOURCES: dict[Table, _Source] = {
    read_tables.disputes: _Source(_dispute, ("version",)),
    read_tables.states: _Source(_states, ("version",)),
    read_tables.sources: _Source(_sources, ("sources",)),
    read_tables.tasks: _Source(_tasks, ("tasks", "clocks", "cards")),
    read_tables.knowing: _Source(_knowing, KNOWN_BY),
    read_tables.clocks: _Source(_clocks, ("clocks",)),
    read_tables.cards: _Source(_cards, ("cards",)),
    read_tables.documents: _Source(_documents, ("documents", "center", "archived_at", "intake")),
    read_tables.parties: _Source(_parties, ("intake",)),
    read_tables.texts: _Source(_texts, ("intake", "former")),
}
