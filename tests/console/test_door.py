"""Signing in by the pages, tokens of forms, what is not there for somebody, and nothing in a page that its policy forbids."""

import re
from pathlib import Path

import httpx
import pytest

from api.access import passwords
from api.app import PREFIX
from console import assets, tokens
from domain.access import Role
from domain.posts import roles_in
from ledger import accounts
from ledger.audit import entries
from tests.access.test_accounts import HRSS, TAX
from tests.access.test_signing_in import PASSWORD
from tests.api.conftest import CENTER
from tests.console.conftest import Officers, form_at, hidden_fields
from tests.ledger.support import Books, an_intake
from tests.support.case import MEDIATOR, county

TEMPLATES = Path(assets.__file__).parent / "templates"


async def an_account(readers: Officers, login: str = "shi") -> str:
    """An officer of the tax bureau with a password."""
    person, slip = accounts.create(readers.ledger, readers.county.admin, login, "石磊", hours=24)
    accounts.use_slip(readers.ledger, slip, await passwords.hashed(PASSWORD), "10.0.0.2")
    readers.county.grant(person, Role.OFFICER, proposed_by=readers.county.head())
    return person


async def test_one_signs_in_where_one_wanted_to_go_and_out_again(readers: Officers) -> None:
    await an_account(readers)
    browser = await readers.browser()
    sent_off = await browser.get("/matters?level=低")
    assert sent_off.status_code == 303
    ask = await browser.get(sent_off.headers["location"])
    wrong = await browser.post("/sign-in", data={"login": "shi", "password": "wrong", "then": "/matters"})
    assert wrong.status_code == 401
    assert "登录名、口令或验证码不对" in wrong.text
    assert 'value="shi"' in wrong.text
    given = {"login": "shi", "password": PASSWORD, "then": hidden_fields(ask.text)["then"]}
    done = await browser.post("/sign-in", data=given)
    assert (done.status_code, done.headers["location"]) == (303, "/matters?level=%E4%BD%8E")
    desk = await browser.get("/")
    assert "石磊" in desk.text
    out = await browser.post("/sign-out", data=hidden_fields(desk.text))
    assert out.headers["location"] == "/sign-in?left=1"
    assert "已退出" in (await browser.get(out.headers["location"])).text
    assert "已退出" not in (await browser.get("/sign-in")).text
    assert (await browser.get("/")).status_code == 303


@pytest.mark.parametrize(
    "then", ["https://elsewhere.example/", "//elsewhere.example", "/\\\\elsewhere.example", "javascript:1"]
)
async def test_signing_in_leads_nowhere_else(readers: Officers, then: str) -> None:
    await an_account(readers)
    browser = await readers.browser()
    done = await browser.post("/sign-in", data={"login": "shi", "password": PASSWORD, "then": then})
    assert done.headers["location"] == "/"


async def test_a_password_is_changed_and_none_of_the_last_comes_back(readers: Officers) -> None:
    await an_account(readers)
    browser = await readers.browser()
    await browser.post("/sign-in", data={"login": "shi", "password": PASSWORD})
    form = await form_at(browser, "/password")
    again = await browser.post(
        "/password", data={**form, "old": PASSWORD, "password": PASSWORD, "again": PASSWORD}
    )
    assert "以前用过" in again.text
    fresh = "Chun-Feng-2027"
    done = await browser.post("/password", data={**form, "old": PASSWORD, "password": fresh, "again": fresh})
    assert "口令已设好" in done.text
    assert (await browser.get("/")).status_code == 303, "every session ended"
    back = await browser.post("/sign-in", data={"login": "shi", "password": fresh})
    assert back.headers["location"] == "/"


async def test_a_form_without_its_token_or_from_elsewhere_is_not_taken(readers: Officers) -> None:
    officer = await readers.at(TAX)
    assert (await officer.post("/drafts", data={"place": "/x"})).status_code == 403
    stranger = {tokens.FIELD: tokens.made("another session"), "place": "/x"}
    assert (await officer.post("/drafts", data=stranger)).status_code == 403
    own = await form_at(officer, "/drafts")
    foreign = await officer.post("/drafts", data=own, headers={"Origin": "http://foreign.example"})
    assert foreign.status_code == 403
    assert (await officer.post("/drafts", data={**own, "place": "/x"})).status_code == 303


async def test_what_is_missing_and_what_is_not_shown_read_alike(readers: Officers, books: Books) -> None:
    matter = books.register(an_intake())
    stranger, center = await readers.at(HRSS), await readers.at(CENTER, Role.OPERATOR)
    missing, hidden = await stranger.get("/matters/no-such-matter"), await stranger.get(f"/matters/{matter}")
    assert (missing.status_code, hidden.status_code) == (404, 404)
    assert missing.text == hidden.text
    assert (await stranger.get(f"/matters/{matter}/do/accept_case")).text == missing.text
    assert (await stranger.get("/no/such/page")).text == missing.text
    assert (await center.get(f"/matters/{matter}")).status_code == 200
    assert (await center.get("/api/v1/no-such")).headers["content-type"] == "application/problem+json"


async def test_everybody_has_his_own_pages(readers: Officers) -> None:
    auditor, admin = (
        await readers.at("系统", Role.AUDITOR),
        await readers.at("系统", Role.ADMINISTRATOR, "second"),
    )
    first = await auditor.get("/")
    assert first.headers.get("location") == "/audit", first.text
    assert "开通账号" in (await auditor.get("/audit")).text
    assert (await auditor.get("/matters")).status_code == 403
    assert (await admin.get("/")).headers.get("location") == "/accounts"
    assert (await admin.get("/audit")).status_code == 403


UNITS = (
    "系统", CENTER, TAX, MEDIATOR, "天峰坪镇网格员", "联席会议办公室", "县委政法委", "县政府", "县审计局",
)  # fmt: skip
SERVING = [(unit, role) for unit in UNITS for role in roles_in(unit, county())]


@pytest.mark.parametrize(("unit", "role"), SERVING)
async def test_every_link_of_the_frame_opens_for_whoever_is_shown_it(
    readers: Officers, unit: str, role: Role
) -> None:
    """In units of every kind, and on every page that a link leads to."""
    who = await readers.at(unit, role, f"{role.value}-in-{unit}")
    waits, opened = ["/"], dict[str, int]()
    while waits:
        address = waits.pop()
        page = await who.get(address, follow_redirects=True)
        opened[address] = page.status_code
        frame = re.findall(r'<header class="rail">.*?</header>', page.text, re.DOTALL)
        waits += [link for link in re.findall(r'href="([^"]+)"', str(frame)) if link not in opened]
    assert set(opened.values()) == {200}, (unit, opened)
    assert len(opened) > 3


def test_every_role_is_looked_at_so() -> None:
    assert {role for _, role in SERVING} == set(Role)


async def test_whoever_opens_anothers_matter_by_its_address_is_in_the_audit(
    readers: Officers, books: Books
) -> None:
    matter = books.register(an_intake())
    case_no, stranger = readers.ledger.state(matter).case_no, await readers.at(HRSS)
    pages = ["", "/print", "/do/accept_case", "/papers/1", f"/materials/{'0' * 64}"]
    for n, rest in enumerate(pages, start=1):
        missing, hidden = [await stranger.get(f"/matters/{m}{rest}") for m in ("no-such-matter", matter)]
        assert (hidden.status_code, hidden.text) == (404, missing.text)
        found = [k.entry for k in entries(readers.ledger, verb="访问")]
        assert [(e.object, e.result) for e in found] == [(case_no, "无权查看")] * n, rest


async def test_stylesheet_and_script_are_kept_for_good_by_their_content(readers: Officers) -> None:
    browser = await readers.browser()
    for name in ("desk.css", "desk.js", "mark.svg"):
        found = await browser.get(assets.url(name))
        assert found.status_code == 200
        assert "immutable" in found.headers["cache-control"]
        assert found.content == assets.ASSETS[name].content
    other = assets.url("desk.css").replace("/static/", "/static/0")
    assert (await browser.get(other)).status_code == 404


async def test_pages_need_nothing_that_their_policy_forbids(readers: Officers) -> None:
    officer = await readers.at(TAX)
    for address in ("/", "/matters", "/statistics", "/drafts", "/sign-in"):
        page = await officer.get(address)
        assert page.headers["content-security-policy"].startswith("default-src 'self'")
        assert page.headers["referrer-policy"] == "same-origin", "or a browser says null of its own forms"
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?! src=)|https?://", text), template.name


FORBIDDEN = (
    ":has(", ":is(", ":where(", "@layer", "@container", "aspect-ratio", "inset:", "oklch", "inline-size", "block-size", "&:",
)  # fmt: skip


def test_the_stylesheet_keeps_to_what_chromium_86_knows() -> None:
    text = assets.ASSETS["desk.css"].content.decode()
    assert [word for word in FORBIDDEN if word in text] == []
    for rule in re.findall(r"\{[^{}]*\}", text):
        flexible = "display: flex" in rule or "display: inline-flex" in rule
        assert not (flexible and re.search(r"[{;]\s*(row-|column-)?gap:", rule)), rule


@pytest.mark.parametrize("script", ["desk.js", "live.js"])
def test_the_scripts_keep_to_es2017(script: str) -> None:
    text = assets.ASSETS[script].content.decode()
    newer = (
        r"\?\.[a-zA-Z(\[]", r"\?\?", r"\bimport\b", r"\bexport\b", r"\.flat\(", r"replaceAll", r"catch \{",
    )  # fmt: skip
    assert [word for word in newer if re.search(word, text)] == []
    assert "localStorage" not in text
    assert "sessionStorage" not in text


async def test_an_address_made_by_somebody_else_says_nothing(readers: Officers) -> None:
    spoof = {"done": "您的账号已停用，请致电 000", "mark": "0" * 32}
    officer = await readers.at(TAX)
    admin = await readers.at("系统", Role.ADMINISTRATOR)
    asked = [(officer, "/"), (officer, "/notices")]
    asked += [(admin, place) for place in ("/accounts", "/webhooks", "/keys")]
    for who, place in asked:
        assert "您的账号已停用" not in (await who.get(place, params=spoof)).text, place
    said = await officer.post("/desk", data=await form_at(officer, "/"), follow_redirects=True)
    assert "没有勾选" in said.text


@pytest.mark.parametrize("place", ["/matters", f"{PREFIX}/disputes"])
async def test_a_fault_of_ours_is_told_in_words_and_tells_nothing_else(
    readers: Officers, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    center = await readers.at(CENTER, Role.OPERATOR)

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("温玉强")

    monkeypatch.setattr("console.pages.book.page_of_disputes", fails)
    monkeypatch.setattr("api.matters.page_of_disputes", fails)
    transport = httpx.ASGITransport(app=readers.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url=center.base_url, cookies=center.cookies
    ) as browser:
        failed = await browser.get(place)
    assert failed.status_code == 500
    assert "系统出了错" in failed.text
    assert "温玉强" not in failed.text
