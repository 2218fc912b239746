"""文书 of a matter: listed, read without identities, and the issued original, which is a look at them."""

import secrets
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response

from api.access.guard import Handler, InPost, Reader
from api.known import Known, known
from api.looks import note
from api.problems import Problem, hidden
from api.site import Site, site_of
from domain.access import Post
from domain.knowing import names_of
from domain.paper import Document, PaperState
from domain.paper_waiting import OF_ISSUERS, OF_REVIEWERS
from domain.policy import Policy
from domain.rights import Sight, acts_as
from ledger.connection import LedgerBroken
from ledger.paper_desk import Waiting, waiting
from papers.press import DOCX
from starter.office import papers
from starter.office.pdf import PDF, NoPdf
from starter.office.views import business_now

router = APIRouter(tags=["文书"])

No = Annotated[int, Path(title="第几份", ge=1)]


@router.get("/papers/waiting", summary="待审签的文书")
def list_waiting(caller: Handler, request: Request) -> list[dict[str, Any]]:
    """本单位在办案件中待本岗位审核或制发的文书，拟得早的在前，至多 200 份."""
    return [one._asdict() for one in waiting_for(site_of(request), caller)]


def waiting_for(site: Site, caller: InPost) -> list[Waiting]:
    """The papers of its unit that a post reviews or issues."""
    states = seen_to_by(caller.post, site.policy)
    unit = names_of(caller.post.unit, site.policy)
    return waiting(site.ledger.engine, unit, states) if states else []


def seen_to_by(post: Post, policy: Policy) -> list[PaperState]:
    """How papers stand that a post sees to: whoever reviews, whoever issues, or both."""
    reviews, issues = (acts_as(post, verb, policy) for verb in ("review_paper", "issue_paper"))
    return [*(OF_REVIEWERS if reviews else ()), *(OF_ISSUERS if issues else ())]


@router.get("/disputes/{matter}/papers", summary="文书")
def list_papers(matter: str, caller: Reader, request: Request) -> list[dict[str, Any]]:
    """文号、状态、送达情况和还缺的内容；制发、送达、撤销用相应的操作办理."""
    it = known(site_of(request), caller.post, matter)
    return papers.listed(it.d, it.policy, it.veil) if it.seen >= Sight.MASKED else []


@router.get("/disputes/{matter}/papers/{no}", summary="一份文书的内容")
def content(matter: str, no: No, caller: Handler, request: Request) -> dict[str, Any]:
    """逐段的内容，身份信息已遮蔽；尚未制发的为草稿，缺少的写明待补."""
    site = site_of(request)
    it = known(site, caller.post, matter)
    text = text_of(site, it, no)
    return {**papers.listed(it.d, it.policy, it.veil)[no - 1], "text": [block._asdict() for block in text]}


@router.get(
    "/disputes/{matter}/papers/{no}/file",
    summary="已制发文书的原件",
    responses={200: {"content": {DOCX: {}}, "description": "制发时的原件，与案件记录的哈希一致"}},
)
def original(matter: str, no: No, caller: Handler, request: Request) -> Response:
    """制发时的 .docx 原件，含当事人身份信息：每次下载作为一次查看记入案件和审计."""
    made, paper = handed_out(site_of(request), caller, matter, no, "下载")
    return as_file(made, paper)


@router.get(
    "/disputes/{matter}/papers/{no}/pdf",
    summary="已制发文书的 PDF",
    responses={200: {"content": {PDF: {}}, "description": "由制发时的原件转换"}},
)
def as_pdf(matter: str, no: No, caller: Handler, request: Request) -> Response:
    """由原件转换的 PDF，含当事人身份信息：每次下载作为一次查看记入案件和审计. 本机没有转换程序的不提供."""
    return pdf_of(site_of(request), caller, matter, no)


def pdf_of(site: Site, caller: InPost, matter: str, no: int) -> Response:
    """The original as PDF, once the look is recorded. Raises Problem."""
    if site.pdf is None:
        said = "本机没有装转换 PDF 的程序，请下载 .docx，或者打印时选“另存为 PDF”"
        raise Problem(HTTPStatus.CONFLICT, "no_pdf", said)
    made, paper = handed_out(site, caller, matter, no, "下载 PDF ")
    try:
        return as_file(site.pdf.pdf(made), paper, "pdf", PDF)
    except NoPdf as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "no_pdf", str(error)) from None


def paper_in(it: Known, no: int) -> Document:
    """The paper, for whoever may read what it says. Raises Problem."""
    paper = papers.paper_of(it.d, no)
    if paper is None:
        raise hidden()
    if not it.view.reads(it.d, it.policy, paper):
        raise Problem(HTTPStatus.FORBIDDEN, "no_look", "您的岗位与本案的关系不能查看这份文书的内容")
    return paper


def text_of(site: Site, it: Known, no: int) -> list[papers.Block]:
    """What a paper says, without identities. Raises Problem."""
    paper = paper_in(it, no)
    try:
        found = papers.read(site.ledger, it.d, it.policy, paper, business_now(it.d))
    except LookupError as error:
        raise Problem(HTTPStatus.CONFLICT, "no_form", str(error)) from None
    except LedgerBroken as error:
        raise _broken(error) from None
    return papers.veiled(found, it.d, it.veil)


def handed_out(site: Site, caller: InPost, matter: str, no: int, why: str) -> tuple[bytes, Document]:
    """The original of an issued paper, once the look that this is stands in the matter's record. Raises Problem."""
    it = known(site, caller.post, matter)
    paper = paper_in(it, no)
    try:
        made = papers.whole_bytes(site.ledger, it.d, paper)
    except LookupError as error:
        raise Problem(HTTPStatus.CONFLICT, "not_issued", str(error)) from None
    except LedgerBroken as error:
        raise _broken(error) from None
    assert paper.issued
    note(site, caller, it, "parties", f"{why}{paper.name} {paper.issued.number}", secrets.token_hex(16), no)
    return made, paper


def _broken(error: LedgerBroken) -> Problem:
    """An original that is gone or was changed: told plainly, with what to do; it is never made anew."""
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "broken", str(error))


def as_file(made: bytes, paper: Document, ending: str = "docx", media_type: str = DOCX) -> Response:
    """The paper as a browser saves it; its name is its number's, nobody's."""
    assert paper.issued
    name = quote(f"{paper.name.replace('/', '、')}{paper.issued.number}.{ending}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
    return Response(made, media_type=media_type, headers=headers)
