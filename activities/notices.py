"""Notices to units. The gateway is an interface: the office's own (:mod:`activities.noticing`), or a county's platform."""

from typing import Protocol

from temporalio import activity

from activities.messages import Notice
from ledger.notices import keep_sent, sent_of
from ledger.store import Ledger


class Gateway(Protocol):
    """Carries a notice to a unit, once per ``key``; raises when it cannot."""

    def send(self, notice: Notice) -> None:
        """Deliver one notice."""
        ...


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
