"""Acting by the pages: refused forms, what cannot be undone, two officers on one task, nothing typed is lost."""

import html
import re
from typing import Any

import httpx
import pytest
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
from tests.console.conftest import Make, Officers, form_at, hidden_fields
from tests.integration.conftest import Desk, act
from tests.ledger.support import Books, a_claim, an_intake
from tests.support.forms import decided

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


async def test_what_a_colleague_has_is_left_out_of_signing_for_several_and_asked_about_alone(
    officers: Officers, matter: str, desk: Desk
) -> None:
    """Desk and page say the same of whose it is, and it is taken over knowingly."""
    first, second = await officers.at(TAX, login="he"), await officers.at(TAX, login="liang")
    await signed(first, matter)
    today = officers.ledger.state(matter).facts.received_at.date()
    answers: dict[str, dict[str, Any]] = {"issue_disposition": {}, "notify_result": {"told_on": today}}
    for kind, given in answers.items():
        await desk.office.act(matter, act(TAX, "he某", kind, **given))
    fed_back, task = (
        officers.ledger.state(matter).open_tasks(kind)[0].id
        for kind in (TaskKind.FEED_BACK, TaskKind.EXECUTE)
    )
    for who, is_his in ((first, True), (second, False)):
        assert (f'value="{matter}|{task}"' in (await who.get("/", params={"scope": "mine"})).text) is is_his
        assert f'value="{matter}|{task}"' in (await who.get("/", params={"scope": "unit"})).text
        head = (await who.get(f"/matters/{matter}")).text.partition("在谁手里")[2].partition("</div>")[0]
        assert f"{TAX}　he某" in head
        assert "后续执行" in head
    form = await form_at(second, "/?scope=unit")
    done = await second.post("/desk", data={**form, "t": f"{matter}|{task}", "do": "sign"})
    said = (await second.get(done.headers["location"])).text
    assert "1 件没有签收成" in said
    assert "“后续执行”已由he某承办；要接手请到案件页" in said
    assert officers.ledger.state(matter).tasks[task].officer == "he某"
    place = address(matter, "sign_for", None)
    for wanted, title in ((fed_back, "反馈办理结果"), (task, "后续执行")):
        asked = await form_at(second, place)
        assert f"从he某手里接过“{title}”，由我承办" in (await second.get(place)).text
        refused = await second.post(place, data=asked)
        assert refused.status_code == 422
        assert re.search(rf'href="#take_over[^"]*">接手：“{title}”已由he某承办', refused.text)
        done = await second.post(place, data={**asked, "take_over": "he某"})
        assert done.status_code == 303, done.text
        assert officers.ledger.state(matter).tasks[wanted].officer == "liang某"


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
    links = re.findall(
        r'<li><a href="#([^"]+)">([^<]+)</a>',
        page.text.partition('class="sum-err"')[2].partition("</ul></div>")[0],
    )
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
    asked = await officer.post(place, data={**form, "_do": ""})
    assert asked.status_code == 303, "a page of its own is there again after the browser's Back"
    for _ in range(2):
        review = await officer.get(asked.headers["location"])
        assert review.status_code == 200
        assert "提交后不能撤回" in review.text
        assert "拟出《处置意见书》，制发时定文号" in review.text
        assert "1,200.00 元" in review.text
        assert hidden_fields(review.text)["_id"] == form["_id"], "sent twice it is taken once"
    assert not officers.ledger.state(matter).disposed_at, "nothing was sent yet"
    back = await officer.get(place)
    assert f'href="{html.escape(place)}" autofocus>不提交，回去改' in review.text
    assert 'value="1,200.00"' in back.text
    done = await officer.post(place, data={**hidden_fields(review.text), "_do": "send"})
    assert done.status_code == 303
    over = await officer.get(asked.headers["location"])
    assert (over.status_code, "现在不能提交处置意见" in over.text) == (409, True)
    state = officers.ledger.state(matter)
    assert state.disposed_at
    assert state.sub_items["1"].recognised == 1200


async def test_what_changed_before_the_second_look_is_told_there(officers: Officers, matter: str) -> None:
    officer, other = await officers.at(TAX), await officers.at(TAX, login="other")
    await signed(officer, matter)
    place = address(matter, "issue_disposition", "t2")
    asked = await officer.post(place, data={**await form_at(officer, place), **DECISION, "_do": ""})
    material = address(matter, "receive_material", None)
    given = {
        "given_by": "申请人",
        "materials.0.name": "工资流水",
        "received_on": form_day(officers, matter),
        "_do": "",
    }
    assert (await other.post(material, data={**await form_at(other, material), **given})).status_code == 303
    look = await officer.get(asked.headers["location"])
    assert look.status_code == 409
    assert "您填写期间，这一件有了新情况" in look.text
    assert 'value="1,200.00"' in look.text
    for wrong in ("review=x", "review=1.no_id", "review=999.a-0123456789abcdef"):
        assert (await officer.get(f"{place}&{wrong}")).status_code == 200


async def test_what_is_too_large_to_be_kept_is_looked_at_once_more_all_the_same(
    officers: Officers, matter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "LARGEST", 10)
    officer = await officers.at(TAX)
    await signed(officer, matter)
    place = address(matter, "issue_disposition", "t2")
    form = {**await form_at(officer, place), **DECISION}
    review = await officer.post(place, data={**form, "_do": ""})
    assert (review.status_code, "提交后不能撤回" in review.text) == (200, True)
    assert 'value="1,200.00"' in (await officer.post(place, data={**form, "_do": "edit"})).text


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


async def test_of_whom_is_kept_apart_the_center_alone_learns_the_name(
    officers: Officers, desk: Desk, intake: Make
) -> None:
    receipt = await desk.office.register(intake(confidential=True))
    await desk.office.act(receipt.dispute_id, act(CENTER, "初审员", "accept_case", protect_applicant=True))
    for who, named in ((await officers.at(CENTER, Role.OPERATOR), True), (await officers.at(TAX), False)):
        form = await form_at(who, f"/matters/{receipt.dispute_id}")
        place = f"/matters/{receipt.dispute_id}/look"
        seen = await who.post(place, data={**form, "reason": "联系申请人核对诉求"})
        assert ("测试甲" in seen.text, "19900000001" in seen.text) == (named, named)


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


def owing(books: Books) -> str:
    """A matter whose party knows what is owed: 2400."""
    matter = books.register(an_intake())
    books.accept(matter)
    books.act(matter, "issue_disposition", f"{TAX}/郝勤", after=3, **decided(principal="2400.00"))
    books.act(matter, "notify_result", f"{TAX}/郝勤", after=3)
    return matter


def paying(principal: str, **more: str) -> dict[str, str]:
    return {
        "parts.0.claim": "1",
        "parts.0.principal": principal,
        "paid_on": "2026-09-08",
        "late_fee": "0",
        "paid_to": "缴入社会保险基金",
        "collected_by": "本县税务机关",
        "_do": "",
        **more,
    }


async def test_a_sum_beyond_what_is_owed_and_a_day_before_it_arose_are_told_where_they_stand(
    readers: Officers, books: Books
) -> None:
    matter = owing(books)
    officer = await readers.at(TAX)
    place = address(matter, "record_payment", None)
    asked = await officer.get(place)
    assert "认定 2,400.00 元，已到账 0.00 元，尚欠 2,400.00 元" in asked.text
    form = await form_at(officer, place)
    page = await officer.post(place, data={**form, **paying("24000", paid_on="2016-09-08")})
    assert page.status_code == 422
    links = dict(re.findall(r'<li><a href="#([^"]+)">([^<]+)</a>', page.text))
    assert "尚欠 2,400.00 元" in links["parts-0-principal"]
    assert "不能早于 2026-03-01" in links["paid_on"]


async def test_what_looks_like_a_slip_is_asked_about_on_the_second_look(
    readers: Officers, books: Books
) -> None:
    matter = owing(books)
    officer = await readers.at(TAX)
    place = address(matter, "record_payment", None)
    form = await form_at(officer, place)
    odd = await officer.post(place, data={**form, **paying("13.20", late_fee="2400")}, follow_redirects=True)
    assert "请再核对" in odd.text
    assert "滞纳金 2,400.00 元高于本金 13.20 元" in odd.text
    plain = await officer.post(
        place, data={**form, **paying("2400", late_fee="13.20")}, follow_redirects=True
    )
    assert "提交前再看一眼" in plain.text
    assert "请再核对" not in plain.text


async def test_an_act_that_can_be_undone_is_looked_at_once_more_only_where_something_is_odd(
    readers: Officers, books: Books
) -> None:
    old = a_claim(period={"from": "2024-01", "to": "2024-03"})
    matter = books.register(an_intake(claims=[old]))
    books.accept(matter)
    officer = await readers.at(TAX)
    place = address(matter, "record_proceeding", None)
    said = {
        "proceeding": "劳动仲裁",
        "body": "县仲裁委",
        "depends": "no",
        "paper.name": "受理通知书",
        "_do": "",
    }
    form = {**await form_at(officer, place), **said}
    odd = await officer.post(place, data={**form, "begun_on": "2024-05-06"}, follow_redirects=True)
    assert odd.status_code == 200
    assert "受理日期是 2024-05-06，距今已一年以上" in odd.text
    assert "提交后不能撤回" not in odd.text
    before = await officer.post(place, data={**form, "begun_on": "2023-12-31"})
    assert "不能早于 2024-01-01" in before.text


async def test_a_payment_is_chosen_to_be_taken_back(readers: Officers, books: Books) -> None:
    matter = owing(books)
    paid = {"parts": [{"claim": "1", "principal": "2400.00"}], "late_fee": "13.20"}
    books.act(matter, "record_payment", f"{TAX}/郝勤", after=4, **paid)
    officer = await readers.at(TAX)
    assert "撤销到账登记" in (await officer.get(f"/matters/{matter}")).text
    place = address(matter, "withdraw_payment", None)
    page = (await officer.get(place)).text
    assert "第1笔 2026-09-11 到账，本金 2,400.00 元，滞纳金 13.20 元（县税务局 郝勤 登记）" in page
    said = {"payment": "1", "reason": "款项被退回", "explanation": "银行退票", "_do": ""}
    review = await officer.post(place, data={**await form_at(officer, place), **said}, follow_redirects=True)
    assert "提交后不能撤回" in review.text
    assert "交县税务局办理：后续执行" in review.text


async def test_what_depends_on_the_matter_is_not_called_optional(readers: Officers, books: Books) -> None:
    matter = books.register(an_intake())
    books.accept(matter)
    officer = await readers.at(TAX)
    place = address(matter, "issue_disposition", "t2")
    page = (await officer.get(place)).text
    fee = page.partition("滞纳金")[2].partition("</fieldset>")[0]
    assert "选填" not in fee.partition("</legend>")[0]
    assert "填写了“认定本金”或“核定本金”时填写" in fee
    assert re.search(r'更替原意见的理由 <span class="opt">视情况</span>', page)
    row = {k: v for k, v in DECISION.items() if k.startswith("results")}
    refused = await officer.post(place, data={**await form_at(officer, place), **row, "_do": ""})
    told = dict(re.findall(r'<li><a href="#([^"]+)">([^<]+)</a>', refused.text))
    assert {"late_fee-0", "facts", "ground"} <= told.keys()


async def test_a_merger_says_what_it_does_before_and_where_the_matter_is_after(
    officers: Officers, matter: str, desk: Desk, intake: Make
) -> None:
    child = (await desk.office.register(intake())).dispute_id
    parent = desk.ledger.state(matter)
    operator = await officers.at(CENTER, Role.OPERATOR)
    place = address(child, "merge_cases", None)
    form = await form_at(operator, place)
    said = {"into": parent.facts.source_no, "ground": "同一单位"}
    seen = (await operator.post(place, data={**form, **said, "_do": ""}, follow_redirects=True)).text
    follows = seen.split("提交后</h2>")[1]
    assert f"本案并入 {parent.facts.source_no}" in follows
    assert "任务和时限终止：初审" in follows
    done = await operator.post(place, data={**form, **said, "_do": "send"})
    page = (await operator.get(done.headers["location"])).text
    assert f"已办理：并案</strong>，已并入 {parent.case_no}" in page
    assert f"本案已并入 {parent.case_no}，请在该案办理" in page
    assert f'<a href="/matters/{matter}">{parent.case_no}</a> <span class="dim">本案并入</span>' in page
    assert "待制发" not in page
