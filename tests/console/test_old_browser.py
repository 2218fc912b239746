"""The pages in Chromium 86, the oldest browser that they promise to work in.

Today's Playwright cannot ask it whether a part is in sight, so nothing is clicked: keys are pressed, and the page is asked.
"""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from playwright.async_api import Page

from console.pages.act import address
from domain.access import Role
from domain.business_clock import BusinessClock
from domain.intake import Intake
from tests.access.test_accounts import TAX
from tests.console.browsers import PATIENCE, Place, is_narrow, served
from tests.console.conftest import Officers
from tests.console.test_browser import test_a_morning_by_keyboard_alone, walk
from tests.integration.conftest import Desk, accepted
from tests.support.old_browser import FLAGS, VERSION, at_hand

__all__ = ["test_a_morning_by_keyboard_alone"]


@pytest.fixture
async def place(officers: Officers) -> AsyncIterator[Place]:
    async with served(officers, str(at_hand()), FLAGS) as made:
        assert made.browser.version == VERSION
        yield made


async def test_nothing_scrolls_sideways(place: Place, matter: str) -> None:
    await walk(place, matter, is_narrow)


async def test_what_is_asked_under_an_answer_comes_with_it(place: Place, matter: str) -> None:
    page = await place.signed_in(TAX, Role.OFFICER)
    await page.goto(f"{place.origin}{address(matter, 'issue_disposition', 't2')}")
    assert not await in_sight(page, "#results-0-measure")
    await answer(page, "#results-0-conclusion", "支持")
    assert await in_sight(page, "#results-0-measure")
    assert not await in_sight(page, "#results-0-reason")
    await answer(page, "#results-0-conclusion", "不支持")
    assert await in_sight(page, "#results-0-reason")
    assert not await in_sight(page, "#results-0-measure")


async def in_sight(page: Page, part: str) -> bool:
    """Whether a part takes room on the page."""
    return await page.evaluate("part => document.querySelector(part).getClientRects().length > 0", part)


async def answer(page: Page, box: str, value: str) -> None:
    """Choose in a list as a hand does."""
    await page.evaluate(
        "([box, value]) => { const list = document.querySelector(box); list.value = value;"
        " for (const kind of ['input', 'change']) list.dispatchEvent(new Event(kind, {bubbles: true})) }",
        [box, value],
    )


async def test_what_another_does_shows_by_itself(
    place: Place, matter: str, desk: Desk, intake: Callable[..., Intake], still: BusinessClock
) -> None:
    page = await place.signed_in(TAX, Role.OFFICER)
    rows = "document.querySelectorAll('tr[data-row]').length"
    assert await page.evaluate(rows) == 1
    await accepted(desk, intake(), still)
    async with asyncio.timeout(PATIENCE / 1000):  # its own wait needs a page that lets strings be run
        while await page.evaluate(rows) != 2:
            await asyncio.sleep(0.1)
    assert await page.evaluate("document.querySelector('.just').textContent") == "刚到"
