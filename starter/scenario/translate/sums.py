"""Sums of a story by claim: what was claimed, what is owed, what comes later, and how one sum is split."""

import calendar
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from domain.dispute import Dispute
from domain.owed import LATE_FEE_A_DAY, claim_of, levied
from starter.scenario.translate.scene import CENT, Scene, as_money

ZERO = Decimal(0)
Sums = dict[str, Decimal]


def claimed(d: Dispute, no: str) -> Decimal:
    """What was claimed under this number; 0 where that is unknown."""
    claim = claim_of(d, no)
    return (as_money(claim.amount) if claim else None) or ZERO


def owed(d: Dispute) -> Sums:
    """What was recognised and has not reached the fund, by claim."""
    return {s.no: s.missing for s in levied(d) if s.missing}


def still_claimed(d: Dispute) -> Sums:
    """What is owed; where nothing has been recognised, what was claimed and not paid."""
    if any(s.recognised is not None for s in levied(d)):
        return owed(d)
    return {s.no: due for s in levied(d) if (due := s.still_due(claimed(d, s.no)))}


def later_payments(scene: Scene) -> tuple[Sums, Decimal]:
    """What the story pays from here on: by the claim it names, and without naming one."""
    by_claim: Sums = {}
    loose = ZERO
    for step in scene.later("payment_received"):
        sum_ = as_money(step.data.get("principal")) or ZERO
        claim = step.data.get("sub_item")
        if claim is None:
            loose += sum_
        else:
            by_claim[str(claim)] = by_claim.get(str(claim), ZERO) + sum_
    return by_claim, loose


def split(total: Decimal, weights: Sums, known: Sums) -> Sums:
    """A sum over claims: what is known of some first, the rest by weight, the remainder on the last."""
    parts: Sums = {}
    left = total
    for no in weights:
        if known.get(no):
            parts[no] = min(known[no], left)
            left -= parts[no]
    open_ = [no for no in weights if no not in parts] or list(weights)[-1:]
    whole = sum((weights[no] for no in open_), ZERO)
    rest = left
    for no in open_[:-1]:
        share = weights[no] / whole if whole else Decimal(1) / len(open_)
        mine = (left * share).quantize(CENT, ROUND_HALF_UP)
        parts[no] = mine
        rest -= mine
    parts[open_[-1]] = parts.get(open_[-1], ZERO) + rest
    return {no: parts[no] for no in weights}


def poured(total: Decimal, owing: Sums, otherwise: Iterable[str]) -> Sums:
    """A payment over what is owed, the first claim first; what is more than owed goes to the last of them."""
    parts: Sums = {}
    for no, sum_ in owing.items():
        if total <= 0:
            break
        parts[no] = min(sum_, total)
        total -= parts[no]
    last = next(reversed(parts), None) or next(iter(otherwise), None)
    if last is not None and (total > 0 or not parts):
        parts[last] = parts.get(last, ZERO) + total
    return parts


def late_fee(d: Dispute, parts: Sums, day: date) -> Decimal:
    """The late fee on a payment, counted from the end of each claim's months; never less than a cent."""
    whole = ZERO
    for no, principal in parts.items():
        claim = claim_of(d, no)
        end = _last_day(claim.period.to) if claim and claim.period.to else day
        whole += principal * LATE_FEE_A_DAY * max((day - end).days, 0)
    return max(whole.quantize(CENT, ROUND_HALF_UP), CENT)


def _last_day(month: str) -> date:
    year, number = (int(part) for part in month.split("-"))
    return date(year, number, calendar.monthrange(year, number)[1])
