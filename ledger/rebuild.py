"""重建查询表: every read table made anew from the events, by the same functions as a commit uses."""

from collections.abc import Sequence

from sqlalchemy import Connection, Table, delete, func, insert, select

from ledger.batches import Progress, all_matters, batches, boxes, rows_by_matter, silent
from ledger.connection import LedgerBroken, without_time_limit, writing
from ledger.locks import PROJECTION_LOCK
from ledger.projection import Row, closed, rows_of_record
from ledger.store import Ledger
from ledger.tables import READ_TABLES, events


def rebuild(ledger: Ledger, progress: Progress = silent) -> int:
    """Refill the read tables in one transaction; readers see the old ones until it ends, commits wait.

    Returns the number of matters. Raises LedgerBroken, naming the matter, when its events cannot be folded.
    """
    with writing(ledger.engine) as connection:
        without_time_limit(connection)
        connection.execute(select(func.pg_advisory_xact_lock(*PROJECTION_LOCK)))
        for table in READ_TABLES:
            connection.execute(delete(table))
        ids = all_matters(connection)
        for done, batch in batches(ids):
            _refill(connection, ledger, batch)
            progress(done, len(ids))
    return len(ids)


def _refill(connection: Connection, ledger: Ledger, batch: Sequence[str]) -> None:
    filled: dict[Table, list[Row]] = {table: [] for table in READ_TABLES}
    keys = boxes(connection, ledger.sealer, batch)
    for matter, rows in rows_by_matter(connection, events, batch).items():
        if matter not in keys:
            raise LedgerBroken(f"案件 {matter} 的数据密钥缺失或打不开，不能重建")
        for table, made in rows_of_record(keys[matter], rows, ledger.sealer.search).items():
            filled[table] += [closed(table, row, keys[matter]) for row in made.values()]
    for table, made in filled.items():
        if made:
            connection.execute(insert(table), made)
