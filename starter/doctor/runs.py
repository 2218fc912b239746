"""The matters' workflows as Temporal knows them: one listing of what runs, then a look at each."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.names import DISPUTE_WORKFLOW, workflow_id
from activities.stages import WORDS as STAGE_WORDS
from ledger.batches import Progress
from ledger.checkup import Matter
from starter.doctor.limits import Limits
from workflows.display import CARD, LEAD_UNIT, NEXT_DUE, RISK, STAGE

AT_ONCE = 32
"""Questions under way at the same time."""
PAGE = 1000

STATUS_WORDS = {
    "COMPLETED": "已完成",
    "FAILED": "失败",
    "CANCELED": "被取消",
    "TERMINATED": "被终止",
    "TIMED_OUT": "超时",
}
ACTIVITY_WORDS = {
    **STAGE_WORDS,
    "send_notice": "发送通知",
    "start_lead": "派生线索",
    "absorb": "并案告知母件",
}


class Retrying(NamedTuple):
    """An activity that keeps failing. ``cause``: the error's type alone, for its message may quote people's data."""

    activity: str
    attempt: int
    cause: str


class Run(NamedTuple):
    """One workflow. ``failing``: the attempt of its workflow task, where it keeps failing."""

    dispute_id: str
    running: bool
    status: str
    started: datetime
    shown: dict[str, object]
    failing: int
    retrying: list[Retrying]


async def list_running(client: Client, queue: str) -> set[str]:
    """The ids of the matters whose workflow runs on this queue."""
    query = f"WorkflowType='{DISPUTE_WORKFLOW}' AND ExecutionStatus='Running' AND TaskQueue='{queue}'"
    prefix = workflow_id("")
    return {w.id.removeprefix(prefix) async for w in client.list_workflows(query, page_size=PAGE)}


async def look_at(
    client: Client, ids: Iterable[str], limits: Limits, progress: Progress
) -> dict[str, Run | None]:
    """Each matter's newest run, straight from its own record; ``None`` where Temporal has none."""
    wanted = list(ids)
    free = asyncio.Semaphore(AT_ONCE)
    looked: dict[str, Run | None] = {}

    async def one(matter: str) -> None:
        async with free:
            looked[matter] = await _look(client, matter, limits)
        progress(len(looked), len(wanted))

    for start in range(0, len(wanted), PAGE):
        await asyncio.gather(*(one(matter) for matter in wanted[start : start + PAGE]))
    return looked


async def _look(client: Client, matter: str, limits: Limits) -> Run | None:
    try:
        described = await client.get_workflow_handle(workflow_id(matter)).describe()
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return None
        raise
    raw = described.raw_description
    attempt = raw.pending_workflow_task.attempt
    return Run(
        dispute_id=matter,
        running=described.status == WorkflowExecutionStatus.RUNNING,
        status=described.status.name if described.status else "UNKNOWN",
        started=described.start_time,
        shown=_shown(described),
        failing=attempt if attempt >= limits.task_attempts else 0,
        retrying=_retrying(raw, limits),
    )


def _shown(described: WorkflowExecutionDescription) -> dict[str, object]:
    attributes = described.typed_search_attributes
    return {
        "stage": attributes.get(STAGE),
        "level": attributes.get(RISK),
        "lead": attributes.get(LEAD_UNIT),
        "card": attributes.get(CARD),
        "next_due": attributes.get(NEXT_DUE),
    }


def _retrying(raw: DescribeWorkflowExecutionResponse, limits: Limits) -> list[Retrying]:
    return [
        Retrying(
            activity=ACTIVITY_WORDS.get(pending.activity_type.name, pending.activity_type.name),
            attempt=pending.attempt,
            cause=pending.last_failure.application_failure_info.type or "超时",
        )
        for pending in raw.pending_activities
        if pending.attempt >= limits.activity_attempts
    ]


FIELD_WORDS = {
    "stage": "阶段",
    "level": "风险等级",
    "lead": "主办单位",
    "card": "黄红牌",
    "next_due": "最近期限",
}


def differing(run: Run, matter: Matter) -> list[str]:
    """In what the workflow shows another matter than the ledger does."""
    row = matter._asdict()
    return [word for name, word in FIELD_WORDS.items() if _plain(run.shown[name]) != _plain(row[name])]


def _plain(value: object) -> object:
    """Comparable: moments to the second, for the server rounds them otherwise than PostgreSQL."""
    return value.astimezone(UTC).replace(microsecond=0) if isinstance(value, datetime) else value


async def failure_cause(client: Client, matter: str) -> str:
    """Why a matter's workflow task last failed: the server's word for it and the error's type."""
    handle = client.get_workflow_handle(workflow_id(matter))
    cause = "原因未知"
    async for event in handle.fetch_history_events():
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
            failed = event.workflow_task_failed_event_attributes
            word = WorkflowTaskFailedCause.Name(failed.cause).removeprefix("WORKFLOW_TASK_FAILED_CAUSE_")
            kind = failed.failure.application_failure_info.type
            cause = f"{word} {kind}".strip()
        elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT:
            cause = "超时"
    return cause
