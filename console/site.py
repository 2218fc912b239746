"""The one ASGI application with its pages: the API as it is, and everything else the desk's."""

import asyncio

from fastapi import FastAPI
from starlette.routing import Match, Mount
from starlette.types import Scope

from api import app as api
from api.site import Site
from console import assets
from console.pages import (
    accounts,
    act,
    archives,
    book,
    book_views,
    calendar,
    callback,
    checkup,
    destruction,
    errors,
    figures,
    founding,
    guide,
    imports,
    inbox,
    issuing,
    keys,
    lookup,
    materials,
    matter,
    meetings,
    notices,
    papers,
    parts,
    platform,
    policies,
    register,
    search,
    signing,
    statistics,
    supervision,
    units,
    watch,
    webhooks,
)
from console.showing.rows import Lines
from starter.filing.kept import Exports

LARGEST_FORM = 2 * 1024 * 1024
"""Bytes."""
_PAGES = (
    signing, platform, founding, inbox, book, book_views, search, matter, materials, papers, issuing, archives, destruction,
    act, imports, register, lookup, callback, statistics, figures, supervision, meetings, accounts, webhooks, policies,
    calendar, checkup, keys, units, notices, watch, guide, parts,
)  # fmt: skip


class _Pages(Mount):
    """Everything that is not the API's: an address the API does not have is answered by the API."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["path"].startswith("/api/"):
            return Match.NONE, {}
        return super().matches(scope)


def create_app(site: Site) -> FastAPI:
    """The application of one office, with its pages."""
    app = routed(secure=site.secure)
    open_at(app, site)
    return app


def open_at(app: FastAPI, site: Site) -> None:
    """Let an application and its pages serve this office."""
    api.open_at(app, site)
    pages: FastAPI = app.state.pages
    pages.state.site = site
    pages.state.meter = app.state.meter
    pages.state.lines = Lines(site)
    pages.state.checking = asyncio.Lock()
    pages.state.exports = site.tickets and Exports(site.office, site.ledger, site.tickets, site.policy)


def routed(*, secure: bool) -> FastAPI:
    """An application with its pages that serves no office yet."""
    app = api.routed(secure=secure)
    pages = app.state.pages = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    errors.install(pages)
    pages.router.routes.append(assets.ROUTE)
    for module in _PAGES:
        pages.include_router(module.router)
    app.router.routes.append(_Pages("", app=pages, max_body_size=LARGEST_FORM))
    return app
