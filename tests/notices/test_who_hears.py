"""Everybody whom a cause concerns hears of it once: a group of sixty, a firm, and whoever agrees otherwise meanwhile."""

import asyncio
from typing import Any

from sqlalchemy import text

from domain.business_clock import BusinessClock
from domain.notices import BAD_NUMBER, WANTS_PAPER, NoticeState
from domain.tasks import TaskKind
from ledger import notices
from tests.integration.conftest import Desk, act
from tests.notices.conftest import CENTER, PHONE, Make, somebody, until
from tests.notices.test_party import task_of
from tests.support.party_gateway import StandIn

BY_SMS, BY_LETTER, SILENT, WITHOUT = range(2, 32), range(32, 42), range(42, 52), range(52, 61)
"""Lines of a roll of sixty; the first is the applicant himself."""


def roll() -> list[dict[str, Any]]:
    lines = [{"line": 1, "name": "测试甲", "phone": PHONE, "told_by": "短信"}]
    for n in range(2, 61):
        way = "短信" if n in BY_SMS or n in WITHOUT else "书面" if n in BY_LETTER else None
        phone = None if n in WITHOUT else f"138001{n:05d}"
        lines.append({"line": n, "name": f"测试{n:02d}人", "phone": phone, "told_by": way})
    return lines


def sixty() -> dict[str, Any]:
    return somebody(is_group=True, headcount=60, representatives=["测试甲"], members=roll())


async def taken(
    desk: Desk, applicant: dict[str, Any], intake: Make, still: BusinessClock, **more: Any
) -> str:
    """A matter that is accepted at the level that its people make."""
    done = await desk.office.register(intake(applicant=applicant, **more), clock=still)
    level = desk.ledger.state(done.dispute_id).suggested or "低"
    path = desk.policy.tier(level).path
    await desk.office.act(done.dispute_id, act(CENTER, "初审员", "accept_case", level=level, path=path))
    return done.dispute_id


def settled(desk: Desk, matter: str) -> bool:
    with desk.ledger.engine.connect() as connection:
        wanted = text("SELECT count(*) FROM notices WHERE dispute_id = :m AND state IN ('待发', '失败')")
        return connection.scalar(wanted, {"m": matter}) == 0


async def all_out(desk: Desk, matter: str) -> None:
    async with asyncio.timeout(120):
        while not await asyncio.to_thread(settled, desk, matter):
            await asyncio.sleep(0.05)


async def test_each_of_sixty_hears_once_as_he_agreed_and_the_others_by_their_representative(
    desk: Desk, gateway: StandIn, intake: Make, still: BusinessClock
) -> None:
    matter = await taken(desk, sixty(), intake, still)
    await all_out(desk, matter)
    task = await task_of(desk, matter)
    numbers = sorted(one.said["to"] for one in gateway.taken)
    assert numbers == sorted([PHONE, *(f"138001{n:05d}" for n in BY_SMS)])
    assert len({one.said["id"] for one in gateway.taken}) == len(gateway.taken)
    lines = "、".join(str(n) for n in BY_LETTER)
    assert (task.unit, task.title) == ("网格员", f"另行告知名册第{lines}行：受理（{WANTS_PAPER}）")
    shown = notices.of_matter(desk.ledger.engine, matter)
    assert sorted((one.to.count("、") + 1, one.channel) for one in shown) == [
        (1, "短信"),
        (10, "书面"),
        (30, "短信"),
    ]
    await desk.office.restart(matter)
    await all_out(desk, matter)
    assert len(gateway.taken) == 31


async def test_one_whose_number_is_dead_is_told_by_a_person_and_the_others_are_not(
    desk: Desk, gateway: StandIn, intake: Make, still: BusinessClock
) -> None:
    few = somebody(is_group=True, headcount=2, members=[*roll()[:2]])
    gateway.says(422, 202)
    matter = await taken(desk, few, intake, still)
    await all_out(desk, matter)
    task = await task_of(desk, matter)
    assert task.title in (f"另行告知{who}：受理（{BAD_NUMBER}）" for who in ("申请人", "名册第2行"))
    assert len(gateway.taken) == 2


async def test_what_waits_goes_by_letter_once_the_party_takes_back_his_word(
    desk: Desk, gateway: StandIn, intake: Make, still: BusinessClock
) -> None:
    gateway.always = 503
    matter = await taken(desk, somebody(), intake, still)
    await until(desk, matter, NoticeState.FAILED)
    change: dict[str, Any] = {"whose": "申请人", "reason": "撤回或变更同意", "told_by": "书面"}
    await desk.office.act(matter, act(CENTER, "初审员", "correct_party", **change))
    gateway.always = None
    task = await task_of(desk, matter)
    assert (task.unit, task.title) == ("网格员", f"另行告知申请人：受理（{WANTS_PAPER}）")
    assert (await until(desk, matter, NoticeState.SENT)).channel == "书面"
    assert {one.status for one in gateway.taken} == {503}


async def test_what_waits_goes_to_the_number_that_was_put_right(
    desk: Desk, gateway: StandIn, intake: Make, still: BusinessClock
) -> None:
    gateway.always = 503
    matter = await taken(desk, somebody(), intake, still)
    await until(desk, matter, NoticeState.FAILED)
    change: dict[str, Any] = {
        "whose": "申请人",
        "reason": "联系方式变更",
        "phone": "１３８ 0000 0999（本人）",
    }
    await desk.office.act(matter, act(CENTER, "初审员", "correct_party", **change))
    gateway.always = None
    await until(desk, matter, NoticeState.SENT)
    assert [one["to"] for one in gateway.messages.values()] == ["13800000999"]
    assert not desk.ledger.state(matter).open_tasks(TaskKind.TELL_OTHERWISE)
