"""What Temporal itself asks for the same flow: the same commands, empty activities, no codec, no database."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHistory
from temporalio.common import SearchAttributeKey

with workflow.unsafe.imports_passed_through():
    from pydantic import BaseModel
    from temporalio.contrib.pydantic import pydantic_data_converter
    from temporalio.converter import default

    from hosting.connect import NAMESPACE
    from workflows.display import SEARCH_ATTRIBUTES

SKELETON, REGISTERED, ACT = "Skeleton", "registered", "act"
COMMIT = "core_local_activity"
"""The marker of a local activity."""
_KEYS: dict[str, SearchAttributeKey[Any]] = {key.name: key for key in SEARCH_ATTRIBUTES}


class Ask(BaseModel):
    """One command: a commit, a timer begun or cancelled, search attributes written."""

    commit: bool = False
    timer: str | None = None
    seconds: float | None = None
    """How long the timer runs; cancelled where it is not said."""
    attributes: dict[str, Any] = {}


class Step(BaseModel):
    """The commands one human action brought about, in their order."""

    asks: list[Ask] = []


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
            for ask in self._steps[self._done].asks:
                await self._ask(ask)
            self._done += 1
            return self._done

    async def _ask(self, ask: Ask) -> None:
        limit = timedelta(seconds=5)
        if ask.commit and self._local:
            await workflow.execute_local_activity(empty, start_to_close_timeout=limit)
        elif ask.commit:
            await workflow.execute_activity(empty, start_to_close_timeout=limit)
        elif ask.timer and ask.seconds is not None:
            self._timers[ask.timer] = asyncio.create_task(workflow.sleep(ask.seconds))
        elif ask.timer:
            self._timers.pop(ask.timer).cancel()
        else:
            workflow.upsert_search_attributes(
                [
                    _KEYS[name].value_unset() if value is None else _KEYS[name].value_set(value)
                    for name, value in _typed(ask.attributes)
                ]
            )

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
        accepted = event.workflow_execution_update_accepted_event_attributes.accepted_request.input.name
        if accepted not in ("", REGISTERED):
            steps.append(Step())
        elif ask := _ask_of(event):
            steps[-1].asks.append(ask)
    return steps


def _ask_of(event: HistoryEvent) -> Ask | None:
    match event.WhichOneof("attributes"):
        case "marker_recorded_event_attributes":
            name = event.marker_recorded_event_attributes.marker_name
            return Ask(commit=True) if name == COMMIT else None
        case "timer_started_event_attributes":
            timer = event.timer_started_event_attributes
            wait = timer.start_to_fire_timeout.ToTimedelta()
            return Ask(timer=timer.timer_id, seconds=wait.total_seconds())
        case "timer_canceled_event_attributes":
            return Ask(timer=event.timer_canceled_event_attributes.timer_id)
        case "upsert_workflow_search_attributes_event_attributes":
            fields = event.upsert_workflow_search_attributes_event_attributes.search_attributes.indexed_fields
            plain = default().payload_converter
            return Ask(attributes={name: plain.from_payload(payload) for name, payload in fields.items()})
        case "activity_task_scheduled_event_attributes":
            raise ValueError("the skeleton knows no activity but the commit")
        case _:
            return None
