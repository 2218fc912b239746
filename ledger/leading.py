"""Which units lead matters of the ledger: each once, found from one to the next by the index and not by reading every matter."""

from sqlalchemy import Engine, func, select

from domain.words import UnitName
from ledger.connection import reading
from ledger.read_tables import disputes


def leading_units(engine: Engine) -> list[UnitName]:
    """Every unit that leads or led one, by name."""
    lead = disputes.c.lead
    walk = select(func.min(lead).label("lead")).cte("walk", recursive=True)
    following = select(func.min(lead)).where(lead > walk.c.lead).scalar_subquery()
    walk = walk.union_all(select(following).where(walk.c.lead.is_not(None)))
    with reading(engine) as connection:
        return list(connection.scalars(select(walk.c.lead).where(walk.c.lead.is_not(None))))
