"""The desk: what lies on it, signing for several tasks at once, handing them over, having looked."""

import asyncio
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, status
from pydantic import Field

from activities.messages import Receipt
from api.access.guard import Handler, InPost, Reader
from api.actions import Doing, Key, take
from api.known import beside, known
from api.matters import Paged
from api.problems import Problem, Unseen, hidden
from api.site import Site, site_of
from api.unseen import note
from domain.words import LONGEST_LIST, Model, UnitName
from ledger import accounts, desk
from ledger.desk import Chosen, Scope, Tab

router = APIRouter(tags=["工作台"])

AT_ONCE = 4
"""Acts of one request that are under way together."""


class Whose(StrEnum):
    """Whose tasks."""

    MINE = "mine"
    UNIT = "unit"
    ALL = "all"


class Asked(Chosen, Paged):
    """Which tasks, and which page of them."""

    whose: Whose = Field(
        default=Whose.UNIT, title="谁的", description="mine 我的，unit 本单位的，all 可见的全部"
    )
    tab: Tab | None = Field(default=None, title="栏目", description="不写则为全部未办结的")


class Named(Model):
    """One task."""

    dispute: str = Field(title="案件", max_length=200)
    task: str = Field(title="任务", max_length=40)


class Several(Model):
    """Several tasks."""

    tasks: list[Named] = Field(title="任务", min_length=1, max_length=min(50, LONGEST_LIST))


class HandingOver(Several):
    """Several tasks, and who gets them."""

    to: str = Field(title="接办人", description="本单位人员的账号编号，见 /me/colleagues", max_length=100)


def scope_of(site: Site, caller: InPost, whose: Whose) -> Scope:
    """Whose tasks are asked for; a unit's own system gets the unit's, whatever it asks."""
    own = of_unit(site, caller.post.unit)
    if caller.client:
        return own
    if whose is Whose.MINE:
        return own._replace(officer=caller.session.name)
    return own if whose is Whose.UNIT else Scope(beside=beside(site, caller.post))


def of_unit(site: Site, unit: UnitName) -> Scope:
    """A unit's tasks, those of the name that it shares with others included."""
    return Scope(unit, also=tuple(site.policy.units.common_names(unit)))


@router.get("/tasks", summary="收件箱")
def inbox(asked: Annotated[Asked, Query()], caller: Reader, request: Request) -> dict[str, Any]:
    """任务，最急的在前；已办的后办的在前."""
    site = site_of(request)
    page = desk.inbox(
        site.ledger.engine,
        scope_of(site, caller, asked.whose),
        asked.tab,
        chosen_of(asked),
        after=asked.after,
        most=asked.most,
    )
    return {"tasks": page.rows, "after": page.after}


@router.get("/tasks/counts", summary="各栏目件数")
def counts(asked: Annotated[Asked, Query()], caller: Handler, request: Request) -> dict[str, dict[str, Any]]:
    """未办结各栏目的任务数；超过 1000 的不再数（more 为真）."""
    site = site_of(request)
    found = desk.counts(site.ledger.engine, scope_of(site, caller, asked.whose), chosen_of(asked))
    return {tab.value: count._asdict() for tab, count in found.items()}


def chosen_of(asked: Asked) -> Chosen:
    """The filters alone."""
    return Chosen(**{name: getattr(asked, name) for name in Chosen.model_fields})


@router.post("/tasks/sign", summary="签收几项")
async def sign(several: Several, key: Key, caller: Handler, request: Request) -> list[dict[str, Any]]:
    """一次签收几项任务；逐项答复，一项不成不影响其余."""
    return await each(site_of(request), caller, several.tasks, key, "sign_for", {})


@router.post("/tasks/hand-over", summary="转本单位他人办理")
async def hand_over(over: HandingOver, key: Key, caller: Handler, request: Request) -> list[dict[str, Any]]:
    """把几项任务转给本单位另一人；逐项答复."""
    site = site_of(request)
    name = await asyncio.to_thread(colleague, site, caller, over.to)
    return await each(site, caller, over.tasks, key, "reassign_officer", {"to_officer": name})


def colleague(site: Site, caller: InPost, person: str) -> str:
    """The name of somebody who serves in the caller's unit. Raises Problem."""
    for who, post in accounts.staff(site.ledger, caller.post.unit, accounts.today()):
        if who.id == person and post.role.handles_disputes:
            return who.name
    said = "接办人不是本单位在岗人员，请从名单中选择"
    raise Problem(status.HTTP_422_UNPROCESSABLE_CONTENT, "no_colleague", said, field="to")


@router.get("/me/colleagues", summary="本单位在岗人员")
def colleagues(caller: Handler, request: Request) -> list[dict[str, str]]:
    """可以接办任务的人."""
    serving = accounts.staff(site_of(request).ledger, caller.post.unit, accounts.today())
    return [
        {"id": who.id, "name": who.name, "role": post.role.word}
        for who, post in serving
        if post.role.handles_disputes
    ]


async def each(
    site: Site, caller: InPost, tasks: Iterable[Named], key: str, kind: str, fields: dict[str, Any]
) -> list[dict[str, Any]]:
    """The same action on several tasks, a result for each; with the same key, each is done once."""
    named = list(tasks)
    wanted = [
        (t.dispute, Doing(kind=kind, task=t.task, fields=fields), f"{key}/{t.dispute}/{t.task}")
        for t in named
    ]
    came = await take_each(site, caller, wanted)
    return [task.model_dump() | _said(what) for task, what in zip(named, came, strict=True)]


def _said(came: Receipt | Problem | None) -> dict[str, Any]:
    if isinstance(came, Problem):
        return {"taken": False, "code": came.code, "said": came.message}
    return {"taken": True} if came else {"taken": False, "said": "已接收，正在等待台账"}


async def take_each(
    site: Site, caller: InPost, wanted: Iterable[tuple[str, Doing, str]]
) -> list[Receipt | Problem | None]:
    """What came of each of these, a matter, what is done and its key, as :func:`take` tells it; one refused stops no other."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(matter: str, doing: Doing, key: str) -> Receipt | Problem | None:
        async with gate:
            try:
                return await take(site, caller, matter, doing, key)
            except Problem as problem:
                return problem

    came = await asyncio.gather(*(one(*each) for each in wanted))
    if unseen := [each for each in came if isinstance(each, Unseen)]:
        await asyncio.to_thread(note, site, caller.acting, unseen)
    return came


@router.post("/disputes/{matter}/tasks/{task}/seen", status_code=status.HTTP_204_NO_CONTENT, summary="已看过")
def seen(matter: str, task: str, caller: Handler, request: Request) -> None:
    """记下本单位有人看过这项任务；只记第一次."""
    saw(site_of(request), caller, matter, task)


def saw(site: Site, caller: InPost, matter: str, task: str) -> None:
    """Somebody of the task's unit opened it. Raises Problem for a task that is not the unit's."""
    it = known(site, caller.post, matter)
    its = it.d.tasks.get(task)
    if its is None or not it.policy.units.same(its.unit, caller.post.unit):
        raise hidden()
    desk.mark_seen(site.ledger.engine, it.d.id, task, caller.session.person)
