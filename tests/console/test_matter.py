"""The page of a matter: each unit thinks for itself until all have said what they think."""

import re
from itertools import takewhile

from domain.access import Role
from domain.actions import ACTION
from domain.actions.disposal import GiveOpinion
from domain.events import Acted, Event
from domain.policy import Policy
from domain.tasks import TaskKind
from ledger.book import COLUMNS, Entry, row
from starter.scenario.script import read
from tests.access.test_accounts import HRSS, TAX
from tests.api.conftest import CENTER
from tests.console.conftest import Officers
from tests.ledger.lives import SAMPLES, keep
from tests.ledger.support import Books, an_intake
from tests.support.case import JUSTICE, MEDIATOR, case, consulted
from tests.support.forms import filled
from tests.support.life import relive


def is_opinion(event: Event) -> bool:
    return isinstance(event.fact, Acted) and isinstance(event.fact.body, GiveOpinion)


async def test_what_a_unit_thinks_is_not_shown_to_one_that_has_still_to_say(
    readers: Officers, policy: Policy
) -> None:
    (path,) = SAMPLES.glob("07*.yaml")
    ((matter, events),) = relive(read(path, policy.calendar), policy).events.items()
    first = next(e for e in events if is_opinion(e))
    upto = [
        *takewhile(lambda e: e.seq < first.seq, events),
        *(e for e in events if e.action_id == first.action_id),
    ]
    keep(readers.ledger, matter, sorted({e.seq: e for e in upto}.values(), key=lambda e: e.seq))
    d = readers.ledger.state(matter)
    assert d.lead
    other = next(unit for unit in d.co if unit != first.unit)
    assert isinstance(first.fact, Acted)
    assert isinstance(first.fact.body, GiveOpinion)
    ground = first.fact.body.ground[:12]
    own, lead, still_to_say = [
        (await (await readers.at(unit)).get(f"/matters/{matter}")).text
        for unit in (first.unit, d.lead, other)
    ]
    assert ground in own
    assert ground in lead
    assert ground not in still_to_say
    assert "已提交，各单位都提交后可看" in still_to_say


async def test_a_matter_is_printed_without_identities(readers: Officers, books: Books) -> None:
    matter = books.register(an_intake())
    books.accept(matter)
    officer, stranger = await readers.at(TAX), await readers.at(HRSS)
    assert f'href="/matters/{matter}/print"' in (await officer.get(f"/matters/{matter}")).text
    sheet = await officer.get(f"/matters/{matter}/print")
    assert sheet.status_code == 200
    for said in (
        "争议办理情况",
        readers.ledger.state(matter).case_no,
        "四、办理经过",
        "登记",
        "个人信息已遮盖",
    ):
        assert said in sheet.text
    assert "温玉强" not in sheet.text
    assert "142234197801018817" not in sheet.text
    assert (await stranger.get(f"/matters/{matter}/print")).status_code == 404


def clocks_of(page: str) -> tuple[list[str], list[str], list[str]]:
    """The clocks of a matter's page as they are named: in its head, those that still matter, those that are past."""
    heads = re.findall(r"<dt>(?:内部|法定)时限　?([^<]*)</dt>", page)
    box = page[page.index('aria-label="时限的算法"') : page.index("申请人怎么说")]
    still, _, past = box.partition("已过、不用再管的")
    named = r"(?:<dt>时限</dt><dd>|<summary>)([^<（]+)（"
    return heads, re.findall(named, still), re.findall(named, past)


async def test_ones_own_deadline_comes_first_and_anothers_is_said_to_be_anothers(readers: Officers) -> None:
    c = case().accepted("低", TAX).disposed().informed()
    keep(readers.ledger, c.id, c.events)
    for unit, role, heads, first in (
        (TAX, Role.OFFICER, ["后续执行", ""], "后续执行"),
        (CENTER, Role.OPERATOR, ["首次回访", ""], "首次回访"),
        ("联席会议办公室", Role.OFFICE, ["县综治中心的首次回访", ""], "首次回访"),
    ):
        page = (await (await readers.at(unit, role)).get(f"/matters/{c.id}")).text
        shown, still, _ = clocks_of(page)
        assert (shown, still[0]) == (heads, first)


async def test_who_handles_it_is_said_alike_in_the_book_and_on_the_page(
    readers: Officers, policy: Policy
) -> None:
    c = case().accepted("低", TAX).disposed().informed()
    (executing,) = c.state.open_tasks(TaskKind.EXECUTE)
    c.act(
        ACTION.validate_python({"kind": "sign_for", "take_over": executing.officer}),
        TAX,
        "后来的人",
        task=executing.id,
    )
    keep(readers.ledger, c.id, c.events)
    page = (await (await readers.at(TAX)).get(f"/matters/{c.id}")).text
    (held,) = re.findall(r"<dt>在谁手里</dt><dd>县税务局　([^<]+)<", page)
    (own,) = re.findall(r'<th scope="col">县税务局<span class="small">主办　([^<]+)<', page)
    cells = dict(zip(COLUMNS, row(Entry(c.state, policy.masks)), strict=True))
    assert held == own == cells["承办人"] == "后来的人"


async def test_a_right_that_has_run_out_is_folded_away(readers: Officers) -> None:
    c = case().accepted("低", TAX)
    keep(readers.ledger, c.id, c.events)
    officer = await readers.at(TAX)
    _, still, past = clocks_of((await officer.get(f"/matters/{c.id}")).text)
    assert still == ["低风险办理总时限"]
    assert past == ["退单"]


async def test_every_version_of_an_agreement_is_shown_to_those_who_see_the_matter_wholly(
    readers: Officers,
) -> None:
    c = consulted().do("mediation_start", MEDIATOR, voluntary_statement=True)
    c.act(filled("draft_agreement", terms=["单位向某甲补缴养老保险费本金"]), MEDIATOR)
    c.do("agreement_review", JUSTICE, result="不通过", version=1)
    parts = [{"due": "2026-04-10", "amount": "400"}, {"due": "2026-05-10", "amount": "600"}]
    c.act(filled("draft_agreement", instalments=parts), MEDIATOR)
    keep(readers.ledger, c.id, c.events)
    whole = (await (await readers.at(CENTER, Role.OPERATOR)).get(f"/matters/{c.id}")).text
    box = whole.partition('id="agreements"')[2].partition("</section>")[0]
    assert re.findall(r"第 \d 版　\w+", box) == ["第 2 版　未审查", "第 1 版　审查未通过"]
    for said in (
        "2026-04-10",
        "400.00 元",
        "600.00 元",
        "1,000.00 元",
        "缴入社会保险基金",
        "单位依法承担，由税务机关核定",
    ):
        assert said in box
    assert "补缴养老保险费本金" in box
    assert "某甲" not in box, "names stay masked"
    others = (await (await readers.at("县委政法委", Role.SUPERVISOR)).get(f"/matters/{c.id}")).text
    assert 'id="agreements"' not in others


async def test_the_head_of_a_matter_begins_no_clause_with_a_comma_where_no_insurance_is_named(
    readers: Officers, books: Books
) -> None:
    claim = {"no": 1, "amount": 9200}
    matter = books.register(an_intake("PG-9", claims=[claim]))
    who = await readers.at(CENTER, Role.OPERATOR)
    page = (await who.get(f"/matters/{matter}")).text
    assert "主张 9,200.00 元" in page
    assert "登记　，" not in page
