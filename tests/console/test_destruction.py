"""档案 at the desk and over the API: what is due, a list, two approvals, the end; and what a later look is told."""

import html
import re
from urllib.parse import quote, unquote

import httpx
import pytest

from api.app import PREFIX
from domain.access import Role
from domain.business_clock import BusinessClock
from ledger.verify import verify
from starter.office import Declined
from tests.access.test_accounts import TAX
from tests.api.conftest import CENTER
from tests.console.browsers import Place, opens_and_fits, place
from tests.console.conftest import Officers, form_at
from tests.integration.conftest import Desk
from tests.ledger import support
from tests.ledger.support import Books, a_person, an_intake
from tests.ledger.test_destruction import LONG_AGO
from tests.ledger.test_papers import NOTICE, issue

__all__ = ["place"]

OFFICE = "联席会议办公室"
CASE = "偏社争〔2012〕0001号"


@pytest.fixture
def old(books: Books, monkeypatch: pytest.MonkeyPatch) -> str:
    """An old file with an issued paper."""
    monkeypatch.setattr(support, "MONDAY", LONG_AGO)
    matter = books.register(an_intake("OLD-1"))
    books.accept(matter)
    issue(books, matter)
    books.live_on(matter)
    return matter


async def sent(who: httpx.AsyncClient, form: str, to: str = "", **given: str) -> httpx.Response:
    """A form of a page, sent; followed to where it leads."""
    hidden = await form_at(who, form)
    answer = await who.post(to or form, data=hidden | given)
    return await who.get(answer.headers["location"]) if answer.status_code == 303 else answer


def said(page: httpx.Response) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page.text))


async def test_from_what_is_due_to_what_a_later_look_is_told(
    readers: Officers, books: Books, old: str
) -> None:
    issued = books.ledger.state(old).documents[NOTICE - 1].issued
    assert issued
    keeper, head, office = (
        await readers.at(CENTER, Role.OPERATOR),
        await readers.at(CENTER, Role.HEAD, login="other-head"),
        await readers.at(OFFICE, Role.OFFICE),
    )
    due = await keeper.get("/archives")
    assert '<a href="/archives" aria-current="page">档案</a>' in due.text
    assert CASE in due.text
    forgotten = await sent(keeper, "/archives", matter=old)
    assert forgotten.status_code == 422
    assert "销毁依据：" in said(forgotten)
    assert f'value="{old}" checked' in forgotten.text
    none = await sent(keeper, "/archives", reason="鉴定意见〔2026〕1号")
    assert (none.status_code, "案件：" in said(none)) == (422, True)
    assert "鉴定意见〔2026〕1号" in none.text
    made = await sent(keeper, "/archives", all="yes", reason="鉴定意见〔2026〕1号")
    here = unquote(made.url.path)
    assert "待批准" in made.text
    assert "执行销毁" not in made.text
    assert "批准销毁" not in made.text, "of his own list"
    for who in (head, office):
        assert "已批准" in (await sent(who, here, f"{here}/approval")).text
    unsure = await sent(keeper, here, f"{here}/destruction")
    assert (unsure.status_code, "已核对清册" in said(unsure)) == (422, True)
    done = await sent(keeper, here, f"{here}/destruction", sure="yes")
    assert "已销毁 1 件" in said(done)
    assert "已执行" in said(done)
    for address in (f"/matters/{old}", f"/matters/{old}/papers/1"):
        gone = await keeper.get(address)
        assert gone.status_code == 410, address
        assert f"{CASE} 的档案保管期满，已按规定销毁（清册 {here.rpartition('/')[2]}" in said(gone)
    browser = await readers.browser()
    held = await browser.post("/lookup", data={"code": issued.code})
    assert (held.status_code, "已按规定销毁" in said(held)) == (410, True)
    answer = await keeper.get(f"{PREFIX}/disputes/{old}")
    assert (answer.status_code, answer.json()["code"]) == (410, "destroyed")
    assert verify(books.ledger) == []


async def test_whoever_has_no_part_sees_neither_page_nor_line(readers: Officers, old: str) -> None:
    tax = await readers.at(TAX, Role.HEAD, login="tax-head")
    assert "/archives" not in (await tax.get("/supervision")).text
    assert (await tax.get("/archives")).status_code == 403
    for method, path in (
        ("GET", "/due"),
        ("GET", "/lists"),
        ("GET", "/lists/x"),
        ("POST", "/lists/x/destruction"),
    ):
        answer = await tax.request(method, f"{PREFIX}/archives{path}")
        assert (answer.status_code, answer.json()["code"]) == (403, "no_archives"), path


async def test_over_the_api(readers: Officers, old: str) -> None:
    keeper, head = (
        await readers.at(CENTER, Role.OPERATOR),
        await readers.at(CENTER, Role.HEAD, login="other-head"),
    )
    office = await readers.at(OFFICE, Role.OFFICE)
    (due,) = (await keeper.get(f"{PREFIX}/archives/due")).json()
    assert (due["dispute_id"], due["due_on"]) == (old, "2022-09-12")
    empty = await keeper.post(f"{PREFIX}/archives/lists", json={"matters": [], "reason": "x"})
    assert empty.status_code == 422
    made = await keeper.post(
        f"{PREFIX}/archives/lists", json={"matters": [old], "reason": "鉴定意见〔2026〕1号"}
    )
    assert made.status_code == 201
    here = f"{PREFIX}/archives/lists/{quote(made.json()['number'])}"
    again = await keeper.post(
        f"{PREFIX}/archives/lists", json={"matters": [old], "reason": "鉴定意见〔2026〕1号"}
    )
    assert (again.status_code, again.json()["field"]) == (422, "matters")
    assert (await keeper.post(f"{here}/approval", json={})).status_code == 403
    assert (await head.post(f"{here}/approval", json={})).status_code == 204
    early = await keeper.post(f"{here}/destruction")
    assert (early.status_code, early.json()["code"]) == (409, "not_approved")
    assert (await office.post(f"{here}/stop", json={"opinion": ""})).status_code == 422
    assert (await office.post(f"{here}/approval", json={"opinion": "同意"})).status_code == 204
    assert (await keeper.get(here)).json()["state"] == "已批准"
    assert (await keeper.post(f"{here}/destruction")).json() == {"done": 1, "left": 0, "kept": []}
    assert (await keeper.post(f"{here}/destruction")).json() == {"done": 0, "left": 0, "kept": []}
    (listed,) = (await office.get(f"{PREFIX}/archives/lists")).json()
    assert (listed["state"], [v["agrees"] for v in listed["votes"]]) == ("已执行", [True, True])
    assert (await keeper.get(f"{PREFIX}/archives/lists/none")).status_code == 404


async def test_the_pages_fit_as_one_goes_through_them(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = place.officers.ledger
    monkeypatch.setattr(support, "MONDAY", LONG_AGO)
    books = Books(ledger, place.officers.app.state.site.policy)
    for n in range(3):
        books.live_through(
            an_intake(f"OLD-{n}", applicant=a_person(name="席远", id_number=None, phone=f"1990000567{n}"))
        )
    page = await place.signed_in(CENTER, Role.OPERATOR)
    await opens_and_fits(page, f"{place.origin}/archives")
    await page.check("input[name=matter] >> nth=0")
    await page.fill("#reason", "鉴定意见〔2026〕1号")
    await page.click("text=勾选的提出销毁清册")
    here = page.url.partition("?")[0]
    assert "须由另外两人批准" in await page.inner_text("main")
    for unit, role in ((CENTER, Role.HEAD), (OFFICE, Role.OFFICE)):
        other = await place.signed_in(unit, role)
        await opens_and_fits(other, here)
        await other.click("text=批准销毁")
    await opens_and_fits(page, here)
    await page.check("input[name=sure]")
    await page.click("main >> button:has-text('执行销毁')")
    assert "已销毁 1 件" in await page.inner_text("main")
    await opens_and_fits(page, here)


async def test_a_ticket_of_a_destroyed_matter_is_not_registered_anew(
    officers: Officers, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Temporal has long forgotten it; the ledger has not."""
    books = Books(desk.ledger, officers.app.state.site.policy)
    monkeypatch.setattr(support, "MONDAY", LONG_AGO)
    ticket = an_intake("OLD-1")
    matter = books.live_through(ticket)
    keeper = await officers.at(CENTER, Role.OPERATOR)
    made = await keeper.post(f"{PREFIX}/archives/lists", json={"matters": [matter], "reason": "鉴定意见"})
    here = f"{PREFIX}/archives/lists/{quote(made.json()['number'])}"
    for who in (await officers.at(CENTER, Role.HEAD, login="other"), await officers.at(OFFICE, Role.OFFICE)):
        assert (await who.post(f"{here}/approval", json={})).status_code == 204
    assert (await keeper.post(f"{here}/destruction")).json()["done"] == 1
    with pytest.raises(Declined, match="已按规定销毁"):
        await desk.office.register(ticket, clock=BusinessClock(pace=86_400.0, begins=LONG_AGO))
    assert verify(desk.ledger) == []
