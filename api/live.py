"""The live stream: that something on one's desk changed, within a moment. It carries no content; who hears it asks anew."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from typing import Annotated

import psycopg
import structlog
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api.access.guard import Handler, token_of
from api.known import beside
from api.site import Site, site_of
from api.tasks import Whose
from domain.knowing import names_of
from ledger import sessions
from ledger.listening import changed_units

Units = tuple[str, ...]

log = structlog.get_logger(__name__)
router = APIRouter(tags=["工作台"])

HEARTBEAT_S = 15.0
"""Between two signs of life; at each the session is looked at again, which makes it no less idle."""
POLL_S = 10.0
"""While PostgreSQL is not heard, everybody is told to look so often."""
CONNECTS_WITHIN_S = 2.0
"""What the first listener of a process waits for."""
SETTLES_S = 0.3
"""Several changes within it are told as one."""
CHANGED = "event: changed\ndata: {}\n\n"
ALIVE = "event: alive\ndata: {}\n\n"
"""An event of its own: a browser tells its pages nothing of comments."""
ENDED = "event: ended\ndata: {}\n\n"


class Live:
    """Whoever listens in this process, by unit, and the one connection on which it hears."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._hearing: dict[Units | None, set[asyncio.Event]] = {}
        self._task: asyncio.Task[None] | None = None
        self._hears = asyncio.Event()

    def join(self, units: Units | None) -> asyncio.Event:
        """Set whenever a desk of these units changes; of any unit without them. Set at first: whoever comes, or comes back,
        looks for what he missed."""
        rings = asyncio.Event()
        self._hearing.setdefault(units, set()).add(rings)
        if self._task is None or self._task.done():
            self._hears.clear()
            self._task = asyncio.create_task(self._listen())
        rings.set()
        return rings

    async def hears(self) -> None:
        """Wait until PostgreSQL is heard, or for as long as that usually takes."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CONNECTS_WITHIN_S):
                await self._hears.wait()

    def leave(self, units: Units | None, rings: asyncio.Event) -> None:
        """No more; the connection closes with the last."""
        self._hearing[units].discard(rings)
        if not self._hearing[units]:
            del self._hearing[units]
        if not self._hearing and self._task:
            self._task.cancel()

    async def _listen(self) -> None:
        """Hear and pass on; while that cannot be, everybody looks for himself now and then."""
        while True:
            try:
                async with aclosing(changed_units(self._site.ledger.engine)) as heard:
                    async for unit in heard:
                        self._hears.set()
                        self._tell(unit)
            except psycopg.Error as error:
                log.warning("not_hearing", error=type(error).__name__)
            self._tell("")
            await asyncio.sleep(POLL_S)

    def _tell(self, unit: str) -> None:
        """That this unit's desk changed; or, not knowing whose did, everybody."""
        for hears, rings in self._hearing.items():
            if hears is None or unit in hears or not unit:
                for each in rings:
                    each.set()


@router.get(
    "/live",
    summary="实时提醒",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {"text/event-stream": {}},
            "description": "changed：请重新取任务；alive：仍连着；ended：登录已结束",
        }
    },
)
async def live(
    caller: Handler,
    request: Request,
    token: Annotated[str, Depends(token_of)],
    whose: Annotated[Whose, Query(title="谁的")] = Whose.UNIT,
) -> StreamingResponse:
    """本单位（或可见范围）的任务有变化时提醒；不含任何内容，也不算操作，登录到时照常结束."""
    site = site_of(request)
    everybodys = whose is Whose.ALL and beside(site, caller.post) is None
    units = None if everybodys else names_of(caller.post.unit, site.policy)
    return _Stream(
        stream(request, site, request.app.state.live, units, token),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"},
    )


class _Stream(StreamingResponse):
    """Its own generator looks whether anybody still listens, at each heartbeat: two tasks less for every open page."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what there is; a server that stops ends it, and the page opens another."""
        try:
            await self.stream_response(send)
        except asyncio.CancelledError:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def stream(
    request: Request, site: Site, live: Live, units: Units | None, token: str
) -> AsyncIterator[str]:
    """What is sent to one listener, until he goes or the session ends."""
    rings = live.join(units)
    try:
        await live.hears()
        yield "retry: 3000\n\n"
        while await _stands(site, token):
            if await request.is_disconnected():
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(HEARTBEAT_S):
                    await rings.wait()
            if not rings.is_set():
                yield ALIVE
                continue
            await asyncio.sleep(SETTLES_S)
            rings.clear()
            if await _stands(site, token):
                yield CHANGED
        yield ENDED
    finally:
        live.leave(units, rings)


async def _stands(site: Site, token: str) -> bool:
    found = await asyncio.to_thread(sessions.find, site.ledger, token, site.rules.sessions, acts=False)
    return found is not None
