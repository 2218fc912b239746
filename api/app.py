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
    session,
    statistics,
    tasks,
    webhooks,
)
from api.limits import ByAddress, Meter
from api.site import Site
from api.wire import Wire
from domain.materials import FileKind

PREFIX = "/api/v1"
LARGEST_BODY = 1_000_000
"""Bytes of a request that is no file."""
PARTS = (
    session, founding, matters, materials, papers, archives, destruction, actions, looks, tasks, registrations, lookup,
    statistics, book, accounts, identities, clients, webhooks, notices, live,
)  # fmt: skip


def create_app(site: Site) -> FastAPI:
    """The application of one office."""
    app = FastAPI(
        title="枫桥：社会保险费征缴争议联合处置",
        version="1",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.site = site
    app.state.live = live.Live(site)
    problems.install(app)
    whole = APIRouter(prefix=PREFIX, max_body_size=LARGEST_BODY, responses=problems.RESPONSES)
    for part in PARTS:
        whole.include_router(part.router)
    app.include_router(whole)
    streamed = (
        *DEFAULT_EXCLUDED_CONTENT_TYPES,
        "application/x-ndjson",
        *(kind.media_type for kind in FileKind),
    )
    app.add_middleware(GZipMiddleware, minimum_size=1000, exclude_content_types=streamed)
    app.state.meter = Meter(site.ledger, site.limits)
    app.add_middleware(ByAddress, meter=app.state.meter)
    app.add_middleware(Wire, secure=site.secure)
    return app
