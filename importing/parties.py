"""Who calls and whom they complain about: phone, 证件号码, full name, named employer, 统一社会信用代码."""

import re
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberType
from stdnum.cn import ric, uscc

from importing.plain import Cell, as_text, code_text, half_width, tight
from importing.rules import NameWords, UnitWords, found

_MOBILE = re.compile(r"(?:(?:\+|00)?86-?|0)?(1[3-9]\d{9})")
_LANDLINES = (PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
_EXTENSION = re.compile(r"(?:转|分机|-|#)(\d{1,6})$")
_FULL_NAME = re.compile(r"[一-龥㐀-䶵𠀀-𪛖]{2,6}|[一-龥]{1,10}(?:·[一-龥]{1,10})+")


class Number(NamedTuple):
    """A number as it can be used, or ``None``; ``written`` is what stood there, when anything did."""

    usable: str | None
    written: str | None


def read_phone(cell: Cell, hidden: frozenset[str]) -> Number:
    """A number one can call: a mobile number bare, a landline with its area code (0350-1234567).

    Of several in one cell the first usable one counts.
    """
    whole = half_width(as_text(cell.value)).strip()
    text = code_text(cell.value)
    if not text or text in hidden:
        return Number(None, None)
    parts = [code_text(part) for part in re.split(r"[/、,，;；或\n]", whole)]
    usable = (n for n in map(_phone, [text, *parts]) if n)
    return Number(next(usable, None), text)


def _phone(text: str) -> str | None:
    digits = re.sub(r"[^\d+]", "", text)
    if mobile := _MOBILE.fullmatch(digits):
        return mobile[1]
    extension = _EXTENSION.search(text) if len(digits) > 12 else None
    try:
        number = phonenumbers.parse(text[: extension.start()] if extension else text, "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _LANDLINES:
        return None
    national = str(number.national_number)
    area = phonenumbers.length_of_geographical_area_code(number)
    tail = f"转{extension[1]}" if extension else ""
    return f"0{national[:area]}-{national[area:]}{tail}"


def read_id_number(cell: Cell, blank: frozenset[str]) -> Number:
    """An 18-digit 公民身份号码 whose date, place and check digit are right (GB 11643)."""
    text = re.sub(r"[^\dA-Za-z]", "", code_text(cell.value)).upper()
    if not text or text in blank:
        return Number(None, None)
    return Number(text if ric.is_valid(text) else None, text)


class Person(NamedTuple):
    """``name``: as written, ``None`` when nobody is named. ``full``: a whole name, no form of address."""

    name: str | None
    full: bool
    anonymous: bool


def read_person(cell: Cell, words: NameWords, blank: frozenset[str]) -> Person:
    """Who called."""
    written = re.sub(r"\s+", " ", half_width(as_text(cell.value))).strip()
    name = re.sub(r"[(（].*?[)）]", "", written).replace(" ", "").replace("•", "·").replace("・", "·")
    if found(words.anonymous, written.strip("()（） ")):
        return Person(None, full=False, anonymous=True)
    if written in blank or not (name or written):
        return Person(None, full=False, anonymous=False)
    named = re.split(r"[、,，/]", re.sub(r"等[^、,，/]{0,4}$", "", name))
    full = all(_FULL_NAME.fullmatch(one) and not found(words.title, one) for one in named)
    return Person(name or written, full=full, anonymous=False)


class Employer(NamedTuple):
    """``name``: as written, without outer spaces. ``named``: somebody can be sent there."""

    name: str | None
    named: bool


def read_employer(cell: Cell, words: UnitWords, home: tuple[str, ...], blank: frozenset[str]) -> Employer:
    """Whom the caller complains about."""
    name = re.sub(r"\s+", " ", as_text(cell.value)).strip()
    if half_width(name) in blank:
        return Employer(None, named=False)
    core = re.sub(r"[(（].*?[)）]", "", tight(name)).strip("()（）")
    for place in home:
        core = re.sub(f"^{place}县?(?:县城)?的?", "", core)
    short = words.forms.sub("", core)
    vague = len(core) < 2 or any(p.search(t) for p in words.vague for t in (tight(name), core, short))
    return Employer(name, named=not vague)


def read_uscc(cell: Cell, blank: frozenset[str]) -> Number:
    """A 统一社会信用代码 whose check character is right (GB 32100)."""
    text = code_text(cell.value).upper()
    if not text or text in blank:
        return Number(None, None)
    return Number(text if uscc.is_valid(text) else None, text)
