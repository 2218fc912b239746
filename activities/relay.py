"""What one matter asks of another: a lead begins its own life; a merger's parent takes over a source number."""

import asyncio

from temporalio import activity
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.messages import AbsorbInto, StartLead
from activities.names import DISPUTE_WORKFLOW, summary_of, workflow_id
from ledger.store import Ledger

RUN_ENDED = "AcceptedUpdateCompletedWorkflow"
"""Temporal's word for an update whose run ended before it was answered: the next run takes it."""


class RelayActivities:
    """Activities that reach other workflows through a client."""

    def __init__(self, client: Client, ledger: Ledger) -> None:
        self._client = client
        self._ledger = ledger

    @activity.defn
    async def start_lead(self, request: StartLead) -> None:
        """Start a lead's workflow; starting it twice is starting it once."""
        lead_id = request.start.dispute_id
        try:
            await self._client.start_workflow(
                DISPUTE_WORKFLOW,
                request.start,
                id=workflow_id(lead_id),
                task_queue=activity.info().task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                static_summary=summary_of(request.start.intake),
            )
        except WorkflowAlreadyStartedError:
            activity.logger.info("lead already started", extra={"dispute_id": lead_id})

    @activity.defn
    async def absorb(self, request: AbsorbInto) -> None:
        """Hand a merged matter's source number to its parent."""
        parent = await asyncio.to_thread(self._ledger.find, request.parent_source)
        if parent is None:
            raise LookupError("the merger's parent is not in the ledger")
        handle = self._client.get_workflow_handle(workflow_id(parent))
        try:
            await handle.execute_update(request.act.body.kind, request.act)  # pyright: ignore[reportUnknownMemberType]
        except WorkflowUpdateFailedError as error:
            code = getattr(error.cause, "type", None)
            if code in ("internal", RUN_ENDED):
                raise
            activity.logger.error("parent refused the merger: %s", code, extra={"dispute_id": parent})
        except RPCError as error:
            state = await asyncio.to_thread(self._ledger.state, parent)
            if error.status != RPCStatusCode.NOT_FOUND or not state.is_over:
                raise
            activity.logger.error("the merger's parent is archived", extra={"dispute_id": parent})
