"""重建查询表: every read table made anew from the events, by the same functions as a commit uses."""

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select

from ledger.batches import Progress, all_matters, batches, rows_by_matter, silent
from ledger.connection import without_time_limit, writing
from ledger.locks import PROJECTION_LOCK
from ledger.projection import Row, rows_of_record
from ledger.record import StoredRow
from ledger.tables import READ_TABLES, events


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


def _refill(connection: Connection, stored: dict[str, list[StoredRow]]) -> None:
    filled: dict[Table, list[Row]] = {table: [] for table in READ_TABLES}
    for matter, rows in stored.items():
        for table, made in rows_of_record(matter, rows).items():
            filled[table] += made.values()
    for table, made in filled.items():
        if made:
            connection.execute(insert(table), made)
