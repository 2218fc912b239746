"""Which line is the header, in one row or in two, and which column is what."""

import re
from typing import NamedTuple

from importing.lines import Line
from importing.plain import as_text, tight
from importing.rule_words import Column
from importing.rules import Rules

_LONGEST_HEADER = 20


class Header(NamedTuple):
    """The header found: its last line, its texts by place (of two lines together), the columns, and the lines above.

    ``lines``: what a repetition of it looks like.
    """

    row: int
    texts: tuple[str, ...]
    places: dict[Column, int]
    above: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


def find_header(lines: list[Line], rules: Rules) -> tuple[Header | None, set[Column]]:
    """The header within the first lines; else the most columns that one of them has."""
    best: set[Column] = set()
    texts = [tuple(as_text(cell.value) for cell in line.cells) for line in lines]
    for n, here in enumerate(texts):
        above = tuple(t for earlier in texts[:n] for t in earlier if t.strip())
        below = texts[n + 1] if n + 1 < len(texts) else ()
        if _grouped(here, below, rules):
            both = _together(here, below, rules)
            if (places := _places(both, rules)) and all(c in places for c in rules.required):
                return Header(lines[n + 1].number, both, places, above, (here, below)), set(places)
        places = _places(here, rules)
        if all(column in places for column in rules.required):
            return Header(lines[n].number, here, places, above, (here,)), set(places)
        best = max(best, set(places), key=len)
    return None, best


def _grouped(upper: tuple[str, ...], lower: tuple[str, ...], rules: Rules) -> bool:
    """Whether the second line is a header too: names of columns under the first one's, and nothing that is data."""
    named = {name for rule in rules.columns.values() for name in rule.names}
    over = [_plain(text)[1] for text in upper]
    under = [_plain(text)[1] for text in lower]
    if any(len(text) > _LONGEST_HEADER or re.search(r"\d", text) for text in under):
        return False
    new = [text for n, text in enumerate(under) if text and (n >= len(over) or over[n] != text)]
    grouping = any(text in named or rules.caller_group.search(text) for text in over if text)
    return grouping and any(text in named for text in new)


def _together(upper: tuple[str, ...], lower: tuple[str, ...], rules: Rules) -> tuple[str, ...]:
    """One text for each place: the lower one, after the group it stands in unless that is the caller's own."""
    both: list[str] = []
    group = ""
    for n in range(max(len(upper), len(lower))):
        over = upper[n].strip() if n < len(upper) else ""
        under = lower[n].strip() if n < len(lower) else ""
        group = over or (group if under else "")
        if not under or under == group:
            both.append(group if over else under)
        else:
            both.append(under if rules.caller_group.search(tight(group)) else group + under)
    return tuple(both)


def _places(headers: tuple[str, ...], rules: Rules) -> dict[Column, int]:
    """Where each column stands; the surest of its names wins, then what only reads like it."""
    at: dict[str, int] = {}
    for place, header in enumerate(headers):
        for text in _plain(header):
            at.setdefault(text, place)
    found: dict[Column, int] = {}
    for column, rule in rules.columns.items():
        places = (at[n] for n in rule.names if n in at and at[n] not in found.values())
        if (place := next(places, None)) is not None:
            found[column] = place
    for column, rule in rules.columns.items():
        if column in found or not rule.like:
            continue
        likely = (p for t, p in at.items() if p not in found.values() and len(t) <= _LONGEST_HEADER)
        like = (p for p in likely if rule.like.search(_plain(headers[p])[1]))
        if (place := next(like, None)) is not None:
            found[column] = place
    return found


def likened(texts: tuple[str, ...], places: dict[Column, int], rules: Rules) -> dict[Column, int]:
    """The columns found only by what their header reads like."""
    return {c: at for c, at in places.items() if not set(_plain(texts[at])) & set(rules.columns[c].names)}


def _plain(header: str) -> tuple[str, str]:
    """A header without marks; and without what is in brackets too."""
    text = tight(header)
    return text.strip("*:"), re.sub(r"[(\[【].*?[)\]】]|[*:]", "", text)
