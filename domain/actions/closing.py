"""告知、执行、回访、撤回、结案: how a matter comes to its end."""

from typing import Literal

from pydantic import Field

from domain.actions.base import Body, Days, Names, Text
from domain.intake import ClaimNo
from domain.words import Money, Satisfaction, UnitName


class NotifyParty(Body):
    """结果告知 (or, after a refusal, the written notice and transfer)."""

    kind: Literal["notify_party"] = "notify_party"
    result: str | None = None
    to: str | None = None
    also_to: str | list[str] | None = None
    answers: list[str] = []
    document: str | None = None
    transferred_to: Names = []
    feedback_to: UnitName | None = None


class EnforceReport(Body):
    """执行反馈."""

    kind: Literal["enforce_report"] = "enforce_report"
    executed: bool
    act: str | None = None
    sub_item: ClaimNo | None = None
    period: str | None = None
    enrolled_from: str | None = None
    refund: Money | None = None
    late_fee: str | None = None
    feedback_to: UnitName | None = None


class PaymentReceived(Body):
    """到账: principal in yuan; the late fee is kept apart and never added to it."""

    kind: Literal["payment_received"] = "payment_received"
    principal: Money | None = Field(default=None, ge=0)
    sub_item: ClaimNo | None = None
    instalment: int | None = None
    lines: int | None = None
    late_fee_paid: bool | Money | None = None
    via: str | None = None
    collected_by: UnitName | None = None


class CallbackCall(Body):
    """A callback that was tried and not answered."""

    kind: Literal["callback_call"] = "callback_call"
    attempt: int
    result: Text


class CallbackAnswer(Body):
    """回访结果 (the questions of domain practice; Q6 is ``satisfaction``)."""

    kind: Literal["callback_answer"] = "callback_answer"
    method: str = "电话"
    satisfaction: Satisfaction
    received_result: bool | None = None
    solved: Literal["全部", "部分", "未"] | None = None
    paid_or_enrolled: bool | None = None
    category: str | None = None
    sample: str | None = None


class Withdraw(Body):
    """撤回申请."""

    kind: Literal["withdraw"] = "withdraw"
    stated_reason: str | None = None
    method: str | None = None


class WithdrawConfirm(Body):
    """撤回核实: nothing ends before free will has been checked."""

    kind: Literal["withdraw_confirm"] = "withdraw_confirm"
    free_will: bool | str
    result: str
    informed: Names = []


class Reopen(Body):
    """重新办理: once, by another officer."""

    kind: Literal["reopen"] = "reopen"
    to_officer: Text
    previous_officer: str | None = None
    deadline: Days | None = None


class CloseCase(Body):
    """结案; with ``archive`` also 归档."""

    kind: Literal["close_case"] = "close_case"
    archive: bool = False
    reason: str | None = None


class CloseAttempt(Body):
    """An attempt at closing; the same rules as 结案."""

    kind: Literal["close_attempt"] = "close_attempt"
    reason: str | None = None
