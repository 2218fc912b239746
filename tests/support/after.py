"""The dispute's workflow as a later release may have it: for rolling a release out and back."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.messages import DisputeResult, DisputeStart
    from activities.names import DISPUTE_WORKFLOW

from workflows.desk import Desk
from workflows.dispute import DisputeWorkflow
from workflows.effects import Effect

PATCH = "2027-01-effects-in-another-order"


class DeskAfter(Desk):
    """What an event asks of the world is carried out in another order, for disputes that meet it first now."""

    def _bring_about(self, effects: list[Effect]) -> None:
        turned = bool(effects) and workflow.patched(PATCH)
        super()._bring_about(effects[::-1] if turned else effects)


@workflow.defn(name=DISPUTE_WORKFLOW)
class After(DisputeWorkflow):
    """The next release."""

    @workflow.init
    def __init__(self, start: DisputeStart) -> None:
        super().__init__(start)
        self.desk = DeskAfter(start)

    @workflow.run
    async def run(self, start: DisputeStart) -> DisputeResult:
        return await super().run(start)
