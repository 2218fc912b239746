"""Looking for a part of what stands nowhere in the clear, by two neighbouring characters at a time.

Of a text each such pair is kept as a number of ``size`` bytes of a keyed hash, without order. Several pairs share a number, and
pairs stand apart as well as together: whoever looks for a part compares the texts themselves of what he finds.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, or_

from privacy.keys import Ring

SHORTEST = 2
"""Characters of what is looked for."""


class Pairs(NamedTuple):
    """What one kind of text is found by. ``column``: the numbers of a row."""

    kind: str
    size: int
    column: Column[Any]

    def of(self, search: Ring, texts: Iterable[str]) -> list[int]:
        """The numbers of texts already folded, under the key that writes."""
        return self._numbers(texts, lambda pair: search.digest(self.kind, pair))

    def hold(self, search: Ring, parts: Iterable[str]) -> ColumnElement[bool]:
        """That a row may have all of these parts in its texts; under whichever key it was written."""
        parts = list(parts)
        own = [
            self._numbers(parts, lambda pair, at=at: search.digests(self.kind, pair)[at])
            for at in range(len(search.keys))
        ]
        return or_(*(self.column.contains(numbers) for numbers in own))

    def _numbers(self, texts: Iterable[str], digest: Callable[[str], bytes]) -> list[int]:
        pairs = {text[at : at + 2] for text in texts for at in range(len(text) - 1)}
        return sorted({int.from_bytes(digest(pair)[: self.size]) for pair in pairs})
