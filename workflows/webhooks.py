"""What one webhook is told of one matter: message after message, each retried until it arrives or is given up.

A workflow of its own, so that no receiver holds up the matter or adds to its history. It is begun by whoever finds
messages that wait (:mod:`activities.handing`), and ends when none is left.
"""

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.names import WAKE, WEBHOOK_WORKFLOW
    from activities.webhooks import Turn, WebhookActivities
    from domain.webhooks import Lane

from workflows import timing


@workflow.defn(name=WEBHOOK_WORKFLOW)
class WebhookDelivery:
    """One lane."""

    def __init__(self) -> None:
        self._woken = False

    @workflow.signal(name=WAKE)
    def wake(self) -> None:
        """There is more to send. It cannot be missed: the server lets no workflow end over a signal it has not seen."""
        self._woken = True

    @workflow.run
    async def run(self, lane: Lane) -> None:
        """Send what waits, in order."""
        done = 0
        while (turn := await _next(lane)) or self._woken:
            self._woken = False
            if turn is None:
                continue
            await _send(turn, lane)
            done += 1
            if done >= timing.DELIVERIES_IN_ONE_RUN:
                workflow.continue_as_new(lane)


async def _next(lane: Lane) -> Turn | None:
    return await workflow.execute_activity_method(
        WebhookActivities.next_message,
        lane,
        start_to_close_timeout=timing.COMMIT_REMOTELY,
        retry_policy=timing.UNTIL_THE_LEDGER_IS_BACK,
    )


async def _send(turn: Turn, lane: Lane) -> None:
    patience = lane.patience
    try:
        await workflow.execute_activity_method(
            WebhookActivities.deliver,
            turn,
            start_to_close_timeout=timing.CALL,
            schedule_to_close_timeout=timing.BEYOND_PATIENCE * patience.total,
            retry_policy=RetryPolicy(
                initial_interval=patience.first,
                backoff_coefficient=timing.CALL_BACKS_OFF,
                maximum_interval=patience.at_most,
            ),
        )
    except ActivityError as error:
        workflow.logger.warning("message given up: %s", error.cause.__class__.__name__)
        await workflow.execute_activity_method(
            WebhookActivities.give_up,
            turn,
            start_to_close_timeout=timing.COMMIT_REMOTELY,
            retry_policy=timing.UNTIL_THE_LEDGER_IS_BACK,
        )
