"""What one webhook is told of one matter: message after message, each retried until it arrives or is given up."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.names import WEBHOOK_WORKFLOW
    from activities.webhooks import Turn, WebhookActivities
    from domain.webhooks import Lane

from workflows.lanes import Waking, until_given_up


@workflow.defn(name=WEBHOOK_WORKFLOW)
class WebhookDelivery(Waking):
    """One lane."""

    @workflow.run
    async def run(self, lane: Lane) -> None:
        """Send what waits, in order."""
        await self.in_turn(lane, WebhookActivities.next_message, _send)


async def _send(turn: Turn, lane: Lane) -> None:
    await until_given_up(WebhookActivities.deliver, WebhookActivities.give_up, turn, lane.patience)
