"""Refusals as RFC 9457 problems, in Chinese: which field, what is wrong, what to do."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from domain.access import NotGranted
from domain.wording import problems_of
from ledger.connection import LedgerUnavailable
from starter.office.declined import Declined

MEDIA_TYPE = "application/problem+json"
NOTHING = "没有可显示的内容"
"""The same for what does not exist and for what one may not know of."""


_SAID = {
    405: "这个地址不接受这种请求",
    413: "内容太大，请分几次提交",
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
    return JSONResponse(body, problem.status, headers, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Let every refusal of the app be a problem."""

    @app.exception_handler(Problem)
    async def _problem(request: Request, error: Problem) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        return answer(error)

    @app.exception_handler(Declined)
    async def _declined(request: Request, error: Declined) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        return answer(Problem(HTTPStatus.CONFLICT, error.code, str(error), field=error.field))

    @app.exception_handler(NotGranted)
    async def _not_granted(request: Request, error: NotGranted) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        return answer(Problem(HTTPStatus.FORBIDDEN, "not_granted", str(error)))

    @app.exception_handler(LedgerUnavailable)
    async def _away(request: Request, error: LedgerUnavailable) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        wait = {"Retry-After": "5"}
        return answer(Problem(HTTPStatus.SERVICE_UNAVAILABLE, "busy", str(error), headers=wait))

    @app.exception_handler(RequestValidationError)
    async def _unreadable(request: Request, error: RequestValidationError) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        problems = problems_of({**found, "loc": found["loc"][1:]} for found in error.errors())
        message = "填写有误：" + "；".join(f"{p['field']}：{p['reason']}" for p in problems)
        return answer(Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "unreadable", message, problems=problems))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        if error.status_code == HTTPStatus.NOT_FOUND:
            return answer(hidden())
        said = _SAID.get(error.status_code, "请求没有办理")
        return answer(Problem(error.status_code, "refused", said, headers=error.headers))
