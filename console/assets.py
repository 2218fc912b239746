"""Stylesheet, script and mark, named by their content so that a browser keeps them for good."""

import gzip
import hashlib
from importlib.resources import files
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.problems import hidden

TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
FOR_GOOD = "public, max-age=31536000, immutable"


class Asset(NamedTuple):
    """One file: its bytes, the same packed, what it is, its address."""

    content: bytes
    packed: bytes
    media_type: str
    url: str


def _read() -> dict[str, Asset]:
    found: dict[str, Asset] = {}
    for file in (files("console") / "static").iterdir():
        content = file.read_bytes()
        mark = hashlib.sha256(content).hexdigest()[:12]
        url = f"/static/{mark}/{file.name}"
        found[file.name] = Asset(
            content, gzip.compress(content, mtime=0), TYPES[file.name.rpartition(".")[2]], url
        )
    return found


ASSETS = _read()


def url(name: str) -> str:
    """Where a page finds an asset."""
    return ASSETS[name].url


async def _serve(request: Request) -> Response:
    asset = ASSETS.get(request.path_params["name"])
    if asset is None or asset.url != request.url.path:
        raise hidden()
    headers = {"Cache-Control": FOR_GOOD, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(
            asset.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=asset.media_type
        )
    return Response(asset.content, headers=headers, media_type=asset.media_type)


ROUTE = Route("/static/{mark}/{name}", _serve)
