"""Between a step's end and the next one's beginning: whatever dies there, the step is opened once and nobody comes between."""

import asyncio
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

from activities.messages import Receipt
from activities.names import workflow_id
from domain.business_clock import BusinessClock
from domain.events import StepOpened
from domain.intake import Intake
from domain.policy import Policy
from domain.words import Stage, Step
from ledger.store import Committed, Ledger, LedgerUnavailable
from starter.office import Office
from tests.support.doomed_worker import DOOM, DOOM_BEFORE, OPENINGS, doomed
from tests.support.keys import KEYS
from worker import running_workers
from workflows import timing

from .conftest import Desk, act

Make = Callable[..., Intake]
MEDIUM: dict[str, Any] = {
    "level": "中",
    "level_reason": "须会商",
    "path": "会商",
    "lead": "县税务局",
    "co": ["县人社局", "县医保局"],
}


def consulted(id: str | None = None) -> Any:
    return act("县综治中心", "初审员", "accept_case", id=id, **MEDIUM)


def opinion(unit: str) -> Any:
    return act(unit, "甲", "give_opinion")


def opened(ledger: Ledger, matter: str) -> list[Step]:
    return [e.fact.step for e in ledger.events(matter) if isinstance(e.fact, StepOpened)]


async def test_the_officer_hears_of_the_next_step(desk: Desk, intake: Make, still: BusinessClock) -> None:
    matter = (await desk.office.register(intake(), clock=still)).dispute_id
    receipt = await desk.office.act(matter, consulted())
    assert (receipt.stage, receipt.version) == (Stage.CONSULT, desk.ledger.state(matter).version)
    assert opened(desk.ledger, matter) == [Step.CONSULT]


@pytest.mark.parametrize(
    ("first", "openings"),
    [(f"{DOOM}a", ""), ("a", DOOM_BEFORE), ("a", DOOM)],
    ids=["after the action's commit", "before the opening's", "after the opening's"],
)
async def test_the_worker_dies_in_between(
    temporal_client: Client,
    temporal_address: str,
    postgres_url: str,
    policy: Policy,
    intake: Make,
    still: BusinessClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    first: str,
    openings: str,
) -> None:
    monkeypatch.setenv(OPENINGS, openings)
    monkeypatch.setenv("DOOM_NOTES", str(tmp_path))
    ledger = Ledger.connect(postgres_url, KEYS)
    queue = f"test-{uuid.uuid4()}"
    office = Office(temporal_client, ledger, task_queue=queue)
    worker = await doomed(temporal_address, postgres_url, queue)
    matter = (await office.register(intake(), clock=still)).dispute_id
    triage = asyncio.create_task(office.act(matter, consulted(id=f"{first}-{uuid.uuid4()}")))
    assert await worker.wait() == -9
    assert ledger.state(matter).has_owner()
    other = asyncio.create_task(office.act(matter, act("县税务局", "甲", "sign_for")))
    async with running_workers(temporal_client, ledger, policy, task_queue=queue):
        receipts = await asyncio.gather(triage, other)
        assert [r.stage for r in receipts] == [Stage.CONSULT, Stage.CONSULT]
    assert opened(ledger, matter) == [Step.CONSULT]
    kinds = [e.fact.type for e in ledger.events(matter)]
    assert kinds.index("step_opened") < len(kinds) - 1 - kinds[::-1].index("acted"), "nobody came between"


class Away(Ledger):
    """The real ledger, out of reach for openings alone."""

    out = False
    refusals = 0

    def commit(self, dispute_id: str, action_id: str, known_version: int, decide: Any) -> Committed:
        if self.out and action_id.startswith("open-"):
            self.refusals += 1
            raise LedgerUnavailable("away")
        return super().commit(dispute_id, action_id, known_version, decide)


async def test_the_ledger_away_for_the_opening_makes_everybody_wait(
    temporal_client: Client, postgres_url: str, policy: Policy, intake: Make, still: BusinessClock
) -> None:
    ledger = Away.connect(postgres_url, KEYS)
    assert isinstance(ledger, Away)
    queue = f"test-{uuid.uuid4()}"
    office = Office(temporal_client, ledger, task_queue=queue)
    async with running_workers(temporal_client, ledger, policy, task_queue=queue):
        matter = (await office.register(intake(), clock=still)).dispute_id
        ledger.out = True
        waiting: list[asyncio.Task[Receipt]] = []
        for action, refusals in ((consulted(), 1), (act("县税务局", "甲", "sign_for"), 4)):
            waiting.append(asyncio.create_task(office.act(matter, action)))
            async with asyncio.timeout(60):
                while ledger.refusals < refusals:
                    await asyncio.sleep(0.1)
        assert not any(task.done() for task in waiting)
        state = ledger.state(matter)
        assert (state.has_owner(), state.stage) == (True, Stage.TRIAGED)
        ledger.out = False
        assert [r.stage for r in await asyncio.gather(*waiting)] == [Stage.CONSULT, Stage.CONSULT]
    assert opened(ledger, matter) == [Step.CONSULT]


async def test_a_new_run_in_the_middle_of_a_consultation(
    temporal_client: Client,
    postgres_url: str,
    policy: Policy,
    intake: Make,
    still: BusinessClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The run ends while the last opinion comes in; the next one finds its step, or the one after it."""
    monkeypatch.setattr(timing, "SIGNALS_IN_ONE_RUN", 2)
    ledger = Ledger.connect(postgres_url, KEYS)
    queue = f"test-{uuid.uuid4()}"
    office = Office(temporal_client, ledger, task_queue=queue)
    async with running_workers(temporal_client, ledger, policy, task_queue=queue):
        matter = (await office.register(intake(), clock=still)).dispute_id
        handle = temporal_client.get_workflow_handle(workflow_id(matter))
        first = (await handle.describe()).run_id
        await office.act(matter, consulted())
        await asyncio.gather(*(office.signal(matter, opinion(unit)) for unit in ("县人社局", "县医保局")))
        async with asyncio.timeout(60):
            while (await handle.describe()).run_id == first:
                await asyncio.sleep(0.05)
        decided = act("县税务局", "甲", "issue_disposition")
        receipt = await office.act(matter, decided)
        assert (receipt.stage, receipt.version) == (Stage.DISPOSED, ledger.state(matter).version)
    assert opened(ledger, matter) == [Step.CONSULT]


RAISED = act("县综治中心", "初审员", "change_level", to="高", reason_code="舆情变化")


async def test_a_lost_workflow_finds_its_step_again(desk: Desk, intake: Make, still: BusinessClock) -> None:
    """Terminated in the consultation and in the joint meeting: restarted from the ledger, it goes on where it was."""
    matter = (await desk.office.register(intake(), clock=still)).dispute_id
    for action, step in ((consulted(), Step.CONSULT), (RAISED, Step.JOINT_MEETING)):
        await desk.office.act(matter, action)
        await desk.client.get_workflow_handle(workflow_id(matter)).terminate("lost")
        await desk.office.act(matter, act("县综治中心", "初审员", "receive_material"))
        assert opened(desk.ledger, matter)[-1] == step
    assert opened(desk.ledger, matter) == [Step.CONSULT, Step.JOINT_MEETING]


async def test_what_was_left_undone_comes_first(desk: Desk, intake: Make, still: BusinessClock) -> None:
    """Temporal was lost between the two commits: the restart opens the step before anybody acts."""
    matter = (await desk.office.register(intake(), clock=still)).dispute_id
    handle = desk.client.get_workflow_handle(workflow_id(matter))
    await handle.terminate("lost")
    triaged(desk, matter)
    assert opened(desk.ledger, matter) == []
    receipt = await desk.office.restart(matter, clock=still)
    assert (receipt.stage, opened(desk.ledger, matter)) == (Stage.CONSULT, [Step.CONSULT])


def triaged(desk: Desk, matter: str) -> None:
    """The action's commit alone, as the activity makes it."""
    from activities.ledger import LedgerActivities
    from activities.messages import CommitRequest, Take

    action = consulted()
    version = desk.ledger.state(matter).version
    request = CommitRequest(
        dispute_id=matter,
        action_id=action.id,
        known_version=version,
        now=desk.ledger.events(matter)[-1].at,
        command=Take(act=action),
    )
    assert LedgerActivities(desk.ledger, desk.policy).answer(request).declined is None
