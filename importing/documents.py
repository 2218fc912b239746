"""证件号码 as they stand in a cell, by every kind of document that the law insures somebody under."""

from domain.numbers import Document, document
from importing.plain import Cell, code_text


def read_document(cell: Cell, kind: Cell, blank: frozenset[str], *, firm: bool = False) -> Document:
    """The number. ``kind``: the column 证件类型, or whatever stands before the number."""
    whole = code_text(cell.value)
    if whole in blank:
        return Document(None, None)
    return document(whole, code_text(kind.value), firm=firm)
