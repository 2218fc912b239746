"""The next release of the dispute workflow. A module of its own: the sandbox imports it anew, and nothing else with it."""

from temporalio import workflow

from activities.messages import DisputeResult, DisputeStart
from activities.names import DISPUTE_WORKFLOW
from workflows.dispute import DisputeWorkflow

PATCH = "2026-12-a-changed-order"


@workflow.defn(name=DISPUTE_WORKFLOW)
class Newer(DisputeWorkflow):
    """A command more at the beginning, for those that begin with it."""

    @workflow.init
    def __init__(self, start: DisputeStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: DisputeStart) -> DisputeResult:
        if workflow.patched(PATCH):
            await workflow.sleep(0.01)
        return await super().run(start)
