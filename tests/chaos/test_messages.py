"""Messages of any size, shape and number: none kills a dispute or stops it, and a refused one is kept."""

import asyncio
import json
import random
import string
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from stdnum.cn import ric
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.common import RawValue
from temporalio.service import RPCError

from activities.messages import Receipt
from activities.names import workflow_id
from domain.actions import Act
from domain.actions.form import Material
from domain.business_clock import BusinessClock
from domain.events import Declined as DeclinedFact
from domain.intake import Intake
from domain.sizes import ACT_LIMIT, size_of
from hosting.embedded.processes import Report
from starter.office import Declined
from tests.integration.conftest import Desk, accepted, act
from tests.support.forms import answers
from tests.support.heard import Counted, Heard
from workflows.timing import STATE_CARRIED

Make = Callable[..., Intake]
Tell = Callable[[Counted], None]
NESTED = "[" * 190 + "]" * 190


MARKS = string.ascii_letters + string.digits + "!#$%()*+,-:;<=>@[]^_{|}~"


def marks(size: int, seed: int = 0) -> str:
    """So many bytes, which hardly compress: a sealed payload is compressed before it is sealed."""
    return "".join(random.Random(f"{size} {seed}").choices(MARKS, k=size))


def oversized(size: int) -> Act:
    """An action of so many bytes, as no form would make it."""
    lawful = act("申请人", "测试甲", "receive_material")
    rows = [Material.model_construct(name=marks(size), location=None)]
    return lawful.model_copy(update={"body": lawful.body.model_copy(update={"materials": rows})})


def largest() -> Act:
    """An action as large as allowed, or nearly."""
    rows = [{"name": marks(200, n), "location": marks(500, n)} for n in range(ACT_LIMIT // 747)]
    return act("申请人", "测试甲", "receive_material", materials=rows)


def handle(desk: Desk, matter: str) -> "WorkflowHandle[Any, Any]":
    return desk.client.get_workflow_handle(workflow_id(matter))


def declined_by(desk: Desk, matter: str) -> list[DeclinedFact]:
    return [e.fact for e in desk.ledger.events(matter) if isinstance(e.fact, DeclinedFact)]


async def settled(desk: Desk, matter: str, count: int) -> list[DeclinedFact]:
    async with asyncio.timeout(200):
        while len(found := declined_by(desk, matter)) < count:
            await asyncio.sleep(0.2)
    return found


@pytest.mark.parametrize("size", [ACT_LIMIT, 1_900_000, 3_000_000, 5_000_000])
async def test_an_update_too_large_is_refused_and_names_its_field(
    desk: Desk, intake: Make, still: BusinessClock, heard: Heard, size: int
) -> None:
    matter = await accepted(desk, intake(), still)
    with pytest.raises(Declined) as declined:
        await desk.office.act(matter, oversized(size))
    assert (declined.value.code, declined.value.field) == ("too_large", "body.materials")
    with pytest.raises(Exception, match=r"failed|failure|larger than max") as sent:  # past the office
        await handle(desk, matter).execute_update("receive_material", oversized(size))
    assert not isinstance(sent.value, TimeoutError)
    await heard.check([matter])


async def test_signals_too_large_are_kept_as_refused_or_never_taken_by_the_server(
    desk: Desk, intake: Make, still: BusinessClock, heard: Heard
) -> None:
    matter = await accepted(desk, intake(), still)
    await asyncio.gather(
        *(handle(desk, matter).signal("receive_material", oversized(1_900_000)) for _ in range(3))
    )
    for size in (3_000_000, 5_000_000):
        with pytest.raises(RPCError):
            await handle(desk, matter).signal("receive_material", oversized(size))
    kept = await settled(desk, matter, 3)
    assert [f.code for f in kept] == ["too_large"] * 3
    assert "body.materials" in kept[0].reason
    assert all(len(f.reason) < 200 for f in kept)
    await heard.check([matter])


async def test_forty_actions_as_large_as_allowed_at_once(
    desk: Desk, intake: Make, still: BusinessClock, heard: Heard
) -> None:
    matter = await accepted(desk, intake(), still)
    sent = [largest() for _ in range(40)]
    assert 0 < ACT_LIMIT - size_of(sent[0]) < 2000
    await asyncio.gather(*(handle(desk, matter).signal("receive_material", a) for a in sent))
    heard.taken = {a.id: matter for a in sent}
    async with asyncio.timeout(100):
        while len({e.action_id for e in desk.ledger.events(matter)} & heard.taken.keys()) < len(sent):
            await asyncio.sleep(0.2)
    await heard.check([matter])


def odd(kind: str, field: str, value: str) -> str:
    """A form whose answers are lawful but for this one, which is JSON."""
    return json.dumps(answers(kind, **{field: "@"}), default=str).replace('"@"', value)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (odd("receive_material", "materials", NESTED), "层次过多"),
        (odd("record_payment", "late_fee", "NaN"), "数字过大或无效"),
        (odd("record_payment", "late_fee", '"1e300000"'), "金额过大"),
        ('{"kind":"complete_resolution","item":99999999999999999999999999999}', "数字过大"),
        (odd("supervise", "due", '"99999999999-01-01"'), "应为日期"),
        (odd("request_supplement", "due", '"99999999999工作日"'), "时长过长"),
        (odd("receive_material", "materials", json.dumps([{"name": "x"}] * 900)), "清单过长"),
        (json.dumps({"kind": "sign_for", **{f"k{n}": n for n in range(150)}}), "没有此项"),
    ],
    ids=["nested", "nan", "amount", "integer", "date", "span", "list", "keys"],
)
async def test_a_message_no_ledger_could_keep_is_a_declined_event(
    desk: Desk, intake: Make, still: BusinessClock, heard: Heard, body: str, reason: str
) -> None:
    matter = await accepted(desk, intake(), still)
    data = f'{{"id":"odd","unit":"县税务局","officer":"甲","body":{body}}}'.encode()
    kind = json.loads(body, parse_constant=str)["kind"]
    await handle(desk, matter).signal(
        kind, RawValue(Payload(metadata={"encoding": b"json/plain"}, data=data))
    )
    (fact,) = await settled(desk, matter, 1)
    assert fact.code == "malformed"
    assert reason in fact.reason
    assert len(fact.reason) < 1000
    await heard.check([matter])


def id_number(n: int) -> str:
    """A number of its own for each of 3,000 people."""
    body = f"142234198406{1 + n // 150:02d}{n % 150:03d}"
    return body + ric.calc_check_digit(f"{body}0")


async def test_a_registration_too_large_is_declined_and_a_groups_roll_is_not(
    desk: Desk, intake: Make, still: BusinessClock, heard: Heard
) -> None:
    one = {"name": "测试某某某", "id_number": "142234198406124788", "phone": "19900000001", "months": 24}
    amounts = {"养老": "12345.67", "医疗": "2345.67", "失业": "345.67"}
    members = [{"line": n, **one, "id_number": id_number(n), "claims": amounts} for n in range(1, 3001)]
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
            desk, matter, "sign_for", 1500, lambda n: {"unit": "县税务局", "officer": "甲", "n": n}
        )
        await settled(desk, matter, taken)
    assert taken > 1000
    assert len(declined_by(desk, matter)) == taken
    after = desk.ledger.state(matter)
    assert after.model_copy(update={"version": before.version}) == before
    counted = await heard.check([matter])
    await went_on_anew(desk, matter)
    tell(counted)
    report(f"{taken} malformed signals kept, {3 * 1500 - taken} declined at the door")


@pytest.mark.chaos
async def test_a_flood_of_proper_actions_by_signal_is_taken_whole(
    desk: Desk, intake: Make, still: BusinessClock, heard: Heard, tell: Tell
) -> None:
    matter = await accepted(desk, intake(), still)
    acts = [act("申请人", "测试甲", "receive_material", materials=[{"name": f"材料{n}"}]) for n in range(900)]
    taken = await flood(desk, matter, "receive_material", len(acts), lambda n: acts[n])
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
    text = "文" * 4000
    for n in range(12):
        report = act("县税务局", "甲", "issue_urgent_report", situation=text, measures=text, id=f"large-{n}")
        assert isinstance(await heard.act(matter, report), Receipt)
    assert size_of(desk.ledger.state(matter)) > STATE_CARRIED
    await asyncio.gather(
        *(handle(desk, matter).signal("receive_material", oversized(1_900_000)) for _ in range(12))
    )
    await settled(desk, matter, 12)
    described = await handle(desk, matter).describe()
    assert described.status == WorkflowExecutionStatus.RUNNING
    counted = await heard.check([matter])
    await went_on_anew(desk, matter)
    tell(counted)
