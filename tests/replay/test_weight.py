"""The steps carry weight: without any one of them, or without its timers or its opening, recorded histories do not replay."""

from collections.abc import Callable

import pytest
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

import workflows.steps as steps
from domain import flow
from domain.words import Step
from tests.replay.test_replay import HISTORIES, history
from tests.support.keys import KEYS
from workflows import WORKFLOWS
from workflows.desk import Desk
from workflows.plugin import FengqiaoPlugin
from workflows.steps import route

REAL = [file for file in HISTORIES if file.name.startswith(("real_", "goes_on_small_1"))]


async def failures() -> int:
    """Of how many histories on real time the replay fails."""
    # The sandbox would load the modules anew, without what the test changed in them.
    replayer = Replayer(
        workflows=WORKFLOWS, plugins=[FengqiaoPlugin(KEYS)], workflow_runner=UnsandboxedWorkflowRunner()
    )
    failed = 0
    for file in REAL:
        result = await replayer.replay_workflow(history(file), raise_on_replay_failure=False)
        failed += result.replay_failure is not None
    return failed


async def test_with_all_of_them_every_history_replays() -> None:
    assert await failures() == 0


async def nothing(desk: Desk) -> None:
    """Emptied."""


def only_waits(name: str) -> Callable[[Desk], object]:
    """A part of the chart that waits for its end and does nothing else."""

    async def wait(desk: Desk) -> None:
        mine = PHASES[name]
        await desk.until(lambda d: flow.phase(d) != mine)

    return wait


PHASES = {
    "check_lead": flow.Phase.CHECK_LEAD,
    "review": flow.Phase.REVIEW,
    "follow_route": flow.Phase.ROUTE,
    "inform": flow.Phase.INFORM,
    "execute": flow.Phase.EXECUTE,
    "call_back": flow.Phase.CALL_BACK,
    "close": flow.Phase.CLOSE,
}


@pytest.mark.parametrize("name", steps.__all__)
async def test_a_part_of_the_chart_that_does_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, name, nothing)
    assert await failures() > 0


@pytest.mark.parametrize("name", steps.__all__)
async def test_a_part_of_the_chart_that_only_waits(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, name, only_waits(name))
    assert await failures() > 0


STEPS = [
    Step.CONSULT,
    Step.JOINT_MEETING,
    Step.CITY,
    Step.MEDIATE,
    Step.INVESTIGATE,
    Step.GUIDE,
    Step.DISPOSE,
]


@pytest.mark.parametrize("step", STEPS)
async def test_a_step_of_the_route_that_does_nothing(step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(route, "STEPS", {**route.STEPS, step: nothing})
    assert await failures() > 0


@pytest.mark.parametrize("step", [step for step in STEPS if step != Step.DISPOSE])
async def test_a_step_of_the_route_that_only_waits(step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    async def wait(desk: Desk) -> None:
        await desk.until(lambda d: flow.current_step(d) != step)

    monkeypatch.setattr(route, "STEPS", {**route.STEPS, step: wait})
    assert await failures() > 0
