"""Money before a browser: what is asked for when, what cannot be right, what looks odd, what is taken back."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from console.pages.act import address
from domain.access import Role
from tests.access.test_accounts import TAX
from tests.console.browsers import Place, fits, goes, opens_and_fits, served
from tests.console.conftest import Officers
from tests.console.test_acting import owing
from tests.ledger.support import Books, an_intake


@pytest.fixture
async def place(readers: Officers) -> AsyncIterator[Place]:
    async with served(readers) as found:
        yield found


async def test_how_the_late_fee_is_dealt_with_is_asked_once_premium_is_recognised(
    place: Place, books: Books
) -> None:
    matter = books.register(an_intake())
    books.accept(matter)
    page = await place.signed_in(TAX, Role.OFFICER)
    await page.goto(f"{place.origin}{address(matter, 'issue_disposition', 't2')}")
    fee = page.locator("fieldset", has=page.locator("legend", has_text="滞纳金"))
    assert not await fee.is_visible()
    for name, choice in (("conclusion", "支持"), ("measure", "责令限期缴纳")):
        await page.select_option(f"[name='results.0.{name}']", choice)
    await fee.wait_for(state="visible")
    assert "选填" not in await fee.locator("legend").inner_text()
    await page.select_option("[name='results.0.measure']", "补办参保登记并核定")
    await fee.wait_for(state="hidden")
    await page.fill("[name='results.0.assessed']", "2400")
    await page.press("[name='results.0.assessed']", "Tab")
    await fee.wait_for(state="visible")
    await fits(page)


async def test_a_payment_is_refused_asked_about_and_taken_back(place: Place, books: Books) -> None:
    matter = owing(books)
    page = await place.signed_in(TAX, Role.OFFICER)
    await page.goto(f"{place.origin}{address(matter, 'record_payment', None)}")
    await page.fill("[name='parts.0.principal']", "24000")
    await page.fill("#paid_on", "2016-09-08")
    await goes(page, "button.btn-main")
    await expect(page.locator(".sum-err li")).to_have_count(2)
    await fits(page)
    await page.fill("[name='parts.0.principal']", "13.20")
    await page.fill("#late_fee", "2400")
    await page.fill("#paid_on", "2026-09-08")
    await goes(page, "button.btn-main")
    assert "请再核对" in await page.inner_text(".note-warn")
    await fits(page)
    paid = {"parts": [{"claim": "1", "principal": "2400.00"}], "late_fee": "13.20"}
    books.act(matter, "record_payment", f"{TAX}/郝勤", after=4, **paid)
    await opens_and_fits(page, f"{place.origin}{address(matter, 'withdraw_payment', None)}")
