"""Acting by the pages: refused forms, what cannot be undone, two officers on one task, nothing typed is lost."""

import re
from typing import Any

import httpx
from sqlalchemy import select

from console import words
from console.drafts import give_back
from console.pages.act import address
from domain.access import Role
from domain.actions import FORMS
from domain.tasks import TaskKind
from ledger import drafts, sessions
from ledger.access_tables import drafts as kept_drafts
from ledger.connection import reading
from tests.access.test_accounts import HRSS, TAX
from tests.api.conftest import CENTER
from tests.console.conftest import Officers, form_at
from tests.ledger.support import Books, an_intake

DECISION = {
    "results.0.claim": "1",
    "results.0.conclusion": "支持",
    "results.0.measure": "责令限期缴纳",
    "results.0.principal": "1,200.00 元",
    "late_fee": "自欠缴之日起按日万分之五另计",
    "facts": "三个月已申报未缴，\r\n单位承认。",
    "ground": "社会保险法第六十三条",
}


async def signed(officer: httpx.AsyncClient, matter: str) -> None:
    """The tax bureau's officer signs for his task."""
    place = address(matter, "sign_for", "t2")
    done = await officer.post(place, data=await form_at(officer, place))
    assert done.status_code == 303, done.text


async def test_one_signs_for_a_task_and_knows_that_it_was_taken(officers: Officers, matter: str) -> None:
    officer = await officers.at(TAX, login="郝勤")
    inbox = (await officer.get("/")).text
    assert "签收" in inbox
    assert "未看" in inbox
    place = address(matter, "sign_for", "t2")
    form = await form_at(officer, place)
    done = await officer.post(place, data=form)
    page = await officer.get(done.headers["location"])
    assert "已办理：签收" in page.text
    assert officers.ledger.state(matter).tasks["t2"].signed_by == "郝勤某"
    again = await officer.post(place, data=form)
    assert again.status_code == 409
    assert "现在不能提交" in again.text


async def test_several_are_signed_for_at_once_and_each_is_answered(officers: Officers, matter: str) -> None:
    officer = await officers.at(TAX)
    form = await form_at(officer, "/?scope=unit&tab=to_sign&level=%E4%BD%8E")
    nothing = await officer.post("/desk", data={**form, "do": "hand"})
    page = (await officer.get(nothing.headers["location"])).text
    warned = r'<div class="note note-warn[^>]* role="alert"><p>([^<]+)'
    assert re.findall(warned, page) == ["没有勾选。先在左边勾选要一并办的，再按“转同事办理”。"]
    assert 'aria-current="page">待签收' in page, "the tab is kept"
    assert '<option value="低" selected>' in page, "the filter is kept"
    done = await officer.post("/desk", data={**form, "t": [f"{matter}|t2", "no-such|t1"], "do": "sign"})
    (said,) = re.findall(warned, (await officer.get(done.headers["location"])).text)
    assert said.startswith("已签收 1 件。1 件没有签收成")


async def test_what_was_all_done_is_told_in_green_and_no_one_else_can_say_so(
    officers: Officers, matter: str
) -> None:
    officer = await officers.at(TAX)
    form = await form_at(officer, "/")
    done = await officer.post("/desk", data={**form, "t": f"{matter}|t2", "do": "sign"})
    page = (await officer.get(done.headers["location"])).text
    assert '<div class="note note-ok gap-b" role="status"><p>已签收 1 件</p>' in page
    turned = await officer.get(done.headers["location"] + "&failed=1")
    assert "已签收 1 件" not in turned.text


async def test_a_refused_form_says_all_faults_where_they_are_and_keeps_the_text(
    officers: Officers, matter: str
) -> None:
    officer = await officers.at(TAX)
    await signed(officer, matter)
    place = address(matter, "issue_disposition", "t2")
    wrong = DECISION | {"results.0.conclusion": "", "results.0.principal": "很多", "ground": "", "_do": ""}
    page = await officer.post(place, data={**await form_at(officer, place), **wrong})
    assert page.status_code == 422
    assert "<title>有错误：提交处置意见" in page.text
    links = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a>', page.text.partition("</ul></div>")[0])
    assert ("ground", "法律依据：请填写") in links
    assert any("结论：请选择" in said for _, said in links)
    for spot, _ in links:
        assert f'id="{spot}"' in page.text
    assert 'value="很多"' in page.text
    assert "三个月已申报未缴，\n单位承认。" in page.text


async def test_what_cannot_be_undone_is_looked_at_once_more(officers: Officers, matter: str) -> None:
    officer = await officers.at(TAX)
    await signed(officer, matter)
    place = address(matter, "issue_disposition", "t2")
    form = {**await form_at(officer, place), **DECISION}
    review = await officer.post(place, data={**form, "_do": ""})
    assert review.status_code == 200
    assert "提交后不能撤回" in review.text
    assert "拟出《处置意见书》，制发时定文号" in review.text
    assert "1,200.00 元" in review.text
    assert not officers.ledger.state(matter).disposed_at, "nothing was sent yet"
    back = await officer.post(place, data={**form, "_do": "edit"})
    assert 'value="1,200.00"' in back.text
    done = await officer.post(place, data={**form, "_do": "send"})
    assert done.status_code == 303
    state = officers.ledger.state(matter)
    assert state.disposed_at
    assert state.sub_items["1"].recognised == 1200


async def test_whoever_comes_second_sees_what_changed_and_keeps_the_text(
    officers: Officers, matter: str
) -> None:
    first, second = await officers.at(TAX, login="first"), await officers.at(TAX, login="second")
    await signed(first, matter)
    place = address(matter, "receive_material", None)
    form = await form_at(second, place)
    typed: dict[str, Any] = {
        "given_by": "申请人",
        "materials.0.name": "工资流水",
        "received_on": form_day(officers, matter),
    }
    done = await first.post(place, data={**await form_at(first, place), **typed, "_do": ""})
    assert done.status_code == 303, done.text
    late = await second.post(place, data={**form, **typed, "materials.0.name": "劳动合同", "_do": ""})
    assert late.status_code == 409
    assert "有了新情况" in late.text
    assert "first某" in late.text
    assert 'value="劳动合同"' in late.text
    fresh = dict(re.findall(r'name="(_version)" value="(\d+)"', late.text))
    again = await second.post(place, data={**form, **typed, **fresh, "_do": ""})
    assert again.status_code == 303


def form_day(officers: Officers, matter: str) -> str:
    """A day on which something may have been done."""
    return officers.ledger.state(matter).last_moment.date().isoformat()


async def test_a_row_more_and_a_row_less(officers: Officers, matter: str) -> None:
    officer = await officers.at(TAX)
    place = address(matter, "receive_material", None)
    form = {**await form_at(officer, place), "materials.0.name": "工资流水"}
    more = await officer.post(place, data={**form, "_do": "more:materials"})
    assert 'name="materials.1.name"' in more.text
    assert 'value="工资流水"' in more.text
    less = await officer.post(place, data={**form, "materials.1.name": "合同", "_do": "drop:materials.0"})
    assert 'value="合同"' in less.text
    assert "工资流水" not in less.text


async def test_a_draft_is_kept_sealed_and_for_its_writer_alone(officers: Officers, matter: str) -> None:
    person, officer = await officers.person(TAX, login="one")
    other = await officers.at(TAX, login="other")
    place = address(matter, "receive_material", None)
    form = await form_at(officer, place)
    kept = await officer.post(
        place,
        data={**form, "materials.0.name": "工资流水复印件", "_do": "draft"},
        headers={"Accept": "application/json"},
    )
    assert re.fullmatch(r"\d\d:\d\d", kept.json()["saved"])
    with reading(officers.ledger.engine) as connection:
        (row,) = connection.execute(select(kept_drafts)).all()
    assert (row.person_id, row.place) == (person, place)
    assert "工资流水" not in row.sealed.decode("utf-8", "ignore")
    assert "工资流水复印件" in (await officer.get(place)).text
    assert "工资流水复印件" not in (await other.get(place)).text
    listed = await officer.get("/drafts")
    assert "接收材料" in listed.text
    await officer.post("/drafts", data={**await form_at(officer, "/drafts"), "place": place})
    assert drafts.find(officers.ledger, person, place) is None


async def test_a_session_that_ended_gives_the_form_back(officers: Officers, matter: str) -> None:
    person, officer = await officers.person(TAX, login="one")
    stranger = await officers.person(TAX, login="two")
    place = address(matter, "receive_material", None)
    form = {**await form_at(officer, place), "materials.0.name": "工资流水复印件", "_do": ""}
    sessions.end(officers.ledger, officer.cookies["fengqiao"])
    asked = await officer.post(place, data=form)
    assert asked.status_code == 401
    assert "您填的内容还在" in asked.text
    assert "工资流水复印件" in asked.text
    carried = [(name, value) for name, value in form.items() if name != "_token"]
    give_back(officers.ledger, stranger[0], form["_who"], place, carried)
    assert drafts.find(officers.ledger, stranger[0], place) is None, "nobody gets what another one typed"
    give_back(officers.ledger, person, form["_who"], place, carried)
    kept = drafts.find(officers.ledger, person, place)
    assert kept
    assert dict(kept.pairs)["materials.0.name"] == "工资流水复印件"


async def test_what_is_not_at_hand_says_why(officers: Officers, matter: str) -> None:
    officer, stranger = await officers.at(TAX), await officers.at(HRSS)
    page = await officer.get(address(matter, "close_case", None))
    assert page.status_code == 409
    assert "现在不能结案" in page.text
    assert (await stranger.get(address(matter, "sign_for", "t2"))).status_code == 404
    assert (await officer.get(address(matter, "absorb_source", None))).status_code == 404
    assert (await officer.get(address(matter, "no_such_verb", None))).status_code == 404


async def test_every_verb_at_hand_opens(officers: Officers, matter: str) -> None:
    center, officer = await officers.at(CENTER, Role.OPERATOR), await officers.at(TAX)
    for who in (center, officer):
        page = (await who.get(f"/matters/{matter}")).text
        places = re.findall(r'href="(/matters/[^"]+/do/[^"]+)"', page)
        assert places
        for place in places:
            opened = await who.get(place.replace("&amp;", "&"))
            assert opened.status_code == 200, place
            assert FORMS[place.rpartition("/")[2].partition("?")[0]].verb in opened.text


async def test_an_identity_is_looked_at_with_a_reason_and_once(officers: Officers, matter: str) -> None:
    center = await officers.at(CENTER, Role.OPERATOR)
    page = await center.get(f"/matters/{matter}")
    assert "测试甲" not in page.text
    form = await form_at(center, f"/matters/{matter}")
    why_not = await center.post(f"/matters/{matter}/look", data={**form, "reason": ""})
    assert why_not.status_code == 422
    assert "测试甲" not in why_not.text
    seen = await center.post(f"/matters/{matter}/look", data={**form, "reason": "电话核对诉求"})
    assert "测试甲" in seen.text
    assert officers.ledger.events(matter)[-1].fact.type == "viewed"
    assert "测试甲" not in (await center.get(f"/matters/{matter}")).text


async def test_a_matter_is_wound_back(officers: Officers, matter: str) -> None:
    officer = await officers.at(TAX)
    await signed(officer, matter)
    then = await officer.get(f"/matters/{matter}?at=2")
    assert "回到现在" in then.text
    assert "看的是从前的样子，不能办理" in then.text
    now = await officer.get(f"/matters/{matter}")
    assert "回到现在" not in now.text
    assert "为什么是这一天" in now.text


async def test_whoever_decides_on_more_time_reads_why_and_until_when(readers: Officers, books: Books) -> None:
    matter = books.register(an_intake())
    books.accept(matter)
    (total,) = [c for c in readers.ledger.state(matter).open_clocks() if c.rule_id == "low_total"]
    books.act(matter, "request_extension", f"{TAX}/郝勤", after=3, clock=total.id)
    asked = readers.ledger.state(matter).extensions[total.id]
    (task,) = readers.ledger.state(matter).open_tasks(TaskKind.EXTENSION)
    head = await readers.at(task.unit, Role.HEAD)
    form = (await head.get(address(matter, "decide_extension", task.id))).text
    assert asked.reason in form
    assert f"现 {words.day(total.due_on)} 到期" in form
    assert re.search(r"同意则 <strong>\d{4}-\d\d-\d\d", form)
