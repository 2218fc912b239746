"""From free words to the choice they mean: the first pattern found decides. Only stories are read so, never forms."""

import re
from collections.abc import Sequence

Table = Sequence[tuple[str, str]]
"""Patterns with the choice each stands for, the surer first."""


def pick(text: str | None, table: Table, default: str) -> str:
    """The choice a text means; ``default`` where it says none of them."""
    return next((choice for pattern, choice in table if re.search(pattern, text or "")), default)


def every(texts: Sequence[str], table: Table) -> tuple[list[str], list[str]]:
    """All choices that these texts mean, each once, and the texts that mean none."""
    found: list[str] = []
    unread: list[str] = []
    for text in texts:
        mine = [choice for pattern, choice in table if re.search(pattern, text)]
        found += mine
        unread += [] if mine else [text]
    return list(dict.fromkeys(found)), unread


def denied(value: object) -> bool:
    """Whether a yes-or-no says no, in whatever words."""
    if value is None or isinstance(value, bool):
        return not value
    text = str(value).strip()
    return not text or re.search(r"^否|^不|^未|不同意|未同意|未表示|拒绝|不愿|尚未|无法", text) is not None
