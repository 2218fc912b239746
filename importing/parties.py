"""Who calls and whom they complain about: phone, full name, named employer, 统一社会信用代码."""

import re
import unicodedata
from typing import NamedTuple

from domain.numbers import credit_code, phone
from importing.plain import Cell, as_text, code_text, half_width, tight
from importing.rule_words import NameWords, UnitWords
from importing.rules import found

_MOBILES = re.compile(r"(?<!\d)1[3-9]\d{9}(?=(?:1[3-9]\d{9})*(?!\d))")
_BETWEEN = re.compile(r"[/、,，;；或和及\s]+")
_HAN = "〇一-\u9fff㐀-䶿\uf900-\ufaff\U00020000-\U000323af"
_HAN_NAME = re.compile(rf"[{_HAN}]{{2,6}}|[{_HAN}]{{1,12}}(?:·[{_HAN}]{{1,12}})+")
_DOTS = re.compile("[•・‧∙⋅･․．.●]")
_OWN_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
"""Where fonts keep characters of their own making: nobody else's screen shows them."""


_SHORTEST_LATIN = 3


class Number(NamedTuple):
    """A number as it can be used, or ``None``; ``written`` is what stood there, when anything did."""

    usable: str | None
    written: str | None


def read_phone(cell: Cell, hidden: frozenset[str]) -> Number:
    """A number one can call: a mobile number bare, a landline with its area code (0350-1234567).

    Of several in one cell the first usable one counts, whatever stands between them.
    """
    whole = half_width(as_text(cell.value)).strip()
    text = code_text(cell.value)
    if not text or text in hidden:
        return Number(None, None)
    parts = [code_text(part) for part in _BETWEEN.split(whole)]
    mobiles = _MOBILES.findall(whole)
    usable = (n for n in map(phone, [text, *parts, *mobiles]) if n)
    return Number(next(usable, None), text)


class Person(NamedTuple):
    """``name``: as written, ``None`` when nobody is named. ``full``: a whole name, no form of address. ``firm``: an
    employer applies, not a person.
    """

    name: str | None
    full: bool
    anonymous: bool
    firm: bool = False


def read_person(cell: Cell, words: NameWords, blank: frozenset[str]) -> Person:
    """Who called: a person by a name in any script, or an employer."""
    written = re.sub(r"\s+", " ", half_width(as_text(cell.value))).strip()
    if found(words.anonymous, written.strip("()（） ")):
        return Person(None, full=False, anonymous=True)
    if written in blank or not written:
        return Person(None, full=False, anonymous=False)
    if words.firm.search(tight(written)):
        return Person(tight(written), full=True, anonymous=False, firm=True)
    name = one_name(re.sub(r"[(（].*?[)）]", "", written))
    named = re.split(r"[、,，/]", re.sub(r"等[^、,，/]{0,4}$", "", name))
    full = all(_whole(one) and not found(words.title, one) for one in named)
    return Person(name or written, full=full, anonymous=False)


def one_name(name: str) -> str:
    """Chinese names without spaces and with one kind of dot; others with one space between their parts."""
    name = re.sub(r"\s+", " ", name).strip()
    if not re.search(f"[{_HAN}]", name):
        return name
    return _DOTS.sub("·", re.sub(r"\s*·\s*", "·", name)).replace(" ", "")


def _whole(name: str) -> bool:
    """A whole name: two Chinese characters or more, or letters of another script in one word or several."""
    if _HAN_NAME.fullmatch(name):
        return True
    letters = sum(unicodedata.category(c)[0] == "L" for c in name)
    if letters < _SHORTEST_LATIN or re.search(f"[{_HAN}]", name) or _OWN_USE.search(name):
        return False
    return all(unicodedata.category(c)[0] in "LM" or c in " '’-.·" for c in name)


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
    return Number(credit_code(text), text)
