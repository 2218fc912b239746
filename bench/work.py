"""A worker in a process of its own: ``python -m bench.work real|skeleton ADDRESS QUEUE [DATABASE]``."""

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor

from temporalio.client import Client
from temporalio.worker import Worker

from bench.place import keys_here, until_told
from bench.register_latency import BareWorkflow
from bench.skeleton import SkeletonWorkflow, empty, plain_client
from hosting.connect import connect_client
from ledger.store import Ledger
from policies import load
from worker import ACTIVITY_THREADS, GRACE, PLAIN, build_worker

CACHE = 1000


def _skeleton(client: Client, queue: str) -> Worker:
    """Set up as the real one is."""
    return Worker(
        client,
        task_queue=queue,
        workflows=[SkeletonWorkflow, BareWorkflow],
        workflow_runner=PLAIN,
        activities=[empty],
        activity_executor=ThreadPoolExecutor(ACTIVITY_THREADS),
        graceful_shutdown_timeout=GRACE,
        max_cached_workflows=CACHE,
        max_concurrent_activities=ACTIVITY_THREADS // 2,
        max_concurrent_local_activities=ACTIVITY_THREADS // 2,
    )


async def main(kind: str, address: str, queue: str, database: str | None = None) -> None:
    """Serve until told to end."""
    if kind == "real":
        assert database
        client = await connect_client(keys_here(), address)
        ledger = Ledger.connect(database, keys_here())
        ledger.migrate()
        worker = build_worker(client, ledger, load("pianguan"), task_queue=queue)
    else:
        worker = _skeleton(await plain_client(address), queue)
    async with worker:
        await until_told()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
    os._exit(0)  # the SDK may abort at interpreter exit (sdk-python#300)
