"""The administrator's door: Temporal's UI behind a sign-in, with an opener of payloads at its side.

The UI asks nobody who they are, and tells a codec server nothing either unless it has a sign-in of its own. Passed
through here it has the door's origin, so the browser itself shows the door's pass whenever the UI asks to open something.
"""

import json
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx
import structlog
from fastapi import HTTPException, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse
from starlette.background import BackgroundTask
from starlette.status import (
    HTTP_303_SEE_OTHER,
    HTTP_400_BAD_REQUEST,
    HTTP_401_UNAUTHORIZED,
    HTTP_403_FORBIDDEN,
    HTTP_502_BAD_GATEWAY,
)

from hosting.codec_server.protocol import body_of
from hosting.codec_server.token import SESSION, Token

COOKIE = "fengqiao_door"
CODEC = "/codec"
"""Where the UI behind the door finds the codec; for the browser's pass alone."""
SETTINGS = "/api/v1/settings"
"""Where the UI asks for the codec's endpoint."""
IMMUTABLE = "/_app/immutable/"
"""The UI's own files, named by what is in them: about a hundred, which the UI forbids no browser to keep."""
PATIENCE = httpx.Timeout(10, read=90)
"""Seconds. The UI waits for new events by asking and being answered late."""

_OF_THE_LINE = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
_KEPT_BACK = _OF_THE_LINE | {"host", "cookie", "content-length", "authorization", "origin", "referer"}
"""Not passed to the UI: what is between two machines, what is a secret of the door's, where the page came from."""

log = structlog.get_logger(__name__)


class Door:
    """Lets a browser in by the token, and passes what it asks to the UI."""

    def __init__(self, token: Token, ui: str, namespace: str) -> None:
        self._token = token
        self._ui = httpx.URL(ui)
        self._first_page = f"/namespaces/{namespace}/workflows"
        self._line: httpx.AsyncClient | None = None

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[None]:
        """While open, there is a line to the UI."""
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as self._line:
            yield

    def sign_in(self, request: Request, said: str) -> Response:
        """A pass for a browser that knows the token, and the way on to the matters' list, which no longer shows it."""
        client = request.client.host if request.client else ""
        if not self._token.is_said(said):
            log.warning("codec.sign_in_refused", client=client)
            raise HTTPException(HTTP_401_UNAUTHORIZED, "令牌不对：请使用系统启动时给出的管理员入口地址")
        log.info("codec.signed_in", client=client)
        answer = RedirectResponse(self._first_page, HTTP_303_SEE_OTHER)
        answer.set_cookie(
            COOKIE,
            self._token.session(),
            max_age=int(SESSION.total_seconds()),
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def check(self, request: Request) -> None:
        """Raises HTTPException unless the browser is signed in and the request is from the door's own page."""
        if not self._token.admits(request.cookies.get(COOKIE, "")):
            raise HTTPException(
                HTTP_401_UNAUTHORIZED, "尚未登录或登录已过期：请打开系统启动时给出的管理员入口地址"
            )
        # A page on another port of this machine is "same site": the browser would send the pass for it too.
        origin = urlsplit(request.headers.get("origin", "")).netloc
        if request.method not in ("GET", "HEAD") and origin != request.headers.get("host"):
            raise HTTPException(HTTP_403_FORBIDDEN, "只接受管理员入口页面自己发出的请求")

    async def passed(self, request: Request) -> Response:
        """What the UI answers. Raises HTTPException."""
        assert self._line
        try:
            target = self._ui.copy_with(raw_path=_target(request))
        except (httpx.InvalidURL, UnicodeDecodeError):
            raise HTTPException(HTTP_400_BAD_REQUEST, "地址写法有误") from None
        asked = self._line.build_request(
            request.method,
            target,
            headers=[*_headers(request.headers.items(), _KEPT_BACK), *_cookies(request)],
            content=await body_of(request),
        )
        try:
            answer = await self._line.send(asked, stream=True)
            if request.url.path == SETTINGS and answer.is_success:
                return _with_codec(await answer.aread())
        except (httpx.HTTPError, ValueError) as error:
            log.warning("codec.ui_silent", reason=type(error).__name__)
            raise HTTPException(HTTP_502_BAD_GATEWAY, "Temporal 界面没有应答，请稍后重试") from None
        passed = StreamingResponse(
            answer.aiter_raw(), answer.status_code, background=BackgroundTask(answer.aclose)
        )
        passed.raw_headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in _headers(answer.headers.multi_items(), _OF_THE_LINE)
        ]
        passed.headers["Referrer-Policy"] = "same-origin"
        if answer.is_success and request.url.path.startswith(IMMUTABLE):
            passed.headers["Cache-Control"] = "private, max-age=86400, immutable"
        return passed


def _target(request: Request) -> bytes:
    """Path and query as they were sent: a workflow's id may hold an encoded slash."""
    path: bytes = request.scope["raw_path"]
    query: bytes = request.scope["query_string"]
    return path + b"?" + query if query else path


def _headers(headers: Iterable[tuple[str, str]], without: set[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in without]


def _cookies(request: Request) -> list[tuple[str, str]]:
    others = "; ".join(f"{name}={value}" for name, value in request.cookies.items() if name != COOKIE)
    return [("cookie", others)] if others else []


def _with_codec(said: bytes) -> Response:
    """The UI's settings, the codec's endpoint in them. Raises ValueError when they are not the UI's."""
    settings = json.loads(said)
    if not isinstance(settings, dict):
        raise ValueError("not the UI's settings")
    settings["Codec"] = {"Endpoint": CODEC, "PassAccessToken": False, "IncludeCredentials": False}
    return Response(
        json.dumps(settings), media_type="application/json", headers={"Cache-Control": "no-store"}
    )
