"""Web pages and XML spreadsheets saved under the name .xls, as many platforms make them."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, fromstring

from importing.lines import Line, Table, UnreadableFile
from importing.plain import BROKEN, EMPTY, Cell
from importing.texts import encoding_of

_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_MOST_ACROSS = 2000


def is_page(head: bytes) -> bool:
    """Whether a file begins like a web page."""
    text = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    return text.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta", b"<style", b"<div"))


def is_xml_spreadsheet(head: bytes) -> bool:
    """Whether a file is an XML spreadsheet (2003)."""
    return _SPREADSHEET.encode() in head


def page_tables(path: Path) -> list[Table]:
    """The tables of a web page. Raises UnreadableFile when it has none (a page to log in, an error)."""
    encoding = encoding_of(path)
    reader = _Page(broken=encoding.broken)
    reader.feed(path.read_text(encoding=encoding.name, errors="replace"))
    reader.close()
    if not reader.tables:
        raise UnreadableFile(
            f"{path.name} 其实是网页，里面没有表格（多半是登录页或出错页），请重新登录平台导出 xlsx"
        )
    return [_table(f"表{n}", lines) for n, lines in enumerate(reader.tables, start=1)]


def _table(name: str, lines: list[Line]) -> Table:
    return Table(name, [lambda: iter(lines)])


class _Page(HTMLParser):
    """Collects the rows of every table that is not inside another."""

    def __init__(self, *, broken: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[Line]] = []
        self._broken = broken
        self._depth = 0
        self._text: list[str] | None = None
        self._span = (1, 1)
        self._row: dict[int, str] | None = None
        self._hidden = False
        self._below: dict[int, tuple[int, int, str]] = {}
        """By column: how many lines a cell still reaches down, the line it began in, and what it says."""
        self._filled: dict[int, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
                self._below = {}
        elif self._depth == 1 and tag == "tr":
            self._end_row()
            self._begin_row("display:none" in (given.get("style") or "").replace(" ", "").lower())
        elif self._depth == 1 and tag in ("td", "th") and self._row is not None:
            self._end_cell()
            self._text = []
            self._span = (_span(given.get("colspan")), _span(given.get("rowspan")))
        elif tag in ("br", "p") and self._text:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            if self._depth == 1:
                self._end_row()
            self._depth = max(0, self._depth - 1)
        elif self._depth == 1 and tag in ("td", "th"):
            self._end_cell()
        elif self._depth == 1 and tag == "tr":
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def close(self) -> None:
        super().close()
        if self.tables:
            self._end_row()

    def _begin_row(self, hidden: bool) -> None:
        number = len(self.tables[-1]) + 1
        self._row, self._hidden, self._filled = {}, hidden, {}
        for column, (left, first, text) in list(self._below.items()):
            self._row[column] = text
            self._filled[column] = first
            if left == 1:
                del self._below[column]
            else:
                self._below[column] = (left - 1, first, text)
        self._number = number

    def _end_cell(self) -> None:
        if self._text is None or self._row is None:
            return
        text, (across, down) = "".join(self._text).strip(), self._span
        self._text = None
        column = next(n for n in range(_MOST_ACROSS * 2) if n not in self._row)
        for n in range(across):
            self._row[column + n] = text if n == 0 else ""
        if down > 1:
            self._below[column] = (down - 1, self._number, text)

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is None:
            return
        values = [self._row.get(n, "") for n in range(max(self._row, default=-1) + 1)]
        broken = self._broken and any(BROKEN in value for value in values)
        cells = tuple(Cell(value) for value in values)
        self.tables[-1].append(Line(self._number, cells, self._hidden, self._filled, broken))
        self._row = None


def _span(text: str | None) -> int:
    return min(int(text), _MOST_ACROSS) if text and text.isdecimal() and int(text) else 1


def xml_tables(path: Path) -> list[Table]:
    """The sheets of an XML spreadsheet. Raises UnreadableFile."""
    encoding = encoding_of(path)
    text = path.read_text(encoding=encoding.name, errors="replace").lstrip("\ufeff \r\n\t")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UnreadableFile(f"{path.name} 的 XML 带有自定义实体，不予读取，请用 Excel 打开后另存为 xlsx")
    try:
        book = fromstring(text[text.index("?>") + 2 :].lstrip() if text.startswith("<?xml") else text)
        sheets = list(book.iter(_tag("Worksheet")))
    except (ParseError, ValueError) as error:
        raise UnreadableFile(
            f"{path.name} 是 XML 表格但不完整（{type(error).__name__}），请用 Excel 打开后另存为 xlsx"
        ) from error
    return [_table(s.get(_tag("Name")) or "", list(_xml_lines(s, broken=encoding.broken))) for s in sheets]


def _tag(name: str) -> str:
    return f"{{{_SPREADSHEET}}}{name}"


def _xml_lines(sheet: Element, *, broken: bool) -> Iterator[Line]:
    number = 0
    below: dict[int, tuple[int, int, Cell]] = {}
    for row in sheet.iter(_tag("Row")):
        number = int(row.get(_tag("Index")) or number + 1)
        cells: dict[int, Cell] = {n: cell for n, (last, _, cell) in below.items() if number <= last}
        filled = {n: first for n, (last, first, _) in below.items() if number <= last}
        column = -1
        for item in row.iter(_tag("Cell")):
            column = int(item.get(_tag("Index")) or column + 2) - 1
            data = item.find(_tag("Data"))
            cell = Cell("".join(data.itertext())) if data is not None else EMPTY
            if column not in filled:
                cells[column] = cell
            if down := int(item.get(_tag("MergeDown")) or 0):
                below[column] = (number + down, number, cell)
            column += int(item.get(_tag("MergeAcross")) or 0)
        values = tuple(cells.get(n, EMPTY) for n in range(max(cells, default=-1) + 1))
        damaged = broken and any(BROKEN in str(cell.value) for cell in values)
        yield Line(number, values, row.get(_tag("Hidden")) == "1", filled, damaged)
