"""Evidence is a reference with size and hash: a file's bytes are refused at the door and stand in no history."""

import base64
import hashlib
import random
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message
from pydantic import ValidationError
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowUpdateFailedError

from activities.names import workflow_id
from domain.business_clock import BusinessClock
from domain.embedded import has_file_content
from domain.intake import Intake
from domain.wording import field_problems
from privacy.keys import Purpose
from starter.office import Declined
from tests.integration.conftest import Desk, accepted, act
from tests.replay.test_replay import HISTORIES, history
from tests.support.heard import Heard
from tests.support.keys import KEYS
from workflows.codec import SealingCodec
from workflows.origin import Origin

Make = Callable[..., Intake]
CODEC = SealingCodec(KEYS.ring(Purpose.PAYLOAD), Origin.OFFICE)
FILE = random.Random(4).randbytes(20_000)
PASTED = base64.b64encode(FILE).decode()
IMAGE = f"data:image/png;base64,{PASTED[:40]}"
REFERENCE: dict[str, Any] = {
    "kind": "工资条",
    "location": "2026/0001/工资条.pdf",
    "size": len(FILE),
    "sha256": hashlib.sha256(FILE).hexdigest(),
}


def payloads(message: Message) -> Iterator[Payload]:
    """Every payload anywhere in a message."""
    if isinstance(message, Payload):
        yield message
        return
    for field, value in message.ListFields():
        if field.type != field.TYPE_MESSAGE:
            continue
        parts = (
            value.values() if isinstance(value, MutableMapping) else value if field.is_repeated else [value]
        )
        for part in parts:
            if isinstance(part, Message):
                yield from payloads(part)


async def opened(events: Any) -> str:
    """All that a history holds, unsealed."""
    plain = await CODEC.decode([p for event in events for p in payloads(event)])
    return "\n".join(p.data.decode() for p in plain)


async def test_a_history_holds_the_reference_and_nothing_of_the_file(
    desk: Desk, intake: Make, still: BusinessClock, heard: Heard
) -> None:
    matter = await accepted(desk, intake(evidence=[REFERENCE]), still)
    for field, wrong in (
        ("explanation", act("县税务局", "甲", "send_back", explanation=PASTED[:4000])),
        ("materials", act("申请人", "测试甲", "receive_material", materials=[{"name": IMAGE}])),
    ):
        with pytest.raises(Declined, match=rf"body\.{field}：不能写入文件内容") as declined:
            await desk.office.act(matter, wrong)
        assert (declined.value.code, declined.value.field) == ("file_content", f"body.{field}")
        with pytest.raises(Declined, match="不能写入文件内容"):
            await desk.office.signal(matter, wrong)
    kept = await desk.client.get_workflow_handle(workflow_id(matter)).fetch_history()
    text = await opened(kept.events)
    assert REFERENCE["sha256"] in text
    assert PASTED[:40] not in text
    assert not has_file_content(text)
    await heard.check([matter])


async def test_a_registration_with_a_file_in_it_is_declined_and_never_starts(
    desk: Desk, intake: Make, still: BusinessClock
) -> None:
    for field, wrong in (
        ("narrative", intake(narrative=f"见附件：{PASTED}")),
        ("applicant.address", intake(applicant={"name": "测试甲", "address": PASTED})),
    ):
        with pytest.raises(Declined, match=f"{field}：不能写入文件内容") as declined:
            await desk.office.register(wrong, clock=still)
        assert (declined.value.code, declined.value.field) == ("file_content", field)
    assert desk.ledger.find(intake().source_no) is None
    for name, value in (
        ("description", PASTED[:300]),
        ("location", "data:text/plain,x"),
        ("kind", "长" * 101),
    ):
        with pytest.raises(ValidationError) as error:
            intake(evidence=[{**REFERENCE, name: value}])
        assert [p["field"] for p in field_problems(error.value)] == [f"evidence·第1项·{name}"]


async def test_past_the_office_the_ledger_refuses_it(
    desk: Desk, intake: Make, still: BusinessClock, heard: Heard
) -> None:
    matter = await accepted(desk, intake(), still)
    wrong = act("申请人", "测试甲", "receive_material", materials=[{"name": IMAGE}])
    with pytest.raises(WorkflowUpdateFailedError) as declined:
        await desk.client.get_workflow_handle(workflow_id(matter)).execute_update("receive_material", wrong)
    assert "不能写入文件内容" in str(declined.value.cause)
    await heard.check([matter])


@pytest.mark.parametrize("file", HISTORIES, ids=lambda f: f.name.removesuffix(".json.gz"))
async def test_no_recorded_history_holds_a_file(file: Path) -> None:
    assert not has_file_content(await opened(history(file).events))
