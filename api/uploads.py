"""Files out of a request as they come: parts of multipart/form-data, each file into a spool of its own, never whole in memory."""

import asyncio
from contextlib import suppress
from email.message import Message
from http import HTTPStatus
from typing import Any, NamedTuple, cast

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser

from api.problems import Problem
from domain.materials import MB, MaterialRules
from starter.materials.taking import Receiver, TooLarge, too_large

MOST_FILES = 20
"""At once."""
IDLE_S = 30.0
"""Seconds between two pieces of a body."""
WHOLE_S = 900.0
"""Seconds for all of it."""
AT_ONCE = 200 * MB
"""Bytes of the files of one form."""
FIELDS = 2 * MB
"""Bytes of everything in a form that is no file."""
MOST_FIELDS = 15_000
"""A group's roll has a dozen in each of its lines."""


class Upload(NamedTuple):
    """One file of a form: under which field, how it is called there, what came."""

    field: str
    name: str
    file: Receiver


class Form(NamedTuple):
    """What a form brought: fields in their order, files in theirs. ``refused``: files that were too large."""

    pairs: list[tuple[str, str]]
    files: list[Upload]
    refused: list[tuple[str, TooLarge]]

    def close(self) -> None:
        """Let the spools go."""
        for upload in self.files:
            upload.file.content.close()


def require_length(request: Request, rules: MaterialRules) -> None:
    """Refuse one file that says itself that it is too large, before any of it is read. Raises Problem."""
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > rules.each + FIELDS:
        raise large(too_large(rules))


def large(error: TooLarge) -> Problem:
    """The refusal as it goes out."""
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, error.code, str(error), field=error.field)


async def form_of(request: Request, rules: MaterialRules) -> Form:
    """The form of a request. Whoever asked for it closes it. Raises Problem."""
    boundary = _boundary(request)
    reader = _Reader(boundary, rules)
    pieces = request.stream().__aiter__()
    try:
        async with asyncio.timeout(WHOLE_S):
            while (piece := await asyncio.wait_for(anext(pieces, None), IDLE_S)) is not None:
                await asyncio.to_thread(reader.write, piece)
        await asyncio.to_thread(reader.end)
    except TimeoutError:
        reader.form.close()
        said = "上传中断太久，没有收存；请检查网络后重新上传"
        raise Problem(HTTPStatus.REQUEST_TIMEOUT, "too_slow", said, field="file") from None
    except FormParserError:
        reader.form.close()
        raise _malformed() from None
    except BaseException:
        reader.form.close()
        raise
    return reader.form


def _boundary(request: Request) -> bytes:
    told = Message()
    told["content-type"] = request.headers.get("content-type", "")
    boundary = told.get_param("boundary")
    if told.get_content_type() != "multipart/form-data" or not isinstance(boundary, str) or not boundary:
        said = "请以 multipart/form-data 提交文件"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not_a_form", said, field="file")
    return boundary.encode("latin-1", "replace")


def _malformed() -> Problem:
    return Problem(
        HTTPStatus.BAD_REQUEST, "malformed", "上传的内容不完整或格式不对，请重新提交", field="file"
    )


class _Reader:
    """Puts the parts of a form where they belong, as they come."""

    def __init__(self, boundary: bytes, rules: MaterialRules) -> None:
        self.form = Form([], [], [])
        self._rules = rules
        self._header: list[bytes] = [b"", b""]
        self._headers = Message()
        self._field = ""
        self._text: bytearray | None = None
        self._file: Upload | None = None
        self._texts, self._complete = 0, False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begins,
                "on_header_field": lambda data, start, end: self._told(0, data[start:end]),
                "on_header_value": lambda data, start, end: self._told(1, data[start:end]),
                "on_header_end": self._header_ends,
                "on_headers_finished": self._headers_end,
                "on_part_data": lambda data, start, end: self._data(data[start:end]),
                "on_part_end": self._ends,
                "on_end": self._all,
            },
        )

    def write(self, piece: bytes) -> None:
        """Take some more. Raises FormParserError, Problem."""
        self._parser.write(piece)

    def end(self) -> None:
        """All has come. Raises FormParserError where something is missing."""
        self._parser.finalize()
        if not self._complete:
            raise FormParserError("the body ends within a part")

    def _begins(self) -> None:
        self._headers, self._header = Message(), [b"", b""]
        self._text = self._file = None

    def _told(self, which: int, data: bytes) -> None:
        self._header[which] += data

    def _header_ends(self) -> None:
        name, value = (part.decode("utf-8", "replace") for part in self._header)
        with suppress(ValueError):  # a header that cannot be one tells nothing
            self._headers[name] = value
        self._header = [b"", b""]

    def _headers_end(self) -> None:
        self._field = _param(self._headers, "name")
        name = self._headers.get_param("filename", header="content-disposition")
        if name is None:
            self._text = bytearray()
            return
        if len(self.form.files) + len(self.form.refused) >= MOST_FILES:
            said = f"一次至多上传 {MOST_FILES} 件，请分几次"
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_many", said, field="file")
        self._file = Upload(self._field, _param(self._headers, "filename"), Receiver(self._rules))
        self.form.files.append(self._file)

    def _data(self, data: bytes) -> None:
        if self._text is not None:
            self._texts += len(data)
            if self._texts > FIELDS:
                said = "填写的内容太多，请缩短"
                raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", said)
            self._text += data
        elif self._file:
            try:
                self._file.file.write(data)
            except TooLarge as error:
                self._let_go(self._file, error)

    def _let_go(self, upload: Upload, error: TooLarge) -> None:
        """Read over the rest of it: the form around it is not lost for one file."""
        upload.file.content.close()
        self.form.files.remove(upload)
        self.form.refused.append((upload.name, error))
        self._file = None

    def _ends(self) -> None:
        if self._text is not None:
            if len(self.form.pairs) >= MOST_FIELDS:
                raise _malformed()
            self.form.pairs.append((self._field, self._text.decode("utf-8", "replace")))
        elif self._file and not self._file.name and not self._file.file.content.size:
            self._file.file.content.close()  # a field for files that nobody filled
            self.form.files.remove(self._file)

    def _all(self) -> None:
        self._complete = True


def _param(headers: Message, name: str) -> str:
    found: Any = headers.get_param(name, "", header="content-disposition")
    if isinstance(found, tuple):  # filename*=UTF-8''…, RFC 8187
        charset, _, text = cast("tuple[str | None, str | None, str]", found)
        return text.encode("latin-1", "replace").decode(charset or "utf-8", "replace")
    return str(found)
