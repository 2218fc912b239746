"""A consultation of three units, each at its own page in a real Chromium: nobody reads another's opinion before his own is in."""

from collections.abc import Callable

from playwright.async_api import Page, expect

from console.pages.act import address
from domain.access import Role
from domain.business_clock import BusinessClock
from domain.intake import Intake
from domain.tasks import TaskKind
from tests.access.test_accounts import HRSS, TAX
from tests.api.conftest import CENTER
from tests.console.browsers import Place, goes, place
from tests.integration.conftest import Desk, act

__all__ = ["place"]

Make = Callable[..., Intake]
HEALTH = "县医保局"
SAID = {HRSS: "养老基数按工资条核定。", HEALTH: "医疗待遇期内未断保。"}


async def consulting(desk: Desk, intake: Intake, clock: BusinessClock) -> str:
    """A matter whose units have signed for it and met; three are asked for their opinions."""
    matter = (await desk.office.register(intake, clock=clock)).dispute_id
    sent = {
        "level": "中",
        "level_reason": "三个部门的职责，须会商",
        "path": "会商",
        "lead": TAX,
        "co": [HRSS, HEALTH],
    }
    await desk.office.act(matter, act(CENTER, "初审员", "accept_case", **sent))
    for unit in (TAX, HRSS, HEALTH):
        await desk.office.act(matter, act(unit, "郝勤", "sign_for"))
    return matter


def task_of(desk: Desk, matter: str, unit: str) -> str:
    (task,) = [t for t in desk.ledger.state(matter).open_tasks(TaskKind.ASSIST) if t.unit == unit]
    return task.id


async def answered(page: Page, place: Place, desk: Desk, matter: str, unit: str, stance: str) -> None:
    """The unit's officer gives its opinion by the form."""
    await page.goto(place.origin + address(matter, "give_opinion", task_of(desk, matter, unit)))
    await page.select_option("select[name='views.0.stance']", stance)
    await page.fill("#facts", "已核对台账。")
    await page.fill("#ground", SAID[unit])
    await goes(page, "form.act .btn-main")
    if await page.locator("button[value=send]").count():
        await page.click("button[value=send]")
    await page.wait_for_url("**?done=*")


async def reads(page: Page, place: Place, matter: str) -> str:
    await page.goto(f"{place.origin}/matters/{matter}")
    return await page.inner_text("main")


async def test_three_units_each_see_their_own_until_all_are_in(
    place: Place, desk: Desk, intake: Make, still: BusinessClock
) -> None:
    matter = await consulting(desk, intake(), still)
    pages = {unit: await place.signed_in(unit, Role.OFFICER) for unit in (HRSS, HEALTH)}
    await answered(pages[HRSS], place, desk, matter, HRSS, "支持诉求")
    assert SAID[HRSS] in await reads(pages[HRSS], place, matter)
    assert SAID[HRSS] not in await reads(pages[HEALTH], place, matter)
    await answered(pages[HEALTH], place, desk, matter, HEALTH, "不支持")
    center = await place.signed_in(CENTER, Role.OPERATOR)
    for page in (*pages.values(), center):
        seen = await reads(page, place, matter)
        assert SAID[HRSS] in seen
        assert SAID[HEALTH] in seen
        await expect(page.locator("tr.clash")).to_have_count(1)  # that they contradict each other is marked
