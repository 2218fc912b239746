"""What an officer has on his page of the book: the columns he chose, and filters with columns under a name.

Nothing of a party: a filter is made of the county's own words, days and sums. Every function raises LedgerUnavailable while
PostgreSQL is away.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.masking import somebodys_number
from domain.words import NEVER_KEPT
from ledger.access_tables import book_columns, book_views, persons
from ledger.connection import reading, writing

MOST = 30
LONGEST = 40
"""Characters of a name."""


class View(NamedTuple):
    """A view. ``asked``: its filters as the page's address says them."""

    id: str
    name: str
    asked: dict[str, str]
    columns: list[str]


class NotKept(ValueError):
    """Why a view was not kept under this name, in Chinese."""


def columns_of(engine: Engine, person: str) -> list[str]:
    """The columns that somebody chose; none when he never did."""
    wanted = select(book_columns.c.names).where(book_columns.c.person_id == person)
    with reading(engine) as connection:
        return connection.scalar(wanted) or []


def choose(engine: Engine, person: str, names: Sequence[str]) -> None:
    """Have these columns from now on; none: as whoever never chose."""
    chosen = insert(book_columns).values(person_id=person, names=list(names))
    with writing(engine) as connection:
        connection.execute(
            chosen.on_conflict_do_update(index_elements=["person_id"], set_={"names": list(names)})
        )


def views(engine: Engine, person: str) -> list[View]:
    """Somebody's views, the oldest first."""
    with reading(engine) as connection:
        return _views(connection, person)


def _views(connection: Connection, person: str) -> list[View]:
    wanted = (
        select(book_views)
        .where(book_views.c.person_id == person)
        .order_by(book_views.c.made_at, book_views.c.view_id)
    )
    found = connection.execute(wanted)
    return [View(row.view_id, row.name, json.loads(row.asked), row.columns) for row in found]


def save(engine: Engine, person: str, name: str, asked: Mapping[str, str], columns: Sequence[str]) -> str:
    """Keep these filters and columns; the view's id, the same one when it is sent twice. Raises NotKept."""
    name = _checked(name)
    with writing(engine) as connection:
        own = _alone(connection, person)
        if same := next((view for view in own if view.name == name), None):
            if same.asked == dict(asked) and same.columns == list(columns):
                return same.id
            raise NotKept(_TAKEN.format(name))
        if len(own) >= MOST:
            raise NotKept(f"最多存 {MOST} 个视图，请先删去不用的")
        made = secrets.token_hex(8)
        row = {
            "view_id": made,
            "person_id": person,
            "name": name,
            "asked": json.dumps(dict(asked), ensure_ascii=False),
            "columns": list(columns),
            "made_at": datetime.now(UTC),
        }
        connection.execute(insert(book_views), row)
    return made


def rename(engine: Engine, person: str, view: str, name: str) -> None:
    """Call a view of one's own otherwise. Raises NotKept."""
    name = _checked(name)
    with writing(engine) as connection:
        if any(other.name == name and other.id != view for other in _alone(connection, person)):
            raise NotKept(_TAKEN.format(name))
        connection.execute(update(book_views).where(*_own(person, view)).values(name=name))


def change(
    engine: Engine,
    person: str,
    view: str,
    *,
    asked: Mapping[str, str] | None = None,
    columns: Sequence[str] | None = None,
) -> None:
    """Let a view of one's own have other filters or other columns."""
    values: dict[str, Any] = {} if columns is None else {"columns": list(columns)}
    if asked is not None:
        values["asked"] = json.dumps(dict(asked), ensure_ascii=False)
    with writing(engine) as connection:
        connection.execute(update(book_views).where(*_own(person, view)).values(**values))


def drop(engine: Engine, person: str, view: str) -> None:
    """Throw a view of one's own away."""
    with writing(engine) as connection:
        connection.execute(delete(book_views).where(*_own(person, view)))


_TAKEN = "已有叫“{}”的视图，请换个名字"


def _own(person: str, view: str) -> tuple[Any, ...]:
    return book_views.c.person_id == person, book_views.c.view_id == view


def _alone(connection: Connection, person: str) -> list[View]:
    """Somebody's views; whoever else would change them waits until this transaction ends."""
    connection.execute(select(persons.c.person_id).where(persons.c.person_id == person).with_for_update())
    return _views(connection, person)


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise NotKept("请写一个名称，如 本月到期的高风险")
    if len(name) > LONGEST:
        raise NotKept(f"名称至多 {LONGEST} 个字，现在有 {len(name)} 个")
    if NEVER_KEPT.search(name):
        raise NotKept("名称里有不可见的控制字符，请删去")
    if somebodys_number(name):
        raise NotKept("名称里不要写证件号、电话")
    return name
