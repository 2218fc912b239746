"""A real Chromium before the real stack, for whoever tests the pages in it."""

import asyncio
import shutil
import socket
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

import pytest
import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from api.access import passwords
from domain.access import Role
from ledger import accounts
from tests.access.test_signing_in import PASSWORD
from tests.api.conftest import ALONE
from tests.console.conftest import Officers

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
PATIENCE = 60_000.0
"""Milliseconds; a busy machine."""
expect.set_options(timeout=PATIENCE)
WIDTHS = (390, 1366, 1920)


async def fits(page: Page, height: int = 800) -> None:
    """Nothing for axe to find, nothing too wide."""
    await is_narrow(page, height)
    found = await Axe().run(page)
    assert found.response["violations"] == [], f"{page.url}: {found.generate_report()}"


async def opens_and_fits(page: Page, address: str) -> None:
    """The same of a page that opens."""
    await opens(page, address)
    await fits(page)


async def goes(page: Page, selector: str) -> None:
    """Click what leads elsewhere, however many redirects on the way; done once it is there."""
    async with page.expect_navigation():
        await page.click(selector)


async def opens(page: Page, address: str) -> None:
    """There is such a page for whoever asks."""
    answer = await page.goto(address)
    assert answer
    assert answer.status == 200


async def is_narrow(page: Page, height: int = 800) -> None:
    """Nothing too wide."""
    await page.wait_for_load_state()
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": height})
        beyond = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert beyond <= 0, f"{page.url} at {width}: {beyond} px too wide"


async def account(officers: Officers, unit: str, role: Role) -> str:
    """Somebody's new login, in one post, with the tests' password."""
    login = f"{role.value}-{uuid.uuid4().hex[:8]}"
    person, slip = accounts.create(officers.ledger, officers.county.admin, login, "郝勤", hours=24)
    accounts.use_slip(officers.ledger, slip, await passwords.hashed(PASSWORD), "10.0.0.2")
    officers.county.grant(person, role, unit, proposed_by=None if role in ALONE else officers.head(unit))
    return login


class Place(NamedTuple):
    """A county whose desk is served, and a browser."""

    officers: Officers
    origin: str
    browser: Browser
    errors: list[str]
    """What the pages' own scripts threw."""

    async def open(self, *, script: bool = True, width: int = 1366) -> BrowserContext:
        """A browser of somebody's own; whatever the page's policy stopped is a failure of the test."""
        context = await self.browser.new_context(
            viewport={"width": width, "height": 768}, locale="zh-CN", java_script_enabled=script
        )
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda thrown: self.errors.append(str(thrown.error)))
        return context

    async def signed_in(self, unit: str, role: Role, *, script: bool = True) -> Page:
        """Somebody's page, signed in by typing."""
        login = await account(self.officers, unit, role)
        page = await (await self.open(script=script)).new_page()
        await page.goto(f"{self.origin}/")
        await page.focus("#login")
        await page.keyboard.type(login)
        await page.keyboard.press("Tab")
        await page.keyboard.type(PASSWORD)
        await page.keyboard.press("Enter")
        elsewhere = {Role.ADMINISTRATOR: "/accounts", Role.AUDITOR: "/audit"}
        await page.wait_for_url(f"{self.origin}{elsewhere.get(role, '/')}")
        return page


@asynccontextmanager
async def on_a_port(officers: Officers) -> AsyncIterator[str]:
    """The desk of these officers over HTTP; its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(officers.app, log_level="warning", timeout_graceful_shutdown=1)
        )
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving


@asynccontextmanager
async def served(
    officers: Officers, program: str | None = shutil.which("chromium"), flags: Sequence[str] = FLAGS
) -> AsyncIterator[Place]:
    """The same, before a browser."""
    async with on_a_port(officers) as origin, async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=program, args=flags)
        found = Place(officers, origin, browser, [])
        yield found
        await browser.close()
        assert not found.errors, found.errors


@pytest.fixture
async def place(officers: Officers) -> AsyncIterator[Place]:
    async with served(officers) as found:
        yield found
