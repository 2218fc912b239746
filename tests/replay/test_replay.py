"""New code must replay the histories that old code wrote, of every route."""

import gzip
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from activities.messages import DisputeResult, DisputeStart
from activities.names import DISPUTE_WORKFLOW
from tests.support.keys import KEYS
from workflows import WORKFLOWS
from workflows.dispute import DisputeWorkflow
from workflows.plugin import FengqiaoPlugin

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json.gz"))


def history(file: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(f"dispute/{file.stem}", gzip.decompress(file.read_bytes()).decode())


@pytest.mark.parametrize("file", HISTORIES, ids=lambda f: f.name.removesuffix(".json.gz"))
async def test_the_history_of_every_route_replays(file: Path) -> None:
    await Replayer(workflows=WORKFLOWS, plugins=[FengqiaoPlugin(KEYS)]).replay_workflow(history(file))


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
    replayer = Replayer(workflows=[WronglyChanged], plugins=[FengqiaoPlugin(KEYS)])
    with pytest.raises(workflow.NondeterminismError):
        await replayer.replay_workflow(history(HISTORIES[0]))


def test_every_sample_has_a_history() -> None:
    samples = {p.stem for p in (Path(__file__).parents[2] / "samples").glob("[0-9]*.yaml")}
    assert samples
    assert samples <= {f.name.removesuffix(".json.gz") for f in HISTORIES}
