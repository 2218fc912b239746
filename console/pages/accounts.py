"""账号: who has one and which posts; made and given posts by the administrator, slips and leavers by the head of a unit."""

import asyncio
from http import HTTPStatus
from typing import Any, NamedTuple

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.responses import Response

from api.access import by_platform
from api.accounts import (
    OF_THE_OFFICE,
    Leaving,
    NewPerson,
    NewPost,
    granted,
    handed_over,
    known_people,
    suspended,
)
from api.identities import Identity
from api.problems import Problem, hidden
from console.door import Administrator, Head, Keeper, Sent, Visitor, shell
from console.forms import account, acting, faults
from console.forms.acting import Filled, new_id
from console.forms.taking import as_sent, taken
from console.showing.staffing import all_units
from console.told import NOTHING, Heard, Told, onward
from console.view import form_page, page
from domain.access import Role
from domain.choices import Choice
from domain.offers import Field
from ledger import accounts, identities

router = APIRouter()

HERE = "/accounts"
Person = dict[str, Any]


class Wrong(NamedTuple):
    """A form that was not taken: which one, as it was filled in, with what is wrong."""

    form: str
    filled: Filled


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
    return await _slip(visitor, *made)


@router.get(HERE + "/{person}")
async def show(person: str, visitor: Keeper, done: Heard) -> Response:
    """One account with its posts, and what may be done with it."""
    return await _person(visitor, person, done=done)


@router.post(HERE + "/{person}/slip")
async def slip(person: str, visitor: Keeper, _: Sent) -> Response:
    """Another slip, for whoever lost his password."""
    site = visitor.site
    made = await asyncio.to_thread(
        accounts.new_slip, site.ledger, visitor.acts.acting, person, hours=site.rules.slip_h
    )
    return await _slip(visitor, person, made)


@router.post(HERE + "/{person}/posts")
async def grant(person: str, visitor: Administrator, pairs: Sent) -> Response:
    """Give a post, or lend one."""
    fields = _post_fields(await asyncio.to_thread(known_people, visitor.site, visitor.acts))
    made, filled = await taken(
        fields, pairs, NewPost, lambda post: granted(visitor.site, visitor.acts, post), person=person
    )
    if made is None:
        return await _person(visitor, person, Wrong("post", filled))
    return _done(visitor, person, f"已授予{made.unit}{made.role.word}岗位")


@router.post(HERE + "/{person}/posts/{post}/end")
async def end(person: str, post: str, visitor: Keeper, _: Sent) -> Response:
    """Take a post away."""
    await asyncio.to_thread(accounts.end_post, visitor.site.ledger, visitor.acts.acting, post)
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
    open_now = "、".join(f"{unit} {number} 件" for unit, number in left.items() if number)
    said = f"名下还有未办结的：{open_now}，由单位负责人移交" if open_now else "名下没有未办结的事"
    return _done(visitor, person, f"账号已停用；{said}")


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
        return await _person(
            visitor, person, Wrong("heir", as_sent(fields, pairs, faults.of_error(error, fields)))
        )
    except Problem as problem:
        return await _person(visitor, person, Wrong("heir", filled.refused(problem.field, problem.message)))
    refused = [one["said"] for one in over if not one["taken"]]
    said = f"已移交 {len(over) - len(refused)} 件" + ("" if refused else "，本单位岗位已收回")
    said += f"；{len(refused)} 件没有移交成：{'；'.join(refused)}" if refused else ""
    return _done(visitor, person, said, failed=bool(refused))


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


async def _slip(visitor: Visitor, person: str, text: str) -> Response:
    """The slip to print and hand over; it is kept nowhere."""
    who = await _one(visitor, person)
    return page(
        "slip_made.html",
        who=who,
        slip=text,
        hours=visitor.site.rules.slip_h,
        county=visitor.site.policy.county.name,
    )


async def _one(visitor: Visitor, person: str) -> Person:
    return _one_of(await asyncio.to_thread(known_people, visitor.site, visitor.acts), person)


def _one_of(found: list[Person], person: str) -> Person:
    who = next((one for one in found if one["id"] == person), None)
    if who is None:
        raise hidden()
    return who


async def _person(
    visitor: Visitor, person: str, wrong: Wrong | None = None, done: Told = NOTHING
) -> Response:
    found = await asyncio.to_thread(known_people, visitor.site, visitor.acts)
    who, administers = _one_of(found, person), visitor.post.role is Role.ADMINISTRATOR
    heirs = [] if administers else await asyncio.to_thread(_colleagues, visitor, person)
    fields = _post_fields(found) if administers else account.heir(heirs)
    served = (post["unit"] for one in found for post in one["posts"] if post["role"].handles_disputes)
    filled = wrong.filled if wrong else Filled(fields, acting.suggested(fields), None, {})
    drawn, summary = filled.drawn()
    return form_page(
        "account.html",
        wrong,
        title=f"账号　{who['name']}",
        shell=shell(visitor, HERE),
        who=who,
        himself=person == visitor.person,
        administers=administers,
        suspended=who["status"] == accounts.SUSPENDED,
        controls=drawn,
        faults=summary,
        done=done,
        id=new_id("leaving"),
        **by_platform.shown(visitor.site),
        units=[OF_THE_OFFICE, *all_units(visitor.site.policy, served)],
    )


def _post_fields(found: list[Person]) -> list[Field]:
    """The form of a post, with the heads who may propose it and the posts that may be lent."""
    held = [(who, post) for who in found for post in who["posts"]]
    heads = {who["id"]: f"{post['unit']}　{who['name']}" for who, post in held if post["role"] is Role.HEAD}
    lent = {
        post["id"]: f"{post['unit']}　{post['word']}　{who['name']}"
        for who, post in held
        if post["role"].handles_disputes and not post["deputy"]
    }
    return account.post(_named(heads), _named(lent), accounts.today())


def _colleagues(visitor: Visitor, person: str) -> list[Choice]:
    serving = accounts.staff(visitor.site.ledger, visitor.post.unit, accounts.today())
    return _named(
        {who.id: who.name for who, post in serving if post.role.handles_disputes and who.id != person}
    )


def _named(found: dict[str, str]) -> list[Choice]:
    return [Choice(value=value, label=label) for value, label in found.items()]
