"""What Temporal itself asks for the same flow: the same commands, empty activities, no codec, no database."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.client import Client, WorkflowHistory
from temporalio.common import SearchAttributeKey

with workflow.unsafe.imports_passed_through():
    from pydantic import BaseModel
    from temporalio.contrib.pydantic import pydantic_data_converter
    from temporalio.converter import default

    from hosting.connect import NAMESPACE
    from workflows.display import SEARCH_ATTRIBUTES

SKELETON, REGISTERED, ACT = "Skeleton", "registered", "act"
LOCAL_ACTIVITY = "core_local_activity"
"""The marker the SDK records of one."""
_KEYS: dict[str, SearchAttributeKey[Any]] = {key.name: key for key in SEARCH_ATTRIBUTES}


class Step(BaseModel):
    """The commands one human action brought about. Timers by their ids."""

    commits: int = 0
    attributes: dict[str, Any] = {}
    started: dict[str, float] = {}
    cancelled: list[str] = []


class SkeletonStart(BaseModel):
    """The flow, and whether its commits are local activities."""

    intake: Any
    steps: list[Step]
    local: bool


async def plain_client(address: str) -> Client:
    """A client with Pydantic payloads and no codec."""
    return await Client.connect(address, namespace=NAMESPACE, data_converter=pydantic_data_converter)


@activity.defn
def empty() -> None:
    """Does nothing."""


@workflow.defn(name=SKELETON)
class SkeletonWorkflow:
    """Issues the commands of a recorded dispute, step by step."""

    @workflow.init
    def __init__(self, start: SkeletonStart) -> None:
        self._steps = start.steps
        self._local = start.local
        self._done = 0
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._lock = asyncio.Lock()

    @workflow.run
    async def run(self, start: SkeletonStart) -> str:
        """Until every step was taken."""
        await self._take()
        await workflow.wait_condition(lambda: self._done == len(self._steps))
        await workflow.wait_condition(workflow.all_handlers_finished)
        return "done"

    async def _take(self) -> int:
        async with self._lock:
            step = self._steps[self._done]
            for _ in range(step.commits):
                await self._commit()
            self._done += 1
            if step.attributes:
                workflow.upsert_search_attributes(
                    [
                        _KEYS[name].value_unset() if value is None else _KEYS[name].value_set(value)
                        for name, value in _typed(step.attributes)
                    ]
                )
            for name in step.cancelled:
                self._timers.pop(name).cancel()
            for name, seconds in step.started.items():
                self._timers[name] = asyncio.create_task(asyncio.sleep(seconds))
            return self._done

    async def _commit(self) -> None:
        limit = timedelta(seconds=5)
        if self._local:
            await workflow.execute_local_activity(empty, start_to_close_timeout=limit)
        else:
            await workflow.execute_activity(empty, start_to_close_timeout=limit)

    @workflow.update(name=REGISTERED)
    async def registered(self) -> int:
        """As soon as the first step was taken."""
        await workflow.wait_condition(lambda: self._done > 0)
        return self._done

    @workflow.update(name=ACT)
    async def act(self, given: Any) -> int:
        """One human action."""
        return await self._take()


def _typed(attributes: dict[str, Any]) -> list[tuple[str, Any]]:
    return [
        (name, datetime.fromisoformat(value) if name == "NextDue" and value else value)
        for name, value in attributes.items()
    ]


def steps_of(history: WorkflowHistory) -> list[Step]:
    """The commands of a real dispute, by human action."""
    steps = [Step()]
    for event in history.events:
        kind = event.WhichOneof("attributes")
        if kind == "workflow_execution_update_accepted_event_attributes":
            accepted = event.workflow_execution_update_accepted_event_attributes.accepted_request
            if accepted.input.name != REGISTERED:
                steps.append(Step())
        elif kind == "marker_recorded_event_attributes":
            steps[-1].commits += event.marker_recorded_event_attributes.marker_name == LOCAL_ACTIVITY
        elif kind == "timer_started_event_attributes":
            timer = event.timer_started_event_attributes
            steps[-1].started[timer.timer_id] = timer.start_to_fire_timeout.ToTimedelta().total_seconds()
        elif kind == "timer_canceled_event_attributes":
            _cancel(steps[-1], event.timer_canceled_event_attributes.timer_id)
        elif kind == "upsert_workflow_search_attributes_event_attributes":
            fields = event.upsert_workflow_search_attributes_event_attributes.search_attributes.indexed_fields
            for name, payload in fields.items():
                steps[-1].attributes[name] = default().payload_converter.from_payload(payload)
        elif kind == "activity_task_scheduled_event_attributes":
            raise ValueError("the skeleton knows no activity but the commit")
    return steps


def _cancel(step: Step, timer: str) -> None:
    """One that the same step had started leaves nothing to the skeleton."""
    if step.started.pop(timer, None) is None:
        step.cancelled.append(timer)
