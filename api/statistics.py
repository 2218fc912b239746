"""统计, the calendar and the policy: what everybody who serves may read."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field

from api.access.guard import Handler, SignedIn
from api.problems import Problem
from api.site import Site, site_of
from domain.words import SHANGHAI, Model
from ledger.periods import Period
from ledger.report import report
from starter.office.report import as_data
from starter.office.views import county_words

router = APIRouter(tags=["统计和规则"])


class Asked(Model):
    """A period: a month, a quarter, or days."""

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


@router.get("/statistics", summary="统计")
def statistics(asked: Annotated[Asked, Query()], caller: Handler, request: Request) -> dict[str, Any]:
    """期内各项指标、分布和部门办理情况，附口径；只有件数和金额，没有任何案件."""
    return counted(site_of(request), asked)


def counted(site: Site, asked: Asked) -> dict[str, Any]:
    """The report of a period. Raises Problem for no period."""
    try:
        period = asked.period()
    except ValueError as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "no_period", str(error)) from None
    found = report(site.ledger.engine, period, datetime.now(SHANGHAI))
    return as_data(found, period, county_words(site.ledger))


@router.get("/calendar", summary="工作日历")
def calendar(caller: SignedIn, request: Request) -> dict[str, Any]:
    """放假和调休；时限按此计算."""
    return site_of(request).policy.calendar.model_dump(mode="json")


@router.get("/policy", summary="现行政策")
def policy(caller: SignedIn, request: Request) -> dict[str, Any]:
    """县里的规则，每项附依据：时限、等级、职责、权限、不予受理情形."""
    found = site_of(request).policy
    return {"version": found.version, **found.model_dump(mode="json", by_alias=True, exclude={"calendar"})}
