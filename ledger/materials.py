"""材料: the bytes of files, sealed under the matter's data key, beside the record whose events tell of them.

A file's bytes and its event are one transaction: neither is ever there without the other. Whoever destroys a matter's
data key has destroyed its files.
"""

import hashlib
import secrets
import string
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select

from domain import decide
from domain.declined import Declined
from domain.dispute import Dispute
from domain.events import Event, MaterialKept
from domain.materials import File, KeptFile
from domain.persons import By
from domain.policy import Policy
from domain.words import UnitName
from ledger.connection import LedgerBroken, reading, without_time_limit
from ledger.lookup import Lookup
from ledger.record import StoredRow, event_of
from ledger.sealing import MatterBox
from ledger.store import Ledger
from ledger.tables import material_parts

PART = 1_000_000
"""Bytes of one part: what is held in memory of a file at a time."""


class From(NamedTuple):
    """Who took a file in."""

    unit: UnitName
    officer: str
    by: By | None = None


def new_id() -> str:
    """A file's id. Letters alone, lest it look like somebody's number."""
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(16))


def keep(
    ledger: Ledger, dispute_id: str, file: File, parts: Iterable[bytes], policy: Policy, giver: From
) -> KeptFile:
    """Keep a file with its event; the one that its unit is shown, where the matter has these very bytes.

    ``parts``: of :data:`PART` bytes.

    An open matter's workflow adopts the event with its next commit. Raises Declined, with nothing stored; KeyProblem.
    """

    def stored(connection: Connection) -> None:
        without_time_limit(connection)
        box = ledger.sealer.need(connection, dispute_id)
        _write(connection, box, file, parts)

    there: KeptFile | None = None

    def decided(d: Dispute, lookup: Lookup) -> list[Event]:
        nonlocal there
        now = max(lookup.now(), d.last_moment)
        events, there = decide.keep_material(
            d, policy, now, f"file-{file.id}", giver.unit, giver.officer, file, giver.by
        )
        return events

    if not ledger.state(dispute_id).version:
        raise Declined("unknown", "没有这件案件，请核对案号")
    ledger.commit(dispute_id, f"file-{file.id}", 0, decided, first=stored)
    return there or next(f for f in ledger.state(dispute_id).files if f.id == file.id)


def _write(connection: Connection, box: MatterBox, file: File, parts: Iterable[bytes]) -> None:
    digest, size = hashlib.sha256(), 0
    for n, part in enumerate(parts, 1):
        digest.update(part)
        size += len(part)
        row = {"dispute_id": box.dispute_id, "file_id": file.id, "n": n}
        connection.execute(insert(material_parts), row | {"sealed": box.seal_bytes(part, _place(file.id, n))})
    if (digest.hexdigest(), size) != (file.sha256, file.size):
        raise LedgerBroken("材料在收存途中内容有变，没有收存；请重新提交")


def content(ledger: Ledger, dispute_id: str, file: File) -> Iterator[bytes]:
    """A file's bytes, part by part, each read by itself: whoever reads slowly holds no transaction open.

    Raises LedgerBroken before the first where parts are missing, and for one that does not open.
    """
    wanted = (material_parts.c.dispute_id == dispute_id, material_parts.c.file_id == file.id)
    with reading(ledger.engine) as connection:
        box = ledger.sealer.need(connection, dispute_id)
        there = connection.scalar(select(func.count()).where(*wanted))
    if there != -(-file.size // PART):
        raise _incomplete(dispute_id)
    return _read(ledger, box, file)


def _read(ledger: Ledger, box: MatterBox, file: File) -> Iterator[bytes]:
    for n in range(1, -(-file.size // PART) + 1):
        with reading(ledger.engine) as connection:
            part = _part(connection, box, file.id, n)
        if part is None:
            raise _incomplete(box.dispute_id)
        yield part


def _part(connection: Connection, box: MatterBox, file_id: str, n: int) -> bytes | None:
    key = {"dispute_id": box.dispute_id, "file_id": file_id, "n": n}
    sealed = connection.scalar(
        select(material_parts.c.sealed).where(
            *(material_parts.c[name] == value for name, value in key.items())
        )
    )
    return None if sealed is None else box.open_bytes(sealed, _place(file_id, n))


def _incomplete(dispute_id: str) -> LedgerBroken:
    return LedgerBroken(f"案件 {dispute_id} 的材料不完整，请运行 fengqiao ledger verify 核验，并从备份恢复")


def _place(file_id: str, n: int) -> str:
    return f"material/{file_id}/{n}"


Fault = tuple[int | None, str]


def file_faults(connection: Connection, box: MatterBox, rows: list[StoredRow]) -> list[Fault]:
    """What is wrong with the bytes of a matter's files: each file against the hash that its event holds."""
    faults: list[Fault] = []
    told: set[str] = set()
    for row in rows:
        if row["type"] == "material_kept":
            fact = event_of(row, box).fact
            assert isinstance(fact, MaterialKept)
            told.add(fact.file.id)
            if fault := _fault(connection, box, fact.file):
                faults.append((row["seq"], fault))
    known = select(material_parts.c.file_id).where(material_parts.c.dispute_id == box.dispute_id).distinct()
    if set(connection.scalars(known)) - told:
        faults.append((None, "有材料的内容而没有收存的记录"))
    return faults


def _fault(connection: Connection, box: MatterBox, file: File) -> str | None:
    wanted = (material_parts.c.dispute_id == box.dispute_id, material_parts.c.file_id == file.id)
    there = connection.scalar(select(func.count()).where(*wanted)) or 0
    digest, size = hashlib.sha256(), 0
    for n in range(1, there + 1):
        try:
            part = _part(connection, box, file.id, n)
        except LedgerBroken:
            return "材料的内容打不开，已损坏或被改动"
        digest.update(part or b"")
        size += len(part or b"")
    if (digest.hexdigest(), size) != (file.sha256, file.size):
        return "材料的内容与收存时的指纹不符，缺失或被改动"
    return None
