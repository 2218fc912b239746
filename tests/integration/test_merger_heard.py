"""A merger whose parent's run ends with the news in its hands is told again, not lost."""

import asyncio
import uuid
from collections.abc import Callable

import pytest
from temporalio import workflow
from temporalio.client import WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import Worker

from activities.messages import AbsorbInto
from activities.names import workflow_id
from activities.relay import RUN_ENDED, RelayActivities
from domain.business_clock import BusinessClock
from domain.intake import Intake

from .conftest import Desk, accepted, act


@workflow.defn(sandboxed=False)
class EndsMeanwhile:
    """A run that ends with an accepted update unanswered."""

    def __init__(self) -> None:
        self.asked = False

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: self.asked)

    @workflow.update(name="absorb_source", unfinished_policy=workflow.HandlerUnfinishedPolicy.ABANDON)
    async def act(self, raw: RawValue) -> None:
        self.asked = True
        await workflow.wait_condition(lambda: False)


async def test_a_parent_s_run_that_ends_is_no_refusal(
    desk: Desk, intake: Callable[..., Intake], still: BusinessClock
) -> None:
    parent = intake()
    matter = await accepted(desk, parent, still)
    await desk.client.get_workflow_handle(workflow_id(matter)).terminate("another takes its place")
    news = act(
        "system",
        "系统",
        "absorb_source",
        child_id="child",
        source_no="C-1",
        channel="来访",
        received_at=parent.received_at,
    )
    queue = f"test-{uuid.uuid4()}"
    relay = RelayActivities(desk.client, desk.ledger)
    async with Worker(desk.client, task_queue=queue, workflows=[EndsMeanwhile]), asyncio.timeout(60):
        await desk.client.start_workflow(EndsMeanwhile.run, id=workflow_id(matter), task_queue=queue)
        with pytest.raises(WorkflowUpdateFailedError) as failed:
            await ActivityEnvironment().run(
                relay.absorb, AbsorbInto(parent_source=parent.source_no, act=news)
            )
    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.type == RUN_ENDED
