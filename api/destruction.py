"""销毁: files whose term is over, lists of them, their approval by two others, and carrying one out."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field

from api.access.guard import Handler, InPost
from api.problems import Problem, hidden, refused
from api.site import Site, site_of
from domain.declined import Declined
from domain.destruction import has_part
from domain.words import Model
from ledger import destruction
from ledger.accounts import today
from ledger.destruction import Carried, Due, Item, Listed

router = APIRouter(tags=["档案销毁"])

HERE = "/archives"


class NewList(Model):
    """A list of files to destroy."""

    matters: list[str] = Field(
        title="案件", description="到期清单中的案件编号", min_length=1, max_length=destruction.MOST_DUE
    )
    reason: str = Field(title="销毁依据", description="鉴定意见或依据的文件", min_length=1, max_length=300)


class Opinion(Model):
    """What is said of a list."""

    opinion: str = Field(default="", title="意见", max_length=300)


class Stopping(Model):
    """Why a list is not carried out."""

    opinion: str = Field(title="理由", min_length=1, max_length=300)


@router.get(HERE + "/due", summary="保管期满的档案")
def due(caller: Handler, request: Request) -> list[dict[str, Any]]:
    """已归档、保管期满、未列入清册的，先到期的在前；永久保管的和并入案件未到期的不在内."""
    return [one._asdict() for one in what_is_due(site_of(request), caller)]


@router.get(HERE + "/lists", summary="销毁清册")
def all_lists(caller: Handler, request: Request) -> list[dict[str, Any]]:
    """各份清册：依据、提出人、批准情况、件数."""
    return [shown(one) for one in known_lists(site_of(request), caller)]


@router.post(HERE + "/lists", status_code=HTTPStatus.CREATED, summary="提出销毁清册")
def propose(new: NewList, caller: Handler, request: Request) -> dict[str, Any]:
    """须由提出人以外的两人批准后才能执行；同一案件只能列入一份没有终止的清册."""
    return {"number": proposed(site_of(request), caller, new)}


@router.get(HERE + "/lists/{number}", summary="一份销毁清册")
def one(number: str, caller: Handler, request: Request) -> dict[str, Any]:
    """清册和其中各案，已销毁的写明时间."""
    found, items = known_list(site_of(request), caller, number)
    return {**shown(found), "matters": [item._asdict() for item in items]}


@router.post(HERE + "/lists/{number}/approval", status_code=HTTPStatus.NO_CONTENT, summary="批准销毁清册")
def approve(number: str, said: Opinion, caller: Handler, request: Request) -> None:
    """提出人不能批准；两人批准后可以执行."""
    vote(site_of(request), caller, number, said.opinion, agrees=True)


@router.post(HERE + "/lists/{number}/stop", status_code=HTTPStatus.NO_CONTENT, summary="终止销毁清册")
def stop(number: str, said: Stopping, caller: Handler, request: Request) -> None:
    """不同意的、情况有变的，任一有权的人可以终止；其中还没销毁的不再销毁."""
    vote(site_of(request), caller, number, said.opinion, agrees=False)


@router.post(HERE + "/lists/{number}/destruction", summary="执行销毁")
def destroy(number: str, caller: Handler, request: Request) -> dict[str, Any]:
    """销毁已批准清册中各案的数据密钥，不能恢复；每次至多 25 件，还有剩余的再办一次."""
    done, left, kept = carried_out(site_of(request), caller, number)
    told = [{"case_no": case_no, "said": said} for case_no, said in kept]
    return {"done": done, "left": left, "kept": told}


# --- the same for the pages ------------------------------------------------------------------------------------------


def require_part(site: Site, caller: InPost) -> None:
    """Raise Problem for whoever has nothing to do with destroying files."""
    if not has_part(caller.post, site.policy):
        said = f"{caller.post.unit}{caller.post.role.word}不办理档案销毁"
        raise Problem(HTTPStatus.FORBIDDEN, "no_archives", said)


def what_is_due(site: Site, caller: InPost) -> list[Due]:
    """What may be destroyed and stands on no list. Raises Problem."""
    require_part(site, caller)
    return destruction.due(site.ledger, site.policy.county.name, today())


def known_lists(site: Site, caller: InPost) -> list[Listed]:
    """The lists, the newest first. Raises Problem."""
    require_part(site, caller)
    return destruction.lists(site.ledger, site.policy)


def known_list(site: Site, caller: InPost, number: str) -> tuple[Listed, list[Item]]:
    """A list with its matters. Raises Problem."""
    require_part(site, caller)
    try:
        return destruction.one_list(site.ledger, site.policy, number)
    except LookupError:
        raise hidden() from None


def proposed(site: Site, caller: InPost, new: NewList) -> str:
    """The number of a new list. Raises Problem."""
    try:
        return destruction.propose(
            site.ledger, site.policy, caller.post, caller.acting, new.matters, new.reason
        )
    except Declined as error:
        raise _refused(error) from None


def vote(site: Site, caller: InPost, number: str, opinion: str, *, agrees: bool) -> None:
    """Agree with a list, or stop it. Raises Problem."""
    known_list(site, caller, number)
    try:
        destruction.vote(
            site.ledger, site.policy, caller.post, caller.acting, number, agrees=agrees, opinion=opinion
        )
    except Declined as error:
        raise _refused(error) from None


def carried_out(site: Site, caller: InPost, number: str) -> Carried:
    """Destroy what of a list is left, some at a time. Raises Problem."""
    known_list(site, caller, number)
    try:
        return destruction.carry_out(site.ledger, site.policy, caller.post, caller.acting, number)
    except Declined as error:
        raise _refused(error) from None


def _refused(error: Declined) -> Problem:
    if error.code == "no_archives":
        return Problem(HTTPStatus.FORBIDDEN, error.code, str(error))
    return refused(error)


def shown(one: Listed) -> dict[str, Any]:
    """A list as the API tells it."""
    votes = [v._asdict() for v in one.votes]
    return {**one._asdict(), "votes": votes, "state": one.state.value}
