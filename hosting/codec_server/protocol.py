"""Temporal's remote codec protocol: payloads in, payloads out, as JSON. What they hold is never logged."""

import json
from collections.abc import Awaitable, Callable, Sequence

import structlog
from fastapi import HTTPException, Request, Response
from google.protobuf.json_format import MessageToJson, Parse, ParseError
from google.protobuf.message import DecodeError
from starlette.exceptions import HTTPException as HttpProblem
from starlette.status import HTTP_400_BAD_REQUEST, HTTP_413_CONTENT_TOO_LARGE, HTTP_422_UNPROCESSABLE_CONTENT
from temporalio.api.common.v1 import Payload, Payloads

from privacy.box import Unsealable
from privacy.keys import KeyProblem

MOST = 8 * 1024 * 1024
"""Bytes of a request. Temporal takes no message above 4 MB, which base64 makes a third longer."""

log = structlog.get_logger(__name__)

Work = Callable[[Sequence[Payload]], Awaitable[list[Payload]]]


async def worked(request: Request, work: Work) -> Response:
    """The answer to ``/decode`` or ``/encode``. Raises HTTPException with what an administrator can act on."""
    try:
        asked = Parse(await body_of(request), Payloads(), ignore_unknown_fields=True)
    except (ParseError, UnicodeDecodeError):
        # The parser's own words may quote what it was given.
        raise HTTPException(HTTP_400_BAD_REQUEST, "请求不是 Temporal 的 Payloads（JSON）") from None
    try:
        answer = Payloads(payloads=await work(asked.payloads))
    except (KeyProblem, Unsealable) as problem:
        log.warning("codec.not_opened", reason=type(problem).__name__, path=request.url.path)
        raise HTTPException(HTTP_422_UNPROCESSABLE_CONTENT, str(problem)) from None
    except DecodeError:
        raise HTTPException(HTTP_422_UNPROCESSABLE_CONTENT, "封存的内容不是 Temporal 的 Payload") from None
    return Response(
        MessageToJson(answer, indent=None),
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


async def body_of(request: Request) -> bytes:
    """The request's body. Raises HTTPException when it is too long."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST:
            raise HTTPException(HTTP_413_CONTENT_TOO_LARGE, f"请求超过 {MOST // 1024 // 1024} MB")
    return bytes(body)


async def problem(_: Request, error: Exception) -> Response:
    """What went wrong, as JSON people can read where a tool prints it raw."""
    assert isinstance(error, HttpProblem)
    said = json.dumps({"error": error.detail}, ensure_ascii=False)
    return Response(
        said, error.status_code, headers=error.headers, media_type="application/json; charset=utf-8"
    )
