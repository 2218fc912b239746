"""台账 and 查人 in a real Chromium: without script, for axe, at three widths; the table scrolls inside itself."""

import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from urllib.parse import quote

import pytest
from playwright.async_api import Page, expect

from console.showing.book import USUAL
from console.site import create_app
from domain.access import Role
from domain.policy import Policy
from ledger.store import Ledger
from tests.api.conftest import CENTER, site_over
from tests.console.browsers import WIDTHS, Place, fits, opens_and_fits, served
from tests.console.conftest import Officers
from tests.ledger.conftest import ledger_of_the_module
from tests.ledger.support import Books, an_intake

__all__ = ["ledger_of_the_module"]

MANY = 24


@pytest.fixture(scope="module")
async def place(ledger_of_the_module: Ledger, policy: Policy) -> AsyncIterator[Place]:
    """A county with enough to look at."""
    ledger = ledger_of_the_module
    ledger.save_policy(policy)
    books = Books(ledger, policy)
    for n in range(MANY):
        books.register(an_intake(f"PG-{n:02d}", claims=[]))
    books.live_through(an_intake("PG-over"))
    async with AsyncExitStack() as stack:
        officers = Officers(create_app(site_over(ledger, policy)), ledger, stack)
        yield await stack.enter_async_context(served(officers))


async def operator(place: Place, *, script: bool = True) -> Page:
    """The page of somebody who has signed in before."""
    county = place.officers.county
    person = county.person(f"who-{uuid.uuid4().hex[:8]}")
    post = county.grant(person, Role.OPERATOR, CENTER, proposed_by=place.officers.head(CENTER))
    context = await place.open(script=script)
    cookie = place.officers.token(person, post)
    await context.add_cookies([{"name": "fengqiao", "value": cookie, "url": place.origin}])
    return await context.new_page()


async def test_without_script_one_filters_saves_and_chooses_columns(place: Place) -> None:
    page = await operator(place, script=False)
    await page.goto(f"{place.origin}/matters")
    await page.select_option("#is_closed", "no")
    await page.click(".filters .btn")
    await expect(page.locator("tbody tr")).to_have_count(MANY)
    await page.click("summary:text('存为视图')")
    await page.fill("#name", "在办的")
    await page.click("button:text-is('存下')")
    assert await page.text_content(".tabs [aria-current]") == "在办的"
    await page.click("summary:text('选列')")
    for name in USUAL:
        await page.uncheck(f".cols-in input[value='{name}']")
    await page.check("input[value=诉求摘要]")
    await take_columns(page)
    assert await page.locator("thead th").all_text_contents() == ["案号", "诉求摘要"]
    await page.click(".chip")
    await expect(page.locator("tbody tr")).to_have_count(MANY + 1)
    await page.goto(f"{place.origin}/search")
    await page.fill("#name", "温玉强")
    await page.check("#why-0")
    await page.fill("#reason", "来电问办到哪一步")
    await page.click("form.box .btn-main")
    await page.wait_for_url(f"{place.origin}/search?made=*#h-found")
    assert quote("温玉强") not in page.url, "whoever is asked for stands in no address"
    await page.reload()
    await expect(page.locator("tbody tr")).to_have_count(MANY + 1)


async def test_axe_finds_nothing_and_nothing_scrolls_sideways(place: Place) -> None:
    page = await operator(place)
    wrong = "/matters?opened_from=x&stage=%E5%BD%92%E6%A1%A3"
    await opens_and_fits(page, f"{place.origin}/matters?stage=%E5%BE%85%E5%88%9D%E5%AE%A1&due=d7")
    await opens_and_fits(page, f"{place.origin}/search")
    await page.goto(f"{place.origin}{wrong}")
    await page.wait_for_selector(".sum-err:focus", state="attached")
    await fits(page)
    await page.goto(f"{place.origin}/matters")
    await page.click("summary:text('选列')")
    for box in await page.locator(".cols-in input").all():
        await box.check()
    await fits(page)
    await take_columns(page)
    await fits(page)
    await page.click("summary:text('存为视图')")
    await fits(page)
    await page.fill("#find", "偏关县望梅建材有限公司")
    await page.press("#find", "Enter")
    await page.wait_for_selector("h1:text('查找')")
    await fits(page)


async def test_the_head_and_the_number_stay_while_the_table_scrolls(place: Place) -> None:
    page = await operator(place)
    await page.goto(f"{place.origin}/matters")
    await page.click("summary:text('选列')")
    for box in await page.locator(".cols-in input").all():
        await box.check()
    await take_columns(page)
    await page.set_viewport_size({"width": 1366, "height": 600})
    before = await corner(page)
    await page.evaluate("document.querySelector('.book-w').scrollTo(2000, 300)")
    assert await page.evaluate("document.querySelector('.book-w').scrollLeft") > 500
    assert await corner(page) == before


async def take_columns(page: Page) -> None:
    """Have the columns that are ticked, and wait for the page that has them."""
    await page.click("text=换成这些列")
    await page.wait_for_url("**done=columns*")


async def corner(page: Page) -> list[float]:
    """Where the first head and the first line's number stand: the one up, the other left."""
    return await page.evaluate(
        "[document.querySelector('.book thead th').getBoundingClientRect().top,"
        " document.querySelector('.book tbody th').getBoundingClientRect().left]"
    )


async def test_a_case_number_is_read_whole_in_every_list_on_a_phone(place: Place) -> None:
    """Also where a browser, as older ones do, gives 〔 and 〕 the room of a whole character each."""
    page = await operator(place)
    lists = {"/?scope=unit": "td.no a", "/matters": "tbody th a", "/supervision": "th a[href^='/matters/']"}
    for address, number in lists.items():
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": 800})
            await page.goto(f"{place.origin}{address}")
            await page.evaluate("document.body.style.setProperty('text-spacing-trim', 'space-all')")
            whole = await page.locator(number).first.evaluate(
                "a => [a, a.closest('td, th')].every(x => x.scrollWidth <= Math.max(x.clientWidth, x.offsetWidth))"
                " && a.textContent.startsWith('〔2026〕')"
            )
            assert whole, (address, width)
