"""The worker: runs the workflows and their activities. ``python worker.py`` serves a configured cluster."""

import asyncio
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker, WorkflowRunner

from activities.handing import keep_handing
from activities.ledger import LedgerActivities
from activities.metrics import Metrics
from activities.names import TASK_QUEUE, channel_queue, notices_queue, webhooks_queue
from activities.notices import Gateway, NoticeActivities, OnceGateway
from activities.noticing import NoticeSending, OfficersGateway
from activities.relay import RelayActivities
from activities.stages import stage_activities
from activities.webhooks import WebhookActivities
from domain.channels import NO_CHANNELS, Channels
from domain.outbound import USUAL, Outbound
from domain.policy import Policy
from ledger.store import Ledger
from workflows import WORKFLOWS
from workflows.notices import NoticeDelivery
from workflows.webhooks import WebhookDelivery

ACTIVITY_THREADS = 8
"""Half for local commits, half for ordinary activities: none waits for a thread while its time runs.

Eight commits at once cost a tenth more CPU each than four: Python runs one at a time (docs/performance.md)."""
CACHED_WORKFLOWS = 1000
"""Matters kept in memory; any other is rebuilt from its history when something happens to it."""
PLAIN = UnsandboxedWorkflowRunner()
"""The sandbox watches over our own tests, not over the officers' waiting (docs/decisions/0009)."""
GRACE = timedelta(seconds=20)
"""How long running activities may finish when the worker is told to stop."""
LAST_CALL = GRACE + timedelta(seconds=10)
"""After this the process leaves what still runs (a gateway that hangs); Temporal hands it to another worker."""
NOTICES_AT_ONCE = 4
"""Threads of their own: a gateway that hangs takes none from the commits."""
NOTICES_PER_SECOND = 20.0
"""Of the whole queue, however many workers: what a messaging platform takes, not what we could send."""
NOTICE_THREADS = 4
"""By which notices ask the ledger, and in which apprise speaks to its channels."""
WEBHOOKS_AT_ONCE = 16
"""Calls of other systems under way; one that hangs holds one of these for its whole time."""
WEBHOOK_THREADS = 2
"""By which they ask the ledger: however many are called, they take no connections from the commits."""


def build_worker(
    client: Client,
    ledger: Ledger,
    policy: Policy,
    *,
    task_queue: str = TASK_QUEUE,
    runner: WorkflowRunner = PLAIN,
    take_unsigned: bool = False,
) -> Worker:
    """The worker of the matters themselves; new ones are registered under ``policy``.

    ``take_unsigned``: what comes from outside without a signature is taken and marked, not refused.
    """
    book = LedgerActivities(ledger, policy, take_unsigned=take_unsigned)
    relay = RelayActivities(client, ledger)
    return Worker(
        client,
        task_queue=task_queue,
        workflows=WORKFLOWS,
        workflow_runner=runner,
        activities=[*stage_activities(book), relay.start_lead, relay.absorb],
        activity_executor=ThreadPoolExecutor(ACTIVITY_THREADS, thread_name_prefix="activity"),
        interceptors=[Metrics()],
        graceful_shutdown_timeout=GRACE,
        max_cached_workflows=CACHED_WORKFLOWS,
        max_concurrent_activities=ACTIVITY_THREADS // 2,
        max_concurrent_local_activities=ACTIVITY_THREADS // 2,
    )


def build_notices_worker(
    client: Client,
    ledger: Ledger,
    policy: Policy,
    *,
    gateway: Gateway | None = None,
    task_queue: str = TASK_QUEUE,
) -> Worker:
    """The worker that sends the notices of the matters on ``task_queue``."""
    notices = NoticeActivities(OnceGateway(gateway or OfficersGateway(ledger, policy), ledger))
    return Worker(
        client,
        task_queue=notices_queue(task_queue),
        activities=[notices.send_notice],
        activity_executor=ThreadPoolExecutor(NOTICES_AT_ONCE, thread_name_prefix="notice"),
        interceptors=[Metrics()],
        graceful_shutdown_timeout=GRACE,
        max_concurrent_activities=NOTICES_AT_ONCE,
        max_task_queue_activities_per_second=NOTICES_PER_SECOND,
    )


def build_webhooks_worker(
    client: Client,
    ledger: Ledger,
    outbound: Outbound,
    noticing: NoticeSending,
    *,
    task_queue: str = TASK_QUEUE,
    runner: WorkflowRunner = PLAIN,
) -> Worker:
    """The worker of what goes out of the matters on ``task_queue``: it tells other systems, and keeps the lanes of notices."""
    threads = ThreadPoolExecutor(WEBHOOK_THREADS, thread_name_prefix="webhook")
    sending = WebhookActivities(ledger, outbound, threads)
    return Worker(
        client,
        task_queue=webhooks_queue(task_queue),
        workflows=[WebhookDelivery, NoticeDelivery],
        workflow_runner=runner,
        activities=[
            sending.next_message,
            sending.deliver,
            sending.give_up,
            noticing.next_notices,
            noticing.give_up_notices,
            noticing.ask_a_person,
        ],
        interceptors=[Metrics()],
        graceful_shutdown_timeout=GRACE,
        max_concurrent_activities=WEBHOOKS_AT_ONCE,
    )


def build_channel_workers(
    client: Client, noticing: NoticeSending, channels: Channels, *, task_queue: str = TASK_QUEUE
) -> list[Worker]:
    """A worker for each channel of notices: a slow one keeps no other waiting, and none is asked more than it takes."""
    return [
        Worker(
            client,
            task_queue=channel_queue(notices_queue(task_queue), name),
            activities=[noticing.send_notices],
            interceptors=[Metrics()],
            graceful_shutdown_timeout=GRACE,
            max_concurrent_activities=NOTICES_AT_ONCE,
            max_task_queue_activities_per_second=rate,
        )
        for name, rate in channels.rates.items()
    ]


@asynccontextmanager
async def running_workers(
    client: Client,
    ledger: Ledger,
    policy: Policy,
    *,
    gateway: Gateway | None = None,
    task_queue: str = TASK_QUEUE,
    runner: WorkflowRunner = PLAIN,
    take_unsigned: bool = False,
    outbound: Outbound = USUAL,
    channels: Channels = NO_CHANNELS,
) -> AsyncGenerator[list[Worker]]:
    """All workers of one process: matters, notices, messages to other systems. Told to stop, they finish what they have begun."""
    matters = build_worker(
        client, ledger, policy, task_queue=task_queue, runner=runner, take_unsigned=take_unsigned
    )
    notices = build_notices_worker(client, ledger, policy, gateway=gateway, task_queue=task_queue)
    threads = ThreadPoolExecutor(NOTICE_THREADS, thread_name_prefix="noticing")
    noticing = NoticeSending(client, ledger, policy, channels, outbound, threads)
    webhooks = build_webhooks_worker(client, ledger, outbound, noticing, task_queue=task_queue, runner=runner)
    workers = [matters, notices, webhooks]
    workers += build_channel_workers(client, noticing, channels, task_queue=task_queue)
    async with AsyncExitStack() as running:
        for worker in workers:
            await running.enter_async_context(worker)
        handing = asyncio.create_task(keep_handing(client, ledger, task_queue, outbound))
        try:
            yield workers
        finally:
            handing.cancel()
            await asyncio.gather(*(worker.shutdown() for worker in workers))


if __name__ == "__main__":
    from hosting.serving import main

    main(running_workers, last_call=LAST_CALL)
