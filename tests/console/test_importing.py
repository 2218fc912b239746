"""登记 → 导入: an export gone over by page, one judgement changed, one row sent back, registered, its rejects taken back."""

import asyncio
import io
import re
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
    async with page.expect_navigation():
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
    assert await page.is_visible("[name='type.1']") is not script
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
    assert "退回 2 行" in await elsewhere.inner_text(".btns")
    await elsewhere.get_by_role("button", name="登记 2 行").click()
    await elsewhere.get_by_text("登记完了：").wait_for()
    said = await elsewhere.inner_text("main")
    assert "新登记 2 行" in said
    assert "退回 2 行" in said
    rows = imports.page_of(desk.ledger, id)
    assert [row.filing for row in rows] == ["新登记", "退回", "新登记", "退回"]
    matter = desk.ledger.find(rows[0].case_no or "")
    assert matter
    assert [c.type for c in desk.ledger.state(matter).facts.claims] == [ClaimType.WRONG_BASE]
    first = desk.ledger.events(matter)[0]
    assert (first.unit, first.officer == "系统", first.by is None) == (CENTER, False, False)

    async with elsewhere.expect_download() as download:
        await elsewhere.get_by_role("link", name="下载退回表").click()
    back = await (await download.value).path()
    sheet = load_workbook(io.BytesIO(back.read_bytes())).worksheets[0]
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert "与热线核对后撤单" in cells
    assert any("诉求内容为空" in cell for cell in cells)


def shown(page: str) -> dict[str, str]:
    """Each row's line, without marks, by the number it goes by."""
    rows = re.findall(r'<tr[^>]*><th scope="row">([^<]+)</th>(.*?)</tr>', page, re.DOTALL)
    return {number: re.sub("<select.*?</select>|<[^>]+>", "", row, flags=re.DOTALL) for number, row in rows}


async def test_each_row_goes_by_its_line_in_the_spreadsheet_and_says_why(
    officers: Officers, tmp_path: Path
) -> None:
    first, wrong = ticket(), ticket(证件号码="142234199001011111")
    rows = [
        first,
        wrong,
        ticket(证件号码=""),
        ticket(来电人="王先生"),
        {**first, "工单编号": ticket()["工单编号"]},
        {**first},
    ]
    file = write_xlsx(tmp_path / "热线.xlsx", rows, above=[["热线工单导出"], []])
    center = await officers.at(CENTER, Role.OPERATOR)
    where = (await post(center, file.name, file.read_bytes())).headers["location"]
    page = (await center.get(where)).text
    said = shown(page)
    assert list(said) == ["4", "5", "6", "7", "8", "9"]
    assert "证件号码校验不符" in said["5"]
    assert "缺" not in said["5"]
    assert "缺证件号码" in said["6"]
    assert "来电人不是全名" in said["7"]
    assert f"见第 4 行工单 {first['工单编号']}" in said["8"]
    assert f"见第 4 行工单 {first['工单编号']}" in said["9"]
    assert "登记 5 行" in page
    assert "与前行同单号 1 行" in page


async def test_a_row_that_is_registered_already_or_looks_like_a_matter_says_which(
    officers: Officers, desk: Desk, tmp_path: Path
) -> None:
    told = "建材厂 2026 年 3 月到 5 月没给我上养老保险。"
    before = [ticket(诉求内容=told, 涉及险种="养老") for _ in range(3)]
    center = await officers.at(CENTER, Role.OPERATOR)
    await registered_all(center, desk, write_xlsx(tmp_path / "first.xlsx", before))
    cases = [desk.ledger.state(desk.ledger.find(row["工单编号"]) or "").case_no for row in before]
    person = {key: before[2][key] for key in ("来电人", "来电号码", "证件号码")}
    rows = [
        before[0],
        {**before[1], "来电人": "席远", "诉求内容": "工伤没给上。", "涉及险种": "工伤"},
        {**before[2], "工单编号": ticket()["工单编号"]},
        ticket(**person, 被反映单位="刻舟求剑造船厂", 诉求内容=told),
        ticket(),
    ]
    file = write_xlsx(tmp_path / "second.xlsx", rows)
    where = (await post(center, file.name, file.read_bytes())).headers["location"]
    page = (await center.get(where)).text
    said = shown(page)
    short = [case[case.index("〔") :].removesuffix("号") for case in cases]
    assert f"此前已登记为 {short[0]}" in said["2"]
    assert f"单号此前已登记为 {cases[1]}，内容不同" in said["3"]
    assert "疑似重复" in said["4"]
    assert f"见已登记的 {short[2]}（证件号一致、单位一致、险种一致、所属期重叠）" in said["4"]
    assert f"同一人另有 {cases[2]}" in said["5"]
    assert "疑似重复" not in said["5"] + said["6"]
    assert "登记 3 行" in page
    id = where.rpartition("/")[2]
    await registered(center, desk, id, {"_will": "3"})
    found = imports.page_of(desk.ledger, id)
    assert [row.filing for row in found] == ["此前已登记", "退回", "新登记", "新登记", "新登记"]
    matter = desk.ledger.state(desk.ledger.find(found[2].case_no or "") or "")
    assert f"建议并案：疑似同一事项，见{cases[2]}" in (matter.facts.proposal or "")
    back = await center.get(f"{where}/rejected")
    sheet = load_workbook(io.BytesIO(back.content)).worksheets[0]
    assert any("疑似串号" in str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)


async def test_a_correction_is_what_is_registered_and_a_missing_type_is_asked_for(
    officers: Officers, desk: Desk, tmp_path: Path
) -> None:
    file = write_xlsx(tmp_path / "wages.xlsx", [ticket(诉求内容="拖欠工资三个月。", 涉及险种="工资")])
    center = await officers.at(CENTER, Role.OPERATOR)
    where = (await post(center, file.name, file.read_bytes())).headers["location"]
    decided = {"how.1": "as_dispute", "insurance.1": "养老"}
    form = await form_at(center, where)
    asked = await center.post(where, data={**form, **decided, "_do": "file"})
    assert asked.status_code == 422
    assert 'href="#type-1">第 2 行：请选争议类型' in asked.text
    await registered(center, desk, where.rpartition("/")[2], {**decided, "type.1": "应参未参"})
    (row,) = imports.page_of(desk.ledger, where.rpartition("/")[2])
    (claim,) = desk.ledger.state(desk.ledger.find(row.case_no or "") or "").facts.claims
    assert (claim.insurance, claim.type, claim.amount) == ("养老", "应参未参", 3000)


async def test_how_many_are_registered_is_asked_anew_once_a_decision_changed_it(
    officers: Officers, desk: Desk, export: Path
) -> None:
    center = await officers.at(CENTER, Role.OPERATOR)
    where = (await post(center, export.name, export.read_bytes())).headers["location"]
    form = await form_at(center, where)
    changed = {**form, "how.2": "send_back", "reason.2": "与热线核对后撤单", "_do": "file"}
    asked = await center.post(where, data=changed)
    assert asked.status_code == 200
    assert "将登记 <strong>2</strong> 行" in asked.text
    kept = imports.find(desk.ledger, where.rpartition("/")[2], CENTER)
    assert kept
    assert kept.state is State.CHECKING
    assert (await center.post(where, data={**changed, "_will": "2"})).status_code == 303


async def registered_all(who: httpx.AsyncClient, desk: Desk, file: Path) -> None:
    """Send a file up and register it as it is judged."""
    where = (await post(who, file.name, file.read_bytes())).headers["location"]
    await registered(who, desk, where.rpartition("/")[2], {})


async def registered(who: httpx.AsyncClient, desk: Desk, id: str, decided: dict[str, str]) -> None:
    """Register an import, and wait until that is done."""
    form = await form_at(who, f"{HERE}/{id}")
    sent = await who.post(f"{HERE}/{id}", data={**form, **decided, "_do": "file"})
    assert sent.status_code == 303, sent.text
    async with asyncio.timeout(60):
        while (kept := imports.find(desk.ledger, id, CENTER)) and kept.state is not State.DONE:
            await asyncio.sleep(0.1)


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
