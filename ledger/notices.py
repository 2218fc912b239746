"""Which notices went out."""

from sqlalchemy import Engine, select
from sqlalchemy.dialects.postgresql import insert

from ledger.connection import reading, writing
from ledger.tables import notices_sent


def was_sent(engine: Engine, key: str) -> bool:
    """Whether the notice with this key went out before."""
    with reading(engine) as connection:
        found = connection.scalar(select(notices_sent.c.key).where(notices_sent.c.key == key))
    return found is not None


def keep_sent(engine: Engine, key: str) -> None:
    """Note that it went out."""
    with writing(engine) as connection:
        connection.execute(insert(notices_sent).on_conflict_do_nothing(), {"key": key})
