"""Messages of any size, shape and number: none kills a dispute or stops it, and a refused one is kept."""

import asyncio
import json
import random
import string
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.common import RawValue
from temporalio.service import RPCError

from activities.messages import Receipt
from activities.names import workflow_id
from domain.business_clock import BusinessClock
from domain.events import Declined
from domain.intake import Intake
from domain.sizes import ACT_LIMIT
from hosting.embedded.processes import Report
from starter.office import Declined
from tests.integration.conftest import Desk, accepted, act
from tests.support.heard import Counted, Heard

Make = Callable[..., Intake]
Tell = Callable[[Counted], None]
NESTED = "[" * 190 + "]" * 190


MARKS = string.ascii_letters + string.digits + "!#$%&()*+,-./:;<=>?@[]^_{|}~ "


def material(size: int) -> Any:
    """An action of so many bytes, which hardly compress: a sealed payload is compressed before it is sealed."""
    text = "".join(random.Random(size).choices(MARKS, k=size))
    return act("申请人", "测试甲", "supplement_material", items=[text])


def handle(desk: Desk, matter: str) -> "WorkflowHandle[Any, Any]":
    return desk.client.get_workflow_handle(workflow_id(matter))


def refusals(desk: Desk, matter: str) -> list[Declined]:
    return [e.fact for e in desk.ledger.events(matter) if isinstance(e.fact, Declined)]


async def settled(desk: Desk, matter: str, count: int) -> list[Declined]:
    async with asyncio.timeout(200):
        while len(found := refusals(desk, matter)) < count:
            await asyncio.sleep(0.2)
    return found


@pytest.mark.parametrize("size", [ACT_LIMIT, 1_900_000, 3_000_000, 5_000_000])
async def test_an_update_too_large_is_refused_and_names_its_field(
    desk: Desk, intake: Make, still: BusinessClock, heard: Heard, size: int
) -> None:
    matter = await accepted(desk, intake(), still)
    with pytest.raises(Declined) as declined:
        await desk.office.act(matter, material(size))
    assert (declined.value.code, declined.value.field) == ("too_large", "body.items")
    with pytest.raises(Exception, match=r"failed|failure|larger than max") as sent:  # past the office
        await handle(desk, matter).execute_update("supplement_material", material(size))
    assert not isinstance(sent.value, TimeoutError)
    await heard.check([matter])


async def test_signals_too_large_are_kept_as_refused_or_never_taken_by_the_server(
    desk: Desk, intake: Make, still: BusinessClock, heard: Heard
) -> None:
    matter = await accepted(desk, intake(), still)
    await asyncio.gather(
        *(handle(desk, matter).signal("supplement_material", material(1_900_000)) for _ in range(3))
    )
    for size in (3_000_000, 5_000_000):
        with pytest.raises(RPCError):
            await handle(desk, matter).signal("supplement_material", material(size))
    kept = await settled(desk, matter, 3)
    assert [f.code for f in kept] == ["too_large"] * 3
    assert "body.items" in kept[0].reason
    assert all(len(f.reason) < 200 for f in kept)
    await heard.check([matter])


async def test_forty_actions_as_large_as_allowed_at_once(
    desk: Desk, intake: Make, still: BusinessClock, heard: Heard
) -> None:
    matter = await accepted(desk, intake(), still)
    largest = [material(ACT_LIMIT - 1000) for _ in range(40)]
    await asyncio.gather(*(handle(desk, matter).signal("supplement_material", a) for a in largest))
    heard.taken = {a.id: matter for a in largest}
    async with asyncio.timeout(100):
        while len({e.action_id for e in desk.ledger.events(matter)} & heard.taken.keys()) < len(largest):
            await asyncio.sleep(0.2)
    await heard.check([matter])


@pytest.mark.parametrize(
    "body",
    [
        f'{{"kind":"minutes","order":{NESTED}}}',
        '{"kind":"minutes","order":NaN}',
        '{"kind":"payment_received","principal":"1e300000"}',
        '{"kind":"convene_meeting","form":"会商","no":99999999999999999999999999999}',
        '{"kind":"request_extension","days":"99999999999 days","reason":"x"}',
        json.dumps(
            {
                "kind": "minutes",
                "resolutions": [{"no": n, "unit": "县税务局", "text": "x"} for n in range(900)],
            }
        ),
        json.dumps({"kind": "claim", **{f"k{n}": n for n in range(150)}}),
    ],
    ids=["nested", "nan", "amount", "integer", "span", "list", "keys"],
)
async def test_a_message_no_ledger_could_keep_is_a_refused_event(
    desk: Desk, intake: Make, still: BusinessClock, heard: Heard, body: str
) -> None:
    matter = await accepted(desk, intake(), still)
    data = f'{{"id":"odd","unit":"县税务局","officer":"甲","body":{body}}}'.encode()
    kind = json.loads(body, parse_constant=str)["kind"]
    await handle(desk, matter).signal(
        kind, RawValue(Payload(metadata={"encoding": b"json/plain"}, data=data))
    )
    (fact,) = await settled(desk, matter, 1)
    assert fact.code == "malformed"
    assert len(fact.reason) < 1000
    await heard.check([matter])


async def test_a_registration_too_large_is_declined_and_a_groups_roll_is_not(
    desk: Desk, intake: Make, still: BusinessClock, heard: Heard
) -> None:
    one = {"name": "测试某某某", "id_number": "142234198406124788", "phone": "19900000001", "months": 24}
    amounts = {"养老": "12345.67", "医疗": "2345.67", "失业": "345.67"}
    members = [{"line": n, **one, "claims": amounts} for n in range(1, 3001)]
    group = {"is_group": True, "headcount": 3000, "representatives": ["甲", "乙"], "members": members}
    receipt = await desk.office.register(intake(applicant=group, narrative="诉" * 6000), clock=still)
    await heard.check([receipt.dispute_id])
    with pytest.raises(Declined) as declined:
        await desk.office.register(intake(narrative="诉" * 400_000), clock=still)
    assert (declined.value.code, declined.value.field) == ("too_large", "narrative")


async def flood(desk: Desk, matter: str, name: str, count: int, payload: Callable[[int], object]) -> int:
    """Send so many signals, forty at a time. How many the server took."""
    gate = asyncio.Semaphore(40)
    target = handle(desk, matter)

    async def one(n: int) -> bool:
        async with gate:
            try:
                await target.signal(name, payload(n))
            except RPCError:
                return False  # at the door: the server's limit for one run; its sender knows
            return True

    return sum(await asyncio.gather(*(one(n) for n in range(count))))


async def went_on_anew(desk: Desk, matter: str) -> None:
    """Until the matter is seen to be in another run than its first; the server's list lags behind."""
    query = f'WorkflowId = "{workflow_id(matter)}"'
    async with asyncio.timeout(60):
        while len([w async for w in desk.client.list_workflows(query)]) < 2:
            await asyncio.sleep(0.2)


@pytest.mark.chaos
async def test_a_flood_of_malformed_signals_across_new_runs(
    desk: Desk, intake: Make, still: BusinessClock, heard: Heard, tell: Tell, report: Report
) -> None:
    matter = await accepted(desk, intake(), still)
    before = desk.ledger.state(matter)
    taken = 0
    for _ in range(3):  # while the dispute works on one flood the next comes
        taken += await flood(
            desk, matter, "claim", 1500, lambda n: {"unit": "县税务局", "officer": "甲", "n": n}
        )
        await settled(desk, matter, taken)
    assert taken > 1000
    assert len(refusals(desk, matter)) == taken
    after = desk.ledger.state(matter)
    assert after.model_copy(update={"version": before.version}) == before
    counted = await heard.check([matter])
    await went_on_anew(desk, matter)
    tell(counted)
    report(f"{taken} malformed signals kept, {3 * 1500 - taken} refused at the door")


@pytest.mark.chaos
async def test_a_flood_of_proper_actions_by_signal_is_taken_whole(
    desk: Desk, intake: Make, still: BusinessClock, heard: Heard, tell: Tell
) -> None:
    matter = await accepted(desk, intake(), still)
    acts = [act("申请人", "测试甲", "supplement_material", items=[f"材料{n}"]) for n in range(900)]
    taken = await flood(desk, matter, "supplement_material", len(acts), lambda n: acts[n])
    assert taken == len(acts)
    heard.taken = {a.id: matter for a in acts}
    async with asyncio.timeout(300):
        while Counter(e.fact.type for e in desk.ledger.events(matter))["acted"] < len(acts) + 1:
            await asyncio.sleep(0.5)
    counted = await heard.check([matter])
    await went_on_anew(desk, matter)
    tell(counted)


@pytest.mark.chaos
async def test_twelve_signals_of_two_megabytes_and_a_state_too_large_to_hand_over(
    desk: Desk, intake: Make, still: BusinessClock, heard: Heard, tell: Tell
) -> None:
    matter = await accepted(desk, intake(), still)
    for n in range(8):
        opinion = act("县税务局", "甲", "submit_opinion", role="协办", content="文" * 40_000, id=f"large-{n}")
        assert isinstance(await heard.act(matter, opinion), Receipt)
    await asyncio.gather(
        *(handle(desk, matter).signal("supplement_material", material(1_900_000)) for _ in range(12))
    )
    await settled(desk, matter, 12)
    described = await handle(desk, matter).describe()
    assert described.status == WorkflowExecutionStatus.RUNNING
    counted = await heard.check([matter])
    await went_on_anew(desk, matter)
    tell(counted)
