"""A department answers with nothing but the ``temporal`` command (docs/signals.md)."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from activities.names import workflow_id
from domain.business_clock import BusinessClock
from domain.events import Refused
from domain.intake import Intake

from .conftest import Desk, accepted


class Temporal:
    """The command line tool, pointed at the test's server."""

    def __init__(self, program: Path, address: str) -> None:
        self._words = [str(program), "--address", address, "--namespace", "fengqiao"]

    async def run(self, *words: str) -> str:
        program, *where = self._words
        process = await asyncio.create_subprocess_exec(
            program, *words, *where, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await process.communicate()
        return said.decode()


@pytest.fixture
def temporal(temporal_program: Path, temporal_address: str) -> Temporal:
    return Temporal(temporal_program, temporal_address)


def message(id: str, unit: str, officer: str, **body: object) -> str:
    return json.dumps({"id": id, "unit": unit, "officer": officer, "body": body})


async def test_sign_answer_and_be_refused_by_command_alone(
    desk: Desk, temporal: Temporal, intake: Callable[..., Intake], still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(), still)
    signal = ("workflow", "signal", "--workflow-id", workflow_id(matter), "--name", "act", "--input")
    await temporal.run(*signal, message("tax-1", "县税务局", "甲", kind="claim"))
    opinion = message(
        "tax-2", "县税务局", "甲", kind="submit_opinion", conclusion="支持", principal="1200.00"
    )
    await temporal.run(*signal, opinion)
    await temporal.run(*signal, message("tax-3", "县医保局", "某人", kind="claim"))

    update = (
        "workflow",
        "update",
        "execute",
        "--workflow-id",
        workflow_id(matter),
        "--name",
        "act",
        "--input",
    )
    told = await temporal.run(
        *update, message("tax-4", "县税务局", "甲", kind="notify_party", result="责令限期缴纳")
    )
    assert desk.ledger.state(matter).case_no in told

    d = desk.ledger.state(matter)
    assert (d.stage, d.recognised) == ("执行中", 1200)
    kept = [e.fact.code for e in desk.ledger.events(matter) if isinstance(e.fact, Refused)]
    assert kept == ["no_task"]
    details = await temporal.run("workflow", "metadata", "--workflow-id", workflow_id(matter))
    assert d.case_no in details
