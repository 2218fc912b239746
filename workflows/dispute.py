"""A matter's whole life, in the order of the plan's annex (偏关县社会保险费征缴争议联合处置工作流程)."""

import asyncio
from collections import deque

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.messages import DisputeResult, DisputeStart
    from activities.names import DISPUTE_WORKFLOW

from workflows import steps
from workflows.desk import Declined, Desk, GoesOnAnew
from workflows.doors import Doors, as_failure, named_by_action
from workflows.effects import Effect, carry_out

CANCEL_ASKED = "收到 Temporal 取消流程的请求，没有执行，案件继续办理；撤回、办结请按程序办理"


@workflow.defn(name=DISPUTE_WORKFLOW)
@named_by_action
class DisputeWorkflow(Doors):
    """One matter: a dispute, or a lead that may become one."""

    @workflow.init
    def __init__(self, start: DisputeStart) -> None:
        super().__init__(Desk(start))

    @workflow.run
    async def run(self, start: DisputeStart) -> DisputeResult:
        """The matter's life. A cancel request does not end it: only the plan's own ways do, and it is kept on record."""
        life = asyncio.create_task(self._live(start))
        while True:
            try:
                return await asyncio.shield(life)
            except asyncio.CancelledError:
                # A workflow that is put out of the cache has all its tasks cancelled: that is no request.
                if life.done() or life.cancelling():
                    raise
                self.desk.in_background(self._note_cancel_request())

    async def _live(self, start: DisputeStart) -> DisputeResult:
        try:
            await self.desk.register(start)
        except Declined as error:
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise as_failure(error) from None
        self.desk.in_background(self.desk.timers.watch_the_others())
        self.desk.in_background(self._carry_out(self.desk.effects))
        self.desk.in_background(self._carry_out(self.desk.notices))
        try:
            await follow_the_chart(self.desk)
        except GoesOnAnew:
            workflow.logger.info("goes on in a new run")
        self.desk.end_flow()

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

    async def _note_cancel_request(self) -> None:
        try:
            await self.desk.note(CANCEL_ASKED)
        except Declined as error:
            workflow.logger.info("never registered: %s", error.declined.code)


async def follow_the_chart(desk: Desk) -> None:
    """The flow chart. A part that the matter is not in is passed; 改级 or 重新办理 bring it back to an earlier one."""
    while not desk.dispute.is_over:
        seen = desk.dispute.version
        await steps.check_lead(desk)  # 线索：核查，或转争议
        await steps.review(desk)  # 一、争议受理：初审、补正；不予受理、移送、并案
        await steps.follow_route(desk)  # 二、分类处置；三、联合调处：直办、会商、联席会议……
        await steps.inform(desk)  # 四、结果告知
        await steps.execute(desk)  # 四、后续执行
        await steps.call_back(desk)  # 四、回访；不满意的重新办理
        await steps.close(desk)  # 办结、归档
        if desk.dispute.version == seen:
            raise RuntimeError("the flow came round without anything having happened")
