"""csv and other text files as lines; one broken character costs one row, not the file."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from importing.lines import Line, Opener, UnreadableFile
from importing.plain import BROKEN, Cell

_LARGEST_FIELD = 16 * 1024 * 1024
_PIECE = 1 << 20
_BROKEN_SHARE = 100
_FEW = 3
"""One character in a hundred that cannot be read is an accident, or three in a small file; more is another encoding."""
_MARKS = (",", "\t", ";", "|")


class Encoding(NamedTuple):
    """How a file's bytes are read. ``broken``: some of them cannot be, and are marked."""

    name: str
    broken: bool


def text_tables(path: Path) -> list[Opener]:
    """A text file's rows, by every delimiter it may have. Raises UnreadableFile."""
    encoding = encoding_of(path)
    return [_delimited(path, encoding, mark) for mark in _MARKS]


def encoding_of(path: Path) -> Encoding:
    """UTF-16 by its mark; else whichever of UTF-8 and GB18030 reads all of it, or all but a few characters."""
    with path.open("rb") as file:
        if file.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return Encoding("utf-16", broken=False)
    for name in (
        "utf-8-sig",
        "gb18030",
    ):  # the first proves itself: nothing else reads as UTF-8 but for a few bytes
        broken, characters = _unreadable(path, name)
        few = broken * _BROKEN_SHARE <= characters or (broken <= _FEW and broken * 10 <= characters)
        if few:
            return Encoding(name, broken=bool(broken))
    raise UnreadableFile(
        f"{path.name} 不是 xlsx，也不是 UTF-8 或 GB18030 编码的文本：请在原平台另选 xlsx 格式重新导出"
    )


def _unreadable(path: Path, name: str) -> tuple[int, int]:
    """How many characters cannot be read, and how many other than ASCII there are."""
    decoder = codecs.getincrementaldecoder(name)(errors="replace")
    broken = others = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            text = decoder.decode(piece)
            broken += text.count(BROKEN)
            others += sum(not c.isascii() for c in text)
    return broken + decoder.decode(b"", final=True).count(BROKEN), others


def _delimited(path: Path, encoding: Encoding, mark: str) -> Opener:
    def lines() -> Iterator[Line]:
        csv.field_size_limit(_LARGEST_FIELD)
        try:
            with path.open(encoding=encoding.name, newline="", errors="replace") as file:
                for number, values in enumerate(csv.reader(file, delimiter=mark), start=1):
                    broken = encoding.broken and any(BROKEN in value for value in values)
                    yield Line(number, tuple(Cell(value) for value in values), broken=broken)
        except csv.Error as error:
            raise UnreadableFile(f"{path.name} 的引号或分隔符有误（{error}），请重新导出") from error

    return lines
