"""查询码 on a registration's receipt, by which its holder sees how far the matter is, and 查验码 on a 文书, by which anybody
sees whether it stands. Tries are counted in the database, for several processes.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Executable, Row, case, null, select, union_all
from sqlalchemy.dialects.postgresql import insert

from ledger.access_tables import lookup_tries, query_codes
from ledger.connection import directly, prepared, writing
from ledger.printed_codes import code_hash, new_code
from ledger.store import Ledger
from ledger.tables import papers

WRONG_BY_ADDRESS, WITHIN = 30, timedelta(hours=1)
"""Wrong codes that one address may try; a county's people often share one."""
LOOKS_BY_CODE, BETWEEN = 20, timedelta(minutes=15)


class TooOften(Exception):
    """The address tried too many wrong codes, or the code was looked up too often. ``wait``: at most so long."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("查询过于频繁，请稍后再试")
        self.wait = wait


_KEEP = prepared(insert(query_codes))


def make_code(ledger: Ledger, dispute_id: str) -> str:
    """A new code for a matter, as it is printed: four groups of four. Earlier ones stay good."""
    code = new_code()
    row = {"code_hash": code_hash(code), "dispute_id": dispute_id, "made_at": datetime.now(UTC)}
    with writing(ledger.engine) as connection, directly(connection) as driver:
        driver.execute(_KEEP.encode(), row)
    return code


class Found(NamedTuple):
    """What a code is for: a matter, or, where there is a ``number``, the 文书 of that number in it."""

    matter: str
    number: str | None = None


def found_by(ledger: Ledger, code: str, address: str) -> Found | None:
    """What a code is for as somebody typed it, or nothing for one that is wrong, whatever is wrong with it.

    Raises TooOften.
    """
    kept = code_hash(code)
    matter = select(query_codes.c.dispute_id, null().label("number")).where(query_codes.c.code_hash == kept)
    paper = select(papers.c.dispute_id, papers.c.number).where(papers.c.code_hash == kept)
    row = limited(ledger, kept, address, union_all(matter, paper))
    return Found(*row) if row else None


def limited(ledger: Ledger, kept: bytes, address: str, found: Executable) -> Row[Any] | None:
    """The row of a code that is kept as a hash, looked up no oftener than is allowed. Raises TooOften."""
    asked = f"code {kept.hex()}"
    by_address = f"address {address}"
    with writing(ledger.engine) as connection:
        if _tries(connection, by_address, WITHIN) >= WRONG_BY_ADDRESS:
            raise TooOften(WITHIN)
        row = connection.execute(found).one_or_none()
        counted = _count(connection, asked if row else by_address, BETWEEN if row else WITHIN)
        connection.execute(lookup_tries.delete().where(lookup_tries.c.since < datetime.now(UTC) - WITHIN))
    if row and counted > LOOKS_BY_CODE:
        raise TooOften(BETWEEN)
    return row


def _tries(connection: Connection, what: str, within: timedelta) -> int:
    found = select(lookup_tries.c.tries).where(
        lookup_tries.c.what == what, lookup_tries.c.since > datetime.now(UTC) - within
    )
    return connection.scalar(found) or 0


def _count(connection: Connection, what: str, within: timedelta) -> int:
    """Count one more; how many that makes since the count began."""
    now = datetime.now(UTC)
    over = lookup_tries.c.since < now - within
    counted = insert(lookup_tries).values(what=what, since=now, tries=1)
    counted = counted.on_conflict_do_update(
        index_elements=["what"],
        set_={
            "tries": case((over, 1), else_=lookup_tries.c.tries + 1),
            "since": case((over, now), else_=lookup_tries.c.since),
        },
    )
    return connection.execute(counted.returning(lookup_tries.c.tries)).scalar_one()
