"""What whoever is told the result reads of it: of each claim what is decided, of which sum, and what follows until when."""

from collections.abc import Iterator
from decimal import Decimal
from typing import cast

from domain import chinese
from domain.decide import writing
from domain.decide.common import owes_execution
from domain.dispute import Dispute
from domain.draft import Draft
from domain.policy import Policy
from domain.remedies import OPINION, ORDER, in_force
from domain.state import SubItem

CARRIED_OUT = "由主办单位按处置意见执行，并接受回访"
GUIDED = "请按所指引的法律途径，在法定期限内向有关机构提出"
NOTHING_LEFT = "没有需要继续执行的事项"


def by_claim(policy: Policy, d: Dispute) -> writing.ByClaim:
    """Of each claim that is decided its conclusion, the measure, the sums, and why not all of it."""
    measures, reasons = _of_opinions(policy, d, "处置"), _of_opinions(policy, d, "理由")
    return {
        no: writing.joined(
            str(item.conclusion), measures.get(no), *_sums(item, measures.get(no, "")), _why(reasons.get(no))
        )
        for no, item in d.sub_items.items()
        if item.conclusion
    }


def _of_opinions(policy: Policy, d: Dispute, field: str) -> writing.ByClaim:
    """What the opinions in force say of each claim under this name."""
    named = policy.paper(OPINION)
    found: writing.ByClaim = {}
    for paper in in_force(policy, d):
        if paper.name == named:
            found |= cast("writing.ByClaim", paper.fields.get(field, {}))
    return found


def _sums(item: SubItem, measure: str) -> Iterator[str]:
    """Its sums, but those that the measure names."""
    known = (
        ("认定本金", item.recognised if item.premium else None),
        ("认定退费", item.refund_due),
        ("已到账", item.paid or None),
        ("尚欠", item.missing if item.paid and item.missing else None),
        ("已退费", item.refunded or None),
    )
    for word, amount in known:
        said = None if amount is None else chinese.money(amount)
        if said and (not word.startswith("认定") or said not in measure):
            yield word + said


def _why(reason: str | None) -> str | None:
    return f"理由：{reason}" if reason else None


def arrangement(draft: Draft) -> list[str]:
    """执行安排: what is to be paid until when, by orders and by the agreement; else who carries out what was decided."""
    d = draft.d
    if not d.disposed_at and d.guided_at:
        return [GUIDED]
    if not owes_execution(draft):
        return [NOTHING_LEFT]
    return [*_ordered(draft.policy, d), *_agreed(d), CARRIED_OUT]


def _ordered(policy: Policy, d: Dispute) -> Iterator[str]:
    named = policy.paper(ORDER)
    for paper in in_force(policy, d):
        if paper.name == named and paper.fields.get("本金"):
            due = chinese.money(Decimal(paper.fields["本金"]))
            yield f"《{named}》责令被反映单位自收到之日起{paper.fields['期限']}内缴纳本金{due}"


def _agreed(d: Dispute) -> Iterator[str]:
    mediation = d.mediation
    if mediation and mediation.agreed_at and not mediation.defaulted:
        for part in mediation.instalments:
            yield f"按调解协议，{chinese.day(part.due)}缴纳{chinese.money(part.amount)}"
