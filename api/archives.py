"""档案: the whole file of an archived matter, for whoever may see its identities; taking it out is a recorded look."""

import secrets
from collections.abc import Iterator
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from starlette.responses import StreamingResponse

from api.access.guard import Handler, InPost
from api.known import known
from api.looks import note
from api.problems import refused
from api.site import Site, site_of
from domain.declined import Declined
from ledger.audit import record
from starter.archive.bag import bag, zipped
from starter.archive.package import package

router = APIRouter(tags=["文书"])

ZIP = "application/zip"
REASON = "归档后取出全部档案"


@router.get(
    "/disputes/{matter}/archive",
    summary="已归档案件的档案包",
    response_class=StreamingResponse,
    responses={200: {"content": {ZIP: {}}, "description": "BagIt 档案包（zip）：目录、文书、材料、事件"}},
)
def archive(
    matter: str,
    caller: Handler,
    request: Request,
    reason: Annotated[str, Query(title="事由", max_length=100)] = REASON,
) -> StreamingResponse:
    """全部档案，含当事人身份信息；每次取出作为一次查看记入案件和审计. 举报人提交的材料不在包内."""
    return as_package(site_of(request), caller, matter, reason)


def as_package(site: Site, caller: InPost, matter: str, reason: str = REASON) -> StreamingResponse:
    """The package as it is made, once the look that this is stands in the matter's record. Raises Problem."""
    it = known(site, caller.post, matter)
    try:
        package(site.ledger, it.d, it.policy)
    except Declined as error:
        raise refused(error) from None
    note(site, caller, it, "parties", f"导出档案：{reason}", secrets.token_hex(16))
    record(site.ledger, caller.acting.entry("导出档案", it.d.case_no))
    d = site.ledger.state(it.d.id)
    parts: Iterator[bytes] = zipped(bag(d, package(site.ledger, d, it.policy)), f"{d.case_no}档案")
    name = quote(f"{d.case_no}档案.zip")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
    return StreamingResponse(parts, media_type=ZIP, headers=headers)
