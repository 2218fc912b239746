"""The drill of backup and restore, by the very scripts that operators use, on real servers with disputes open."""

import asyncio
import os
import subprocess
import uuid
from collections.abc import AsyncIterator, Callable
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import make_url
from temporalio.client import Client

from activities.names import dispute_id, workflow_id
from domain.actions import Act
from domain.business_clock import BusinessClock
from domain.events import Event
from domain.intake import Intake
from domain.policy import Policy
from hosting.embedded.postgres import PACKAGE, PROGRAMS, ROLE, Postgres
from ledger import materials
from ledger.store import Ledger
from ledger.verify import verify
from starter.office import Declined, Office
from starter.scenario.player import Player
from starter.scenario.script import read
from tests.integration.conftest import act
from tests.ledger.test_materials import CONTENT, a_file, parts
from tests.support.keys import KEYS
from worker import running_workers

from .conftest import ROOT, empty_temporal

Make = Callable[..., Intake]
OPEN = 6
"""Disputes open while the backup runs, at three different points of their lives."""


class Drill(NamedTuple):
    """What is left after the loss: the restored ledger, and what had been promised before.

    ``client``: of the Temporal that was there before the loss.
    """

    client: Client
    ledger: Ledger
    queue: str
    matters: list[str]
    archived: str
    promised: dict[str, list[Event]]
    later: str


class Tools:
    """The operators' scripts, on this server."""

    def __init__(self, server: Postgres, folder: Path) -> None:
        programs = Path(str(distribution(PACKAGE).locate_file(PROGRAMS))) / "bin"
        self._env = {
            "PATH": f"{programs}:{os.defpath}",
            "PGHOST": str(server.socket),
            "PGUSER": ROLE,
            "SECRETS": "/nonexistent",
            "BACKUPS": str(folder),
        }

    async def run(self, script: str, *words: str, **env: str) -> str:
        def go() -> str:
            argv = [ROOT / "docker" / script, *words]
            done = subprocess.run(argv, env={**self._env, **env}, check=False, capture_output=True, text=True)
            if done.returncode:
                raise ScriptFailed(done.stderr)
            return done.stdout.strip()

        return await asyncio.to_thread(go)


class ScriptFailed(Exception):
    """A script ended with an error; the message is what it said."""


@pytest.fixture
def tools(postgres_server: Postgres, tmp_path: Path) -> Tools:
    return Tools(postgres_server, tmp_path)


async def populate(
    office: Office, ledger: Ledger, policy: Policy, make: Make, clock: BusinessClock
) -> list[str]:
    """Disputes just registered, accepted, and signed for, each with a file."""
    matters = [(await office.register(make(), clock=clock)).dispute_id for _ in range(OPEN)]
    for number, matter in enumerate(matters):
        giver = materials.From("县综治中心", "初审员")
        materials.keep(ledger, matter, a_file(CONTENT), parts(CONTENT), policy, giver)
        if number % 3:
            await office.act(matter, act("县综治中心", "初审员", "accept_case"))
        if number % 3 == 2:
            await office.act(matter, act("县税务局", "甲", "sign_for"))
    return matters


@pytest.fixture
async def drill(
    temporal_address: str, postgres_server: Postgres, policy: Policy, tools: Tools,
    intake: Make, still: BusinessClock,
) -> AsyncIterator[Drill]:  # fmt: skip
    client = await empty_temporal(temporal_address)
    names = [f"test_{uuid.uuid4().hex}" for _ in range(2)]
    lost = Ledger.connect(await postgres_server.ensure(names[0]), KEYS)
    lost.migrate()
    queue = f"test-{uuid.uuid4()}"
    office = Office(client, lost, task_queue=queue)
    async with running_workers(client, lost, policy, task_queue=queue):
        matters = await populate(office, lost, policy, intake, still)
        story = read(next((ROOT / "samples").glob("01_*.yaml")), policy.calendar)
        assert not (await Player(office, lost, pace=86_400 * 200).play(story)).differences
        archived = dispute_id(story.intake.channel, story.intake.source_no)
        promised = {m: lost.events(m) for m in (*matters, archived)}

        dumping = asyncio.create_task(tools.run("backup.sh", DATABASES=names[0]))
        busy = 0
        while not dumping.done():  # officers go on working meanwhile
            await office.act(matters[busy % OPEN], material(f"其间{busy}"))
            busy += 1
        folder = await dumping
        assert busy
        later = matters[2]
        await office.act(later, material("其后"))
    lost.close()
    await postgres_server.drop(names[0])

    restored = await postgres_server.ensure(names[1])
    await tools.run("restore.sh", folder, names[0], TARGET=names[1])
    yield Drill(client, Ledger.connect(restored, KEYS), queue, matters, archived, promised, later)
    await postgres_server.drop(names[1])


def material(item: str) -> Act:
    return act("申请人", "测试甲", "receive_material", materials=[{"name": item}])


async def test_when_only_the_ledger_survives_every_open_dispute_goes_on(
    drill: Drill, temporal_address: str, policy: Policy
) -> None:
    assert verify(drill.ledger) == []
    for matter, events in drill.promised.items():
        assert drill.ledger.events(matter)[: len(events)] == events
    for matter in drill.matters:
        (file,) = drill.ledger.state(matter).files
        assert b"".join(materials.content(drill.ledger, matter, file)) == CONTENT

    client = await empty_temporal(temporal_address)
    office = Office(client, drill.ledger, task_queue=drill.queue)
    async with running_workers(client, drill.ledger, policy, task_queue=drill.queue):
        for matter in drill.matters:
            known = drill.ledger.state(matter).version
            receipt = await office.act(matter, material("恢复后"))
            assert receipt.version > known
            state = drill.ledger.state(matter)
            assert state.version == receipt.version
            assert state.open_tasks()
            handle = client.get_workflow_handle(workflow_id(matter))
            assert (await handle.describe()).search_attributes["CaseNo"] == [state.case_no]
        with pytest.raises(Declined, match="归档"):
            await office.act(drill.archived, material("恢复后"))
    assert verify(drill.ledger) == []


async def test_a_workflow_that_knows_more_than_the_restored_ledger_says_so_and_is_started_anew(
    drill: Drill, policy: Policy
) -> None:
    office = Office(drill.client, drill.ledger, task_queue=drill.queue)
    async with running_workers(drill.client, drill.ledger, policy, task_queue=drill.queue):
        with pytest.raises(Declined) as refusal:
            await office.act(drill.later, material("恢复后"))
        assert refusal.value.code == "internal"
        for matter in drill.matters:
            await drill.client.get_workflow_handle(workflow_id(matter)).terminate("ledger restored")
            receipt = await office.act(matter, material("恢复后"))
            assert receipt.version == drill.ledger.state(matter).version
    assert verify(drill.ledger) == []


async def test_restoring_refuses_what_would_do_harm(
    tools: Tools, postgres_server: Postgres, postgres_url: str
) -> None:
    name = str(make_url(postgres_url).database)
    folder = Path(await tools.run("backup.sh", DATABASES=name))
    assert (folder / f"{name}.dump").stat().st_mode & 0o077 == 0
    with pytest.raises(ScriptFailed, match="is not empty"):
        await tools.run("restore.sh", str(folder), name)
    with (folder / f"{name}.dump").open("ab") as dump:
        dump.write(b"x")
    empty = f"test_{uuid.uuid4().hex}"
    await postgres_server.ensure(empty)
    with pytest.raises(ScriptFailed, match="did NOT match"):
        await tools.run("restore.sh", str(folder), name, TARGET=empty)
    await postgres_server.drop(empty)
