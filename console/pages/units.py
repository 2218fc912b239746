"""单位: the units of the policy with their posts and people, which of them nobody can act for, and the roster."""

import asyncio

from fastapi import APIRouter
from starlette.responses import Response

from console.door import Administrator, shell
from console.showing.staffing import all_units, served_by, staffed
from console.view import page
from domain.clocks import TAG_WORDS
from ledger import accounts, checkup, desk

router = APIRouter()

HERE = "/units"


@router.get(HERE)
async def show(visitor: Administrator) -> Response:
    """Every unit, and the roster of the policy."""
    site = visitor.site
    people = await asyncio.to_thread(accounts.everybody, site.ledger)
    named = all_units(site.policy, served_by(people))
    open_tasks = await asyncio.to_thread(desk.open_by_unit, site.ledger.engine, named)
    open_tasks |= await asyncio.to_thread(checkup.unstaffed, site.ledger.engine)
    found = staffed(site.policy, people, open_tasks, accounts.today())
    return page(
        "units.html",
        title="单位",
        shell=shell(visitor, HERE),
        units=[unit for unit in found if unit.roles or unit.people or unit.lacks],
        others=[unit.name for unit in found if not (unit.roles or unit.people or unit.lacks)],
        lacking=sum(bool(unit.lacks) for unit in found),
        roster=site.policy.roster,
        names=site.policy.units.roles,
        tags=TAG_WORDS,
    )
