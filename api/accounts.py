"""Accounts: made and given posts by the administrator, slips and leavers by the head of a unit; the audit for its auditor."""

import asyncio
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query, Request
from pydantic import Field

from api.access.guard import Administrator, Auditor, InPost, Keeper
from api.actions import Key
from api.problems import Problem
from api.session import shown_post
from api.site import Site, site_of
from api.tasks import Named, colleague, each
from domain.access import Post, Role
from domain.words import Model
from ledger import accounts, audit, desk, grants, identities
from ledger.accounts import Person
from ledger.audit import Kept, Who

router = APIRouter(tags=["账号和审计"])


class NewPerson(Model):
    """Somebody who gets an account."""

    login: str = Field(title="登录名", pattern=r"^\S{2,60}$")
    name: str = Field(title="姓名", min_length=1, max_length=60)


class NewPost(Model):
    """A post to give."""

    person: str = Field(title="人员编号", max_length=100)
    unit: str = Field(title="单位", max_length=100)
    role: Role = Field(title="角色")
    starts: date = Field(title="起")
    ends: date | None = Field(default=None, title="止")
    basis: str = Field(title="依据", description="任命、指派文件或代理原因", min_length=1, max_length=200)
    proposed_by: str | None = Field(default=None, title="提出人的人员编号", max_length=100)
    deputy_for: str | None = Field(default=None, title="代理的岗位", max_length=100)


class Leaving(Model):
    """Somebody who leaves a unit, and who takes over what he has in hand."""

    to: str = Field(title="接办人的人员编号", max_length=100)


@router.get("/accounts", summary="账号")
def people(caller: Keeper, request: Request) -> list[dict[str, Any]]:
    """管理员看全部账号；单位负责人看本单位的."""
    return known_people(site_of(request), caller)


def known_people(site: Site, caller: InPost) -> list[dict[str, Any]]:
    """The accounts that a caller looks after, with their posts."""
    found = accounts.everybody(site.ledger)
    if caller.post.role is not Role.ADMINISTRATOR:
        unit = caller.post.unit
        found = [(who, own) for who, held in found if (own := [p for p in held if p.unit == unit])]
    linked = identities.linked(site.ledger)
    return [_person(who, held, who.id in linked) for who, held in found]


def _person(who: Person, held: list[Post], linked: bool) -> dict[str, Any]:
    return {**who._asdict(), "platform": linked, "posts": [shown_post(post) for post in held]}


@router.post("/accounts", status_code=HTTPStatus.CREATED, summary="建立账号")
def create(person: NewPerson, caller: Administrator, request: Request) -> dict[str, Any]:
    """建立没有岗位的账号；答复中开通凭条的号码只给出这一次，交本人开通."""
    site = site_of(request)
    made, slip = accounts.create(
        site.ledger, caller.acting, person.login, person.name, hours=site.rules.slip_h
    )
    return {"id": made, "slip": slip, "hours": site.rules.slip_h}


@router.post("/accounts/{person}/slips", status_code=HTTPStatus.CREATED, summary="开具开通凭条")
def slip(person: str, caller: Keeper, request: Request) -> dict[str, Any]:
    """为忘记口令的人开具开通凭条，以前开的随即作废；不能为自己开具."""
    site = site_of(request)
    made = accounts.new_slip(site.ledger, caller.acting, person, hours=site.rules.slip_h)
    return {"slip": made, "hours": site.rules.slip_h}


@router.post("/accounts/{person}/suspension", summary="停用账号")
def suspend(person: str, caller: Administrator, request: Request) -> dict[str, Any]:
    """立即停用；open 为其各单位名下未办结的任务数，由单位负责人移交."""
    return {"open": suspended(site_of(request), caller, person)}


def suspended(site: Site, caller: InPost, person: str) -> dict[str, int]:
    """Close an account; what is left in its hands. Raises Problem for somebody unknown, NotGranted."""
    left = open_now(site, person)
    accounts.suspend(site.ledger, caller.acting, person)
    return left


@router.delete("/accounts/{person}/suspension", summary="恢复账号")
def restore(person: str, caller: Administrator, request: Request) -> dict[str, Any]:
    """停用的账号恢复使用：岗位、口令照旧，本人重新登录；没有开通过的仍待开通."""
    accounts.restore(site_of(request).ledger, caller.acting, person)
    return {"id": person}


def open_now(site: Site, person: str) -> dict[str, int]:
    """How many open tasks stand in somebody's name, by those units he has served in where any does. Raises Problem."""
    name = _name_of(site, person)
    units = accounts.units_of(site.ledger, person)
    return {unit: number for unit in units if (number := len(_in_hand(site, unit, name)))}


@router.post("/posts", status_code=HTTPStatus.CREATED, summary="授予岗位")
def grant(post: NewPost, caller: Administrator, request: Request) -> dict[str, Any]:
    """授予岗位或代理岗位；不能授予自己；拒绝的也记入审计."""
    return shown_post(granted(site_of(request), caller, post))


def granted(site: Site, caller: InPost, post: NewPost) -> Post:
    """Give a post. Raises NotGranted."""
    return grants.grant(site.ledger, site.policy, caller.acting, **dict(post))


@router.delete("/posts/{post}", status_code=HTTPStatus.NO_CONTENT, summary="收回岗位")
def end(post: str, caller: Keeper, request: Request) -> None:
    """立即收回；管理员可收回任何岗位，单位负责人可收回本单位的."""
    grants.end_post(site_of(request).ledger, caller.acting, post)


@router.post("/accounts/{person}/leaving", summary="离岗移交")
async def leave(
    person: str, leaving: Leaving, key: Key, caller: Keeper, request: Request
) -> list[dict[str, Any]]:
    """单位负责人把离岗人员在本单位的全部未办结任务一次移交他人；逐项答复，全部移交后收回其本单位岗位."""
    site = site_of(request)
    return await handed_over(site, caller, person, leaving.to, key)


async def handed_over(site: Site, caller: InPost, person: str, to: str, key: str) -> list[dict[str, Any]]:
    """All that somebody has in hand in the caller's unit goes to another; his posts there end when none is left."""
    if person in (to, caller.session.person):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "same_person", "不能移交给本人", field="to")
    name = await asyncio.to_thread(colleague, site, caller, to)
    unit = caller.post.unit
    leaver = await asyncio.to_thread(_name_of, site, person)
    tasks = await asyncio.to_thread(_in_hand, site, unit, leaver)
    done = await each(site, caller, tasks, key, "reassign_officer", {"to_officer": name})
    if all(one["taken"] for one in done):
        serving = await asyncio.to_thread(accounts.staff, site.ledger, unit, accounts.today())
        for post in [post for who, post in serving if who.id == person]:
            await asyncio.to_thread(grants.end_post, site.ledger, caller.acting, post.id)
    return done


def _in_hand(site: Site, unit: str, name: str) -> list[Named]:
    """The open tasks of a unit that stand in somebody's name."""
    own = desk.in_hand(site.ledger.engine, unit, name)
    return [Named(dispute=dispute, task=task) for dispute, task in own]


def _name_of(site: Site, person: str) -> str:
    """Raises Problem for somebody unknown."""
    who = next((who for who, _ in accounts.everybody(site.ledger) if who.id == person), None)
    if who is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no_person", "没有这个账号，请核对")
    return who.name


@router.get("/audit", summary="审计")
def audited(
    caller: Auditor,
    request: Request,
    person: Annotated[str | None, Query(title="人员编号", max_length=100)] = None,
    verb: Annotated[str | None, Query(title="事项", max_length=60)] = None,
    before: Annotated[int | None, Query(title="编号之前", ge=1)] = None,
) -> dict[str, Any]:
    """谁（登录名、姓名、单位、岗位）在何时何地做了什么、成没成，新的在前，每页 100 条；查阅本身也记入审计."""
    return searched(site_of(request), caller, Asked(person, verb, before))


class Asked(NamedTuple):
    """Which entries are asked for. ``person``: by the account; ``before``: older than this one."""

    person: str | None = None
    verb: str | None = None
    before: int | None = None


def searched(site: Site, caller: InPost, asked: Asked) -> dict[str, Any]:
    """A page of the audit, each entry with who it was; ``before``: where the next begins. That it was read is in it first."""
    said = "、".join(part for part in (asked.person, asked.verb) if part)
    audit.record(site.ledger, caller.acting.entry("查阅审计", said))
    found = audit.entries(site.ledger, **asked._asdict())
    more = len(found) == audit.PAGE and found[-1].n > 1
    return {"entries": [_told(kept) for kept in found], "before": found[-1].n if more else None}


def _told(kept: Kept) -> dict[str, Any]:
    who = kept.who._asdict() if kept.who else dict.fromkeys(Who._fields)
    return {"n": kept.n, "at": kept.at, **kept.entry._asdict(), "succeeded": kept.entry.succeeded, **who}
