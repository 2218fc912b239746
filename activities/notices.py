"""Notices to units. The gateway is an interface: here they go to the log, in a county to its own platform."""

from typing import Protocol

import structlog
from temporalio import activity

from activities.messages import Notice
from ledger.notices import keep_sent, sent_of
from ledger.store import Ledger


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
            "notice", case_no=notice.case_no, unit=notice.unit, text=notice.words, key=notice.key
        )


class OnceGateway:
    """Sends of a notice what the ledger does not know as sent.

    A matter restarted from its events asks for all its notices again; only what never went out goes out. A crash
    between the sending and its note repeats one notice: better twice than never.
    """

    def __init__(self, gateway: Gateway, ledger: Ledger) -> None:
        self._gateway = gateway
        self._ledger = ledger

    def send(self, notice: Notice) -> None:
        """Deliver what of one notice did not go out before."""
        left = notice.without(sent_of(self._ledger.engine, notice.keys))
        if left:
            self._gateway.send(left)
            keep_sent(self._ledger.engine, left.keys)


class NoticeActivities:
    """Activities bound to a gateway."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    @activity.defn
    def send_notice(self, notice: Notice) -> None:
        """Send one notice; the workflow's retry policy gives up loudly after a while."""
        self._gateway.send(notice)
