"""材料: files of a matter, handed in, listed, and taken out again by whoever may see them."""

import asyncio
from http import HTTPStatus
from typing import Annotated, Any, get_args
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field
from starlette.responses import StreamingResponse

from api.access.guard import Handler, InPost, MaterialGiver, MaterialReader
from api.actions import Key, by_of_caller
from api.known import Known, known
from api.looks import note
from api.problems import Problem, hidden, refused
from api.site import Site, site_of
from api.uploads import FIELDS, Form, form_of, large, require_length
from domain.actions import LONGEST_NAME
from domain.declined import Declined as NotTaken
from domain.materials import LARGEST, File, GivenBy, KeptFile
from domain.reasons import LONGEST_REASON
from domain.rights import materials, why_not_hand_in
from domain.words import Model
from ledger import materials as files
from ledger.audit import record
from starter.materials.taking import Given, Infected, taken
from starter.office.declined import Declined

router = APIRouter(tags=["材料"])

GIVERS: tuple[GivenBy, ...] = get_args(GivenBy)
Sha256 = Annotated[
    str,
    Path(title="指纹", description="文件内容的 SHA-256，六十四位小写十六进制", pattern=r"^[0-9a-f]{64}$"),
]
CLOSED = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
"""Whatever a file is, no browser takes it for a page of ours."""
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "given_by"],
                    "properties": {
                        "file": {"type": "string", "format": "binary", "title": "文件"},
                        "given_by": {"type": "string", "enum": list(GIVERS), "title": "提交人"},
                        "about": {
                            "type": "string",
                            "maxLength": 200,
                            "title": "说明",
                            "description": "证明什么",
                        },
                        "officer": {
                            "type": "string",
                            "title": "经办人",
                            "description": "接口填写，为本单位经办人姓名；登录办理的不填",
                        },
                    },
                }
            }
        },
    }
}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "本案已有内容相同的材料，没有重复收存"},
    413: {"description": "文件太大，没有收存"},
    422: {"description": "种类不收、内容与文件名不符、空文件、发现病毒等，没有收存"},
    503: {"description": "查毒服务暂时没有回答，请稍后再交"},
}


class Reason(Model):
    """Why a reporter's material is looked at."""

    reason: str = Field(title="事由", min_length=1, max_length=LONGEST_REASON)


@router.get("/disputes/{matter}/materials", summary="材料清单")
def list_materials(matter: str, caller: MaterialReader, request: Request) -> dict[str, Any]:
    """本岗位可见的材料，先交的在前；accepts 说明可以交什么."""
    site = site_of(request)
    it = known(site, caller.post, matter)
    return {
        "materials": [told(it, file) for file in materials(it.d, caller.post, it.policy)],
        "accepts": it.policy.materials.model_dump(mode="json", exclude={"basis", "tag"}),
    }


def told(it: Known, file: KeptFile) -> dict[str, Any]:
    """A file as it is listed: names in what officers wrote stay masked."""
    shown = file.model_dump(mode="json", exclude={"by", "name", "about"})
    return {
        **shown,
        "name": it.veil.text(file.name),
        "about": it.veil.text(file.about),
        "officer": it.veil.text(file.by.name),
    }


@router.post(
    "/disputes/{matter}/materials",
    status_code=HTTPStatus.CREATED,
    summary="收存材料",
    max_body_size=LARGEST + FIELDS,
    responses=_ANSWERS,
    openapi_extra=_BODY,
)
async def hand_in(matter: str, caller: MaterialGiver, request: Request, response: Response) -> dict[str, Any]:
    """每次一件；同一案中内容相同的只收存一次. 文件按内容认定种类，加密保存，内容不进入案件流程."""
    return await _handed_in(matter, caller, request, response, None)


@router.put(
    "/disputes/{matter}/materials/{sha256}",
    status_code=HTTPStatus.CREATED,
    summary="按指纹收存材料",
    max_body_size=LARGEST + FIELDS,
    responses=_ANSWERS,
    openapi_extra=_BODY,
)
async def hand_in_by_hash(
    matter: str, sha256: Sha256, caller: MaterialGiver, request: Request, response: Response
) -> dict[str, Any]:
    """先报指纹：本案已有的不再读取内容，直接答复；内容与指纹不符的不收。重复提交不会重复收存."""
    return await _handed_in(matter, caller, request, response, sha256)


async def _handed_in(
    matter: str, caller: InPost, request: Request, response: Response, sha256: str | None
) -> dict[str, Any]:
    site = site_of(request)
    it = await asyncio.to_thread(known, site, caller.post, matter)
    require_may_hand_in(it, caller)
    if sha256 and (there := _named(it, caller, sha256)):
        response.status_code = HTTPStatus.OK
        return told(it, there)
    require_length(request, it.policy.materials)
    form = await form_of(request, it.policy.materials)
    try:
        given = _given(form, sha256)
        officer = officer_of(caller, dict(form.pairs).get("officer"))
        kept, new = await asyncio.to_thread(keep, site, caller, it, given, officer)
    finally:
        form.close()
    if not new:
        response.status_code = HTTPStatus.OK
    return told(it, kept)


def require_may_hand_in(it: Known, caller: InPost) -> None:
    """Raises Problem, before anything is read, for whoever may not."""
    if why := why_not_hand_in(it.d, caller.post, it.policy):
        raise Problem(HTTPStatus.FORBIDDEN, "not_to_hand_in", why)


def officer_of(caller: InPost, named: str | None) -> str:
    """Who is named in the record: whoever signed in, or whom the unit's system names. Raises Problem."""
    named = (named or "").strip()
    if bool(named) is (caller.client is None) or len(named) > LONGEST_NAME:
        said = "接口须写明经办人姓名" if caller.client else "经办人以登录的账号为准，请不要填写"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "officer", said, field="officer")
    return named or caller.session.name


def _given(form: Form, sha256: str | None) -> Given:
    if form.refused:
        raise large(form.refused[0][1])
    if len(form.files) != 1 or form.files[0].field != "file":
        said = "每次提交一件，放在 file 一项"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "one_file", said, field="file")
    said = dict(form.pairs)
    upload = form.files[0]
    if sha256 not in (None, upload.file.sha256):
        what = "收到的内容与所报的指纹不符，没有收存；请重新计算指纹后再交"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "differs", what, field="sha256")
    return Given(
        upload.name,
        upload.file.content,
        upload.file.sha256,
        giver(said.get("given_by", "")),
        said.get("about", "").strip(),
    )


def giver(said: str) -> GivenBy:
    """Who handed it in. Raises Problem."""
    if said not in GIVERS:
        what = f"请写明提交人：{'、'.join(GIVERS)}"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "given_by", what, field="given_by")
    return said


def keep(site: Site, caller: InPost, it: Known, given: Given, officer: str) -> tuple[KeptFile, bool]:
    """Check a file and keep it; whether it is new to the matter. Raises Problem."""
    file = checked(site, caller, it.d.case_no, given)
    by = by_of_caller(caller, "receive_material", it.policy)
    taker = files.From(caller.post.unit, officer, by)
    try:
        kept = files.keep(site.ledger, it.d.id, file, given.content.parts(files.PART), it.policy, taker)
    except NotTaken as error:
        raise refused(error) from None
    return kept, kept.id == file.id


def checked(site: Site, caller: InPost, where: str, given: Given) -> File:
    """The file as it may be kept; a virus is in the audit. Raises Problem."""
    try:
        return taken(given, site.policy.materials, site.scanner)
    except Infected as error:
        record(site.ledger, caller.acting.entry("收存材料", where, f"发现病毒，没有收存：{error.virus}"))
        raise refused(error) from None
    except Declined as error:
        raise _not_kept(error) from None


def _not_kept(error: Declined) -> Problem:
    if error.code == "scanner_away":
        wait = {"Retry-After": "60"}
        return Problem(HTTPStatus.SERVICE_UNAVAILABLE, error.code, str(error), headers=wait)
    return refused(error)


def _named(it: Known, caller: InPost, sha256: str) -> KeptFile | None:
    shown = materials(it.d, caller.post, it.policy)
    return next((file for file in shown if file.sha256 == sha256), None)


def one_of(it: Known, caller: InPost, sha256: str) -> KeptFile:
    """The file of this hash. Raises Problem alike for one that is not there and one that is not shown to this post."""
    if file := _named(it, caller, sha256):
        return file
    raise hidden()


@router.get("/disputes/{matter}/materials/{sha256}", summary="一件材料")
def one(matter: str, sha256: Sha256, caller: MaterialReader, request: Request) -> dict[str, Any]:
    """按指纹查看本案是否已有这件材料；不含内容."""
    it = known(site_of(request), caller.post, matter)
    return told(it, one_of(it, caller, sha256))


@router.get(
    "/disputes/{matter}/materials/{sha256}/content",
    summary="下载材料",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "文件的内容，只作为附件"}},
)
def content(matter: str, sha256: Sha256, caller: MaterialReader, request: Request) -> Response:
    """文件的内容，作为附件下载；每次下载记入审计. 举报人提交的材料须另写事由取出."""
    site = site_of(request)
    it = known(site, caller.post, matter)
    return taken_out(site, caller, it, one_of(it, caller, sha256))


def taken_out(site: Site, caller: InPost, it: Known, file: KeptFile) -> Response:
    """A file's bytes, once the audit has it. Raises Problem for a reporter's: that needs a reason first."""
    if file.of_reporter:
        said = "这是举报人提交的材料，须写明事由后取出，每次都记入案件"
        raise Problem(HTTPStatus.FORBIDDEN, "reason_needed", said, field="reason")
    return _sent_out(site, caller, it, file)


def _sent_out(site: Site, caller: InPost, it: Known, file: KeptFile) -> Response:
    parts = files.content(site.ledger, it.d.id, file)
    record(site.ledger, caller.acting.entry("下载材料", it.d.case_no))
    headers = {
        **CLOSED,
        "Content-Type": file.kind.media_type,
        "Content-Length": str(file.size),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
    }
    return StreamingResponse(parts, headers=headers)


@router.post(
    "/disputes/{matter}/materials/{sha256}/looks",
    summary="取出举报人的材料",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "文件的内容，只作为附件"}},
)
def look(
    matter: str, sha256: Sha256, reason: Reason, key: Key, caller: Handler, request: Request
) -> Response:
    """说明事由后取出举报人提交的材料；每次都记入案件和审计."""
    site = site_of(request)
    it = known(site, caller.post, matter)
    return looked_at(site, caller, it, one_of(it, caller, sha256), reason.reason, key)


def looked_at(site: Site, caller: InPost, it: Known, file: KeptFile, reason: str, key: str) -> Response:
    """The bytes of a reporter's file, once the look stands in the matter's record. Raises Problem."""
    note(site, caller, it, "reporter", reason, key)
    return _sent_out(site, caller, it, file)
