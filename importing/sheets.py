"""The export's file: its sheets, header rows and rows, read as a stream, twice if need be."""

import csv
import re
import zipfile
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, cast
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from domain.words import SHANGHAI
from importing.plain import EMPTY, Cell, Scalar, as_text, tight
from importing.rules import Column, Rules

_HEADER_WITHIN = 30
_LONGEST_HEADER = 20
_LARGEST_FIELD = 16 * 1024 * 1024

Numbered = tuple[int, tuple[Cell, ...]]
Opener = Callable[[], Iterator[Numbered]]


class UnreadableFile(ValueError):
    """A file that is no export one can read; the message, in Chinese, says what to do."""


class Row(NamedTuple):
    """One row: ``number`` as Excel counts it; ``cells`` by column; ``others`` by header, of columns unknown."""

    sheet: str
    number: int
    cells: dict[Column, Cell]
    others: dict[str, str]
    original: tuple[str, ...]

    def cell(self, column: Column) -> Cell:
        """The cell of a column; an empty one when the export has none."""
        return self.cells.get(column, EMPTY)


class Sheet(NamedTuple):
    """A sheet with a header row. ``above``: the lines over it. ``in_ten_thousands``: 金额 is in 万元."""

    name: str
    header_row: int
    headers: tuple[str, ...]
    places: dict[Column, int]
    above: tuple[str, ...]
    in_ten_thousands: bool
    opener: Opener

    def rows(self) -> Iterator[Row]:
        """Every row under the header but blank ones and the header's own repetitions."""
        for number, cells in self.opener():
            if number <= self.header_row:
                continue
            original = tuple(as_text(cell.value) for cell in cells)
            if any(text.strip() for text in original) and original[: len(self.headers)] != self.headers:
                yield self._row(number, cells, original)

    def _row(self, number: int, cells: tuple[Cell, ...], original: tuple[str, ...]) -> Row:
        known = set(self.places.values())
        others = {
            self.heading(place): text
            for place, text in enumerate(original)
            if place not in known and text.strip()
        }
        by_column = {column: cells[at] for column, at in self.places.items() if at < len(cells)}
        return Row(self.name, number, by_column, others, original)

    def likened(self, rules: Rules) -> dict[str, str]:
        """The columns found only by what their header reads like: the header, and what it was taken for."""
        return {
            self.heading(at): rules.label(column)
            for column, at in self.places.items()
            if not set(_plain(self.headers[at])) & set(rules.columns[column].names)
        }

    def heading(self, place: int) -> str:
        """A column's header, or its number when it has none."""
        text = self.headers[place].strip() if place < len(self.headers) else ""
        return text or f"第{place + 1}列"


class Export(NamedTuple):
    """An export. ``saved_at``: its own stamp; ``touched_at``: the disk's. ``skipped``: sheets with content but no
    header row.
    """

    path: Path
    sheets: tuple[Sheet, ...]
    skipped: tuple[str, ...]
    saved_at: datetime
    touched_at: datetime


def open_export(path: Path, rules: Rules) -> Export:
    """Find the sheets and their columns. Raises UnreadableFile."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
        saved = datetime.fromtimestamp(path.stat().st_mtime, SHANGHAI)
        if head.startswith(b"PK"):
            names, stamp = _contents(path)
            candidates = [(n, [_worksheet(path, n)]) for n in names]
            return _export(path, candidates, (stamp or saved, saved), rules)
        if head.startswith(b"\xd0\xcf\x11\xe0"):
            raise UnreadableFile(
                f"{path.name} 是旧版 xls 或加了密码，请在 Excel 中另存为 xlsx（不设密码）再导入"
            )
        return _export(path, [("", _tables(path))], (saved, saved), rules)
    except OSError as error:
        raise UnreadableFile(f"读不出文件 {path}（{error.strerror or type(error).__name__}）") from error


def _export(
    path: Path, candidates: list[tuple[str, list[Opener]]], stamps: tuple[datetime, datetime], rules: Rules
) -> Export:
    sheets: list[Sheet] = []
    skipped: list[str] = []
    best: set[Column] = set()
    for name, openers in candidates:
        sheet, seen, content = _sheet(name, openers, rules)
        best = max(best, seen, key=len)
        if sheet:
            sheets.append(sheet)
        elif content:
            skipped.append(name)
    if not sheets:
        missing = [c for c in rules.required if c not in best]
        known = "；".join(f"{rules.label(c)}（可写作 {'、'.join(rules.columns[c].names)}）" for c in missing)
        raise UnreadableFile(
            f"{path.name} 的前 {_HEADER_WITHIN} 行没有表头，缺少 {known}。请改列名，或在列名对照中增列"
        )
    return Export(path, tuple(sheets), tuple(skipped), *stamps)


def _sheet(name: str, openers: list[Opener], rules: Rules) -> tuple[Sheet | None, set[Column], bool]:
    """The sheet, when one of its first rows is a header; else the columns seen and whether there is content."""
    best: set[Column] = set()
    content = False
    for opener in openers:
        above: list[str] = []
        for number, cells in islice(opener(), _HEADER_WITHIN):
            headers = tuple(as_text(cell.value) for cell in cells)
            content = content or any(h.strip() for h in headers)
            places = _places(headers, rules)
            if all(column in places for column in rules.required):
                wan = Column.AMOUNT in places and "万" in headers[places[Column.AMOUNT]]
                return Sheet(name, number, headers, places, tuple(above), wan, opener), set(places), True
            best = max(best, set(places), key=len)
            above += [h for h in headers if h.strip()]
    return None, best, content


def _places(headers: tuple[str, ...], rules: Rules) -> dict[Column, int]:
    """Where each column stands; the surest of its names wins, then what only reads like it."""
    at: dict[str, int] = {}
    for place, header in enumerate(headers):
        for text in _plain(header):
            at.setdefault(text, place)
    found: dict[Column, int] = {}
    for column, rule in rules.columns.items():
        places = (at[n] for n in rule.names if n in at and at[n] not in found.values())
        if (place := next(places, None)) is not None:
            found[column] = place
    for column, rule in rules.columns.items():
        if column in found or not rule.like:
            continue
        likely = (p for t, p in at.items() if p not in found.values() and len(t) <= _LONGEST_HEADER)
        like = (p for p in likely if rule.like.search(_plain(headers[p])[1]))
        if (place := next(like, None)) is not None:
            found[column] = place
    return found


def _plain(header: str) -> tuple[str, str]:
    """A header without marks; and without what is in brackets too."""
    text = tight(header)
    return text.strip("*:"), re.sub(r"[(\[【].*?[)\]】]|[*:]", "", text)


@contextmanager
def _book(path: Path) -> Generator[Any]:
    try:
        with closing(load_workbook(path, read_only=True, data_only=False, keep_links=False)) as book:
            yield book
    except (InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, EOFError) as error:
        raise UnreadableFile(
            f"{path.name} 不是完好的 xlsx 工作簿（{type(error).__name__}），请重新导出或用 Excel 另存"
        ) from error


def _contents(path: Path) -> tuple[list[str], datetime | None]:
    """The sheets' names, and when the workbook says it was saved, which the standard has in UTC."""
    with _book(path) as book:
        names = [str(sheet.title) for sheet in book.worksheets]
        saved = cast("datetime | None", book.properties.modified)
    return names, saved.replace(tzinfo=saved.tzinfo or UTC).astimezone(SHANGHAI) if saved else None


def _worksheet(path: Path, name: str) -> Opener:
    def rows() -> Iterator[Numbered]:
        with _book(path) as book:
            sheet = book[name]
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows(), start=1):
                yield number, tuple(_cell(cell) for cell in cells)

    return rows


def _cell(cell: Any) -> Cell:
    value: Any = cell.value
    if value is None:
        return EMPTY
    if isinstance(value, timedelta):
        return Cell(str(value))
    if not isinstance(value, Scalar):
        return Cell(str(getattr(value, "text", value)))  # array and data-table formulas
    return Cell(value, isinstance(value, datetime) and "h" in str(cell.number_format).lower())


def _tables(path: Path) -> list[Opener]:
    """A text file's rows, by every delimiter it may have."""
    encoding = _encoding(path)
    return [_delimited(path, encoding, mark) for mark in (",", "\t", ";", "|")]


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        if file.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding) as file:
                while file.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadableFile(f"{path.name} 不是 xlsx，也不是 UTF-8 或 GB18030 编码的 csv，请重新导出")


def _delimited(path: Path, encoding: str, mark: str) -> Opener:
    def rows() -> Iterator[Numbered]:
        csv.field_size_limit(_LARGEST_FIELD)
        try:
            with path.open(encoding=encoding, newline="") as file:
                for number, values in enumerate(csv.reader(file, delimiter=mark), start=1):
                    yield number, tuple(Cell(value) for value in values)
        except csv.Error as error:
            raise UnreadableFile(f"{path.name} 的引号或分隔符有误（{error}），请重新导出") from error

    return rows
