"""Advisory locks of the ledger as a whole: two-key ones, apart from the one-key locks of single matters."""

_LEDGER = 0x66656E67

PROJECTION_LOCK = (_LEDGER, 1)
"""Held in common by every commit, and alone by a rebuild of the read tables."""

MIGRATION_LOCK = (_LEDGER, 2)
"""Held by the process that migrates."""
