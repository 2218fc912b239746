"""台账: the forty columns as an Excel file, and finding the matters of a person. Both are in the audit."""

import re
import tempfile
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse
from pydantic import Field
from starlette.background import BackgroundTask

from api.access.guard import Handler, InPost, OpenTo
from api.known import beside, policy_of
from api.problems import Problem
from api.registrations import XLSX
from api.site import Site, site_of
from domain.access import Role
from domain.dispute import Dispute
from domain.masking import somebodys_number
from domain.policy import Policy
from domain.rights import Sight, sight
from domain.words import Model
from ledger import firms
from ledger.audit import record
from ledger.export import export_xlsx
from ledger.people import is_credit_code, search
from ledger.queries import Filters

router = APIRouter(tags=["台账"])

OVERSEERS = (Role.OPERATOR, Role.HEAD, Role.OFFICE, Role.SUPERVISOR, Role.GOVERNMENT)
MOST_FOUND = 100
LONGEST_NAME = 200
"""Bytes: a file's name has 255, with what a browser adds."""
Overseer = Annotated[InPost, Depends(OpenTo(OVERSEERS))]


class Wanted(Model):
    """Whom one looks for; in the body, so that it stands in no log."""

    name: str | None = Field(default=None, title="姓名或单位名称", min_length=1, max_length=100)
    id_number: str | None = Field(default=None, title="证件号", min_length=1, max_length=40)
    phone: str | None = Field(default=None, title="电话", min_length=1, max_length=40)
    uscc: str | None = Field(default=None, title="统一社会信用代码", min_length=1, max_length=40)
    reason: str = Field(title="事由", min_length=4, max_length=200)


@router.get("/book", summary="导出台账", response_class=FileResponse)
def book(asked: Annotated[Filters, Query()], caller: Overseer, request: Request) -> FileResponse:
    """可见案件的四十列台账（身份信息一律脱敏），可按条件筛选；每次导出记入审计."""
    return handed_out(site_of(request), caller, asked)


def handed_out(site: Site, caller: InPost, filters: Filters) -> FileResponse:
    """The book as a download; the file is gone once it is sent."""
    folder = tempfile.TemporaryDirectory(prefix="fengqiao-book-")
    try:
        file = exported(site, caller, filters, Path(folder.name))
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(file, media_type=XLSX, filename=file.name, background=BackgroundTask(folder.cleanup))


def exported(site: Site, caller: InPost, filters: Filters, folder: Path) -> Path:
    """The book in a file of this folder, once the audit says who took it."""
    file = folder / _named(filters)
    rows = export_xlsx(site.ledger, file, filters, may_see(site, caller, Sight.MASKED))
    said = "、".join(filters.words()) or "全部可见案件"
    record(site.ledger, caller.acting.entry("导出台账", said, f"{rows} 件"))
    return file


def _named(filters: Filters) -> str:
    """The file's name, its filter in it as far as a name has room; a sheet of the file says it whole."""
    name = re.sub(r"[^\w-]+", "", "_".join(["台账", *filters.words()]))
    return f"{name.encode()[:LONGEST_NAME].decode(errors='ignore')}.xlsx"


def may_see(site: Site, caller: InPost, least: Sight) -> Callable[[Dispute], bool]:
    """Whether a matter is seen so far; each policy version is joined with today's rights once."""

    @cache
    def policy(version: str) -> Policy:
        return site.ledger.policy(version).under(site.policy)

    return lambda d: sight(d, caller.post, policy(d.policy_version)) >= least


@router.post("/search", summary="按人查找案件")
def find(wanted: Wanted, caller: Handler, request: Request) -> list[dict[str, Any]]:
    """某人或某单位的、本岗位可见的案件；每次查找记入审计，审计中不含所查的姓名、号码."""
    return found(site_of(request), caller, wanted).rows


class Matches(NamedTuple):
    """The matters found, the newest first; ``more``: only the newest are looked at."""

    rows: list[dict[str, Any]]
    more: bool


def found(site: Site, caller: InPost, wanted: Wanted) -> Matches:
    """Somebody's matters, once the audit says who looked and why. Raises Problem when nobody is asked for, and for a reason
    that names somebody: the audit keeps it."""
    asked = {k: v for k, v in wanted.model_dump(exclude={"reason"}).items() if v}
    if not asked:
        said = "请至少给出姓名、证件号、电话、统一社会信用代码中的一项"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "nobody", said)
    if somebodys_number(wanted.reason) or any(len(v) > 1 and v in wanted.reason for v in asked.values()):
        said = "不要写姓名、证件号、电话，只写办什么事要用"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "names_somebody", said, field="reason")
    return _looked_for(site, caller, asked, f"；事由：{wanted.reason}")


def of_firm(site: Site, caller: InPost, firm: str) -> Matches:
    """The matters against a firm with this in its name, or of this 统一社会信用代码, of which one sees what they are about, once
    the audit says who looked."""
    if is_credit_code(firm):
        return _looked_for(site, caller, {"uscc": firm}, firms_alone=True)
    part = firms.part_of(firm, site.policy.county.name)
    return _looked_for(site, caller, {"firm": part} if part else {"name": firm}, firms_alone=True)


def _looked_for(
    site: Site, caller: InPost, asked: dict[str, Any], why: str = "", *, firms_alone: bool = False
) -> Matches:
    near, least = beside(site, caller.post), Sight.MASKED if firms_alone else Sight.STAGE
    rows = search(site.ledger, **asked, firms_alone=firms_alone, beside=near, limit=MOST_FOUND + 1)
    part = asked.get("firm")
    seen = [row for row in rows[:MOST_FOUND] if _shown(site, caller, row["dispute_id"], least, part)]
    digests = (site.ledger.sealer.search.digest(kind, text).hex()[:12] for kind, text in asked.items())
    by = "、".join(f"{TITLES[kind]}#{digest}" for kind, digest in zip(asked, digests, strict=True))
    verb = "按单位查找" if firms_alone else "按人查找"
    record(site.ledger, caller.acting.entry(verb, by, f"{len(seen)} 件{why}"))
    return Matches(seen, more=len(rows) > MOST_FOUND)


TITLES = {name: field.title for name, field in Wanted.model_fields.items()} | {"firm": "单位名称"}


def _shown(site: Site, caller: InPost, matter: str, least: Sight, part: str | None) -> bool:
    d = site.ledger.state(matter)
    return (part is None or firms.accused(d, part)) and sight(d, caller.post, policy_of(site, d)) >= least
