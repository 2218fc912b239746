"""A screenshot with a palette instead of full colour: a third of its size, and the letters look the same.

What is read is what Chromium writes: eight bits a channel, RGB or RGBA without anything seen through, not interlaced.
"""

import struct
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST = 256
"""Colours of a palette."""

Colour = tuple[int, int, int]


def shrink(file: Path) -> None:
    """Write the picture anew over itself. Raises ValueError for a picture of another kind."""
    width, height, pixels = _read(file.read_bytes())
    palette, index = _palette(Counter(pixels))
    rows = (
        b"\0" + bytes(index[pixel] for pixel in pixels[start : start + width])
        for start in range(0, width * height, width)
    )
    file.write_bytes(
        SIGNATURE
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
        + _chunk(b"PLTE", bytes(channel for colour in palette for channel in colour))
        + _chunk(b"IDAT", zlib.compress(b"".join(rows), 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _read(png: bytes) -> tuple[int, int, list[Colour]]:
    """Width, height, and the colours row by row."""
    at, packed, head = len(SIGNATURE), b"", b""
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        head, packed = data if kind == b"IHDR" else head, packed + data if kind == b"IDAT" else packed
        at += length + 12
    width, height, depth, coloured, _, _, interlaced = struct.unpack(">IIBBBBB", head)
    if (depth, interlaced) != (8, 0) or coloured not in (2, 6):
        raise ValueError("not a screenshot as Chromium writes it")
    step = 3 if coloured == 2 else 4
    raw, line, before, pixels = zlib.decompress(packed), width * step, bytearray(width * step), list[Colour]()
    for start in range(0, height * (line + 1), line + 1):
        before = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + line]), before, step)
        pixels.extend(zip(before[0::step], before[1::step], before[2::step], strict=True))
    return width, height, pixels


def _paeth(left: int, above: int, corner: int) -> int:
    near_left, near_above = abs(above - corner), abs(left - corner)
    near_corner = abs(left + above - 2 * corner)
    if near_left <= near_above and near_left <= near_corner:
        return left
    return above if near_above <= near_corner else corner


GUESSES: tuple[Callable[[int, int, int], int], ...] = (
    lambda left, _above, _corner: left,
    lambda _left, above, _corner: above,
    lambda left, above, _corner: (left + above) // 2,
    _paeth,
)
"""What a filter takes a byte to be, by its neighbours (PNG, third edition, 9.2)."""


def _unfiltered(kind: int, row: bytearray, above: bytearray, step: int) -> bytearray:
    """A row's bytes from what the filter left of them."""
    if kind:
        guess = GUESSES[kind - 1]
        for i in range(step):
            row[i] = (row[i] + guess(0, above[i], 0)) & 0xFF
        for i in range(step, len(row)):
            row[i] = (row[i] + guess(row[i - step], above[i], above[i - step])) & 0xFF
    return row


def _palette(counted: Counter[Colour]) -> tuple[list[Colour], dict[Colour, int]]:
    """The colours most used, and for each colour the nearest of them, found once for colours that are nearly the same."""
    palette = [colour for colour, _ in counted.most_common(MOST)]
    index = {colour: number for number, colour in enumerate(palette)}
    nearest: dict[Colour, int] = {}
    for colour in counted.keys() - index.keys():
        red, green, blue = colour
        alike = (red >> 3, green >> 3, blue >> 3)
        if alike not in nearest:
            nearest[alike] = min(range(len(palette)), key=lambda n: _distance(palette[n], colour))
        index[colour] = nearest[alike]
    return palette, index


def _distance(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
