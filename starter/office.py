"""The front desk: register a matter, act on one. Everybody who starts or changes anything comes through here."""

from temporalio.client import Client, WithStartWorkflowOperation, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.messages import DisputeStart, Receipt
from activities.names import ACT, ADVANCE, REGISTERED, TASK_QUEUE, dispute_id, workflow_id
from domain.actions import Act
from domain.business_clock import BusinessClock
from domain.intake import Intake
from domain.words import UnitName
from ledger.store import Ledger
from workflows.dispute import DisputeWorkflow


class Declined(Exception):
    """An action that was not taken; the message is for the officer, in Chinese."""

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.field = field


class Office:
    """Registers and acts through Temporal; answers from the ledger what has ended long ago."""

    def __init__(self, client: Client, ledger: Ledger, *, task_queue: str = TASK_QUEUE) -> None:
        self._client = client
        self._ledger = ledger
        self._task_queue = task_queue

    async def register(
        self, intake: Intake, *, clock: BusinessClock | None = None, to: list[UnitName] | None = None
    ) -> Receipt:
        """登记: the same ticket of the same channel, sent again, is answered with the matter it already is."""
        matter = dispute_id(intake.channel, intake.source_no)
        start = DisputeStart(dispute_id=matter, intake=intake, to=to or [], clock=clock or BusinessClock())
        operation = WithStartWorkflowOperation(
            DisputeWorkflow.run,
            start,
            id=workflow_id(matter),
            task_queue=self._task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            static_summary=f"{intake.kind} · {intake.channel}",
        )
        try:
            receipt: Receipt = await self._client.execute_update_with_start_workflow(  # pyright: ignore[reportUnknownMemberType]
                REGISTERED, start_workflow_operation=operation, result_type=Receipt
            )
            return receipt
        except (WorkflowAlreadyStartedError, RPCError) as error:
            if isinstance(error, RPCError) and error.status != RPCStatusCode.ALREADY_EXISTS:
                raise
            return self._from_ledger(matter)

    async def act(self, matter: str, act: Act) -> Receipt:
        """Take an action. Raises Declined with the reason when it cannot be taken."""
        handle = self._client.get_workflow_handle(workflow_id(matter))
        try:
            return await handle.execute_update(ACT, act, id=act.id, result_type=Receipt)  # pyright: ignore[reportUnknownMemberType]
        except WorkflowUpdateFailedError as error:
            cause = error.cause
            if isinstance(cause, ApplicationError):
                field = cause.details[0] if cause.details else None
                raise Declined(cause.type or "declined", cause.message, field) from None
            raise
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
            raise Declined("archived", "案件已归档或不存在，不能再办理；新的情况请另行登记并关联") from None

    async def signal(self, matter: str, act: Act) -> None:
        """The same by signal: nobody waits for the answer; a refusal is kept in the dispute's events."""
        await self._client.get_workflow_handle(workflow_id(matter)).signal(ACT, act)

    async def advance(self, matter: str, horizon: str) -> None:
        """Let a demonstration's clock run on to ``horizon`` (ISO 8601)."""
        await self._client.get_workflow_handle(workflow_id(matter)).signal(ADVANCE, horizon)

    def _from_ledger(self, matter: str) -> Receipt:
        state = self._ledger.state(matter)
        return Receipt(dispute_id=matter, case_no=state.case_no, version=state.version, stage=state.stage)
