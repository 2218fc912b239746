"""Refusals as RFC 9457 problems, in Chinese: which field, what is wrong, what to do."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

from domain.access import NotGranted
from domain.declined import Declined as NotDecided
from domain.wording import field_problems, problems_of
from ledger.connection import LedgerUnavailable, Unstorable
from ledger.destroyed import Destroyed
from ledger.paging import NoSuchPage
from privacy.keys import KeyProblem
from starter.office.declined import Declined

MEDIA_TYPE = "application/problem+json"
NOTHING = "没有可看的内容。可能链接有误，或不在您的权限之内。"
"""The same for what does not exist and for what one may not know of."""
TOO_SLOW = "内容发送得太慢，没有收全，也没有办理；请检查网络后再试"
TOO_LARGE = "内容太大，请分几次提交"
FAILED = "系统出了错，这次没有办成。请再试；还是不行，请把时间和案号告诉系统管理员"
_TEXT = {"type": "string"}
_SHAPE = {
    "type": "object",
    "title": "没有办理",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "code": {"type": "string", "title": "供程序判断的代码"},
        "detail": {"type": "string", "title": "原因和怎样做"},
        "field": {"type": "string", "title": "哪一项"},
        "problems": {"type": "array", "items": {"type": "object"}, "title": "逐项说明"},
        "changed": {"type": "array", "items": {"type": "object"}, "title": "其间的变化"},
    },
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": said, "content": {MEDIA_TYPE: {"schema": _SHAPE}}}
    for status, said in (("4XX", "没有办理：原因见 detail"), ("5XX", "暂时不能办理：原因见 detail"))
}
"""What the document says of every route's refusals."""
_SAID = {
    405: "这个地址不接受这种请求",
    408: TOO_SLOW,
    413: TOO_LARGE,
    415: "内容的格式不对，请用 JSON",
}


class Problem(Exception):
    """An answer that is a refusal. ``code`` is for programs, ``message`` for people."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.field = status, code, message, field
        self.headers, self.more = headers, more


def hidden() -> Problem:
    """There is nothing to show, to this caller."""
    return Problem(HTTPStatus.NOT_FOUND, "nothing", NOTHING)


class Unseen(Problem):
    """The very same answer, for a matter that is there and that the caller may not know of: the audit is to hear of it."""

    def __init__(self, case_no: str) -> None:
        super().__init__(HTTPStatus.NOT_FOUND, "nothing", NOTHING)
        self.case_no = case_no


def answer(problem: Problem) -> JSONResponse:
    """The problem as it goes out."""
    body = {
        "type": f"urn:fengqiao:problem:{problem.code}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.message,
        **({"field": problem.field} if problem.field else {}),
        **problem.more,
    }
    headers = {"Cache-Control": "no-store", **(problem.headers or {})}
    return JSONResponse(jsonable_encoder(body), problem.status, headers, MEDIA_TYPE)


def refused(error: Declined | NotDecided, **more: Any) -> Problem:
    """An action or registration that was not taken: what is wrong in a field, or how the matter stands."""
    status = HTTPStatus.CONFLICT
    if error.code == "busy":
        status = HTTPStatus.SERVICE_UNAVAILABLE
    elif error.field:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    wait = {"Retry-After": "5"} if error.code == "busy" else None
    return Problem(status, error.code, str(error), field=error.field, headers=wait, **more)


def faulty(error: ValidationError, model: type[BaseModel]) -> Problem:
    """A form with faults: each field by its name and its title, what is wrong with it, and what to do."""
    told = field_problems(error, model)
    names = [".".join(str(part) for part in found["loc"]) for found in error.errors(include_url=False)]
    problems = [{"name": name, **problem} for name, problem in zip(names, told, strict=True)]
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "faulty", "填写有误，没有提交", problems=problems)


def install(app: FastAPI) -> None:
    """Let every refusal of the app be a problem."""

    @app.exception_handler(Problem)
    async def _problem(request: Request, error: Problem) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        return answer(error)

    @app.exception_handler(Declined)
    async def _declined(request: Request, error: Declined) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        return answer(refused(error))

    @app.exception_handler(Destroyed)
    async def _destroyed(request: Request, error: Destroyed) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        return answer(Problem(HTTPStatus.GONE, error.code, str(error)))

    @app.exception_handler(NoSuchPage)
    async def _no_page(request: Request, error: NoSuchPage) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        return answer(Problem(HTTPStatus.BAD_REQUEST, "no_such_page", str(error), field="after"))

    @app.exception_handler(KeyProblem)
    async def _no_key(request: Request, error: KeyProblem) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        said = "本机没有解开这一内容所需的密钥，请联系系统管理员"
        return answer(Problem(HTTPStatus.SERVICE_UNAVAILABLE, "no_key", said))

    @app.exception_handler(NotGranted)
    async def _not_granted(request: Request, error: NotGranted) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        status = HTTPStatus.UNPROCESSABLE_ENTITY if error.field else HTTPStatus.FORBIDDEN
        return answer(Problem(status, "not_granted", str(error), field=error.field))

    @app.exception_handler(LedgerUnavailable)
    async def _away(request: Request, error: LedgerUnavailable) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        wait = {"Retry-After": "5"}
        return answer(Problem(HTTPStatus.SERVICE_UNAVAILABLE, "busy", str(error), headers=wait))

    @app.exception_handler(Unstorable)
    async def _unstorable(request: Request, error: Unstorable) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        return answer(Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "unstorable", str(error)))

    @app.exception_handler(RequestValidationError)
    async def _unreadable(request: Request, error: RequestValidationError) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        problems = problems_of({**found, "loc": found["loc"][1:]} for found in error.errors())
        message = "填写有误：" + "；".join(f"{p['field']}：{p['reason']}" for p in problems)
        return answer(Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "unreadable", message, problems=problems))

    @app.exception_handler(Exception)
    async def _failed(request: Request, error: Exception) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        return answer(Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "failed", FAILED))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        if error.status_code == HTTPStatus.NOT_FOUND:
            return answer(hidden())
        said = _SAID.get(error.status_code, "请求没有办理")
        return answer(Problem(error.status_code, "refused", said, headers=error.headers))
