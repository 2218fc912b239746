"""督办: what is late, by unit, the worst first; cards with their appeals; the supervisions one's own unit issued."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.tasks import Whose, scope_of
from console import view
from console.door import Visit, Visitor, shell
from console.showing import rows, supervised
from console.showing.rows import Line, Lines
from console.view import page
from domain.words import SHANGHAI
from ledger import desk, supervision
from ledger.desk import Chosen, Late, Scope, Tab
from ledger.supervision import Cards

router = APIRouter()

HERE = "/supervision"
FIRST = 5
"""Lines of a unit that stand open; the others are one click away."""
SHOWN = {
    "units": "按单位",
    "appeals": "申诉待决定",
    "decided": "申诉已决定",
    "own": "本单位发的督办",
    "withdrawn": "已撤的牌",
}
CARDS = {"appeals": Cards.WAITING, "decided": Cards.DECIDED, "withdrawn": Cards.WITHDRAWN}
After = Annotated[str | None, Query(max_length=500)]


class Unit(NamedTuple):
    """A unit with what it is late with: the counts are of all, the lines are the first."""

    late: Late
    longest: str
    """How long its oldest is late, in that clock's own unit."""
    appeals: int
    lines: list[Line]

    @property
    def all_of_it(self) -> str:
        """Where all of its lines are."""
        return address(unit=self.late.unit)


def address(**given: str | None) -> str:
    """The page, looked at so."""
    return view.address(HERE, given)


@router.get(HERE)
async def late(
    visitor: Visit, request: Request, show: str = "units", unit: str | None = None, after: After = None
) -> Response:
    """What is late by unit; ``unit``: all of one unit; ``show``: cards or supervisions instead."""
    known: Lines = request.app.state.lines
    scope = scope_of(visitor.site, visitor.acts, Whose.ALL)
    found = await asyncio.to_thread(_found, visitor, known, scope, show, unit, after)
    return page(
        "supervision.html", shell=shell(visitor, HERE), now=datetime.now(SHANGHAI), address=address, **found
    )


def _found(
    visitor: Visitor, known: Lines, scope: Scope, show: str, unit: str | None, after: str | None
) -> dict[str, Any]:
    engine = visitor.site.ledger.engine
    units = desk.late_by_unit(engine, scope)
    waiting = supervision.appeals_waiting(engine, scope.beside)
    number = sum(u.late for u in units)
    shown: dict[str, Any] = {
        "title": f"督办（{number}）",
        "number": number,
        "late_units": sum(u.late > 0 for u in units),
        "waiting": sum(waiting.values()),
        "words": SHOWN,
        "show": "units",
        "unit": None,
        "after": None,
    }
    if which := CARDS.get(show):
        cards = supervision.cards_in(engine, which, scope.beside, after=after)
        return shown | {
            "show": show,
            "cards": supervised.appealed(visitor, known, cards.rows),
            "after": cards.after,
        }
    if show == "own":
        names = {supervised.PAPER, visitor.site.policy.paper(supervised.PAPER)}
        issued = supervision.papers_issued(engine, visitor.post.unit, names, after=after)
        return shown | {
            "show": show,
            "issued": supervised.supervisions(visitor, issued.rows),
            "after": issued.after,
        }
    if unit:
        listed = desk.inbox(engine, scope, Tab.OVERDUE, Chosen(unit=unit), after=after)
        own = next((u.late for u in units if u.unit == unit), 0)
        return shown | {
            "unit": unit,
            "own": own,
            "lines": _lines(visitor, known, listed.rows),
            "after": listed.after,
        }
    return shown | {"units": _units(visitor, known, scope, units, waiting)}


def _units(
    visitor: Visitor, known: Lines, scope: Scope, units: list[Late], waiting: dict[str, int]
) -> list[Unit]:
    late_now = [u.unit for u in units if u.late]
    first = desk.first_late(visitor.site.ledger.engine, scope, late_now, FIRST)
    lines: dict[str, list[Line]] = {}
    for line in _lines(visitor, known, first):
        lines.setdefault(line.unit, []).append(line)
    longest = _longest(visitor, known, first)
    return [Unit(u, longest.get(u.unit, ""), waiting.get(u.unit, 0), lines.get(u.unit, [])) for u in units]


def _longest(visitor: Visitor, known: Lines, first: list[dict[str, Any]]) -> dict[str, str]:
    """How late the first of each unit's rows is: of what is counted, whether or not the post sees the matter itself."""
    oldest = list({row["unit"]: row for row in reversed(first)}.values())
    ledger, now = visitor.site.ledger, datetime.now(SHANGHAI)
    about = known.of(oldest)
    return {
        row["unit"]: rows.line(row, own, ledger.policy(own.policy_version), now).when
        for row in oldest
        if (own := about.get(row["dispute_id"]))
    }


def lines_of(visitor: Visitor, known: Lines, tab: Tab | None, chosen: Chosen, most: int = 200) -> list[Line]:
    """The tasks of all matters that the post sees."""
    scope = scope_of(visitor.site, visitor.acts, Whose.ALL)
    found = desk.inbox(visitor.site.ledger.engine, scope, tab, chosen, most=most)
    return _lines(visitor, known, found.rows)


def _lines(visitor: Visitor, known: Lines, found: Iterable[dict[str, Any]]) -> list[Line]:
    """These tasks as lines, without those of matters that the post does not know of."""
    found = list(found)
    ledger, now = visitor.site.ledger, datetime.now(SHANGHAI)
    about = known.seen(found, visitor.post)
    return [
        rows.line(row, own, ledger.policy(own.policy_version), now)
        for row in found
        if (own := about.get(row["dispute_id"]))
    ]
