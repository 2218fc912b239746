"""档案: the whole file of an archived matter as a download, the look recorded first."""

import asyncio

from fastapi import APIRouter
from starlette.responses import Response

from api.archives import as_package
from console.door import Sent, Visit

router = APIRouter()


@router.post("/matters/{matter}/archive")
async def archive(matter: str, visitor: Visit, pairs: Sent) -> Response:
    """The package, streamed as it is made."""
    return await asyncio.to_thread(as_package, visitor.site, visitor.acts, matter)
