"""The whole state of matters: kept, sealed, every so many events; the events that came after are folded onto it."""

from collections.abc import Collection
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, bindparam, or_, select

from domain.dispute import Dispute
from domain.fold import advance
from ledger.connection import LedgerBroken, ask, prepared
from ledger.destroyed import Destroyed, why_closed
from ledger.read_tables import disputes, states
from ledger.record import StoredRow, as_dict, event_of
from ledger.remembered import Memory, Remembered
from ledger.sealing import MatterBox, Sealer
from ledger.tables import data_keys, events

STATE = "state"
"""The place of a matter's state in its box."""
KEPT_EVERY = 32
"""Events. To seal and write some 20 kB at every action costs more than to fold a few events when somebody reads."""


def is_kept(before: Dispute, after: Dispute) -> bool:
    """Whether a commit that led from one state to the other keeps the new one: not at every action."""
    return after.is_over or not before.version or before.version // KEPT_EVERY != after.version // KEPT_EVERY


def newest(connection: Connection, sealer: Sealer, ids: Collection[str]) -> dict[str, Dispute]:
    """These matters as they stand, those that are registered and not destroyed. Raises LedgerBroken, KeyProblem."""
    kept = (
        select(disputes.c.dispute_id, states.c.sealed, data_keys.c.key_id, data_keys.c.wrapped)
        .outerjoin(states, states.c.dispute_id == disputes.c.dispute_id)
        .outerjoin(data_keys, data_keys.c.dispute_id == disputes.c.dispute_id)
        .where(disputes.c.dispute_id.in_(ids))
    )
    boxes: dict[str, MatterBox] = {}
    closed: list[str] = []
    found: dict[str, Dispute] = {}
    for row in connection.execute(kept):
        if row.key_id is None:
            closed.append(row.dispute_id)
            continue
        if row.sealed is None:
            raise LedgerBroken(f"案件 {row.dispute_id} 的状态缺失，请运行 fengqiao ledger rebuild 重建查询表")
        box = boxes[row.dispute_id] = sealer.open(row.dispute_id, row.key_id, row.wrapped)
        found[row.dispute_id] = Dispute.model_validate_json(box.open(row.sealed, STATE))
    for matter in closed:
        if not isinstance(why := why_closed(connection, matter), Destroyed):
            raise why
    if not found:
        return found
    # From the versions just read, not from those the table holds by now: a commit may have kept a newer one meanwhile.
    later = [(events.c.dispute_id == matter) & (events.c.seq > d.version) for matter, d in found.items()]
    since = select(events).where(or_(*later)).order_by(events.c.dispute_id, events.c.seq)
    stored = (as_dict(row) for row in connection.execute(since))
    for matter, rows in groupby(stored, key=itemgetter("dispute_id")):
        found[matter] = advance(found[matter], (event_of(row, boxes[matter]) for row in rows))
    return found


def stands(connection: Connection, sealer: Sealer, memory: Memory, id: str) -> Dispute | None:
    """One matter as it stands, from what this process remembers of it and the events that came since, if any did.

    Remembered is what the record said: the last event of then is looked for by its hash, and without a data key nothing
    is shown. Raises LedgerBroken, KeyProblem, Destroyed.
    """
    known = memory.get(id)
    found = known and _gone_on(connection, sealer, known)
    if found is None:
        memory.forget(id)
        dispute = newest(connection, sealer, [id]).get(id)
        if dispute is None or dispute.is_over:
            return dispute
        head = select(events.c.hash).where(events.c.dispute_id == id, events.c.seq == dispute.version)
        found = Remembered(dispute, connection.scalar(head) or "", written_by="")
    if found is not known:
        memory.keep(found)
    return found.dispute


_SINCE = prepared(
    select(data_keys.c.key_id, data_keys.c.wrapped, events)
    .join(events, events.c.dispute_id == data_keys.c.dispute_id)
    .where(data_keys.c.dispute_id == bindparam("id"), events.c.seq >= bindparam("version"))
    .order_by(events.c.seq)
)


def _gone_on(connection: Connection, sealer: Sealer, known: Remembered) -> Remembered | None:
    """What is remembered, with what came since; nothing where the record has gone another way or is closed."""
    id, version = known.dispute.id, known.dispute.version
    rows: list[StoredRow] = [row._asdict() for row in ask(connection, _SINCE, id=id, version=version)]
    if not rows or (rows[0]["seq"], rows[0]["hash"]) != (version, known.head_hash):
        return None
    if len(rows) == 1:
        return known
    box = sealer.open(id, rows[0]["key_id"], rows[0]["wrapped"])
    later = advance(known.dispute, (event_of(row, box) for row in rows[1:]))
    return Remembered(later, rows[-1]["hash"], written_by="")
