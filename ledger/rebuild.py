"""重建查询表: every read table made anew from the events, by the same functions as a commit uses."""

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select

from ledger.batches import Progress, all_matters, batches, rows_by_matter, silent
from ledger.connection import LedgerBroken, without_time_limit, writing
from ledger.locks import PROJECTION_LOCK, hold
from ledger.projection import Row, rows_of_record
from ledger.record import StoredRow
from ledger.tables import READ_TABLES, disputes, events
from ledger.verify import chain_faults


def rebuild(engine: Engine, progress: Progress = silent) -> int:
    """Refill the read tables in one transaction; readers see the old ones until it ends, commits wait.

    Returns the number of matters. Raises LedgerBroken, naming the matter, when its events cannot be folded.
    """
    with writing(engine) as connection:
        without_time_limit(connection)
        connection.execute(select(func.pg_advisory_xact_lock(*PROJECTION_LOCK)))
        for table in READ_TABLES:
            connection.execute(delete(table))
        ids = all_matters(connection)
        for done, batch in batches(ids):
            _refill(connection, rows_by_matter(connection, events, batch))
            progress(done, len(ids))
    return len(ids)


def rebuild_matter(engine: Engine, dispute_id: str) -> None:
    """Refill the read tables of one matter; its officers wait, all others work on.

    Raises LedgerBroken when its events are not an unbroken chain: then the read tables are evidence, and stay.
    """
    with writing(engine) as connection:
        hold(connection, dispute_id)
        stored = rows_by_matter(connection, events, [dispute_id])
        rows = stored.get(dispute_id, [])
        head = connection.execute(
            select(disputes.c.version, disputes.c.head_hash).where(disputes.c.dispute_id == dispute_id)
        ).one_or_none()
        if chain_faults(rows) or (head and head.version > rows[-1]["seq"]):
            raise LedgerBroken(
                "案件的事件不完整或被改动过，查询表不予重建；请运行 fengqiao ledger verify 核验"
            )
        for table in READ_TABLES:
            connection.execute(delete(table).where(table.c.dispute_id == dispute_id))
        _refill(connection, stored)


def _refill(connection: Connection, stored: dict[str, list[StoredRow]]) -> None:
    filled: dict[Table, list[Row]] = {table: [] for table in READ_TABLES}
    for matter, rows in stored.items():
        for table, made in rows_of_record(matter, rows).items():
            filled[table] += made.values()
    for table, made in filled.items():
        if made:
            connection.execute(insert(table), made)
