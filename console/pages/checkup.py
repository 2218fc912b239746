"""检查: the doctor's findings with the way out of each, looked for when somebody asks; and the way to a matter's history."""

import asyncio
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response
from temporalio.service import RPCError

from console.door import Administrator, Sent, Visitor, shell
from console.view import page
from domain.words import SHANGHAI
from ledger.audit import Kept, entries, record
from starter.doctor.examine import Examined, examine
from starter.doctor.finding import Finding, Severity

router = APIRouter()

HERE = "/checkup"
VERB = "检查运行情况"
LONGEST_S = 60.0
"""Seconds a look may take; of more matters than are looked at in that time the command line tells."""
SHOWN = 50
"""Findings of one kind listed one by one; the rest are counted."""


class Look(NamedTuple):
    """A look that was taken. ``matters``: of so many the workflow was looked at."""

    at: datetime
    examined: Examined
    matters: int


class Group(NamedTuple):
    """The findings of one kind."""

    severity: Severity
    code: str
    number: int
    repairable: bool
    findings: list[Finding]


@router.get(HERE)
async def ask(visitor: Administrator) -> Response:
    """The button, and when somebody looked last; nothing is looked for yet."""
    last = await asyncio.to_thread(entries, visitor.site.ledger, verb=VERB, most=1)
    return _page(visitor, last=last[0] if last else None)


@router.post(HERE)
async def look(visitor: Administrator, _: Sent, request: Request) -> Response:
    """One look at the whole office; one at a time."""
    checking: asyncio.Lock = request.app.state.checking
    if checking.locked():
        return _page(
            visitor, status=HTTPStatus.CONFLICT, refused="正在检查，是刚才的一次还没有完。请过一分钟再查。"
        )
    async with checking:
        site, numbers = visitor.site, [0]

        def counted(done: int, total: int) -> None:
            numbers.append(total)

        try:
            async with asyncio.timeout(LONGEST_S):
                examined = await examine(
                    site.office.client,
                    site.ledger,
                    queue=site.office.task_queue,
                    demo=site.demo,
                    progress=counted,
                )
        except TimeoutError:
            said = f"{LONGEST_S:.0f} 秒内没有查完，没有结果。案件多的，请能登录服务器的人运行 fengqiao doctor，它不限时。"
            return _page(visitor, status=HTTPStatus.GATEWAY_TIMEOUT, refused=said)
        except RPCError:
            return _page(
                visitor,
                status=HTTPStatus.SERVICE_UNAVAILABLE,
                refused="查到一半时流程引擎（Temporal）没有应答，请过一分钟再查。",
            )
    result = "没有要处理的" if examined.sound else f"{len(examined.findings)} 项"
    if examined.usable("PostgreSQL 台账"):
        await asyncio.to_thread(record, site.ledger, visitor.acts.acting.entry(VERB, "", came_to=result))
    return _page(visitor, looked=Look(datetime.now(SHANGHAI), examined, max(numbers)))


@router.get(HERE + "/history")
async def history(visitor: Administrator, case: Annotated[str, Query(max_length=100)] = "") -> Response:
    """On to a matter's history in Temporal's own pages, which ask for a pass of their own; nothing of the matter is shown."""
    site = visitor.site
    found = await asyncio.to_thread(site.ledger.find, case) if case.strip() else None
    if site.histories is None or found is None:
        said = f"没有“{case.strip()}”这个案号或单号，请核对" if site.histories else "没有设置管理员入口的地址"
        return _page(visitor, status=HTTPStatus.NOT_FOUND, case=case, case_error=said)
    return RedirectResponse(site.histories.of(found), HTTPStatus.SEE_OTHER)


def _page(
    visitor: Visitor,
    *,
    status: int = HTTPStatus.OK,
    looked: Look | None = None,
    last: Kept | None = None,
    refused: str = "",
    **more: Any,
) -> Response:
    shown: dict[str, Any] = {"case": "", "case_error": ""} | more
    return page(
        "checkup.html",
        status=status,
        title="检查",
        shell=shell(visitor, HERE),
        looked=looked,
        examined=looked and looked.examined,
        last=last,
        groups=_groups(looked.examined) if looked else [],
        refused=refused,
        histories=visitor.site.histories,
        longest=int(LONGEST_S),
        **shown,
    )


def _groups(examined: Examined) -> list[Group]:
    by_code: dict[str, list[Finding]] = {}
    for finding in examined.findings:
        by_code.setdefault(finding.code, []).append(finding)
    return [
        Group(found[0].severity, code, len(found), found[0].repairable, found[:SHOWN])
        for code, found in by_code.items()
    ]
