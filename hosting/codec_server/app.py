"""The server's routes: the codec for whoever bears the token, the door for an administrator's browser."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext

import structlog
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from starlette.exceptions import HTTPException as HttpProblem
from starlette.status import HTTP_401_UNAUTHORIZED
from temporalio.api.common.v1 import Payload

from hosting.codec_server.door import CODEC, Door
from hosting.codec_server.protocol import problem, worked
from hosting.codec_server.token import Token
from hosting.connect import NAMESPACE
from privacy.keys import Ring
from workflows.codec import SealingCodec
from workflows.origin import Origin, without

EVERY = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
HEADERS = ["Authorization", "Authorization-Extras", "Content-Type", "X-Namespace"]

log = structlog.get_logger(__name__)


def build_app(
    ring: Ring,
    token: Token,
    *,
    origins: Sequence[str] = (),
    ui: str | None = None,
    namespace: str = NAMESPACE,
) -> FastAPI:
    """The codec server under the payload keys.

    ``origins``: pages of other origins that may ask, with the token. ``ui``: Temporal's UI, shown behind the door at
    the matters in ``namespace``; without it there is no door.
    """
    door = Door(token, ui, namespace) if ui else None

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncGenerator[None]:
        async with door.open() if door else nullcontext():
            yield

    # No tracing: it would record addresses, and one of them holds the token.
    app = FastAPI(openapi_url=None, lifespan=life, telemetry={"tracing": False})
    app.add_exception_handler(HttpProblem, problem)
    # No credentials: a browser's pass is good on the door's own pages alone.
    app.add_middleware(
        CORSMiddleware, allow_origins=list(origins), allow_methods=["POST"], allow_headers=HEADERS
    )
    app.add_api_route("/healthz", _healthy)
    codec = SealingCodec(ring, Origin.CODEC)
    app.include_router(_codec(codec, _bearing(token)))
    if door:
        app.include_router(_codec(codec, door.check), prefix=CODEC)
        app.include_router(_door(door))
    return app


async def _healthy() -> dict[str, str]:
    return {"status": "ok"}


def _codec(codec: SealingCodec, check: Callable[[Request], None]) -> APIRouter:
    routes = APIRouter(dependencies=[Depends(check)])

    async def opened(payloads: Sequence[Payload]) -> list[Payload]:
        # Who sealed it is the workflow's to know: the temporal command prints a payload that says more than its encoding raw.
        return [without(payload) for payload in await codec.decode(payloads)]

    async def decode(request: Request) -> Response:
        return await worked(request, opened)

    async def encode(request: Request) -> Response:
        return await worked(request, codec.encode)

    routes.add_api_route("/decode", decode, methods=["POST"])
    routes.add_api_route("/encode", encode, methods=["POST"])
    return routes


def _bearing(token: Token) -> Callable[[Request], None]:
    def check(request: Request) -> None:
        if token.is_borne_by(request.headers.get("authorization", "")):
            return
        log.warning("codec.turned_away", client=request.client.host if request.client else "")
        raise HTTPException(
            HTTP_401_UNAUTHORIZED,
            "解码服务需要令牌：请求头应为 Authorization: Bearer 令牌",
            {"WWW-Authenticate": "Bearer"},
        )

    return check


def _door(door: Door) -> APIRouter:
    routes = APIRouter()

    async def entered(request: Request) -> Response:
        if (said := request.query_params.get("token")) is not None:
            return door.sign_in(request, said)
        return await passed(request)

    async def passed(request: Request) -> Response:
        door.check(request)
        return await door.passed(request)

    routes.add_api_route("/", entered)
    routes.add_api_route("/{path:path}", passed, methods=EVERY)
    return routes
