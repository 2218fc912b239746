"""一并制发: several papers ticked, looked at once more and issued, each by itself: one that is refused stops no other."""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from activities.messages import Receipt
from api.actions import Doing
from api.known import Known, known
from api.problems import Problem
from api.tasks import take_each
from console.door import Pairs, Sent, Visit, Visitor, shell
from console.forms.acting import new_id
from console.pages.papers import HERE as PAPERS
from console.pages.papers import ISSUED_AT_ONCE, waiting_page
from console.view import page
from domain.paper import PaperState
from domain.paper_content import gaps
from domain.paper_waiting import issued_by, waits
from domain.rights import Sight, why_not
from ledger import accounts
from starter.office import papers
from starter.office.views import applicant, business_now

router = APIRouter()

HERE = f"{PAPERS}/issue"
KIND = "issue_paper"
NO_SIGNER = "请写明签发人"
NOT_TAKEN = "已接收，正在等待台账；过一会儿再看"


class Ticked(NamedTuple):
    """A paper that somebody ticked. ``why_not``: it cannot be issued with the others; ``number``: what it was issued under."""

    matter: str
    no: int
    case_no: str = ""
    name: str = ""
    to: str = ""
    applicant: str = ""
    why_not: str = ""
    number: str = ""

    @property
    def key(self) -> str:
        """As the form sends it."""
        return f"{self.matter}|{self.no}"


@router.post(HERE)
async def several(visitor: Visit, pairs: Sent, request: Request) -> Response:
    """Look at what was ticked once more; issue it; or go back with the same ticks."""
    given = dict(pairs)
    ticked = list(dict.fromkeys(value for name, value in pairs if name == "t"))
    if given.get("_do") == "edit":
        return await waiting_page(visitor, request, ticked)
    if wrong := _counted(len(ticked)):
        return await waiting_page(visitor, request, ticked, wrong=wrong)
    if given.get("_do") != "send":
        return await _review(visitor, pairs, await _looked_at(visitor, ticked))
    if not given.get("signed_by", "").strip():
        return await _review(visitor, pairs, await _looked_at(visitor, ticked), NO_SIGNER)
    return await _issued(visitor, pairs, ticked)


def _counted(number: int) -> str:
    if not number:
        return "没有勾选。先在左边勾选要一并制发的，再按“一并制发勾选的”。"
    return (
        f"勾选了 {number} 份，一次至多 {ISSUED_AT_ONCE} 份，请分几次制发。" if number > ISSUED_AT_ONCE else ""
    )


async def _looked_at(visitor: Visitor, ticked: Sequence[str]) -> list[Ticked]:
    return await asyncio.to_thread(lambda: [_look(visitor, key) for key in ticked])


def _look(visitor: Visitor, key: str) -> Ticked:
    matter, _, no = key.partition("|")
    paper_no = int(no) if no.isdecimal() and len(no) < 5 else 0
    try:
        it = known(visitor.site, visitor.post, matter[:200])
    except Problem as problem:
        return Ticked(matter, paper_no, why_not=problem.message)
    paper = papers.paper_of(it.d, paper_no)
    if paper is None:
        return Ticked(matter, paper_no, it.d.case_no, why_not="没有这一份文书")
    if it.seen < Sight.MASKED:
        return Ticked(it.d.id, paper_no, it.d.case_no, why_not=_why_not(visitor, it, paper_no) or "")
    found = Ticked(
        it.d.id, paper_no, it.d.case_no, it.veil.say(paper.name), it.veil.text(paper.to), applicant(it.d)
    )
    if paper.issued:
        return found._replace(number=paper.issued.number)
    return found._replace(why_not=_why_not(visitor, it, paper_no) or "")


def _why_not(visitor: Visitor, it: Known, no: int) -> str | None:
    paper = it.d.documents[no - 1]
    if why := why_not(it.d, visitor.post, it.policy, business_now(it.d), KIND):
        return why
    if waits(it.policy, it.d, paper) is not PaperState.DRAFT:
        return "须先审核，现在不能制发"
    if not issued_by(it.policy, it.d, paper, visitor.post.unit):
        return "不由本单位制发"
    missing = gaps(it.policy, it.d, paper)
    return f"还缺{'、'.join(missing)}，须单独制发，写明后才能编号" if missing else None


async def _review(visitor: Visitor, pairs: Pairs, found: list[Ticked], wrong: str = "") -> Response:
    given = dict(pairs)
    staff = await asyncio.to_thread(accounts.staff_names, visitor.site.ledger, visitor.post.unit)
    return _page(
        visitor,
        "提交前再看一眼：一并制发",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        able=[t for t in found if not t.why_not and not t.number],
        unable=[t for t in found if t.why_not],
        done=[t for t in found if t.number],
        signed_by=given.get("signed_by", "").strip(),
        wrong=wrong,
        id=given.get("_id") or new_id("issue"),
        staff=staff,
        review=True,
    )


async def _issued(visitor: Visitor, pairs: Pairs, ticked: list[str]) -> Response:
    """Each by its own key, so that the same form sent twice issues nothing twice."""
    given = dict(pairs)
    key, signer = given.get("_id") or new_id("issue"), given["signed_by"].strip()

    def wanted(at: str) -> tuple[str, Doing, str]:
        matter, _, no = at.partition("|")
        doing = Doing(kind=KIND, fields={"paper": no, "signed_by": signer})
        return matter[:200], doing, f"{key}/{at}"[:180]

    came = await take_each(visitor.site, visitor.acts, map(wanted, ticked))
    found = await _looked_at(visitor, ticked)
    told = [t._replace(why_not="" if t.number else _said(what)) for t, what in zip(found, came, strict=True)]
    failed = [t for t in told if t.why_not]
    return _page(
        visitor,
        f"{len(failed)} 份没有制发成" if failed else "已制发",
        HTTPStatus.CONFLICT if failed else HTTPStatus.OK,
        able=[],
        unable=failed,
        done=[t for t in told if t.number],
        review=False,
    )


def _said(came: Receipt | Problem | None) -> str:
    if isinstance(came, Problem):
        return came.message
    return "" if came else NOT_TAKEN


def _page(visitor: Visitor, title: str, status: int, **shown: Any) -> Response:
    nothing: dict[str, Any] = {"signed_by": "", "wrong": "", "id": "", "staff": []}
    return page(
        "papers_issue.html", status=status, title=title, shell=shell(visitor, ""), **(nothing | shown)
    )
