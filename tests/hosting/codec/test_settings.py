"""The codec server of a production installation: it starts rightly set or not at all, and logs no secret."""

import asyncio
import json
import os
import socket
import stat
import sys
from pathlib import Path

import httpx
import pytest

from hosting.codec_server.token import FILE, TOKEN, TOKEN_FILE, configured, embedded
from privacy.keys import KeyProblem, Purpose
from privacy.store import variable
from tests.support.keys import ENVIRONMENT

from .conftest import TOKEN as GOOD

MODULE = "hosting.codec_server"


def environment(**settings: str) -> dict[str, str]:
    ours = {name: text for name, text in os.environ.items() if not name.startswith("FENGQIAO_")}
    return {**ours, **settings}


async def refused(**settings: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", MODULE, env=environment(**settings), stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(120):
        _, said = await process.communicate()
    assert process.returncode == 2
    assert "Traceback" not in said.decode()
    return said.decode()


PAYLOAD_ONLY = {variable(Purpose.PAYLOAD): ENVIRONMENT[variable(Purpose.PAYLOAD)]}


async def test_without_a_token_it_does_not_start() -> None:
    assert f"请用 {TOKEN} 给出" in await refused(**PAYLOAD_ONLY)


async def test_without_the_payload_keys_it_does_not_start() -> None:
    search = variable(Purpose.SEARCH)
    assert "缺少 payload 用途的密钥" in await refused(**{TOKEN: GOOD, search: ENVIRONMENT[search]})


async def test_an_address_is_host_and_port() -> None:
    assert "主机:端口" in await refused(**PAYLOAD_ONLY, **{TOKEN: GOOD, "FENGQIAO_CODEC_ADDRESS": "8081"})


@pytest.mark.parametrize(
    ("text", "why"), [("short", "至少 32"), ("含有中文" * 10, "ASCII"), ("a b" * 20, "ASCII")]
)
def test_a_token_easy_to_guess_is_refused_and_not_repeated(text: str, why: str) -> None:
    with pytest.raises(KeyProblem, match=why) as problem:
        configured({TOKEN: text})
    assert text not in str(problem.value)


def test_a_token_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{GOOD}\n")
    token = configured({TOKEN_FILE: str(file)})
    assert token
    assert token.text == GOOD
    with pytest.raises(KeyProblem, match="读不出令牌文件"):
        configured({TOKEN_FILE: str(tmp_path / "missing")})


def test_an_office_makes_its_token_once_and_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TOKEN, raising=False)
    monkeypatch.delenv(TOKEN_FILE, raising=False)
    first = embedded(tmp_path / "keys")
    assert embedded(tmp_path / "keys").text == first.text
    assert stat.S_IMODE((tmp_path / "keys" / FILE).stat().st_mode) == 0o600
    assert embedded(tmp_path / "other").text != first.text


async def test_it_serves_and_says_who_signed_in_but_not_how() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    settings = {
        **PAYLOAD_ONLY,
        TOKEN: GOOD,
        "FENGQIAO_CODEC_ADDRESS": address,
        "FENGQIAO_CODEC_ORIGINS": "http://ui.example:8080, https://other.example/",
        "FENGQIAO_UI_URL": "http://127.0.0.1:9",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", MODULE, env=environment(**settings), stderr=asyncio.subprocess.PIPE
    )
    try:
        async with (
            asyncio.timeout(120),
            httpx.AsyncClient(base_url=f"http://{address}", trust_env=False, timeout=60) as client,
        ):
            await _until_healthy(client)
            assert (await client.get("/", params={"token": GOOD})).status_code == 303
            assert (await client.get("/", params={"token": "guess"})).status_code == 401
            assert (await client.post("/decode", json={})).status_code == 401
            answer = await client.post("/decode", json={}, headers={"Origin": "https://other.example"})
            assert answer.headers["access-control-allow-origin"] == "https://other.example"
    finally:
        process.terminate()
        _, said = await process.communicate()
    lines = [json.loads(line) for line in said.decode().splitlines()]
    assert [line["event"] for line in lines][:3] == [
        "codec.signed_in",
        "codec.sign_in_refused",
        "codec.turned_away",
    ]
    assert lines[0]["client"] == "127.0.0.1"
    assert GOOD not in said.decode()
    assert "guess" not in said.decode()


async def _until_healthy(client: httpx.AsyncClient) -> None:
    while True:
        try:
            assert (await client.get("/healthz")).json() == {"status": "ok"}
            return
        except httpx.TransportError:
            await asyncio.sleep(0.05)
