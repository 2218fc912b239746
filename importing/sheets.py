"""The export's file: its sheets, header rows and rows, read as a stream, twice if need be."""

import zipfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from domain.words import SHANGHAI
from importing.headers import Header, find_header, likened
from importing.lines import Line, Opener, Table, UnreadableFile
from importing.markup import is_page, is_xml_spreadsheet, page_tables, xml_tables
from importing.plain import EMPTY, Cell, as_text
from importing.rule_words import Column
from importing.rules import Rules
from importing.texts import text_tables
from importing.unreadable import why_unreadable
from importing.workbook import workbook

__all__ = ["Export", "Row", "Sheet", "UnreadableFile", "open_export", "readable", "tables_of"]

_HEADER_WITHIN = 30
_HEAD = 4096
_DAYS_1904 = 1462
"""What a serial day of a workbook that counts from 1904 lacks."""


class Row(NamedTuple):
    """One row: ``number`` as Excel counts it; ``cells`` by column; ``others`` by header, of columns unknown. ``remarks``:
    what a reader of the file would not see from the row alone. ``broken``: it has bytes that are no characters.
    """

    sheet: str
    number: int
    cells: dict[Column, Cell]
    others: dict[str, str]
    original: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    broken: bool = False

    def cell(self, column: Column) -> Cell:
        """The cell of a column; an empty one when the export has none."""
        return self.cells.get(column, EMPTY)


class Sheet(NamedTuple):
    """A sheet with a header. ``in_ten_thousands``: 金额 is in 万元."""

    name: str
    header: Header
    in_ten_thousands: bool
    since_1904: bool
    opener: Opener

    @property
    def header_row(self) -> int:
        """The header's last line."""
        return self.header.row

    @property
    def headers(self) -> tuple[str, ...]:
        """The header's texts, by place."""
        return self.header.texts

    @property
    def places(self) -> dict[Column, int]:
        """Where each column stands."""
        return self.header.places

    @property
    def above(self) -> tuple[str, ...]:
        """The texts over the header."""
        return self.header.above

    def rows(self) -> Iterator[Row]:
        """Every row under the header but blank ones and the header's own repetitions."""
        for line in self.opener():
            if line.number <= self.header_row:
                continue
            original = tuple(as_text(cell.value) for cell in line.cells)
            own = [text for at, text in enumerate(original) if at not in line.filled]
            again = any(original[: len(texts)] == texts for texts in self.header.lines)
            if any(text.strip() for text in own) and not again:
                yield self._row(line, original)

    def _row(self, line: Line, original: tuple[str, ...]) -> Row:
        known = set(self.places.values())
        others = {
            self.heading(place): text
            for place, text in enumerate(original)
            if place not in known and text.strip()
        }
        by_column = {column: line.cells[at] for column, at in self.places.items() if at < len(line.cells)}
        if self.since_1904:
            by_column |= {c: _days(by_column[c]) for c in (Column.TIME, Column.DAY) if c in by_column}
        remarks = [f"“{self.heading(at)}”取自第 {first} 行起的合并单元格，请核对"
                   for at, first in line.filled.items() if original[at].strip()]  # fmt: skip
        if line.hidden:
            remarks.append("该行在表中是隐藏的，请核对是否应导入")
        return Row(self.name, line.number, by_column, others, original, tuple(remarks), line.broken)

    def likened(self, rules: Rules) -> dict[str, str]:
        """The columns found only by what their header reads like: the header, and what it was taken for."""
        found = likened(self.headers, self.places, rules)
        return {self.heading(at): rules.label(column) for column, at in found.items()}

    def heading(self, place: int) -> str:
        """A column's header, or its number when it has none."""
        text = self.headers[place].strip() if place < len(self.headers) else ""
        return text or f"第{place + 1}列"


def _days(cell: Cell) -> Cell:
    """A serial day counted from 1904 as one counted from 1900."""
    if isinstance(cell.value, int | float) and cell.value >= 1:
        return Cell(float(cell.value) + _DAYS_1904)
    return cell


class Export(NamedTuple):
    """An export. ``saved_at``: its own stamp; ``touched_at``: the disk's. ``skipped``: sheets with content but no
    header row; ``hidden``: sheets nobody who opened the file saw.
    """

    path: Path
    sheets: tuple[Sheet, ...]
    skipped: tuple[str, ...]
    hidden: tuple[str, ...]
    saved_at: datetime
    touched_at: datetime


LONGEST_NAME = 200
"""Bytes of an export's name, a Chinese character being three: no file system takes 256, and its 退回表 is named after it."""


def name_on_disk(given: str) -> str:
    """An export's name as a file system takes it, its ending kept."""
    stem, dot, ending = given.rpartition(".")
    room = LONGEST_NAME - len(f"{dot}{ending}".encode())
    return f"{stem.encode()[:room].decode(errors='ignore')}{dot}{ending}"


def open_export(path: Path, rules: Rules) -> Export:
    """Find the sheets and their columns. Raises UnreadableFile."""
    with readable(path):
        tables, saved = tables_of(path)
        touched = datetime.fromtimestamp(path.stat().st_mtime, SHANGHAI)
        return _export(path, tables, (saved or touched, touched), rules)


@contextmanager
def readable(path: Path) -> Generator[None]:
    """Whatever goes wrong with the file while its tables are read is said of the file. Raises UnreadableFile."""
    try:
        yield
    except (OSError, zipfile.BadZipFile) as error:
        raise UnreadableFile(
            f"读不出文件 {path}（{getattr(error, 'strerror', '') or type(error).__name__}）"
        ) from error


def tables_of(path: Path) -> tuple[list[Table], datetime | None]:
    """The tables of a file, whatever it is, and its own stamp of when it was saved. Raises UnreadableFile."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if reason := why_unreadable(path, head):
        raise UnreadableFile(reason)
    if head.startswith(b"PK"):
        return workbook(path)
    if is_xml_spreadsheet(head):
        return xml_tables(path), None
    return page_tables(path) if is_page(head) else [Table("", text_tables(path))], None


def _export(path: Path, tables: list[Table], stamps: tuple[datetime, datetime], rules: Rules) -> Export:
    sheets: list[Sheet] = []
    skipped: list[str] = []
    hidden: list[str] = []
    best: set[Column] = set()
    for table in tables:
        sheet, seen, content = _sheet(table, rules)
        best = max(best, seen, key=len)
        if table.hidden and content:
            hidden.append(table.name)
        elif sheet:
            sheets.append(sheet)
        elif content:
            skipped.append(table.name)
    if not sheets:
        raise UnreadableFile(_no_header(path, best, hidden, rules))
    return Export(path, tuple(sheets), tuple(skipped), tuple(hidden), *stamps)


def _no_header(path: Path, seen: set[Column], hidden: list[str], rules: Rules) -> str:
    if hidden:
        return (
            f"{path.name} 的工作表（{'、'.join(hidden)}）都是隐藏的，没有导入：请在 Excel 中取消隐藏后再导入"
        )
    missing = [c for c in rules.required if c not in seen]
    known = "；".join(f"{rules.label(c)}（可写作 {'、'.join(rules.columns[c].names)}）" for c in missing)
    return f"{path.name} 的前 {_HEADER_WITHIN} 行没有表头，缺少 {known}。请改列名，或在列名对照中增列"


def _sheet(table: Table, rules: Rules) -> tuple[Sheet | None, set[Column], bool]:
    """The sheet, when it has a header; else the columns seen and whether there is content."""
    best: set[Column] = set()
    content = False
    for opener in table.openers:
        lines = list(islice(opener(), _HEADER_WITHIN + 1))
        header, seen = find_header(lines, rules)
        if header:
            wan = Column.AMOUNT in header.places and "万" in header.texts[header.places[Column.AMOUNT]]
            return Sheet(table.name, header, wan, table.since_1904, opener), seen, True
        content = content or any(as_text(cell.value).strip() for line in lines for cell in line.cells)
        best = max(best, seen, key=len)
    return None, best, content
