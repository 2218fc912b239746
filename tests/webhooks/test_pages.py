"""The administrator's pages of webhooks in a real Chromium: nothing for axe to find, no sideways scroll, one secret once."""

from axe_playwright_python.async_playwright import Axe

from domain.access import Role
from domain.webhooks import Delivery
from ledger import outbox, webhooks
from tests.api.conftest import CENTER
from tests.console.browsers import Place, opens_and_fits, place
from tests.console.conftest import desk, intake, officers, policy, still
from tests.integration.conftest import Desk
from tests.ledger.support import Books, an_intake

__all__ = ["desk", "intake", "officers", "place", "policy", "still"]


async def test_a_system_is_registered_by_keyboard_and_its_pages_fit(place: Place, desk: Desk) -> None:
    page = await place.signed_in("系统", Role.ADMINISTRATOR)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    await page.goto(f"{place.origin}/webhooks")
    await page.select_option("#unit", CENTER)
    await page.focus("#unit")
    await page.keyboard.press("Tab")
    await page.keyboard.type("市12345平台")
    await page.keyboard.press("Tab")
    await page.keyboard.type(f"https://12345.invalid/{'a-long-path/' * 12}")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("text=只留十五分钟")
    assert "whsec_" in await page.inner_text("main")
    assert (await Axe().run(page)).response["violations"] == []
    (hook,) = [one.webhook for one in webhooks.list_webhooks(desk.ledger)]
    books = Books(desk.ledger, desk.policy)
    books.register(an_intake())
    (first,) = outbox.messages_of(desk.ledger.engine, hook.id)
    outbox.tried(desk.ledger.engine, first.id, "答复超时", Delivery.DEAD)
    books.register(an_intake("PG12345-0002"))
    for where in ("/webhooks", f"/webhooks/{hook.id}"):
        await opens_and_fits(page, place.origin + where)
    await page.click("button:has-text('再送一次')")
    await page.wait_for_selector("text=已重新排队")
    assert "whsec_" not in await page.content()
    assert said == []
