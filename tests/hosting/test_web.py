"""What serves pages: it ends although a page still waits for news, and speaks TLS where it has a certificate."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from hosting.desk import TEMPORAL_PAGES, temporal_pages_named
from hosting.embedded.errors import CannotStart
from hosting.web import Certificate, configuration, serving
from tests.support.certificate import own_certificate

app = FastAPI(openapi_url=None)


@app.get("/news")
async def news() -> StreamingResponse:
    async def lines() -> AsyncIterator[str]:
        yield ": hello\n\n"
        await asyncio.Event().wait()

    return StreamingResponse(lines(), media_type="text/event-stream")


@app.get("/plain")
async def plain() -> str:
    return "here"


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return own_certificate(tmp_path)


def listening() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


async def test_it_ends_although_a_page_waits_for_news() -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=None) as browser:
        with listening() as listener:
            async with serving(app, listener):
                request = browser.build_request("GET", f"http://127.0.0.1:{listener.getsockname()[1]}/news")
                answer = await browser.send(request, stream=True)
                parts = answer.aiter_raw()
                assert await anext(parts) == b": hello\n\n"
        with pytest.raises(httpx.HTTPError):
            await anext(parts)


async def test_with_a_certificate_it_speaks_tls_alone(certificate: Certificate) -> None:
    trusted = ssl.create_default_context(cafile=str(certificate.chain))
    with listening() as listener:
        port = listener.getsockname()[1]
        async with (
            serving(app, listener, certificate=certificate),
            httpx.AsyncClient(trust_env=False, verify=trusted, timeout=60) as browser,
        ):
            assert (await browser.get(f"https://localhost:{port}/plain")).json() == "here"
            with pytest.raises(httpx.HTTPError):
                await browser.get(f"http://localhost:{port}/plain")


def test_a_certificate_that_does_not_fit_is_told(certificate: Certificate) -> None:
    wrong = Certificate(certificate.chain, certificate.chain)
    with pytest.raises(CannotStart, match=r"证书.*不能用"):
        configuration(app, certificate=wrong)
    with pytest.raises(CannotStart, match="missing"):
        configuration(app, certificate=Certificate(certificate.chain, Path("missing")))


@pytest.mark.parametrize(
    "said", ["temporal.example", "ftp://temporal.example", "https://", "https://x/?token=1"]
)
def test_an_address_of_temporals_pages_that_is_none_is_refused(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TEMPORAL_PAGES, said)
    with pytest.raises(CannotStart, match="管理员入口的地址"):
        temporal_pages_named()


def test_without_an_address_there_are_no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TEMPORAL_PAGES, raising=False)
    assert temporal_pages_named() is None
    monkeypatch.setenv(TEMPORAL_PAGES, "https://temporal.example.cn/")
    assert temporal_pages_named() == "https://temporal.example.cn/"
