"""The worker: runs the workflows and their activities. ``python worker.py`` serves a configured cluster."""

import asyncio
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker

from activities.ledger import LedgerActivities
from activities.names import TASK_QUEUE
from activities.notices import Gateway, LogGateway, NoticeActivities
from activities.relay import RelayActivities
from domain.policy import Policy
from ledger.store import Ledger
from workflows import WORKFLOWS

ACTIVITY_THREADS = 16
"""Half for local commits, half for ordinary activities: none waits for a thread while its time runs."""
CACHED_WORKFLOWS = 1000
"""Matters kept in memory; any other is rebuilt from its history when something happens to it."""
GRACE = timedelta(seconds=20)
"""How long running activities may finish when the worker is told to stop."""


def build_worker(
    client: Client,
    ledger: Ledger,
    policy: Policy,
    *,
    gateway: Gateway | None = None,
    task_queue: str = TASK_QUEUE,
) -> Worker:
    """A worker on this client and ledger; new matters are registered under ``policy``."""
    book = LedgerActivities(ledger, policy)
    relay = RelayActivities(client, ledger)
    notices = NoticeActivities(gateway or LogGateway())
    return Worker(
        client,
        task_queue=task_queue,
        workflows=WORKFLOWS,
        activities=[book.commit, relay.start_lead, relay.absorb, notices.send_notice],
        activity_executor=ThreadPoolExecutor(ACTIVITY_THREADS, thread_name_prefix="activity"),
        graceful_shutdown_timeout=GRACE,
        max_cached_workflows=CACHED_WORKFLOWS,
        max_concurrent_activities=ACTIVITY_THREADS // 2,
        max_concurrent_local_activities=ACTIVITY_THREADS // 2,
    )


async def serve() -> None:
    """Serve the cluster and the database named by the environment until told to stop."""
    from policies import load
    from starter.connect import connect_client
    from starter.logs import configure

    configure()
    ledger = Ledger.connect(os.environ["FENGQIAO_DATABASE_URL"])
    worker = build_worker(await connect_client(), ledger, load(os.environ.get("FENGQIAO_POLICY", "pianguan")))
    stop = asyncio.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    async with worker:
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(serve())
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # the SDK may abort at interpreter exit (sdk-python#300)
