"""Sums that cannot be right: more than is owed of what was recognised."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from domain.chinese import yuan
from domain.declined import Declined
from domain.draft import Draft
from domain.intake import ClaimNo
from domain.owed import owed_at_most, recognised_left, said
from domain.words import SHANGHAI

WHAT_TO_DO = "多缴的按退费办理；认定有误的，请先更替处置意见"


class Sum(NamedTuple):
    """A sum of one claim as a form names it, yuan, and where."""

    claim: ClaimNo
    amount: Decimal
    place: str


def unknown_claims(draft: Draft, sums: Iterable[Sum]) -> Iterator[Declined]:
    """What is said of claims that are none of the matter's."""
    known = "、".join(sorted(draft.d.sub_items))
    for row in sums:
        if row.claim not in draft.d.sub_items:
            place = f"{row.place.rpartition('.')[0]}.claim".removeprefix(".")
            yield Declined("unknown_claim", f"没有子项 {row.claim}，本案子项：{known}", place)


def beyond_recognised(draft: Draft, sums: Iterable[Sum]) -> Iterator[Declined]:
    """Principal above what is still owed of a claim; a claim that is named twice is counted together."""
    named: dict[ClaimNo, Sum] = {}
    for row in sums:
        before = named[row.claim].amount if row.claim in named else Decimal(0)
        named[row.claim] = row._replace(amount=row.amount + before)
    for no, row in named.items():
        item = draft.d.sub_items.get(no)
        if item is None or item.recognised is None or not item.premium or row.amount <= item.missing:
            continue
        told = f"子项 {no} 的本金 {yuan(row.amount)}超过尚欠的本金（{said(item)}）；{WHAT_TO_DO}"
        yield Declined("too_much", told, row.place)


def beyond_owed(draft: Draft, amount: Decimal) -> Iterator[Declined]:
    """Principal and late fee together above all that can be owed."""
    most = owed_at_most(draft.d, draft.now.astimezone(SHANGHAI).date())
    if most is not None and amount > most:
        told = (
            f"金额 {yuan(amount)}超过本案可能欠缴的本金和滞纳金（至多 {yuan(most)}，滞纳金自所属期起按日万分之五计）；"
            "请核对金额；认定有误的，请先更替处置意见"
        )
        yield Declined("too_much", told, "amount")


def beyond_agreed(draft: Draft, amount: Decimal | None) -> Iterator[Declined]:
    """An agreement on more principal than is still owed of what was recognised."""
    left = recognised_left(draft.d)
    if amount is not None and left is not None and amount > left:
        told = f"补缴本金 {yuan(amount)}超过认定后尚欠的 {yuan(left)}，请核对；认定有误的，请先更替处置意见"
        yield Declined("too_much", told, "amount")


def beyond_refund(draft: Draft, claim: ClaimNo, amount: Decimal) -> Iterator[Declined]:
    """A refund above what was decided to be paid back."""
    item = draft.d.sub_items.get(claim)
    if item is None or item.refund_due is None or amount <= max(item.refund_due - item.refunded, Decimal(0)):
        return
    told = f"子项 {claim} 的退费 {yuan(amount)}超过尚可退的金额（{said(item)}）；认定有误的，请先更替处置意见"
    yield Declined("too_much", told, "amount")
