"""登记: one's own form, the hotline's ticket, a whole export with its progress; and what looks like the same matter."""

import asyncio
import csv
import json
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import AwareDatetime, Field, ValidationError
from starlette.background import BackgroundTask

from activities.messages import Receipt
from activities.names import dispute_id
from api.access.guard import InPost, Operator, Receiver, Registrar, TicketTaker
from api.actions import by_of_caller, within
from api.known import policy_of
from api.problems import Problem, faulty
from api.site import Site, site_of
from domain.actions import REGISTER
from domain.cautions import registering
from domain.intake import Applicant, Claim, DuplicateHint, Intake, Respondent
from domain.persons import Officer
from domain.rights import Sight, sight
from domain.words import SHANGHAI, Channel, Model, UnitName
from importing.judged import Outcome
from importing.sheets import UnreadableFile, name_on_disk
from ledger.codes import make_code
from ledger.connection import reading
from ledger.lookup import Lookup
from ledger.queries import case_numbers
from ledger.webhooks import keep_sender
from starter.filing.batch import BatchStopped, file_rows
from starter.filing.run import Run

router = APIRouter(tags=["登记"])

LARGEST_FILE = 20_000_000
"""Bytes of an export."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FileName = Annotated[
    str,
    Query(
        title="文件名",
        description="以 .xlsx、.xls 或 .csv 结尾",
        pattern=r"^[^/\\\x00-\x1f]{1,100}\.(?i:xlsx|xls|csv)$",
    ),
]
ExportedAt = Annotated[AwareDatetime | None, Query(title="导出时间", description="不写则按表中内容推定")]


class Suspected(Model):
    """As much of a registration as is typed so far."""

    name: str | None = Field(default=None, title="姓名", max_length=100)
    id_number: str | None = Field(default=None, title="证件号", max_length=40)
    phone: str | None = Field(default=None, title="电话", max_length=40)
    respondents: list[Respondent] = Field(default=[], title="被反映单位", max_length=20)
    claims: list[Claim] = Field(default=[], title="诉求子项", max_length=50)


class Ticket(Model):
    """One ticket of the hotline's, by the columns of its export."""

    columns: dict[str, str | int | float | None] = Field(
        title="各栏",
        description="栏名照热线平台导出表，如 工单编号、来电人、诉求内容",
        min_length=1,
        max_length=100,
    )
    exported_at: AwareDatetime | None = Field(default=None, title="推送时间")


@router.post(
    "/registrations",
    status_code=HTTPStatus.CREATED,
    summary="登记",
    responses={200: {"description": "此前已登记，没有重复登记"}, 202: {"description": "已接收，正在登记"}},
)
async def register(
    intake: Intake,
    caller: Registrar,
    request: Request,
    response: Response,
    to: Annotated[list[UnitName] | None, Query(title="线索交办单位", max_length=20)] = None,
) -> dict[str, Any]:
    """登记一件；同一渠道的同一单号只登记一次。答复中的查询码只给出这一次，印在回执上；cautions 是已登记但请再核对之处."""
    return answered(await registered(site_of(request), caller, intake, to or []), response)


def answered(done: dict[str, Any], response: Response) -> dict[str, Any]:
    """The answer to a registration, with its status."""
    if not done["registered"]:
        response.status_code = HTTPStatus.ACCEPTED
    elif done["known_before"]:
        response.status_code = HTTPStatus.OK
    return done


async def registered(site: Site, caller: InPost, intake: Intake, to: list[UnitName]) -> dict[str, Any]:
    """Register a matter, or say which it already is; with a query code for its receipt. Raises Problem, Declined."""
    if intake.received_by != caller.post.unit:
        said = f"收件单位须是您登录的单位（{caller.post.unit}）"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "not_your_unit", said, field="received_by")
    if intake.unconfirmed:
        said = "号码待核实只在导入热线工单时记录；请改正号码，一时问不到的留空"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "not_asked", said, field="unconfirmed")
    if intake.applicant.withheld:
        said = "姓名是否另库保管由系统记录，不能填写；要求保密的，请选“保密”"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "not_asked", said, field="applicant.withheld")
    return await _registered(site, caller, intake, to)


def registrar(site: Site, caller: InPost) -> Officer:
    """Who registers: the account that signed in, or the unit's system."""
    return Officer(caller.session.name, by_of_caller(caller, REGISTER, site.policy))


async def _registered(site: Site, caller: InPost, intake: Intake, to: list[UnitName]) -> dict[str, Any]:
    matter = dispute_id(intake.channel, intake.source_no)
    known = await asyncio.to_thread(case_numbers, site.ledger.engine, [matter])
    receipt = await within(site.office.register(intake, registrar=registrar(site, caller), to=to))
    if receipt is None:
        return {"registered": False, "id": matter, "said": "已接收，正在登记；以同一单号再次提交即可看到结果"}
    code = await asyncio.to_thread(make_code, site.ledger, matter)
    done = {"registered": True, "id": matter, "known_before": matter in known, "query_code": code}
    odd = [caution._asdict() for caution in registering(intake, datetime.now(SHANGHAI))]
    return done | _said(receipt) | ({"cautions": odd} if odd else {})


def _said(receipt: Receipt) -> dict[str, Any]:
    return receipt.model_dump(mode="json", include={"case_no", "stage", "next_due"})


@router.post("/registrations/tickets", status_code=HTTPStatus.CREATED, summary="热线工单登记")
async def ticket(ticket: Ticket, caller: TicketTaker, request: Request, response: Response) -> dict[str, Any]:
    """登记热线平台的一张工单，栏名与其导出表相同；读法与导入导出表一致."""
    site = site_of(request)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fengqiao-ticket-")))
        run = await asyncio.to_thread(_of_ticket, site, ticket, folder)
        judged = next(run.judged(), None)
        if judged is None or judged.outcome is Outcome.ROW_ERROR:
            said = judged.reason if judged else "工单没有内容"
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "unreadable_ticket", said)
        intake = run.maker.make(judged)
    if caller.client:
        sender = (intake.channel, intake.source_no, caller.client.unit, caller.client.name)
        await asyncio.to_thread(keep_sender, site.ledger, *sender)
    return answered(await _registered(site, caller, intake, []), response)


def _of_ticket(site: Site, ticket: Ticket, folder: Path) -> Run:
    file = folder / "ticket.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(ticket.columns)
        rows.writerow(["" if value is None else value for value in ticket.columns.values()])
    return opened(site, file, ticket.exported_at or datetime.now(SHANGHAI))


def opened(site: Site, file: Path, told: datetime | None) -> Run:
    """A run over an export. Raises Problem for one that cannot be read."""
    if site.tickets is None:
        said = "本县还没有热线导出表的列名对照文件（政策文件旁的 hotline 文件夹），请联系管理员；可先逐件登记"
        raise Problem(HTTPStatus.NOT_IMPLEMENTED, "no_hotline_rules", said)
    try:
        return Run(file, site.tickets, site.policy, told)
    except UnreadableFile as error:
        said = str(error).replace(str(file), file.name)
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "unreadable_file", said) from None


@router.post(
    "/registrations/batches",
    summary="导入导出表",
    max_body_size=LARGEST_FILE,
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {"application/x-ndjson": {}},
            "description": "每行一个 JSON：先是总行数，再逐行结果，最后合计",
        }
    },
    openapi_extra={"requestBody": {"required": True, "content": {"application/octet-stream": {}}}},
)
async def batch(
    name: FileName,
    caller: Operator,
    request: Request,
    check: Annotated[bool, Query(title="只核对，不登记")] = False,
    exported_at: ExportedAt = None,
) -> StreamingResponse:
    """请求内容即文件。逐行答复进度；中断后再次提交同一文件即从断处继续，不会重复登记."""
    site = site_of(request)
    stack = ExitStack()
    try:
        file = await _received(request, name, stack)
        run = await asyncio.to_thread(opened, site, file, exported_at)
    except BaseException:
        stack.close()
        raise
    return StreamingResponse(_lines(site, caller, run, stack, check=check), media_type="application/x-ndjson")


async def _received(request: Request, name: str, stack: ExitStack) -> Path:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fengqiao-batch-")))
    file = folder / name_on_disk(name)
    with file.open("wb") as out:
        async for part in request.stream():
            await asyncio.to_thread(out.write, part)
    return file


async def _lines(
    site: Site, caller: InPost, run: Run, stack: ExitStack, *, check: bool
) -> AsyncIterator[str]:
    with stack:
        yield _line({"rows": run.found.rows, "exported_at": run.found.exported.at})
        try:
            async for row in filed(site, caller, run, check=check):
                yield _line(row)
        except BatchStopped as error:
            yield _line({"stopped": f"登记中断（{error}），再次提交同一文件即从断处继续"})
            return
        yield _line(
            {"done": {k: v for k, v in run.summary().items() if k not in ("rows", "rejected_file", "file")}}
        )


def _line(said: dict[str, Any]) -> str:
    return json.dumps(jsonable_encoder(said), ensure_ascii=False) + "\n"


async def filed(site: Site, caller: InPost, run: Run, *, check: bool) -> AsyncIterator[dict[str, Any]]:
    """Each row with its result, as it is done. ``check``: judged alone. Raises BatchStopped."""
    if check:
        for judged in run.judged():
            run.take(judged)
            yield run.rows[-1]
            await asyncio.sleep(0)
        return
    async for done in file_rows(run.judged(), site.office, site.ledger, run.maker, registrar(site, caller)):
        run.take(done.judged, done)
        yield run.rows[-1]


@router.post(
    "/registrations/rejected",
    summary="退回表",
    max_body_size=LARGEST_FILE,
    response_class=FileResponse,
    openapi_extra={"requestBody": {"required": True, "content": {"application/octet-stream": {}}}},
)
async def rejected(
    name: FileName, caller: Operator, request: Request, exported_at: ExportedAt = None
) -> FileResponse:
    """同一文件中不能登记的行，附栏目和原因；改好后可直接再导入."""
    stack = ExitStack()
    try:
        file = await _received(request, name, stack)
        made = await asyncio.to_thread(_rejected, site_of(request), file, exported_at)
    except BaseException:
        stack.close()
        raise
    return FileResponse(made, media_type=XLSX, filename="退回表.xlsx", background=BackgroundTask(stack.close))


def _rejected(site: Site, file: Path, told: datetime | None) -> Path:
    run = opened(site, file, told)
    for judged in run.judged():
        run.take(judged)
    if not run.rejected:
        raise Problem(HTTPStatus.NOT_FOUND, "none_rejected", "没有退回的行")
    made = file.with_name("rejected.xlsx")
    run.write_rejected(made)
    return made


@router.post("/registrations/likely", summary="疑似重复")
def likely(suspected: Suspected, caller: Receiver, request: Request) -> list[dict[str, Any]]:
    """边填边查：本岗位可见的、同一人就同一险种已登记的案件，最像的在前."""
    return [
        hint.model_dump(mode="json", include={"case_no", "basis"})
        for hint in alike(site_of(request), caller, suspected)
    ]


def alike(site: Site, caller: InPost, suspected: Suspected) -> list[DuplicateHint]:
    """What looks like the same matter, among those that the caller may see."""
    try:
        intake = Intake(
            channel=Channel.VISIT,
            received_by=caller.post.unit,
            source_no="-",
            received_at=datetime.now(SHANGHAI),
            applicant=Applicant(name=suspected.name, id_number=suspected.id_number, phone=suspected.phone),
            respondents=suspected.respondents,
            narrative="-",
            claims=suspected.claims,
        )
    except ValidationError as error:
        raise faulty(error, Intake) from None
    with reading(site.ledger.engine) as connection:
        hints = Lookup(connection, site.ledger.sealer).duplicates(intake, "")
    return list(_seen(site, caller, hints))


def _seen(site: Site, caller: InPost, hints: list[DuplicateHint]) -> Iterator[DuplicateHint]:
    for hint in hints:
        d = site.ledger.state(hint.dispute_id)
        if sight(d, caller.post, policy_of(site, d)) >= Sight.STAGE:
            yield hint
