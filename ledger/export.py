"""导出台账: the forty columns as an Excel file, written as it is read."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, WriteOnlyCell
from openpyxl.styles import Font
from sqlalchemy import Connection, select

from domain.dispute import Dispute
from domain.policy import Policy
from domain.policy_rules import MaskRule
from domain.speaking import say
from domain.words import SHANGHAI
from ledger.batches import batches
from ledger.book import HEADERS, Entry, Value, elsewhere, late_fee, row
from ledger.connection import reading, without_time_limit
from ledger.queries import EVERYTHING, Filters, saved_policies
from ledger.read_tables import disputes
from ledger.states import newest
from ledger.store import Ledger
from ledger.tables import policies
from ledger.vault import hidden_names

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

FORMATS: dict[type, str] = {Decimal: "0.00", datetime: "yyyy-mm-dd hh:mm", date: "yyyy-mm-dd"}

LOOKS_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
TEXT_FORMAT = "@"
"""Excel's own mark for text: such a cell stays text when somebody edits it."""


def every_matter(d: Dispute) -> bool:
    """Every matter is in the book."""
    return True


def export_xlsx(
    ledger: Ledger,
    path: Path,
    filters: Filters = EVERYTHING,
    may_see: Callable[[Dispute], bool] = every_matter,
) -> int:
    """Write the matters to ``path``, oldest first, identities masked; returns how many. ``may_see``: those alone.

    A second sheet lists late fees, which are never added to the principal; a third what others collected; the last says
    which matters were asked for, as of when. The file appears whole or not at all.
    """
    path = Path(path)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    try:
        written = _write(ledger, part, filters, may_see)
        os.replace(part, path)
    except BaseException:
        os.unlink(part)
        raise
    return written


def _write(ledger: Ledger, file: str, filters: Filters, may_see: Callable[[Dispute], bool]) -> int:
    book = Workbook(write_only=True)
    policies = saved_policies(ledger.engine)
    words = policies[0].spoken if policies else {}
    main = _sheet(book, say(words, "台账"), [say(words, header) for header in HEADERS])
    fees = _sheet(book, say(words, "滞纳金"), [say(words, header) for header in ("案号", "滞纳金")])
    paid_elsewhere = [say(words, header) for header in ("案号", "本金", "滞纳金")]
    others = _sheet(book, say(words, "上级或外地征收"), paid_elsewhere)
    written = 0
    with reading(ledger.engine, snapshot=True) as connection:
        without_time_limit(connection)
        for entry in _entries(connection, ledger, filters):
            if not may_see(entry.d):
                continue
            _append(main, row(entry))
            if (fee := late_fee(entry.d)) is not None:
                _append(fees, [entry.d.case_no, fee])
            if collected := elsewhere(entry.d):
                _append(others, [entry.d.case_no, *collected])
            written += 1
    _say_what(_sheet(book, "导出条件", ["项目", "内容"]), filters, written)
    book.save(file)
    return written


def _say_what(sheet: "WriteOnlyWorksheet", filters: Filters, written: int) -> None:
    """What the file holds: without it nobody can tell a part of the book from the whole."""
    _append(sheet, ["范围", "、".join(filters.words()) or "全部案件"])
    _append(sheet, ["件数", written])
    _append(sheet, ["导出时间", datetime.now(SHANGHAI)])


def _entries(connection: Connection, ledger: Ledger, filters: Filters) -> Iterator[Entry]:
    masks = _masks(connection)
    query = (
        select(disputes.c.dispute_id)
        .where(*filters.conditions())
        .order_by(disputes.c.opened_at, disputes.c.case_no)
    )
    for _, ids in batches(connection.scalars(query).all()):
        found = newest(connection, ledger.sealer, ids)
        for d in (found[matter] for matter in ids):
            hidden = hidden_names(ledger, d.id) if d.facts.applicant.anonymous else []
            yield Entry(d, masks[d.policy_version], hidden)


def _masks(connection: Connection) -> Mapping[str, Mapping[str, MaskRule]]:
    """The masks of every policy version."""
    found = connection.execute(select(policies.c.version, policies.c.content))
    return {row.version: Policy.model_validate_json(row.content).masks for row in found}


def _sheet(book: Workbook, title: str, headers: list[str]) -> "WriteOnlyWorksheet":
    sheet: WriteOnlyWorksheet = book.create_sheet(title)
    sheet.freeze_panes = "B2"
    _append(sheet, headers, Font(bold=True))
    return sheet


def _append(sheet: "WriteOnlyWorksheet", values: Sequence[Value], font: Font | None = None) -> None:
    cells = [_cell(sheet, value) for value in values]
    if font:
        for cell in cells:
            cell.font = font
    sheet.append(cells)  # pyright: ignore[reportUnknownMemberType]


def _cell(sheet: "WriteOnlyWorksheet", value: Value) -> Cell:
    """A cell that is what it looks like: never a formula, whatever somebody wrote."""
    cell = WriteOnlyCell(sheet)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
        if value.startswith(LOOKS_LIKE_A_FORMULA):
            cell.number_format = TEXT_FORMAT
    else:
        cell.value = value.replace(tzinfo=None) if isinstance(value, datetime) else value
        cell.number_format = FORMATS.get(type(value), "General")
    return cell
