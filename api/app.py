"""The one ASGI application."""

from fastapi import APIRouter, FastAPI
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from api import (
    accounts,
    actions,
    archives,
    book,
    clients,
    destruction,
    founding,
    identities,
    live,
    looks,
    lookup,
    materials,
    matters,
    notices,
    papers,
    problems,
    registrations,
    search,
    session,
    statistics,
    tasks,
    unseen,
    webhooks,
)
from api.limits import ByAddress, Meter
from api.site import Site
from api.wire import Wire
from domain.materials import FileKind
from domain.policy_units import MECHANISM

PREFIX = "/api/v1"
LARGEST_BODY = 1_000_000
"""Bytes of a request that is no file."""
PACKED = 5
"""zlib's level: a page is 1.5 % larger than at 9 and costs two thirds of the time."""
PARTS = (
    session, founding, matters, materials, papers, archives, destruction, actions, looks, tasks, registrations, lookup,
    statistics, book, search, accounts, identities, clients, webhooks, notices, live,
)  # fmt: skip


def create_app(site: Site) -> FastAPI:
    """The application of one office."""
    app = routed(secure=site.secure)
    open_at(app, site)
    return app


def open_at(app: FastAPI, site: Site) -> None:
    """Let an application serve this office."""
    app.state.site = site
    app.state.live = live.Live(site)
    app.state.meter = Meter(site.ledger, site.limits)


def routed(*, secure: bool) -> FastAPI:
    """An application that serves no office yet."""
    app = FastAPI(
        title=f"枫桥：{MECHANISM}",
        version="1",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    problems.install(app)
    unseen.install(app)
    whole = APIRouter(prefix=PREFIX, max_body_size=LARGEST_BODY, responses=problems.RESPONSES)
    for part in PARTS:
        whole.include_router(part.router)
    app.include_router(whole)
    streamed = (
        *DEFAULT_EXCLUDED_CONTENT_TYPES,
        "application/x-ndjson",
        *(kind.media_type for kind in FileKind),
    )
    app.add_middleware(
        GZipMiddleware, minimum_size=1000, compresslevel=PACKED, exclude_content_types=streamed
    )
    app.add_middleware(ByAddress)
    app.add_middleware(Wire, secure=secure)
    return app
