"""What serves pages: it ends although a page still waits for news, and speaks TLS where it has a certificate."""

import asyncio
import datetime
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from hosting.embedded.errors import CannotStart
from hosting.web import Certificate, configuration, serving

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
    """One that signs itself, for this machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = Certificate(tmp_path / "desk.crt", tmp_path / "desk.key")
    files.chain.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain_key = serialization.NoEncryption()
    files.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain_key)
    )
    return files


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
            httpx.AsyncClient(trust_env=False, verify=trusted) as browser,
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
