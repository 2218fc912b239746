"""登记 → 导入: an export gone over by page, one judgement changed, one row sent back, registered, its rejects taken back."""

import io
from pathlib import Path

import httpx
import pytest
from openpyxl import load_workbook
from playwright.async_api import Page

from console.pages.imports import HERE, LARGEST
from domain.access import Role
from domain.words import ClaimType
from ledger import imports
from ledger.imports import PAGE, State
from tests.access.test_accounts import TAX
from tests.api.conftest import CENTER
from tests.console.browsers import Place, fits, place
from tests.console.conftest import Officers, form_at
from tests.importing.exports import ticket, write_xlsx
from tests.integration.conftest import Desk

__all__ = ["place"]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Three good tickets, one without a narrative."""
    return write_xlsx(tmp_path / "热线导出.xlsx", [ticket(), ticket(), ticket(), ticket(诉求内容="")])


async def sent_up(page: Page, origin: str, file: Path) -> str:
    """The import's id, once the file is judged."""
    await page.goto(f"{origin}/register")
    await page.get_by_role("link", name="导入热线导出表").click()
    await page.set_input_files("#file", file)
    await page.get_by_role("button", name="上传并核对").click()
    return page.url.rpartition("/")[2]


@pytest.mark.parametrize("script", [True, False])
async def test_an_export_is_gone_over_and_registered(
    place: Place, desk: Desk, export: Path, script: bool
) -> None:
    page = await place.signed_in(CENTER, Role.OPERATOR, script=script)
    id = await sent_up(page, place.origin, export)
    if script:
        await fits(page)
    await page.select_option("[name='how.1']", "as_dispute")
    await page.select_option("[name='type.1']", "缴费基数不实")
    await page.select_option("[name='how.2']", "send_back")
    await page.get_by_role("button", name="这一页看过了").click()
    assert "退回的请写明理由" in await page.inner_text(".sum-err")
    assert await page.input_value("[name='type.1']") == "缴费基数不实"
    await page.fill("[name='reason.2']", "与热线核对后撤单")
    await page.get_by_role("button", name="这一页看过了").click()
    elsewhere = await (await place.open(script=script)).new_page()
    (cookie,) = await page.context.cookies()
    await elsewhere.context.add_cookies(
        [{"name": cookie.get("name", ""), "value": cookie.get("value", ""), "url": place.origin}]
    )
    await elsewhere.goto(f"{place.origin}{HERE}/{id}")
    assert await elsewhere.input_value("[name='reason.2']") == "与热线核对后撤单"
    await elsewhere.get_by_role("button", name="登记全部 4 行").click()
    await elsewhere.get_by_text("登记完了：").wait_for()
    said = await elsewhere.inner_text("main")
    assert "新登记 2 行" in said
    assert "退回 2 行" in said
    rows = imports.page_of(desk.ledger, id)
    assert [row.filing for row in rows] == ["新登记", "退回", "新登记", "退回"]
    matter = desk.ledger.find(rows[0].case_no or "")
    assert matter
    assert [c.type for c in desk.ledger.state(matter).facts.claims] == [ClaimType.WRONG_BASE]

    async with elsewhere.expect_download() as download:
        await elsewhere.get_by_role("link", name="下载退回表").click()
    back = await (await download.value).path()
    sheet = load_workbook(io.BytesIO(back.read_bytes())).worksheets[0]
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert "与热线核对后撤单" in cells
    assert any("诉求内容为空" in cell for cell in cells)


async def test_several_hundred_rows_come_page_by_page(officers: Officers, desk: Desk, tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "many.xlsx", [ticket() for _ in range(300)])
    center = await officers.at(CENTER, Role.OPERATOR)
    where = (await post(center, file.name, file.read_bytes())).headers["location"]
    page = await center.get(where)
    assert page.text.count('name="how.') == PAGE
    assert len(page.content) < 150_000
    form = await form_at(center, where)
    next_ = await center.post(where, data={**form, "_do": "save"})
    assert f"after={PAGE}" in next_.headers["location"]
    kept = imports.find(desk.ledger, where.rpartition("/")[2], CENTER)
    assert kept
    assert (kept.number, kept.state) == (300, State.CHECKING)
    assert imports.counts(desk.ledger, kept.id).seen == PAGE
    assert imports.find(desk.ledger, kept.id, TAX) is None


async def post(who: httpx.AsyncClient, name: str, data: bytes) -> httpx.Response:
    """Send a file up."""
    form = await form_at(who, HERE)
    return await who.post(HERE, data=form, files={"file": (name, io.BytesIO(data))})


async def test_a_long_name_and_signs_that_no_file_has_are_no_obstacle(
    officers: Officers, export: Path
) -> None:
    center, data = await officers.at(CENTER, Role.OPERATOR), export.read_bytes()
    for name in ("热线导出" * 23 + ".xlsx", "热线\x00导出.xlsx", "..\\热线/" + "导" * 200 + ".xlsx"):
        sent = await post(center, name, data)
        assert sent.status_code == 303, name
        back = await center.get(f"{sent.headers['location']}/rejected")
        assert back.status_code == 200, name


async def test_what_is_no_export_is_refused(officers: Officers, export: Path) -> None:
    center, officer = await officers.at(CENTER, Role.OPERATOR), await officers.at(TAX)
    for name, data, said in (
        ("导出.pdf", b"%PDF-1.7", "只收 .xlsx、.xls、.csv 文件"),
        ("导出.xlsx", b"%PDF-1.7", "内容却不是"),
        ("导出.csv", "一,二\n三,四\n".encode(), "没有收下"),
        ("", b"", "请选一个文件"),
    ):
        answer = await post(center, name, data)
        assert answer.status_code == 422, name
        assert said in answer.text
    large = await post(center, "large.xlsx", b"PK\x03\x04" + bytes(LARGEST))
    assert large.status_code == 413
    assert (await officer.get(HERE)).status_code == 403
