"""审计: who did what with accounts, looked at what, was refused what; for the auditor alone."""

import asyncio
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.accounts import Asked, searched
from api.site import Site
from console.door import Auditor, shell
from console.view import address, page
from ledger import accounts, audit
from ledger.clients import A_SYSTEM

router = APIRouter()

HERE = "/audit"
Typed = Annotated[str, Query(max_length=100)]


class Whose(NamedTuple):
    """Whose entries are asked for: by the account, or why that is not known."""

    person: str | None = None
    wrong: str = ""


@router.get(HERE)
async def show(
    visitor: Auditor,
    who: Typed = "",
    verb: Typed = "",
    before: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """A page of it, the newest first; ``who``: a login or a name."""
    site, whose = visitor.site, await asyncio.to_thread(_whose, visitor.site, who.strip())
    if whose.wrong:
        found: dict[str, Any] = {"entries": [], "before": None}
    else:
        asked = Asked(whose.person, verb.strip() or None, before)
        found = await asyncio.to_thread(searched, site, visitor.acts, asked)
    more = found["before"] and address(HERE, {"who": who, "verb": verb, "before": str(found["before"])})
    return page(
        "audit.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if whose.wrong else HTTPStatus.OK,
        title="有错误：审计" if whose.wrong else "审计",
        shell=shell(visitor, HERE),
        entries=found["entries"],
        more=more,
        who=who,
        verb=verb,
        wrong=whose.wrong,
        verbs=await asyncio.to_thread(audit.verbs, site.ledger),
        of=_of,
    )


def _of(who: str, verb: str = "") -> str:
    """Where the entries of somebody are, of one kind."""
    return address(HERE, {"who": who, "verb": verb})


def _whose(site: Site, text: str) -> Whose:
    if not text:
        return Whose()
    found = accounts.called(site.ledger, text)
    if len(found) == 1:
        return Whose(found[0].id)
    if text.startswith(A_SYSTEM):
        return Whose(text)
    if not found:
        return Whose(wrong=f"没有登录名或姓名是“{text}”的账号；姓名要写全")
    logins = "、".join(one.login for one in found)
    return Whose(wrong=f"叫“{text}”的有 {len(found)} 个账号，请写登录名：{logins}")
