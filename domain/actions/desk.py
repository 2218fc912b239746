"""签收、退单、派单、延期、转办: what a unit does with a task."""

from typing import Literal

from domain.actions.base import Body, Days, Text
from domain.words import UnitName


class SignFor(Body):
    """签收."""

    kind: Literal["claim"] = "claim"
    task: str | None = None
    note: str | None = None


class SendBack(Body):
    """退单: reviewed once by the dispatcher, then final."""

    kind: Literal["return"] = "return"
    reason: Text
    reason_code: str | None = None
    suggested_unit: UnitName | None = None


class Dispatch(Body):
    """派单, 改派."""

    kind: Literal["dispatch"] = "dispatch"
    lead: UnitName
    co: list[UnitName] = []
    redispatch: bool = True
    note: str | None = None


class RequestExtension(Body):
    """延期申请."""

    kind: Literal["request_extension"] = "request_extension"
    days: Days
    reason: Text


class ApproveExtension(Body):
    """批准延期."""

    kind: Literal["approve_extension"] = "approve_extension"
    days: Days | None = None
    reason: str | None = None


class RejectExtension(Body):
    """不批准延期."""

    kind: Literal["reject_extension"] = "reject_extension"
    days: Days | None = None
    reason: str | None = None


class Transfer(Body):
    """Pass a task to another officer of the same unit."""

    kind: Literal["transfer"] = "transfer"
    to_officer: Text
    reason: str | None = None
