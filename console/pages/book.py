"""台账: the matters that a post sees, filtered, page by page; 我的草稿."""

import asyncio
from contextlib import suppress
from datetime import date, datetime, time
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.book import OVERSEERS, handed_out
from api.known import beside
from console.door import Overseer, Sent, Visit, shell
from console.forms.acting import form_class
from console.view import page
from domain.words import SHANGHAI, ClaimType, MatterKind, Stage
from ledger import drafts
from ledger.paging import NoSuchPage, Page
from ledger.queries import Filters, case_numbers, page_of_disputes

router = APIRouter()

HERE = "/matters"
EXPORT = "/matters/book"
MOST = 30
NAMES = ("stage", "level", "claim_type", "lead", "is_over", "kind", "opened_from", "opened_until")


@router.get(HERE)
async def book(
    visitor: Visit, request: Request, after: Annotated[str | None, Query(max_length=400)] = None
) -> Response:
    """A page of the ledger."""
    site = visitor.site
    given = _given(request)
    filters = _filters(given)
    ask = partial(page_of_disputes, site.ledger.engine, filters, beside=beside(site, visitor.post), most=MOST)
    try:
        found = await asyncio.to_thread(ask, after=after)
    except NoSuchPage:
        found = await asyncio.to_thread(ask)
    about = await asyncio.to_thread(request.app.state.lines.seen, found.rows, visitor.post)
    return page(
        "book.html",
        title="台账",
        shell=shell(visitor, HERE),
        rows=_rows(found, about),
        given=given,
        said="、".join(filters.words()),
        export=f"{EXPORT}?{urlencode(given)}" if visitor.post.role in OVERSEERS else None,
        more=f"{HERE}?{urlencode({**given, 'after': found.after})}" if found.after else None,
        stages=[str(stage) for stage in Stage],
        levels=[tier.name for tier in site.policy.tiers],
        types=[str(kind) for kind in ClaimType],
        units=list(dict.fromkeys(site.policy.units.roles.values())),
    )


@router.get(EXPORT)
def export(visitor: Overseer, request: Request) -> Response:
    """The same matters as an Excel file of forty columns; the audit says who took it."""
    return handed_out(visitor.site, visitor.acts, _filters(_given(request)))


def _given(request: Request) -> dict[str, str]:
    """What was asked for by name."""
    return {name: value for name in NAMES if (value := request.query_params.get(name))}


def _filters(given: dict[str, str]) -> Filters:
    """The filters that make sense; the others are as if not asked."""
    known: dict[str, Any] = {name: given[name] for name in ("level", "lead", "stage") if name in given}
    if given.get("claim_type") in list(ClaimType):
        known["claim_type"] = given["claim_type"]
    if given.get("is_over") in ("yes", "no"):
        known["is_over"] = given["is_over"] == "yes"
    if given.get("kind") in list(MatterKind):
        known["kind"] = given["kind"]
    for name in ("opened_from", "opened_until"):
        with suppress(ValueError):
            known[name] = datetime.combine(date.fromisoformat(given.get(name, "")), time(), SHANGHAI)
    return Filters.model_validate(known)


def _rows(found: Page, about: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**row, "about": about[row["dispute_id"]]} for row in found.rows if row["dispute_id"] in about]


@router.get("/drafts")
async def own(visitor: Visit) -> Response:
    """Where one has something written and not sent."""
    found = await asyncio.to_thread(drafts.places, visitor.site.ledger, visitor.person)
    matters = {place.split("/")[2] for place, _ in found if place.startswith("/matters/")}
    numbers = await asyncio.to_thread(case_numbers, visitor.site.ledger.engine, list(matters))
    told = [(place, _said(place, numbers), at) for place, at in found if place != "/"]
    return page("drafts.html", title="我的草稿", shell=shell(visitor, ""), drafts=told)


@router.post("/drafts")
async def drop(visitor: Visit, pairs: Sent) -> Response:
    """Throw a draft away."""
    await asyncio.to_thread(drafts.drop, visitor.site.ledger, visitor.person, dict(pairs).get("place", ""))
    return RedirectResponse("/drafts", HTTPStatus.SEE_OTHER)


def _said(place: str, numbers: dict[str, str]) -> str:
    """登记争议, or a case and what was to be done with it."""
    if not place.startswith("/matters/"):
        return "登记争议"
    parts = place.split("/")
    form = form_class(parts[4].partition("?")[0]) if len(parts) > 4 else None
    return f"{numbers.get(parts[2], '')}　{form.verb if form else ''}"
