"""How a matter is reached: an update and a signal for each kind of action, by its own name, and a few of the system's.

A handler that cannot be called with what came would fail the workflow task for ever. So each takes whatever number of
payloads comes, and each payload undecoded; to the SDK it shows the one it asks for.
"""

import inspect
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.messages import Decline, Receipt, Take
    from activities.names import ADVANCE, CATCH_UP, LET_GO, REGISTERED, STANDING
    from domain.actions import VERBS
    from domain.events import Declined as DeclinedFact

from workflows.desk import Declined, Desk
from workflows.reading import UNKNOWN, Unreadable, plain_name, read_moment, read_take, read_version

SERVED_AT_ONCE = 5
"""Signals that wait for the desk side by side; further ones stand in line behind them. Those that come together are read
in one workflow task, which has two seconds."""

Cls = TypeVar("Cls", bound="type[Doors]")
Raws = Sequence[Any]
"""RawValue where one came, as it should; whatever the SDK made of them where several did."""


class Doors:
    """The handlers of a matter's workflow."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._line: deque[tuple[str, Raws]] = deque()
        self._served = 0
        self._read: dict[str, Take] = {}
        """What the validator has read, by the update's id, for its handler."""

    async def act_by_update(self, kind: str, raws: Raws) -> Receipt:
        """An officer's action; refused with its reason, in Chinese, when it cannot be taken."""
        try:
            return await self.desk.take(self._read.pop(_update_id(), None) or read_take(raws, kind))
        except Unreadable as error:
            raise _unreadable(error) from None
        except Declined as error:
            raise as_failure(error) from None

    def refuse_act(self, kind: str, raws: Raws) -> None:
        """Reject, before it is part of the history, what can never become possible any more.

        Whatever depends on the moment, the policy or what the ledger may know more of is the ledger's to refuse.
        """
        try:
            take = read_take(raws, kind)
        except Unreadable as error:
            raise _unreadable(error) from None
        if late := self.desk.too_late(take.act):
            raise as_failure(Declined(late))
        self._read[_update_id()] = take

    async def by_signal(self, name: str, raws: Raws) -> None:
        """Every signal, in the order they came. A flood stands in line: thousands that start at once would take longer
        than a workflow task may."""
        self.desk.signals += 1
        self._line.append((name, raws))
        if self._served >= SERVED_AT_ONCE:
            return
        self._served += 1
        while self._line:
            await self._serve(*self._line.popleft())
        self._served -= 1

    @workflow.update(name=REGISTERED, description="系统：等待登记回执")
    async def registered(self) -> Receipt:
        """The receipt of registration, as soon as there is one."""
        try:
            await self.desk.wait_registered()
        except Declined as error:
            raise as_failure(error) from None
        return self.desk.receipt()

    @registered.validator
    def _registered_takes_nothing(self) -> None:
        """Rejects an update with the wrong number of payloads; the handler itself would fail the workflow task."""

    @workflow.update(name=LET_GO, description="系统：演示时钟改走真实时间（仅演示案件）")
    async def let_go(self) -> Receipt:
        """Let a demonstration's clock go; how the matter stands then."""
        try:
            await self.desk.let_go()
        except Declined as error:
            raise as_failure(error) from None
        return self.desk.receipt()

    @let_go.validator
    def _only_a_paced_clock_is_let_go(self) -> None:
        if not self.desk.clock.clock.pace:
            raise ApplicationError(
                "本案按真实时间办理，没有演示时钟", None, type="real_time", non_retryable=True
            )

    @workflow.query(name=STANDING, description="流程所知的案件状态")
    def standing(self) -> Receipt:
        """How the matter stands as the workflow knows it, to be compared with the ledger."""
        return self.desk.receipt()

    @workflow.signal(dynamic=True, description="其他名称：不予办理，留存记录")
    async def by_unknown_signal(self, name: str, args: Sequence[RawValue]) -> None:
        """A signal of no known name: kept as refused, where the administrator sees it."""
        await self.by_signal(name, args)

    @workflow.update(dynamic=True, description="其他名称：一律拒绝")
    async def by_unknown_update(self, name: str, args: Sequence[RawValue]) -> None:
        """Never accepted."""

    @by_unknown_update.validator
    def _no_such_update(self, name: str, args: Sequence[RawValue]) -> None:
        said = plain_name(name)
        reason = f"没有名为“{said}”的操作，可用的操作见 temporal workflow metadata"
        raise ApplicationError(reason, None, type="unknown_update", non_retryable=True)

    async def _serve(self, name: str, raws: Raws) -> None:
        if name in VERBS:
            await self._act_by_signal(name, raws)
        elif name == ADVANCE and len(raws) == 1:
            self.desk.clock.acted(None, read_moment(raws[0]))
        elif name == CATCH_UP and len(raws) <= 1:
            await self._catch_up(read_version(raws[0]) if raws else None)
        else:
            await self._keep(UNKNOWN, UNKNOWN, _declined_signal(name))

    async def _act_by_signal(self, kind: str, raws: Raws) -> None:
        """The same as by update, for another system; a refusal is kept as an event of the dispute."""
        try:
            await self.desk.take(read_take(raws, kind, by_signal=True))
        except Unreadable as error:
            fact = DeclinedFact(
                action=error.action, code=error.code, reason=str(error), outside=error.outside
            )
            await self._keep(error.unit, error.officer, fact)
        except Declined as error:
            workflow.logger.info("signal declined: %s", error.declined.code)

    async def _catch_up(self, since: int | None) -> None:
        try:
            await self.desk.catch_up(since)
        except Declined as error:
            workflow.logger.info("never registered: %s", error.declined.code)

    async def _keep(self, unit: str, officer: str, fact: DeclinedFact) -> None:
        try:
            await self.desk.keep_declined(unit, officer, fact)
        except Declined as error:
            workflow.logger.info("never registered: %s", error.declined.code)


def named_by_action(cls: Cls) -> Cls:
    """Give a workflow an update and a signal for every kind of action, and its signals of the system."""
    for kind, said in VERBS.items():
        setattr(cls, f"update_{kind}", _update(kind, said))
        setattr(cls, f"signal_{kind}", _signal(kind, said))
    setattr(cls, f"signal_{ADVANCE}", _signal(ADVANCE, "系统：推进演示时钟"))
    setattr(cls, f"signal_{CATCH_UP}", _signal(CATCH_UP, "系统：与台账对齐"))
    return cls


def _update(kind: str, said: str) -> Any:
    async def take(self: Doors, *raws: Any) -> Receipt:
        return await self.act_by_update(kind, raws)

    def check(self: Doors, *raws: Any) -> None:
        self.refuse_act(kind, raws)

    update: Any = workflow.update(name=kind, description=said)(_as_one_raw(take, f"update_{kind}", Receipt))
    update.validator(_as_one_raw(check, f"refuse_{kind}", None))
    return update


def _signal(name: str, said: str) -> Any:
    async def take(self: Doors, *raws: Any) -> None:
        await self.by_signal(name, raws)

    shown = _as_one_raw(take, f"signal_{name}", None)
    return workflow.signal(name=name, description=said)(shown)


def _as_one_raw(handler: Callable[..., Any], name: str, returns: type | None) -> Any:
    """The handler, shown to the SDK as one that takes a single undecoded payload."""
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter("self", kind), inspect.Parameter("raw", kind, annotation=RawValue)]
    shown: Any = handler
    shown.__name__ = shown.__qualname__ = name
    shown.__signature__ = inspect.Signature(parameters, return_annotation=returns)
    shown.__annotations__ = {"raw": RawValue, "return": returns}
    return shown


def _update_id() -> str:
    info = workflow.current_update_info()
    return info.id if info else ""


def _declined_signal(name: str) -> DeclinedFact:
    said = plain_name(name)
    if name in (ADVANCE, CATCH_UP):
        return DeclinedFact(action=said, code="malformed", reason=f"信号 {said} 须带且只带一项内容")
    reason = f"没有名为“{said}”的信号，可用的信号见 temporal workflow metadata"
    return DeclinedFact(action=said, code="unknown_signal", reason=reason)


def _unreadable(error: Unreadable) -> ApplicationError:
    return as_failure(Declined(Decline(code=error.code, message=str(error), field=error.field)))


def as_failure(error: Declined) -> ApplicationError:
    """A refusal as its sender's client receives it."""
    declined = error.declined
    return ApplicationError(declined.message, declined.field, type=declined.code, non_retryable=True)
