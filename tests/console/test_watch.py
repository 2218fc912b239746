"""审计 by the page: who it was, one person's or one kind of entries alone, and red for what was not done."""

import html
import re
from urllib.parse import quote

from domain.access import Role
from ledger import accounts
from tests.access.test_accounts import HRSS, TAX
from tests.api.conftest import key
from tests.console.browsers import Place, fits, opens_and_fits, place
from tests.console.conftest import Officers, form_at
from tests.ledger.support import Books, an_intake

__all__ = ["place"]


def rows(page: str) -> list[list[str]]:
    """The entries' cells as they read."""
    found = re.findall(r"<tr><td class=\"num\".*?</tr>", page, re.DOTALL)
    return [
        [html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<t[dh].*?</t[dh]>", row)]
        for row in found
    ]


def red(page: str) -> set[str]:
    """The results that are painted red."""
    return set(re.findall(r'<td data-l="结果" class="red">([^<]*)</td>', page))


async def looked_and_searched(readers: Officers, books: Books) -> None:
    """Officers of two bureaus: a look and a search that find something, a matter that one may not know of."""
    matter = books.register(an_intake())
    books.accept(matter)
    officer, stranger = await readers.at(TAX), await readers.at(HRSS)
    form = await form_at(officer, f"/matters/{matter}")
    assert (
        await officer.post(f"/matters/{matter}/look", data={**form, "reason": "电话核对诉求"})
    ).status_code == 200
    asked = {"name": "温玉强", "reason": "核对是不是重复反映"}
    found = await officer.post("/api/v1/search", json=asked, headers=key("search"))
    assert len(found.json()) == 1
    assert (await stranger.get(f"/matters/{matter}")).status_code == 404


async def test_every_entry_says_who_and_only_what_failed_is_red(readers: Officers, books: Books) -> None:
    await looked_and_searched(readers, books)
    auditor = await readers.at("系统", Role.AUDITOR)
    page = (await auditor.get("/audit")).text
    by_verb = {row[3]: row for row in reversed(rows(page))}
    assert by_verb["按人查找"][2] == f"officer-{TAX}某 officer-{TAX}{TAX}　部门经办人"
    assert by_verb["按人查找"][5].startswith("成功，1 件；事由：")
    assert by_verb["首次开通"][2] == "—"
    assert red(page) == {"无权查看"}


async def test_one_persons_entries_are_read_by_login_or_name(readers: Officers, books: Books) -> None:
    await looked_and_searched(readers, books)
    auditor = await readers.at("系统", Role.AUDITOR)
    links = re.findall(r'href="(/audit\?who=[^"]*)"', (await auditor.get("/audit")).text)
    assert f"/audit?who=officer-{quote(TAX)}" in links
    for who in (f"officer-{TAX}", f"officer-{TAX}某", f" OFFICER-{TAX} "):
        found = rows((await auditor.get("/audit", params={"who": who})).text)
        assert {row[2].split()[0] for row in found} == {f"officer-{TAX}某"}, who
        assert {"按人查找", "查看身份信息"} <= {row[3] for row in found}
        looks = rows((await auditor.get("/audit", params={"who": who, "verb": "查看身份信息"})).text)
        assert [row[3] for row in looks] == ["查看身份信息"]
    (newest, *_) = rows((await auditor.get("/audit", params={"who": f"auditor-{'系统'}"})).text)
    assert newest[3] == "查阅审计", "the auditor's own reading is in it"


async def test_a_name_that_nobody_or_several_have_is_said_at_its_field(readers: Officers) -> None:
    auditor = await readers.at("系统", Role.AUDITOR)
    unknown = await auditor.get("/audit", params={"who": "没有这个人"})
    assert (unknown.status_code, "没有登录名或姓名是“没有这个人”的账号" in unknown.text) == (422, True)
    assert rows(unknown.text) == []
    for login in ("shi1", "shi2"):
        accounts.create(readers.ledger, readers.county.admin, login, "石磊", hours=1)
    several = await auditor.get("/audit", params={"who": "石磊"})
    assert (several.status_code, "请写登录名：shi1、shi2" in several.text) == (422, True)
    nothing = await auditor.get("/audit", params={"who": "shi1", "verb": "登录"})
    assert "没有符合条件的记录" in nothing.text


async def test_the_page_fits_and_axe_finds_nothing(place: Place) -> None:
    page = await place.signed_in("系统", Role.AUDITOR)
    await opens_and_fits(page, f"{place.origin}/audit")
    await page.click("table a[href^='/audit?who']")
    assert await page.input_value("#who")
    await fits(page)
    await page.fill("#who", "没有这个人")
    await page.get_by_role("button", name="筛选").click()
    await fits(page)
    assert "没有登录名或姓名是" in await page.inner_text("[role=alert]")
