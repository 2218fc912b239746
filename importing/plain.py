"""What stands in a cell, as text: nothing is computed, nothing is run, nothing is lost but what no eye can see."""

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

Scalar = str | int | float | bool | datetime | date | time | None

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff\ud800-\udfff]")
_PUNCTUATION = str.maketrans(",;!?()", "，；！？（）")
_KEPT_AS_TEXT = re.compile(r'^=?"([^"]*)"$|^\'(.*)$', re.DOTALL)


BROKEN = "\ufffd"
"""What stands for bytes that are no character."""


class Cell(NamedTuple):
    """One cell. ``shows_time``: whether a date in it is shown with its time of day."""

    value: Scalar = None
    shows_time: bool = False


EMPTY = Cell()


def as_text(value: Scalar) -> str:
    """The value as one would type it. A formula is the text of the formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return _UNSEEN.sub("", value) if isinstance(value, str) else str(value)


def half_width(text: str) -> str:
    """Full-width letters, digits and signs as half-width ones."""
    return unicodedata.normalize("NFKC", text)


def searchable(text: str) -> str:
    """A narrative for searching only: digits and letters half-width, punctuation Chinese."""
    return half_width(text).translate(_PUNCTUATION)


def tight(text: str) -> str:
    """Half-width, and without any white space."""
    return re.sub(r"\s+", "", half_width(text))


def code_text(value: Scalar) -> str:
    """A number that is a name (ticket, phone, document): without the marks that keep it text, without spaces.

    What a spreadsheet has shortened (1.99E+10) is left as it stands: its digits are lost.
    """
    text = tight(as_text(value))
    if kept := _KEPT_AS_TEXT.match(text):
        text = kept[1] or kept[2] or ""
    short = re.fullmatch(r"(?P<digits>\d(?:\.\d+)?)[eE]\+?(?P<power>\d{1,2})", text)
    whole = short and len(short["digits"].replace(".", "")) > int(short["power"])
    return _number(text) if whole or re.fullmatch(r"\d+\.0+", text) else text


def _number(value: float | str) -> str:
    """A number without exponent or a trailing .0."""
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not exact.is_finite():
        return str(value)
    whole = exact.to_integral_value()
    return format(whole if exact == whole else exact, "f")
