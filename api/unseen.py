"""Matters that somebody asked for and may not know of: he hears what he would hear of none, and the audit hears of it."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from api.problems import Unseen, answer
from api.site import Site, site_of
from ledger.accounts import Acting
from ledger.audit import record
from ledger.connection import LedgerUnavailable

VERB, REFUSED = "访问", "无权查看"


def acts(request: Request, acting: Acting) -> None:
    """Remember for this request who makes it."""
    request.state.acting = acting


async def noted(request: Request, error: Unseen) -> None:
    """Put what a request ended with into the audit: one entry, for a request ends once, and a person's are counted."""
    with suppress(LedgerUnavailable):  # nothing was shown, and nothing else can be done now
        await asyncio.to_thread(note, site_of(request), request.state.acting, [error])


def note(site: Site, acting: Acting, asked: Sequence[Unseen]) -> None:
    """The same of a request that asked for one or several, in one entry."""
    numbers = list(dict.fromkeys(one.case_no for one in asked))
    more = f" 等 {len(numbers)} 件" if len(numbers) > 1 else ""
    record(site.ledger, acting.entry(VERB, f"{numbers[0]}{more}", REFUSED))


def install(app: FastAPI) -> None:
    """Let the API's audit hear of them."""

    @app.exception_handler(Unseen)
    async def _unseen(request: Request, error: Unseen) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        await noted(request, error)
        return answer(error)
