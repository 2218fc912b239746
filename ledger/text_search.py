"""全文查找: finding matters by words of what was told when they were registered (:mod:`ledger.texts`)."""

from collections.abc import Sequence

from sqlalchemy import select

from domain.knowing import Near
from ledger.connection import reading
from ledger.paging import few, one_of
from ledger.people import newest_known
from ledger.queries import PAGE, Found
from ledger.read_tables import disputes, texts
from ledger.record import as_dict
from ledger.store import Ledger
from ledger.texts import PAIRS


def search(ledger: Ledger, words: Sequence[str], *, beside: Near | None = None, limit: int = PAGE) -> Found:
    """Matters whose own words may hold all of these, the newest first, without anybody's identity; to be compared with
    the words themselves. ``beside``: of which this unit may know."""
    held = PAIRS.hold(ledger.sealer.search, words)
    query = newest_known(beside, limit)
    with reading(ledger.engine) as connection:
        found = few(connection, select(texts.c.dispute_id).where(held))
        if found is None:
            query = query.join(texts, texts.c.dispute_id == disputes.c.dispute_id).where(held)
        else:
            query = query.where(one_of(disputes.c.dispute_id, found))
        return [as_dict(row) for row in connection.execute(query)]
