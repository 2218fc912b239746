"""台账: the forty columns as an Excel file; who took it is in the audit."""

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from api.access.guard import InPost, OpenTo
from api.known import policies
from api.registrations import XLSX
from api.site import Site, site_of
from domain.access import Role
from domain.dispute import Dispute
from domain.rights import Sight, sight
from ledger.audit import record
from ledger.export import export_xlsx
from ledger.queries import Filters

router = APIRouter(tags=["台账"])

OVERSEERS = (Role.OPERATOR, Role.HEAD, Role.OFFICE, Role.SUPERVISOR, Role.GOVERNMENT)
LONGEST_NAME = 200
"""Bytes: a file's name has 255, with what a browser adds."""
Overseer = Annotated[InPost, Depends(OpenTo(OVERSEERS))]


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
    record(site.ledger, caller.acting.entry("导出台账", said, came_to=f"{rows} 件"))
    return file


def _named(filters: Filters) -> str:
    """The file's name, its filter in it as far as a name has room; a sheet of the file says it whole."""
    name = re.sub(r"[^\w-]+", "", "_".join(["台账", *filters.words()]))
    return f"{name.encode()[:LONGEST_NAME].decode(errors='ignore')}.xlsx"


def may_see(site: Site, caller: InPost, least: Sight) -> Callable[[Dispute], bool]:
    """Whether a matter is seen so far."""
    policy = policies(site)
    return lambda d: sight(d, caller.post, policy(d)) >= least
