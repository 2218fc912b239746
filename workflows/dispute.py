"""A matter's whole life, in the order of the plan's annex (偏关县社会保险费征缴争议联合处置工作流程)."""

from collections import deque
from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.messages import DisputeResult, DisputeStart, Receipt
    from activities.names import ACT, ADVANCE, CATCH_UP, DISPUTE_WORKFLOW, REGISTERED, STANDING
    from domain.events import Refused

from workflows import steps
from workflows.desk import Desk, TurnedDown
from workflows.effects import Effect, carry_out
from workflows.reading import (
    UNKNOWN,
    Unreadable,
    plain_name,
    read_act,
    read_moment,
    read_version,
    require_carried,
)

SERVED_AT_ONCE = 20
"""Signals that wait for the desk side by side; further ones stand in line behind them."""


@workflow.defn(name=DISPUTE_WORKFLOW)
class DisputeWorkflow:
    """One matter: a dispute, or a lead that may become one."""

    @workflow.init
    def __init__(self, start: DisputeStart) -> None:
        self.desk = Desk(start)
        self._line: deque[tuple[str, Sequence[RawValue]]] = deque()
        self._served = 0

    @workflow.run
    async def run(self, start: DisputeStart) -> DisputeResult:
        """The flow chart. Each step waits for its milestone; the officers' actions and the clocks bring it about."""
        try:
            await self.desk.register(start)
        except TurnedDown as error:
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise declined(error) from None
        self.desk.in_background(self.desk.watch())
        self.desk.in_background(self._carry_out(self.desk.effects))
        self.desk.in_background(self._carry_out(self.desk.notices))

        await steps.check_lead(self.desk)  # 线索：核查，或转争议
        await steps.review(self.desk)  # 一、争议受理：初审、补正；不予受理、移送、并案
        await steps.follow_route(self.desk)  # 二、分类处置；三、联合调处：直办、会商、联席会议……
        while True:
            await steps.inform(self.desk)  # 四、结果告知
            await steps.execute(self.desk)  # 四、后续执行
            if await steps.call_back(self.desk):  # 四、回访；不满意的重新办理
                break
        await steps.close(self.desk)  # 办结、归档

        await self.desk.settle()
        d = self.desk.dispute
        if not d.is_over:
            workflow.continue_as_new(start.model_copy(update=self.desk.resumed()))
        return DisputeResult(case_no=d.case_no, kind=d.kind, outcome=d.outcome, stage=d.stage)

    async def _carry_out(self, lane: deque[Effect]) -> None:
        """Carry out the effects of one lane, each after the one before it."""
        desk = self.desk
        while True:
            await workflow.wait_condition(lambda: bool(lane) or desk.dispute.is_over)
            if not lane:
                return
            try:
                await carry_out(lane[0], desk.clock.snapshot())
            except ActivityError as error:
                workflow.logger.error("effect given up: %s", error.cause.__class__.__name__)
            lane.popleft()

    @workflow.update(name=REGISTERED)
    async def registered(self) -> Receipt:
        """The receipt of registration, as soon as there is one."""
        try:
            await self.desk.wait_registered()
        except TurnedDown as error:
            raise declined(error) from None
        return self.desk.receipt()

    @registered.validator
    def _registered_takes_nothing(self) -> None:
        """Rejects an update with the wrong number of payloads; the handler itself would fail the workflow task."""

    @workflow.query(name=STANDING)
    def standing(self) -> Receipt:
        """How the matter stands as the workflow knows it, to be compared with the ledger."""
        return self.desk.receipt()

    @workflow.update(name=ACT)
    async def act_by_update(self, raw: RawValue) -> Receipt:
        """An officer's action; refused with its reason, in Chinese, when it cannot be taken."""
        try:
            return await self.desk.take(read_act(raw))
        except Unreadable as error:
            raise ApplicationError(str(error), error.field, type=error.code, non_retryable=True) from None
        except TurnedDown as error:
            raise declined(error) from None

    @act_by_update.validator
    def _act_is_one_that_can_be_carried(self, raw: RawValue) -> None:
        """Rejects, before it is part of the history, what the server would end the workflow for.

        Also an update with the wrong number of payloads; the handler itself would fail the workflow task.
        """
        try:
            require_carried(raw)
        except Unreadable as error:
            raise ApplicationError(str(error), error.field, type=error.code, non_retryable=True) from None

    @workflow.signal(dynamic=True)
    async def by_signal(self, name: str, args: Sequence[RawValue]) -> None:
        """Every signal: ``act`` with one payload is an action, ``advance`` moves a demonstration's clock, ``catch_up``
        brings a matter level with the ledger.

        A dynamic handler takes any number of payloads, where a named one would fail the workflow task for ever.
        A flood stands in line: thousands that start at once would take longer than a workflow task may.
        """
        self.desk.signals += 1
        self._line.append((name, args))
        if self._served >= SERVED_AT_ONCE:
            return
        self._served += 1
        while self._line:
            await self._serve(*self._line.popleft())
        self._served -= 1

    async def _serve(self, name: str, args: Sequence[RawValue]) -> None:
        match name, list(args):
            case (n, [raw]) if n == ACT:
                await self._act_by_signal(raw)
            case (n, [raw]) if n == ADVANCE:
                self.desk.clock.acted(None, read_moment(raw))
            case (n, given) if n == CATCH_UP and len(given) <= 1:
                await self._catch_up(read_version(given[0]) if given else None)
            case _:
                said = plain_name(name)
                known = name in (ACT, ADVANCE)
                reason = (
                    f"信号 {said} 须带且只带一项内容" if known else f"没有名为“{said}”的信号，请用“{ACT}”"
                )
                code = "malformed" if known else "unknown_signal"
                await self._keep(UNKNOWN, UNKNOWN, Refused(action=said, code=code, reason=reason))

    async def _act_by_signal(self, raw: RawValue) -> None:
        """The same as by update, for another system; a refusal is kept as an event of the dispute."""
        try:
            await self.desk.take(read_act(raw), by_signal=True)
        except Unreadable as error:
            refused = Refused(action=error.action, code=error.code, reason=str(error))
            await self._keep(error.unit, error.officer, refused)
        except TurnedDown as error:
            workflow.logger.info("signal turned down: %s", error.turned.code)

    async def _catch_up(self, since: int | None) -> None:
        try:
            await self.desk.catch_up(since)
        except TurnedDown as error:
            workflow.logger.info("never registered: %s", error.turned.code)

    async def _keep(self, unit: str, officer: str, refused: Refused) -> None:
        try:
            await self.desk.keep_refusal(unit, officer, refused)
        except TurnedDown as error:
            workflow.logger.info("never registered: %s", error.turned.code)


def declined(error: TurnedDown) -> ApplicationError:
    """A refusal as its sender's client receives it."""
    turned = error.turned
    return ApplicationError(turned.message, turned.field, type=turned.code, non_retryable=True)
