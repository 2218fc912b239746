"""Notices to units. The gateway is an interface: here they go to the log, in a county to its own platform."""

from typing import Protocol

import structlog
from temporalio import activity

from activities.messages import Notice


class Gateway(Protocol):
    """Carries a notice to a unit, once per ``key``; raises when it cannot."""

    def send(self, notice: Notice) -> None:
        """Deliver one notice."""
        ...


class LogGateway:
    """Writes notices to the log: the stand-in where no messaging platform can be reached."""

    def send(self, notice: Notice) -> None:
        """Log one notice."""
        structlog.get_logger(__name__).info(
            "notice", case_no=notice.case_no, unit=notice.unit, text=notice.text, key=notice.key
        )


class NoticeActivities:
    """Activities bound to a gateway."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    @activity.defn
    def send_notice(self, notice: Notice) -> None:
        """Send one notice; the workflow's retry policy gives up loudly after a while."""
        self._gateway.send(notice)
