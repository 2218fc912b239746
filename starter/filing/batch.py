"""Registering a batch: some rows at a time, each exactly once, however often the batch is run."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError, RPCStatusCode

from activities.names import dispute_id
from domain.dispute import Dispute
from domain.intake import Intake
from domain.persons import Officer
from domain.reporter import part
from importing.intakes import IntakeMaker
from importing.judged import DuplicateKind, Judged, Outcome
from importing.matters import Ref
from importing.rule_words import Column
from ledger.duplicates import same_ticket
from ledger.store import Ledger, LedgerBroken, LedgerUnavailable
from starter.filing.register import Register
from starter.office import Declined, Office

AT_ONCE = 24
"""Rows under way together. More only queue for the worker's local commits, whose time runs while they queue."""
PATIENCE_S = 30.0
"""After so long without its case number a row is asked after by an update, which says why, or waits on."""


MIXED_UP = "单号此前已登记为 {}，内容不同（疑似串号）"


class Filing(StrEnum):
    """What was done with a row."""

    NEW = "新登记"
    KNOWN = "此前已登记"
    SAME_TICKET = "与前行同单号"
    RETURNED = "退回"
    FAILED = "登记失败"


class Filed(NamedTuple):
    """A row after registration. ``problem``: why it failed, in Chinese."""

    judged: Judged
    filing: Filing
    case_no: str | None = None
    problem: str | None = None


class BatchStopped(Exception):
    """Temporal, its workers or PostgreSQL went away, or PostgreSQL refused.

    What was registered stays so; the same command goes on from there.
    """


async def file_rows(
    rows: Iterable[Judged],
    office: Office,
    ledger: Ledger,
    maker: IntakeMaker,
    registrar: Officer,
    stop: asyncio.Event | None = None,
) -> AsyncIterator[Filed]:
    """Register the rows and yield them in their order; after ``stop``, only those under way. ``registrar``: whoever confirmed
    that they are. Raises BatchStopped."""
    register = Register(ledger)
    under_way: deque[tuple[Ref, asyncio.Task[Filed]]] = deque()
    try:
        for judged in rows:
            if stop and stop.is_set():
                break
            while len(under_way) >= AT_ONCE or _repeats_one_of(judged, under_way):
                yield await under_way.popleft()[1]
            task = asyncio.create_task(_file(judged, office, ledger, maker, registrar, register))
            under_way.append((judged.ref, task))
        while under_way:
            yield await under_way.popleft()[1]
    except (RPCError, WorkflowUpdateRPCTimeoutOrCancelledError, LedgerUnavailable, LedgerBroken) as error:
        status = f" {error.status.name}" if isinstance(error, RPCError) else ""
        said = str(error) if isinstance(error, LedgerBroken) else f"{type(error).__name__}{status}"
        raise BatchStopped(said) from error
    finally:
        for _, task in under_way:
            task.cancel()


def is_same(known: Dispute, intake: Intake) -> bool:
    """Whether a matter registered under a row's ticket is the row's own."""
    return same_ticket(known, part(intake).goes_on)


def _repeats_one_of(judged: Judged, under_way: Iterable[tuple[Ref, object]]) -> bool:
    """A repetition is registered after what it repeats, so that the ledger finds that too."""
    return judged.duplicate is not None and any(ref == judged.duplicate.of for ref, _ in under_way)


async def _file(
    judged: Judged,
    office: Office,
    ledger: Ledger,
    maker: IntakeMaker,
    registrar: Officer,
    register: Register,
) -> Filed:
    if judged.outcome == Outcome.ROW_ERROR:
        return Filed(judged, Filing.RETURNED)
    if judged.duplicate and judged.duplicate.kind == DuplicateKind.SAME_TICKET:
        return Filed(judged, Filing.SAME_TICKET)
    intake = maker.make(judged)
    matter = dispute_id(intake.channel, intake.source_no)
    if await register.case_no(matter) is None:
        return await _register(judged, intake, office, registrar, register)
    known = await asyncio.to_thread(ledger.state, matter)
    if is_same(known, intake):
        return Filed(judged, Filing.KNOWN, known.case_no)
    reason = MIXED_UP.format(known.case_no)
    mixed_up = replace(judged, outcome=Outcome.ROW_ERROR, errors=((Column.TICKET, reason),), duplicate=None)
    return Filed(mixed_up, Filing.RETURNED, known.case_no)


async def _register(
    judged: Judged, intake: Intake, office: Office, registrar: Officer, register: Register
) -> Filed:
    """Hand the row to Temporal, which loses nothing any more, and wait until the ledger has it."""
    try:
        matter = await office.begin(intake, registrar)
        if case_no := await register.wait(matter, PATIENCE_S):
            return Filed(judged, Filing.NEW, case_no)
        receipt = await office.register(intake, registrar=registrar)
    except Declined as error:
        if error.code == "busy":  # no worker answers: the next rows would fare no better
            raise BatchStopped(str(error)) from error
        return Filed(judged, Filing.FAILED, problem=str(error))
    except WorkflowUpdateFailedError:
        return Filed(judged, Filing.FAILED, problem="登记未被接受，请联系管理员")
    except RPCError as error:
        if error.status != RPCStatusCode.INVALID_ARGUMENT:
            raise
        return Filed(judged, Filing.FAILED, problem="登记内容过大，请摘要诉求后把全文作为材料")
    return Filed(judged, Filing.NEW, receipt.case_no)
