"""统计 in a real Chromium: without script, at every width, nothing for axe to find; on paper no figure is torn apart."""

import pytest
from playwright.async_api import Page, expect

from domain.access import Role
from domain.policy import Policy
from tests.console.browsers import Place, opens_and_fits, place
from tests.console.conftest import Officers
from tests.ledger.lives import keep_sample
from tests.support.case import CENTER

__all__ = ["place"]

DAYS = "first=2026-01-01&last=2026-12-31"
SHEET = 979
"""Pixels of an A4 page between its margins."""


@pytest.fixture
async def reader(officers: Officers, policy: Policy, place: Place) -> Page:
    """An operator of the centre, without script, in a county to which something happened."""
    for sample in ("01", "08", "11", "14", "15"):
        keep_sample(officers.ledger, policy, sample)
    return await place.signed_in(CENTER, Role.OPERATOR, script=False)


async def test_the_statistics_without_script_at_every_width_and_on_paper(reader: Page, place: Place) -> None:
    await reader.click("nav >> text=统计")
    await reader.select_option("#period", "2026")
    await reader.fill("#first", "2026年1月1日")
    await reader.fill("#last", "20261231")
    await reader.click(".filters .btn")
    await reader.click("dl.figs a:has-text('100.0') >> nth=0")
    await expect(reader.locator("#h-list")).to_be_visible()
    await reader.click(".tabs >> text=计入 >> nth=0")
    numbers = [await tab.inner_text() for tab in await reader.locator(".tabs .n").all()]
    await expect(reader.locator("table.row tbody tr")).to_have_count(int(numbers[1]))
    await reader.click("text=改按月、季、年")
    await expect(reader.locator("#period")).to_be_visible()
    looking = await place.signed_in(CENTER, Role.OPERATOR)
    addresses = (
        f"?{DAYS}",
        f"/按时办结率?{DAYS}",
        f"/满意率?{DAYS}&side=计入",
        f"/print?{DAYS}",
        "?first=x",
    )
    for address in addresses[:-1]:
        await opens_and_fits(looking, f"{place.origin}/statistics{address}")
    await looking.goto(f"{place.origin}/statistics{addresses[-1]}")
    await looking.wait_for_selector(".sum-err:focus", state="attached")
    await whole_on_paper(looking, f"{place.origin}/statistics/print?{DAYS}")


async def whole_on_paper(page: Page, address: str) -> None:
    """Every drawing and every line of a table stays on one page."""
    await page.goto(address)
    await page.emulate_media(media="print")
    parts = await page.eval_on_selector_all(
        "figure, tr",
        "parts => parts.map(p => [getComputedStyle(p).breakInside, p.getBoundingClientRect().height])",
    )
    assert len(parts) > 30
    assert {breaks for breaks, _ in parts} == {"avoid"}
    assert max(height for _, height in parts) < SHEET
    assert not await page.locator(".bar").is_visible()
