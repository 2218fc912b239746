"""重建查询表: every read table made anew from the events, by the same functions as a commit uses; of a destroyed matter, from
what was recorded when its key was destroyed."""

from collections.abc import Sequence

from sqlalchemy import Connection, Delete, Table, delete, insert, select

from ledger.batches import Progress, all_matters, batches, boxes, rows_by_matter, silent
from ledger.connection import LedgerBroken, without_time_limit, writing
from ledger.destroyed import put_back, records
from ledger.locks import PROJECTION_LOCK, alone, hold
from ledger.projection import Row, closed, rows_of_record
from ledger.read_tables import READ_TABLES, disputes
from ledger.store import Ledger
from ledger.tables import events, key_checks
from ledger.verify import chain_faults
from privacy.keys import Purpose


def rebuild(ledger: Ledger, progress: Progress = silent) -> int:
    """Refill the read tables in one transaction; readers see the old ones until it ends, commits wait.

    Returns the number of matters. Raises LedgerBroken, naming the matter, when its events cannot be folded.
    """
    with writing(ledger.engine) as connection:
        without_time_limit(connection)
        alone(connection, PROJECTION_LOCK)
        for table in READ_TABLES:
            connection.execute(delete(table))
        ids = all_matters(connection)
        for done, batch in batches(ids):
            _refill(connection, ledger, batch)
            progress(done, len(ids))
        connection.execute(_older_search_keys(ledger))
    return len(ids)


def _older_search_keys(ledger: Ledger) -> Delete:
    """Nobody is found by an older key any more, so none is needed."""
    active = ledger.sealer.search.active.id
    return delete(key_checks).where(
        key_checks.c.purpose == Purpose.SEARCH.value, key_checks.c.key_id != active
    )


def rebuild_matter(ledger: Ledger, dispute_id: str) -> None:
    """Refill the read tables of one matter; its officers wait, all others work on.

    Raises LedgerBroken when its events are not an unbroken chain: then the read tables are evidence, and stay.
    """
    with writing(ledger.engine) as connection:
        hold(connection, dispute_id)
        rows = rows_by_matter(connection, events, [dispute_id]).get(dispute_id, [])
        head = connection.execute(
            select(disputes.c.version, disputes.c.head_hash).where(disputes.c.dispute_id == dispute_id)
        ).one_or_none()
        if chain_faults(rows) or (head and head.version > (rows[-1]["seq"] if rows else 0)):
            raise LedgerBroken(
                "案件的事件不完整或被改动过，查询表不予重建；请运行 fengqiao ledger verify 核验"
            )
        for table in READ_TABLES:
            connection.execute(delete(table).where(table.c.dispute_id == dispute_id))
        _refill(connection, ledger, [dispute_id])


def _refill(connection: Connection, ledger: Ledger, batch: Sequence[str]) -> None:
    filled: dict[Table, list[Row]] = {table: [] for table in READ_TABLES}
    keys = boxes(connection, ledger.sealer, batch)
    destroyed = records(connection, batch)
    for matter, rows in rows_by_matter(connection, events, batch).items():
        if matter in destroyed:
            put_back(connection, destroyed[matter][0].kept)
            continue
        if matter not in keys:
            raise LedgerBroken(f"案件 {matter} 的数据密钥缺失或打不开，不能重建")
        for table, made in rows_of_record(keys[matter], rows, ledger.sealer.search, ledger.policy).items():
            filled[table] += [closed(table, row, keys[matter]) for row in made.values()]
    for table, made in filled.items():
        if made:
            connection.execute(insert(table), made)
