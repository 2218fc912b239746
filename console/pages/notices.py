"""通知方式: by which channels an officer hears of reminders, besides his desk."""

import asyncio
from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.responses import Response

from api.notices import Own, choose
from api.problems import Problem
from console.door import Sent, Visit, Visitor, shell
from console.told import NOTHING, Heard, Told, onward
from console.view import form_page
from ledger import notice_choices

router = APIRouter()

HERE = "/notices"
AT_ONCE, DIGEST = "即时", "早间汇总"


@router.get(HERE)
async def show(visitor: Visit, done: Heard) -> Response:
    """The channels there are, and which one chose."""
    chosen = await asyncio.to_thread(notice_choices.choices_of, visitor.site.ledger, visitor.person)
    given = {
        name: (DIGEST if choice.digest else AT_ONCE, choice.address or "") for name, choice in chosen.items()
    }
    return _page(visitor, given, done=done)


@router.post(HERE)
async def change(visitor: Visit, pairs: Sent) -> Response:
    """Hear by what was chosen."""
    said = dict(pairs)
    given = {
        name: (said[f"how-{n}"], said.get(f"address-{n}", "").strip())
        for n, name in enumerate(visitor.site.channels.officers)
        if said.get(f"how-{n}") in (AT_ONCE, DIGEST)
    }
    wanted = [
        {"channel": name, "digest": how == DIGEST, "address": address or None}
        for name, (how, address) in given.items()
    ]
    try:
        await asyncio.to_thread(choose, visitor.site, visitor.acts, Own.model_validate({"channels": wanted}))
    except ValidationError:
        return _page(visitor, given, wrong="地址或号码只能用字母、数字和 . @ + - _，不超过 100 个字符")
    except Problem as problem:
        return _page(visitor, given, wrong=problem.message)
    return onward(visitor, HERE, "已保存")


def _page(
    visitor: Visitor, given: dict[str, tuple[str, str]], *, wrong: str = "", done: Told = NOTHING
) -> Response:
    rows: list[dict[str, Any]] = [
        {
            "n": n,
            "name": name,
            "asks": way.asks_address,
            "how": given.get(name, ("", ""))[0],
            "address": given.get(name, ("", ""))[1],
        }
        for n, (name, way) in enumerate(visitor.site.channels.officers.items())
    ]
    return form_page(
        "notices.html",
        wrong,
        title="通知方式",
        shell=shell(visitor, HERE),
        rows=rows,
        ways=[("", "不用"), (AT_ONCE, "即时"), (DIGEST, "早间汇总，每个工作日一条")],
        wrong=wrong,
        done=done,
    )
