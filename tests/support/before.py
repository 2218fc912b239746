"""The dispute's workflow as it was before notices went apart: for rolling a release out and back."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from collections import deque

    from activities.messages import DisputeResult, DisputeStart
    from activities.names import DISPUTE_WORKFLOW

from workflows.desk import Desk
from workflows.dispute import DisputeWorkflow
from workflows.effects import Effect


class DeskBefore(Desk):
    """All effects in one lane, and no patch."""

    def _lane(self, effect: Effect) -> deque[Effect]:
        return self.effects


@workflow.defn(name=DISPUTE_WORKFLOW)
class Before(DisputeWorkflow):
    """The release before."""

    @workflow.init
    def __init__(self, start: DisputeStart) -> None:
        self.desk = DeskBefore(start)

    @workflow.run
    async def run(self, start: DisputeStart) -> DisputeResult:
        return await super().run(start)
