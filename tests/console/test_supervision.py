"""督办 on the desk: totals of all that is late, a unit's whole list a click away, cards with appeals, own supervisions."""

import html
import re

from domain.access import Role
from tests.access.test_accounts import TAX
from tests.api.conftest import CENTER
from tests.console.conftest import Officers
from tests.console.test_clocks import SAID
from tests.ledger.support import Books, an_intake
from tests.ledger.test_supervision import OFFICE, WHY, counted, late_copies

LATE = 450


async def test_the_totals_count_what_no_page_could_list(readers: Officers, books: Books) -> None:
    books.register(an_intake())
    late_copies(readers.ledger, LATE)
    whole = counted(readers.ledger, "true")
    office = await readers.at(OFFICE, Role.OFFICE)
    page = (await office.get("/supervision")).text
    assert f"{sum(whole.values())} 件超期</strong>，分在 {len(whole)} 个单位" in page
    for unit, number in whole.items():
        assert re.search(rf">{unit}(</a>)?</th><td[^>]*>{number}</td>", page), unit
    assert f"全部 {whole['单位1']} 件" in page
    address = html.unescape(re.findall(r'href="(/supervision\?unit=[^"]+)"', page)[0])
    found = 0
    while address:
        listed = (await office.get(address)).text
        found += len(re.findall(r'<th scope="row" class="nw">', listed))
        more = re.search(r'class="pager"><a [^>]*href="([^"]+)"', listed)
        address = html.unescape(more[1]) if more else ""
    assert found in whole.values()
    assert found > 100


async def test_a_department_counts_only_what_it_takes_part_in(readers: Officers, books: Books) -> None:
    matter = books.register(an_intake("A-1"))
    books.register(an_intake("A-2"))
    books.act(matter, "accept_case", after=1)
    head = await readers.at(TAX, Role.HEAD)
    assert "1 件超期</strong>，分在 1 个单位" in (await head.get("/supervision")).text
    center = await readers.at(CENTER, Role.OPERATOR)
    assert "2 件超期</strong>，分在 2 个单位" in (await center.get("/supervision")).text


async def test_an_appeal_is_shown_with_its_card_and_a_supervision_with_what_came_of_it(
    readers: Officers, books: Books
) -> None:
    matter = books.register(an_intake())
    books.act(matter, "accept_case", after=1)
    books.until_carded(matter, "红牌")
    red = next(c.no for c in books.ledger.state(matter).cards if c.card == "红牌")
    books.act(matter, "appeal_card", f"{TAX}/郝勤", after=3, card=red, **WHY)
    books.act(matter, "supervise", f"{OFFICE}/韩松", after=3, demand="说明温玉强一案为什么没有签收")
    office = await readers.at(OFFICE, Role.OFFICE)
    page = (await office.get("/supervision")).text
    assert "1 件申诉等决定" in page
    late = re.findall(r'data-l="期限"[^>]*>((?:已?超)[^<]*)</td>', page)
    longest = re.findall(r'data-l="最久">([^<]+)</td>', page)
    assert late
    assert longest
    assert all(SAID.fullmatch(said) for said in (*late, *longest))
    assert longest[0] in late
    desk = (await office.get("/", params={"scope": "all"})).text
    assert all(f'<td class="when">{said}</td>' in desk for said in late)
    assert "提出，待决定" in page
    appeals = (await office.get("/supervision", params={"show": "appeals"})).text
    assert WHY["ground"] in appeals
    assert f'href="/matters/{matter}"' in appeals
    own = (await office.get("/supervision", params={"show": "own"})).text
    assert "为什么没有签收" in own
    assert "温玉强" not in own
    assert re.search(r"仍有 \d+ 项超期", own)
    other = await readers.at("县委政法委", Role.SUPERVISOR)
    assert "本单位还没有发过督办单" in (await other.get("/supervision", params={"show": "own"})).text
    for show in ("decided", "withdrawn", "nothing"):
        assert (await office.get("/supervision", params={"show": show})).status_code == 200
