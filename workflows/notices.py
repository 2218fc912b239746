"""What one officer hears by one channel, or one notice of a party's: sent, given up, and a person asked."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.names import NOTICE_WORKFLOW, channel_queue
    from activities.noticing import NoticeLane, Notices, NoticeSending

from workflows import timing
from workflows.lanes import Waking, until_given_up


@workflow.defn(name=NOTICE_WORKFLOW)
class NoticeDelivery(Waking):
    """One lane."""

    @workflow.run
    async def run(self, lane: NoticeLane) -> None:
        """Send what waits, in order."""
        await self.in_turn(lane, NoticeSending.next_notices, _take)


async def _take(turn: Notices, lane: NoticeLane) -> None:
    if turn.doing == "ask":
        await workflow.execute_activity_method(
            NoticeSending.ask_a_person,
            turn,
            start_to_close_timeout=timing.RELAY,
            retry_policy=timing.UNTIL_THE_OTHER_MATTER_HEARS,
        )
        return
    queue = channel_queue(lane.queue, turn.channel)
    await until_given_up(
        NoticeSending.send_notices, NoticeSending.give_up_notices, turn, lane.patience, task_queue=queue
    )
