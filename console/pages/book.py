"""台账: the matters that a post sees, filtered, page by page, in the columns one chose; 我的草稿."""

import asyncio
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.book import OVERSEERS, handed_out
from api.known import beside
from console import words
from console.door import Overseer, Sent, Visit, Visitor, shell
from console.forms import filtering
from console.forms.acting import form_class
from console.forms.filtering import Asked, Given, Said
from console.showing import book as showing
from console.showing.book import BookLine
from console.showing.rows import Lines
from console.view import address, form_page, page
from domain.rights import Sight
from domain.words import SHANGHAI
from ledger import book_views, drafts
from ledger.book_views import View
from ledger.leading import leading_units
from ledger.paging import NoSuchPage, Page
from ledger.queries import case_numbers, number_of_disputes, page_of_disputes

router = APIRouter()

HERE = "/matters"
EXPORT = "/matters/book"
MOST = 30
DONE = {
    "saved": "视图已存下，以后从上面的标签打开",
    "renamed": "视图已改名",
    "changed": "视图已换成现在的条件",
    "dropped": "视图已删去",
    "columns": "列已换好，下次打开还是这些列",
}


class Kept(NamedTuple):
    """What an account has of the book. ``view``: the one that is looked at."""

    views: list[View]
    view: View | None
    columns: list[str]


class Refused(NamedTuple):
    """A form of the page that was not taken: which, what stood in it, why."""

    form: str = ""
    text: str = ""
    why: str = ""


TAKEN = Refused()


class Found(NamedTuple):
    """A page of lines, and where the next begins."""

    lines: list[BookLine]
    after: str | None
    number: str
    """How many the filter finds, in words; empty where that would tell more than the lines do."""


@router.get(HERE)
async def book(
    visitor: Visit,
    request: Request,
    after: Annotated[str | None, Query(max_length=400)] = None,
    view: Annotated[str, Query(max_length=40)] = "",
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """A page of the ledger; ``view``: as one saved it, unless filters are asked for besides."""
    kept = await asyncio.to_thread(kept_of, visitor, view)
    asked = await asyncio.to_thread(asked_of, request, visitor, kept)
    return await page_of(visitor, request.app.state.lines, kept, asked, after=after, done=done)


async def page_of(
    visitor: Visitor,
    lines: Lines,
    kept: Kept,
    asked: Asked,
    *,
    after: str | None = None,
    done: str = "",
    refused: Refused = TAKEN,
) -> Response:
    """The page, with what of it was not taken."""
    policy = visitor.site.policy
    found = (
        Found([], None, "")
        if asked.wrong
        else await asyncio.to_thread(_found, visitor, lines, kept, asked, after)
    )
    own = {"view": kept.view.id} if kept.view else {}
    return form_page(
        "book.html",
        asked.wrong or refused.form,
        title="台账",
        shell=shell(visitor, HERE),
        done=DONE.get(done, ""),
        asked=asked,
        faults=filtering.summary(asked, policy),
        refused=refused,
        picks=filtering.picks(policy, await asyncio.to_thread(leading_units, visitor.site.ledger.engine)),
        days=filtering.DAYS,
        chips=[(said, _without(asked, said, own)) for said in asked.said],
        lines=found.lines,
        number=found.number,
        columns=kept.columns,
        heads={name: showing.heading(name, policy) for name in showing.CHOICES},
        looks=showing.LOOKS,
        choices=showing.CHOICES,
        kept=kept,
        changed=kept.view is not None and kept.view.asked != asked.given,
        export=address(EXPORT, asked.given) if visitor.post.role in OVERSEERS else None,
        more=address(HERE, {**asked.given, **own, "after": found.after}) if found.after else None,
        longest=book_views.LONGEST,
    )


def kept_of(visitor: Visitor, view: str) -> Kept:
    """What the account has, looking at this view of its own, or at none."""
    engine, person = visitor.site.ledger.engine, visitor.person
    views = book_views.views(engine, person)
    at = next((own for own in views if own.id == view), None)
    columns = at.columns if at else book_views.columns_of(engine, person)
    return Kept(views, at, showing.chosen(columns))


def asked_of(request: Request, visitor: Visitor, kept: Kept) -> Asked:
    """The filters of the address; of the view where the address has none."""
    query = request.query_params
    own = kept.view.asked if kept.view and not any(name in query for name in filtering.NAMES) else None
    return read(visitor, filtering.given_of(query) if own is None else own)


def read(visitor: Visitor, given: Given) -> Asked:
    """What these filters mean today, of the units that lead by the policy or in the ledger."""
    site = visitor.site
    today = datetime.now(SHANGHAI).date()
    return filtering.asked(given, site.policy, today, leading_units(site.ledger.engine))


def _without(asked: Asked, said: Said, own: dict[str, str]) -> str:
    """Without the last filter one leaves the view, too: by itself it would bring its own back."""
    rest = asked.without(said.names)
    return address(HERE, rest | own if rest else {})


def _found(visitor: Visitor, lines: Lines, kept: Kept, asked: Asked, after: str | None) -> Found:
    site = visitor.site

    def ask(begins: str | None) -> Page:
        near = beside(site, visitor.post)
        return page_of_disputes(site.ledger.engine, asked.filters, beside=near, after=begins, most=MOST)

    try:
        found = ask(after)
    except NoSuchPage:
        found = ask(None)
    now = datetime.now(SHANGHAI)
    least, post = asked.filters.least, visitor.post
    made = showing.book_lines(found.rows, lines, post, kept.columns, site.policy, now, least)
    alone = after is None and found.after is None
    return Found(made, found.after, f"{len(made)}" if alone else _number(visitor, asked))


def _number(visitor: Visitor, asked: Asked) -> str:
    """Counted for whoever sees what the filter asks about of all that are counted: of a place, some may be about the unit."""
    near = beside(visitor.site, visitor.post)
    if near and (near.places or asked.filters.least > Sight.STAGE):
        return ""
    count = number_of_disputes(visitor.site.ledger.engine, asked.filters, beside=near)
    return f"{count.number}+" if count.more else str(count.number)


@router.get(EXPORT)
def export(visitor: Overseer, request: Request) -> Response:
    """The same matters as an Excel file of forty columns; the audit says who took it."""
    given = filtering.given_of(request.query_params)
    asked = read(visitor, given)
    if asked.wrong:
        return RedirectResponse(address(HERE, given), HTTPStatus.SEE_OTHER)
    return handed_out(visitor.site, visitor.acts, asked.filters)


@router.get("/drafts")
async def own(visitor: Visit) -> Response:
    """Where one has something written and not sent."""
    found = await asyncio.to_thread(drafts.places, visitor.site.ledger, visitor.person)
    matters = {place.split("/")[2] for place, _ in found if place.startswith("/matters/")}
    numbers = await asyncio.to_thread(case_numbers, visitor.site.ledger.engine, list(matters))
    told = [(place, _said(place, numbers), at) for place, at in found if place != "/"]
    return page("drafts.html", title="我的草稿", shell=shell(visitor, ""), drafts=told)


@router.get("/drafts/saved")
async def saved(visitor: Visit, place: str) -> Response:
    """When the draft of a form was kept, for a page that may have been opened before that."""
    draft = await asyncio.to_thread(drafts.find, visitor.site.ledger, visitor.person, place)
    told = {"at": words.iso(draft.saved_at), "hour": words.hour(draft.saved_at)} if draft else {}
    return JSONResponse(told)


@router.post("/drafts")
async def drop(visitor: Visit, pairs: Sent) -> Response:
    """Throw a draft away."""
    await asyncio.to_thread(drafts.drop, visitor.site.ledger, visitor.person, dict(pairs).get("place", ""))
    return RedirectResponse("/drafts", HTTPStatus.SEE_OTHER)


def _said(place: str, numbers: dict[str, str]) -> str:
    """登记争议, or a case and what was to be done with it, or with several together."""
    parts = place.split("/")
    if place.startswith("/meetings/") and (form := form_class(parts[2].partition("?")[0])):
        return f"联席会议　{form.verb}"
    if not place.startswith("/matters/"):
        return "登记争议"
    form = form_class(parts[4].partition("?")[0]) if len(parts) > 4 else None
    return f"{numbers.get(parts[2], '')}　{form.verb if form else ''}"
