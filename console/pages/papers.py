"""文书: one read on a page, the original printed or saved once the look is recorded."""

import asyncio
from collections.abc import Collection
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.known import Known, known
from api.papers import as_file, handed_out, paper_in, pdf_of, text_of, waiting_for
from api.problems import Problem
from console.door import Sent, Visit, Visitor, shell
from console.forms import of_paper
from console.forms.of_paper import Link
from console.view import page
from domain.rights import acts_as, why_not
from ledger.paper_desk import MOST
from papers.reading import Block, blocks
from starter.office import papers

router = APIRouter()


HERE = "/papers"
ISSUED_AT_ONCE = 50
"""Papers of one form."""


@router.get(HERE)
async def waiting(visitor: Visit, request: Request) -> Response:
    """What waits to be reviewed or issued by whoever looks."""
    return await waiting_page(visitor, request)


async def waiting_page(
    visitor: Visitor, request: Request, ticked: Collection[str] = (), *, wrong: str = ""
) -> Response:
    """The page, with what was ticked of it and why that was not taken."""
    waiting = await asyncio.to_thread(waiting_for, visitor.site, visitor.acts)
    rows = [one._asdict() for one in waiting]
    about = await asyncio.to_thread(request.app.state.lines.seen, rows, visitor.post)
    found = [one for one in waiting if one.dispute_id in about]
    return page(
        "papers_waiting.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        title=f"待审签文书（{len(found)}）",
        shell=shell(visitor, ""),
        papers=[(one, about[one.dispute_id]) for one in found],
        most=MOST,
        at_once=ISSUED_AT_ONCE,
        may_issue=acts_as(visitor.post, "issue_paper", visitor.site.policy) is not None,
        ticked=ticked,
        wrong=wrong,
    )


@router.get("/matters/{matter}/papers/{no}")
async def show(matter: str, no: int, visitor: Visit) -> Response:
    """What a paper says, identities hidden; a draft where it is not issued yet."""
    it, text = await asyncio.to_thread(_read, visitor, matter, no)
    return _page(visitor, it, no, text)


@router.post("/matters/{matter}/papers/{no}/print")
async def whole(matter: str, no: int, visitor: Visit, pairs: Sent) -> Response:
    """The original to be printed, this once; the look is in the record first."""
    try:
        made, paper = await asyncio.to_thread(handed_out, visitor.site, visitor.acts, matter, no, "打印")
    except Problem as problem:
        return await _refused(visitor, matter, no, problem)
    return page("paper_print.html", paper=paper, text=blocks(made), matter=matter, no=no)


@router.post("/matters/{matter}/papers/{no}/file")
async def file(matter: str, no: int, visitor: Visit, pairs: Sent) -> Response:
    """The original as a file; the look is in the record first."""
    try:
        made, paper = await asyncio.to_thread(handed_out, visitor.site, visitor.acts, matter, no, "下载")
    except Problem as problem:
        return await _refused(visitor, matter, no, problem)
    return as_file(made, paper)


@router.post("/matters/{matter}/papers/{no}/pdf")
async def pdf(matter: str, no: int, visitor: Visit, pairs: Sent) -> Response:
    """The original as PDF, where the machine can make one; the look is in the record first."""
    try:
        return await asyncio.to_thread(pdf_of, visitor.site, visitor.acts, matter, no)
    except Problem as problem:
        return await _refused(visitor, matter, no, problem)


def _read(visitor: Visitor, matter: str, no: int) -> tuple[Known, list[Block]]:
    it = known(visitor.site, visitor.post, matter)
    return it, text_of(visitor.site, it, no)


async def _refused(visitor: Visitor, matter: str, no: int, problem: Problem) -> Response:
    it, text = await asyncio.to_thread(_read, visitor, matter, no)
    return _page(visitor, it, no, text, problem.message)


def _page(visitor: Visitor, it: Known, no: int, text: list[Block], error: str = "") -> Response:
    paper = paper_in(it, no)
    return page(
        "paper.html",
        status=HTTPStatus.CONFLICT if error else HTTPStatus.OK,
        title=f"{paper.name} {it.d.case_no}",
        shell=shell(visitor, ""),
        d=it.d,
        no=no,
        paper=paper,
        row=papers.listed(it.d, it.policy, it.veil)[no - 1],
        text=text,
        error=error,
        pdf=visitor.site.pdf is not None,
        verbs=_verbs(visitor, it, no),
    )


def _verbs(visitor: Visitor, it: Known, no: int) -> list[Link]:
    """What may be done with the paper now, each by its own form."""
    return [
        Link(of_paper.address(it.d.id, kind, no), of_paper.verb(it.policy, kind))
        for kind in of_paper.KINDS
        if why_not(it.d, visitor.post, it.policy, it.now, kind, paper=no) is None
    ]
