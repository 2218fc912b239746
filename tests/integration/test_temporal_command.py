"""A department answers with nothing but the ``temporal`` command (docs/signals.md)."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest
from starter.codec_server.app import build_app
from starter.codec_server.serving import serving
from starter.codec_server.token import Token

from activities.names import workflow_id
from domain.business_clock import BusinessClock
from domain.events import Refused
from domain.intake import Intake
from domain.telling import ACTIONS
from privacy.keys import Purpose
from tests.support.keys import KEYS
from workflows.codec import ENCODING

from .conftest import Desk, accepted


class Temporal:
    """The command line tool, pointed at the test's server."""

    def __init__(self, program: Path, address: str, codec: str, token: str) -> None:
        self._words = [str(program), "--address", address, "--namespace", "fengqiao"]
        self._codec = {"TEMPORAL_CODEC_ENDPOINT": codec, "TEMPORAL_CODEC_AUTH": f"Bearer {token}"}

    async def run(self, *words: str, sealed: bool = True) -> str:
        program, *where = self._words
        process = await asyncio.create_subprocess_exec(
            program,
            *words,
            *where,
            env={**os.environ, **(self._codec if sealed else {})},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        return said.decode()


@pytest.fixture
async def temporal(temporal_program: Path, temporal_address: str) -> AsyncGenerator[Temporal]:
    token = "a-department-s-token-0123456789abcdef"
    app = build_app(KEYS.ring(Purpose.PAYLOAD), Token(token, "test"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with serving(app, listener):
            codec = f"http://127.0.0.1:{listener.getsockname()[1]}"
            yield Temporal(temporal_program, temporal_address, codec, token)


def message(id: str, unit: str, officer: str, **body: object) -> str:
    return json.dumps({"id": id, "unit": unit, "officer": officer, "body": body}, ensure_ascii=False)


async def test_sign_answer_and_be_refused_by_command_alone(
    desk: Desk, temporal: Temporal, intake: Callable[..., Intake], still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(), still)
    signal = ("workflow", "signal", "--workflow-id", workflow_id(matter), "--name")
    await temporal.run(*signal, "claim", "--input", message("tax-1", "县税务局", "甲"))
    opinion = message(
        "tax-2", "县税务局", "甲", kind="submit_opinion", conclusion="支持", principal="1200.00"
    )
    await temporal.run(*signal, "submit_opinion", "--input", opinion)
    await temporal.run(*signal, "claim", "--input", message("tax-3", "县医保局", "某人"))

    told = await temporal.run(
        "workflow", "update", "execute", "--workflow-id", workflow_id(matter), "--name", "notify_party",
        "--input", message("tax-4", "县税务局", "甲", result="责令限期缴纳"),
    )  # fmt: skip
    assert desk.ledger.state(matter).case_no in told

    d = desk.ledger.state(matter)
    assert (d.stage, d.recognised) == ("执行中", 1200)
    kept = [e.fact.code for e in desk.ledger.events(matter) if isinstance(e.fact, Refused)]
    assert kept == ["no_task"]
    details = await temporal.run("workflow", "metadata", "--workflow-id", workflow_id(matter))
    assert d.case_no in details
    for kind, said in ACTIONS.items():
        assert kind in details
        assert said in details


async def test_what_the_command_sends_is_sealed_and_what_it_hears_is_plain(
    desk: Desk, temporal: Temporal, intake: Callable[..., Intake], still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(), still)
    target = ("--workflow-id", workflow_id(matter))
    claim = message("tax-1", "县税务局", "经办丙", kind="claim")
    await temporal.run("workflow", "signal", *target, "--name", "claim", "--input", claim)
    refused = await temporal.run(
        "workflow", "update", "execute", *target, "--name", "claim",
        "--input", message("med-1", "县医保局", "经办丁", kind="claim"),
    )  # fmt: skip
    assert "no_task" in refused
    assert any("一" <= letter <= "鿿" for letter in refused), "the refusal is in Chinese, not sealed"

    opened = await temporal.run("workflow", "show", *target, "--detailed")
    assert "经办丙" in opened
    assert "经办丁" in opened
    kept = await desk.client.get_workflow_handle(workflow_id(matter)).fetch_history()
    signals = [e.workflow_execution_signaled_event_attributes for e in kept.events]
    sealed = [s.input.payloads[0].metadata["encoding"] for s in signals if s.signal_name == "claim"]
    assert sealed == [ENCODING]
    stored = b"".join(event.SerializeToString() for event in kept.events)
    assert not any(plain.encode() in stored for plain in ("经办", "测试甲", "19900000001"))


async def test_a_signal_sent_bare_is_taken_all_the_same(
    desk: Desk, temporal: Temporal, intake: Callable[..., Intake], still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(), still)
    target = ("--workflow-id", workflow_id(matter))
    bare = ("workflow", "signal", *target, "--name", "claim", "--input")
    await temporal.run(*bare, message("tax-1", "县税务局", "甲", kind="claim"), sealed=False)
    update = ("workflow", "update", "execute", *target, "--name")
    refused = message("med-1", "县医保局", "丁")
    assert "no_task" in await temporal.run(*update, "claim", "--input", refused, sealed=False)
    opinion = message(
        "tax-2", "县税务局", "甲", kind="submit_opinion", conclusion="支持", principal="1200.00"
    )
    await temporal.run(*update, "submit_opinion", "--input", opinion, sealed=False)
    assert desk.ledger.state(matter).recognised == 1200
