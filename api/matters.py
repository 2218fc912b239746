"""Matters: lists, one, its course, how it stood at a moment, and why its days are these."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, Field

from api.access.guard import Handler, Reader
from api.known import Known, beside, etag, known, sights
from api.problems import hidden
from api.site import Site, site_of
from domain.access import Post
from domain.dispute import Dispute
from domain.rights import Sight
from domain.words import Model
from ledger.paging import Page
from ledger.queries import Filters, page_of_disputes
from starter.office.views import business_now, receipts, shown, told, told_to

router = APIRouter(tags=["案件"])

EVENTS = 50
"""Of a timeline, a page."""


class Paged(Model):
    """Which page: as many rows, after where the page before ended."""

    after: str | None = Field(default=None, title="翻页标记", max_length=400)
    most: int = Field(default=50, title="每页件数", ge=1, le=200)


class Asked(Filters, Paged):
    """Which matters, and which page of them."""


@router.get("/disputes", summary="案件列表")
def list_matters(asked: Annotated[Asked, Query()], caller: Handler, request: Request) -> dict[str, Any]:
    """可见的案件，新登记的在前；不含任何人的身份信息."""
    filters = Filters(**{name: getattr(asked, name) for name in Filters.model_fields})
    page = listed(site_of(request), caller.post, filters, asked.after, asked.most)
    return {"disputes": page.rows, "after": page.after}


def listed(site: Site, post: Post, filters: Filters, after: str | None, most: int) -> Page:
    """A page of the matters that a post sees; it may hold fewer than asked for and still not be the last.

    Raises NoSuchPage.
    """
    page = page_of_disputes(site.ledger.engine, filters, beside=beside(site, post), after=after, most=most)
    seen = sights(site, post, [row["dispute_id"] for row in page.rows])
    rows = [row for row in page.rows if seen.get(row["dispute_id"], Sight.NOTHING) >= filters.least]
    return Page(rows, page.after)


@router.get("/disputes/{matter}", summary="一件案件")
def one(matter: str, caller: Reader, request: Request, response: Response) -> dict[str, Any]:
    """按岗位与本案的关系显示：仅阶段、脱敏或全部；身份信息须另行说明事由查看."""
    it = known(site_of(request), caller.post, matter)
    response.headers["ETag"] = etag(it)
    return as_seen(it, it.d)


def as_seen(it: Known, d: Dispute) -> dict[str, Any]:
    """A matter, as it stands or stood, as far as it is seen, with its version."""
    return {
        "id": d.id,
        "version": d.version,
        "sight": it.seen.name.lower(),
        **shown(d, it.veil, it.view),
    }


@router.get("/disputes/{matter}/timeline", summary="经过")
def timeline(
    matter: str,
    caller: Reader,
    request: Request,
    after: Annotated[int, Query(title="序号之后", ge=0)] = 0,
    unit: Annotated[str | None, Query(title="单位", max_length=100)] = None,
    type: Annotated[str | None, Query(title="事件类型", max_length=40)] = None,
) -> dict[str, Any]:
    """一件案件的经过，按先后，每页 50 条；可按单位、类型筛选."""
    return course(site_of(request), known(site_of(request), caller.post, matter), after, unit, type)


def course(site: Site, it: Known, after: int, unit: str | None, type: str | None) -> dict[str, Any]:
    """A page of a matter's events after a number, as far as it is seen; ``after``: where the next begins."""
    found = [
        e
        for e in told_to(it.view, site.ledger.events(it.d.id, after))
        if unit in (None, e.unit) and type in (None, e.fact.type)
    ]
    more = len(found) > EVENTS
    found = found[:EVENTS]
    return {"events": [told(e, it.veil) for e in found], "after": found[-1].seq if more else None}


@router.get("/disputes/{matter}/at", summary="当时的样子")
def then(
    matter: str,
    moment: Annotated[AwareDatetime, Query(title="时间", description="如 2026-09-20T09:00:00+08:00")],
    caller: Handler,
    request: Request,
) -> dict[str, Any]:
    """案件在某一时刻的样子；可看多少按现在的权限."""
    site = site_of(request)
    return as_it_stood(site, known(site, caller.post, matter), moment)


def as_it_stood(site: Site, it: Known, moment: datetime) -> dict[str, Any]:
    """A matter as it stood, seen with the rights of now. Raises Problem where it was not registered yet."""
    d = site.ledger.state(it.d.id, at=moment)
    if not d.version:
        raise hidden()
    return as_seen(it, d)


@router.get("/disputes/{matter}/receipts", summary="为什么是这一天")
def why(matter: str, caller: Reader, request: Request) -> dict[str, list[str]]:
    """每一时限怎样算出：起算、暂停、延期、节假日和依据."""
    site = site_of(request)
    it = known(site, caller.post, matter)
    return reckoned(site, it)


def reckoned(site: Site, it: Known) -> dict[str, list[str]]:
    """Each clock's receipt by the clock's id; none for whoever sees the stage alone."""
    if it.seen < Sight.MASKED:
        return {}
    found = receipts(it.d, site.ledger.events(it.d.id), business_now(it.d))
    return {clock: [it.veil.text(line) for line in lines] for clock, lines in found.items()}
