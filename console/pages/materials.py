"""材料: handing files in to a matter and taking them out; several at once, with a script or without."""

import asyncio
from http import HTTPStatus

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.known import known
from api.materials import (
    Reason,
    Sha256,
    giver,
    keep,
    looked_at,
    one_of,
    require_may_hand_in,
    taken_out,
)
from api.problems import Problem
from api.uploads import AT_ONCE, FIELDS
from console.door import Brought, Sent, Visit, Visitor
from console.forms.acting import new_id
from console.pages.matter import page_of
from console.showing import files
from console.showing.files import Refusal
from console.showing.matter import opened
from domain.reasons import TOO_SHORT
from starter.materials.taking import Given

router = APIRouter()


@router.post("/matters/{matter}/materials", max_body_size=AT_ONCE + FIELDS)
async def hand_in(matter: str, visitor: Visit, brought: Brought, request: Request) -> Response:
    """Keep what was chosen, each file by itself: one that is refused takes no other with it."""
    it = await asyncio.to_thread(known, visitor.site, visitor.acts.post, matter)
    require_may_hand_in(it, visitor.acts)
    said = dict(brought.pairs)
    given_by, about = said.get("given_by", ""), said.get("about", "").strip()
    refused = [Refusal(name, str(error)) for name, error in brought.refused]
    kept = 0
    for upload in brought.files:
        try:
            given = Given(upload.name, upload.file.content, upload.file.sha256, giver(given_by), about)
            await asyncio.to_thread(keep, visitor.site, visitor.acts, it, given, visitor.name)
            kept += 1
        except Problem as problem:
            refused.append(Refusal(upload.name, problem.message))
    if not kept and not refused:
        refused = [Refusal("", "还没有选文件，请先选文件再上传")]
    if "application/json" in request.headers.get("accept", ""):
        status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
        return JSONResponse({"kept": kept, "refused": [r._asdict() for r in refused]}, status)
    if not refused:
        return RedirectResponse(f"/matters/{matter}?kept={kept}#materials", HTTPStatus.SEE_OTHER)
    m = await opened(visitor, matter)
    return await page_of(visitor, m, upload=files.upload(visitor, m, given_by, about, refused, kept))


@router.get("/matters/{matter}/materials/{sha256}")
async def take_out(matter: str, sha256: Sha256, visitor: Visit) -> Response:
    """A file, as an attachment; the audit has it first."""
    return await asyncio.to_thread(_taken_out, visitor, matter, sha256)


def _taken_out(visitor: Visitor, matter: str, sha256: str) -> Response:
    it = known(visitor.site, visitor.acts.post, matter)
    return taken_out(visitor.site, visitor.acts, it, one_of(it, visitor.acts, sha256))


@router.post("/matters/{matter}/materials/{sha256}")
async def look(matter: str, sha256: Sha256, visitor: Visit, pairs: Sent) -> Response:
    """A reporter's file, once the look and its reason are in the record."""
    reason = dict(pairs).get("reason", "").strip()
    try:
        Reason(reason=reason)
        return await asyncio.to_thread(_looked_at, visitor, matter, sha256, reason)
    except ValidationError:
        wrong = TOO_SHORT
    except Problem as problem:
        if problem.status == HTTPStatus.NOT_FOUND:
            raise
        wrong = problem.message
    return await page_of(visitor, await opened(visitor, matter), file_error=(sha256, wrong))


def _looked_at(visitor: Visitor, matter: str, sha256: str, reason: str) -> Response:
    it = known(visitor.site, visitor.acts.post, matter)
    file = one_of(it, visitor.acts, sha256)
    return looked_at(visitor.site, visitor.acts, it, file, reason, new_id("look"))
