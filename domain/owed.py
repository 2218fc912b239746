"""What of a claim was asked for, recognised, paid and is still owed: reckoned and said here alone, yuan."""

from datetime import date
from decimal import Decimal

from domain.chinese import yuan
from domain.dispute import Dispute
from domain.intake import Claim, ClaimNo
from domain.state import SubItem
from domain.words import Conclusion

LATE_FEE_A_DAY = Decimal("0.0005")
"""社会保险法第八十六条: 万分之五 a day."""


def claim_of(d: Dispute, no: ClaimNo) -> Claim | None:
    """The claim of this number as it was registered."""
    return next((c for c in d.facts.claims if c.no == no), None)


def claimed(d: Dispute, no: ClaimNo) -> Decimal | None:
    """What is asked for under this number."""
    claim = claim_of(d, no)
    return claim.amount if claim else None


def levied(d: Dispute) -> list[SubItem]:
    """The premium claims that are not rejected."""
    return [s for s in d.sub_items.values() if s.premium and s.conclusion != Conclusion.REJECT]


def claimed_in_all(d: Dispute) -> Decimal:
    """What is asked for under the premium claims that are not rejected; unknown sums count nothing."""
    return sum((claimed(d, s.no) or Decimal(0) for s in levied(d)), Decimal(0))


def still_owed(d: Dispute) -> dict[ClaimNo, Decimal]:
    """What is still owed of each premium claim: of what was recognised, before that of what is claimed."""
    left = {s.no: s.still_due(claimed(d, s.no)) for s in d.sub_items.values()}
    return {no: due for no, due in left.items() if due}


def recognised_left(d: Dispute) -> Decimal | None:
    """What is still owed in all; ``None`` while some premium claim was not recognised with a sum."""
    items = levied(d)
    if not items or any(s.recognised is None for s in items):
        return None
    return sum((s.missing for s in items), Decimal(0))


def owed_at_most(d: Dispute, today: date) -> Decimal | None:
    """What is still owed with the largest late fee that the law knows: counted from the first month in dispute.

    ``None`` where a sum or its months are not known.
    """
    left = recognised_left(d)
    if left is None:
        return None
    fee = Decimal(0)
    for item in levied(d):
        claim = claim_of(d, item.no)
        begun = claim.period.from_ if claim else None
        if begun is None:
            return None
        days = max((today - date.fromisoformat(f"{begun}-01")).days, 0)
        fee += (item.recognised or Decimal(0)) * LATE_FEE_A_DAY * days
    return left + fee.quantize(Decimal("0.01"))


def said(item: SubItem) -> str:
    """How a claim stands: 认定、已到账、尚欠; nothing while nothing was recognised, paid or refunded."""
    parts: list[str] = []
    if item.premium and item.recognised is not None:
        parts += [
            f"认定 {yuan(item.recognised)}",
            f"已到账 {yuan(item.paid)}",
            f"尚欠 {yuan(item.missing)}",
        ]
    elif item.paid:
        parts.append(f"已到账 {yuan(item.paid)}")
    if item.refund_due is not None:
        parts += [f"认定退费 {yuan(item.refund_due)}", f"已退 {yuan(item.refunded)}"]
    return "，".join(parts)
