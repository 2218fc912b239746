"""退回表: the rows in error as they came, with column and reason, for mending and importing again."""

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, WriteOnlyCell
from openpyxl.styles import Font

from importing.exported import ExportTime
from importing.judged import Judged
from importing.rule_words import Column
from importing.rules import Rules
from importing.sheets import Export, Sheet

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

ADDED = ("退回列", "退回原因", "原行号")
_TEXT = "@"
"""Excel's own mark for text: such a cell stays text when somebody edits it."""
_LONGEST = 32_767
"""Characters an Excel cell holds."""


def rejected_path(source: Path) -> Path:
    """Where the rejected rows of an export go; those of a 退回表 go into one with the next number."""
    if again := re.fullmatch(r"(.+-退回)(\d{0,4})", source.stem):
        return source.with_name(f"{again[1]}{int(again[2] or 1) + 1}.xlsx")
    return source.with_name(f"{source.stem}-退回.xlsx")


def write_rejected(
    path: Path, export: Export, rows: Sequence[Judged], rules: Rules, exported: ExportTime
) -> None:
    """Write the rows in error, each sheet's under its own headers, and over these the export's time, by which they
    are judged again. The file appears whole or not at all.
    """
    book = Workbook(write_only=True)
    for sheet in export.sheets:
        mine = [judged for judged in rows if judged.reading.row.sheet == sheet.name]
        if mine:
            _sheet(book, sheet, mine, rules, exported)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    try:
        book.save(part)
        os.replace(part, path)
    except BaseException:
        os.unlink(part)
        raise


def _sheet(book: Workbook, sheet: Sheet, rows: list[Judged], rules: Rules, exported: ExportTime) -> None:
    page: WriteOnlyWorksheet = book.create_sheet(sheet.name or "退回")
    page.freeze_panes = "A3"
    _append(page, [exported.as_line()])
    width = max(len(sheet.headers), *(len(judged.reading.row.original) for judged in rows))
    kept = [at for at in range(width) if sheet.heading(at) not in ADDED]
    _append(page, [*(sheet.heading(at) for at in kept), *ADDED], Font(bold=True))
    for judged in rows:
        row = judged.reading.row
        columns = "、".join(dict.fromkeys(_heading(sheet, column, rules) for column, _ in judged.errors))
        cut = (
            "；原文超过一格所能容纳，此处截断，请对照原表"
            if any(len(t) > _LONGEST for t in row.original)
            else ""
        )
        texts = [row.original[at] if at < len(row.original) else "" for at in kept]
        first = row.others.get(ADDED[-1]) or str(row.number)  # of a row returned before: where it first stood
        _append(page, [*texts, columns, judged.reason + cut, first])


def _heading(sheet: Sheet, column: Column, rules: Rules) -> str:
    """The column by the name the platform gives it."""
    place = sheet.places.get(column)
    return rules.label(column) if place is None else sheet.heading(place)


def _append(page: "WriteOnlyWorksheet", texts: Sequence[str], font: Font | None = None) -> None:
    page.append([_cell(page, text, font) for text in texts])  # pyright: ignore[reportUnknownMemberType]


def _cell(page: "WriteOnlyWorksheet", text: str, font: Font | None) -> Cell:
    """A cell that is text whatever stands in it: never a formula, never a number."""
    cell = WriteOnlyCell(page)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST] or None
    if cell.value is not None:
        cell.data_type = "s"
    cell.number_format = _TEXT
    if font:
        cell.font = font
    return cell
