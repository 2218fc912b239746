"""The codec server on a socket of its own, in front of a Temporal server that has its UI."""

import socket
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from google.protobuf.json_format import MessageToDict, ParseDict
from temporalio.api.common.v1 import Payload, Payloads

from hosting.codec_server.app import build_app
from hosting.codec_server.token import Token
from hosting.web import serving
from privacy import store
from privacy.ciphers import Algorithm
from privacy.keys import Purpose, Ring
from workflows.codec import SealingCodec
from workflows.origin import Origin

TOKEN = "a-token-for-tests-0123456789abcdef"
ALLOWED = "http://ui.example:8080"
PLAIN = Payload(metadata={"encoding": b"json/plain"}, data='{"name":"测试甲"}'.encode())


class Server(NamedTuple):
    """A running codec server and its keys."""

    url: str
    ring: Ring

    def client(self, **more: Any) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=60, **more)

    def bearer(self) -> httpx.AsyncClient:
        return self.client(headers={"Authorization": f"Bearer {TOKEN}"})

    async def sealed(self, payload: Payload = PLAIN) -> Payload:
        return (await SealingCodec(self.ring, Origin.OFFICE).encode([payload]))[0]


def new_ring(folder: Path) -> Ring:
    store.make(folder, Algorithm.AES)
    return store.load(folder, {}).ring(Purpose.PAYLOAD)


def asked(*payloads: Payload) -> dict[str, Any]:
    """The body of a request."""
    return MessageToDict(Payloads(payloads=payloads))


def answered(response: httpx.Response) -> list[Payload]:
    """The payloads of an answer."""
    assert response.status_code == 200, response.text
    return list(ParseDict(response.json(), Payloads()).payloads)


@pytest.fixture
async def codec(tmp_path: Path) -> AsyncGenerator[Server]:
    """A codec server without a door."""
    ring = new_ring(tmp_path / "keys")
    app = build_app(ring, Token(TOKEN, "test"), origins=[ALLOWED])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with serving(app, listener):
            yield Server(f"http://127.0.0.1:{listener.getsockname()[1]}", ring)
