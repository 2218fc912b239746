"""材料: files that are handed in. What the county takes, and what the record knows of one; the bytes are never in it."""

import unicodedata
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Literal, NamedTuple

from pydantic import AwareDatetime, Field

from domain.clocks import Tag
from domain.persons import Doer
from domain.words import Model, UnitName

MB = 1_000_000
LARGEST = 100 * MB
"""Bytes; no county's policy goes beyond."""
LONGEST_NAME = 100
LONGEST_ABOUT = 200
"""Characters."""


class FileKind(StrEnum):
    """What can be told by its content, and neither runs nor is opened by a browser as a page of ours."""

    PDF = "pdf"
    JPG = "jpg"
    PNG = "png"
    HEIC = "heic"
    DOCX = "docx"
    XLSX = "xlsx"
    DOC = "doc"
    XLS = "xls"
    WPS = "wps"
    TXT = "txt"
    MP3 = "mp3"
    M4A = "m4a"
    AMR = "amr"
    WAV = "wav"
    MP4 = "mp4"

    @property
    def word(self) -> str:
        """As the county says it."""
        return _KINDS[self].word

    @property
    def media_type(self) -> str:
        """As it goes out."""
        return _KINDS[self].media_type

    @property
    def endings(self) -> tuple[str, ...]:
        """With which of them a file's name may end."""
        return (self.value, *_KINDS[self].other_endings)


class _Kind(NamedTuple):
    word: str
    media_type: str
    other_endings: tuple[str, ...] = ()


_OOXML = "application/vnd.openxmlformats-officedocument."
_KINDS = MappingProxyType(
    {
        FileKind.PDF: _Kind("PDF", "application/pdf"),
        FileKind.JPG: _Kind("照片", "image/jpeg", ("jpeg",)),
        FileKind.PNG: _Kind("图片", "image/png"),
        FileKind.HEIC: _Kind("照片", "image/heic", ("heif",)),
        FileKind.DOCX: _Kind("Word 文档", f"{_OOXML}wordprocessingml.document"),
        FileKind.XLSX: _Kind("Excel 表格", f"{_OOXML}spreadsheetml.sheet"),
        FileKind.DOC: _Kind("Word 文档", "application/msword"),
        FileKind.XLS: _Kind("Excel 表格", "application/vnd.ms-excel"),
        FileKind.WPS: _Kind("WPS 文档", "application/vnd.ms-works"),
        FileKind.TXT: _Kind("文本", "text/plain"),
        FileKind.MP3: _Kind("录音", "audio/mpeg"),
        FileKind.M4A: _Kind("录音", "audio/mp4"),
        FileKind.AMR: _Kind("录音", "audio/amr"),
        FileKind.WAV: _Kind("录音", "audio/wav"),
        FileKind.MP4: _Kind("录像", "video/mp4"),
    }
)


class MaterialRules(Model):
    """收存材料: ``each_mb``: of one file (1 MB is 1,000,000 bytes); ``most``, ``total_mb``: of one matter.

    ``unscanned``: what is done with a file while the virus scanner that the office has does not answer.
    """

    kinds: Annotated[tuple[FileKind, ...], Field(min_length=1)]
    each_mb: Annotated[int, Field(ge=1, le=LARGEST // MB)]
    most: Annotated[int, Field(ge=1, le=500)]
    total_mb: Annotated[int, Field(ge=1, le=10_000)]
    unscanned: Literal["refuse", "keep"]
    basis: str = Field(min_length=1)
    tag: Tag

    @property
    def each(self) -> int:
        """Bytes of one file."""
        return self.each_mb * MB

    @property
    def total(self) -> int:
        """Bytes of a matter's files together."""
        return self.total_mb * MB

    @property
    def told(self) -> str:
        """What may be handed in, in one line."""
        endings = "、".join(kind.value for kind in self.kinds)
        return f"可收 {endings}，每件至多 {self.each_mb} MB，一案至多 {self.most} 件、共 {self.total_mb} MB"


GivenBy = Literal["申请人", "被反映单位", "其他单位", "本单位"]
Scan = Literal["未扫描", "已扫描无毒"]


class File(Model):
    """One file as it was handed in. ``size``: bytes. ``of_reporter``: it came from somebody whose identity is kept."""

    id: Annotated[str, Field(pattern=r"^[a-z]{16}$")]
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    kind: FileKind
    size: int = Field(ge=1)
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    given_by: GivenBy
    about: Annotated[str, Field(max_length=LONGEST_ABOUT)] = ""
    scan: Scan
    of_reporter: bool = False


class KeptFile(File):
    """The same in its place: who took it in, and when."""

    at: AwareDatetime
    unit: UnitName
    by: Doer


_NOT_IN_NAMES = set('/\\:*?"<>|')


def plain_name(given: str) -> str:
    """A file's name without folders and without what no system shows: control signs, signs that turn the direction."""
    last = given.replace("\\", "/").rpartition("/")[2]
    shown = "".join(
        "_" if c in _NOT_IN_NAMES else c
        for c in unicodedata.normalize("NFC", last)
        if unicodedata.category(c)[0] != "C"
    )
    stem, dot, ending = shown.strip(" .").rpartition(".")
    if not dot:
        return shown.strip(" .")[:LONGEST_NAME]
    return (
        f"{stem.strip()[: LONGEST_NAME - len(ending) - 1]}.{ending}"
        if len(ending) < 10
        else shown[:LONGEST_NAME]
    )


def ending_of(name: str) -> str:
    """What a name ends in, in small letters."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def kind_named(name: str) -> FileKind | None:
    """The kind that a name's ending stands for."""
    return next((kind for kind in FileKind if ending_of(name) in kind.endings), None)
