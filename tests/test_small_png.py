"""A picture with a palette shows the same."""

import struct
import zlib
from pathlib import Path

from scripts.small_png import SIGNATURE, shrink

ROOT = Path(__file__).parents[1]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def parts(png: bytes) -> dict[bytes, bytes]:
    """The chunks of a picture with one of each kind."""
    found: dict[bytes, bytes] = {}
    at = len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        found[png[at + 4 : at + 8]] = png[at + 8 : at + 8 + length]
        at += length + 12
    return found


def test_every_filter_is_undone(tmp_path: Path) -> None:
    one, two = (10, 20, 30), (13, 26, 39)
    rows = [
        bytes([0, *one, *two]),
        bytes([1, *one, 3, 6, 9]),
        bytes([2, 0, 0, 0, 0, 0, 0]),
        bytes([3, 5, 10, 15, 13 - 11, 26 - 23, 39 - 34]),
        bytes([4, 0, 0, 0, 0, 0, 0]),
    ]
    file = tmp_path / "five.png"
    head = struct.pack(">IIBBBBB", 2, len(rows), 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(rows))
    file.write_bytes(SIGNATURE + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b""))
    shrink(file)
    made = parts(file.read_bytes())
    palette = [tuple(made[b"PLTE"][at : at + 3]) for at in range(0, len(made[b"PLTE"]), 3)]
    shown = zlib.decompress(made[b"IDAT"])
    pixels = [[palette[number] for number in shown[at + 1 : at + 3]] for at in range(0, len(shown), 3)]
    assert pixels == [[one, two]] * len(rows)


def test_a_screenshot_grows_smaller_and_keeps_its_size(tmp_path: Path) -> None:
    before = (ROOT / "docs" / "pictures" / "temporal" / "timeline.png").read_bytes()
    file = tmp_path / "timeline.png"
    file.write_bytes(before)
    shrink(file)
    after = file.read_bytes()
    assert len(after) < len(before)
    assert parts(after)[b"IHDR"][:8] == parts(before)[b"IHDR"][:8]
