"""The pages in Firefox as Debian has it."""

from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

import pytest

from console.pages.act import address
from domain.access import Role
from domain.business_clock import BusinessClock
from domain.intake import Intake
from tests.access.test_accounts import TAX
from tests.access.test_signing_in import PASSWORD
from tests.console.browsers import WIDTHS, account, on_a_port
from tests.console.conftest import Officers
from tests.integration.conftest import Desk, accepted
from tests.support.firefox import ENTER, TAB, Tab, firefox

ROWS = "document.querySelectorAll('tr[data-row]').length"
FOCUSED = "document.activeElement.textContent.trim()"
BEYOND = "document.documentElement.scrollWidth - innerWidth"


class Morning(NamedTuple):
    """An officer of the tax bureau at his desk."""

    tab: Tab
    origin: str


@pytest.fixture
async def morning(officers: Officers, matter: str) -> AsyncIterator[Morning]:
    login = await account(officers, TAX, Role.OFFICER)
    async with on_a_port(officers) as origin, firefox() as tab:
        await tab.resize(1366)
        await tab.goto(f"{origin}/")
        await tab.value("document.querySelector('#login').focus()")
        await tab.press(login, TAB, PASSWORD)
        await tab.leave(tab.press(ENTER))
        await tab.until("location.pathname === '/' && document.readyState === 'complete'")
        yield Morning(tab, origin)
        assert tab.complaints == []


async def test_a_matter_is_reached_by_keys_and_signed_for(morning: Morning, matter: str) -> None:
    tab = morning.tab
    assert await tab.value(ROWS) == 1
    await tab.press("j")
    assert await tab.value(FOCUSED) == "签收"
    await tab.leave(tab.press(ENTER))
    await tab.until("location.pathname.endsWith('/do/sign_for')")
    passed: list[str] = []
    while "签收" not in passed:
        await tab.press(TAB)
        passed.append(await tab.value(FOCUSED))
        assert len(passed) < 80, passed
    await tab.leave(tab.value("document.activeElement.click()"))  # it takes no pressed key for a button's
    await tab.until(f"location.pathname === '/matters/' + encodeURIComponent('{matter}')")
    assert "已办理：签收" in await tab.value("document.querySelector('main').innerText")


async def test_what_is_asked_under_an_answer_comes_with_it(morning: Morning, matter: str) -> None:
    tab = morning.tab
    await tab.goto(f"{morning.origin}{address(matter, 'issue_disposition', 't2')}")
    seen = "document.querySelector('#results-0-measure').getClientRects().length > 0"
    assert not await tab.value(seen)
    await tab.value("document.querySelector('#results-0-conclusion').focus()")
    await tab.press("支")
    await tab.until(seen)


async def test_what_another_does_shows_by_itself(
    morning: Morning, desk: Desk, intake: Callable[..., Intake], still: BusinessClock
) -> None:
    await accepted(desk, intake(), still)
    await morning.tab.until(f"{ROWS} === 2")
    assert await morning.tab.value("document.querySelector('.just').textContent") == "刚到"


async def test_nothing_scrolls_sideways(morning: Morning, matter: str) -> None:
    tab = morning.tab
    for page in (
        "/", f"/matters/{matter}", address(matter, "sign_for", "t2"), address(matter, "issue_disposition", "t2"),
        "/matters", "/statistics", "/supervision", "/papers", "/drafts",
    ):  # fmt: skip
        await tab.goto(f"{morning.origin}{page}")
        for width in WIDTHS:
            await tab.resize(width)
            assert await tab.value(BEYOND) <= 0, f"{page} at {width}"
