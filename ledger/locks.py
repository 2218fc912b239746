"""Advisory locks: two-key ones of the ledger as a whole, one-key ones of single matters."""

from sqlalchemy import Connection, func, select

from ledger.connection import directly

_LEDGER = 0x66656E67

PROJECTION_LOCK = (_LEDGER, 1)
"""Held in common by every commit, and alone by a rebuild of the read tables."""

MIGRATION_LOCK = (_LEDGER, 2)
"""Held by the process that migrates."""

AUDIT_LOCK = (_LEDGER, 3)
"""Held by whoever adds to the audit, so that its numbers leave no gap."""

ACCOUNTS_LOCK = (_LEDGER, 4)
"""Held by whoever makes accounts or gives posts."""

DESTRUCTION_LOCK = (_LEDGER, 5)
"""Held by whoever makes a list of what is destroyed, votes on one, or destroys by one."""


def alone(connection: Connection, lock: tuple[int, int]) -> None:
    """Hold one of these locks until the transaction ends; whoever else wants it waits."""
    connection.execute(select(func.pg_advisory_xact_lock(*lock)))


_HOLD = """
    SELECT pg_advisory_xact_lock_shared(%s, %s), pg_advisory_xact_lock(hashtextextended(%s, 0))
"""


def hold(connection: Connection, dispute_id: str) -> None:
    """Lock one matter, registered or not, until the transaction ends; wait for a rebuild of everything."""
    with directly(connection) as driver:
        driver.execute(_HOLD, (*PROJECTION_LOCK, dispute_id))
