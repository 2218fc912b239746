"""Whether a package is what was archived: the bag by its manifests, the events by their chain, the files by the events."""

import json
import logging
from base64 import b64decode
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import bagit  # pyright: ignore[reportMissingTypeStubs]

from domain.dispute import Dispute
from domain.events import Event
from domain.fold import replay
from domain.words import SHANGHAI
from ledger.connection import LedgerBroken, reading
from ledger.record import CONTENT, StoredRow, event_of
from ledger.store import Ledger
from ledger.verify import chain_faults
from starter.archive.package import EVENTS, MATERIALS, PAPERS

logging.getLogger("bagit").setLevel(logging.CRITICAL)  # its faults are told by whoever asked


class Record(NamedTuple):
    """The events of a package: as stored, and as they read."""

    rows: list[StoredRow]
    events: list[Event]

    @property
    def dispute_id(self) -> str:
        """Whose they are."""
        return self.rows[0]["dispute_id"]


def package_faults(folder: Path) -> list[str]:
    """What is wrong with a package by itself; empty for a sound one. Needs no key and no ledger.

    That the readable content of an event is what was sealed, only the ledger can say (:func:`faults_by_ledger`).
    """
    if wrong := _bag_faults(folder):
        return [wrong]
    try:
        record = read_record(folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [f"{EVENTS} 缺失或读不出（{type(error).__name__}），档案包不完整，请重新导出"]
    if not record.rows:
        return [f"{EVENTS} 中没有事件，档案包不完整，请重新导出"]
    if len({row["dispute_id"] for row in record.rows}) > 1:
        return [f"{EVENTS} 中混有别的案件的事件"]
    if chain := chain_faults(record.rows):
        return [f"第 {seq} 条事件：{problem}" for seq, problem in chain]
    d = replay(record.dispute_id, record.events)
    return [*([] if d.is_over else ["事件中没有归档，不是完整的档案"]), *_file_faults(folder, d)]


def _bag_faults(folder: Path) -> str | None:
    library: Any = bagit
    try:
        library.Bag(str(folder)).validate()
    except library.BagError as error:
        details: list[Any] = getattr(error, "details", None) or []
        lost: list[str] = [detail.path for detail in details]
        named = f"：{'、'.join(lost[:5])}" if lost else ""
        return f"档案包与清单不符，有文件缺失、多出或被改动{named}；请重新导出，或从备份取回"
    except (OSError, ValueError) as error:
        return f"读不出档案包（{type(error).__name__}），请核对文件夹和权限"
    return None


def read_record(folder: Path) -> Record:
    """The events of a package. Raises OSError; ValueError, KeyError, TypeError for what is none."""
    with (folder / "data" / EVENTS).open("rb") as lines:
        read = [_read(json.loads(line)) for line in lines]
    return Record([row for row, _ in read], [event for _, event in read])


def _read(said: dict[str, Any]) -> tuple[StoredRow, Event]:
    content = CONTENT.validate_python(said.pop("content"))
    row: StoredRow = said | {
        "at": datetime.fromisoformat(said["at"]),
        "recorded_at": datetime.fromisoformat(said["recorded_at"]),
        "sealed": b64decode(said["sealed"], validate=True),
    }
    event = Event(
        seq=row["seq"],
        at=row["at"].astimezone(SHANGHAI),
        unit=row["unit"],
        officer=content.officer,
        by=content.by,
        action_id=row["action_id"],
        fact=content.fact,
    )
    return row, event


def _file_faults(folder: Path, d: Dispute) -> list[str]:
    """Papers and materials against the hashes that the events hold."""
    papers = {issue.sha256: f"文书 {issue.number}" for paper in d.documents for issue in paper.issues}
    files = {file.sha256: f"材料“{file.name}”" for file in d.files if not file.of_reporter}
    faults: list[str] = []
    for under, known in ((PAPERS, papers), (MATERIALS, files)):
        there = {_digest(file): file.name for file in sorted((folder / "data" / under).glob("*"))}
        faults += [f"{known[lost]}缺失或与事件中的哈希不符" for lost in known.keys() - there.keys()]
        faults += [f"{under}/{there[more]} 不是本案的" for more in there.keys() - known.keys()]
    return sorted(faults)


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        digest = sha256()
        while part := content.read(1_000_000):
            digest.update(part)
    return digest.hexdigest()


def faults_by_ledger(ledger: Ledger, folder: Path) -> list[str]:
    """What of a sound package is not as the ledger has it: each event opened under the matter's own key."""
    record = read_record(folder)
    with reading(ledger.engine) as connection:
        box = ledger.sealer.find(connection, record.dispute_id)
    if box is None:
        return ["台账中没有本案的数据密钥，不能与台账核对"]
    faults: list[str] = []
    for row, event in zip(record.rows, record.events, strict=True):
        try:
            same = event_of(row, box) == event
        except LedgerBroken:
            same = False
        if not same:
            faults.append(f"第 {row['seq']} 条事件：内容与封存的不符")
    kept = ledger.events(record.dispute_id)[: len(record.events)]
    return faults or ([] if kept == record.events else ["事件与台账不符"])
