"""Which parts of the office run: each is asked by itself, so that one that is down hides no other."""

import asyncio
from datetime import UTC, datetime
from typing import NamedTuple

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    DescribeTaskQueueRequest,
    DescribeTaskQueueResponse,
    GetSystemInfoRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.names import notices_queue
from ledger.migrate import is_current
from ledger.store import Ledger, LedgerUnavailable
from starter.doctor.finding import Finding, found
from starter.doctor.limits import Limits
from starter.office.pdf import converter, has_chinese_font
from workflows.display import SEARCH_ATTRIBUTES

LEDGER, TEMPORAL, WORKER, PDF = "PostgreSQL 台账", "Temporal 服务", "工作进程", "文书 PDF"

_WORKFLOW = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
_ACTIVITY = TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY


class Part(NamedTuple):
    """One part of the office. ``usable``: what rests on it can be looked at."""

    name: str
    usable: bool
    says: str
    findings: list[Finding]


async def ledger_part(ledger: Ledger) -> Part:
    """PostgreSQL and the revision of its tables."""
    try:
        current = await asyncio.to_thread(is_current, ledger.engine)
    except LedgerUnavailable:
        return Part(LEDGER, False, "连接不上", [found("ledger_down")])
    if not current:
        return Part(LEDGER, False, "表结构不是本版的", [found("migrations_behind")])
    return Part(LEDGER, True, "运行中，表结构为最新", [])


async def temporal_part(client: Client | None) -> Part:
    """The server, the namespace and its search attributes."""
    if client is None:
        return _down()
    try:
        version = (await client.workflow_service.get_system_info(GetSystemInfoRequest())).server_version
        await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
        missing = await _missing_attributes(client)
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            return _down()
        says = [found("namespace_missing", detail=client.namespace)]
        return Part(TEMPORAL, False, f"没有命名空间 {client.namespace}", says)
    if missing:
        lacking = "、".join(missing)
        return Part(
            TEMPORAL, False, f"缺少检索属性 {lacking}", [found("search_attributes_missing", detail=lacking)]
        )
    return Part(TEMPORAL, True, f"{version} 运行中，命名空间 {client.namespace}", [])


async def workers_part(client: Client, queue: str, limits: Limits) -> Part:
    """Who asks for the tasks of the queue and of its notices' queue, and whether tasks wait."""
    matters = await _describe(client, queue, _WORKFLOW)
    acts = await _describe(client, queue, _ACTIVITY)
    notices = await _describe(client, notices_queue(queue), _ACTIVITY)
    findings = [
        *_unserved("no_worker", f"{queue}（流程）", matters, limits),
        *_unserved("no_worker", f"{queue}（活动）", acts, limits),
        *_unserved("no_notices_worker", f"{notices_queue(queue)}（活动）", notices, limits),
    ]
    workers = _polling(matters, limits) | _polling(acts, limits)
    says = f"{len(workers)} 个在任务队列 {queue} 上工作" if workers else f"任务队列 {queue} 上没有"
    idle = any(f.code == "no_worker" for f in findings)
    return Part(WORKER, not idle, says, findings)


def pdf_part() -> Part:
    """Whether this machine makes PDF of papers, and can set Chinese in them; nothing else rests on it."""
    program = converter()
    if program is None:
        return Part(PDF, False, "没有转换程序", [found("no_pdf")])
    if not has_chinese_font():
        return Part(PDF, True, "有转换程序，没有中文字体", [found("no_chinese_font")])
    return Part(PDF, True, f"由 {program.program} 转换", [])


async def _describe(client: Client, queue: str, kind: TaskQueueType.ValueType) -> DescribeTaskQueueResponse:
    return await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=queue),
            task_queue_type=kind,
            report_stats=True,
        )
    )


def _unserved(code: str, name: str, answer: DescribeTaskQueueResponse, limits: Limits) -> list[Finding]:
    """Nobody who asks, and tasks that wait."""
    findings = [] if _polling(answer, limits) else [found(code, detail=name)]
    age = answer.stats.approximate_backlog_age.ToTimedelta()
    if age > limits.backlog_age:
        waiting = answer.stats.approximate_backlog_count
        detail = f"{name}积压约 {waiting} 个任务，最早的已等 {age.total_seconds() / 60:.0f} 分钟"
        findings.append(found("backlog", detail=detail))
    return findings


def _polling(answer: DescribeTaskQueueResponse, limits: Limits) -> set[str]:
    earliest = datetime.now(UTC) - limits.polled_within
    return {p.identity for p in answer.pollers if p.last_access_time.ToDatetime(tzinfo=UTC) >= earliest}


async def _missing_attributes(client: Client) -> list[str]:
    """The search attributes that are not there; none where the cluster lets nobody ask."""
    try:
        answer = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=client.namespace)
        )
    except RPCError as error:
        if error.status in (RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNIMPLEMENTED):
            return []
        raise
    return sorted({key.name for key in SEARCH_ATTRIBUTES} - set(answer.custom_attributes))


def _down() -> Part:
    return Part(TEMPORAL, False, "连接不上", [found("temporal_down")])
