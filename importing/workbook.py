"""xlsx workbooks as a stream of lines: merged cells filled down, hidden lines told, zeros kept that only a format holds."""

import re
import zipfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import InvalidFileException

from domain.words import SHANGHAI
from importing.lines import Line, Opener, Table, UnreadableFile
from importing.plain import EMPTY, Cell, Scalar

_PIECE = 1 << 20
_OVERLAP = 4096
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]+\d+:[A-Z]+\d+)"')
_HIDDEN = re.compile(rb'<(?:\w+:)?row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d+)"')
_ZEROS = re.compile(r'(?:"(?P<before>[^"]*)")?(?P<zeros>0{2,})(?:;.*)?')


class _Layout(NamedTuple):
    """What openpyxl does not tell of a sheet read as a stream. ``merged``: by column, first and last line."""

    merged: list[tuple[int, int, int]]
    hidden: frozenset[int]


@contextmanager
def _book(path: Path) -> Generator[Any]:
    try:
        with closing(load_workbook(path, read_only=True, data_only=False, keep_links=False)) as book:
            yield book
    except (InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, EOFError, ValueError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile(
            f"{path.name} 不是完好的 xlsx 工作簿（{type(error).__name__}），请重新导出或用 Excel 另存"
        ) from error


def workbook(path: Path) -> tuple[list[Table], datetime | None]:
    """The sheets, and when the workbook says it was saved, which the standard has in UTC. Raises UnreadableFile."""
    with _book(path) as book:
        old_days = book.epoch == CALENDAR_MAC_1904
        tables = [
            Table(str(s.title), [_sheet(path, str(s.title))], s.sheet_state != "visible", old_days)
            for s in book.worksheets
        ]
        saved = cast("datetime | None", book.properties.modified)
    return tables, saved.replace(tzinfo=saved.tzinfo or UTC).astimezone(SHANGHAI) if saved else None


def _sheet(path: Path, name: str) -> Opener:
    @cache
    def layout() -> _Layout:
        with _book(path) as book:
            part = str(book[name]._worksheet_path)
        with zipfile.ZipFile(path) as parts, parts.open(part) as stream:
            return _read_layout(stream)

    def lines() -> Iterator[Line]:
        seen, above = layout(), dict[int, Cell]()
        with _book(path) as book:
            sheet = book[name]
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows(), start=1):
                line = Line(number, tuple(_cell(cell) for cell in cells), number in seen.hidden)
                yield _filled(line, seen.merged, above)

    return lines


def _read_layout(stream: Any) -> _Layout:
    merged: set[bytes] = set()
    hidden: set[int] = set()
    rest = b""
    while piece := stream.read(_PIECE):
        text = rest + piece
        merged.update(_MERGED.findall(text))
        hidden.update(int(number) for number in _HIDDEN.findall(text))
        rest = text[-_OVERLAP:]
    areas = (range_boundaries(area.decode()) for area in merged)
    down = sorted(
        (a[0], a[1], a[3]) for a in cast("Iterator[tuple[int, int, int, int]]", areas) if a[3] > a[1]
    )
    return _Layout(down, frozenset(hidden))


def _filled(line: Line, merged: list[tuple[int, int, int]], above: dict[int, Cell]) -> Line:
    """The line with what a cell merged from an earlier line says. ``above`` keeps that cell by column."""
    filled: dict[int, int] = {}
    cells = list(line.cells)
    for column, first, last in merged:
        if line.number == first and column <= len(cells):
            above[column] = cells[column - 1]
        elif first < line.number <= last and column in above:
            cells += [EMPTY] * (column - len(cells))
            cells[column - 1] = above[column]
            filled[column - 1] = first
    return line._replace(cells=tuple(cells), filled=filled) if filled else line


def _cell(cell: Any) -> Cell:
    value: Any = cell.value
    if value is None:
        return EMPTY
    if isinstance(value, timedelta):
        return Cell(str(value))
    if not isinstance(value, Scalar):
        return Cell(str(getattr(value, "text", value)))  # array and data-table formulas
    shown = str(cell.number_format)
    if isinstance(value, int | float) and not isinstance(value, bool) and (form := _ZEROS.fullmatch(shown)):
        digits = str(int(value)) if value == int(value) and value >= 0 else None
        if digits and len(digits) <= len(form["zeros"]):
            return Cell((form["before"] or "") + digits.zfill(len(form["zeros"])))
    return Cell(value, isinstance(value, datetime) and "h" in shown.lower())
