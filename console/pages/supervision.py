"""督办: what is late in the county, by unit, the worst first, with its card; 联席会议: what waits for a meeting."""

import asyncio
from datetime import datetime
from typing import Any, NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.tasks import Whose, scope_of
from console.door import Visit, Visitor, shell
from console.showing import rows
from console.showing.rows import Line, Lines
from console.view import page
from domain.tasks import TaskKind
from domain.words import SHANGHAI
from ledger import desk
from ledger.desk import Chosen, Tab

router = APIRouter()

AGENDA = (
    ("待提请或召开", TaskKind.CONVENE_JOINT, "逾期升级或办理步骤要求召开联席会议的"),
    ("等待答复", TaskKind.ANSWER_JOINT, "已提请县政府同意，等待答复的"),
    ("待印发纪要", TaskKind.MINUTES, "会已开，纪要未印发的"),
    ("议定事项", TaskKind.RESOLUTION, "纪要所列、尚未办结的"),
    ("上级协调", TaskKind.REPLY_FROM_ABOVE, "已提请上级，等待答复的"),
)


class Late(NamedTuple):
    """A unit and what it is late with."""

    unit: str
    lines: list[Line]
    red: int
    supervised: int


@router.get("/supervision")
async def late(visitor: Visit, request: Request) -> Response:
    """What is late, by unit."""
    lines = await asyncio.to_thread(_lines, visitor, request.app.state.lines, Tab.OVERDUE, desk.ANY)
    by_unit: dict[str, list[Line]] = {}
    for line in lines:
        by_unit.setdefault(line.unit, []).append(line)
    units = [
        Late(unit, own, sum(x.card == "红牌" for x in own), sum(x.card == "督办" for x in own))
        for unit, own in by_unit.items()
    ]
    units.sort(key=lambda found: len(found.lines), reverse=True)
    return page(
        "supervision.html",
        title=f"督办（{len(lines)}）",
        shell=shell(visitor, "/supervision"),
        units=units,
        number=len(lines),
    )


@router.get("/meetings")
async def agenda(visitor: Visit, request: Request) -> Response:
    """What waits for a joint meeting, for its answer, its minutes, or to be carried out."""
    known = request.app.state.lines
    parts: list[dict[str, Any]] = []
    for word, kind, note in AGENDA:
        lines = await asyncio.to_thread(_lines, visitor, known, None, Chosen(task=kind))
        parts.append({"word": word, "note": note, "lines": lines})
    return page("meetings.html", title="联席会议", shell=shell(visitor, "/meetings"), parts=parts)


def _lines(visitor: Visitor, known: Lines, tab: Tab | None, chosen: Chosen) -> list[Line]:
    """The tasks of all matters that the post sees."""
    ledger, now = visitor.site.ledger, datetime.now(SHANGHAI)
    found = desk.inbox(ledger.engine, scope_of(visitor.site, visitor.acts, Whose.ALL), tab, chosen, most=200)
    about = known.seen(found.rows, visitor.post)
    return [
        rows.line(row, own, ledger.policy(own.policy_version), now)
        for row in found.rows
        if (own := about.get(row["dispute_id"]))
    ]
