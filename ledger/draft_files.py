"""材料 attached to a draft: sealed like the draft, for its person alone, and gone with it."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain

from sqlalchemy import ColumnElement, delete, insert, select

from domain.materials import File
from ledger.access_tables import draft_files
from ledger.connection import LedgerBroken, reading, writing
from ledger.materials import PART
from ledger.store import Ledger
from privacy.box import Unsealable
from privacy.keys import Purpose


def attach(ledger: Ledger, person: str, place: str, file: File, parts: Iterable[bytes]) -> None:
    """Keep a file with the draft of this form. Raises KeyProblem."""
    key, now = ledger.keys.ring(Purpose.LEDGER).active, datetime.now(UTC)
    with writing(ledger.engine) as connection:
        for n, part in enumerate(chain((file.model_dump_json().encode(),), parts)):
            sealed = key.box.seal(part, _where(person, place, file.id, n))
            row = {"person_id": person, "place": place, "file_id": file.id, "n": n}
            connection.execute(
                insert(draft_files), row | {"saved_at": now, "key_id": key.id, "sealed": sealed}
            )


def attached(ledger: Ledger, person: str, place: str) -> list[File]:
    """The files of a draft, in the order of their coming. Raises KeyProblem."""
    wanted = (
        select(draft_files)
        .where(_of(person, place), draft_files.c.n == 0)
        .order_by(draft_files.c.saved_at, draft_files.c.file_id)
    )
    ring = ledger.keys.ring(Purpose.LEDGER)
    with reading(ledger.engine) as connection:
        rows = connection.execute(wanted).all()
    return [
        File.model_validate_json(
            ring.key(row.key_id).box.open(row.sealed, _where(person, place, row.file_id, 0))
        )
        for row in rows
    ]


def content(ledger: Ledger, person: str, place: str, file: File) -> Iterator[bytes]:
    """The bytes of an attached file, part by part. Raises LedgerBroken, KeyProblem."""
    ring = ledger.keys.ring(Purpose.LEDGER)
    for n in range(1, -(-file.size // PART) + 1):
        wanted = select(draft_files.c.key_id, draft_files.c.sealed).where(
            _of(person, place), draft_files.c.file_id == file.id, draft_files.c.n == n
        )
        with reading(ledger.engine) as connection:
            row = connection.execute(wanted).one_or_none()
        try:
            if row is None:
                raise Unsealable
            yield ring.key(row.key_id).box.open(row.sealed, _where(person, place, file.id, n))
        except Unsealable:
            raise LedgerBroken("草稿中附的材料打不开，请删去后重新上传") from None


def detach(ledger: Ledger, person: str, place: str, file_id: str | None = None) -> None:
    """Let a file of a draft go, or all of them."""
    gone = delete(draft_files).where(_of(person, place))
    with writing(ledger.engine) as connection:
        connection.execute(gone.where(draft_files.c.file_id == file_id) if file_id else gone)


def _of(person: str, place: str) -> ColumnElement[bool]:
    return (draft_files.c.person_id == person) & (draft_files.c.place == place)


def _where(person: str, place: str, file_id: str, n: int) -> str:
    return f"draft-file/{person}/{place}/{file_id}/{n}"
