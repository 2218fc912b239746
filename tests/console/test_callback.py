"""回访 by a one-time link, from the button on the task to the party's answer and what follows from it."""

import re
from datetime import timedelta

import httpx
import pytest
from playwright.async_api import Page, expect
from sqlalchemy import update

from console import made
from console.pages.callback import QUESTIONS, WRONG
from domain.access import Role
from domain.persons import BY_LINK
from domain.tasks import TaskKind
from domain.words import Satisfaction
from ledger.access_tables import callback_links
from ledger.audit import entries
from ledger.connection import writing
from tests.access.test_accounts import TAX
from tests.api.conftest import CENTER
from tests.console.browsers import Place, fits, place
from tests.console.conftest import Officers, form_at
from tests.integration.conftest import Desk, act
from tests.support.forms import decided

__all__ = ["place"]

HANDLER = "梁志远某"
MOST_BYTES = 40 * 1024
SAID = {
    "q1_received": "收到", "q2_solved": "部分解决", "q3_fulfilled": "未落实", "q4_speed": "基本满意", "q5_attitude": "满意",
    "q6_result": "不满意", "q7_process": "拒评",
}  # fmt: skip


@pytest.fixture
async def told(desk: Desk, matter: str) -> str:
    """A matter whose party was told the result: the callback is owed."""
    paid = [{"claim": "1", "principal": "1200.00"}]
    for kind, answers in (
        ("sign_for", {}),
        ("issue_disposition", decided(principal="1200.00")),
        ("record_payment", {"parts": paid, "late_fee": "13.20"}),
        ("notify_result", {}),
        ("feed_back_result", {}),
    ):
        task = "t2" if kind == "sign_for" else None
        await desk.office.act(matter, act(TAX, HANDLER, kind, task=task, **answers))
    return matter


def callback_of(desk: Desk, matter: str) -> str:
    """The task of the callback that is owed."""
    return desk.ledger.state(matter).open_tasks(TaskKind.CALLBACK)[0].id


async def issued(center: Page, place: Place, matter: str) -> str:
    """The link as the centre's officer gets it from the matter's page."""
    await center.goto(f"{place.origin}/matters/{matter}")
    await center.get_by_role("link", name="发回访链接").click()
    await center.get_by_role("button", name="生成链接和二维码").click()
    await expect(center.locator("svg.qr")).to_have_count(1)
    said = await center.inner_text("main")
    found = re.search(r"http://\S+/callback#[0-9A-Z-]+", said)
    assert found, said
    return found[0]


async def answer(page: Page) -> None:
    """Answer every question; dissatisfied, and why."""
    for name, value in SAID.items():
        await page.check(f"[name='{name}'][value='{value}']")
    await page.check("[name=category] >> nth=0")
    await page.fill("#category_text", "钱只补了一半")
    await page.fill("#q8_text", "想知道明年怎么交")
    await page.click("button.btn-main")


async def look(page: Page) -> None:
    """It fits, and goes on as a phone, on which it is read."""
    await fits(page, 844)
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.set_viewport_size({"width": 390, "height": 844})


async def test_a_party_answers_by_the_link_once_and_dissatisfaction_leads_on(
    place: Place, told: str, desk: Desk
) -> None:
    center = await place.signed_in(CENTER, Role.OPERATOR)
    link = await issued(center, place, told)
    secret = link.partition("#")[2]
    assert len(secret.replace("-", "")) * 5 >= 128
    party = await (await place.open(width=390)).new_page()
    preview = await party.request.get(link.partition("#")[0])
    assert preview.ok
    await party.goto(link)
    await look(party)
    await party.click("button.btn-main")
    await look(party)
    said = await party.inner_text("body")
    facts = desk.ledger.state(told).facts
    for hidden in (facts.applicant.name, facts.applicant.phone, facts.respondents[0].name, "1200", "1,200"):
        assert str(hidden) not in said
    await answer(party)
    assert "已经收到，谢谢您" in await party.inner_text("main")
    assert "会决定是否重新办理" in await party.inner_text("main")
    await look(party)
    d = desk.ledger.state(told)
    (call,) = d.calls
    assert (call.officer, call.satisfaction, call.method) == (BY_LINK, Satisfaction.DISSATISFIED, "网络问卷")
    assert d.open_tasks(TaskKind.REOPEN)
    last = next(e for e in desk.ledger.events(told)[::-1] if e.by and e.by.link)
    assert (last.officer, last.unit) == (BY_LINK, CENTER)
    assert entries(desk.ledger, verb="发回访链接", most=5)

    again = await (await place.open(script=False)).new_page()
    await again.goto(f"{place.origin}/callback")
    await again.fill("#code", secret.lower())
    await again.click("button.btn-main")
    assert WRONG in await again.inner_text("main")
    await center.goto(f"{place.origin}/matters/{told}")
    assert BY_LINK in await center.inner_text("#tl")


async def link_by_form(center: httpx.AsyncClient, matter: str, task: str) -> str:
    """A link's secret, from the form of whoever calls back."""
    return link_on(await center.get(await made_at(center, matter, task)))


async def made_at(center: httpx.AsyncClient, matter: str, task: str) -> str:
    """Where a new link is shown."""
    where = f"/matters/{matter}/callback-link?task={task}"
    made = await center.post(where, data=await form_at(center, where))
    assert made.status_code == 303, made.text
    return made.headers["location"]


def link_on(page: httpx.Response) -> str:
    """The secret that a page shows."""
    assert page.status_code == 200, page.text
    found = re.search(r"/callback#([0-9A-Z-]+)", page.text)
    assert found
    return found[1]


async def test_a_page_loaded_again_shows_the_link_that_was_made_and_makes_no_other(
    officers: Officers, told: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = callback_of(desk, told)
    center = await officers.at(CENTER, Role.OPERATOR)
    form = f"/matters/{told}/callback-link?task={task}"
    assert "已经发过一个" not in (await center.get(form)).text
    place = await made_at(center, told, task)
    code = link_on(await center.get(place))
    assert link_on(await center.get(place)) == code
    party = await officers.browser()
    assert (await party.post("/callback", data={"code": code})).status_code == 200
    asked = (await center.get(form)).text
    assert "已经发过一个" in asked
    assert "生成新的，原来的作废" in asked
    colleague = await officers.at(CENTER, Role.OPERATOR, login="colleague")
    for gone in (await colleague.get(place), await center.get(place[:-6]), await center.get(form)):
        assert code not in gone.text
    monkeypatch.setattr(made, "SHOWN_FOR", timedelta(0))
    late = await center.get(place)
    assert (late.status_code, code in late.text) == (410, False)


async def test_all_that_was_answered_stands_where_it_is_decided_upon(
    officers: Officers, told: str, desk: Desk
) -> None:
    name = desk.ledger.state(told).facts.applicant.name
    said = {**SAID, "q8_text": "想知道明年怎么交", "category": "a", "category_text": f"{name}说钱还没到账"}
    center = await officers.at(CENTER, Role.OPERATOR)
    code = await link_by_form(center, told, callback_of(desk, told))
    party = await officers.browser()
    assert (await party.post("/callback/answer", data={"code": code, **said})).status_code == 200
    task = desk.ledger.state(told).open_tasks(TaskKind.REOPEN)[0].id
    head = await officers.at(CENTER, Role.HEAD, login="decider")
    page = (await head.get(f"/matters/{told}")).text
    section, story = page.split('id="calls"')[1].split("</section>")[0], page.split('class="tl"')[1]
    form = (await head.get(f"/matters/{told}/do/reopen_case", params={"task": task})).text
    for shown in (section, story, form):
        for words in ("说钱还没到账", "想知道明年怎么交", "未落实", "部分解决"):
            assert words in shown
        assert f"{name}说" not in shown
    assert "不满意（网络问卷）" in section
    paper = next(p for p in desk.ledger.state(told).documents if p.name == "回访记录表")
    assert any("钱还没到账" in line for line in paper.fields["回答"])


async def test_what_is_wrong_with_a_link_is_not_told(officers: Officers, told: str, desk: Desk) -> None:
    task = callback_of(desk, told)
    center = await officers.at(CENTER, Role.OPERATOR)
    first = await link_by_form(center, told, task)
    party = await officers.browser()
    assert len((await party.post("/callback", data={"code": first})).content) < MOST_BYTES
    second = await link_by_form(center, told, task)
    replaced = await party.post("/callback", data={"code": first})
    unknown = await party.post("/callback", data={"code": "0000-0000-0000-0000-0000-0000-0000"})
    assert replaced.status_code == unknown.status_code == 422
    assert replaced.text == unknown.text
    with writing(desk.ledger.engine) as connection:
        late = update(callback_links).values(good_until=callback_links.c.made_at)
        connection.execute(late)
    expired = await party.post("/callback", data={"code": second})
    assert expired.text == unknown.text
    answered = await party.post("/callback/answer", data={"code": second, **SAID})
    assert answered.text == unknown.text
    assert not desk.ledger.state(told).calls


async def test_a_button_pressed_twice_is_one_answer(officers: Officers, told: str, desk: Desk) -> None:
    center = await officers.at(CENTER, Role.OPERATOR)
    code = await link_by_form(center, told, callback_of(desk, told))
    party = await officers.browser()
    sent = {"code": code} | SAID | {"q6_result": "满意"}
    missing = await party.post("/callback/answer", data={k: v for k, v in sent.items() if k != "q7_process"})
    assert missing.status_code == 422
    assert QUESTIONS["q7_process"] in missing.text
    for _ in range(2):
        assert "已经收到，谢谢您" in (await party.post("/callback/answer", data=sent)).text
    changed = await party.post("/callback/answer", data={**sent, "q5_attitude": "不满意"})
    assert changed.status_code == 422
    assert len(desk.ledger.state(told).calls) == 1


async def test_whoever_handled_the_matter_sends_no_link(officers: Officers, told: str, desk: Desk) -> None:
    task = callback_of(desk, told)
    where = f"/matters/{told}/callback-link?task={task}"
    other, handler = await officers.at(TAX), await officers.at(CENTER, Role.OPERATOR, login=HANDLER[:-1])
    assert (await other.get(where)).status_code == 404
    refused = await handler.get(where)
    assert refused.status_code == 409
    assert f"{HANDLER}是本案承办人，回访须由他人进行" in refused.text
    other_form = await form_at(handler, "/password")
    unasked = await handler.post(where, data=other_form)
    assert unasked.status_code == 409
    assert "/callback#" not in unasked.text


async def test_an_address_that_guesses_is_stopped(officers: Officers, told: str) -> None:
    stranger = await officers.browser()
    for _ in range(30):
        await stranger.post("/callback", data={"code": "1234"})
    assert (await stranger.post("/callback", data={"code": "1234"})).status_code == 429
