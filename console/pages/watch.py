"""审计: what was done with accounts, looked at, refused; for the auditor alone."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from console.door import Auditor, shell
from console.view import page
from ledger import audit

router = APIRouter()

HERE = "/audit"
MOST = 100


@router.get(HERE)
async def show(visitor: Auditor, before: Annotated[int | None, Query(ge=1)] = None) -> Response:
    """A page of it, the newest first."""
    found = await asyncio.to_thread(lambda: audit.entries(visitor.site.ledger, before=before, most=MOST))
    more = found[-1].n if len(found) == MOST and found[-1].n > 1 else None
    return page("audit.html", title="审计", shell=shell(visitor, HERE), entries=found, more=more)
