"""New code must replay the histories that old code wrote, of every route and of every shape that production has."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from activities.messages import DisputeResult, DisputeStart
from activities.names import DISPUTE_WORKFLOW
from tests.replay.shapes import SHAPES
from tests.support.keys import KEYS
from workflows import WORKFLOWS
from workflows.dispute import DisputeWorkflow
from workflows.plugin import FengqiaoPlugin

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json.gz"))


def history(file: Path) -> WorkflowHistory:
    """A recorded history, under the id of its own workflow, to which its payloads are bound."""
    recorded = json.loads(gzip.decompress(file.read_bytes()))
    return WorkflowHistory.from_json(recorded.pop("workflowId"), recorded)


def replayer(*workflows: type) -> Replayer:
    return Replayer(workflows=workflows or WORKFLOWS, plugins=[FengqiaoPlugin(KEYS)])


@pytest.mark.parametrize("file", HISTORIES, ids=lambda f: f.name.removesuffix(".json.gz"))
async def test_every_history_replays(file: Path) -> None:
    await replayer().replay_workflow(history(file))


@workflow.defn(name=DISPUTE_WORKFLOW)
class WronglyChanged(DisputeWorkflow):
    """A careless change: a pause before everything else, without ``patched``."""

    @workflow.init
    def __init__(self, start: DisputeStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: DisputeStart) -> DisputeResult:
        await workflow.sleep(1)
        return await super().run(start)


async def test_a_wrong_change_is_caught() -> None:
    with pytest.raises(workflow.NondeterminismError):
        await replayer(WronglyChanged).replay_workflow(history(HISTORIES[0]))


def test_every_sample_and_every_shape_has_a_history() -> None:
    samples = {p.stem for p in (Path(__file__).parents[2] / "samples").glob("[0-9]*.yaml")}
    assert samples
    shapes = {name for shape in SHAPES for name in shape.names}
    assert {f.name.removesuffix(".json.gz") for f in HISTORIES} == samples | shapes


def test_the_histories_have_the_shape_of_production() -> None:
    """What a replay never meets it cannot guard."""
    counted: Counter[str] = Counter()
    names: set[str] = set()
    for file in HISTORIES:
        for event in history(file).events:
            kind = event.WhichOneof("attributes")
            assert kind
            counted[kind.removesuffix("_event_attributes")] += 1
            names.add(event.activity_task_scheduled_event_attributes.activity_type.name)
            names.add(event.workflow_execution_signaled_event_attributes.signal_name)
    assert counted["timer_fired"] > 30
    assert counted["timer_canceled"] > 10
    assert counted["workflow_execution_continued_as_new"] == 2
    assert counted["workflow_execution_cancel_requested"] == 1
    assert names >= {
        "open_consultation",
        "review",
        "sign_for",
        "give_opinion",
        "no_such_signal",
        "absorb",
        "start_lead",
    }
