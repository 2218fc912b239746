"""The pages in a real Chromium on the real stack: by keyboard, without script, nothing for axe to find, no sideways scroll."""

from collections.abc import Awaitable, Callable

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from console.assets import ASSETS
from console.pages.act import address
from console.view import TEMPLATES
from domain.access import Role
from papers.reading import blocks
from tests.access.test_accounts import TAX
from tests.api.conftest import CENTER
from tests.console.browsers import Place, fits, goes, opens, place
from tests.console.test_materials import PDF
from tests.integration.conftest import Desk
from tests.papers.kinds import alone, full, made
from tests.support.case import county

__all__ = ["place"]


async def test_a_morning_by_keyboard_alone(place: Place, matter: str) -> None:
    page = await place.signed_in(TAX, Role.OFFICER)
    groups = "[...document.querySelectorAll('table.inbox tbody')].map(part => getComputedStyle(part).display)"
    assert set(await page.evaluate(groups)) == {"table-row-group"}, (
        "a day's rows stand in the table's columns"
    )
    await page.keyboard.press("j")
    assert await page.evaluate("document.activeElement.textContent") == "签收"
    await page.keyboard.press("x")
    assert await page.locator("#picked").text_content() == "已选 1 件，一并"
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/do/sign_for?task=t2")
    await tab_to(page, "签收")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**?done=*")
    assert "已办理：签收" in await page.inner_text("main")
    await page.goto(f"{place.origin}{address(matter, 'issue_disposition', 't2')}")
    await tab_to(page, "再看一眼，准备提交")
    await page.keyboard.press("Enter")
    await expect(page.locator(".sum-err")).to_be_focused()
    await page.keyboard.press("Tab")
    spot = await page.evaluate("document.activeElement.hash")
    await page.keyboard.press("Enter")
    assert await page.evaluate("'#' + document.activeElement.id") == spot


async def test_a_clocks_day_stands_in_one_line_and_its_words_beside_one_another(
    place: Place, matter: str, desk: Desk
) -> None:
    assert any((c.length, c.unit) == (1, "wd") for c in desk.ledger.state(matter).open_clocks())
    page = await place.signed_in(CENTER, Role.OPERATOR)
    crowd = """strip => { const held = strip.children[1].querySelector("dd");
      held.querySelector("small").textContent = "主办；另有" + "县人力资源和社会保障局、".repeat(8);
      held.firstChild.textContent = "国家税务总局偏关县税务局老营税务分局　梁志远"; }"""
    overlap = """strip => [...strip.querySelectorAll("svg")].flatMap(drawn => {
      const boxes = [...drawn.querySelectorAll("text")].map(text => text.getBoundingClientRect());
      const over = (one, next) => one.left < next.right && next.left < one.right;
      return boxes.flatMap((one, n) => boxes.slice(n + 1).filter(next => over(one, next))); }).length"""
    for width in (1920, 1366, 1241, 1100, 1024, 800, 390):
        await page.set_viewport_size({"width": width, "height": 768})
        await page.goto(f"{place.origin}/matters/{matter}")
        strip = page.locator(".d-strip")
        await strip.evaluate(crowd)
        heights = await strip.evaluate(
            "strip => [...strip.querySelectorAll('.due')].map(e => e.offsetHeight)"
        )
        assert heights, width
        assert max(heights) <= 30, (width, heights)
        assert await strip.evaluate(overlap) == 0, width
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width


async def tab_to(page: Page, text: str) -> None:
    """Press Tab until this is what Enter would press."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.textContent.trim()") == text:
            return
    raise AssertionError(f"Tab never came to {text}")


async def test_without_script_one_signs_answers_and_adds_a_row(place: Place, matter: str) -> None:
    page = await place.signed_in(TAX, Role.OFFICER, script=False)
    await goes(page, "td.go a")
    await goes(page, "form.act .btn-main")
    assert "已办理：签收" in await page.inner_text("main")
    await page.goto(f"{place.origin}{address(matter, 'issue_disposition', 't2')}")
    await page.select_option("#results-0-conclusion", "支持")
    await page.select_option("#results-0-measure", "责令限期缴纳")
    await goes(page, "button[value='more:results']")
    await expect(page.locator("#results-1-conclusion")).to_have_count(1)
    assert await page.input_value("#results-0-measure") == "责令限期缴纳"
    await goes(page, "button[value='drop:results.1']")
    await page.check("#late_fee-0")
    await page.fill("#facts", "三个月已申报未缴。")
    await page.fill("#ground", "社会保险法第六十三条")
    await goes(page, "form.act .btn-main")
    assert "提交后不能撤回" in await page.inner_text("main")
    await goes(page, "button[value=send]")
    assert "已办理：提交处置意见" in await page.inner_text("main")


async def test_how_late_something_is_can_be_read_whole_at_every_width(place: Place, matter: str) -> None:
    page = await place.signed_in(TAX, Role.OFFICER)
    cut = "[...document.querySelectorAll('td.when')].map(e => [e.textContent, e.scrollWidth - e.clientWidth])"
    for width in (390, 800, 1000, 1120, 1280, 1366, 1920):
        await page.set_viewport_size({"width": width, "height": 768})
        for said in ("超 11 个工作日", "超 111 个自然日", "超 23 小时 59 分"):
            await page.evaluate("t => { document.querySelector('td.when').textContent = t }", said)
            assert await page.evaluate(cut) == [[said, 0]], width


async def test_axe_finds_nothing_and_nothing_scrolls_sideways(place: Place, matter: str) -> None:
    await walk(place, matter, fits)


async def walk(place: Place, matter: str, look: Callable[[Page], Awaitable[None]]) -> None:
    """Look at every page of an officer and of an operator, none of which has anything to say to the console."""
    said: list[str] = []
    for unit, role, pages in (
        (TAX, Role.OFFICER, ["/", f"/matters/{matter}", f"/matters/{matter}?at=5", address(matter, "sign_for", "t2"),
                             address(matter, "receive_material", None), "/matters", "/statistics", "/drafts", "/password"]),
        (CENTER, Role.OPERATOR, ["/register", "/register/import", "/supervision", "/meetings", "/guide", "/guide/README",
                                  "/console/parts", "/lookup", "/callback", "/sign-in"]),
    ):  # fmt: skip
        page = await place.signed_in(unit, role)
        page.on("console", lambda message: said.append(message.text))
        for where in pages:
            await opens(page, place.origin + where)
            await look(page)
    assert said == []


async def test_the_second_look_is_there_again_after_the_browsers_back(place: Place, matter: str) -> None:
    page = await place.signed_in(TAX, Role.OFFICER)
    await goes(page, "td.go a")
    await goes(page, "form.act .btn-main")
    await page.goto(f"{place.origin}{address(matter, 'issue_disposition', 't2')}")
    await page.select_option("#results-0-conclusion", "支持")
    await page.select_option("#results-0-measure", "责令限期缴纳")
    await page.fill("#results-0-principal", "1200")
    await page.check("#late_fee-0")
    await page.fill("#facts", "三个月已申报未缴。")
    await page.fill("#ground", "社会保险法第六十三条")
    await goes(page, "form.act .btn-main")
    assert "提交前再看一眼" in await page.inner_text("main")
    await goes(page, ".crumb a >> nth=1")
    await page.go_back()
    assert "三个月已申报未缴" in await page.inner_text("main")
    await goes(page, "text=不提交，回去改")
    assert await page.input_value("#facts") == "三个月已申报未缴。"
    await page.go_back()
    await goes(page, "button[value=send]")
    await page.go_back()
    assert "现在不能提交处置意见" in await page.inner_text("main")


async def test_what_was_typed_before_a_reload_is_offered(place: Place, matter: str) -> None:
    """Though the browser asks for the page before it has sent off the draft; with a file it is kept at once."""
    page = await place.signed_in(CENTER, Role.OPERATOR)
    await page.goto(f"{place.origin}/register")
    await page.fill("#narrative", "三个月没有缴")
    await page.reload()
    if await page.input_value("#narrative") == "":
        await goes(page, "[data-saved] >> text=接着写")
    assert await page.input_value("#narrative") == "三个月没有缴"
    await page.fill("#narrative", "三个月没有缴，附工资条")
    async with page.expect_response(lambda answer: "_do=draft" in (answer.request.post_data or "")):
        await page.set_input_files(
            "#up", [{"name": "工资条.pdf", "mimeType": "application/pdf", "buffer": PDF}]
        )
    await page.reload()
    assert await page.input_value("#narrative") == "三个月没有缴，附工资条"
    assert "工资条.pdf" in await page.inner_text("[data-attached]")


async def test_the_number_follows_the_channel(place: Place, matter: str) -> None:
    page = await place.signed_in(CENTER, Role.OPERATOR)
    await page.goto(f"{place.origin}/register")
    proposed = await page.input_value("#source_no")
    assert proposed.startswith("LF-")
    await page.select_option("#channel", "网格员排查")
    assert await page.input_value("#source_no") == proposed.replace("LF", "WG")
    await page.fill("#source_no", "LF-2026-1")
    await page.select_option("#channel", "来访")
    assert await page.input_value("#source_no") == "LF-2026-1"


LEADS_TO = "[...document.querySelectorAll('.rail a, .rail [type=search], .rail button')].filter(e => e.checkVisibility())"
PLACES = LEADS_TO + ".map(e => e.getAttribute('href') || e.name || e.textContent.trim())"


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize(("unit", "role"), [(TAX, Role.OFFICER), (TAX, Role.HEAD), (CENTER, Role.OPERATOR)])
async def test_on_a_phone_all_is_reached_that_is_reached_at_a_desk(
    place: Place, matter: str, unit: str, role: Role, *, script: bool
) -> None:
    page = await place.signed_in(unit, role, script=script)
    wide = set(await page.evaluate(PLACES))
    assert {"/guide", "/drafts", "/notices", "/password", "q"} <= wide
    await page.set_viewport_size({"width": 390, "height": 780})
    assert wide - set(await page.evaluate(PLACES)), "some of it lies under 更多"
    await page.click(".rail summary")
    assert wide - set(await page.evaluate(PLACES)) == set()
    if script:
        assert (await Axe().run(page)).response["violations"] == []
    for width in (320, 390, 700, 1100):
        await page.set_viewport_size({"width": width, "height": 780})
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    await page.set_viewport_size({"width": 390, "height": 780})
    await page.fill("#qm", place.officers.ledger.state(matter).case_no)
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda to: "/matters" in to)
    await page.go_back()
    await page.click(".rail summary")
    await page.click(".rail .more >> text=换口令")
    await page.wait_for_url("**/password")


async def test_what_is_asked_under_an_answer_comes_with_it(place: Place, matter: str) -> None:
    page = await place.signed_in(TAX, Role.OFFICER)
    await page.goto(f"{place.origin}{address(matter, 'issue_disposition', 't2')}")
    assert await page.locator("#results-0-principal").is_hidden()
    await page.select_option("#results-0-conclusion", "支持")
    await page.select_option("#results-0-measure", "责令限期缴纳")
    assert await page.locator("#results-0-principal").is_visible()
    assert await page.locator("#results-0-reason").is_hidden()
    await page.select_option("#results-0-conclusion", "不支持")
    assert await page.locator("#results-0-reason").is_visible()
    assert await page.locator("#results-0-measure").is_hidden()


SIZES = """Object.fromEntries([...document.querySelectorAll('.sheet *')]
  .map(e => [e.className, parseFloat(getComputedStyle(e).fontSize)]))"""


async def test_on_a_phone_nothing_of_a_paper_but_its_title_is_larger_than_its_text(place: Place) -> None:
    page = await (await place.open(width=390)).new_page()
    written = blocks(made(alone(), full(county(), "处置意见书")))
    text = TEMPLATES.get_template("parts/paper.html").module.body(written)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]
    style = ASSETS["desk.css"].content.decode()
    await page.set_content(
        f'<meta name="viewport" content="width=device-width"><style>{style}</style><div class="sheet paper">{text}</div>'
    )
    sizes = await page.evaluate(SIZES)
    assert {"p-heading", "p-note", "p-sign_off", "p-table"} <= set(sizes)
    larger = {look for look, size in sizes.items() if size > sizes["p-body"]}
    assert larger == {"p-red_head", "p-title"}
