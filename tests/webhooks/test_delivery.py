"""Telling other systems: order, retries, restarts, dead letters, on real PostgreSQL and real Temporal."""

import asyncio
import json
from collections.abc import Callable

import pytest
from standardwebhooks import WebhookVerificationError
from temporalio.client import Client

from domain.business_clock import BusinessClock
from domain.intake import Intake
from domain.policy import Policy
from domain.webhooks import Delivery, Happening, happening_of, may_hear, message_id
from hosting.connect import connect_client
from ledger import outbox, webhooks
from ledger.audit import entries
from ledger.store import Ledger
from tests.access.test_accounts import TAX, County
from tests.integration.conftest import Desk, accepted, act
from tests.support.keys import KEYS
from tests.support.receiver import BRIEFLY, Got, Receiver, outbound, receiving
from tests.webhooks.conftest import at_work, emptied, registered

Make = Callable[..., Intake]
CENTER = "县综治中心"
STAGES = (Happening.STAGE_CHANGED,)


def sequences(got: list[Got]) -> list[int]:
    return [json.loads(one.body)["data"]["sequence"] for one in got]


def stages_of(desk: Desk, matter: str) -> list[int]:
    """Which events a system that hears of stages is told of, from the beginning."""
    events = desk.ledger.events(matter)
    return [e.seq for e in events if happening_of(e) is Happening.STAGE_CHANGED]


async def test_a_unit_hears_of_a_matter_from_when_it_has_to_do_with_it(
    desk: Desk, county: County, receiver: Receiver, intake: Make, still: BusinessClock
) -> None:
    hook, secret = registered(county, receiver)
    matter = await accepted(desk, intake(), still)
    await emptied(desk, hook)
    first = receiver.got[0]
    d = desk.ledger.state(matter)
    said = first.verified(secret)
    assert (said["type"], said["id"]) == ("dispute.stage_changed", first.id)
    assert said["data"].keys() == {"case_no", "sequence", "stage", "due"}
    assert said["data"]["case_no"] == d.case_no
    told = [json.loads(one.body) for one in receiver.got]
    assert [m["data"]["stage"] for m in told][-1] == d.stage
    assert {m["type"] for m in told} == {"dispute.stage_changed"}  # it had no part at the registration
    kept = outbox.messages_of(desk.ledger.engine, hook.id)
    assert {m.state for m in kept} == {Delivery.SENT}
    assert {m.id for m in kept} == {one.id for one in receiver.got}
    assert first.id == message_id(hook.id, matter, said["data"]["sequence"])


async def test_a_unit_without_relation_hears_nothing(
    desk: Desk, county: County, receiver: Receiver, intake: Make, still: BusinessClock
) -> None:
    stranger, _ = registered(county, receiver, unit="县医保局")
    hook, _ = registered(county, receiver, unit=CENTER)
    matter = await accepted(desk, intake(), still)
    assert not may_hear(desk.ledger.state(matter), "县医保局", desk.policy)
    await emptied(desk, hook)
    assert outbox.messages_of(desk.ledger.engine, stranger.id) == []
    assert {json.loads(one.body)["type"] for one in receiver.got} == {
        "dispute.registered",
        "dispute.stage_changed",
    }


async def test_the_matters_own_history_is_the_same_with_and_without_webhooks(
    desk: Desk, county: County, receiver: Receiver, intake: Make, still: BusinessClock
) -> None:
    async def length(matter: str) -> int:
        handle = desk.client.get_workflow_handle(f"dispute/{matter}")
        return len([e async for e in handle.fetch_history_events()])

    without = await length(await accepted(desk, intake(), still))
    hook, _ = registered(county, receiver)
    matter = await accepted(desk, intake(), still)
    await emptied(desk, hook)
    assert await length(matter) == without


async def test_each_message_waits_for_the_one_before_it(
    desk: Desk, county: County, receiver: Receiver, intake: Make, still: BusinessClock
) -> None:
    hook, _ = registered(county, receiver, unit=CENTER, happenings=STAGES)
    receiver.says(503, 500, 302, 204, 404, extra={"Location": "http://127.0.0.1:9/"})
    matter = await accepted(desk, intake(), still)
    await receiver.arrivals(len(stages_of(desk, matter)))
    await emptied(desk, hook)
    taken = receiver.taken
    assert sequences(taken) == stages_of(desk, matter)
    assert [one.id for one in receiver.got[:4]] == [taken[0].id] * 4
    assert len(receiver.got) == len(taken) + 4
    newest = outbox.messages_of(desk.ledger.engine, hook.id)
    assert [m.attempts for m in reversed(newest)][:2] == [4, 2]


async def test_what_waits_outlives_its_worker_and_a_receiver_that_is_down(
    temporal_client: Client,
    books: Ledger,
    policy: Policy,
    queue: str,
    county: County,
    intake: Make,
    still: BusinessClock,
) -> None:
    async with receiving() as receiver:
        pass  # its address is known, and nobody is there
    hook, secret = registered(county, receiver, happenings=STAGES)
    async with at_work(temporal_client, books, policy, queue, outbound=outbound()) as desk:
        await accepted(desk, intake(), still)
        while not any(m.said for m in outbox.messages_of(books.engine, hook.id)):
            await asyncio.sleep(0)
    async with (
        receiving(receiver.port, receiver),
        at_work(temporal_client, books, policy, queue, outbound=outbound()) as desk,
    ):
        (await receiver.arrival()).verified(secret)
        await emptied(desk, hook)
    assert sequences(receiver.got) == sorted(set(sequences(receiver.got)))
    assert {m.said for m in outbox.messages_of(books.engine, hook.id)} == {"HTTP 204"}


async def test_a_cause_is_told_once_however_often_it_is_handed_over(
    desk: Desk,
    temporal_address: str,
    books: Ledger,
    policy: Policy,
    queue: str,
    county: County,
    receiver: Receiver,
    intake: Make,
    still: BusinessClock,
) -> None:
    hook, _ = registered(county, receiver, unit=CENTER)
    another = await connect_client(KEYS, temporal_address)
    async with at_work(another, books, policy, queue, outbound=outbound()) as second:
        matter = await accepted(second, intake(), still)
        sign = act(TAX, "甲", "sign_for")
        await asyncio.gather(*(office.office.act(matter, sign) for office in (desk, second, desk)))
        await emptied(second, hook)
    causes = [e.seq for e in books.events(matter) if happening_of(e)]
    assert sequences(receiver.got) == causes
    assert [one.id for one in receiver.got] == [message_id(hook.id, matter, seq) for seq in causes]


async def test_a_message_that_never_arrives_is_a_dead_letter_and_is_sent_again(
    temporal_client: Client,
    books: Ledger,
    policy: Policy,
    queue: str,
    county: County,
    receiver: Receiver,
    intake: Make,
    still: BusinessClock,
) -> None:
    hook, secret = registered(county, receiver, unit=CENTER, happenings=[Happening.REGISTERED])
    receiver.always = 500
    async with at_work(temporal_client, books, policy, queue, outbound=outbound(BRIEFLY)) as desk:
        await accepted(desk, intake(), still)
        lost = await receiver.arrival()
        await emptied(desk, hook)
        (dead,) = outbox.messages_of(books.engine, hook.id, Delivery.DEAD)
        assert (dead.id, dead.said) == (lost.id, "HTTP 500")
        assert dead.attempts == len(receiver.got)
        assert webhooks.dead_letters(books) == {f"{CENTER} {hook.client}": 1}
        receiver.always = None
        webhooks.send_again(books, county.admin, hook.id, dead.id)
        (again,) = await receiver.arrivals(1)
        await emptied(desk, hook)
    assert again.id == lost.id
    assert again.body == lost.body
    again.verified(secret)
    assert outbox.messages_of(books.engine, hook.id, Delivery.DEAD) == []
    assert [e.entry.object for e in entries(books, verb="再次推送")] == [f"{CENTER} {hook.client} {dead.id}"]


async def test_a_receiver_that_is_gone_is_told_nothing_more(
    desk: Desk, county: County, receiver: Receiver, intake: Make, still: BusinessClock
) -> None:
    hook, _ = registered(county, receiver)
    receiver.always = 410
    matter = await accepted(desk, intake(), still)
    await emptied(desk, hook)
    assert len(receiver.got) == 1
    stopped = webhooks.find(desk.ledger, hook.id)
    assert (stopped.stands, stopped.stopped_why) == (False, webhooks.GONE)
    assert {m.state for m in outbox.messages_of(desk.ledger.engine, hook.id)} == {Delivery.DROPPED}
    assert [(e.entry.person, e.entry.came_to) for e in entries(desk.ledger, verb="停用推送")] == [
        (None, webhooks.GONE)
    ]
    await desk.office.act(matter, act(TAX, "甲", "sign_for"))
    assert len(receiver.got) == 1


async def test_a_changed_secret_goes_on_beside_the_new_one(
    desk: Desk, county: County, receiver: Receiver, intake: Make, still: BusinessClock
) -> None:
    hook, first = registered(county, receiver, unit=CENTER, happenings=[Happening.REGISTERED])
    _, second = webhooks.rotate(desk.ledger, county.admin, hook.id)
    await accepted(desk, intake(), still)
    got = await receiver.arrival()
    assert got.verified(first) == got.verified(second)
    _, third = webhooks.rotate(desk.ledger, county.admin, hook.id)
    await accepted(desk, intake(), still)
    got = await receiver.arrival()
    assert got.verified(second) == got.verified(third)
    with pytest.raises(WebhookVerificationError):
        got.verified(first)
