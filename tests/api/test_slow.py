"""Whoever sends slowly, too much, or for what is not his, over real connections."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from api import wire
from api.app import LARGEST_BODY
from console.assets import ASSETS
from console.site import LARGEST_FORM, create_app
from domain.policy import Policy
from hosting import web
from ledger.store import Ledger
from tests.api.conftest import site_over
from tests.support.served import served


@pytest.fixture
async def port(kept: Ledger, policy: Policy) -> AsyncIterator[int]:
    async with served(create_app(site_over(kept, policy))) as address:
        yield int(address.rpartition(":")[2])


async def said(port: int, *parts: bytes) -> bytes:
    """All that is answered to these bytes until the server closes; the line stays open."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        async with asyncio.timeout(60):
            return await reader.read()
    finally:
        writer.close()


def head(path: str, length: int, kind: str = "application/json", method: str = "POST") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: x", f"Content-Type: {kind}", f"Content-Length: {length}"]
    return "\r\n".join([*lines, "", ""]).encode()


async def test_a_body_that_drips_is_not_waited_for(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "BODY_GRACE_S", 0.3)
    answer = await said(port, head("/api/v1/session", 500), b'{"login": "a')
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert "发送得太慢".encode() in answer
    page = await said(port, head("/sign-in", 500, "application/x-www-form-urlencoded"), b"login=a")
    assert page.startswith(b"HTTP/1.1 408 ")
    assert "发送得太慢".encode() in page


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET /sign-in HTTP/1.1\r\nHost: x\r\nX-Slow: "])
async def test_a_head_that_does_not_come_is_not_waited_for(
    port: int, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(web, "HEAD_WITHIN_S", 0.3)
    assert await said(port, begun) == b""


async def test_the_next_head_on_a_line_is_not_waited_for_either(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\n\r\n"
    monkeypatch.setattr(web, "HEAD_WITHIN_S", 0.3)
    answers = await said(port, whole, b"GET /api/v1/me HT")
    assert answers.count(b"HTTP/1.1 401 ") == 1


@pytest.mark.parametrize(
    ("path", "most", "kind"),
    [
        ("/api/v1/session", LARGEST_BODY, "application/json"),
        ("/sign-in", LARGEST_FORM, "application/x-www-form-urlencoded"),
    ],
)
async def test_too_much_is_refused_whether_it_is_announced_or_not(
    port: int, path: str, most: int, kind: str
) -> None:
    announced = await said(
        port, head(path, most + 1, kind).replace(b"Host: x", b"Host: x\r\nConnection: close")
    )
    assert announced.startswith(b"HTTP/1.1 413 ")
    assert "请分几次提交".encode() in announced
    unannounced = b"Transfer-Encoding: chunked\r\nConnection: close"
    lines = head(path, 0, kind).replace(b"Content-Length: 0", unannounced)
    chunk = b"10000\r\n" + (b"a=" + b"x" * 1021 + b"&") * 64 + b"\r\n"
    unsaid = await said(port, lines, *[chunk] * (most // 0x10000 + 1), b"0\r\n\r\n")
    assert unsaid.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../view.py",
        "/static/x/../../view.py",
        "/static/%2e%2e/%2e%2e/view.py",
        "/static/{mark}/..%2f..%2fview.py",
        "/static/{mark}/%2e%2e%2fview.py",
        "/static/{mark}/..\\..\\view.py",
        "/static/{mark}/desk.css%00.js",
        "/static/{mark}//etc/passwd",
        "/static//etc/passwd",
        "//etc/passwd",
        "/static/{mark}/desk.css/../../../../etc/passwd",
        "/api/v1/../../etc/passwd",
        "/static/000000000000/desk.css",
    ],
)
async def test_no_path_leads_to_a_file_that_is_no_asset(port: int, path: str) -> None:
    mark = ASSETS["desk.css"].url.split("/")[2]
    line = f"GET {path.format(mark=mark)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = await said(port, line.encode())
    assert answer.split(b" ")[1] in (b"303", b"400", b"404"), answer[:200]
    for content in (b"root:", b"from jinja2", b"--ink"):
        assert content not in answer
    good = f"GET {ASSETS['desk.css'].url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert (await said(port, good.encode())).startswith(b"HTTP/1.1 200 ")
