"""Whether this machine's worker is at work: exit code 0 if so. ``python -m starter.health``, for containers."""

import asyncio
import os
import socket
import sys
from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from activities.names import TASK_QUEUE
from privacy import store
from starter.connect import connect_client

FRESH = timedelta(minutes=2)
"""A worker asks for tasks at least once a minute."""


async def is_polling(client: Client, queue: str, host: str) -> bool:
    """Whether a worker on ``host`` has asked Temporal for work on ``queue`` lately."""
    answer = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
    )
    earliest = datetime.now(UTC) - FRESH
    return any(
        poller.identity.rpartition("@")[2] == host
        and poller.last_access_time.ToDatetime(tzinfo=UTC) >= earliest
        for poller in answer.pollers
    )


async def check() -> bool:
    """``is_polling`` for this machine, on the cluster that the environment names."""
    return await is_polling(await connect_client(store.load()), TASK_QUEUE, socket.gethostname())


if __name__ == "__main__":
    healthy = asyncio.run(check())
    sys.stderr.flush()
    os._exit(0 if healthy else 1)  # the SDK may abort at interpreter exit (sdk-python#300)
