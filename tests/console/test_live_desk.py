"""The desk renews itself in a real Chromium: what others do shows, and nothing that one was about to do is lost."""

from collections.abc import Callable

import pytest
from playwright.async_api import Page, expect

from domain.access import Role
from domain.business_clock import BusinessClock
from domain.intake import Intake
from tests.access.test_accounts import TAX
from tests.console.browsers import Place, place
from tests.integration.conftest import Desk, accepted

__all__ = ["place"]

Make = Callable[..., Intake]
ROWS = "tr[data-row]"


async def rows_are(page: Page, number: int) -> None:
    """Wait until so many tasks lie on the desk."""
    await expect(page.locator(ROWS)).to_have_count(number)


async def test_what_another_does_shows_and_takes_nothing(
    place: Place, matter: str, desk: Desk, intake: Make, still: BusinessClock
) -> None:
    page = await place.signed_in(TAX, Role.OFFICER)
    await page.select_option("select[name=level]", "低")
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await page.focus("td.go a")
    await page.keyboard.press("x")
    await accepted(desk, intake(), still)
    await rows_are(page, 2)
    assert await page.locator(".just").all_text_contents() == ["刚到"]
    assert matter in (await page.evaluate("document.activeElement.closest('tr').dataset.row"))
    assert await page.evaluate("document.activeElement.tagName") == "A"
    ticked = await page.evaluate("[...document.querySelectorAll('input[name=t]:checked')].map(x => x.value)")
    assert [value.partition("|")[0] for value in ticked] == [matter]
    assert await page.text_content("#picked") == "已选 1 件，一并"
    assert await page.input_value("select[name=level]") == "低", "what is being chosen stays chosen"
    assert await page.text_content("#told") == "刚到 1 件"


async def test_a_row_that_has_the_focus_goes_when_the_focus_goes(
    place: Place, matter: str, desk: Desk, intake: Make, still: BusinessClock
) -> None:
    page = await place.signed_in(TAX, Role.OFFICER)
    await page.focus("td.go a")
    colleague = await place.officers.at(TAX, Role.OFFICER, "colleague")
    body = {"tasks": [{"dispute": matter, "task": "t2"}]}
    key = {"Idempotency-Key": "test-colleague-signs"}
    async with page.expect_response("**/desk/live*"):
        done = await colleague.post("/api/v1/tasks/sign", json=body, headers=key)
    assert done.json()[0]["taken"], done.text
    assert await page.evaluate("document.activeElement.closest('tr') !== null")
    await page.focus("h1 ~ .side a")
    await page.wait_for_selector("#rows .empty")


async def test_nine_tabs_of_one_browser_all_hear(
    place: Place, matter: str, desk: Desk, intake: Make, still: BusinessClock
) -> None:
    first = await place.signed_in(TAX, Role.OFFICER)
    tabs = [first] + [await first.context.new_page() for _ in range(8)]
    for tab in tabs[1:]:
        await tab.goto(f"{place.origin}/")
    await accepted(desk, intake(), still)
    for tab in tabs:
        await rows_are(tab, 2)


@pytest.mark.parametrize("deaf", [False, True])
async def test_without_a_shared_worker_each_tab_hears_or_looks_for_itself(
    place: Place, matter: str, desk: Desk, intake: Make, still: BusinessClock, deaf: bool
) -> None:
    page = await place.signed_in(TAX, Role.OFFICER)
    await page.add_init_script("delete window.SharedWorker")
    if deaf:
        await page.route("**/api/v1/live*", lambda route: route.abort())
    await page.clock.install()
    await page.reload()
    await accepted(desk, intake(), still)
    if deaf:
        await page.clock.fast_forward(40_000)
    await rows_are(page, 2)
