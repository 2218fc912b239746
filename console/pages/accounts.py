"""账号: who has one and which posts; made and given posts by the administrator, slips and leavers by the head of a unit."""

import asyncio
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query
from pydantic import ValidationError
from starlette.responses import Response

from api.access import by_platform
from api.accounts import (
    Leaving,
    NewPerson,
    NewPost,
    granted,
    handed_over,
    known_people,
    open_now,
    suspended,
)
from api.identities import Identity
from api.problems import Problem, hidden
from console import made as shown_once
from console.door import Administrator, Head, Keeper, Sent, Visitor, shell
from console.forms import account, acting, faults
from console.forms.acting import Filled, new_id
from console.forms.taking import as_sent, taken
from console.showing.granting import Grantable, grantable
from console.showing.staffing import lawful_units
from console.told import NOTHING, Heard, Told, onward
from console.view import form_page, page
from domain.access import AccountState, NotGranted, Role
from domain.choices import Choice
from domain.posts import OF_THE_OFFICE
from ledger import accounts, grants, identities

router = APIRouter()

HERE = "/accounts"
Person = dict[str, Any]


UnitAsked = Annotated[str, Query(max_length=100)]


class Part(NamedTuple):
    """The form on somebody's page, as it is filled in. ``grantable``: what may be given in the unit that was chosen."""

    filled: Filled
    grantable: Grantable | None = None


@router.get(HERE)
async def people(visitor: Keeper, done: Heard) -> Response:
    """The accounts that one looks after; ``done``: what was just done with one."""
    return await _people(visitor, done=done)


@router.post(HERE)
async def create(visitor: Administrator, pairs: Sent) -> Response:
    """A new account; its slip is shown this once."""
    site = visitor.site

    def make(person: NewPerson) -> tuple[str, str]:
        hours = site.rules.slip_h
        return accounts.create(site.ledger, visitor.acts.acting, person.login, person.name, hours=hours)

    made, filled = await taken(account.PERSON, pairs, NewPerson, make)
    if made is None:
        return await _people(visitor, filled)
    return _on_to_slip(visitor, *made)


@router.get(HERE + "/{person}")
async def show(person: str, visitor: Keeper, done: Heard, unit: UnitAsked = "") -> Response:
    """One account with its posts, and what may be done with it. ``unit``: in which a post is to be given."""
    part = await asyncio.to_thread(_granting, visitor, person, unit.strip()) if unit.strip() else None
    return await _person(visitor, person, part, done)


@router.post(HERE + "/{person}/slip")
async def slip(person: str, visitor: Keeper, _: Sent) -> Response:
    """Another slip, for whoever lost his password."""
    site = visitor.site
    text = await asyncio.to_thread(
        accounts.new_slip, site.ledger, visitor.acts.acting, person, hours=site.rules.slip_h
    )
    return _on_to_slip(visitor, person, text)


@router.post(HERE + "/{person}/posts")
async def grant(person: str, visitor: Administrator, pairs: Sent) -> Response:
    """Give a post, or lend one, in the unit that was chosen first."""
    unit = dict(pairs).get("unit", "").strip()
    part = await asyncio.to_thread(_granting, visitor, person, unit)
    if part.grantable is None:
        return await _person(visitor, person, part)
    made, filled = await taken(
        part.filled.fields,
        pairs,
        NewPost,
        lambda post: granted(visitor.site, visitor.acts, post),
        person=person,
        unit=unit,
    )
    if made is None:
        return await _person(visitor, person, part._replace(filled=filled))
    return _done(visitor, person, f"已授予{made.unit}{made.role.word}岗位")


@router.post(HERE + "/{person}/posts/{post}/end")
async def end(person: str, post: str, visitor: Keeper, _: Sent) -> Response:
    """Take a post away."""
    await asyncio.to_thread(grants.end_post, visitor.site.ledger, visitor.acts.acting, post)
    return _done(visitor, person, "岗位已收回，立即生效")


@router.post(HERE + "/{person}/identity")
async def link(person: str, visitor: Administrator, pairs: Sent) -> Response:
    """Say which account at the platform is this person's."""
    try:
        wish = Identity.model_validate({"subject": dict(pairs).get("subject", "").strip()})
    except ValidationError:
        said = "平台账号标识须为 1 至 255 个字符，请照平台管理员提供的填写"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "subject", said, field="subject") from None
    await asyncio.to_thread(by_platform.link, visitor.site, visitor.acts.acting, person, wish.subject)
    return _done(visitor, person, "已绑定统一身份")


@router.post(HERE + "/{person}/identity/end")
async def unlink(person: str, visitor: Administrator, _: Sent) -> Response:
    """No account at the platform is this person's any more."""
    await asyncio.to_thread(identities.unlink, visitor.site.ledger, visitor.acts.acting, person)
    return _done(visitor, person, "已解除统一身份绑定")


@router.post(HERE + "/{person}/suspension")
async def suspend(person: str, visitor: Administrator, _: Sent) -> Response:
    """Close an account at once."""
    left = await asyncio.to_thread(suspended, visitor.site, visitor.acts, person)
    return _done(visitor, person, f"账号已停用；{_said_open(left)}")


@router.post(HERE + "/{person}/suspension/end")
async def restore(person: str, visitor: Administrator, _: Sent) -> Response:
    """Open it again."""
    await asyncio.to_thread(accounts.restore, visitor.site.ledger, visitor.acts.acting, person)
    return _done(visitor, person, "账号已恢复，岗位和口令照旧，请本人重新登录")


@router.post(HERE + "/{person}/leaving")
async def leave(person: str, visitor: Head, pairs: Sent) -> Response:
    """All that somebody has in hand goes to a colleague."""
    fields = account.heir(await asyncio.to_thread(_colleagues, visitor, person))
    filled = as_sent(fields, pairs, {})
    try:
        wish = Leaving.model_validate(filled.body)
        key = dict(pairs).get("_id") or new_id("leaving")
        over = await handed_over(visitor.site, visitor.acts, person, wish.to, key)
    except ValidationError as error:
        wrong = filled._replace(wrong=faults.of_error(error, fields))
        return await _person(visitor, person, Part(wrong))
    except Problem as problem:
        return await _person(visitor, person, Part(filled.refused(problem.field, problem.message)))
    refused = [one["said"] for one in over if not one["taken"]]
    said = f"已移交 {len(over) - len(refused)} 件" + ("" if refused else "，本单位岗位已收回")
    said += f"；{len(refused)} 件没有移交成：{'；'.join(refused)}" if refused else ""
    return _done(visitor, person, said, failed=bool(refused))


def _said_open(left: dict[str, int]) -> str:
    """What stands in somebody's name, in words."""
    found = "、".join(f"{unit} {number} 项" for unit, number in left.items())
    return f"名下未办结的任务：{found}，由单位负责人移交" if found else "名下没有未办结的任务"


def _done(visitor: Visitor, person: str, said: str, *, failed: bool = False) -> Response:
    """On to what is left to see: a head does not see whoever has no post in his unit any more."""
    where = f"{HERE}/{person}" if visitor.post.role is Role.ADMINISTRATOR else HERE
    return onward(visitor, where, said, failed=failed)


async def _people(visitor: Visitor, refused: Filled | None = None, done: Told = NOTHING) -> Response:
    found = await asyncio.to_thread(known_people, visitor.site, visitor.acts)
    drawn, summary = (refused or Filled(account.PERSON, {}, None, {})).drawn()
    return form_page(
        "accounts.html",
        refused,
        title="账号",
        shell=shell(visitor, HERE),
        people=found,
        controls=drawn,
        faults=summary,
        done=done,
        administers=visitor.post.role is Role.ADMINISTRATOR,
    )


def _on_to_slip(visitor: Visitor, person: str, text: str) -> Response:
    return shown_once.onward(visitor, _slip_at(person), {"slip": text})


def _slip_at(person: str) -> str:
    return f"{HERE}/{person}/slip"


@router.get(HERE + "/{person}/slip")
async def show_slip(person: str, visitor: Keeper, sealed: shown_once.Sealed = "") -> Response:
    """The slip to print and hand over; it is kept nowhere."""
    what = shown_once.shown(visitor, _slip_at(person), sealed)
    who = await _one(visitor, person)
    return page(
        "slip_made.html",
        who=who,
        slip=what["slip"],
        hours=visitor.site.rules.slip_h,
        county=visitor.site.policy.county,
    )


async def _one(visitor: Visitor, person: str) -> Person:
    return _one_of(await asyncio.to_thread(known_people, visitor.site, visitor.acts), person)


def _one_of(found: list[Person], person: str) -> Person:
    who = next((one for one in found if one["id"] == person), None)
    if who is None:
        raise hidden()
    return who


async def _person(visitor: Visitor, person: str, part: Part | None = None, done: Told = NOTHING) -> Response:
    """``part``: the form as it was filled in; a new one without."""
    found = await asyncio.to_thread(known_people, visitor.site, visitor.acts)
    who, administers = _one_of(found, person), visitor.post.role is Role.ADMINISTRATOR
    if part is None:
        heirs = [] if administers else await asyncio.to_thread(_colleagues, visitor, person)
        part = Part(Filled([account.UNIT] if administers else account.heir(heirs), {}, None, {}))
    drawn, summary = part.filled.drawn()
    served = (post["unit"] for one in found for post in one["posts"] if post["role"].handles_disputes)
    closable = administers and person != visitor.person and who["status"] is not AccountState.SUSPENDED
    return form_page(
        "account.html",
        summary,
        title=f"账号　{who['name']}",
        shell=shell(visitor, HERE),
        who=who,
        himself=person == visitor.person,
        administers=administers,
        suspended=who["status"] is AccountState.SUSPENDED,
        in_hand=_said_open(await asyncio.to_thread(open_now, visitor.site, person)) if closable else "",
        grantable=part.grantable,
        controls=drawn,
        faults=summary,
        done=done,
        id=new_id("leaving"),
        **by_platform.shown(visitor.site),
        units=[OF_THE_OFFICE, *lawful_units(visitor.site.policy, served)],
    )


def _granting(visitor: Visitor, person: str, unit: str) -> Part:
    """The form of a post in a unit, or once more the question for the unit, with what is wrong with it."""
    site, today = visitor.site, accounts.today()
    if not unit:
        return Part(Filled([account.UNIT], {}, None, {"unit": "请填写单位"}))
    try:
        may = grantable(site.policy, accounts.everybody(site.ledger), person, unit, today)
    except NotGranted as error:
        return Part(Filled([account.UNIT], {"unit": unit}, None, {"unit": str(error)}))
    fields = account.post(may.roles, _named(may.heads), _named(may.lent), today)
    return Part(Filled(fields, acting.suggested(fields), None, {}), may)


def _colleagues(visitor: Visitor, person: str) -> list[Choice]:
    serving = accounts.staff(visitor.site.ledger, visitor.post.unit, accounts.today())
    return _named(
        {who.id: who.name for who, post in serving if post.role.handles_disputes and who.id != person}
    )


def _named(found: dict[str, str]) -> list[Choice]:
    return [Choice(value=value, label=label) for value, label in found.items()]
