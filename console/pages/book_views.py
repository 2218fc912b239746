"""台账视图: which columns one has, and filters with columns under a name, in the account's own keeping."""

import asyncio
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from console.door import Pairs, Sent, Visit, Visitor
from console.forms import filtering
from console.forms.filtering import Asked
from console.pages.book import HERE, Kept, Refused, kept_of, page_of, read
from console.showing.book import CHOICES
from console.view import address
from ledger import book_views
from ledger.book_views import NotKept

router = APIRouter()


@router.post(HERE + "/columns")
async def columns(visitor: Visit, pairs: Sent) -> Response:
    """Have these columns: in the view that is looked at, or where there is none; the usual ones where none is ticked."""
    given, engine = dict(pairs), visitor.site.ledger.engine
    ticked = [value for name, value in pairs if name == "c" and value in CHOICES]
    ticked = [] if given.get("do") == "usual" else ticked
    kept = await asyncio.to_thread(kept_of, visitor, given.get("view", ""))
    if kept.view:
        await asyncio.to_thread(book_views.change, engine, visitor.person, kept.view.id, columns=ticked)
    else:
        await asyncio.to_thread(book_views.choose, engine, visitor.person, ticked)
    return _back(await _asked(visitor, pairs), kept, "columns")


@router.post(HERE + "/views")
async def save(visitor: Visit, pairs: Sent, request: Request) -> Response:
    """Keep what is looked at under a name."""
    given, asked = dict(pairs), await _asked(visitor, pairs)
    kept = await asyncio.to_thread(kept_of, visitor, given.get("view", ""))
    name, engine = given.get("name", ""), visitor.site.ledger.engine
    try:
        if asked.wrong:
            raise NotKept("条件有误，先改好再存")
        made = await asyncio.to_thread(
            book_views.save, engine, visitor.person, name, asked.given, kept.columns
        )
    except NotKept as refusal:
        refused = Refused("save", name, str(refusal))
        return await page_of(visitor, request.app.state.lines, kept, asked, refused=refused)
    return RedirectResponse(address(HERE, {"view": made, "done": "saved"}), HTTPStatus.SEE_OTHER)


@router.post(HERE + "/views/{view}")
async def change(view: str, visitor: Visit, pairs: Sent, request: Request) -> Response:
    """Call a view otherwise, let it have the filters that are looked at, or throw it away."""
    given, asked = dict(pairs), await _asked(visitor, pairs)
    engine, person = visitor.site.ledger.engine, visitor.person
    kept = await asyncio.to_thread(kept_of, visitor, view)
    wish = given.get("do")
    if kept.view is None:
        return RedirectResponse(HERE, HTTPStatus.SEE_OTHER)
    if wish == "drop":
        await asyncio.to_thread(book_views.drop, engine, person, view)
        return RedirectResponse(address(HERE, {"done": "dropped"}), HTTPStatus.SEE_OTHER)
    if wish == "change" and not asked.wrong:
        await asyncio.to_thread(book_views.change, engine, person, view, asked=asked.given)
        return RedirectResponse(address(HERE, {"view": view, "done": "changed"}), HTTPStatus.SEE_OTHER)
    try:
        await asyncio.to_thread(book_views.rename, engine, person, view, given.get("name", ""))
    except NotKept as refusal:
        refused = Refused("rename", given.get("name", ""), str(refusal))
        return await page_of(visitor, request.app.state.lines, kept, asked, refused=refused)
    return _back(asked, kept, "renamed")


async def _asked(visitor: Visitor, pairs: Pairs) -> Asked:
    return await asyncio.to_thread(read, visitor, filtering.given_of(dict(pairs)))


def _back(asked: Asked, kept: Kept, done: str) -> Response:
    own = {"view": kept.view.id} if kept.view else {}
    return RedirectResponse(address(HERE, {**asked.given, **own, "done": done}), HTTPStatus.SEE_OTHER)
