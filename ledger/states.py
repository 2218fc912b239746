"""The whole state of matters: kept, sealed, every so many events; the events that came after are folded onto it."""

from collections.abc import Collection
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, or_, select

from domain.dispute import Dispute
from domain.fold import advance
from ledger.connection import LedgerBroken
from ledger.destroyed import Destroyed, why_closed
from ledger.record import as_dict, event_of
from ledger.sealing import MatterBox, Sealer
from ledger.tables import data_keys, disputes, events, states

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
