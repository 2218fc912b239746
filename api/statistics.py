"""统计, the calendar and the policy: what everybody who serves may read."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field

from api.access.guard import Handler, SignedIn
from api.known import beside, sights
from api.matters import Paged
from api.problems import Problem
from api.site import Site, site_of
from domain.access import Post
from domain.rights import Sight
from domain.words import SHANGHAI
from ledger.behind import Behind, behind
from ledger.figures import BY_NAME, Figure, Scope, Side, Slice
from ledger.periods import Period
from ledger.report import report
from starter.office.report import as_data, figure_as_data
from starter.office.views import county_words

router = APIRouter(tags=["统计和规则"])


class Asked(Slice):
    """A period: a month, a quarter, or days; and of which matters."""

    month: str | None = Field(default=None, title="月份", description="如 2026-06", max_length=10)
    quarter: str | None = Field(default=None, title="季度", description="如 2026Q2", max_length=10)
    first: date | None = Field(default=None, title="起始日（含）")
    until: date | None = Field(default=None, title="截止日（不含）")

    def period(self) -> Period:
        """The period. Raises ValueError, in Chinese, unless exactly one is given."""
        if [self.month, self.quarter, self.first or self.until].count(None) != 2:
            raise ValueError("请给出统计期：月份、季度，或起止日，三者之一")
        if self.month:
            return Period.month(self.month)
        if self.quarter:
            return Period.quarter(self.quarter)
        if not (self.first and self.until):
            raise ValueError("统计期的起始日和截止日须同时给出")
        return Period.days(self.first, self.until)


class AskedBehind(Asked, Paged):
    """The same, which rows of the list, and which page of them."""

    side: Side = Field(
        default=Side.ALL, title="哪一部分", description="比率的：全部（分母）、计入（分子）、未计入（其余）"
    )


@router.get("/statistics", summary="统计")
def statistics(asked: Annotated[Asked, Query()], caller: Handler, request: Request) -> dict[str, Any]:
    """期内各项指标、分布和部门办理情况，附口径；只有件数和金额，没有任何案件."""
    return counted(site_of(request), asked)


def counted(site: Site, asked: Asked) -> dict[str, Any]:
    """The report of a period. Raises Problem for no period."""
    scope = _scope(site, asked)
    return as_data(report(site.ledger.engine, scope), scope.period, county_words(site.ledger))


def _scope(site: Site, asked: Asked) -> Scope:
    try:
        period = asked.period()
    except ValueError as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "no_period", str(error)) from None
    return scope_of(site, period, Slice(**{name: getattr(asked, name) for name in Slice.model_fields}))


def scope_of(site: Site, period: Period, chosen: Slice, now: datetime | None = None) -> Scope:
    """What of the county's own ledger is asked for."""
    return Scope(period, now or datetime.now(SHANGHAI), site.policy.county.name, chosen)


@router.get("/statistics/{figure}", summary="一项统计背后的清单")
def listed(
    figure: str, asked: Annotated[AskedBehind, Query()], caller: Handler, request: Request
) -> dict[str, Any]:
    """这项指标算的是哪些案件（或评价、派单、议定事项、黄红牌），新的在前；不可见的只报件数."""
    site = site_of(request)
    found = BY_NAME.get(figure)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no_figure", "没有这项统计，名称见 /statistics 的 figures")
    return told(site, caller.post, found, asked)


def told(site: Site, post: Post, figure: Figure, asked: AskedBehind) -> dict[str, Any]:
    """A page of the list behind a figure, as far as a post sees it. Raises Problem, NoSuchPage."""
    page = page_behind(site, post, figure, _scope(site, asked), asked.side, asked.after, asked.most)
    seen = sights(site, post, {row["dispute_id"] for row in page.rows})
    rows = [_shown(row) for row in page.rows if seen.get(row["dispute_id"], Sight.NOTHING) >= LEAST]
    return {
        **figure_as_data(figure, page.value, county_words(site.ledger)),
        "rows_of": figure.among.word,
        "at_is": figure.among.when,
        "number": page.number,
        "outside": page.outside,
        "not_shown": len(page.rows) - len(rows),
        "rows": rows,
        "after": page.after,
    }


def page_behind(
    site: Site, post: Post, figure: Figure, scope: Scope, side: Side, after: str | None, most: int
) -> Behind:
    """A page of the list, of matters that the post's unit takes part in; all for whoever oversees. Raises NoSuchPage."""
    own = beside(site, post)
    return behind(site.ledger.engine, scope, figure, side, beside=own, after=after, most=most)


LEAST = Sight.MASKED
"""How much of a matter one must see to find it in a list: what a list is of tells what the matter is about."""
_OF_LISTS = ("dispute_id", "case_no", "kind", "stage", "level", "lead", "center")
_OF_WHAT_IT_IS = ("amount", "over", "no", "unit", "role", "result", "done_at", "working_days")


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    told = (name for name in _OF_WHAT_IT_IS if name in row)
    return {name: row[name] for name in (*_OF_LISTS, "at", "counted", *told)}


@router.get("/calendar", summary="工作日历")
def calendar(caller: SignedIn, request: Request) -> dict[str, Any]:
    """放假和调休；时限按此计算."""
    return site_of(request).policy.calendar.model_dump(mode="json")


@router.get("/policy", summary="现行政策")
def policy(caller: SignedIn, request: Request) -> dict[str, Any]:
    """县里的规则，每项附依据：时限、等级、职责、权限、不予受理情形."""
    found = site_of(request).policy
    return {"version": found.version, **found.model_dump(mode="json", by_alias=True, exclude={"calendar"})}
