"""督办: what is late in the county, by unit, the worst first, with its card."""

import asyncio
from datetime import datetime
from typing import NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.tasks import Whose, scope_of
from console.door import Visit, Visitor, shell
from console.showing import rows
from console.showing.rows import Line, Lines
from console.view import page
from domain.words import SHANGHAI
from ledger import desk
from ledger.desk import Chosen, Tab

router = APIRouter()


class Late(NamedTuple):
    """A unit and what it is late with."""

    unit: str
    lines: list[Line]
    red: int
    supervised: int


@router.get("/supervision")
async def late(visitor: Visit, request: Request) -> Response:
    """What is late, by unit."""
    lines = await asyncio.to_thread(lines_of, visitor, request.app.state.lines, Tab.OVERDUE, desk.ANY)
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


def lines_of(visitor: Visitor, known: Lines, tab: Tab | None, chosen: Chosen, most: int = 200) -> list[Line]:
    """The tasks of all matters that the post sees."""
    ledger, now = visitor.site.ledger, datetime.now(SHANGHAI)
    found = desk.inbox(ledger.engine, scope_of(visitor.site, visitor.acts, Whose.ALL), tab, chosen, most=most)
    about = known.seen(found.rows, visitor.post)
    return [
        rows.line(row, own, ledger.policy(own.policy_version), now)
        for row in found.rows
        if (own := about.get(row["dispute_id"]))
    ]
