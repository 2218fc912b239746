"""What a matter's package holds, in order, each file in parts: nothing of it lies anywhere before it is where it goes."""

import csv
import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any, NamedTuple

from sqlalchemy import select

from domain.decide.ending import INDEX as CATALOGUE
from domain.decide.ending import NO_PAGES
from domain.declined import Declined
from domain.dispute import Dispute
from domain.events import Event
from domain.policy import Policy
from ledger import materials
from ledger.connection import reading
from ledger.papers import paper_bytes
from ledger.record import CONTENT, Content, StoredRow, as_dict, event_of
from ledger.store import Ledger
from ledger.tables import events

INDEX, EVENTS, PAPERS, MATERIALS = "归档目录.csv", "事件.jsonl", "文书", "材料"
COLUMNS = ("序号", "题名", "文号", "页号", "密级", "保管期限", "文件", "SHA-256")
ELSEWHERE = "依法另行保管，不在包内"
"""Of a reporter's files (信访工作条例第三十条)."""


class Item(NamedTuple):
    """A file of the package: its path, and its bytes as they are asked for."""

    path: str
    parts: Iterable[bytes]


class _Listed(NamedTuple):
    """A line of the index. ``item``: ``None`` for what the index names and the package does not hold."""

    title: str
    number: str
    sha256: str
    item: Item | None


def package(ledger: Ledger, d: Dispute, policy: Policy) -> Iterator[Item]:
    """The files of an archived matter. Raises Declined before the first for one that is not; LedgerBroken on the way."""
    if not d.is_over:
        raise Declined("not_archived", "案件尚未归档，没有可以导出的档案；请先办理归档")
    listed = [*_papers(ledger, d), *_materials(ledger, d)]
    return _items(ledger, d, policy, listed)


def _items(ledger: Ledger, d: Dispute, policy: Policy, listed: list[_Listed]) -> Iterator[Item]:
    yield Item(INDEX, [_index(d, policy, listed)])
    yield from (line.item for line in listed if line.item)
    yield Item(EVENTS, _events(ledger, d))


def _papers(ledger: Ledger, d: Dispute) -> Iterator[_Listed]:
    """Every issue there ever was, those taken back too, each as it went out."""
    issues = [(paper.name, issue) for paper in d.documents for issue in paper.issues]
    for n, (name, issue) in enumerate(issues, 1):
        path = f"{PAPERS}/{n:03d}-{name.replace('/', '、')}.docx"
        yield _Listed(
            name, issue.number, issue.sha256, Item(path, _paper(ledger, d.id, issue.number, issue.sha256))
        )


def _paper(ledger: Ledger, dispute_id: str, number: str, sha256: str) -> Iterator[bytes]:
    yield paper_bytes(ledger, dispute_id, number, sha256)


def _materials(ledger: Ledger, d: Dispute) -> Iterator[_Listed]:
    for n, file in enumerate(d.files, 1):
        item = (
            None
            if file.of_reporter
            else Item(f"{MATERIALS}/{n:03d}.{file.kind}", _material(ledger, d.id, file))
        )
        yield _Listed(file.name, "", file.sha256, item)


def _material(ledger: Ledger, dispute_id: str, file: materials.File) -> Iterator[bytes]:
    yield from materials.content(ledger, dispute_id, file)


def _index(d: Dispute, policy: Policy, listed: list[_Listed]) -> bytes:
    """The index, as a spreadsheet opens it: UTF-8 with its mark."""
    nothing: dict[str, Any] = {}
    catalogue = next((p.fields for p in reversed(d.documents) if p.name == policy.paper(CATALOGUE)), nothing)
    text = StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for n, line in enumerate(listed, 1):
        secrecy, kept = catalogue.get("密级", ""), catalogue.get("保管期限", "")
        path = line.item.path if line.item else ELSEWHERE
        rows.writerow([n, _cell(line.title), line.number, NO_PAGES, secrecy, kept, path, line.sha256])
    return text.getvalue().encode("utf-8-sig")


def _cell(text: str) -> str:
    """A title that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def _events(ledger: Ledger, d: Dispute) -> Iterator[bytes]:
    """The events, one a line, up to the state that the rest was made from: as stored, sealed content and hashes, and
    what the content says."""
    wanted = (
        select(events).where(events.c.dispute_id == d.id, events.c.seq <= d.version).order_by(events.c.seq)
    )
    with reading(ledger.engine) as connection:
        box = ledger.sealer.need(connection, d.id)
        stored = [as_dict(row) for row in connection.execute(wanted)]
    for row in stored:
        yield _line(row, event_of(row, box))


def _line(row: StoredRow, event: Event) -> bytes:
    content = Content(officer=event.officer, by=event.by, fact=event.fact)
    said: dict[str, Any] = {
        **row,
        "at": row["at"].isoformat(),
        "recorded_at": row["recorded_at"].isoformat(),
        "sealed": b64encode(row["sealed"]).decode(),
        "content": CONTENT.dump_python(content, mode="json", by_alias=True),
    }
    return json.dumps(said, ensure_ascii=False).encode() + b"\n"
