"""What a file is, by its content: puremagic knows how each kind begins, and we look into what only begins like one."""

import zipfile
from collections.abc import Callable, Collection
from types import MappingProxyType

import puremagic

from domain.materials import FileKind, ending_of, kind_named
from privacy.spool import Spool
from starter.office.declined import Declined

FIELD = "file"
HEAD = 8192
"""Bytes that are enough to tell how a file begins."""
_PART = 1_000_000
_OVERLAP = 64
MOST_ENTRIES = 5_000
"""Of an office document; one written by hand has some dozens."""


def kind_of(content: Spool, name: str, taken: Collection[FileKind]) -> FileKind:
    """The kind of a file, which its name must agree with. Raises Declined."""
    told = "、".join(kind.value for kind in taken)
    named = kind_named(name)
    if named is None or named not in taken:
        ending = ending_of(name)
        what = f"不收“.{ending}”文件" if ending else "文件名没有后缀"
        raise Declined("type_not_taken", f"{what}，可收 {told}；请转成其中一种再交", FIELD)
    content.seek(0)
    head = content.read(HEAD)
    if not _begins_like(named, head) or not _IS[named](content, head):
        said = f"内容不是 {named.word}（.{ending_of(name)}）文件，与文件名不符；请核对，不要改后缀"
        raise Declined("type_differs", said, FIELD)
    if named in _OFFICE and _has_macros(content, named):
        raise Declined("macros", "文件中带有宏（程序），不能收存；请另存为不带宏的文件再交", FIELD)
    return named


_SIGNS = MappingProxyType({FileKind.JPG: (".jpg",), FileKind.MP3: (".mp3", ".mpga"), FileKind.WPS: (".doc",)})
"""By which ending puremagic calls a kind, where it is not its own."""


def _begins_like(kind: FileKind, head: bytes) -> bool:
    if kind in (
        FileKind.TXT,
        FileKind.HEIC,
    ):  # the one begins like nothing, the other in ways that puremagic lacks
        return True
    try:
        matches = puremagic.magic_string(head)  # pyright: ignore[reportUnknownMemberType]
        found: set[str] = {match[2] for match in matches}
    except puremagic.PureError:
        return False
    return not found.isdisjoint(_SIGNS.get(kind, (f".{kind}",)))


Look = Callable[[Spool, bytes], bool]


def _starts(*signs: bytes, at: int = 0) -> Look:
    return lambda content, head: head.startswith(signs, at)


_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
_MP4 = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"MSNV", b"dash")
_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _media(*brands: bytes) -> Look:
    """A container of ISO/IEC 14496-12, by its brand."""
    return lambda content, head: head[4:8] == b"ftyp" and head[8:12] in brands


def _old_office(*streams: str) -> Look:
    """A compound file with one of these streams, by its directory's entry."""
    return lambda content, head: (
        head.startswith(_CFB) and any(_holds(content, s.encode("utf-16le")) for s in streams)
    )


def _new_office(main: str) -> Look:
    def look(content: Spool, head: bytes) -> bool:
        names = _entries(content)
        return "[Content_Types].xml" in names and main in names

    return look


def _plain_text(content: Spool, head: bytes) -> bool:
    """Text in UTF-8 or GB 18030, and none that a browser or a shell would take for its own."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<", b"#!", b"mz", b"%!", b"{\\rtf", b"@echo")) or b"<script" in head.lower():
        return False
    content.seek(0)
    whole = content.read()
    if any(byte < 32 and byte not in (9, 10, 12, 13) for byte in set(whole)):
        return False
    return any(_decodes(whole, encoding) for encoding in ("utf-8", "gb18030"))


def _decodes(text: bytes, encoding: str) -> bool:
    try:
        text.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


_IS: MappingProxyType[FileKind, Look] = MappingProxyType(
    {
        FileKind.PDF: _starts(b"%PDF-"),
        FileKind.JPG: _starts(b"\xff\xd8\xff"),
        FileKind.PNG: _starts(b"\x89PNG\r\n\x1a\n"),
        FileKind.HEIC: _media(*_HEIC),
        FileKind.DOCX: _new_office("word/document.xml"),
        FileKind.XLSX: _new_office("xl/workbook.xml"),
        FileKind.DOC: _old_office("WordDocument"),
        FileKind.XLS: _old_office("Workbook", "Book"),
        FileKind.WPS: _old_office("WordDocument"),
        FileKind.TXT: _plain_text,
        FileKind.MP3: _starts(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
        FileKind.M4A: _media(b"M4A ", b"M4B ", b"mp42", b"isom"),
        FileKind.AMR: _starts(b"#!AMR"),
        FileKind.WAV: lambda content, head: head[:4] == b"RIFF" and head[8:12] == b"WAVE",
        FileKind.MP4: _media(*_MP4),
    }
)

_OFFICE = (FileKind.DOCX, FileKind.XLSX, FileKind.DOC, FileKind.XLS, FileKind.WPS)
_VBA = "_VBA_PROJECT".encode("utf-16le")
"""The stream that every project of macros has in a compound file (MS-OVBA 2.3.4.1)."""


def _has_macros(content: Spool, kind: FileKind) -> bool:
    if kind in (FileKind.DOCX, FileKind.XLSX):
        names = {name.lower() for name in _entries(content)}
        return any("vba" in name or "activex" in name or "macrosheets" in name for name in names)
    return _holds(content, _VBA)


def _entries(content: Spool) -> list[str]:
    """The names in a ZIP file, from its directory: nothing is unpacked."""
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return []
    return names if len(names) <= MOST_ENTRIES else []


def _holds(content: Spool, sign: bytes) -> bool:
    """Whether these bytes stand anywhere in it."""
    before = b""
    for part in content.parts(_PART):
        if sign in before + part:
            return True
        before = part[-_OVERLAP:]
    return False
