"""The doors of a dispute: each kind of action by its own name; nonsense and what is too late leave no trace."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from activities.names import workflow_id
from domain.business_clock import BusinessClock
from domain.events import Noted, Refused
from domain.intake import Intake
from domain.telling import ACTIONS
from starter.office import Declined
from workflows.dispute import CANCEL_ASKED

from .conftest import Desk, accepted, act

Make = Callable[..., Intake]

CLAIM: dict[str, Any] = {"id": "x-1", "unit": "县税务局", "officer": "甲", "body": {"kind": "claim"}}
JUNK = RawValue(Payload(metadata={"encoding": b"json/plain"}, data=b"\x00{"))
UNKNOWN = RawValue(Payload(metadata={"encoding": b"binary/other"}, data=b"\x01\x02"))


async def length(desk: Desk, matter: str) -> int:
    described = await desk.client.get_workflow_handle(workflow_id(matter)).describe()
    return described.history_length


async def test_every_kind_of_action_is_listed_with_its_name(
    desk: Desk, intake: Make, still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(), still)
    handle = desk.client.get_workflow_handle(workflow_id(matter))
    found = await handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    for listed in (found.definition.update_definitions, found.definition.signal_definitions):
        said = {d.name: d.description for d in listed}
        assert {kind: said.get(kind) for kind in ACTIONS} == ACTIONS
    assert "act" not in {d.name for d in found.definition.update_definitions}
    assert found.current_details.startswith("**偏社争")


@pytest.mark.parametrize(
    ("name", "payloads", "code"),
    [
        ("claim", [], "malformed"),
        ("claim", [CLAIM, CLAIM], "malformed"),
        ("claim", ["不是动作"], "malformed"),
        ("claim", [JUNK], "malformed"),
        ("claim", [UNKNOWN], "malformed"),
        ("claim", [{**CLAIM, "body": {"kind": "transfer", "to_officer": "乙"}}], "malformed"),
        ("claim", [{**CLAIM, "id": "open-consult-3"}], "malformed"),
        ("claim", [{**CLAIM, "body": {"kind": "claim", "注": "文" * 300_000}}], "too_large"),
        ("claim", [{**CLAIM, "task": "t1"}], "task_closed"),
        ("act", [CLAIM], "unknown_update"),
    ],
    ids=["none", "two", "text", "junk", "encoding", "another", "reserved", "large", "closed", "unknown"],
)
async def test_an_update_that_can_never_be_taken_leaves_no_event(
    desk: Desk, intake: Make, still: BusinessClock, name: str, payloads: list[Any], code: str
) -> None:
    matter = await accepted(desk, intake(), still)
    handle = desk.client.get_workflow_handle(workflow_id(matter))
    before = await length(desk, matter)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await handle.execute_update(name, args=payloads)
    assert isinstance(refused.value.cause, ApplicationError)
    assert refused.value.cause.type == code
    assert any("一" <= letter <= "鿿" for letter in refused.value.cause.message)
    assert await length(desk, matter) == before
    await desk.office.act(matter, act("县税务局", "甲", "claim"))  # the matter lives on


async def test_what_the_ledger_may_know_more_of_is_left_to_it(
    desk: Desk, intake: Make, still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(), still)
    before = await length(desk, matter)
    for task, code in (("t9", "unknown_task"), (None, "no_task")):
        with pytest.raises(Declined) as declined:
            await desk.office.act(matter, act("县医保局", "丙", "claim", task=task))
        assert declined.value.code == code
    assert await length(desk, matter) > before


async def test_an_action_sent_again_after_its_task_was_closed_by_another_is_answered(
    desk: Desk, intake: Make, still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(), still)
    task = desk.ledger.state(matter).open_tasks("handle")[0].id
    sign = act("县税务局", "甲", "claim", task=task)
    await desk.office.act(matter, sign)
    await desk.office.act(
        matter, act("县税务局", "乙", "submit_opinion", conclusion="支持", principal="1200")
    )
    assert not desk.ledger.state(matter).tasks[task].is_open
    assert (await desk.office.act(matter, sign)).version == desk.ledger.state(matter).version


async def test_the_kind_need_not_be_said_twice(desk: Desk, intake: Make, still: BusinessClock) -> None:
    matter = await accepted(desk, intake(), still)
    handle = desk.client.get_workflow_handle(workflow_id(matter))
    await handle.execute_update("claim", {**CLAIM, "body": {}})
    assert desk.ledger.state(matter).open_tasks("handle")[0].signed_by == "甲"


async def test_a_unit_of_any_name_is_only_refused(desk: Desk, intake: Make, still: BusinessClock) -> None:
    """The summary of its commit is cut short: one that is longer than the server takes would stop the matter."""
    matter = await accepted(desk, intake(), still)
    with pytest.raises(Declined) as declined:
        await desk.office.act(matter, act("县" * 100, "甲", "claim"))
    assert declined.value.code == "unknown_unit"
    long = intake(respondents=[{"name": "某厂", "town": "镇" * 300}])
    assert (await desk.office.register(long, clock=still)).case_no


async def test_a_cancel_request_is_noted_and_ends_nothing(
    desk: Desk, intake: Make, still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(), still)
    handle = desk.client.get_workflow_handle(workflow_id(matter))
    await handle.cancel()
    async with asyncio.timeout(30):
        while CANCEL_ASKED not in noted(desk, matter):
            await asyncio.sleep(0.05)
    receipt = await desk.office.act(matter, act("县税务局", "甲", "claim"))
    assert receipt.version == desk.ledger.state(matter).version
    described = await handle.describe()
    assert described.status is not None
    assert described.status.name == "RUNNING"
    assert not [e for e in desk.ledger.events(matter) if isinstance(e.fact, Refused)]


def noted(desk: Desk, matter: str) -> list[str]:
    return [e.fact.text for e in desk.ledger.events(matter) if isinstance(e.fact, Noted)]
