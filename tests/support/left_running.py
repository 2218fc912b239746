"""What a test started on the run's one Temporal server and left running: it is ended with the test.

Else another test that registers the same ticket would be given the matter of the first, whose worker is gone.
"""

import asyncio
from typing import Any

from temporalio.client import (
    Client,
    Interceptor,
    OutboundInterceptor,
    StartWorkflowInput,
    StartWorkflowUpdateWithStartInput,
    WorkflowHandle,
    WorkflowUpdateHandle,
)
from temporalio.service import RPCError, RPCStatusCode


class Started(Interceptor):
    """The ids that this client started a workflow under."""

    def __init__(self) -> None:
        self.ids: set[str] = set()

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        return _Telling(next, self.ids)

    async def end(self, client: Client) -> None:
        """End what still runs."""
        await asyncio.gather(*(_end(client, id) for id in self.ids))


class _Telling(OutboundInterceptor):
    def __init__(self, next: OutboundInterceptor, ids: set[str]) -> None:
        super().__init__(next)
        self._ids = ids

    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:
        self._ids.add(input.id)
        return await super().start_workflow(input)

    async def start_update_with_start_workflow(
        self, input: StartWorkflowUpdateWithStartInput
    ) -> WorkflowUpdateHandle[Any]:
        self._ids.add(input.start_workflow_input.id)
        return await super().start_update_with_start_workflow(input)


async def _end(client: Client, id: str) -> None:
    try:
        await client.get_workflow_handle(id).terminate(reason="the test is over")
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
