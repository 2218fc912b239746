"""联席会议 run from the screen: two matters at one sitting, from the proposal to the item that is done."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Page, expect

from console import words
from domain.access import Role
from domain.intake import Intake
from domain.policy import Policy
from domain.tasks import TaskKind
from domain.words import SHANGHAI
from tests.access.test_accounts import HRSS, TAX
from tests.console.browsers import Place, fits, goes, place
from tests.console.conftest import Make, Officers, form_at
from tests.integration.conftest import Desk, act
from tests.support.case import CENTER, GOVERNMENT, LOUD, OFFICE

__all__ = ["place"]


async def high(desk: Desk, intake: Intake) -> str:
    """A matter of high risk that the joint meeting is asked for."""
    receipt = await desk.office.register(intake)
    level: dict[str, Any] = {"level": "高", "path": "联席会议", "lead": TAX, "co": [HRSS]}
    await desk.office.act(receipt.dispute_id, act(CENTER, "初审员", "accept_case", **level))
    return receipt.dispute_id


@pytest.fixture
async def two(desk: Desk, intake: Make) -> list[str]:
    """Two such matters."""
    return [await high(desk, intake(indicators=LOUD)) for _ in range(2)]


async def test_a_notice_is_of_one_meeting_alone(officers: Officers, two: list[str], desk: Desk) -> None:
    first, second = two
    office = await officers.at(OFFICE, Role.OFFICE)
    both = {"m": two}
    assert (await office.get("/meetings/notice", params=both)).status_code == 404
    moments = [datetime.now(SHANGHAI) + timedelta(days=days) for days in (3, 4)]
    for matter, held_at in zip(two, moments, strict=True):
        await desk.office.act(matter, act(OFFICE, "何主任", "propose_joint_meeting", **proposal(held_at)))
        await desk.office.act(matter, act(GOVERNMENT, "秦科长", "answer_joint_proposal", **agreed(held_at)))
    await desk.office.act(first, act(OFFICE, "何主任", "convene_joint_meeting", **call(moments[0])))
    assert (await office.get("/meetings/notice", params=both)).status_code == 409
    await desk.office.act(second, act(OFFICE, "何主任", "convene_joint_meeting", **call(moments[1])))
    refused = await office.get("/meetings/notice", params=both)
    assert refused.status_code == 409
    assert "不在同一次联席会议上" in refused.text
    notice = (await office.get("/meetings/notice", params={"m": first})).text
    assert "县政府三楼会议室" in notice
    assert f'<p class="flush">{TAX}、{HRSS}：</p>' in notice, "to whom it goes"
    assert "<td>先保参保还是先补缴</td>" in notice, "what is to be studied, as it was entered"
    today = words.said_day(datetime.now(SHANGHAI))
    assert f'<div class="seal"><p>{OFFICE}（印章）</p><p>{today}</p></div>' in notice


async def test_what_waits_for_an_answer_cannot_be_ticked_and_with_nothing_ticked_nothing_begins(
    officers: Officers, two: list[str], desk: Desk
) -> None:
    asked, free = two
    office = await officers.at(OFFICE, Role.OFFICE)
    held_at = datetime.now(SHANGHAI) + timedelta(days=3)
    await desk.office.act(asked, act(OFFICE, "何主任", "propose_joint_meeting", **proposal(held_at)))
    page = (await office.get("/meetings")).text
    assert f'name="m" value="{free}">' in page
    assert f'value="{asked}"' not in page
    assert "已经提请，等待答复" in page
    assert "checked" not in page.split("一次会上一并办")[1]
    for kind in ("propose_joint_meeting", "notice"):
        nothing = await office.get(f"/meetings/{kind}")
        assert nothing.status_code == 303
        assert "请先在“一次会上一并办”里勾上" in (await office.get(nothing.headers["location"])).text


async def test_a_meeting_on_a_day_off_is_looked_at_twice_though_it_can_be_undone(
    officers: Officers, two: list[str], desk: Desk, policy: Policy
) -> None:
    office, agreed_at = await officers.at(OFFICE, Role.OFFICE), datetime.now(SHANGHAI) + timedelta(days=3)
    for matter in two:
        await desk.office.act(matter, act(OFFICE, "何主任", "propose_joint_meeting", **proposal(agreed_at)))
        await desk.office.act(matter, act(GOVERNMENT, "秦科长", "answer_joint_proposal", **agreed(agreed_at)))
    off = next(
        day
        for n in range(4, 15)
        if not policy.calendar.is_working((day := agreed_at + timedelta(days=n)).date())
    )
    where = "/meetings/convene_joint_meeting?" + "&".join(f"m={matter}" for matter in two)
    form = await form_at(office, where)
    called = {"held_at": f"{off:%Y-%m-%dT09:00}", "place": "县政府", "chair": "常务副县长"}
    called |= {f"m{n}.{name}": said for n in (0, 1) for name, said in (("units", TAX), ("topic", "化解"))}
    looked = await office.post(where, data={**form, **called, "_do": ""}, follow_redirects=True)
    assert "不是工作日" in looked.text
    assert "县政府同意的时间是" in looked.text
    assert not desk.ledger.state(two[0]).meetings
    done = await office.post(where, data={**form, **called, "_do": "send"})
    assert done.status_code == 303, done.text
    assert desk.ledger.state(two[0]).meetings[-1].place == "县政府"


def proposal(held_at: datetime) -> dict[str, Any]:
    """What is proposed."""
    why = {"analysis": "两部门意见不一", "topics": ["处置方案"]}
    return {**why, "units": [TAX, HRSS], "held_at": held_at.isoformat()}


def agreed(held_at: datetime) -> dict[str, Any]:
    """The government's answer."""
    return {"decision": "同意召开", "held_at": held_at.isoformat()}


def call(held_at: datetime) -> dict[str, Any]:
    """How a meeting is called."""
    where = {"place": "县政府三楼会议室", "chair": "常务副县长", "topic": "先保参保还是先补缴"}
    return {**where, "units": [TAX, HRSS], "held_at": held_at.isoformat()}


async def begin(place: Place, page: Page, button: str, *, script: bool) -> None:
    """From the list to the form over all matters at hand, each ticked by hand, looked over with axe."""
    await page.goto(f"{place.origin}/meetings")
    await tick(page, button)
    await page.get_by_role("button", name=button).click()
    if not script:
        return
    await fits(page)


async def tick(page: Page, button: str) -> None:
    """Tick every matter of the act with this button; none is before."""
    form = page.locator("form.box").filter(has=page.get_by_role("button", name=button))
    await expect(form.locator("input[name=m]:checked")).to_have_count(0)
    for box in await form.locator("input[name=m]").all():
        await box.check()


async def finish(page: Page) -> str:
    """Look it over and send it; what the page then says."""
    await goes(page, "form.act .btn-main")
    if await page.locator("button[value=send]").count():
        await goes(page, "button[value=send]")
    return await page.inner_text("main")


@pytest.mark.parametrize("script", [True, False])
async def test_a_joint_meeting_is_run_from_the_screen(
    place: Place, two: list[str], desk: Desk, script: bool
) -> None:
    office = await place.signed_in(OFFICE, Role.OFFICE, script=script)
    await begin(place, office, "一并提请", script=script)
    assert "已办理：提请召开联席会议，2 件" in await finish(office)

    government = await place.signed_in(GOVERNMENT, Role.GOVERNMENT, script=script)
    await begin(place, government, "一并答复", script=script)
    await government.check("text=同意召开")
    assert "已办理：答复提请，2 件" in await finish(government)

    await begin(place, office, "安排会议", script=script)
    await office.fill("#place", "县政府三楼会议室")
    await office.fill("#chair", "常务副县长")
    for n in (0, 1):
        await office.fill(f"#m{n}-topic", "先保参保还是先补缴")
    assert "已办理：召开联席会议，2 件" in await finish(office)
    called = [desk.ledger.state(m).meetings[-1].units for m in two]
    assert all(TAX in units and HRSS in units for units in called)

    await tick(office, "会议通知和议程")
    await office.get_by_role("button", name="会议通知和议程").click()
    said = await office.inner_text("main")
    assert "县政府三楼会议室" in said
    assert all(desk.ledger.state(m).case_no in said for m in two)

    await begin(place, office, "写纪要", script=script)
    await written(office)
    assert "已办理：印发联席会议纪要，2 件" in await finish(office)
    assert "与企业核对参保月份" in await office.inner_text("main")
    (item,) = [t for t in desk.ledger.state(two[0]).open_tasks(TaskKind.RESOLUTION) if t.unit == HRSS]

    done = act(
        HRSS,
        "段玉",
        "complete_resolution",
        task=item.id,
        item=int(item.ref or 0),
        result="已完成",
        done="已核对",
    )
    await desk.office.act(two[0], done)
    await office.goto(f"{place.origin}/meetings")
    followed = office.locator("tr.done-row", has_text="与企业核对参保月份")
    assert HRSS in await followed.inner_text()


async def written(office: Page) -> None:
    """Minutes: who was there is said once; the bureau thinks otherwise of the second matter; an item of the first."""
    for row in range(await office.locator("input[name^='attended.'][name$='.officer']").count()):
        await office.fill(f"[name='attended.{row}.officer']", "参会人")
        await office.select_option(f"[name='attended.{row}.stance']", "同意议定事项")
    for n in (0, 1):
        await office.fill(f"#m{n}-decision", "先保参保，再分期补缴。")
        await office.check(f"[name='m{n}.to_city'][value=no]")
        await office.click(f"button[value='more:m{n}.items']")
        last = await office.locator(f"input[name^='m{n}.items.'][name$='.text']").count() - 1
        row = f"m{n}.items.{last}"
        await office.select_option(f"[name='{row}.category']", index=1)
        await office.fill(f"[name='{row}.unit']", HRSS)
        await office.fill(f"[name='{row}.text']", "与企业核对参保月份")
        await office.fill(f"[name='{row}.due']", later())
    await office.click("button[value='more:m1.views']")
    await office.fill("[name='m1.views.0.unit']", TAX)
    await office.select_option("[name='m1.views.0.stance']", "部分支持")
    await office.fill("[name='m1.views.0.opinion']", "绩效奖不计入")


def later() -> str:
    """A day that is still to come."""
    return f"{datetime.now(SHANGHAI) + timedelta(days=20):%Y-%m-%d}"
