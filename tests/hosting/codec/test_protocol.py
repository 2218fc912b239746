"""Temporal's remote codec protocol: who may ask, what is answered, what is refused."""

import logging

import pytest
from temporalio.api.common.v1 import Payload

from hosting.codec_server.protocol import MOST
from privacy import store
from privacy.keys import Purpose, Ring
from workflows.codec import ENCODING, KEY_ID, SealingCodec
from workflows.origin import ORIGIN, Origin, origin_of, without

from .conftest import ALLOWED, PLAIN, TOKEN, Server, answered, asked


async def test_what_was_sealed_is_opened_and_the_other_way_round(codec: Server) -> None:
    other = Payload(metadata={"encoding": b"binary/null"})
    async with codec.bearer() as client:
        sealed = answered(await client.post("/encode", json=asked(PLAIN, other)))
        assert [p.metadata["encoding"] for p in sealed] == [ENCODING, ENCODING]
        assert "测试甲".encode() not in sealed[0].data
        answer = await client.post("/decode", json=asked(*sealed), headers={"X-Namespace": "fengqiao"})
    assert answered(answer) == [PLAIN, other]
    assert answer.headers["cache-control"] == "no-store"


async def test_a_payload_never_sealed_comes_back_as_it_is(codec: Server) -> None:
    async with codec.bearer() as client:
        assert answered(await client.post("/decode", json=asked(PLAIN))) == [PLAIN]


async def test_nobody_has_the_server_seal_in_the_office_s_name(codec: Server) -> None:
    forged = Payload(metadata={**PLAIN.metadata, ORIGIN: Origin.OFFICE.encode()}, data=PLAIN.data)
    async with codec.bearer() as client:
        (sealed,) = answered(await client.post("/encode", json=asked(forged)))
        (passed,) = answered(await client.post("/decode", json=asked(forged)))
    (opened,) = await SealingCodec(codec.ring, Origin.OFFICE).decode([sealed])
    assert origin_of(opened) == Origin.CODEC
    assert origin_of(passed) is None


async def test_an_older_key_still_opens(codec: Server) -> None:
    ring = codec.ring
    newer = Ring(ring.purpose, (store.new_key(Purpose.PAYLOAD, ring.active.algorithm), *ring.keys))
    sealed = await codec.sealed()
    (opened,) = await SealingCodec(newer, Origin.CODEC).decode([sealed])
    assert without(opened) == PLAIN


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}"],
)
@pytest.mark.parametrize("path", ["/decode", "/encode"])
async def test_without_the_token_nothing_is_opened(
    codec: Server, path: str, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    async with codec.client() as client:
        answer = await client.post(path, json=asked(await codec.sealed()), headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "令牌" in answer.json()["error"]


async def test_an_unknown_key_is_named(codec: Server) -> None:
    sealed = await codec.sealed()
    sealed.metadata[KEY_ID] = b"payload-of-another-county"
    async with codec.bearer() as client:
        answer = await client.post("/decode", json=asked(sealed))
    assert answer.status_code == 422
    assert "payload-of-another-county" in answer.json()["error"]
    assert "缺少密钥" in answer.json()["error"]


async def test_a_changed_payload_is_refused(codec: Server, caplog: pytest.LogCaptureFixture) -> None:
    sealed = await codec.sealed()
    sealed.data = sealed.data[:-1] + bytes([sealed.data[-1] ^ 1])
    with caplog.at_level(logging.DEBUG):
        async with codec.bearer() as client:
            answer = await client.post("/decode", json=asked(await codec.sealed(), sealed))
    assert answer.status_code == 422
    assert "被改动" in answer.json()["error"]
    assert "测试甲" not in caplog.text


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"payloads": 7}', b'{"payloads": [{"data": "a"}]}', b"\xff", b'"' + b"[" * 5000],
)
async def test_what_is_no_payloads_is_refused_unquoted(codec: Server, body: bytes) -> None:
    async with codec.bearer() as client:
        answer = await client.post("/decode", content=body)
    assert (answer.status_code, answer.json()) == (400, {"error": "请求不是 Temporal 的 Payloads（JSON）"})


@pytest.mark.parametrize("said", [True, False], ids=["length said", "length unsaid"])
async def test_a_request_too_long_is_refused(codec: Server, said: bool) -> None:
    async def parts():
        for _ in range(MOST // 65_536 + 1):
            yield b" " * 65_536

    async with codec.bearer() as client:
        content = b" " * (MOST + 1) if said else parts()
        answer = await client.post("/decode", content=content)
    assert answer.status_code == 413


async def test_health_needs_no_token_and_there_is_nothing_else(codec: Server) -> None:
    async with codec.client() as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        for path in ("/", "/docs", "/openapi.json", "/codec/decode"):
            assert (await client.get(path)).status_code == 404


def preflight(origin: str) -> dict[str, str]:
    return {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,x-namespace",
    }


class TestCors:
    async def test_an_allowed_page_may_ask_with_the_token_but_not_with_cookies(self, codec: Server) -> None:
        async with codec.client() as client:
            answer = await client.options("/decode", headers=preflight(ALLOWED))
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == ALLOWED
        allowed = answer.headers["access-control-allow-headers"].lower()
        assert all(name in allowed for name in ("authorization", "content-type", "x-namespace"))
        assert "access-control-allow-credentials" not in answer.headers

    async def test_an_allowed_page_may_read_the_answer(self, codec: Server) -> None:
        async with codec.bearer() as client:
            answer = await client.post("/decode", json=asked(PLAIN), headers={"Origin": ALLOWED})
        assert answer.headers["access-control-allow-origin"] == ALLOWED

    @pytest.mark.parametrize(
        "origin", ["http://ui.example", "https://ui.example:8080", "null", "http://evil"]
    )
    async def test_any_other_page_may_not(self, codec: Server, origin: str) -> None:
        async with codec.bearer() as client:
            refused = await client.options("/decode", headers=preflight(origin))
            answer = await client.post("/decode", json=asked(PLAIN), headers={"Origin": origin})
        for response in (refused, answer):
            assert "access-control-allow-origin" not in response.headers
        assert refused.status_code == 400
