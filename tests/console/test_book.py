"""台账 as a list and as a file: filters that combine, columns of one's own, views of one's own, only what a post sees."""

import html
import io
import re
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from openpyxl import load_workbook

from console.forms import filtering
from console.showing.book import CHOICES, USUAL
from console.site import create_app
from domain.access import Post, Role
from domain.dispute import Dispute
from domain.policy import Policy
from domain.rights import Sight, sight, took_in
from domain.words import SHANGHAI
from ledger.queries import list_disputes
from ledger.store import Ledger
from tests.access.test_accounts import DAY, HRSS, TAX
from tests.api.conftest import CENTER, site_over
from tests.console.conftest import Officers
from tests.ledger.conftest import ledger_of_the_module
from tests.ledger.lives import keep_sample
from tests.ledger.support import Books, a_person, an_intake
from tests.ledger.test_book_filters import fits

__all__ = ["ledger_of_the_module"]

SAMPLES = ("02", "05", "07", "08", "10", "11", "14")
NOW = datetime.now(SHANGHAI)


@pytest.fixture(scope="module")
async def county(ledger_of_the_module: Ledger, policy: Policy) -> AsyncIterator[Officers]:
    """Officers of a county with matters at many stages, one of them of today."""
    ledger = ledger_of_the_module
    ledger.save_policy(policy)
    for name in SAMPLES:
        keep_sample(ledger, policy, name)
    books = Books(ledger, policy)
    books.register(an_intake("BOOK-1", received_at=NOW))
    books.register(an_intake("BOOK-2", received_at=NOW - timedelta(days=90), applicant=a_person(headcount=6)))
    async with AsyncExitStack() as stack:
        yield Officers(create_app(site_over(ledger, policy)), ledger, stack)


async def somebody(county: Officers, unit: str = CENTER, role: Role = Role.OPERATOR) -> httpx.AsyncClient:
    """An account of its own at its browser."""
    return await county.at(unit, role, login=f"who-{uuid.uuid4().hex[:8]}")


@pytest.fixture(scope="module")
def every(county: Officers) -> list[Dispute]:
    """Every matter of the county."""
    return [county.ledger.state(row["dispute_id"]) for row in list_disputes(county.ledger.engine)]


def listed(page: str) -> list[str]:
    """The matters of a page's lines."""
    return re.findall(r'<th scope="row"><a href="/matters/([^"]+)">', page)


def links(page: str, words: str) -> Iterator[str]:
    """Where links of these words lead."""
    for address, text in re.findall(r'<a[^>]* href="([^"]+)"[^>]*>(.*?)</a>', page):
        if words in re.sub(r"<[^>]+>", "", text):
            yield html.unescape(address)


def heads(page: str) -> list[str]:
    return re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page)


async def all_pages(who: httpx.AsyncClient, asked: dict[str, str]) -> list[str]:
    """What is listed on all the pages of a filter."""
    page = await who.get("/matters", params=asked)
    assert page.status_code == 200, page.text
    found = listed(page.text)
    while onward := next(links(page.text, "下一页"), None):
        page = await who.get(onward)
        found += listed(page.text)
    return found


FILTERS: list[dict[str, str]] = [
    {},
    {"stage": "归档"},
    {"level": "高"},
    {"claim_type": "已申报未按时缴纳", "insurance": "养老"},
    {"lead": TAX, "is_over": "yes"},
    {"co": TAX, "is_closed": "no"},
    {"is_closed": "yes"},
    {"town": "新关镇"},
    {"due": "late"},
    {"due": "today"},
    {"due": "d7"},
    {"kind": "线索"},
    {"channel": "来访"},
    {"card": "红牌"},
    {"grouped": "yes"},
    {"grouped": "no", "amount_from": "1,000", "amount_to": "５０００元"},
    {"opened_from": "2026-01-01", "opened_to": "2026.6.30"},
    {"closed_from": "2026年3月1日", "closed_to": "2026-09-30"},
    {"due_to": "2026-12-31", "is_over": "no"},
    {"industry": "没有这个行业"},
]


@pytest.mark.parametrize(
    ("unit", "role"),
    [
        (CENTER, Role.OPERATOR),
        (TAX, Role.OFFICER),
        (HRSS, Role.HEAD),
        ("县水务局", Role.OFFICER),
        ("新关镇网格员", Role.GRID),
        ("新关税务分局", Role.OFFICER),
        ("新关镇人民政府", Role.HEAD),
        ("调解组织", Role.MEDIATOR),
        ("老营镇综治中心", Role.OPERATOR),
        ("县公安局", Role.OFFICER),
        ("联席会议办公室", Role.OFFICE),
        ("楼沟乡网格员", Role.GRID),
    ],
)
async def test_a_page_lists_what_a_plain_count_finds_among_what_the_post_sees(
    county: Officers, every: list[Dispute], policy: Policy, unit: str, role: Role
) -> None:
    who = await somebody(county, unit, role)
    post = Post("p", "a", unit, role, DAY, None)
    seen = {d.id: sight(d, post, policy) for d in every}
    for asked in FILTERS:
        meant = filtering.asked(asked, policy, datetime.now(SHANGHAI).date())
        assert not meant.wrong
        found = await all_pages(who, asked)
        own = {d.id for d in every if seen[d.id] >= meant.filters.least and fits(d, meant.filters)}
        assert set(found) == own, asked
        assert len(set(found)) == len(found)
        counted = re.findall(r"<b>(\d+) 件</b>", (await who.get("/matters", params=asked)).text)
        assert counted in ([], [str(len(own))]), asked
        if unit == CENTER:
            assert counted, asked


async def test_filters_are_told_in_words_and_taken_away_one_by_one(county: Officers) -> None:
    center = await somebody(county)
    asked = {
        "stage": "归档",
        "due": "late",
        "opened_from": "2026-01-01",
        "opened_to": "2026-12-31",
        "level": "",
    }
    page = (await center.get("/matters", params=asked)).text
    for words, gone in (
        ("归档", {"stage"}),
        ("已超期", {"due"}),
        ("2026-01-01 至 2026-12-31", {"opened_from", "opened_to"}),
    ):
        address = next(links(page, words))
        left = parse_qs(urlsplit(address).query)
        assert left.keys() == {"stage", "due", "opened_from", "opened_to"} - gone
        assert (await center.get(address)).status_code == 200
    assert next(links(page, "不筛选")) == "/matters"
    only = (await center.get("/matters", params={"stage": "归档"})).text
    assert next(links(only, "归档")) == "/matters"


@pytest.mark.parametrize(
    ("asked", "place", "said"),
    [
        ({"opened_from": "去年"}, "opened_from", "这样的日期"),
        ({"opened_from": "0001-01-01"}, "opened_from", "这样的日期"),
        ({"closed_from": "2026-05-02", "closed_to": "2026-05-01"}, "closed_to", "不能早于起始日 2026-05-02"),
        ({"due": "late", "due_to": "2026-05-01"}, "due_to", "两样留一样"),
        ({"amount_from": "五千"}, "amount_from", "写成数字"),
        ({"amount_from": "NaN"}, "amount_from", "写成数字"),
        ({"amount_from": "-1"}, "amount_from", "写成数字"),
        ({"amount_from": "9", "amount_to": "8.5"}, "amount_to", "不能小于"),
        ({"stage": "诉讼"}, "stage", "从列表中选"),
        ({"industry": "142234197801018817"}, "industry", "写行业名称"),
    ],
)
async def test_what_cannot_be_read_is_told_at_its_place_and_stays(
    county: Officers, asked: dict[str, str], place: str, said: str
) -> None:
    center = await somebody(county)
    page = await center.get("/matters", params=asked)
    assert page.status_code == 422
    assert "<title>有错误：台账" in page.text
    (line,) = re.findall(rf'<a href="#{place}">([^<]+)</a>', page.text)
    assert said in line
    assert f'id="{place}"' in page.text
    assert listed(page.text) == []
    for name, value in asked.items():
        assert name == "stage" or html.escape(value) in page.text, "what was typed stays"
    file = await center.get("/matters/book", params=asked)
    assert file.headers["location"].startswith("/matters?"), "no file of another filter"


async def test_columns_are_chosen_remembered_and_ones_own(county: Officers) -> None:
    center, other = await somebody(county), await somebody(county)
    page = (await center.get("/matters")).text
    usual = [name.removesuffix("(脱敏)") for name in USUAL]
    assert heads(page) == ["案号", *usual]
    wanted = ["诉求摘要", "联系电话(脱敏)", "人数", "认定应补"]
    asked = hidden(page) | {"c": [*wanted, "没有这一列"], "stage": "归档"}
    done = await center.post("/matters/columns", data=asked)
    assert done.status_code == 303
    assert parse_qs(urlsplit(done.headers["location"]).query)["stage"] == ["归档"], "the filter stays"
    page = (await center.get("/matters")).text
    assert heads(page) == ["案号", *(c.removesuffix("(脱敏)") for c in CHOICES if c in wanted)]
    assert "19900001234" not in page
    assert "199****1234" in page
    assert heads((await other.get("/matters")).text) == ["案号", *usual]
    await center.post("/matters/columns", data=hidden(page) | {"c": wanted, "do": "usual"})
    assert heads((await center.get("/matters")).text) == ["案号", *usual]


def hidden(page: str) -> dict[str, str | list[str]]:
    """The token of a page's forms."""
    found = re.search(r'name="_token" value="([^"]+)"', page)
    assert found
    return {"_token": found[1]}


async def test_no_column_shows_whoever_sees_the_stage_alone_what_it_is_about(
    county: Officers, every: list[Dispute], policy: Policy
) -> None:
    """For every post: what it is not shown elsewhere stands in none of its forty columns."""
    veiled = 0
    for unit, role in (
        ("联席会议办公室", Role.OFFICER),
        (HRSS, Role.OFFICER),
        ("县信访局", Role.OFFICER),
        ("县人民法院", Role.OFFICER),
    ):
        post = Post("p", "a", unit, role, DAY, None)
        of_stage = [d for d in every if sight(d, post, policy) is Sight.STAGE]
        who = await somebody(county, unit, role)
        page = (await who.get("/matters")).text
        await who.post("/matters/columns", data=hidden(page) | {"c": list(CHOICES)})
        page = (await who.get("/matters")).text
        for d in of_stage:
            (line,) = re.findall(rf'<tr><th scope="row"><a href="/matters/{d.id}">.*?</tr>', page)
            veiled += 1
            assert 'data-l="被反映单位"' not in line
            assert 'data-l="诉求摘要"' not in line
            assert 'data-l="阶段"' in line
            kind = next((c.insurance for c in d.facts.claims if c.insurance), None)
            assert d.id in listed((await who.get("/matters", params={"lead": d.lead or ""})).text)
            assert d.id not in listed((await who.get("/matters", params={"insurance": kind or ""})).text)
            firm = await who.post(
                "/find", data=hidden(page) | {"q": d.facts.respondents[0].name}, follow_redirects=True
            )
            assert (d.id in listed(firm.text)) is took_in(d, post, policy)
    assert veiled


async def test_views_are_kept_under_a_name_in_ones_own_account(county: Officers) -> None:
    center, other = await somebody(county), await somebody(county)
    page = (await center.get("/matters", params={"stage": "归档", "q": "温玉强"})).text
    token = hidden(page)
    made = await center.post(
        "/matters/views", data={**token, "name": "归了档的", "stage": "归档", "q": "温玉强"}
    )
    address = made.headers["location"]
    shown = (await center.get(address)).text
    assert "视图已存下" in shown
    assert listed(shown) == listed(page)
    assert 'aria-current="page">归了档的</a>' in shown
    assert "温玉强" not in shown
    tab = next(links((await center.get("/matters")).text, "归了档的"))
    assert listed((await center.get(tab)).text) == listed(page), "found again after a reload"
    again = await center.post("/matters/views", data={**token, "name": "归了档的", "stage": "归档"})
    assert again.headers["location"] == address, "sent twice, kept once"
    taken = await center.post("/matters/views", data={**token, "name": "归了档的", "level": "高"})
    assert taken.status_code == 422
    assert "已有叫“归了档的”的视图" in taken.text
    assert "高" in taken.text
    view = parse_qs(urlsplit(address).query)["view"][0]
    assert "归了档的" not in (await other.get("/matters")).text
    theirs = await other.get("/matters", params={"view": view})
    assert listed(theirs.text) == listed((await center.get("/matters")).text), "another's view is none"
    stolen = await other.post(f"/matters/views/{view}", data={**hidden(theirs.text), "do": "drop"})
    assert stolen.status_code == 303
    assert "归了档的" in (await center.get("/matters")).text


async def test_a_view_has_columns_of_its_own_and_is_changed_renamed_and_thrown_away(county: Officers) -> None:
    center = await somebody(county)
    token = hidden((await center.get("/matters")).text)
    made = await center.post("/matters/views", data={**token, "name": "一", "stage": "归档"})
    view = parse_qs(urlsplit(made.headers["location"]).query)["view"][0]
    await center.post("/matters/columns", data={**token, "view": view, "c": ["人数"]})
    assert heads((await center.get("/matters", params={"view": view})).text) == ["案号", "人数"]
    assert len(heads((await center.get("/matters")).text)) == len(USUAL) + 1
    narrowed = (await center.get("/matters", params={"view": view, "stage": "", "level": "高"})).text
    assert "把现在的条件存入" in narrowed
    assert heads(narrowed) == ["案号", "人数"]
    here = f"/matters/views/{view}"
    await center.post(here, data={**token, "do": "change", "level": "高"})
    assert listed((await center.get("/matters", params={"view": view})).text) == listed(narrowed)
    refused = await center.post(here, data={**token, "do": "rename", "name": "长" * 41})
    assert (refused.status_code, "至多 40 个字" in refused.text) == (422, True)
    await center.post(here, data={**token, "do": "rename", "name": "二"})
    assert 'aria-current="page">二</a>' in (await center.get("/matters", params={"view": view})).text
    await center.post(here, data={**token, "do": "drop"})
    gone = (await center.get("/matters", params={"view": view})).text
    assert "存下的视图" not in gone


async def test_those_who_handle_no_disputes_have_no_book_and_search_for_nobody(county: Officers) -> None:
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        who = await somebody(county, "系统", role)
        for address in ("/matters", "/matters/book", "/search"):
            assert (await who.get(address)).status_code == 403
        for address in ("/matters/columns", "/matters/views", "/matters/views/x", "/find", "/search"):
            assert (await who.post(address, data={"q": "0001", "name": "温玉强"})).status_code == 403


async def test_what_is_listed_is_what_is_exported(county: Officers, every: list[Dispute]) -> None:
    center, officer = await somebody(county), await somebody(county, TAX, Role.OFFICER)
    numbers = {d.id: d.case_no for d in every}
    for asked in ({"lead": TAX, "is_over": "yes"}, {"grouped": "yes"}, {"amount_from": "4000"}):
        page = (await center.get("/matters", params=asked)).text
        file = await center.get(next(links(page, "导出这些到 Excel")))
        assert file.status_code == 200
        assert "spreadsheetml" in file.headers["content-type"]
        sheet = load_workbook(io.BytesIO(file.content)).worksheets[0]
        rows = [str(row[0]) for row in sheet.iter_rows(min_row=2, values_only=True)]
        assert sorted(rows) == sorted(numbers[matter] for matter in listed(page))
    assert "/matters/book" not in (await officer.get("/matters")).text
    assert (await officer.get("/matters/book")).status_code == 403


async def test_every_unit_that_leads_is_offered_and_found_by(readers: Officers, books: Books) -> None:
    branch = "老营税务分局"
    matter = books.register(an_intake("BR-1"))
    books.act(matter, "accept_case", after=1, lead=branch)
    center = await readers.at(CENTER, Role.OPERATOR)
    page = (await center.get("/matters")).text
    options = re.findall(r"<option[^>]*>([^<]*)", page.split('name="lead"')[1].split("</select>")[0])
    assert {branch, TAX} <= set(options)
    found = await center.get("/matters", params={"lead": branch})
    assert readers.ledger.state(matter).case_no.partition("〔")[2].removesuffix("号") in found.text
    assert "没有这一项" in (await center.get("/matters", params={"lead": "县没有这个局"})).text
