"""How much a benchmark does."""

from typing import NamedTuple


class Sizes(NamedTuple):
    """Disputes a block, how many of them at once, and how often every block is repeated."""

    disputes: int = 40
    at_once: int = 16
    rounds: int = 3


DEFAULT = Sizes()
