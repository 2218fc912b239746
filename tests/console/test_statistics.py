"""统计 as pages: from a figure to the very list that it counts, by period and slice, and on A4."""

import html
import re
from decimal import Decimal

import httpx
import pytest

from domain.access import Role
from domain.policy import Policy
from ledger.figures import FIGURES
from ledger.store import Ledger
from tests.access.test_accounts import TAX
from tests.api.conftest import CENTER
from tests.console.conftest import Officers
from tests.ledger.lives import keep_sample

DAYS = {"first": "2026-01-01", "last": "2026-12-31"}
LINK = re.compile(r'<dt>([^<]+)</dt><dd><span class="v"><a class="quiet" href="([^"]+)">([^<]+)</a>')


@pytest.fixture
def lived(kept: Ledger, policy: Policy) -> None:
    for sample in ("01", "08", "11", "14"):
        keep_sample(kept, policy, sample)


async def page(
    who: httpx.AsyncClient, address: str, asked: dict[str, str] | None = None, status: int = 200
) -> str:
    answer = await who.get(html.unescape(address), params=asked)
    assert answer.status_code == status, answer.text
    return answer.text


def rows(text: str) -> int:
    """How many lines the list has."""
    listed = text.partition('<div class="two sec">')[0]
    return len(re.findall(r'<th scope="row" class="nw"><a href="/matters/', listed))


@pytest.mark.usefixtures("lived")
async def test_every_figure_leads_to_its_list(readers: Officers) -> None:
    center = await readers.at(CENTER, Role.OPERATOR)
    found = LINK.findall(await page(center, "/statistics", DAYS))
    assert [name for name, _, _ in found] == [figure.name for figure in FIGURES]
    for (_, address, value), figure in zip(found, FIGURES, strict=True):
        text = await page(center, address)
        assert f"<h1>{figure.name}　{value}" in text
        assert figure.definition in text
        number = re.search(r'<h2 id="h-list">清单，(\d+) ', text)
        assert number
        assert rows(text) == int(number[1]) <= 30
        if figure.adds is None and figure.part is None:
            assert number[1] == value
        for side, n in re.findall(
            r'href="([^"]+)"[^>]*>(?:全部|计入|未计入) <span class="n">(\d+)</span>', text
        ):
            assert rows(await page(center, side)) == int(n)


@pytest.mark.usefixtures("lived")
async def test_the_numbers_of_the_tables_lead_on_too(readers: Officers) -> None:
    center = await readers.at(CENTER, Role.OPERATOR)
    text = await page(center, "/statistics", DAYS)
    bars = re.findall(
        r'<th scope="row"><a href="([^"]+)">[^<]+</a></th><td class="b">.*?<td class="num">(\d+)', text
    )
    cells = re.findall(r'<td class="num" data-l="(\w+)"><a class="quiet" href="([^"]+)">(\d+)</a>', text)
    assert len(bars) > 7
    assert {word for word, _, _ in cells} >= {"反馈", "派单", "退回", "黄牌", "红牌", "受理量"}
    for address, number in [*bars, *((a, n) for word, a, n in cells if word not in ("涉及人数",))]:
        assert rows(await page(center, address)) == int(number), address


@pytest.mark.usefixtures("lived")
async def test_a_department_reads_its_own_matters_and_the_number_of_the_others(readers: Officers) -> None:
    center, stranger = await readers.at(CENTER, Role.OPERATOR), await readers.at("县水务局")
    whole = await page(center, "/statistics/受理量", DAYS)
    text = await page(stranger, "/statistics/受理量", DAYS)
    assert rows(whole) == 4
    assert rows(text) == 0
    assert "另有 4 件不在您的可见范围" in text
    assert "不在您的可见范围" not in whole
    assert not set(re.findall(r"/matters/([^\"?]+)", whole)) & set(re.findall(r"/matters/([^\"?]+)", text))


@pytest.mark.usefixtures("lived")
async def test_a_period_and_a_slice_are_kept_from_page_to_page(readers: Officers) -> None:
    center = await readers.at(CENTER, Role.OPERATOR)
    chosen = {**DAYS, "unit": TAX, "level": "低"}
    text = await page(center, "/statistics", chosen)
    assert "只统计：单位 县税务局，风险等级 低" in text
    for _, address, _ in LINK.findall(text):
        for name, value in chosen.items():
            assert str(httpx.QueryParams({name: value})) in html.unescape(address)
    assert 'value="2026-01-01"' in text
    assert "2026-01-01 至 2026-12-31" in text
    sheet = await page(center, "/statistics/print", chosen)
    assert "范围：单位 县税务局，风险等级 低" in sheet


@pytest.mark.parametrize(
    ("asked", "word", "on_paper"),
    [
        ({"period": "2026-03"}, "2026 年 3 月", "统计月报"),
        ({"period": "2026Q1"}, "2026 年第 1 季度", "统计季报"),
        ({"period": "2025"}, "2025 年", "统计年报"),
        (
            {"first": "2026年3月1日", "last": "20260315"},
            "2026-03-01 至 2026-03-15",
            "2026 年 3 月 1 日至2026 年 3 月 15 日",
        ),
    ],
)
async def test_any_period_can_be_asked_for(
    readers: Officers, asked: dict[str, str], word: str, on_paper: str
) -> None:
    who = await readers.at(TAX)
    for address in ("/statistics", "/statistics/受理量"):
        assert word in await page(who, address, asked)
    assert on_paper in await page(who, "/statistics/print", asked)


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ({"first": "3月1日", "last": "2026-03-15"}, "first", "不是日期，应写成 2026-06-01"),
        ({"first": "2026-03-01"}, "last", "起止日要一起填"),
        ({"first": "2026-03-15", "last": "2026-03-01"}, "last", "不能早于起始日"),
        ({"first": "0001-01-01", "last": "2026-03-01"}, "first", "年份应在 2000 到 2100 之间"),
        ({"period": "上个月"}, "period", "不是月份、季度或年份"),
        ({"unit": "甲" * 101}, "unit", "太长"),
    ],
)
async def test_what_cannot_be_read_is_said_at_its_field_and_kept(
    readers: Officers, asked: dict[str, str], field: str, said: str
) -> None:
    text = await page(await readers.at(TAX), "/statistics", asked, 422)
    assert re.search(rf'<a href="#{field}">[^<]*{said}', text)
    assert f'id="{field}"' in text
    for name in ("first", "last"):
        if name in asked:
            assert f'value="{asked[name]}"' in text


async def test_only_units_that_work_on_disputes_can_be_chosen(readers: Officers, policy: Policy) -> None:
    """Neither the parties nor the software are units of the county."""
    text = await page(await readers.at(TAX), "/statistics")
    offered = re.findall(r'value="([^"]+)"', text.partition('<select id="unit"')[2].partition("</select>")[0])
    assert offered == [*policy.units.members, "未填写"]
    assert not {"申请人", "被反映单位", "系统"} & set(offered)


@pytest.mark.usefixtures("lived")
async def test_the_amounts_of_types_add_up_and_of_what_does_not_it_is_said(
    kept: Ledger, policy: Policy, readers: Officers
) -> None:
    keep_sample(kept, policy, "07")  # of two 险种 and types
    who = await readers.at(CENTER, Role.OPERATOR)
    text = await page(who, "/statistics", DAYS)
    whole = {name: value for name, _, value in LINK.findall(text)}
    for name in ("涉及金额", "认定应补", "滞纳金"):
        cells = re.findall(rf'data-l="{name}"><a class="quiet" href="[^"]+">([\d,.]+)</a>', text)
        assert sum(Decimal(c.replace(",", "")) for c in cells) == Decimal(whole[name].replace(",", "")), name
    said = "各行之和可能大于总数"
    assert "一件有几种类型的：受理量、涉及人数每种都计" in text
    by_insurance = text.partition("受理量，按险种")[2].partition("</section>")[0]
    assert said in by_insurance
    assert said not in text.partition("受理量，按渠道")[2].partition("</section>")[0]
    assert said in (await page(who, "/statistics/受理量", DAYS)).partition("按争议类型")[2]
    of_amounts = (await page(who, "/statistics/涉及金额", DAYS)).partition("按争议类型")[2]
    assert said not in of_amounts.partition("</section>")[0]


async def test_what_is_no_figure_is_no_page(readers: Officers) -> None:
    await page(await readers.at(TAX), "/statistics/发案率", status=404)


@pytest.mark.usefixtures("lived")
async def test_the_report_on_paper_has_every_figure_with_its_definition(readers: Officers) -> None:
    office = await readers.at("联席会议办公室", Role.OFFICE)
    text = await page(office, "/statistics/print", {"period": "2026Q1"})
    assert "<h1>偏关县社会保险费征缴争议联合处置统计季报</h1>" in text
    for figure in FIGURES:
        assert f'<th class="k" scope="row">{figure.name}</th>' in text
        assert figure.definition in text
    assert "/matters/" not in text
