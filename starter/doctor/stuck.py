"""Ledger and Temporal side by side: which matter has lost its workflow, which has come apart from it, which is stuck."""

import asyncio
from datetime import UTC, datetime, timedelta

from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError

from activities.messages import Receipt
from activities.names import STANDING, workflow_id
from domain.fold import replay
from ledger import checkup
from ledger.batches import Progress, silent
from ledger.checkup import Matter
from ledger.projection import shown
from ledger.store import Ledger
from starter.doctor.finding import About, Finding, found
from starter.doctor.limits import Limits
from starter.doctor.runs import STATUS_WORDS, Run, differing, failure_cause, list_running, look_at

ANSWER = timedelta(seconds=10)
"""How long a workflow may take to say how it stands."""
CAUSES_ASKED = 20
"""Of how many failing workflows the cause is read from the history; it is mostly one and the same."""


class Comparison:
    """One look at all open matters and at all running workflows of a queue."""

    def __init__(
        self, client: Client, ledger: Ledger, queue: str, limits: Limits, progress: Progress, *, at_work: bool
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._queue = queue
        self._limits = limits
        self._progress = progress
        self._at_work = at_work
        """Whether a worker is there to answer a query."""

    async def findings(self) -> list[Finding]:
        """Everything that stands apart or still; differences that pass by themselves are left out."""
        matters = await asyncio.to_thread(checkup.open_matters, self._ledger.engine)
        running = await list_running(self._client, self._queue)
        runs = await look_at(self._client, sorted(matters.keys() | running), self._limits, self._progress)
        stuck = await self._stuck(runs, matters)
        suspects = [m for m, run in runs.items() if self._differs(run, matters.get(m))]
        if not suspects:
            return stuck
        await asyncio.sleep(self._limits.settle.total_seconds())
        return [*stuck, *await self._apart(suspects)]

    def _differs(self, run: Run | None, matter: Matter | None) -> bool:
        if matter is None or matter.is_over:
            return run is not None and run.running
        return run is None or not run.running or bool(differing(run, matter))

    async def _stuck(self, runs: dict[str, Run | None], matters: dict[str, Matter]) -> list[Finding]:
        stuck: list[Finding] = []
        asked = 0
        for run in runs.values():
            if run is None or not run.running:
                continue
            case_no = matters[run.dispute_id].case_no if run.dispute_id in matters else None
            whose = About(run.dispute_id, case_no)
            if run.failing:
                asked += 1
                cause = (
                    await failure_cause(self._client, run.dispute_id)
                    if asked <= CAUSES_ASKED
                    else "见流程历史"
                )
                stuck.append(found("workflow_task_failing", whose, attempt=run.failing, cause=cause))
            stuck += [found("activity_retrying", whose, **r._asdict()) for r in run.retrying]
        return stuck

    async def _apart(self, suspects: list[str]) -> list[Finding]:
        """Look again at what differed, the ledger before and after: a matter being worked on just now is no finding."""
        before = await asyncio.to_thread(checkup.matters, self._ledger.engine, suspects)
        runs = await look_at(self._client, suspects, self._limits, silent)
        after = await asyncio.to_thread(checkup.matters, self._ledger.engine, suspects)
        still = (m for m in suspects if before.get(m) == after.get(m))
        return [f for m in still for f in await self._compare(m, runs[m], after.get(m))]

    async def _compare(self, dispute_id: str, run: Run | None, matter: Matter | None) -> list[Finding]:
        runs = run is not None and run.running
        whose = About(dispute_id, matter.case_no if matter else None)
        if matter is None:
            young = run and datetime.now(UTC) - run.started < self._limits.unregistered_for
            return [found("matter_missing", whose)] if runs and not young else []
        if matter.is_over:
            wrong = runs and await self._wrong(matter)
            return wrong or ([found("workflow_left_over", whose)] if runs else [])
        if run is None:
            return [found("workflow_missing", whose)]
        if not run.running:
            return [found("workflow_lost", whose, status=STATUS_WORDS.get(run.status, run.status))]
        if fields := differing(run, matter):
            return await self._which(run, matter, fields)
        return []

    async def _wrong(self, matter: Matter) -> list[Finding]:
        """Whether it is the read table that is wrong: the events decide."""
        events = await asyncio.to_thread(self._ledger.events, matter.dispute_id)
        truth = shown(replay(matter.dispute_id, events))
        wrong = [name for name, value in matter._asdict().items() if truth[name] != value]
        whose = About(matter.dispute_id, matter.case_no)
        return [found("projection_differs", whose, field="、".join(wrong))] if wrong else []

    async def _which(self, run: Run, matter: Matter, fields: list[str]) -> list[Finding]:
        """Which of the two is wrong."""
        if wrong := await self._wrong(matter):
            return wrong
        whose = About(matter.dispute_id, matter.case_no)
        known = await self._known(matter.dispute_id)
        if known is None:  # a stuck one has a finding of its own
            return []
        versions = {"known": known, "version": matter.version}
        if known > matter.version:
            return [found("ledger_lost_events", whose, **versions)]
        if known < matter.version:
            return [found("workflow_behind", whose, **versions)]
        return [found("display_differs", whose, field="、".join(fields))]

    async def _known(self, dispute_id: str) -> int | None:
        """The version a workflow knows; nothing when it cannot say."""
        if not self._at_work:
            return None
        handle = self._client.get_workflow_handle(workflow_id(dispute_id))
        try:
            receipt = await handle.query(STANDING, result_type=Receipt, rpc_timeout=ANSWER)
        except (RPCError, WorkflowQueryFailedError):
            return None
        return receipt.version
