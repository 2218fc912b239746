"""Around every request: a number for it in log and answer, closed headers, refusals of a body too large or too slow as problems.

Plain ASGI: what is streamed passes through as it comes.
"""

import asyncio
import re
import time
import uuid
from collections.abc import Mapping
from http import HTTPStatus

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import TOO_LARGE, Problem, answer

log = structlog.get_logger(__name__)

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
TLS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
REQUEST_ID = "X-Request-Id"
BODY_GRACE_S, BODY_BYTES_A_S = 20.0, 8_192
"""A body that comes slower than so many bytes a second, after so many seconds, is not waited for."""
_PLAIN = re.compile(r"[A-Za-z0-9-]{8,64}")


def in_time(receive: Receive) -> Receive:
    """The same, for a body that comes in time. Raises HTTPException (408) for one that does not."""
    began, got, whole = 0.0, 0, False

    async def hurried() -> Message:
        nonlocal began, got, whole
        if whole:
            return await receive()
        now = time.monotonic()
        began = began or now
        try:
            async with asyncio.timeout(began + BODY_GRACE_S + got / BODY_BYTES_A_S - now):
                message = await receive()
        except TimeoutError:
            raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, headers={"Connection": "close"}) from None
        got += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        return message

    return hurried


class Wire:
    """The middleware. ``secure``: behind TLS."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.headers: Mapping[str, str] = HEADERS | (TLS_ONLY if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        number = given if _PLAIN.fullmatch(given) else uuid.uuid4().hex
        began, status, swapped = time.perf_counter(), 0, False

        async def back(message: Message) -> None:
            nonlocal status, swapped
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(raw=message["headers"])
                headers[REQUEST_ID] = number
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and "problem" not in headers.get(
                    "content-type", ""
                ):
                    swapped = True
                    await answer(
                        Problem(status, "too_large", TOO_LARGE, headers={**self.headers, REQUEST_ID: number})
                    )(scope, receive, send)
            if not swapped:
                await send(message)

        with structlog.contextvars.bound_contextvars(request=number):
            try:
                await self.app(scope, in_time(receive), back)
            finally:
                took = round((time.perf_counter() - began) * 1000)
                route = getattr(scope.get("route"), "path", None)
                log.info("request", method=scope["method"], route=route, status=status, ms=took)
