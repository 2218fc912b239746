"""证件号码 of everybody the law insures: residents' cards, residence permits of Hong Kong, Macao and Taiwan residents,
foreigners' permanent residence cards old and new, travel permits, passports; and a firm's 统一社会信用代码.
"""

import re
from datetime import date
from typing import NamedTuple

from stdnum.cn import ric, uscc

from importing.plain import Cell, code_text

_PERMIT = re.compile(r"8[123]0000(?P<day>(?:19|20)\d{6})\d{3}[\dX]")
_NEW_CARD = re.compile(r"9\d{2}\d{3}(?P<day>(?:19|20)\d{6})\d{3}[\dX]")
_OLD_CARD = re.compile(r"[A-Z]{3}\d{4}(?P<day>\d{6})\d{2}")
_PASS = re.compile(r"[HM]\d{8}(?:\d{2})?")
_PASSPORT = re.compile(r"[A-Z]{1,2}\d{6,8}")
_ANY_PASSPORT = re.compile(r"(?=.*\d)[A-Z0-9]{6,9}")
_TAIWAN_PASS = re.compile(r"\d{8}|\d{10}[A-Z]?")
_SAID_PASSPORT = re.compile("护照|passport", re.IGNORECASE)
_SAID_TAIWAN = re.compile("台胞证|台湾居民来往|台湾通行证")


class Document(NamedTuple):
    """A number as it can be used, or ``None``; ``written``: what stood there. ``unchecked``: the kind of document, where
    its number has no check digit that could be verified.
    """

    usable: str | None
    written: str | None
    unchecked: str | None = None


def read_document(cell: Cell, kind: Cell, blank: frozenset[str], *, firm: bool = False) -> Document:
    """The number, by every kind of document. ``kind``: the column 证件类型, or whatever stands before the number."""
    whole = code_text(cell.value)
    text = re.sub(r"[^\dA-Za-z]", "", re.sub("(?i)passport", "", whole)).upper()
    if not text or whole in blank:
        return Document(None, None)
    if _checked(text) or (firm and uscc.is_valid(text)):
        return Document(text, text)
    said = code_text(kind.value) + whole
    return Document(text, text, name) if (name := _unchecked(text, said)) else Document(None, text)


def _checked(text: str) -> bool:
    """Documents whose number proves itself by date and check digit (GB 11643)."""
    if ric.is_valid(text):
        return True
    hit = _PERMIT.fullmatch(text) or _NEW_CARD.fullmatch(text)
    return bool(hit and _is_day(hit["day"]) and ric.calc_check_digit(text) == text[-1])


def _unchecked(text: str, said: str) -> str | None:
    old = _OLD_CARD.fullmatch(text)
    if old and (_is_day("19" + old["day"]) or _is_day("20" + old["day"])):
        return "外国人永久居留身份证（旧号）"
    if _PASS.fullmatch(text):
        return "港澳居民来往内地通行证"
    if _SAID_TAIWAN.search(said) and _TAIWAN_PASS.fullmatch(text):
        return "台湾居民来往大陆通行证"
    named = _SAID_PASSPORT.search(said) and _ANY_PASSPORT.fullmatch(text)
    return "护照" if named or _PASSPORT.fullmatch(text) else None


def _is_day(digits: str) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return day <= date.today()
