"""The one ASGI application."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response

from api import actions, founding, matters, problems, session, tasks
from api.site import Site

PREFIX = "/api/v1"
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
TLS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}


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
    problems.install(app)
    for part in (session, founding, matters, actions, tasks):
        app.include_router(part.router, prefix=PREFIX)
    headers = HEADERS | (TLS_ONLY if site.secure else {})

    @app.middleware("http")
    async def _closed(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:  # pyright: ignore[reportUnusedFunction]
        response = await go_on(request)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    return app
