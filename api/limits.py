"""How often somebody may ask: requests a minute by person, by unit's system, by address, the same for all processes together.

A process draws several requests at once from the database and counts them down by itself, so that most requests cost nothing.
"""

import asyncio
import math
import time
from http import HTTPStatus
from typing import NamedTuple

import structlog
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import Problem, answer
from ledger import buckets
from ledger.connection import LedgerUnavailable
from ledger.store import Ledger

log = structlog.get_logger(__name__)

DRAWN_AT_ONCE = 20
"""Requests, or a fifteenth of what a minute allows, whichever is less."""
GOOD_FOR_S = 15.0
"""What a process drew and did not use by then is let go."""
MOST_KNOWN = 20_000
"""Keys that a process remembers."""
FORGETS_EVERY_S = 300.0


class Limits(NamedTuple):
    """Requests a minute, which is also what may come at once. A whole county may come from one address."""

    person: int = 300
    system: int = 600
    address: int = 3000


class _Drawn:
    """What this process still has of one bucket. ``again``: before then the bucket is known to be empty."""

    __slots__ = ("again", "gate", "left", "until")

    def __init__(self) -> None:
        self.left, self.until, self.again = 0, 0.0, 0.0
        self.gate = asyncio.Lock()


class Meter:
    """Counts what is asked in this process, against what all processes may answer."""

    def __init__(self, ledger: Ledger, limits: Limits) -> None:
        self._ledger = ledger
        self.limits = limits
        self._drawn: dict[str, _Drawn] = {}
        self._forgets_at = 0.0

    async def count(self, what: str, a_minute: int) -> None:
        """Count one request. Raises Problem when there are too many; LedgerUnavailable."""
        held = self._drawn.get(what)
        if held is None:
            if len(self._drawn) >= MOST_KNOWN:
                self._drawn.clear()  # what was drawn and not used is lost, at most a fifteenth of a minute's
            held = self._drawn.setdefault(what, _Drawn())
        async with held.gate:
            now = time.monotonic()
            if held.left and now < held.until:
                held.left -= 1
                return
            if now >= held.again:
                wanted = max(1, min(DRAWN_AT_ONCE, a_minute // 15))
                had = await asyncio.to_thread(
                    buckets.draw, self._ledger, what, wanted=wanted, a_minute=a_minute
                )
                await self._forget(now)
                if had:
                    held.left, held.until = had - 1, now + GOOD_FOR_S
                    return
                held.again = now + max(1.0, 60.0 / a_minute)
        wait = math.ceil(held.again - now)
        said = f"请求过于频繁，请 {wait} 秒后再试"
        raise Problem(
            HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", said, headers={"Retry-After": str(wait)}
        )

    async def _forget(self, now: float) -> None:
        if now >= self._forgets_at:
            self._forgets_at = now + FORGETS_EVERY_S
            await asyncio.to_thread(buckets.forget_full, self._ledger)


class ByAddress:
    """The middleware: too many requests from one address are answered before anything is done for them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it. What never changes (/static) is not counted."""
        if scope["type"] != "http" or scope["path"].startswith("/static/"):
            await self.app(scope, receive, send)
            return
        client = scope.get("client")
        meter: Meter = scope["app"].state.meter
        try:
            await meter.count(f"address {client[0] if client else ''}", meter.limits.address)
        except Problem as problem:
            await _refused(scope, problem)(scope, receive, send)
        except LedgerUnavailable:
            log.warning("not_counted")  # what needs the database says itself that it is away
            await self.app(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _refused(scope: Scope, problem: Problem) -> ASGIApp:
    """A problem for programs, a line for people."""
    if "text/html" in Headers(scope=scope).get("accept", ""):
        return PlainTextResponse(problem.message, problem.status, dict(problem.headers or {}))
    return answer(problem)
