"""The administrator's door: who gets in, what passes, and what never does."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from hosting.codec_server.app import build_app
from hosting.codec_server.door import COOKIE
from hosting.codec_server.token import SESSION, Token
from hosting.embedded.temporal import DevServer
from hosting.web import serving

from .conftest import PLAIN, TOKEN, Server, answered, asked, new_ring


@asynccontextmanager
async def door_to(ui: str, folder: Path) -> AsyncGenerator[Server]:
    ring = new_ring(folder / "keys")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with serving(build_app(ring, Token(TOKEN, "test"), origins=[ui], ui=ui), listener):
            yield Server(f"http://127.0.0.1:{listener.getsockname()[1]}", ring)


@pytest.fixture
async def door(temporal_server: DevServer, tmp_path: Path) -> AsyncGenerator[Server]:
    """The door to the real UI."""
    assert temporal_server.ui_url
    async with door_to(temporal_server.ui_url, tmp_path) as server:
        yield server


@asynccontextmanager
async def signed_in(door: Server) -> AsyncGenerator[httpx.AsyncClient]:
    async with door.client() as client:
        assert (await client.get("/", params={"token": TOKEN})).status_code == 303
        yield client


class TestSignIn:
    async def test_the_token_buys_a_pass_and_leads_to_the_matters_without_it(self, door: Server) -> None:
        async with door.client() as client:
            answer = await client.get("/", params={"token": TOKEN})
        assert (answer.status_code, answer.headers["location"]) == (303, "/namespaces/fengqiao/workflows")
        cookie = answer.headers["set-cookie"].lower()
        assert all(word in cookie for word in ("httponly", "samesite=strict", f"max-age={SESSION.seconds}"))
        assert TOKEN not in str(answer.headers.raw)
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"

    @pytest.mark.parametrize("said", ["", "wrong", TOKEN + "x", TOKEN[:-1], "令牌"])
    async def test_a_wrong_token_buys_nothing(self, door: Server, said: str) -> None:
        async with door.client() as client:
            answer = await client.get("/", params={"token": said})
            assert (answer.status_code, "set-cookie" in answer.headers) == (401, False)
            assert "令牌不对" in answer.json()["error"]

    @pytest.mark.parametrize("path", ["/", "/namespaces/fengqiao/workflows", "/api/v1/settings"])
    async def test_without_a_pass_there_is_nothing_to_see(self, door: Server, path: str) -> None:
        async with door.client() as client:
            answer = await client.get(path)
        assert answer.status_code == 401
        assert "管理员入口" in answer.json()["error"]

    def test_a_pass_ends_by_itself_and_with_the_token(self, monkeypatch: pytest.MonkeyPatch) -> None:
        token, other = Token(TOKEN, "test"), Token(TOKEN[::-1], "test")
        session = token.session()
        until, mark = session.split(".")
        assert token.admits(session)
        assert not other.admits(session)
        for forged in (
            "",
            ".",
            until,
            f".{mark}",
            f"{int(until) + 1}.{mark}",
            f"x.{mark}",
            f"{until}.{mark}0",
        ):
            assert not token.admits(forged)
        monkeypatch.setattr("time.time", lambda: float(until) + 1)
        assert not token.admits(session)


class TestTheUi:
    async def test_it_is_passed_on_and_told_where_the_codec_is(
        self, door: Server, temporal_server: DevServer
    ) -> None:
        async with signed_in(door) as client:
            page = await client.get("/namespaces/fengqiao/workflows")
            settings = (await client.get("/api/v1/settings")).json()
        assert "text/html" in page.headers["content-type"]
        assert page.headers["x-frame-options"] == "SAMEORIGIN"
        async with httpx.AsyncClient(trust_env=False, timeout=60) as direct:
            bare = (await direct.get(f"{temporal_server.ui_url}/api/v1/settings")).json()
        assert settings["Codec"]["Endpoint"] == "/codec"
        assert bare["Codec"]["Endpoint"] == ""
        assert settings["Version"] == bare["Version"]

    async def test_its_page_opens_payloads_by_the_pass(self, door: Server) -> None:
        sealed = asked(await door.sealed())
        async with signed_in(door) as client:
            page = {"Origin": door.url}
            assert answered(await client.post("/codec/decode", json=sealed, headers=page)) == [PLAIN]
            again = answered(await client.post("/codec/encode", json=asked(PLAIN), headers=page))
            assert again[0].metadata["encoding"] == b"binary/encrypted"
            # The pass is for the door's pages; the bearer's routes want the token.
            assert (await client.post("/decode", json=sealed, headers=page)).status_code == 401
        async with door.bearer() as client:
            assert (await client.post("/codec/decode", json=sealed, headers=page)).status_code == 401

    @pytest.mark.parametrize("origin", [None, "null", "http://127.0.0.1:1", "http://evil.example"])
    async def test_another_page_cannot_use_the_pass(self, door: Server, origin: str | None) -> None:
        headers = {"Origin": origin} if origin else {}
        async with signed_in(door) as client:
            for path in ("/codec/decode", "/api/v1/namespaces/fengqiao/workflows/x/signal/act"):
                answer = await client.post(path, json=asked(await door.sealed()), headers=headers)
                assert answer.status_code == 403

    async def test_not_even_the_bare_ui_may_read_with_the_pass(
        self, door: Server, temporal_server: DevServer
    ) -> None:
        headers = {
            "Origin": str(temporal_server.ui_url),
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,x-namespace",
        }
        async with door.client() as client:
            answer = await client.options("/codec/decode", headers=headers)
        assert "access-control-allow-credentials" not in answer.headers

    async def test_a_workflow_id_with_a_slash_arrives_whole(self, door: Server) -> None:
        async with signed_in(door) as client:
            answer = await client.get("/api/v1/namespaces/fengqiao/workflows/dispute%2Fnobody")
        assert answer.status_code == 404
        assert "workflow" in answer.json()["message"].lower()


class Echo:
    """Stands where the UI would, and keeps what reached it."""

    def __init__(self) -> None:
        self.seen: list[Request] = []
        self.asked_late = asyncio.Event()
        self.app = FastAPI()
        self.app.add_api_route("/late", self._late)
        self.app.add_api_route("/{path:path}", self._echo, methods=["GET", "POST"])

    async def _echo(self, request: Request) -> Response:
        self.seen.append(request)
        return Response(await request.body(), 207, {"Set-Cookie": "_csrf=1", "X-Own": "1"})

    async def _late(self) -> None:
        self.asked_late.set()
        await asyncio.Event().wait()


@pytest.fixture
async def echo() -> AsyncGenerator[tuple[Echo, str]]:
    echo = Echo()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with serving(echo.app, listener):
            yield echo, f"http://127.0.0.1:{listener.getsockname()[1]}"


async def test_what_is_secret_stays_at_the_door(echo: tuple[Echo, str], tmp_path: Path) -> None:
    behind, ui = echo
    async with door_to(ui, tmp_path) as door, signed_in(door) as client:
        client.cookies.set("_csrf", "7")
        headers = {
            "Origin": door.url,
            "Referer": f"{door.url}/x",
            "X-CSRF-Token": "7",
            "Authorization": "Bearer x",
        }
        answer = await client.post("/a%2Fb?q=%E7%94%B2&q=2", content="正文".encode(), headers=headers)
    seen = behind.seen[0]
    assert (answer.status_code, answer.text, answer.headers["x-own"]) == (207, "正文", "1")
    assert "_csrf=1" in answer.headers["set-cookie"]
    assert seen.scope["raw_path"] == b"/a%2Fb"
    assert seen.scope["query_string"] == b"q=%E7%94%B2&q=2"
    assert seen.cookies == {"_csrf": "7"}
    assert seen.headers["x-csrf-token"] == "7"
    assert COOKIE not in str(seen.headers)
    assert not {"origin", "referer", "authorization"} & set(seen.headers)


@pytest.mark.parametrize(
    ("target", "answer"),
    [
        (b"%2Fx", 400),  # decoded it begins with a slash, as it is it does not
        (b"/\xe7\x94\xb2", 400),
        (b"/a?q=\xff", 400),
        (b"*", 404),
        (b"http://x/y", 404),
        (b"//", 207),
    ],
)
async def test_no_target_however_odd_is_an_error_of_the_door(
    echo: tuple[Echo, str], tmp_path: Path, target: bytes, answer: int
) -> None:
    _, ui = echo
    async with asyncio.timeout(60), door_to(ui, tmp_path) as door, signed_in(door) as client:
        host = door.url.removeprefix("http://")
        pass_ = client.cookies[COOKIE]
        reader, writer = await asyncio.open_connection(*host.split(":"))
        head = f"Host: {host}\r\nCookie: {COOKIE}={pass_}\r\nConnection: close\r\n\r\n"
        writer.write(b"GET " + target + b" HTTP/1.1\r\n" + head.encode())
        said = await reader.read()
        writer.close()
    assert int(said.split()[1]) == answer, said


async def test_a_question_the_ui_answers_late_does_not_hold_up_the_end(
    echo: tuple[Echo, str], tmp_path: Path
) -> None:
    behind, ui = echo
    waiting: asyncio.Task[Any] | None = None
    async with asyncio.timeout(60):
        async with door_to(ui, tmp_path) as door, signed_in(door) as client:
            waiting = asyncio.create_task(client.get("/late", timeout=None))
            await behind.asked_late.wait()
    assert waiting
    with pytest.raises(httpx.HTTPError):
        await waiting


async def test_a_ui_that_is_away_is_said_to_be(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        ui = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        async with door_to(ui, tmp_path) as door, signed_in(door) as client:
            answer = await client.get("/")
    assert (answer.status_code, "没有应答" in answer.json()["error"]) == (502, True)
