"""How many requests a minute somebody may still make: a bucket for each, in the database, that several processes draw from."""

from datetime import UTC, datetime, timedelta

from ledger.access_tables import request_buckets
from ledger.connection import directly, writing
from ledger.store import Ledger

KEPT = timedelta(minutes=10)
"""A bucket that nobody drew from for so long is full again, and forgotten."""

_DRAW = """
    INSERT INTO request_buckets AS b (what, available, drawn, at)
    VALUES (%(what)s, %(a_minute)s - %(wanted)s, %(wanted)s, clock_timestamp())
    ON CONFLICT (what) DO UPDATE SET (available, drawn, at) = (
        SELECT full_now - drawn_now, drawn_now, clock_timestamp()
        FROM (SELECT full_now, least(%(wanted)s, floor(full_now))::integer AS drawn_now
              FROM (SELECT least(%(a_minute)s, b.available
                    + extract(epoch FROM clock_timestamp() - b.at) * %(a_minute)s / 60.0)::double precision AS full_now)
              AS filled) AS found
    )
    RETURNING drawn
"""


def draw(ledger: Ledger, what: str, *, wanted: int, a_minute: int) -> int:
    """Take up to ``wanted`` requests out of a bucket that holds ``a_minute`` and fills at that rate; how many were had."""
    with writing(ledger.engine) as connection, directly(connection) as driver:
        row = driver.execute(_DRAW, {"what": what, "wanted": wanted, "a_minute": a_minute}).fetchone()
    assert row
    return row[0]


def forget_full(ledger: Ledger) -> None:
    """Drop the buckets that are full again."""
    with writing(ledger.engine) as connection:
        connection.execute(request_buckets.delete().where(request_buckets.c.at < datetime.now(UTC) - KEPT))
