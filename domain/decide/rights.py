"""Rights that lapse: the windows for going to arbitration, to court, and for asking the court to enforce.

Each runs from the event the law names, reminds once and makes nobody late.
"""

from datetime import date, datetime, time

from domain.decide.common import moment_on
from domain.draft import Draft
from domain.words import SHANGHAI

ENFORCING = ("order_final", "enforcement_window")
WAITING = "enforcement_earliest"
ORDER, DEMAND = "限期缴纳通知书", "催告书"


def order_served(draft: Draft, served_on: date, by: str | None = None) -> None:
    """六个月 in which the firm may sue, then three months to ask the court for enforcement (行政强制法 53).

    ``by``: what the receipt says of the service, where it is not the acting form's own.
    """
    forgo(draft, *ENFORCING)
    final = draft.start_clock("order_final", draft.unit, at=moment_on(draft, served_on), start_event=by)
    begins = datetime.combine(final.due_on, time(0), tzinfo=SHANGHAI)
    draft.start_clock("enforcement_window", draft.unit, at=begins, start_event="起诉期限届满")


def demand_served(draft: Draft, served_on: date, by: str | None = None) -> None:
    """The ten working days before which nobody may enforce (行政强制法 54)."""
    if not draft.clocks(WAITING):
        draft.start_clock(WAITING, draft.unit, at=moment_on(draft, served_on), start_event=by)


def paper_served(draft: Draft, name: str, served_on: date, by: str) -> None:
    """What the law counts from a paper's service."""
    if name == ORDER:
        order_served(draft, served_on, by)
    elif name == DEMAND:
        forgo(draft, WAITING)
        demand_served(draft, served_on, by)


def paper_revoked(draft: Draft, name: str) -> None:
    """What counted from its service does so no more."""
    forgo(draft, *({ORDER: ENFORCING, DEMAND: (WAITING,)}.get(name, ())))


def guided(draft: Draft, ways: list[str]) -> None:
    """一年 for arbitration, counted anew from the day relief was asked for here (劳动争议调解仲裁法 27)."""
    if any("仲裁" in way for way in ways):
        forgo(draft, "arbitration_limit")
        asked = draft.d.asked_at
        draft.start_clock("arbitration_limit", draft.d.center, at=asked, start_event=asked.isoformat())


def ruling_received(draft: Draft, ruling: str, received_on: date) -> None:
    """The days in which a ruling that is not in force may be taken to court."""
    rule = draft.policy.ruling_clocks.get(ruling)
    if rule and not draft.clocks(rule):
        draft.start_clock(rule, draft.d.center, at=moment_on(draft, received_on))


def went_on(draft: Draft, on: date | None = None) -> None:
    """A party has gone to arbitration or to court: its right is used, and the order is no longer left unchallenged.

    ``on``: when that was begun, where it is told; whether it was in time is judged by it (劳动争议调解仲裁法 27).
    """
    used = on and moment_on(draft, on)
    draft.stop_clocks("arbitration_limit", *draft.policy.ruling_clocks.values(), at=used)


def forgo(draft: Draft, *rules: str) -> None:
    """What these windows were for is settled otherwise."""
    for clock in draft.clocks(*rules):
        draft.lapse_clock(clock)
