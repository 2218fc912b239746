"""What one officer hears by one channel, or one notice of a party's: sent, given up, and a person asked."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.names import NOTICE_WORKFLOW, channel_queue
    from activities.noticing import NoticeLane, Notices, NoticeSending

from workflows import timing
from workflows.lanes import Waking, retrying


@workflow.defn(name=NOTICE_WORKFLOW)
class NoticeDelivery(Waking):
    """One lane."""

    @workflow.run
    async def run(self, lane: NoticeLane) -> None:
        """Send what waits, in order."""
        await self.in_turn(lane, _next, _take)


async def _next(lane: NoticeLane) -> Notices | None:
    return await workflow.execute_activity_method(
        NoticeSending.next_notices,
        lane,
        start_to_close_timeout=timing.COMMIT_REMOTELY,
        retry_policy=timing.UNTIL_THE_LEDGER_IS_BACK,
    )


async def _take(turn: Notices, lane: NoticeLane) -> None:
    if turn.doing == "ask":
        await workflow.execute_activity_method(
            NoticeSending.ask_a_person,
            turn,
            start_to_close_timeout=timing.RELAY,
            retry_policy=timing.UNTIL_THE_OTHER_MATTER_HEARS,
        )
        return
    try:
        await workflow.execute_activity_method(
            NoticeSending.send_notices,
            turn,
            task_queue=channel_queue(lane.queue, turn.channel),
            start_to_close_timeout=timing.CALL,
            schedule_to_close_timeout=timing.BEYOND_PATIENCE * lane.patience.total,
            retry_policy=retrying(lane.patience),
        )
    except ActivityError as error:
        workflow.logger.warning("notices given up: %s", error.cause.__class__.__name__)
        await workflow.execute_activity_method(
            NoticeSending.give_up_notices,
            turn,
            start_to_close_timeout=timing.COMMIT_REMOTELY,
            retry_policy=timing.UNTIL_THE_LEDGER_IS_BACK,
        )
