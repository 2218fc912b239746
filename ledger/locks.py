"""Advisory locks: two-key ones of the ledger as a whole, one-key ones of single matters."""

from sqlalchemy import Connection, func, select

_LEDGER = 0x66656E67

PROJECTION_LOCK = (_LEDGER, 1)
"""Held in common by every commit, and alone by a rebuild of the read tables."""

MIGRATION_LOCK = (_LEDGER, 2)
"""Held by the process that migrates."""


def hold(connection: Connection, dispute_id: str) -> None:
    """Lock one matter, registered or not, until the transaction ends; wait for a rebuild of everything."""
    connection.execute(
        select(
            func.pg_advisory_xact_lock_shared(*PROJECTION_LOCK),
            func.pg_advisory_xact_lock(func.hashtextextended(dispute_id, 0)),
        )
    )
