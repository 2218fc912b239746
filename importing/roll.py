"""名册: the people of a group out of a spreadsheet, pasted or as a file. Read as it stands, judged by nobody here."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from domain.words import Insurance
from importing.lines import Line, Opener, Table, UnreadableFile
from importing.parties import one_name
from importing.plain import Cell, as_text, code_text, tight
from importing.sheets import readable, tables_of

_HEADER_WITHIN = 10
_MOST_READ = 20_000
"""Lines of a table that are looked at; far more than a roll may have."""
_BLANK = frozenset(("", "-", "--", "—", "/", "无", "#N/A", "#REF!", "#VALUE!"))
_SUM = re.compile("^(?:合计|总计|小计|共计)")
_NUMBERING = re.compile("^(?:序号?|编号|行号|No|#)$", re.IGNORECASE)
_READS_LIKE = {
    "name": "^(?!.*(?:单位|企业|公司|厂)).*(?:姓名|名字|职工|工人|申请人|当事人|人员)$",
    "id_number": "身份证|公民身份|证件(?!类型|种类|名称)",
    "phone": "电话|手机|联系方式",
    "told_by": "通知",
    "months": "月数|个月|月份数",
    **{f"claims.{kind}": f"^(?!.*(?:号|月|基数|比例|时间|日期)).*{kind}" for kind in Insurance},
}
"""How the header of each column may read; whatever else stands beside it, in any order."""
_BY_CONTENT = {"id_number": r"\d{15}|\d{17}[\dXx]", "phone": r"1[3-9]\d{9}", "name": "[㐀-鿿·]{2,8}"}
"""What tells the columns of a table without a header."""
KNOWN = "姓名、证件号、电话、通知方式、月数和各险种（养老、医疗…）"

Rows = list[dict[str, str]]
Places = dict[str, int]


class Roll(NamedTuple):
    """The people in their order, each by the columns known of him; ``remarks``: what was not read, in Chinese."""

    rows: Rows
    remarks: list[str]


class _Header(NamedTuple):
    """The header's texts, where each known column stands, and the first line under it."""

    texts: list[str]
    places: Places
    below: int


def read_text(text: str) -> Roll:
    """What was copied out of a spreadsheet, or typed with signs or spaces between. Raises UnreadableFile."""
    lines = text.replace("\r\n", "\n").splitlines()
    openers = [_split(lines, mark) for mark in ("\t", ",", "，", ";", "、")]
    return _read([Table("", [*openers, lambda: _by_spaces(lines)])])


def read_file(path: Path) -> Roll:
    """A workbook or a text file. Raises UnreadableFile."""
    with readable(path):
        tables, _ = tables_of(path)
        return _read(tables)


def _split(lines: list[str], mark: str) -> Opener:
    def opened() -> Iterator[Line]:
        try:
            for number, cells in enumerate(csv.reader(lines, delimiter=mark), start=1):
                yield Line(number, tuple(Cell(text) for text in cells))
        except csv.Error as error:
            raise UnreadableFile("粘贴的内容引号不成对，请在表格里重新选中、复制") from error

    return opened


def _by_spaces(lines: list[str]) -> Iterator[Line]:
    for number, line in enumerate(lines, start=1):
        yield Line(number, tuple(Cell(text) for text in line.split()))


def _read(tables: list[Table]) -> Roll:
    """The first table in sight with a header; else the first that tells by itself what its columns are."""
    seen = [
        [line for line in islice(opener(), _MOST_READ) if _filled(line)]
        for table in tables
        if not table.hidden
        for opener in table.openers
    ]
    for found_by in (_header, _by_content):
        for lines in seen:
            if lines and (header := found_by(lines)):
                return _roll(header, lines, with_header=found_by is _header)
    raise UnreadableFile(f"没有找到名册的表头：请连表头一起给，第一行写列名，认得的有{KNOWN}")


def _filled(line: Line) -> bool:
    return any(text not in _BLANK for text in _texts(line))


def _texts(line: Line) -> list[str]:
    """What stands in each cell itself; of merged cells only the first has it."""
    return ["" if at in line.filled else as_text(cell.value).strip() for at, cell in enumerate(line.cells)]


def _header(lines: list[Line]) -> _Header | None:
    """The line that names the columns, or two, the second under a common heading of the first."""
    texts = [_texts(line) for line in lines[: _HEADER_WITHIN + 1]]
    for n, here in enumerate(texts[:_HEADER_WITHIN]):
        one = _Header(here, _places(here), n + 1)
        if n + 1 < len(texts) and not any(re.search(r"\d", text) for text in texts[n + 1]):
            both = _under(here, texts[n + 1])
            if len(places := _places(both)) > len(one.places):
                one = _Header(both, places, n + 2)
        if "name" in one.places and (len(one.places) > 1 or len([t for t in here if t]) == 1):
            return one
    return None


def _under(upper: list[str], lower: list[str]) -> list[str]:
    width = max(len(upper), len(lower))
    over, under = (texts + [""] * (width - len(texts)) for texts in (upper, lower))
    return [low or high for high, low in zip(over, under, strict=True)]


def _places(texts: list[str]) -> Places:
    found: Places = {}
    for at, text in enumerate(texts):
        plain = re.sub(r"[*:]", "", tight(text))
        known = [key for key, like in _READS_LIKE.items() if re.search(like, plain)]
        kinds = [key for key in known if key.startswith("claims.")]
        if known and (len(kinds) < 2 or known != kinds) and not ("万" in plain and kinds):
            found.setdefault(known[0], at)
    return found


def _by_content(lines: list[Line]) -> _Header | None:
    width = max(len(line.cells) for line in lines)
    columns = [[_cell_text(line, at) for line in lines] for at in range(width)]
    found: Places = {}
    for at, texts in enumerate(columns):
        for key, like in _BY_CONTENT.items():
            if key not in found and 2 * sum(bool(re.fullmatch(like, text)) for text in texts) > len(texts):
                found[key] = at
                break
    enough = "name" in found and (len(found) > 1 or width == 1)
    return _Header([], found, 0) if enough else None


def _cell_text(line: Line, at: int) -> str:
    return code_text(line.cells[at].value) if at < len(line.cells) and at not in line.filled else ""


def _roll(header: _Header, lines: list[Line], *, with_header: bool) -> Roll:
    body = [line for line in lines[header.below :] if _texts(line) != header.texts]
    sums = [line for line in body if any(_SUM.match(tight(text)) for text in _texts(line)[:3])]
    rows = [row for line in body if line not in sums and (row := _row(line, header.places))]
    remarks = [*_unread(header, body, with_header=with_header)]
    if sums:
        remarks.append(f"合计行没有读（第 {'、'.join(str(line.number) for line in sums)} 行）")
    if hidden := [line.number for line in body if line.hidden]:
        remarks.append(f"表中隐藏的行也读入了（第 {'、'.join(map(str, hidden))} 行），请核对是否应列入")
    return Roll(rows, remarks)


def _row(line: Line, places: Places) -> dict[str, str]:
    read = {key: _READ.get(key, _as_it_stands)(line.cells[at]) for key, at in places.items()
            if at < len(line.cells) and at not in line.filled}  # fmt: skip
    return {key: text for key, text in read.items() if text not in _BLANK}


def _unread(header: _Header, body: list[Line], *, with_header: bool) -> Iterable[str]:
    known = set(header.places.values())
    used = {at for line in body for at, text in enumerate(_texts(line)) if text and at not in known}
    if not with_header:
        unnamed = [str(at + 1) for at in sorted(used) if not _counts(body, at)]
        if unnamed:
            yield f"没有表头，第 {'、'.join(unnamed)} 列不知道是什么，没有读；请连表头一起给"
        return
    named = [header.texts[at] or f"第 {at + 1} 列" for at in sorted(used) if at < len(header.texts)]
    if left := [text for text in named if not _NUMBERING.match(tight(text))]:
        yield f"没有读的列：{'、'.join(left)}；金额的列名写险种，单位为元"


def _counts(body: list[Line], at: int) -> bool:
    """Whether a column only numbers the lines."""
    texts = [_cell_text(line, at) for line in body]
    return texts == [str(n) for n in range(1, len(texts) + 1)]


def _as_it_stands(cell: Cell) -> str:
    return as_text(cell.value).strip()


_READ: dict[str, Callable[[Cell], str]] = {
    "name": lambda cell: one_name(as_text(cell.value)),
    "id_number": lambda cell: code_text(cell.value),
    "phone": lambda cell: code_text(cell.value),
    "told_by": lambda cell: tight(as_text(cell.value)),
    "months": lambda cell: re.sub("个?月$", "", tight(as_text(cell.value))),
}
