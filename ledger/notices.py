"""Which notices went out."""

from collections.abc import Collection

from sqlalchemy import Engine, select
from sqlalchemy.dialects.postgresql import insert

from ledger.connection import reading, writing
from ledger.tables import notices_sent


def sent_of(engine: Engine, keys: Collection[str]) -> set[str]:
    """Which of the notices with these keys went out before."""
    query = select(notices_sent.c.key).where(notices_sent.c.key.in_(keys))
    with reading(engine) as connection:
        return set(connection.scalars(query))


def keep_sent(engine: Engine, keys: Collection[str]) -> None:
    """Note that they went out."""
    with writing(engine) as connection:
        connection.execute(insert(notices_sent).on_conflict_do_nothing(), [{"key": key} for key in keys])
