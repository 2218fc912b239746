"""Giving what waits to be sent to Temporal: found in the ledger, where its cause put it, so that no crash loses any."""

import asyncio
from datetime import timedelta

import structlog
from temporalio.client import Client

from activities.names import WAKE, WEBHOOK_WORKFLOW, webhook_workflow_id, webhooks_queue
from domain.webhooks import Lane, Patience
from ledger import outbox
from ledger.outbox import Waiting
from ledger.store import Ledger

LOOK_EVERY = timedelta(seconds=1)
"""One look into an index that is empty when nothing waits."""
REST = timedelta(seconds=10)
"""Until the next look when the ledger or Temporal is away."""

log = structlog.get_logger(__name__)


async def keep_handing(client: Client, ledger: Ledger, task_queue: str, patience: Patience) -> None:
    """Hand over whatever waits, for as long as the worker runs; several workers may do so at once."""
    while True:
        pause = LOOK_EVERY
        try:
            for waiting in await asyncio.to_thread(outbox.unhanded, ledger.engine):
                await _hand(client, ledger, task_queue, waiting, patience)
        except Exception as error:  # whatever it is, what waits is still there at the next look
            log.error("webhooks_not_handed", error=type(error).__name__)
            pause = REST
        await asyncio.sleep(pause.total_seconds())


async def _hand(
    client: Client, ledger: Ledger, task_queue: str, waiting: Waiting, patience: Patience
) -> None:
    """Begin the lane's workflow, or wake the one that runs; only then is it noted, so that a crash hands over twice."""
    await client.start_workflow(
        WEBHOOK_WORKFLOW,
        Lane(webhook=waiting.webhook, dispute_id=waiting.dispute_id, patience=patience),
        id=webhook_workflow_id(waiting.webhook, waiting.dispute_id),
        task_queue=webhooks_queue(task_queue),
        start_signal=WAKE,
    )
    await asyncio.to_thread(outbox.handed, ledger.engine, waiting.messages)
