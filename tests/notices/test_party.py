"""A party's notice through its whole life: sent, received, refused, lost, given up; then a person is asked."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from temporalio.client import Client

from domain.business_clock import BusinessClock
from domain.notices import (
    BAD_NUMBER,
    NEVER_SENT,
    NO_CHANNEL,
    NO_NUMBER,
    NO_RECEIPT,
    NO_WORDS,
    WANTS_PAPER,
    NoticeState,
)
from domain.policy import Policy
from domain.tasks import TaskKind
from hosting.connect import connect_client
from ledger import notices
from ledger.store import Ledger
from tests.integration.conftest import Desk, accepted, act
from tests.notices.conftest import CENTER, PHONE, Make, at_work, somebody, to_parties, until
from tests.support.keys import KEYS
from tests.support.party_gateway import StandIn, standing_in


async def task_of(desk: Desk, matter: str) -> Any:
    """The task of whoever is asked to tell the party, once it is there."""
    async with asyncio.timeout(90):
        while not (found := desk.ledger.state(matter).open_tasks(TaskKind.TELL_OTHERWISE)):
            await asyncio.sleep(0.02)
    (task,) = found
    return task


def ids(desk: Desk, matter: str) -> list[str]:
    with desk.ledger.engine.connect() as connection:
        wanted = text("SELECT notice_id FROM notices WHERE dispute_id = :m")
        return list(connection.scalars(wanted, {"m": matter}))


def time_passes(ledger: Ledger, matter: str) -> None:
    """Whatever a notice of the matter waits for is over."""
    with ledger.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE notices SET next_at = now() WHERE dispute_id = :m AND next_at IS NOT NULL AND state = '已发出'"
            ),
            {"m": matter},
        )


async def test_a_party_hears_that_its_matter_was_taken_and_the_gateway_says_when_it_arrived(
    desk: Desk, gateway: StandIn, intake: Make, still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(applicant=somebody()), still)
    sent = await until(desk, matter, NoticeState.SENT)
    case_no = desk.ledger.state(matter).case_no
    (taken,) = gateway.taken
    assert taken.said == {
        "id": ids(desk, matter)[0],
        "way": "短信",
        "to": PHONE,
        "language": "普通话",
        "text": f"您反映的社会保险费事项已受理，案号{case_no}。进度请凭查询码查询，或向{CENTER}了解。",
    }
    assert (sent.subject, sent.to, sent.channel, sent.attempts) == ("受理", "申请人", "短信", 1)
    for _ in range(2):  # a gateway may say it twice
        notices.receipt(desk.ledger.engine, taken.said["id"], arrived=True, why=BAD_NUMBER)
    await until(desk, matter, NoticeState.DELIVERED)
    notices.receipt(desk.ledger.engine, taken.said["id"], arrived=False, why=BAD_NUMBER)
    await until(desk, matter, NoticeState.DELIVERED)
    assert not desk.ledger.state(matter).open_tasks(TaskKind.TELL_OTHERWISE)


async def test_a_refused_number_is_a_persons_task_at_once(
    desk: Desk, gateway: StandIn, intake: Make, still: BusinessClock
) -> None:
    gateway.says(422)
    matter = await accepted(desk, intake(applicant=somebody()), still)
    task = await task_of(desk, matter)
    assert (task.unit, task.title) == (CENTER, f"另行告知申请人：受理（{BAD_NUMBER}）")
    given_up = await until(desk, matter, NoticeState.GIVEN_UP)
    assert (given_up.said, len(gateway.taken)) == (BAD_NUMBER, 1)
    told = act(CENTER, "初审员", "tell_otherwise", way="确实联系不上")
    await desk.office.act(matter, told.model_copy(update={"task": task.id}))
    assert not desk.ledger.state(matter).open_tasks(TaskKind.TELL_OTHERWISE)


async def test_a_number_out_of_service_is_told_by_its_receipt_and_asked_once(
    desk: Desk, gateway: StandIn, intake: Make, still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(applicant=somebody()), still)
    await until(desk, matter, NoticeState.SENT)
    for _ in range(2):
        notices.receipt(desk.ledger.engine, ids(desk, matter)[0], arrived=False, why=BAD_NUMBER)
    await task_of(desk, matter)
    await until(desk, matter, NoticeState.GIVEN_UP)
    tasks = [t for t in desk.ledger.state(matter).tasks.values() if t.kind == TaskKind.TELL_OTHERWISE]
    assert len(tasks) == 1


async def test_what_the_gateway_took_and_lost_is_given_up_after_the_named_time(
    desk: Desk, gateway: StandIn, policy: Policy, intake: Make, still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(applicant=somebody()), still)
    await until(desk, matter, NoticeState.SENT)
    with desk.ledger.engine.connect() as connection:
        waits = connection.execute(
            text("SELECT next_at - tried_at FROM notices WHERE dispute_id = :m"), {"m": matter}
        ).scalar_one()
    assert waits.total_seconds() == policy.notices.receipt_within_h * 3600
    time_passes(desk.ledger, matter)
    assert NO_RECEIPT in (await task_of(desk, matter)).title
    assert (await until(desk, matter, NoticeState.GIVEN_UP)).said == NO_RECEIPT
    assert len(gateway.taken) == 1


async def test_a_gateway_that_fails_hangs_up_and_comes_back_gets_it_once(
    desk: Desk, gateway: StandIn, intake: Make, still: BusinessClock
) -> None:
    gateway.says(500, None, 429, 202)
    matter = await accepted(desk, intake(applicant=somebody()), still)
    sent = await until(desk, matter, NoticeState.SENT)
    assert [one.status for one in gateway.taken] == [500, None, 429, 202]
    assert sent.attempts == 4
    assert list(gateway.messages) == ids(desk, matter)


async def test_a_gateway_that_stays_away_is_given_up(
    hasty: Desk, gateway: StandIn, intake: Make, still: BusinessClock
) -> None:
    gateway.always = 503
    matter = await accepted(hasty, intake(applicant=somebody()), still)
    failed = await until(hasty, matter, NoticeState.FAILED)
    assert failed.said == "HTTP 503"
    assert NEVER_SENT in (await task_of(hasty, matter)).title
    assert (await until(hasty, matter, NoticeState.GIVEN_UP)).said == NEVER_SENT
    assert notices.given_up(hasty.ledger.engine) == {"短信": 1}


@pytest.mark.parametrize(
    ("wish", "why", "unit"),
    [
        ({"told_by": "书面"}, WANTS_PAPER, "网格员"),
        ({"told_by": "电话"}, NO_CHANNEL, CENTER),
        ({"language": "蒙古语"}, NO_WORDS, CENTER),
        ({"phone": None}, NO_NUMBER, CENTER),
    ],
)
async def test_who_cannot_be_told_by_message_is_told_by_a_person(
    desk: Desk,
    gateway: StandIn,
    intake: Make,
    still: BusinessClock,
    wish: dict[str, Any],
    why: str,
    unit: str,
) -> None:
    matter = await accepted(desk, intake(applicant=somebody(**wish)), still)
    task = await task_of(desk, matter)
    assert (task.unit, task.title) == (unit, f"另行告知申请人：受理（{why}）")
    state = NoticeState.SENT if why == WANTS_PAPER else NoticeState.GIVEN_UP
    await until(desk, matter, state)
    assert gateway.taken == []


async def test_who_did_not_agree_and_who_is_hidden_hear_nothing(
    desk: Desk, gateway: StandIn, intake: Make, still: BusinessClock
) -> None:
    silent = await accepted(desk, intake(applicant=somebody(told_by=None)), still)
    hidden = (
        await desk.office.register(intake(applicant=somebody(), confidential=True), clock=still)
    ).dispute_id
    await desk.office.act(hidden, act(CENTER, "初审员", "accept_case", protect_applicant=True))
    for matter in (silent, hidden):
        assert notices.of_matter(desk.ledger.engine, matter) == []
    assert gateway.taken == []


async def test_what_waits_outlives_its_worker_and_goes_out_once(
    temporal_client: Client,
    temporal_address: str,
    books: Ledger,
    policy: Policy,
    queue: str,
    intake: Make,
    still: BusinessClock,
) -> None:
    another = await connect_client(KEYS, temporal_address)
    async with standing_in() as gateway:
        pass  # its address is known, and nobody is there
    async with at_work(temporal_client, books, policy, queue, to_parties(gateway)) as desk:
        matter = await accepted(desk, intake(applicant=somebody()), still)
        await until(desk, matter, NoticeState.FAILED)
    async with (
        standing_in(gateway.port, gateway),
        at_work(temporal_client, books, policy, queue, to_parties(gateway)) as desk,
        at_work(another, books, policy, queue, to_parties(gateway)),
    ):
        await until(desk, matter, NoticeState.SENT)
        await desk.office.restart(matter)
    assert [one.said["id"] for one in gateway.taken] == ids(desk, matter)


async def test_what_could_not_be_sent_by_day_waits_for_the_morning(
    temporal_client: Client,
    books: Ledger,
    resting: Policy,
    queue: str,
    gateway: StandIn,
    intake: Make,
    still: BusinessClock,
) -> None:
    async with at_work(temporal_client, books, resting, queue, to_parties(gateway)) as desk:
        matter = await accepted(desk, intake(applicant=somebody()), still)
        first = next_of(books, matter)
        assert first > datetime.now(UTC) + timedelta(hours=12)
        with books.engine.begin() as connection:  # as if it had been due by day and was tried into the night
            connection.execute(text("UPDATE notices SET next_at = now()"))
        async with asyncio.timeout(90):
            while next_of(books, matter) != first:
                await asyncio.sleep(0.02)
        await until(desk, matter, NoticeState.QUEUED)
    assert gateway.taken == []


def next_of(books: Ledger, matter: str) -> datetime:
    with books.engine.connect() as connection:
        wanted = text("SELECT next_at FROM notices WHERE dispute_id = :m")
        return connection.execute(wanted, {"m": matter}).scalar_one()


async def test_the_last_word_is_that_it_arrived_whatever_came_first(
    desk: Desk, gateway: StandIn, intake: Make, still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(applicant=somebody()), still)
    await until(desk, matter, NoticeState.SENT)
    engine, (id,) = desk.ledger.engine, ids(desk, matter)
    notices.receipt(engine, id, arrived=True, why=BAD_NUMBER)
    notices.sent(engine, [id])
    notices.failed(engine, [id], "答复超时")
    notices.give_up(engine, [id], NEVER_SENT)
    notices.asked(engine, [id])
    await until(desk, matter, NoticeState.DELIVERED)
