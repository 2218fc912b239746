"""When there is no page: forbidden and missing read alike, and who is not signed in is asked to sign in."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse, Response

from api.problems import TOO_SLOW, Problem, Unseen
from api.unseen import noted
from api.uploads import FIELDS
from console import tokens
from console.door import Pairs, pairs_of
from console.pages.signing import asked_again
from console.view import page
from domain.access import NotGranted
from ledger.connection import LedgerBroken, LedgerUnavailable, Unstorable
from ledger.destroyed import Destroyed
from privacy.keys import KeyProblem

log = structlog.get_logger(__name__)

NOTHING = "没有可看的内容。可能链接有误，或不在您的权限之内。"
BUSY = "数据库暂时连不上，这次没有办理。请过一会儿再试。"
SECRET = ("/password", "/sign-in", "/slip", "/found")
"""Pages on which a password is typed: it is never sent back."""
BROKEN = "这一页的数据打不开，没有办理。请把案号告诉系统管理员，由他运行核验；其他案件照常办理。"
FAILED = "系统出了错，这次没有办成。请退回上一页再试；还是不行，请把时间和案号告诉系统管理员。"
_ELSEWHERE = {"sign_in": "/sign-in", "choose_post": "/post", "change_password": "/password"}


def install(app: FastAPI) -> None:
    """Let every refusal of the pages be a page."""
    handlers: dict[type[Exception], Any] = {
        Problem: _problem,
        Unseen: _unseen,
        NotGranted: _not_granted,
        LedgerUnavailable: _away,
        Unstorable: _unstorable,
        Destroyed: _destroyed,
        LedgerBroken: _broken,
        KeyProblem: _broken,
        RequestValidationError: _unreadable,
        ClientDisconnect: _gone,
        HTTPException: _http,
        Exception: _failed,
    }
    for error, handler in handlers.items():
        app.add_exception_handler(error, handler)


async def _problem(request: Request, error: Problem) -> Response:
    if elsewhere := _ELSEWHERE.get(error.code):
        if error.code == "sign_in" and request.method == "POST":
            return asked_again(request, await _typed(request))
        return RedirectResponse(_back_to(elsewhere, request), HTTPStatus.SEE_OTHER)
    answer = _told(error.status, error.message if error.code != "nothing" else NOTHING)
    answer.headers.update(error.headers or {})
    return answer


async def _unseen(request: Request, error: Unseen) -> Response:
    await noted(request, error)
    return await _problem(request, error)


async def _typed(request: Request) -> Pairs:
    """What was typed before the session ended; files have to be chosen once more."""
    said = request.headers.get("content-length", "")
    return [] if said.isdecimal() and int(said) > FIELDS else await pairs_of(request)


async def _not_granted(_: Request, error: NotGranted) -> Response:
    return _told(HTTPStatus.FORBIDDEN, str(error))


async def _away(request: Request, __: LedgerUnavailable) -> Response:
    """What was sent lies in the page, to be sent again as it was: the same act's number, so that it is taken once."""
    given = await _typed(request) if request.method == "POST" else []
    if any(name == tokens.FIELD for name, _ in given) and request.url.path not in SECRET:
        query = f"?{request.url.query}" if request.url.query else ""
        place = request.url.path + query
        answer = page("again.html", status=HTTPStatus.SERVICE_UNAVAILABLE, place=place, given=given)
    else:
        answer = _told(HTTPStatus.SERVICE_UNAVAILABLE, BUSY)
    answer.headers["Retry-After"] = "5"
    return answer


async def _destroyed(_: Request, error: Destroyed) -> Response:
    return _told(HTTPStatus.GONE, str(error))


async def _broken(_: Request, error: LedgerBroken | KeyProblem) -> Response:
    log.error("page_broken", error=type(error).__name__)
    return _told(HTTPStatus.SERVICE_UNAVAILABLE, BROKEN)


async def _failed(_: Request, __: Exception) -> Response:
    """A fault of ours, which is in the log under the answer's number."""
    return _told(HTTPStatus.INTERNAL_SERVER_ERROR, FAILED)


async def _unstorable(_: Request, error: Unstorable) -> Response:
    return _told(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))


async def _unreadable(_: Request, __: RequestValidationError) -> Response:
    return _told(HTTPStatus.NOT_FOUND, NOTHING)


async def _gone(_: Request, __: ClientDisconnect) -> Response:
    """Nobody reads it: the browser left while it was sending."""
    return Response(status_code=HTTPStatus.BAD_REQUEST)


async def _http(_: Request, error: HTTPException) -> Response:
    if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return _told(error.status_code, "内容太多，没有收下。请把文字或附件分几次提交。")
    if error.status_code == HTTPStatus.REQUEST_TIMEOUT:
        return _told(error.status_code, TOO_SLOW)
    return _told(error.status_code, NOTHING)


def _back_to(elsewhere: str, request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{elsewhere}?then={quote(request.url.path + query)}" if request.method == "GET" else elsewhere


def _told(status: int, message: str) -> Response:
    forbidden = status in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND) and message == NOTHING
    return page("error.html", status=HTTPStatus.NOT_FOUND if forbidden else status, message=message)
