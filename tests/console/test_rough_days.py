"""What goes wrong around a desk in a real Chromium: the server restarted, PostgreSQL away, a gateway that holds streams back."""

import shutil
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from playwright.async_api import Browser, async_playwright, expect
from temporalio.client import Client

from console.pages.act import address
from console.site import create_app
from domain.access import Role
from domain.business_clock import BusinessClock
from domain.intake import Intake
from domain.policy import Policy
from hosting.embedded.postgres import SOCKET_NAME, Postgres
from hosting.web import serving
from ledger.store import Ledger
from starter.office import Office
from tests.access.test_accounts import TAX
from tests.api.conftest import site_over
from tests.console.browsers import FLAGS, Place
from tests.console.conftest import Officers
from tests.integration.conftest import Desk, accepted
from tests.support.gateway import buffering
from tests.support.keys import KEYS
from tests.support.proxy import Line, losing_line

Make = Callable[..., Intake]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as driver:
        launched = await driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield launched
        await launched.close()


@asynccontextmanager
async def served(app: FastAPI, port: int = 0) -> AsyncIterator[int]:
    """The app on a port of this machine."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        async with serving(app, listener):
            yield listener.getsockname()[1]


def origin(port: int) -> str:
    return f"http://127.0.0.1:{port}"


async def test_a_form_outlives_a_restart_of_the_server(
    officers: Officers, matter: str, browser: Browser
) -> None:
    async with served(officers.app) as port:
        page = await Place(officers, origin(port), browser, []).signed_in(TAX, Role.OFFICER)
        await page.goto(origin(port) + address(matter, "sign_for", "t2"))
    async with served(create_app(officers.app.state.site), port):
        await page.click("form.act .btn-main")
        await page.wait_for_url("**?done=*")
        assert "已办理：签收" in await page.inner_text("main")


@pytest.fixture
async def line(
    officers: Officers, postgres_server: Postgres, postgres_url: str, tmp_path: Path
) -> AsyncIterator[tuple[Line, Ledger]]:
    """The desk's own line to PostgreSQL, and its ledger at the end of it."""
    near, away = str(postgres_server.socket), str(tmp_path)
    with losing_line(postgres_server.socket / SOCKET_NAME, tmp_path) as line:
        far = Ledger.connect(
            postgres_url.replace(near, away).replace(quote(near, safe=""), quote(away, safe="")), KEYS
        )
        yield line, far
        far.close()


async def test_postgresql_away_under_an_open_form_loses_nothing(
    officers: Officers,
    matter: str,
    line: tuple[Line, Ledger],
    desk: Desk,
    policy: Policy,
    temporal_client: Client,
    browser: Browser,
) -> None:
    cable, far = line
    app = create_app(site_over(far, policy, Office(temporal_client, far, task_queue=desk.task_queue)))
    async with served(app) as port:
        page = await Place(officers, origin(port), browser, []).signed_in(TAX, Role.OFFICER)
        await page.goto(origin(port) + address(matter, "receive_material", None))
        await page.check("input[name=given_by][value=申请人]")
        await page.fill("#materials-0-name", "工资条复印件三张")
        await page.fill("#received_on", "2026-09-03")
        cable.break_off()
        for button in ("form.act .btn-main", "text=再次提交"):
            async with page.expect_navigation() as answered:
                await page.click(button)
            assert ((await answered.value).status, await page.inner_text("h1")) == (503, "还没有办理")
        cable.cut = False
        await page.click("text=再次提交")
        await page.wait_for_url("**?done=*")
    taken = [e for e in desk.ledger.events(matter) if "工资条复印件三张" in e.model_dump_json()]
    assert len(taken) == 1


async def test_behind_a_gateway_that_holds_streams_back_the_desk_looks_for_itself(
    officers: Officers, matter: str, desk: Desk, intake: Make, still: BusinessClock, browser: Browser
) -> None:
    async with served(officers.app) as behind, buffering(behind) as port:
        page = await Place(officers, origin(port), browser, []).signed_in(TAX, Role.OFFICER)
        await page.add_init_script("delete window.SharedWorker")
        await page.clock.install()
        await page.reload()
        await accepted(desk, intake(), still)
        await page.clock.fast_forward(40_000)
        await expect(page.locator("tr[data-row]")).to_have_count(2)
        await page.goto("about:blank")
