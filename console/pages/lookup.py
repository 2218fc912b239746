"""群众查询: how far a matter is, by the code on its receipt; nobody, no firm, no sum is named."""

import asyncio
from http import HTTPStatus
from typing import NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.access.guard import address_of, require_own_page
from api.lookup import MERGED, WRONG, asked_of, merged_with, reached_at, verified, wanted_of
from api.site import Site, site_of
from console import words
from console.door import pairs_of
from console.drawings import route
from console.showing.onward import answer_due
from console.view import page
from domain.dispute import Dispute
from domain.words import Stage
from ledger.codes import TooOften

router = APIRouter()

HERE = "/lookup"
NOW = {
    Stage.REVIEW: "正在初审", Stage.SUPPLEMENT: "等您补材料", Stage.ACCEPTED: "已经受理", Stage.TRIAGED: "已经受理",
    Stage.DIRECT: "正在办理", Stage.CONSULT: "几个部门正在会商", Stage.JOINT_MEETING: "正在由联席会议研究",
    Stage.CITY: "已报上级协调", Stage.MEDIATION: "正在调解", Stage.INVESTIGATION: "正在调查核实",
    Stage.GUIDANCE: "已告诉您可以走的法律途径", Stage.SUSPENDED: "等法律程序的结果", Stage.DISPOSED: "处置意见已经作出",
    Stage.INFORMED: "结果已经告诉您", Stage.EXECUTION: "正在落实", Stage.CALLBACK: "落实好了，会回访您",
    Stage.REHANDLE: "正在重新办理", Stage.CLOSED: "已经办结", Stage.ARCHIVED: "已经办结", Stage.REFUSED: "没有受理",
    Stage.TRANSFERRED: "已移送有权处理的单位", Stage.MERGED: "已并入另一件一起办", Stage.WITHDRAWN: "已经撤回",
    Stage.LEAD: "作为线索核查", Stage.REPORTED_UP: "已报上级处理", Stage.SPECIAL_CASE: "已转专门工作组处理",
}  # fmt: skip

JOINED = "并入另一件"


class Step(NamedTuple):
    """One step of the way: its word, what stands under it, whether it is done, now, or still to come."""

    word: str
    note: str
    look: str


@router.get(HERE)
async def ask(request: Request) -> Response:
    """The page to ask on."""
    return _asked(site_of(request))


@router.post(HERE)
async def answer(request: Request) -> Response:
    """How far it is, by the code on the receipt."""
    require_own_page(request)
    site, code = site_of(request), dict(await pairs_of(request)).get("code", "").strip()[:40]
    try:
        found, d = await asyncio.to_thread(asked_of, site, code, address_of(request))
    except TooOften as often:
        return _asked(site, str(often), HTTPStatus.TOO_MANY_REQUESTS, code)
    if found is None or d is None:
        return _asked(site, WRONG, HTTPStatus.UNPROCESSABLE_ENTITY, code)
    if found.number:
        paper = verified(d, found.number, site.ledger.policy(d.policy_version))
        return page("lookup_paper.html", county=site.policy.county, paper=paper)
    return page(
        "lookup_result.html",
        county=site.policy.county,
        d=d,
        now=MERGED if d.merged_into else NOW[d.stage or Stage.REVIEW],
        other=_stage_of(await asyncio.to_thread(merged_with, site, d)),
        wanted=await asyncio.to_thread(wanted_of, site, d),
        holder=d.lead or d.center,
        reached=reached_at(site, d),
        until=answer_due(d),
        steps=_steps(d),
    )


def _asked(site: Site, error: str = "", status: int = HTTPStatus.OK, code: str = "") -> Response:
    return page("lookup.html", status=status, county=site.policy.county, error=error, code=code)


def _stage_of(other: Dispute | None) -> str:
    """How far another matter is, of which whoever asks may not be the party."""
    return NOW[other.stage or Stage.REVIEW].replace("您", "当事人") if other else ""


def _steps(d: Dispute) -> list[Step]:
    """The way so far, and what every matter still comes to; one that was merged ends where it went over into the other."""
    begun = [Step("登记", f"{words.said_day(d.facts.received_at)}，{d.facts.received_by}", "done")]
    for name, stop in route.stops(d).items():
        if stop.look in (route.PASSED, route.NOW) and name != "begin":
            at = next((v.at for v in reversed(d.route_taken) if v.stage in route.NODES[name].stages), None)
            note = "现在" if stop.look == route.NOW and not d.closed_at else words.said_day(at)
            begun.append(Step(route.word_of(d, name), note, "here" if stop.look == route.NOW else "done"))
    ahead = [
        Step(route.NODES[name].word, "", "todo")
        for name, stop in route.stops(d).items()
        if stop.look == route.AHEAD
    ]
    order = {name: at for at, name in enumerate(n.word for n in route.NODES.values())}
    done = [s for s in begun if s.look == "done"]
    if d.merged_into:
        joined = route.word_of(d, "refuse")
        over = next(s for s in done if s.word == joined)
        return [*(s for s in done if s is not over), Step(JOINED, over.note, "here")]
    here = [s for s in begun if s.look == "here"]
    return [*done, *here, *sorted(ahead, key=lambda s: order[s.word])]
