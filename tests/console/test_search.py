"""Looking for matters: by number, firm and words in one box; 查人 for a reason, in the audit, nothing of it in an address."""

import logging
import re
from urllib.parse import unquote

import httpx
import pytest

from domain.access import Role
from domain.reporter import part
from ledger.audit import entries
from tests.access.test_accounts import HRSS, TAX
from tests.api.conftest import CENTER
from tests.console.conftest import Officers, form_at
from tests.console.test_book import listed
from tests.ledger.support import Books, a_firm, a_person, an_intake
from tests.ledger.test_papers import NOTICE, issue

NAME, ID, PHONE = "温玉强", "142234197801018817", "19900001234"
FIRM, CODE = "偏关县望梅建材有限公司", "91140932MA0TEXT00C"
WHY = {"why": "当事人来问自己的案件", "reason": "来电问办到哪一步"}


async def sent(who: httpx.AsyncClient, address: str, data: dict[str, str]) -> httpx.Response:
    """What a search answers: what it found, under an address of its own, or the way to one place."""
    answer = await who.post(address, data=data)
    on = answer.headers.get("location", "")
    return await who.get(on) if on.startswith(f"{address}?made=") else answer


@pytest.mark.parametrize(
    "text",
    [
        "{no}",
        "{short}",
        "2026 第 1 号",
        "[2026]1",
        "1",
        "PG12345-0001",
        " {no} ",
        "偏社争[2026]0001号",
        "偏社争［2026］1 号",
        "偏社争 〔2026〕 1号",
        "偏社争(2026)1",
    ],
)
async def test_a_number_opens_its_matter(readers: Officers, books: Books, text: str) -> None:
    matter = books.register(an_intake())
    no = readers.ledger.state(matter).case_no
    center = await readers.at(CENTER, Role.OPERATOR)
    asked = text.format(no=no, short=no[no.index("〔") : -1])
    found = await sent(center, "/find", {**await form_at(center, "/matters"), "q": asked})
    assert (found.status_code, unquote(found.headers["location"])) == (303, f"/matters/{matter}"), asked


async def test_a_number_that_several_have_lists_those_one_may_know_of(
    readers: Officers, books: Books
) -> None:
    dispute, lead = books.register(an_intake("PG-1")), books.register(an_intake("PG-2", kind="线索"))
    books.register(an_intake("PG-3"))
    books.accept(dispute)
    center, tax = await readers.at(CENTER, Role.OPERATOR), await readers.at(TAX)
    for text, places in {
        "0001": {dispute, lead},
        "〔2026〕0001": {dispute, lead},
        "线〔2026〕0001": {lead},
        "线[2026]1号": {lead},
        "偏社争〔2026〕0001号": {dispute},
        "0002": {"PG-3"},
    }.items():
        found = await sent(center, "/find", {**await form_at(center, "/matters"), "q": text})
        if len(places) > 1:
            assert (found.status_code, set(listed(found.text))) == (200, places), text
            assert all(f">{short}</a>" in found.text for short in ("〔2026〕0001", "线〔2026〕0001"))
        else:
            assert unquote(found.headers["location"]).endswith(places.pop()), text
    own = await sent(tax, "/find", {**await form_at(tax, "/matters"), "q": "0001"})
    assert unquote(own.headers["location"]) == f"/matters/{dispute}", "the other is none of his"


@pytest.mark.parametrize("kind", ["争议", "线索"])
async def test_whoever_registered_it_finds_it_everywhere_and_prints_the_receipt_again(
    readers: Officers, books: Books, kind: str
) -> None:
    grid_unit = "楼沟乡铺沟村网格员"
    mine = an_intake(
        "WG-1", kind=kind, channel="网格员排查", received_by=grid_unit, narrative="社保断了八个月"
    )
    matter = books.register(part(mine).goes_on)
    books.register(part(an_intake("WG-2", kind=kind)).goes_on)
    grid, other = await readers.at(grid_unit, Role.GRID), await readers.at("老营镇某村网格员", Role.GRID)
    assert readers.ledger.state(matter).center == CENTER, "it went to the centre; he has no task in it"
    forms = [await form_at(who, "/matters") for who in (grid, other)]
    for who, form, expected in zip((grid, other), forms, ([matter], []), strict=True):
        assert listed((await who.get("/matters")).text) == expected
        for text in ("望梅建材", CODE, "社保断了"):
            found = await sent(who, "/find", {**form, "q": text})
            assert listed(found.text) == expected, text
        by_name = await sent(who, "/search", {**await form_at(who, "/search"), **WHY, "name": NAME})
        assert listed(by_name.text) == (expected if kind == "争议" else [])
        assert NAME[0] + "**" not in by_name.text, "he sees how far it is, and no more"
    for text in ("0001", "WG-1"):
        found = await sent(grid, "/find", {**forms[0], "q": text})
        assert unquote(found.headers["location"]).endswith(matter)
    page = (await grid.get(f"/matters/{matter}")).text
    assert "只能看到办理阶段" in page
    assert "补打回执" in page
    receipt = await grid.post(
        f"/matters/{matter}/receipt", data=await form_at(grid, f"/matters/{matter}"), follow_redirects=True
    )
    assert (receipt.status_code, "登记回执" in receipt.text) == (200, True)
    refused = await other.post(f"/matters/{matter}/receipt", data=forms[1])
    assert refused.status_code == 404


async def test_a_papers_number_opens_the_paper_for_whoever_sees_its_matter(
    readers: Officers, books: Books
) -> None:
    matter = books.register(an_intake())
    books.accept(matter)
    issue(books, matter)
    issued = readers.ledger.state(matter).documents[NOTICE - 1].issued
    assert issued
    center, stranger = await readers.at(CENTER, Role.OPERATOR), await readers.at(HRSS)
    forms = [await form_at(who, "/matters") for who in (center, stranger)]
    typed = issued.number.replace("〔", "[").replace("〕", "] ")
    for text in (issued.number, typed):
        found = await sent(center, "/find", {**forms[0], "q": text})
        assert unquote(found.headers["location"]) == f"/matters/{matter}/papers/{NOTICE}", text
        assert (await sent(stranger, "/find", {**forms[1], "q": text})).status_code == 404


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("会商 养老", "/matters?stage=%E4%BC%9A%E5%95%86&insurance=%E5%85%BB%E8%80%81"),
        ("未归档、高", "/matters?is_over=no&level=%E9%AB%98"),
        ("", "/matters"),
    ],
)
async def test_words_of_the_lists_filter_them(readers: Officers, text: str, address: str) -> None:
    center = await readers.at(CENTER, Role.OPERATOR)
    found = await sent(center, "/find", {**await form_at(center, "/matters"), "q": text})
    assert (found.status_code, found.headers.get("location")) == (303, address)


@pytest.mark.parametrize(
    "text",
    [FIRM, "偏关县望梅建材", "望梅建材公司", "望梅", "梅建材", "山西省偏关县望梅建材", CODE, CODE.lower()],
)
async def test_a_firm_is_found_by_name_or_code_and_the_audit_says_so(
    readers: Officers, books: Books, text: str
) -> None:
    matter = books.register(an_intake())
    books.register(an_intake("PG-2", respondents=[a_firm(name="建材望公司", uscc=None)]))
    center, stranger = await readers.at(CENTER, Role.OPERATOR), await readers.at(HRSS)
    found = await sent(center, "/find", {**await form_at(center, "/matters"), "q": text})
    assert found.status_code == 200
    assert listed(found.text) == [matter]
    (kept,) = entries(readers.ledger, verb="按单位查找")
    assert kept.entry.result == "成功，1 件"
    assert text not in kept.entry.object
    nothing = await sent(stranger, "/find", {**await form_at(stranger, "/matters"), "q": text})
    assert nothing.status_code == 404
    assert "没有案号、文号、单号或被反映单位" in nothing.text


async def test_pairs_of_a_part_that_stand_apart_in_a_name_are_not_the_part(
    readers: Officers, books: Books
) -> None:
    books.register(an_intake(respondents=[a_firm(name="望梅建材与梅建工")]))
    center = await readers.at(CENTER, Role.OPERATOR)
    form = await form_at(center, "/matters")
    for text, status in (("望梅建", 200), ("望梅建工", 404), ("望", 404), ("公司", 404)):
        assert (await sent(center, "/find", {**form, "q": text})).status_code == status, text


async def test_the_box_finds_no_person_and_sends_whoever_types_a_number_where_a_reason_is_asked(
    readers: Officers, books: Books
) -> None:
    books.register(an_intake())
    center = await readers.at(CENTER, Role.OPERATOR)
    form = await form_at(center, "/matters")
    for text, status, said in ((NAME, 404, "没有找到"), (ID, 422, "没有查"), (PHONE, 422, "没有查")):
        found = await sent(center, "/find", {**form, "q": text})
        assert (found.status_code, said in found.text) == (status, True)
        assert listed(found.text) == []
    assert entries(readers.ledger, verb="按人查找") == []


async def test_words_of_what_was_told_find_it_for_whoever_may_read_it_and_the_audit_says_so(
    readers: Officers, books: Books
) -> None:
    matter = books.register(an_intake(narrative=f"{NAME}说老板跑了，社保断了八个月"))
    books.accept(matter)
    center, stage, stranger = [
        await readers.at(unit, role)
        for unit, role in ((CENTER, Role.OPERATOR), ("联席会议办公室", Role.OFFICER), (HRSS, Role.OFFICER))
    ]
    for who, expected in ((center, [matter]), (stage, []), (stranger, [])):
        found = await sent(who, "/find", {**await form_at(who, "/matters"), "q": "社保断了 老板"})
        assert (found.status_code, listed(found.text)) == (200 if expected else 404, expected)
    form = await form_at(center, "/matters")
    for nothing in (NAME, "社保断了 九个月", "断"):
        assert (await sent(center, "/find", {**form, "q": nothing})).status_code == 404, nothing
    kept = [entry.entry for entry in entries(readers.ledger, verb="按内容查找")]
    assert {"成功，0 件", "成功，1 件"} == {entry.result for entry in kept}
    assert not any("社保" in entry.object or NAME in entry.object for entry in kept)


async def test_a_firm_and_words_that_are_the_same_are_two_lists(readers: Officers, books: Books) -> None:
    accused = books.register(an_intake())
    told = books.register(
        an_intake("PG-2", respondents=[a_firm(name="另一家", uscc=None)], narrative="望梅建材的人说的")
    )
    center = await readers.at(CENTER, Role.OPERATOR)
    found = await sent(center, "/find", {**await form_at(center, "/matters"), "q": "望梅建材"})
    against, _, saying = found.text.partition("经过、诉求和材料说明")
    assert (listed(against), listed(saying)) == ([accused], [told])


async def test_a_matter_that_is_not_seen_is_as_one_that_is_not(readers: Officers, books: Books) -> None:
    books.register(an_intake())
    stranger = await readers.at(HRSS)
    form = await form_at(stranger, "/matters")
    there, missing = [
        await sent(stranger, "/find", {**form, "q": text}) for text in ("PG12345-0001", "PG12345-0002")
    ]
    assert (there.status_code, missing.status_code) == (404, 404)
    tokenless = [re.sub(r'name="_token" value="[^"]+"', "", page.text) for page in (there, missing)]
    assert tokenless[0].replace("PG12345-0001", "") == tokenless[1].replace("PG12345-0002", "")


@pytest.mark.parametrize(
    "asked",
    [{"name": NAME}, {"id_number": ID}, {"phone": "199-0000-1234"}, {"name": "温 玉强", "phone": PHONE}],
)
async def test_a_person_is_found_for_a_reason_and_stands_in_no_address_log_or_audit(
    readers: Officers, books: Books, asked: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    matter = books.register(an_intake())
    books.register(an_intake("PG-2", applicant=a_person(name="席远", id_number=None, phone="19900005678")))
    center = await readers.at(CENTER, Role.OPERATOR)
    form = await form_at(center, "/search")
    with caplog.at_level(logging.DEBUG):
        found = await sent(center, "/search", {**form, **WHY, **asked})
    assert found.status_code == 200
    assert "找到 1 件" in found.text
    assert listed(found.text) == [matter]
    table = found.text[found.text.index("<table") :]
    assert "温**" in table
    (kept,) = entries(readers.ledger, verb="按人查找")
    assert kept.entry.result == "成功，1 件；事由：当事人来问自己的案件：来电问办到哪一步"
    for secret in (NAME, ID, PHONE):
        assert secret not in table
        assert secret not in str(found.url)
        assert secret not in caplog.text
        assert secret not in str(entries(readers.ledger, most=100))
    assert re.search(r'<form action="/search#h-found" method="post"', found.text)


async def test_each_sees_of_a_person_what_he_sees_elsewhere(readers: Officers, books: Books) -> None:
    first = books.register(an_intake())
    second = books.register(an_intake("PG-2", claims=[]))
    books.accept(first)
    for unit, role, expected in (
        (CENTER, Role.OPERATOR, {first, second}),
        (TAX, Role.OFFICER, {first}),
        (HRSS, Role.OFFICER, set[str]()),
    ):
        who = await readers.at(unit, role)
        found = await sent(who, "/search", {**await form_at(who, "/search"), **WHY, "name": NAME})
        assert set(listed(found.text)) == expected
        assert ("没有您可见的" in found.text) is not expected


async def test_more_than_can_be_shown_is_told(
    readers: Officers, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        books.register(an_intake(f"PG-{n}", claims=[]))
    monkeypatch.setattr("api.search.MOST_FOUND", 2)
    center = await readers.at(CENTER, Role.OPERATOR)
    found = await sent(center, "/search", {**await form_at(center, "/search"), **WHY, "name": NAME})
    assert "太多，只列新登记的前 2 件" in found.text
    assert "再写上证件号或电话" in found.text
    firm = await sent(center, "/find", {**await form_at(center, "/matters"), "q": FIRM})
    assert "太多，只列新登记的前 2 件" in firm.text


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        ({"name": ""}, "", "请至少给出姓名、证件号、电话"),
        ({"why": ""}, "why-0", "请选择"),
        ({"why": "好奇"}, "why-0", ""),
        ({"reason": ""}, "reason", "请填写"),
        ({"reason": "问问"}, "reason", "至少 4 个字"),
        ({"reason": f"替{NAME}问一下"}, "reason", "不要写姓名、证件号、电话"),
        ({"reason": f"来电号码{PHONE}"}, "reason", "不要写姓名、证件号、电话"),
        ({"name": "长" * 101}, "name", "100"),
    ],
)
async def test_what_is_missing_is_told_at_its_place_and_nobody_is_looked_for(
    readers: Officers, books: Books, change: dict[str, str], place: str, said: str
) -> None:
    books.register(an_intake())
    center = await readers.at(CENTER, Role.OPERATOR)
    asked = {"name": NAME, "id_number": "", **WHY, **change}
    page = await sent(center, "/search", {**await form_at(center, "/search"), **asked})
    assert page.status_code == 422
    assert "<title>有错误：查人" in page.text
    assert (f'href="#{place}"' in page.text) if place else True
    assert said in page.text
    assert asked["name"] in page.text, "what was typed stays"
    assert entries(readers.ledger, verb="按人查找") == []
