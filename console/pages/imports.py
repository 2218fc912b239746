"""登记 → 导入: the hotline's export by page: sent up, gone over row by row, registered, its rejects taken back as a workbook."""

import asyncio
from collections import Counter
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from api.known import policy_of
from api.problems import hidden
from api.registrations import XLSX, registrar
from console.door import Brought, Sent, Visiting, Visitor, shell
from console.forms import values
from console.view import form_page
from domain.access import Role
from domain.materials import plain_name
from domain.rights import Sight, sight
from domain.wording import reason_of
from domain.words import SHANGHAI, ClaimType, Insurance
from importing.changed import Change
from importing.judged import Outcome
from importing.sheets import UnreadableFile
from ledger import imports
from ledger.imports import PAGE, Import, Row, State
from ledger.materials import PART
from starter.filing.batch import Filing
from starter.filing.kept import Exports

router = APIRouter()

HERE = "/register/import"
LARGEST = 10 * 1024 * 1024
"""Bytes of an export."""
KINDS = (".xlsx", ".xls", ".csv")
STARTS = {".xlsx": b"PK\x03\x04", ".xls": b"\xd0\xcf\x11\xe0"}
WORDS = {"as_judged": "照此判断", "as_dispute": "作为争议登记", "send_back": "退回，不登记"}
REFRESH_S = 5
"""Seconds after which a page that shows progress asks anew."""

Operator = Annotated[Visitor, Depends(Visiting([Role.OPERATOR]))]
ImportId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


def _exports(request: Request) -> Exports | None:
    return request.app.state.exports


@router.get(HERE)
async def ask(visitor: Operator, request: Request) -> Response:
    """Where a file is chosen, and the unit's imports so far."""
    return await _asked(visitor, request)


@router.post(HERE, max_body_size=LARGEST)
async def take(visitor: Operator, brought: Brought, request: Request) -> Response:
    """Take a file in, once its name, its size and how it begins are those of an export."""
    exports, upload = _exports(request), next((u for u in brought.files if u.field == "file"), None)
    told = dict(brought.pairs).get("exported_at", "").strip()
    exported_at = _moment(told)
    if brought.refused:
        return await _asked(visitor, request, str(brought.refused[0][1]), told)
    if exports is None or upload is None or not upload.name:
        return await _asked(visitor, request, "请选一个文件", told)
    if told and exported_at is None:
        return await _asked(visitor, request, "导出时间写成 2026-11-30 09:00 这样，或者不填", told)
    name = plain_name(upload.name)
    ending = next((e for e in KINDS if name.lower().endswith(e)), None)
    if ending is None:
        return await _asked(visitor, request, "只收 .xlsx、.xls、.csv 文件，请在热线平台导出后再选", told)
    data = b"".join(upload.file.content.parts(PART))
    if ending in STARTS and not data.startswith(STARTS[ending]):
        said = f"这个文件名是 {ending}，内容却不是，请用热线平台直接导出的文件，不要改后缀"
        return await _asked(visitor, request, said, told)
    try:
        id = await asyncio.to_thread(
            exports.take, name, data, unit=visitor.post.unit, person=visitor.person, told=exported_at,
            sees=lambda d: sight(d, visitor.post, policy_of(visitor.site, d)) >= Sight.STAGE,
        )  # fmt: skip
    except UnreadableFile as error:
        return await _asked(visitor, request, str(error).rpartition("/")[2], told)
    return RedirectResponse(f"{HERE}/{id}", HTTPStatus.SEE_OTHER)


def _moment(told: str) -> datetime | None:
    """The moment that was typed, if it is one."""
    try:
        at = datetime.fromisoformat(values.taken("datetime", told))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


async def _asked(visitor: Visitor, request: Request, error: str = "", told: str = "") -> Response:
    return form_page(
        "imports.html",
        error,
        title="导入热线导出表",
        shell=shell(visitor, "/register"),
        known=await asyncio.to_thread(imports.listed, visitor.site.ledger, visitor.post.unit),
        readable=_exports(request) is not None,
        error=error,
        told=told,
        largest=LARGEST,
    )


async def _found(visitor: Visitor, id: str) -> Import:
    kept = await asyncio.to_thread(imports.find, visitor.site.ledger, id, visitor.post.unit)
    if kept is None:
        raise hidden()
    return kept


@router.get(HERE + "/{id}")
async def show(
    id: ImportId,
    visitor: Operator,
    request: Request,
    outcome: str = "",
    after: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Its rows page by page, each with its judgement and what was decided; while it is registered, how far that is."""
    return await _page(visitor, await _found(visitor, id), outcome, after, _exports(request))


@router.post(HERE + "/{id}")
async def decide(
    id: ImportId,
    visitor: Operator,
    pairs: Sent,
    request: Request,
    outcome: str = "",
    after: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Keep what was decided of this page's rows and go on to the next; or register all."""
    kept, ledger, given = await _found(visitor, id), visitor.site.ledger, dict(pairs)
    exports = _exports(request)
    if kept.state is State.CHECKING:
        shown = await asyncio.to_thread(imports.page_of, ledger, kept.id, outcome or None, after)
        changes, wrong = _changes(given, shown)
        if wrong:
            return await _page(visitor, kept, outcome, after, exports, wrong, given)
        await asyncio.to_thread(imports.decide, ledger, kept.id, changes)
    begins = kept.state is State.CHECKING or kept.stalls
    if given.get("_do") == "file" and exports and begins:
        if kept.state is State.CHECKING and await _will(exports, kept) != given.get("_will"):
            return await _page(visitor, kept, outcome, after, exports, anew=True)
        await asyncio.to_thread(imports.file, ledger, kept.id)
        exports.file(kept, registrar(visitor.site, visitor.acts))
        return RedirectResponse(f"{HERE}/{kept.id}", HTTPStatus.SEE_OTHER)
    next_ = max((int(n) for n in given.get("_rows", "").split(",") if n.isdecimal()), default=after)
    more = await asyncio.to_thread(imports.page_of, ledger, kept.id, outcome or None, next_, 1)
    at = urlencode({"outcome": outcome, "after": next_ if more else after})
    return RedirectResponse(f"{HERE}/{kept.id}?{at}", HTTPStatus.SEE_OTHER)


async def _will(exports: Exports, kept: Import) -> str:
    """How many rows would be registered now, as the form carries it."""
    return str((await asyncio.to_thread(exports.will, kept))[Filing.NEW])


class Wrong(NamedTuple):
    """What is wrong with a row's decision, and at which of its fields."""

    field: str
    said: str


def _changes(given: dict[str, str], shown: list[Row]) -> tuple[dict[int, dict[str, Any]], dict[int, Wrong]]:
    """What was decided of each row, and what is wrong with it."""
    changes: dict[int, dict[str, Any]] = {}
    wrong: dict[int, Wrong] = {}
    sent = set(given.get("_rows", "").split(","))
    for row in shown:
        n = row.n
        if str(n) not in sent:
            continue
        how = given.get(f"how.{n}", "as_judged")
        said: dict[str, Any] = {"how": how}
        if how == "as_dispute":
            said |= {k: v for k in ("type", "insurance") if (v := given.get(f"{k}.{n}"))}
            if "type" not in said and row.told.get("needs_type"):
                wrong[n] = Wrong("type", "请选争议类型，诉求中没有看出来")
        elif how == "send_back":
            said |= {"reason": given.get(f"reason.{n}", "").strip()}
        try:
            changes[n] = Change.model_validate(said).model_dump(mode="json")
        except ValidationError as error:
            wrong[n] = Wrong("reason", reason_of(error.errors(include_url=False)[0]))
    return changes, wrong


@router.get(HERE + "/{id}/rejected")
async def rejected(id: ImportId, visitor: Operator, request: Request) -> Response:
    """退回表: the rows that are not registered, each with why, to be mended and sent up again."""
    kept, exports = await _found(visitor, id), _exports(request)
    if exports is None:
        raise hidden()
    name, data = await asyncio.to_thread(exports.rejected, kept)
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(data, media_type=XLSX, headers={"Content-Disposition": disposition})


async def _page(
    visitor: Visitor,
    kept: Import,
    outcome: str,
    after: int,
    exports: Exports | None,
    wrong: dict[int, Wrong] | None = None,
    given: dict[str, str] | None = None,
    *,
    anew: bool = False,
) -> Response:
    """``anew``: how many would be registered is not what the button said, so that it is asked once more."""
    ledger = visitor.site.ledger
    rows: list[Row] = await asyncio.to_thread(
        imports.page_of, ledger, kept.id, outcome or None, after, PAGE + 1
    )
    counts = await asyncio.to_thread(imports.counts, ledger, kept.id)
    filed = sum(counts.filings.values())
    checking = exports if kept.state is State.CHECKING else None
    fates = await asyncio.to_thread(checking.will, kept) if checking else Counter[Filing]()
    shown = form_page(
        "import.html",
        wrong,
        title=f"导入 {kept.name}",
        shell=shell(visitor, "/register"),
        kept=kept,
        rows=rows[:PAGE],
        more=len(rows) > PAGE,
        outcome=outcome,
        after=after,
        tabs=[(o.value, o.said, n) for o in Outcome if (n := counts.outcomes.get(o.value, 0))],
        counts=counts,
        filed=filed,
        will=fates[Filing.NEW],
        left=[(fate.value, n) for fate, n in fates.items() if fate is not Filing.NEW],
        anew=anew,
        errors=counts.filings.get(Filing.RETURNED, 0) or counts.outcomes.get(Outcome.ROW_ERROR, 0),
        types=[t.value for t in ClaimType],
        insurances=[i.value for i in Insurance],
        ways=WORDS,
        wrong=wrong or {},
        given=given or {},
        exported_at=kept.exported_at.astimezone(SHANGHAI),
    )
    if kept.state is State.FILING and not kept.stalls:
        shown.headers["Refresh"] = str(REFRESH_S)
    return shown
