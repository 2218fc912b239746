"""材料 in a real Chromium: progress and several at once with a script, the same without; nothing for axe to find."""

from pathlib import Path

from playwright.async_api import expect

from domain.access import Role
from tests.access.test_accounts import TAX
from tests.api.conftest import CENTER
from tests.console.browsers import Place, fits, goes, place
from tests.support.files import PDF, TAKEN

__all__ = ["place"]

FILES = [
    {"name": "劳动合同.pdf", "mimeType": "application/pdf", "buffer": PDF},
    {"name": "工资条.jpg", "mimeType": "image/jpeg", "buffer": TAKEN["工资条.jpg"]},
]
WRONG = {"name": "录音.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"}


async def test_files_are_handed_in_on_the_page_of_a_dispute(
    place: Place, matter: str, tmp_path: Path
) -> None:
    page = await place.signed_in(TAX, Role.OFFICER)
    await page.goto(f"{place.origin}/matters/{matter}")
    await page.set_input_files("#up", FILES)  # type: ignore[arg-type]
    await page.fill("#up-about", "证明劳动关系")
    await page.press("#up-about", "Enter")
    await page.wait_for_url("**?kept=2*")
    assert "收下 2 件" in await page.inner_text("#materials")
    async with page.expect_download() as waiting:
        await page.click("#materials a:has-text('劳动合同.pdf')")
    got = await waiting.value
    assert got.suggested_filename == "劳动合同.pdf"
    await got.save_as(tmp_path / "got")
    assert (tmp_path / "got").read_bytes() == PDF

    another = {**FILES[0], "name": "补充.pdf", "buffer": PDF + b"%2"}
    await page.set_input_files("#up", [WRONG, another])  # type: ignore[list-item]
    await page.click("#materials form button:has-text('上传并收存')")
    await page.wait_for_selector("[data-ups] a")
    said = await page.inner_text("[data-ups]")
    assert "录音.exe" in said
    assert "没有收：不收“.exe”文件" in said
    assert "已收存" in said
    await page.click("[data-ups] a")
    await page.wait_for_url("**?kept=1*")
    await fits(page)


async def test_without_a_script_the_same_form_does(place: Place, matter: str) -> None:
    page = await place.signed_in(TAX, Role.OFFICER, script=False)
    await page.goto(f"{place.origin}/matters/{matter}")
    await page.set_input_files("#up", [*FILES, WRONG])  # type: ignore[list-item]
    await page.click("#materials form button")
    assert "收下 2 件，有 1 件没有收" in await page.inner_text("#materials")


async def test_files_are_attached_to_a_registration_and_let_go_again(place: Place) -> None:
    page = await place.signed_in(CENTER, Role.OPERATOR)
    await page.goto(f"{place.origin}/register")
    await page.set_input_files("#up", [*FILES, WRONG])  # type: ignore[list-item]
    await page.wait_for_selector("[data-ups] .red")
    await expect(page.locator("[data-attached] li")).to_have_count(2)
    assert "录音.exe" in await page.inner_text("[data-ups]")
    await fits(page)
    await goes(page, "[data-attached] li:has-text('工资条.jpg') button")
    await expect(page.locator("[data-attached] li")).to_have_count(1)
    assert "劳动合同.pdf" in await page.inner_text("[data-attached]")
