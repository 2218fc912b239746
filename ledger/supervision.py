"""督办: cards that are appealed or were withdrawn, and the supervisions that a unit issued."""

from collections.abc import Collection
from enum import Enum
from typing import Any

from sqlalchemy import Column, ColumnElement, Engine, Select, func, literal, select, tuple_

from domain.knowing import Near
from ledger.connection import reading
from ledger.desk import may_know
from ledger.paging import Page, cut, moment, place
from ledger.read_tables import cards, disputes, documents
from ledger.record import as_dict

PAGE = 50


class Cards(Enum):
    """Which cards: with an appeal that waits, with one that was decided, withdrawn with or without one."""

    WAITING = "申诉待决定"
    DECIDED = "申诉已决定"
    WITHDRAWN = "已撤的牌"

    @property
    def at(self) -> Column[Any]:
        """The moment by which they are in order."""
        return cards.c.withdrawn_at if self is Cards.WITHDRAWN else cards.c.appealed_at

    def conditions(self, beside: Near | None) -> list[ColumnElement[bool]]:
        """What a row must satisfy; ``beside``: what leads a unit to its matters, or nothing for the whole county."""
        wanted: list[ColumnElement[bool]] = [self.at.is_not(None)]
        if self is not Cards.WITHDRAWN:
            decided = cards.c.decided_at
            wanted.append(decided.is_(None) if self is Cards.WAITING else decided.is_not(None))
        return [*wanted, may_know(beside, cards.c.dispute_id)] if beside else wanted


def cards_in(
    engine: Engine, which: Cards, beside: Near | None, *, after: str | None = None, most: int = PAGE
) -> Page:
    """A page of cards: of those that wait the oldest appeal first, of the others the newest first. Raises NoSuchPage."""
    row = (which.at, cards.c.dispute_id, cards.c.no)
    query = (
        select(cards, disputes.c.case_no, disputes.c.version)
        .join(disputes, disputes.c.dispute_id == cards.c.dispute_id)
        .where(*which.conditions(beside))
    )
    return _page(engine, query, row, after, most, newest_first=which is not Cards.WAITING)


def appeals_waiting(engine: Engine, beside: Near | None) -> dict[str, int]:
    """How many appeals of each unit wait for their decision."""
    query = (
        select(cards.c.unit, func.count().label("number"))
        .where(*Cards.WAITING.conditions(beside))
        .group_by(cards.c.unit)
    )
    with reading(engine) as connection:
        return {row.unit: row.number for row in connection.execute(query)}


def papers_issued(
    engine: Engine, issuer: str, names: Collection[str], *, after: str | None = None, most: int = PAGE
) -> Page:
    """A page of the papers of these names that a unit drew up, the newest first; none of what they say. Raises NoSuchPage."""
    row = (documents.c.at, documents.c.dispute_id, documents.c.position)
    query = (
        select(*[*row, disputes.c.case_no, disputes.c.version])
        .join(disputes, disputes.c.dispute_id == documents.c.dispute_id)
        .where(documents.c.issuer == issuer, documents.c.name.in_(names))
    )
    return _page(engine, query, row, after, most, newest_first=True)


def _page(
    engine: Engine,
    query: Select[Any],
    row: tuple[Column[Any], Column[Any], Column[Any]],
    after: str | None,
    most: int,
    *,
    newest_first: bool,
) -> Page:
    """A page in the order of a moment, a matter and a number within it."""
    if after:
        at, matter, number = place(after, str, str, int)
        begins = tuple_(literal(moment(at)), literal(matter), literal(number))
        query = query.where(tuple_(*row) < begins if newest_first else tuple_(*row) > begins)
    query = query.order_by(*(column.desc() if newest_first else column for column in row)).limit(most + 1)
    with reading(engine) as connection:
        found = [as_dict(line) for line in connection.execute(query)]
    at, *rest = (column.name for column in row)
    return cut(found, most, lambda end: [end[at].isoformat(), *(end[name] for name in rest)])
