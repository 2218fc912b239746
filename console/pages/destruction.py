"""档案: files whose term is over, lists of them to destroy, their approval by two others, and carrying one out."""

import asyncio
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote

from fastapi import APIRouter
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from api.destruction import (
    HERE,
    NewList,
    Opinion,
    Stopping,
    carried_out,
    known_list,
    known_lists,
    proposed,
    vote,
    what_is_due,
)
from api.problems import Problem, faulty
from console.door import Pairs, Sent, Visit, Visitor, shell
from console.told import NOTHING, Heard, Told, onward
from console.view import form_page
from domain.destruction import ListState, may_approve, may_propose
from ledger.destruction import AT_ONCE, MOST_DUE

router = APIRouter()

M = TypeVar("M", bound=BaseModel)


@router.get(HERE)
async def due(visitor: Visit, done: Heard) -> Response:
    """What is due and stands on no list, and the lists there are."""
    return await _due(visitor, done=done)


@router.post(HERE)
async def propose(visitor: Visit, pairs: Sent) -> Response:
    """A list of those that are ticked, or of all that are due."""
    ticked = [value for name, value in pairs if name == "matter"]
    reason = dict(pairs).get("reason", "").strip()
    try:
        if dict(pairs).get("all"):
            everything = await asyncio.to_thread(what_is_due, visitor.site, visitor.acts)
            ticked = [one.dispute_id for one in everything]
        new = _read(NewList, {"matters": ticked, "reason": reason})
        number = await asyncio.to_thread(proposed, visitor.site, visitor.acts, new)
    except Problem as problem:
        return await _due(visitor, problem, ticked=set(ticked), reason=reason)
    return _back(visitor, number, f"已提出清册 {number}，共 {len(ticked)} 件；须由另外两人批准")


@router.get(HERE + "/{number}")
async def one(number: str, visitor: Visit, done: Heard) -> Response:
    """One list with its matters."""
    return await _one(visitor, number, done=done)


@router.post(HERE + "/{number}/approval")
async def approve(number: str, visitor: Visit, pairs: Sent) -> Response:
    """Agree with it."""
    return await _said(visitor, number, pairs, agrees=True)


@router.post(HERE + "/{number}/stop")
async def stop(number: str, visitor: Visit, pairs: Sent) -> Response:
    """Stop it."""
    return await _said(visitor, number, pairs, agrees=False)


@router.post(HERE + "/{number}/destruction")
async def destroy(number: str, visitor: Visit, pairs: Sent) -> Response:
    """Carry it out, once it is confirmed."""
    try:
        if dict(pairs).get("sure") != "yes":
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "not_sure", "请先勾选“已核对清册”", field="sure")
        done = await asyncio.to_thread(carried_out, visitor.site, visitor.acts, number)
    except Problem as problem:
        return await _one(visitor, number, problem)
    said = [f"已销毁 {done.done} 件"]
    said += [f"还有 {done.left} 件，请再按一次“执行销毁”继续"] if done.left else []
    said += (
        [f"{len(done.kept)} 件没有销毁：" + "；".join(f"{no} {why}" for no, why in done.kept)]
        if done.kept
        else []
    )
    return _back(visitor, number, "。".join(said), failed=bool(done.kept))


async def _said(visitor: Visitor, number: str, pairs: Pairs, *, agrees: bool) -> Response:
    opinion = dict(pairs).get("opinion", "").strip()
    try:
        _read(Opinion if agrees else Stopping, {"opinion": opinion})
        await asyncio.to_thread(vote, visitor.site, visitor.acts, number, opinion, agrees=agrees)
    except Problem as problem:
        return await _one(visitor, number, problem, opinion=opinion)
    return _back(visitor, number, "已批准" if agrees else "已终止，其中还没销毁的不再销毁")


def _read(model: type[M], given: dict[str, object]) -> M:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise faulty(error, model) from None


def _back(visitor: Visitor, number: str, said: str, *, failed: bool = False) -> Response:
    return onward(visitor, f"{HERE}/{quote(number)}", said, failed=failed)


def _wrong(problem: Problem | None) -> list[str]:
    """What is said above a form that was refused, each fault by itself."""
    if problem is None:
        return []
    told: list[dict[str, str]] = problem.more.get("problems", [])
    return [f"{fault['field']}：{fault['reason']}" for fault in told] or [problem.message]


async def _due(
    visitor: Visitor,
    problem: Problem | None = None,
    *,
    ticked: set[str] | None = None,
    reason: str = "",
    done: Told = NOTHING,
) -> Response:
    found = await asyncio.to_thread(what_is_due, visitor.site, visitor.acts)
    lists = await asyncio.to_thread(known_lists, visitor.site, visitor.acts)
    return form_page(
        "archives.html",
        problem,
        title="档案",
        status=problem.status if problem else HTTPStatus.OK,
        shell=shell(visitor, HERE),
        due=found,
        most=MOST_DUE,
        lists=lists,
        ticked=ticked or set[str](),
        reason=reason,
        wrong=_wrong(problem),
        done=done,
        proposes=may_propose(visitor.post, visitor.site.policy),
    )


async def _one(
    visitor: Visitor, number: str, problem: Problem | None = None, *, opinion: str = "", done: Told = NOTHING
) -> Response:
    found, items = await asyncio.to_thread(known_list, visitor.site, visitor.acts, number)
    post, policy = visitor.post, visitor.site.policy
    open_ = found.state in (ListState.WAITING, ListState.APPROVED)
    has_agreed = any(v.agrees and v.person == visitor.person for v in found.votes)
    return form_page(
        "archives_list.html",
        problem,
        title=f"销毁清册　{number}",
        status=problem.status if problem else HTTPStatus.OK,
        shell=shell(visitor, HERE),
        it=found,
        items=items,
        wrong=_wrong(problem),
        opinion=opinion,
        done=done,
        may_agree=found.state is ListState.WAITING
        and may_approve(post, policy)
        and visitor.person != found.person
        and not has_agreed,
        may_stop=open_,
        may_destroy=found.state is ListState.APPROVED and may_propose(post, policy),
        at_once=AT_ONCE,
    )
