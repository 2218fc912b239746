"""An officer hears of reminders and cards by the channels he chose: joined, at a decent hour, nobody named."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from temporalio.client import Client

from domain.business_clock import BusinessClock
from domain.channels import Channels, OfficerChannel
from domain.events import AlarmFired
from domain.notices import NoticeState, next_morning
from domain.policy import Policy
from domain.posts import roles_in
from ledger import notice_choices, notices
from ledger.accounts import Acting
from ledger.audit import entries
from ledger.notice_choices import Choice
from ledger.store import Ledger
from tests.access.test_accounts import HRSS, POLICY, TAX, County
from tests.integration.conftest import Desk, accepted, act
from tests.notices.conftest import CENTER, Make, at_work
from tests.privacy.test_leaks import heard
from tests.support.receiver import Receiver, receiving

CHANNEL = "企业微信"
ADDRESS = "hao.qin-0571"


@pytest.fixture
async def channel() -> AsyncIterator[Receiver]:
    async with receiving() as system:
        yield system


def by(channel: Receiver, to: str = "/{to}") -> Channels:
    url = f"json://127.0.0.1:{channel.port}{to}"
    return Channels(officers={CHANNEL: OfficerChannel(url, 100.0)})


@pytest.fixture
async def desk(
    temporal_client: Client, books: Ledger, policy: Policy, queue: str, channel: Receiver
) -> AsyncIterator[Desk]:
    async with at_work(temporal_client, books, policy, queue, by(channel)) as office:
        yield office


def officer(county: County, unit: str = TAX, *, digest: bool = False) -> str:
    """Somebody of the unit who chose the channel."""
    person = county.person(f"officer-{unit}-{digest}")
    county.grant(person, roles_in(unit, POLICY)[0], unit, proposed_by=county.head(unit))
    notice_choices.choose(county.ledger, Acting(person), [Choice(CHANNEL, digest, ADDRESS)])
    return person


async def late(desk: Desk, intake: Make, still: BusinessClock, **more: Any) -> str:
    """A matter for which nobody signed in time: a reminder and cards are due at one moment."""
    matter = await accepted(desk, intake(**more), still)
    sign = next(c for c in desk.ledger.state(matter).clocks.values() if c.rule_id == "sign")
    await desk.office.act(matter, act(TAX, "甲", "sign_for", at=sign.due_at + timedelta(hours=1)))
    return matter


def alarms_of(desk: Desk, matter: str, unit: str) -> list[int]:
    facts = desk.ledger.events(matter)
    return [e.seq for e in facts if isinstance(e.fact, AlarmFired) and e.fact.unit == unit]


def rows(ledger: Ledger, matter: str) -> list[Any]:
    with ledger.engine.connect() as connection:
        wanted = text("SELECT * FROM notices WHERE dispute_id = :m ORDER BY seq")
        return list(connection.execute(wanted, {"m": matter}))


async def put_down(ledger: Ledger, matter: str, number: int) -> list[Any]:
    async with asyncio.timeout(90):
        while len(found := await asyncio.to_thread(rows, ledger, matter)) < number:
            await asyncio.sleep(0.02)
    return found


async def all_stand(desk: Desk, matter: str, state: NoticeState) -> None:
    async with asyncio.timeout(90):
        while {n.state for n in await asyncio.to_thread(notices.of_matter, desk.ledger.engine, matter)} != {
            state
        }:
            await asyncio.sleep(0.02)


def texts(channel: Receiver) -> list[str]:
    return [json.loads(one.body)["message"] for one in channel.taken]


async def test_who_chose_a_channel_hears_of_his_units_matters_and_nobody_is_named(
    desk: Desk, channel: Receiver, county: County, intake: Make, still: BusinessClock
) -> None:
    officer(county)
    officer(county, HRSS)  # which has nothing to do with it
    with heard() as log:
        matter = await late(desk, intake, still)
        await put_down(desk.ledger, matter, len(alarms_of(desk, matter, TAX)))
        await all_stand(desk, matter, NoticeState.SENT)
    case_no = desk.ledger.state(matter).case_no
    kept = rows(desk.ledger, matter)
    assert {(one.unit, one.channel) for one in kept} == {(TAX, CHANNEL)}
    assert [one.seq for one in kept] == alarms_of(desk, matter, TAX)
    said = "".join(texts(channel))
    assert case_no in said
    assert "签收：" in said
    for known in ("测试甲", "19900000001", "木器厂", "甲"):
        assert known not in said
    assert ADDRESS not in log.getvalue() + str(kept)
    handle = desk.client.get_workflow_handle(f"notice/{kept[0].lane}")
    history = (await handle.fetch_history()).to_json()
    assert ADDRESS not in history
    assert case_no not in history


async def test_what_waits_for_one_officer_is_one_message(
    desk: Desk,
    channel: Receiver,
    county: County,
    intake: Make,
    still: BusinessClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("activities.noticing.GATHER", timedelta(hours=1))
    officer(county)
    matters = [await late(desk, intake, still) for _ in range(2)]
    for matter in matters:
        await put_down(desk.ledger, matter, len(alarms_of(desk, matter, TAX)))
    assert channel.got == []
    with desk.ledger.engine.begin() as connection:
        connection.execute(text("UPDATE notices SET next_at = now()"))
    for matter in matters:
        await all_stand(desk, matter, NoticeState.SENT)
    (said,) = texts(channel)
    for matter in matters:
        assert desk.ledger.state(matter).case_no in said
    assert said.count("【枫桥】") == 1


async def test_a_digest_waits_for_the_morning(
    desk: Desk, channel: Receiver, county: County, policy: Policy, intake: Make, still: BusinessClock
) -> None:
    officer(county, digest=True)
    matter = await late(desk, intake, still)
    kept = await put_down(desk.ledger, matter, 1)
    assert {one.next_at for one in kept} == {next_morning(one.made_at, policy.calendar) for one in kept}
    assert channel.got == []


async def test_a_channel_that_fails_is_tried_again_and_says_so(
    desk: Desk, channel: Receiver, county: County, intake: Make, still: BusinessClock
) -> None:
    channel.says(500, 403)
    officer(county)
    matter = await late(desk, intake, still)
    await put_down(desk.ledger, matter, len(alarms_of(desk, matter, TAX)))
    await all_stand(desk, matter, NoticeState.SENT)
    assert [one.status for one in channel.got][:2] == [500, 403]
    assert rows(desk.ledger, matter)[0].attempts >= 3


async def test_who_chose_nothing_any_more_hears_nothing_and_no_person_is_asked(
    desk: Desk,
    channel: Receiver,
    county: County,
    intake: Make,
    still: BusinessClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("activities.noticing.GATHER", timedelta(hours=1))
    person = officer(county)
    matter = await late(desk, intake, still)
    await put_down(desk.ledger, matter, len(alarms_of(desk, matter, TAX)))
    notice_choices.choose(county.ledger, Acting(person), [])
    with desk.ledger.engine.begin() as connection:
        connection.execute(text("UPDATE notices SET next_at = now()"))
    await all_stand(desk, matter, NoticeState.GIVEN_UP)
    assert channel.got == []
    assert not any(t.kind == "tell_otherwise" for t in desk.ledger.state(matter).tasks.values())
    said = [e.entry.object for e in entries(desk.ledger, verb=notice_choices.CHOSEN)]
    assert sorted(said) == [CHANNEL, "只在平台"] or said == ["只在平台", CHANNEL]


async def test_on_a_holiday_only_what_is_counted_in_hours_is_said(
    temporal_client: Client,
    books: Ledger,
    resting: Policy,
    queue: str,
    channel: Receiver,
    county: County,
    intake: Make,
    still: BusinessClock,
) -> None:
    officer(county)
    officer(county, CENTER)
    async with at_work(temporal_client, books, resting, queue, by(channel)) as desk:
        quiet = await late(desk, intake, still)
        kept = await put_down(books, quiet, 1)
        assert all(one.next_at > datetime.now(UTC) + timedelta(hours=12) for one in kept)
        urgent = (await desk.office.register(intake(), clock=still)).dispute_id
        given: dict[str, Any] = {"level": "高", "path": "联席会议", "level_reason": "可能激化"}
        await desk.office.act(urgent, act(CENTER, "初审员", "accept_case", **given))
        report = next(c for c in books.state(urgent).clocks.values() if c.rule_id == "urgent_report")
        await desk.office.act(
            urgent,
            act("申请人", "测试甲", "receive_material", at=report.due_at + timedelta(minutes=1)),
        )
        async with asyncio.timeout(90):
            while not channel.taken:
                await asyncio.sleep(0.02)
    said = "".join(texts(channel))
    assert books.state(urgent).case_no in said
    assert books.state(quiet).case_no not in said
    assert "紧急信息报告" in said
