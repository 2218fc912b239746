"""Whether a worker asks Temporal for work, as Temporal itself sees it."""

from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

FRESH = timedelta(minutes=2)
"""A worker asks for tasks at least once a minute."""


async def is_polling(client: Client, queue: str, identity: str) -> bool:
    """Whether the worker of this identity has asked for work on ``queue`` lately. Raises RPCError."""
    answer = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
    )
    earliest = datetime.now(UTC) - FRESH
    return any(
        poller.identity == identity and poller.last_access_time.ToDatetime(tzinfo=UTC) >= earliest
        for poller in answer.pollers
    )
