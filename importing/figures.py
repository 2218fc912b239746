"""涉及金额 and 涉及人数: a figure when one is written, nothing when it would have to be guessed."""

import re
from decimal import Decimal
from typing import NamedTuple

from domain.intake import MOST_PEOPLE
from importing.numerals import DIGITS, read_number
from importing.plain import Cell, as_text, tight
from importing.rule_words import HeadcountWords
from importing.rules import Rules

_CENT = Decimal("0.01")
_YUAN = re.compile(r"^(?P<yuan>.+?)(?:元|块|圆|圓)(?:(?P<jiao>.)[角毛])?(?:(?P<fen>.)分)?$")
_MOST_YUAN = 10**12
"""More than any county's premiums: a slip of the keyboard."""


class Amount(NamedTuple):
    """Yuan, or ``None``. ``approximate``: a word such as 约 or 左右 stood with the figure."""

    yuan: Decimal | None = None
    approximate: bool = False


def read_amount(cell: Cell, rules: Rules, *, unit: int = 1) -> Amount:
    """A sum in yuan. ``unit``: 10000 when the column is in 万元.

    Ranges, bounds, sums still to work out and words that only hint at a figure give none; a written 0 is 0.
    """
    words = rules.amount_words
    text = tight(as_text(cell.value)).replace("¥", "").replace("￥", "")
    approximate = False
    for word in words.approximate:
        if word in text:
            approximate, text = True, text.replace(word, "")
    if not text or any(pattern.search(text) for pattern in words.inexact):
        return Amount()
    text = re.sub(r"[(（][^()（）\d]*[)）]$", "", text)
    figure = _yuan(_stripped(text, words.before, words.after))
    if figure is None:
        return Amount()
    scaled = figure if re.search("[万萬wW亿元块圆]", text) else figure * unit
    return Amount(scaled.quantize(_CENT), approximate) if scaled < _MOST_YUAN else Amount()


def _yuan(text: str) -> Decimal | None:
    split = _YUAN.match(text)
    if split is None:
        return read_number(text)
    yuan = read_number(split["yuan"])
    parts = [_digit(split["jiao"]), _digit(split["fen"])]
    if yuan is None or None in parts:
        return None
    jiao, fen = (p or 0 for p in parts)
    return yuan + Decimal(jiao) / 10 + Decimal(fen) / 100


def _digit(text: str | None) -> int | None:
    if text is None:
        return 0
    return int(text) if text.isdecimal() else DIGITS.get(text)


def read_headcount(cell: Cell, words: HeadcountWords) -> int | None:
    """How many people, when a whole number is written."""
    text = _stripped(tight(as_text(cell.value)), words.before, words.after).replace("仨", "三")
    figure = read_number(text)
    if figure is None or figure != int(figure) or not 1 <= figure <= MOST_PEOPLE:
        return None
    return int(figure)


def is_no_headcount(cell: Cell, words: HeadcountWords) -> bool:
    """Whether a figure is written that can be no number of people."""
    text = _stripped(tight(as_text(cell.value)), words.before, words.after)
    return read_number(text) is not None and read_headcount(cell, words) is None


def least_headcount(cell: Cell) -> int | None:
    """The least that a vague head-count says (20多人: 20); for the risk rules, to be confirmed."""
    spoken = f"[0-9十百千{''.join(DIGITS)}]+"
    hit = re.search(
        rf"({spoken})(?=(?:多|余|几|来|以上|左右|[-~—至到]|个|人|名))", tight(as_text(cell.value))
    )
    figure = read_number(hit[1]) if hit else None
    return int(figure) if figure and 1 <= figure <= MOST_PEOPLE else None


def _stripped(text: str, before: tuple[str, ...], after: tuple[str, ...]) -> str:
    """The text without the words around the figure."""
    again = True
    while again:
        again = False
        for word in before:
            if text.startswith(word):
                text, again = text[len(word) :], True
        for word in after:
            if text.endswith(word):
                text, again = text[: -len(word)], True
    return text
