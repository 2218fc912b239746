"""A department answers with nothing but the ``temporal`` command (docs/signals.md)."""

import asyncio
import json
import os
import re
import socket
import sys
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from activities.names import workflow_id
from domain.actions import VERBS
from domain.business_clock import BusinessClock
from domain.events import Acted, Declined
from domain.intake import Intake
from hosting.codec_server.app import build_app
from hosting.codec_server.token import Token
from hosting.web import serving
from ledger.key_checks import check_keys
from privacy.keys import Purpose
from tests.support.forms import PLAIN
from tests.support.keys import ENVIRONMENT, KEYS
from tests.support.signing import found
from workflows.codec import ENCODING

from .conftest import Desk, accepted, act

MEDIUM = {"level": "中", "path": "会商", "level_reason": "多部门职责", "lead": "县人社局", "co": ["县税务局"]}
GUIDE = Path(__file__).parents[2] / "docs" / "signals.md"


class Ran(NamedTuple):
    """What a command came to."""

    returncode: int | None
    output: str


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

    async def shell(self, command: str, folder: Path, office: dict[str, str]) -> Ran:
        """A command of the guide as it is typed, in a shell that knows both programs."""
        program, *where = self._words
        typed = (
            f'temporal() {{ "{program}" "$@" {" ".join(where)}; }}\n'
            f"fengqiao() {{ {sys.executable} -c 'import cli; cli.main()' \"$@\"; }}\n{command}\n"
        )
        process = await asyncio.create_subprocess_exec(
            "/bin/bash",
            "-ec",
            typed,
            cwd=folder,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(GUIDE.parents[1]),
                "HOME": str(folder),
                **office,
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        return Ran(process.returncode, said.decode())


@pytest.fixture
async def temporal(temporal_program: Path, temporal_address: str) -> AsyncGenerator[Temporal]:
    token = "a-department-s-token-0123456789abcdef"
    app = build_app(KEYS.ring(Purpose.PAYLOAD), Token(token, "test"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with serving(app, listener):
            codec = f"http://127.0.0.1:{listener.getsockname()[1]}"
            yield Temporal(temporal_program, temporal_address, codec, token)


def message(id: str, unit: str, officer: str, **body: object) -> str:
    whole = {"id": id, "unit": unit, "officer": officer, "body": body}
    return json.dumps(whole, ensure_ascii=False, default=str)


async def test_sign_answer_and_be_declined_by_command_alone(
    demonstration: Desk, temporal: Temporal, intake: Callable[..., Intake], still: BusinessClock
) -> None:
    matter = await accepted(demonstration, intake(), still)
    signal = ("workflow", "signal", "--workflow-id", workflow_id(matter), "--name")
    await temporal.run(*signal, "sign_for", "--input", message("tax-1", "县税务局", "甲"))
    disposition = message("tax-2", "县税务局", "甲", **PLAIN["issue_disposition"])
    await temporal.run(*signal, "issue_disposition", "--input", disposition)
    await temporal.run(*signal, "sign_for", "--input", message("tax-3", "县医保局", "某人"))

    told = await temporal.run(
        "workflow", "update", "execute", "--workflow-id", workflow_id(matter), "--name", "notify_result",
        "--input", message("tax-4", "县税务局", "甲", **PLAIN["notify_result"]),
    )  # fmt: skip
    assert demonstration.ledger.state(matter).case_no in told

    d = demonstration.ledger.state(matter)
    assert (d.stage, d.recognised) == ("执行中", 1200)
    kept = [e.fact.code for e in demonstration.ledger.events(matter) if isinstance(e.fact, Declined)]
    assert kept == ["no_task"]
    details = await temporal.run("workflow", "metadata", "--workflow-id", workflow_id(matter))
    assert d.case_no in details
    for kind, said in VERBS.items():
        assert kind in details
        assert said in details


async def test_the_messages_of_the_guide_are_taken(
    demonstration: Desk, temporal: Temporal, intake: Callable[..., Intake], still: BusinessClock
) -> None:
    matter = (await demonstration.office.register(intake(), clock=still)).dispute_id
    await demonstration.office.act(matter, act("县综治中心", "初审员", "accept_case", **MEDIUM))
    shown = re.findall(
        r"--name (\w+) \\\n\s+--input '(\{.*?\})'", GUIDE.read_text(encoding="utf-8"), re.DOTALL
    )
    for kind, given in shown:
        sent = ("--workflow-id", workflow_id(matter), "--name", kind, "--input", given)
        await temporal.run("workflow", "signal", *sent)
        said = await temporal.run("workflow", "update", "execute", *sent)
        assert demonstration.ledger.state(matter).case_no in said, "sent again, it is answered as taken"
    facts = [e.fact for e in demonstration.ledger.events(matter)]
    assert [f.body.kind for f in facts if isinstance(f, Acted)] == ["accept_case", "sign_for", "give_opinion"]
    assert not any(isinstance(f, Declined) for f in facts)


async def test_the_signed_commands_of_the_guide_are_taken(
    desk: Desk, temporal: Temporal, intake: Callable[..., Intake], still: BusinessClock, tmp_path: Path,
    postgres_url: str,
) -> None:  # fmt: skip
    found(desk.ledger)
    check_keys(desk.ledger)
    matter = (await desk.office.register(intake(), clock=still)).dispute_id
    await desk.office.act(matter, act("县综治中心", "初审员", "accept_case", **MEDIUM))
    shown = re.findall(r"^ {4}(?:fengqiao signing|temporal).*(?:\n {6,}.*)*", GUIDE.read_text("utf-8"), re.M)
    signing = [command for command in shown if "signing new" in command or "signing register" in command]
    sending = [command for command in shown if "signing sign " in command]
    assert (len(signing), len(sending)) == (2, 2)
    office = {"FENGQIAO_DATABASE_URL": postgres_url, **ENVIRONMENT}
    for command in [*signing, *sending]:
        said = await temporal.shell(command.replace("dispute/<id>", workflow_id(matter)), tmp_path, office)
        assert said.returncode == 0, said.output
        office = office if command in signing[:1] else {}  # whoever signs reaches no office
    await desk.office.act(matter, act("申请人", "测试甲", "receive_material", materials=[{"name": "一"}]))
    facts = [e.fact for e in desk.ledger.events(matter)]
    assert not any(isinstance(f, Declined) for f in facts)
    taken = [f for f in facts if isinstance(f, Acted)][1:-1]
    assert [f.body.kind for f in taken] == ["sign_for", "give_opinion"]
    assert all(f.outside and f.outside.is_verified for f in taken)


async def test_what_the_command_sends_is_sealed_and_what_it_hears_is_plain(
    demonstration: Desk, temporal: Temporal, intake: Callable[..., Intake], still: BusinessClock
) -> None:
    matter = await accepted(demonstration, intake(), still)
    target = ("--workflow-id", workflow_id(matter))
    sign = message("tax-1", "县税务局", "经办丙", kind="sign_for")
    await temporal.run("workflow", "signal", *target, "--name", "sign_for", "--input", sign)
    declined = await temporal.run(
        "workflow", "update", "execute", *target, "--name", "sign_for",
        "--input", message("med-1", "县医保局", "经办丁", kind="sign_for"),
    )  # fmt: skip
    assert "no_task" in declined
    assert any("一" <= letter <= "鿿" for letter in declined), "the reason is in Chinese, not sealed"

    opened = await temporal.run("workflow", "show", *target, "--detailed")
    assert "经办丙" in opened
    assert "经办丁" in opened
    kept = await demonstration.client.get_workflow_handle(workflow_id(matter)).fetch_history()
    signals = [e.workflow_execution_signaled_event_attributes for e in kept.events]
    sealed = [s.input.payloads[0].metadata["encoding"] for s in signals if s.signal_name == "sign_for"]
    assert sealed == [ENCODING]
    stored = b"".join(event.SerializeToString() for event in kept.events)
    assert not any(plain.encode() in stored for plain in ("经办", "测试甲", "19900000001"))


async def test_a_signal_sent_bare_is_taken_all_the_same(
    demonstration: Desk, temporal: Temporal, intake: Callable[..., Intake], still: BusinessClock
) -> None:
    matter = await accepted(demonstration, intake(), still)
    target = ("--workflow-id", workflow_id(matter))
    bare = ("workflow", "signal", *target, "--name", "sign_for", "--input")
    await temporal.run(*bare, message("tax-1", "县税务局", "甲", kind="sign_for"), sealed=False)
    update = ("workflow", "update", "execute", *target, "--name")
    wrong = message("med-1", "县医保局", "丁")
    assert "no_task" in await temporal.run(*update, "sign_for", "--input", wrong, sealed=False)
    disposition = message("tax-2", "县税务局", "甲", **PLAIN["issue_disposition"])
    await temporal.run(*update, "issue_disposition", "--input", disposition, sealed=False)
    assert demonstration.ledger.state(matter).recognised == 1200
