"""Giving what waits to be sent to Temporal: found in the ledger, where its cause put it, so that no crash loses any."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import structlog
from temporalio.client import Client

from activities.names import (
    NOTICE_WORKFLOW,
    WAKE,
    WEBHOOK_WORKFLOW,
    notice_workflow_id,
    notices_queue,
    webhook_workflow_id,
    webhooks_queue,
)
from activities.noticing import NoticeLane
from domain.outbound import Outbound
from domain.webhooks import Lane
from ledger import notices, outbox
from ledger.store import Ledger

LOOK_EVERY = timedelta(seconds=1)
"""One look into indexes that are empty when nothing waits."""
REST = timedelta(seconds=10)
"""Until the next look when the ledger or Temporal is away."""

log = structlog.get_logger(__name__)


async def keep_handing(client: Client, ledger: Ledger, task_queue: str, outbound: Outbound) -> None:
    """Hand over whatever waits, for as long as the worker runs; several workers may do so at once."""
    rounds = [
        partial(_hand_messages, client, ledger, task_queue, outbound),
        partial(_hand_notices, client, ledger, task_queue, outbound),
    ]
    await asyncio.gather(*(_keep(one) for one in rounds))


async def _keep(one_round: Callable[[], Awaitable[None]]) -> None:
    while True:
        pause = LOOK_EVERY
        try:
            await one_round()
        except Exception as error:  # whatever it is, what waits is still there at the next look
            log.error("not_handed", error=type(error).__name__)
            pause = REST
        await asyncio.sleep(pause.total_seconds())


async def _hand_messages(client: Client, ledger: Ledger, task_queue: str, outbound: Outbound) -> None:
    """Begin each lane's workflow, or wake the one that runs; only then is it noted, so that a crash hands over twice."""
    for waiting in await asyncio.to_thread(outbox.unhanded, ledger.engine):
        await client.start_workflow(
            WEBHOOK_WORKFLOW,
            Lane(webhook=waiting.webhook, dispute_id=waiting.dispute_id, patience=outbound.patience),
            id=webhook_workflow_id(waiting.webhook, waiting.dispute_id),
            task_queue=webhooks_queue(task_queue),
            start_signal=WAKE,
        )
        await asyncio.to_thread(outbox.handed, ledger.engine, waiting.messages)


async def _hand_notices(client: Client, ledger: Ledger, task_queue: str, outbound: Outbound) -> None:
    """The same for notices."""
    for waiting in await asyncio.to_thread(notices.unhanded, ledger.engine):
        await client.start_workflow(
            NOTICE_WORKFLOW,
            NoticeLane(
                lane=waiting.lane, queue=notices_queue(task_queue), patience=outbound.notices_patience
            ),
            id=notice_workflow_id(waiting.lane),
            task_queue=webhooks_queue(task_queue),
            start_signal=WAKE,
        )
        await asyncio.to_thread(notices.handed, ledger.engine, waiting.ids)
