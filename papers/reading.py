"""What a paper says, read back from its bytes: what is shown on a page is what was issued."""

from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

from papers.form import LOOKS


class Block(NamedTuple):
    """A paragraph, or the rows of a table. ``look``: as in :mod:`papers.form`; ``body`` where a county's form has its own."""

    look: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def blocks(paper: bytes) -> list[Block]:
    """The paper's paragraphs and tables in order."""
    return list(_blocks(paper))


def _blocks(paper: bytes) -> Iterator[Block]:
    for part in Document(BytesIO(paper)).iter_inner_content():
        if isinstance(part, Table):
            yield Block("table", rows=tuple(tuple(_cells(part, n)) for n in range(len(part.rows))))
        else:
            yield from _paragraph(part)


def _paragraph(part: Paragraph) -> Iterator[Block]:
    if "w:br" in part._p.xml and 'w:type="page"' in part._p.xml:  # pyright: ignore[reportPrivateUsage]
        yield Block("break")
    if part.text.strip():
        name = part.style.name if part.style else None
        yield Block(LOOKS.get(name or "", "body"), part.text.strip())


def _cells(table: Table, row: int) -> Iterator[str]:
    """The cells of a row, one that spans several columns once."""
    seen: set[int] = set()
    for cell in table.rows[row].cells:
        if id(cell._tc) not in seen:  # pyright: ignore[reportPrivateUsage]
            seen.add(id(cell._tc))  # pyright: ignore[reportPrivateUsage]
            yield cell.text.strip()
