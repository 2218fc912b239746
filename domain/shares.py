"""What of a matter's sums is of which claim: over all its claims they add up to its own (:mod:`domain.outcome`)."""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from domain.dispute import Dispute
from domain.intake import ClaimNo
from domain.state import Payment

CENT = Decimal("0.01")
NOTHING = Decimal(0)


class Sums(NamedTuple):
    """Yuan: claimed, recognised, paid to the county, and the county's late fees."""

    claimed: Decimal = NOTHING
    recognised: Decimal = NOTHING
    paid: Decimal = NOTHING
    late_fee: Decimal = NOTHING

    def plus(self, other: "Sums") -> "Sums":
        """Both together."""
        return Sums(*(one + another for one, another in zip(self, other, strict=True)))


def sums_of_claims(d: Dispute) -> dict[ClaimNo, Sums]:
    """Every claim's, those that nothing was registered of included."""
    ours = [p for p in d.payments if not p.elsewhere]
    claimed = {c.no: c.amount for c in d.facts.claims if c.insurance and c.amount}
    parts = (claimed, _recognised(d), _principal(ours), _late_fees(ours))
    numbers = dict.fromkeys([*(c.no for c in d.facts.claims), *(no for its in parts for no in its)])
    return {no: Sums(*(its.get(no, NOTHING) for its in parts)) for no in numbers}


def _recognised(d: Dispute) -> dict[ClaimNo, Decimal]:
    """Where a disposition names no sum, what was paid on it, whoever collected it."""
    if d.recognised is None:
        return _principal(d.payments) if d.disposed_at else {}
    return {no: s.recognised for no, s in d.sub_items.items() if s.premium and s.recognised is not None}


def _principal(payments: list[Payment]) -> dict[ClaimNo, Decimal]:
    paid: dict[ClaimNo, Decimal] = defaultdict(Decimal)
    for payment in payments:
        for no, principal in payment.parts.items():
            paid[no] += principal
    return paid


def _late_fees(payments: list[Payment]) -> dict[ClaimNo, Decimal]:
    fees: dict[ClaimNo, Decimal] = defaultdict(Decimal)
    for payment in payments:
        for no, fee in _late_fee(payment).items():
            fees[no] += fee
    return fees


def _late_fee(payment: Payment) -> dict[ClaimNo, Decimal]:
    """A payment names one late fee for all its claims; it accrues on their principal, and so is divided by it."""
    whole = payment.principal
    if not whole:
        return {next(iter(payment.parts)): payment.late_fee}
    fees: dict[ClaimNo, Decimal] = {}
    so_far = given = NOTHING
    for no, principal in payment.parts.items():
        so_far += principal
        fees[no] = (payment.late_fee * so_far / whole).quantize(CENT) - given
        given += fees[no]
    return fees
