"""A matter's whole life, in the order of the plan's annex (偏关县社会保险费征缴争议联合处置工作流程)."""

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.messages import DisputeResult, DisputeStart, Receipt
    from activities.names import ACT, ADVANCE, DISPUTE_WORKFLOW, REGISTERED
    from domain.actions import Act
    from domain.events import Refused

from workflows import steps
from workflows.desk import Desk, TurnedDown
from workflows.effects import carry_out
from workflows.reading import Unreadable, read_act, read_moment


@workflow.defn(name=DISPUTE_WORKFLOW)
class DisputeWorkflow:
    """One matter: a dispute, or a lead that may become one."""

    @workflow.init
    def __init__(self, start: DisputeStart) -> None:
        self.desk = Desk(start)

    @workflow.run
    async def run(self, start: DisputeStart) -> DisputeResult:
        """The flow chart. Each step waits for its milestone; the officers' actions and the clocks bring it about."""
        await self.desk.register(start)
        self.desk.in_background(self.desk.watch())
        self.desk.in_background(self._carry_out_effects())

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
            resumed = {"resumed": d, "clock": self.desk.clock.snapshot()}
            workflow.continue_as_new(start.model_copy(update=resumed))
        return DisputeResult(case_no=d.case_no, kind=d.kind, outcome=d.outcome, stage=d.stage)

    async def _carry_out_effects(self) -> None:
        desk = self.desk
        while True:
            await workflow.wait_condition(lambda: bool(desk.effects) or desk.dispute.is_over)
            if not desk.effects:
                return
            try:
                await carry_out(desk.effects[0], desk.clock.snapshot())
            except ActivityError as error:
                workflow.logger.error("effect given up: %s", error.cause.__class__.__name__)
            desk.effects.popleft()

    @workflow.update(name=REGISTERED)
    async def registered(self) -> Receipt:
        """The receipt of registration, as soon as there is one."""
        await workflow.wait_condition(lambda: self.desk.registered)
        return self.desk.receipt()

    @workflow.update(name=ACT)
    async def act_by_update(self, raw: RawValue) -> Receipt:
        """An officer's action; refused with its reason, in Chinese, when it cannot be taken."""
        try:
            return await self.desk.take(read_act(raw))
        except Unreadable as error:
            raise ApplicationError(str(error), type="malformed", non_retryable=True) from None
        except TurnedDown as error:
            turned = error.turned
            raise ApplicationError(
                turned.message, turned.field, type=turned.code, non_retryable=True
            ) from None

    @workflow.signal(name=ACT)
    async def act_by_signal(self, raw: RawValue) -> None:
        """The same for another system; a refusal is kept as an event of the dispute."""
        act: Act | None = None
        try:
            act = read_act(raw)
            await self.desk.take(act, by_signal=True)
        except Unreadable as error:
            refused = Refused(action=error.action, code="malformed", reason=str(error))
            await self.desk.keep_refusal(error.unit, error.officer, refused)
        except TurnedDown as error:
            workflow.logger.info("signal turned down: %s", error.turned.code)

    @workflow.signal(dynamic=True)
    async def unknown_signal(self, name: str, args: Sequence[RawValue]) -> None:
        """A signal nobody knows is kept as a refused event."""
        refused = Refused(
            action=name[:80], code="unknown_signal", reason=f"没有名为“{name[:80]}”的信号，请用“{ACT}”"
        )
        await self.desk.keep_refusal("未知", "未知", refused)

    @workflow.signal(name=ADVANCE)
    def advance(self, raw: RawValue) -> None:
        """How far a demonstration's clock may run; without effect on a real one."""
        moment = read_moment(raw)
        if moment:
            self.desk.clock.acted(None, moment)
