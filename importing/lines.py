"""What every kind of file is read as: numbered lines of cells."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from importing.plain import Cell


class UnreadableFile(ValueError):
    """A file that is no export one can read; the message, in Chinese, says why and what to do."""


class Line(NamedTuple):
    """One line: ``number`` as Excel counts it. ``hidden``: nobody who opened the file saw it. ``filled``: the cells that
    are empty here and belong to a cell merged from an earlier line, by place, with that line. ``broken``: bytes could not
    be read as characters.
    """

    number: int
    cells: tuple[Cell, ...]
    hidden: bool = False
    filled: dict[int, int] = {}
    broken: bool = False


Opener = Callable[[], Iterator[Line]]


class Table(NamedTuple):
    """A sheet or what stands for one. ``openers``: the ways it may be read, the likeliest first."""

    name: str
    openers: list[Opener]
    hidden: bool = False
    since_1904: bool = False
