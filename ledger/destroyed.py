"""What is left of a matter whose file was destroyed: that it was, by which list and when; what lists and statistics count.

Its data key is gone, so nothing sealed under it opens again: events, state, papers, materials. Its chain of hashes stays
whole. A key that is gone without a record here was lost or taken, and stays an alarm.
"""

import hashlib
import json
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, insert, select, text

from domain import chinese
from domain.declined import Declined
from domain.words import SHANGHAI
from ledger.connection import LedgerBroken
from ledger.destruction_tables import destroyed, destruction_items
from ledger.read_tables import (
    READ_TABLES,
    actions,
    cards,
    clocks,
    disputes,
    documents,
    knowing,
    measure_items,
    measures,
    parties,
    sources,
    states,
    tasks,
    texts,
)
from ledger.record import as_dict
from ledger.sealing import MatterBox, Sealer, kept_box, keyless
from ledger.tables import papers

ITS_KEY = "destruction"
"""Under which the destructions' own data key is kept, beside the matters'."""
KEPT = (disputes, sources, documents, measures, measure_items)
"""The read tables that go on having rows of it."""
EMPTIED = (states, actions, tasks, knowing, clocks, cards, parties, texts)
BLANKED = {disputes: ("head_seal",), documents: ("fields", "recipient")}
"""Of what is kept, the columns that are emptied: what is sealed under its key, and what may name somebody."""


class Destroyed(Declined):
    """The file of the matter that is asked for was destroyed; the message says by which list and when."""

    def __init__(self, case_no: str, number: str, at: datetime) -> None:
        day = chinese.day(at.astimezone(SHANGHAI).date())
        super().__init__(
            "destroyed", f"{case_no} 的档案保管期满，已按规定销毁（清册 {number}，{day}），内容不能再查看"
        )


class Record(NamedTuple):
    """A destruction as it is recorded. ``kept``: JSON, the rows of each of :data:`KEPT` by its name."""

    dispute_id: str
    number: str
    case_no: str
    person_id: str
    post_id: str
    at: datetime
    version: int
    head_hash: str
    numbers: list[str]
    kept: str

    @property
    def digest(self) -> str:
        """The hash that is sealed."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        said = self._asdict() | {"at": at, "kept": json.loads(self.kept)}
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def records(connection: Connection, ids: Collection[str]) -> dict[str, tuple[Record, bytes]]:
    """Those of these matters that were destroyed, each with its seal."""
    found = connection.execute(select(destroyed).where(destroyed.c.dispute_id.in_(ids)))
    rows = (as_dict(row) for row in found)
    return {row["dispute_id"]: (Record(*(row[name] for name in Record._fields)), row["seal"]) for row in rows}


def why_closed(connection: Connection, dispute_id: str) -> Exception:
    """Why a registered matter has no data key: its file was destroyed, or the key was lost."""
    return _destroyed(connection, dispute_id) or keyless(dispute_id)


def require_not_destroyed(connection: Connection, dispute_id: str) -> None:
    """Raises Destroyed."""
    if destroyed_file := _destroyed(connection, dispute_id):
        raise destroyed_file


def _destroyed(connection: Connection, dispute_id: str) -> Destroyed | None:
    found = records(connection, [dispute_id]).get(dispute_id)
    return found and Destroyed(found[0].case_no, found[0].number, found[0].at)


def record(connection: Connection, sealer: Sealer, made: Record) -> None:
    """Note a destruction in its transaction."""
    box = kept_box(connection, sealer, ITS_KEY)
    seal = box.seal(made.digest, _place(made.dispute_id))
    connection.execute(insert(destroyed), made._asdict() | {"seal": seal})


def _place(dispute_id: str) -> str:
    return f"destroyed/{dispute_id}"


# --- the rows that stay ----------------------------------------------------------------------------------------------


def empty(connection: Connection, dispute_id: str) -> str:
    """Take everything that tells of a person out of a matter's read rows; what stays, as JSON."""
    for table in EMPTIED:
        connection.execute(table.delete().where(table.c.dispute_id == dispute_id))
    for table, names in BLANKED.items():
        blank = {name: b"" if name in ("head_seal", "fields") else "" for name in names}
        connection.execute(table.update().where(table.c.dispute_id == dispute_id).values(blank))
    return kept_rows(connection, dispute_id)


def kept_rows(connection: Connection, dispute_id: str) -> str:
    """The rows of :data:`KEPT` that a matter has now, as JSON."""
    return json.dumps(
        {table.name: _rows(connection, table, dispute_id) for table in KEPT}, ensure_ascii=False
    )


def _rows(connection: Connection, table: Table, dispute_id: str) -> list[dict[str, Any]]:
    """As PostgreSQL writes them, so that it reads them back the same."""
    order = ", ".join(f'"{column.name}"' for column in table.primary_key)
    query = f'SELECT json_agg(r)::text FROM (SELECT * FROM "{table.name}" WHERE dispute_id = :id ORDER BY {order}) r'
    found = connection.scalar(text(query), {"id": dispute_id})
    return json.loads(found, parse_float=str) if found else []  # a sum of money is no float


def put_back(connection: Connection, kept: str) -> None:
    """The rows that stay, where a rebuild has emptied the tables."""
    for name, rows in json.loads(kept).items():
        if rows:
            columns = ", ".join(f'"{column}"' for column in rows[0])
            query = (
                f'INSERT INTO "{name}" ({columns}) SELECT {columns} '
                f'FROM json_populate_recordset(NULL::"{name}", CAST(:rows AS json))'
            )
            connection.execute(text(query), {"rows": json.dumps(rows, ensure_ascii=False)})


# --- whether it is as it was recorded --------------------------------------------------------------------------------


def destruction_box(connection: Connection, sealer: Sealer) -> MatterBox | None:
    """The box of the destructions' own seals; none before the first."""
    return sealer.find(connection, ITS_KEY)


def record_faults(
    connection: Connection,
    found: tuple[Record, bytes],
    its_box: MatterBox | None,
    head: tuple[int, str] | None,
    has_key: bool,
) -> list[str]:
    """What is wrong with a destroyed matter. ``head``: number and hash of its last event; ``has_key``: whether it has one."""
    made, seal = found
    faults: list[str] = []
    if not _is_sealed(its_box, made, seal):
        faults.append("销毁记录与其封存不符，不是经本系统销毁的，或记录被改动过")
    if not _was_listed(connection, made):
        faults.append(f"销毁记录所写的清册 {made.number} 中没有此案")
    if head != (made.version, made.head_hash):
        faults.append("事件与销毁时所记的末条事件不符")
    if has_key:
        faults.append("已销毁，却又有数据密钥")
    return [*faults, *_row_faults(connection, made)]


def _is_sealed(box: MatterBox | None, made: Record, seal: bytes) -> bool:
    try:
        return box is not None and box.open(seal, _place(made.dispute_id)) == made.digest
    except LedgerBroken:
        return False


def _was_listed(connection: Connection, made: Record) -> bool:
    wanted = (
        destruction_items.c.number == made.number,
        destruction_items.c.dispute_id == made.dispute_id,
    )
    return connection.execute(select(destruction_items.c.number).where(*wanted)).one_or_none() is not None


def _row_faults(connection: Connection, made: Record) -> list[str]:
    """The read tables against the rows that were to stay; a column that came later is not compared."""
    kept = json.loads(made.kept)
    now = json.loads(kept_rows(connection, made.dispute_id))
    faults = [
        f"查询表 {name} 与销毁记录不符，请重建" for name in now if not _same(kept.get(name, []), now[name])
    ]
    for table in READ_TABLES:
        if (
            table in EMPTIED
            and connection.execute(
                select(table.c.dispute_id).where(table.c.dispute_id == made.dispute_id).limit(1)
            ).one_or_none()
        ):
            faults.append(f"查询表 {table.name} 还有已销毁案件的内容，请重建")
    return [*faults, *_paper_faults(connection, made.dispute_id, kept.get(documents.name, []))]


def _same(kept: list[dict[str, Any]], now: list[dict[str, Any]]) -> bool:
    return len(kept) == len(now) and all(
        all(row.get(name) == value for name, value in old.items()) for old, row in zip(kept, now, strict=True)
    )


def _paper_faults(connection: Connection, dispute_id: str, told: list[dict[str, Any]]) -> list[str]:
    """That each paper ever issued is still on record with its hash, so that one in somebody's hands can be compared."""
    issued = {
        n: digest for paper in told for n, digest in zip(paper["numbers"], paper["digests"], strict=True)
    }
    query = select(papers.c.number, papers.c.sha256).where(papers.c.dispute_id == dispute_id)
    kept = {row.number: row.sha256 for row in connection.execute(query)}
    return [] if kept == issued else ["文书的登记与销毁时所记的不符"]
