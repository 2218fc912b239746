"""The front desk: register a matter, act on one. Everybody who starts or changes anything comes through here."""

import asyncio
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Any

from temporalio.client import Client, WithStartWorkflowOperation, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.messages import DisputeStart, Receipt
from activities.names import (
    ADVANCE,
    CATCH_UP,
    LET_GO,
    REGISTERED,
    TASK_QUEUE,
    dispute_id,
    summary_of,
    workflow_id,
)
from domain.actions import Act
from domain.business_clock import BusinessClock
from domain.events import LeadSpawned
from domain.intake import Intake
from domain.persons import SYSTEM, Officer
from domain.plausible import implausible
from domain.reporter import part
from domain.sizes import ACT_LIMIT, INTAKE_LIMIT, CannotCarry, require_fits
from domain.words import SHANGHAI, Model, UnitName
from ledger.duplicates import same_ticket
from ledger.queries import case_numbers
from ledger.store import Ledger, LedgerUnavailable
from ledger.vault import keep_reporter
from starter.office.declined import Declined
from starter.office.patience import Queues, patiently
from workflows.dispute import DisputeWorkflow

REAL = BusinessClock()
MOST_TOLD = 10
"""Things wrong with a registration that are told in one answer; a roll may have hundreds."""
NUMBER_TAKEN = (
    "此单号已登记为 {}，内容与本次不同，本次内容没有登记；"
    "请核对单号：另一件事请用它自己的单号，补充材料请办理“接收材料”"
)


class Registered(Receipt):
    """The answer to a registration. ``known_before``: the ledger had the matter before this was sent."""

    known_before: bool = False


class Office:
    """Registers and acts through Temporal; answers from the ledger what has ended long ago."""

    def __init__(self, client: Client, ledger: Ledger, *, task_queue: str = TASK_QUEUE) -> None:
        self._client = client
        self._ledger = ledger
        self._task_queue = task_queue
        self._queues = Queues()

    @property
    def client(self) -> Client:
        """By which Temporal is asked how the matters' workflows stand."""
        return self._client

    @property
    def task_queue(self) -> str:
        """The queue from which its workers take their tasks."""
        return self._task_queue

    async def register(
        self,
        intake: Intake,
        *,
        registrar: Officer = SYSTEM,
        clock: BusinessClock | None = None,
        to: list[UnitName] | None = None,
    ) -> Registered:
        """登记: the same ticket of the same channel, sent again, is answered with the matter it already is. ``registrar``:
        whoever of the unit that received it registers it.

        Raises Declined when its number stands for another person's matter or another story, or it cannot be right.
        A reporter who is to stay hidden goes into the vault first; nothing of them reaches the workflow.
        """
        clock = clock or REAL
        matter, goes_on = await self._parted(intake, clock)
        before = await self._is_known(matter)
        start = DisputeStart(dispute_id=matter, intake=goes_on, registrar=registrar, to=to or [], clock=clock)
        receipt = await self._start(start)
        known = await asyncio.to_thread(self._ledger.state, matter)
        if not same_ticket(known, goes_on):
            raise Declined("number_taken", NUMBER_TAKEN.format(known.case_no), "source_no")
        return Registered(**dict(receipt), known_before=before)

    async def _is_known(self, matter: str) -> bool:
        """Whether the ledger has the matter; while it is away, a registration waits all the same and counts as new."""
        with suppress(LedgerUnavailable):
            return bool(await asyncio.to_thread(case_numbers, self._ledger.engine, [matter]))
        return False

    async def begin(self, intake: Intake, registrar: Officer = SYSTEM) -> str:
        """登记 without waiting for it: once this returns, Temporal has the matter and sees to it. Returns its id.

        Raises Declined, ``busy`` when Temporal may or may not have it.
        """
        matter, goes_on = await self._parted(intake, REAL)

        async def start() -> None:
            await self._client.start_workflow(  # pyright: ignore[reportUnknownMemberType]
                DisputeWorkflow.run,
                DisputeStart(dispute_id=matter, intake=goes_on, registrar=registrar),
                id=workflow_id(matter),
                task_queue=self._task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                static_summary=summary_of(intake),
            )

        with suppress(WorkflowAlreadyStartedError):
            await patiently(start)
        return matter

    async def _parted(self, intake: Intake, clock: BusinessClock) -> tuple[str, Intake]:
        """The matter's id, and what of the registration goes on.

        Raises Declined for one too large to be carried, and for what cannot be right.
        """
        _require_fits("登记", intake, INTAKE_LIMIT)
        odd = implausible(intake, datetime.now(SHANGHAI) if clock == REAL else None)
        if wrong := list(islice(odd, MOST_TOLD)):
            raise Declined(wrong[0].code, "；".join(one.message for one in wrong), wrong[0].field)
        matter = dispute_id(intake.channel, intake.source_no)
        goes_on, kept = part(intake)
        if kept:
            await asyncio.to_thread(keep_reporter, self._ledger, matter, kept)
        return matter, goes_on

    async def restart(self, matter: str, *, clock: BusinessClock | None = None) -> Receipt:
        """Bring an open matter's lost workflow back from the ledger; one that runs is left as it is.

        Raises Declined for a matter that is archived or unknown.
        """
        state = self._ledger.state(matter)
        if state.is_over:
            raise Declined("archived", "案件已归档，不能再办理；新的情况请另行登记并关联")
        if not state.version:
            raise Declined("unknown", "没有这件案件，请核对案号")
        # It has run before, perhaps to an end that the ledger does not know.
        reuse = WorkflowIDReusePolicy.ALLOW_DUPLICATE
        start = DisputeStart(dispute_id=matter, intake=state.facts, clock=clock or BusinessClock())
        return await self._start(start, reuse)

    async def start_lead(self, parent: str, lead: str, *, clock: BusinessClock | None = None) -> Receipt:
        """Start a lead that its parent left behind and that never began. Raises LookupError for an unknown one."""
        facts = [e.fact for e in self._ledger.events(parent) if isinstance(e.fact, LeadSpawned)]
        fact = next((f for f in facts if f.lead_id == lead), None)
        if fact is None:
            raise LookupError("没有派生过这条线索")
        start = DisputeStart(dispute_id=lead, intake=fact.intake, to=fact.to, clock=clock or BusinessClock())
        return await self._start(start)

    async def _start(
        self,
        start: DisputeStart,
        reuse: WorkflowIDReusePolicy = WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
    ) -> Receipt:
        """Start a matter's workflow, or find it. One that was lost adopts what the ledger holds."""
        matter = start.dispute_id

        async def started() -> Receipt:
            operation = WithStartWorkflowOperation(
                DisputeWorkflow.run,
                start,
                id=workflow_id(matter),
                task_queue=self._task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=reuse,
                static_summary=summary_of(start.intake),
            )
            try:
                return await self._client.execute_update_with_start_workflow(  # pyright: ignore[reportUnknownMemberType]
                    REGISTERED, start_workflow_operation=operation, result_type=Receipt
                )
            except Exception:
                await _taken_note_of(operation)
                raise

        try:
            async with self._queues.of(matter):
                return await patiently(started)
        except WorkflowUpdateFailedError as error:
            raise _declined(error) from None
        except WorkflowAlreadyStartedError:
            return self._from_ledger(matter)
        except RPCError as error:
            if error.status == RPCStatusCode.ALREADY_EXISTS:
                return self._from_ledger(matter)
            raise

    async def act(self, matter: str, act: Act) -> Receipt:
        """Take an action. Raises Declined with the reason when it cannot be taken."""
        _require_fits("动作", act, ACT_LIMIT)
        try:
            return await self._update(matter, act)
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
        await self.restart(matter)
        return await self._update(matter, act)

    async def _update(self, matter: str, act: Act) -> Receipt:
        """Send the action; once more when the workflow went on in a new run meanwhile. The ledger takes it once."""
        handle = self._client.get_workflow_handle(workflow_id(matter))

        async def send() -> Receipt:
            return await handle.execute_update(act.body.kind, act, result_type=Receipt)  # pyright: ignore[reportUnknownMemberType]

        for last in (False, True):
            try:
                async with self._queues.of(matter):
                    return await patiently(send)
            except WorkflowUpdateFailedError as error:
                declined = _declined(error)
                if last or declined.code != "AcceptedUpdateCompletedWorkflow":
                    raise declined from None
        raise AssertionError("unreachable")

    async def signal(self, matter: str, act: Act) -> None:
        """The same by signal: nobody waits for the answer; a refusal is kept in the dispute's events."""
        _require_fits("动作", act, ACT_LIMIT)
        handle = self._client.get_workflow_handle(workflow_id(matter))
        await patiently(lambda: handle.signal(act.body.kind, act))

    async def advance(self, matter: str, horizon: str) -> None:
        """Let a demonstration's clock run on to ``horizon`` (ISO 8601)."""
        await self._client.get_workflow_handle(workflow_id(matter)).signal(ADVANCE, horizon)

    async def let_go(self, matter: str) -> Receipt:
        """Let a demonstration's matter go on in real time. Raises Declined for one that does already."""
        handle = self._client.get_workflow_handle(workflow_id(matter))
        try:
            return await handle.execute_update(LET_GO, result_type=Receipt)  # pyright: ignore[reportUnknownMemberType]
        except WorkflowUpdateFailedError as error:
            raise _declined(error) from None

    async def catch_up(self, matter: str, since: int | None = None) -> None:
        """Bring a running workflow level with the ledger; ``since``: and see to the effects of the events after it."""
        handle = self._client.get_workflow_handle(workflow_id(matter))
        await handle.signal(CATCH_UP, args=[] if since is None else [since])

    def _from_ledger(self, matter: str) -> Receipt:
        state = self._ledger.state(matter)
        return Receipt(dispute_id=matter, case_no=state.case_no, version=state.version, stage=state.stage)


async def _taken_note_of(operation: WithStartWorkflowOperation[Any, Any]) -> None:
    """Fetch the error that the SDK keeps for whoever asks for the handle: asyncio prints one that nobody fetched."""
    with suppress(Exception, asyncio.CancelledError):
        async with asyncio.timeout(0):
            await operation.workflow_handle()


def _require_fits(what: str, message: Model, limit: int) -> None:
    """Refuse here, in plain words, what the server would not take or the workflow would have to refuse."""
    try:
        require_fits(what, message, limit)
    except CannotCarry as error:
        raise Declined(error.code, str(error), error.field) from None


def _declined(error: WorkflowUpdateFailedError) -> Declined:
    """The refusal an update brought back."""
    cause = error.cause
    if not isinstance(cause, ApplicationError):
        raise error
    return Declined(cause.type or "declined", cause.message, cause.details[0] if cause.details else None)
