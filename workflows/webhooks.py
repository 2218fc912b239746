"""What one webhook is told of one matter: message after message, each retried until it arrives or is given up."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.names import WEBHOOK_WORKFLOW
    from activities.webhooks import Turn, WebhookActivities
    from domain.webhooks import Lane

from workflows import timing
from workflows.lanes import Waking, retrying


@workflow.defn(name=WEBHOOK_WORKFLOW)
class WebhookDelivery(Waking):
    """One lane."""

    @workflow.run
    async def run(self, lane: Lane) -> None:
        """Send what waits, in order."""
        await self.in_turn(lane, _next, _send)


async def _next(lane: Lane) -> Turn | None:
    return await workflow.execute_activity_method(
        WebhookActivities.next_message,
        lane,
        start_to_close_timeout=timing.COMMIT_REMOTELY,
        retry_policy=timing.UNTIL_THE_LEDGER_IS_BACK,
    )


async def _send(turn: Turn, lane: Lane) -> None:
    try:
        await workflow.execute_activity_method(
            WebhookActivities.deliver,
            turn,
            start_to_close_timeout=timing.CALL,
            schedule_to_close_timeout=timing.BEYOND_PATIENCE * lane.patience.total,
            retry_policy=retrying(lane.patience),
        )
    except ActivityError as error:
        workflow.logger.warning("message given up: %s", error.cause.__class__.__name__)
        await workflow.execute_activity_method(
            WebhookActivities.give_up,
            turn,
            start_to_close_timeout=timing.COMMIT_REMOTELY,
            retry_policy=timing.UNTIL_THE_LEDGER_IS_BACK,
        )
