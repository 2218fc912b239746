"""The end of a run waits for what is under way, but not for what has died."""

import asyncio
import uuid
from collections.abc import Callable

import pytest
from temporalio import workflow
from temporalio.client import Client, WorkflowFailureError
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from activities.messages import DisputeStart, Notice
from domain.intake import Intake
from workflows.desk import Desk


@workflow.defn(sandboxed=False)
class Settling:
    """A desk whose lane of effects dies with an effect still in it."""

    @workflow.init
    def __init__(self, start: DisputeStart) -> None:
        self.desk = Desk(start)

    @workflow.run
    async def run(self, start: DisputeStart) -> None:
        self.desk.effects.append(Notice(case_no="1", unit="县税务局", text="催办", key="k"))
        self.desk.in_background(self._die())
        await self.desk.settle()

    async def _die(self) -> None:
        await workflow.sleep(0.01)
        raise ApplicationError("the lane died")


async def test_a_dead_lane_is_an_error_of_the_run(
    temporal_client: Client, intake: Callable[..., Intake]
) -> None:
    queue = f"test-{uuid.uuid4()}"
    start = DisputeStart(dispute_id="settling", intake=intake())
    async with Worker(temporal_client, task_queue=queue, workflows=[Settling]), asyncio.timeout(60):
        with pytest.raises(WorkflowFailureError) as failed:
            await temporal_client.execute_workflow(Settling.run, start, id=queue, task_queue=queue)
    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.message == "the lane died"
