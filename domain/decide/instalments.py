"""分期: which agreed payments have come, and which wait."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from domain.deadlines import Deadline
from domain.decide.common import moment_on
from domain.draft import Draft


class Part(NamedTuple):
    """One instalment of the agreement in force. ``due``: what must have come by its day, all before it included, yuan."""

    number: int
    clock: Deadline
    due: Decimal


def agreed(draft: Draft) -> Iterator[Part]:
    """The instalments in force, in their order."""
    parts = draft.d.mediation.instalments if draft.d.mediation else []
    clocks = [c for c in draft.d.clocks.values() if c.rule_id == "instalment"]
    due = Decimal(0)
    for number, (clock, part) in enumerate(zip(clocks[-len(parts) :], parts, strict=False), start=1):
        due += part.amount
        yield Part(number, clock, due)


def stop_paid(draft: Draft, named: int | None, on: date) -> None:
    """Stop the clocks of the instalments now paid; one that ran out unpaid waits for a payment that names it.

    ``on``: when the payment that is recorded now came in.
    """
    for part in list(agreed(draft)):
        day = on if part.number == named else _paid_on(draft, part.due)
        late = day is None or part.clock.overdue_at(moment_on(draft, day))
        if day and part.clock.is_open and (part.number == named or not late):
            draft.stop_clock(part.clock, at=moment_on(draft, day))


def _paid_on(draft: Draft, due: Decimal) -> date | None:
    """The day on which so much had come in."""
    came = Decimal(0)
    for payment in sorted(draft.d.payments, key=lambda p: p.paid_on):
        came += payment.principal
        if came >= due:
            return payment.paid_on
    return None


def run_unpaid_again(draft: Draft) -> None:
    """Let the clocks run again, towards their own days, of instalments that nothing pays any more."""
    named = {p.instalment for p in draft.d.payments}
    for part in list(agreed(draft)):
        stopped = not part.clock.is_open and not part.clock.lapsed
        if stopped and part.number not in named and draft.d.paid_in_all < part.due:
            draft.run_again(part.clock)
