"""What may well be a slip of the hand, though nothing forbids it: told before it is sent, and whoever sends it decides."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from domain.actions import Action
from domain.actions.days import coming, past
from domain.actions.disposal import FinishOnTheSpot, GiveOpinion, IssueDisposition
from domain.actions.execution import (
    ApplyEnforcement,
    DemandPerformance,
    OrderPayment,
    RecordPayment,
    RecordRefund,
)
from domain.actions.form import Span
from domain.actions.mediation import ConcludeAgreement, DraftAgreement
from domain.actions.meetings import (
    AnswerJointProposal,
    ConveneConsultation,
    ConveneJointMeeting,
    IssueConsultationMinutes,
    IssueJointMinutes,
    ProposeJointMeeting,
)
from domain.actions.telling import IssueInvestigationReport, SubmitFindings
from domain.chinese import moment, yuan
from domain.decide import happened, units
from domain.decide.rights import ORDER
from domain.decide.writing import IN_WRITING
from domain.dispute import Dispute
from domain.due import clock_of
from domain.intake import ClaimNo, Intake
from domain.owed import claimed, claimed_in_all, levied, owed_at_most, recognised_left
from domain.policy import Policy
from domain.tasks import TaskKind
from domain.words import SHANGHAI, Conclusion, Regime

SLIP = 5
"""So many times what is claimed: a digit too many is likelier than so large a debt."""
LONG_AGO = timedelta(days=366)
LONG_SPAN = {"wd": 30, "d": 60, "h": 24 * 14}
"""Longer than any term of the law for what a form gives."""
FAR_AHEAD = timedelta(days=2 * 366)


RECEIVED_LONG_AGO = timedelta(days=30)
MANY_PEOPLE = 500
"""So many without a roll: a figure from hearsay, or one too many typed."""


class Caution(NamedTuple):
    """What looks odd, in Chinese, and at which field of the form."""

    field: str
    message: str


def cautions(d: Dispute, body: Action, policy: Policy, now: datetime) -> list[Caution]:
    """All that looks odd about a form that could be sent."""
    today = now.astimezone(SHANGHAI).date()
    special = _OF.get(body.kind)
    odd = special(d, body, today) if special else ()
    everywhere = (
        *_long_ago(body, today), *_to_come(body, today), *_long_spans(body), *_unlisted(body, policy),
    )  # fmt: skip
    meeting = (*_meeting(d, body, policy), *_too_early(d, body, now))
    found = [*everywhere, *meeting, *_ordered_before(d, body, policy), *odd]
    return [Caution(field, policy.say(message)) for field, message in dict.fromkeys(found)]


def registering(intake: Intake, now: datetime) -> list[Caution]:
    """The same about a registration: what its clocks and its risk hang on, and may well be a slip."""
    return list(_of_registration(intake, now))


def _of_registration(intake: Intake, now: datetime) -> Iterator[Caution]:
    received, people = intake.received_at.astimezone(SHANGHAI), intake.applicant
    if received < now - RECEIVED_LONG_AGO:
        days = (now - received).days
        yield Caution(
            "received_at", f"收件时间是 {received:%Y-%m-%d}，距今已 {days} 日，期限从那时起算，请核对年月日"
        )
    listed = len(people.members)
    if listed and people.headcount > listed:
        said = f"人数是 {people.headcount} 人，名册只有 {listed} 人，请核对人数或补全名册"
        yield Caution("applicant.headcount", said)
    if people.headcount > MANY_PEOPLE and not people.members:
        said = f"人数是 {people.headcount} 人，又没有名册，请核对是否多写了一位"
        yield Caution("applicant.headcount", said)
    begun = f"{happened.FIRST_PREMIUMS:%Y-%m}"
    for number, claim in enumerate(intake.claims):
        first = claim.period.from_ or claim.period.to
        if first and first < begun:
            said = f"第 {number + 1} 项诉求的所属期自 {first} 起，早于社会保险费开始征缴的 {begun}，请核对"
            yield Caution(f"claims.{number}.period", said)
        last, month = claim.period.to or claim.period.from_, f"{received:%Y-%m}"
        if last and last > month and claim.regime != Regime.RESIDENT:
            said = f"第 {number + 1} 项诉求的所属期止于 {last}，在收件当月（{month}）以后，请核对"
            yield Caution(f"claims.{number}.period", said)


def _long_ago(body: Action, today: date) -> Iterator[Caution]:
    for told, _ in past(body):
        if told.day < today - LONG_AGO:
            yield Caution(told.place, f"{told.title}是 {told.day}，距今已一年以上，请核对年份是否写错")


def _to_come(body: Action, today: date) -> Iterator[Caution]:
    for told, _ in coming(body):
        if told.day < today:
            yield Caution(told.place, f"{told.title}是 {told.day}，已经过去，请核对日期是否写错")
        elif told.day > today + FAR_AHEAD:
            yield Caution(told.place, f"{told.title}是 {told.day}，在两年以后，请核对年份是否写错")


def _long_spans(body: Action) -> Iterator[Caution]:
    for name, field in type(body).model_fields.items():
        span = getattr(body, name)
        if isinstance(span, Span) and span.length > LONG_SPAN[span.unit]:
            yield Caution(name, f"{field.title}有 {span} 之久，请核对是否多写了一位")


def _unlisted(body: Action, policy: Policy) -> Iterator[Caution]:
    for one in units.named(body):
        if policy.units.knows(one.unit) and not policy.units.lists(one.unit, policy.county.towns):
            said = f"县政策没有列出“{one.unit}”，只是名称合乎样式，请核对{one.title}是否写错"
            yield Caution(one.place, said)


Meeting = ConveneConsultation | ProposeJointMeeting | AnswerJointProposal | ConveneJointMeeting
SITS_UNTIL = {
    ConveneConsultation: TaskKind.CONVENE,
    ProposeJointMeeting: TaskKind.CONVENE_JOINT,
    AnswerJointProposal: TaskKind.CONVENE_JOINT,
    ConveneJointMeeting: TaskKind.CONVENE_JOINT,
}
"""The task whose limit a meeting is to keep."""


def _meeting(d: Dispute, body: Action, policy: Policy) -> Iterator[Caution]:
    """When units are to meet: not on a day off, not after the limit that runs, not at another time than was agreed."""
    if not isinstance(body, Meeting) or body.held_at is None:
        return
    at = body.held_at.astimezone(SHANGHAI)
    if not policy.calendar.is_working(at.date()):
        yield Caution("held_at", f"{moment(at)}不是工作日，请核对会议日期")
    tasks = d.open_tasks(SITS_UNTIL[type(body)])
    limit = min((c for t in tasks if (c := clock_of(d, t))), key=lambda c: c.due_at, default=None)
    if limit and not limit.is_paused and at > limit.due_at:
        yield Caution("held_at", f"会议定在{moment(at)}，在{limit.name}到期（{limit.due_on}）之后，请核对")
    agreed = d.proposal if isinstance(body, ConveneJointMeeting) else None
    if agreed and agreed.answer == "granted" and agreed.held_at != body.held_at:
        yield Caution("held_at", f"县政府同意的时间是{moment(agreed.held_at)}，这里定在{moment(at)}，请核对")


def _too_early(d: Dispute, body: Action, now: datetime) -> Iterator[Caution]:
    """Minutes of a meeting that has not been; what is asked for in writing may be answered before its day."""
    if not isinstance(body, IssueConsultationMinutes | IssueJointMinutes):
        return
    form = "联席会议" if isinstance(body, IssueJointMinutes) else "会商"
    owed = [m for m in d.meetings if m.form == form and m.minutes_at is None]
    if owed and owed[-1].held_at > now and owed[-1].mode != IN_WRITING:
        yield Caution("decision", f"会议定在{moment(owed[-1].held_at)}，还没有到时间，请核对是否已经开过")


def _far_above(d: Dispute, no: ClaimNo, word: str, amount: Decimal | None, place: str) -> Iterator[Caution]:
    asked = claimed(d, no)
    if amount and asked and amount >= SLIP * asked:
        times = (amount / asked).quantize(Decimal("0.1"))
        said = f"子项 {no} 的{word} {yuan(amount)}是主张金额 {yuan(asked)}的 {times} 倍，请核对是否多写了一位"
        yield Caution(place, said)


def _above_claimed(d: Dispute, no: ClaimNo, word: str, amount: Decimal, place: str) -> Iterator[Caution]:
    """Where nothing was recognised there is only the sum claimed to hold it against."""
    item, asked = d.sub_items.get(no), claimed(d, no)
    if item is None or item.recognised is not None or asked is None:
        return
    if item.conclusion == Conclusion.REJECT:
        yield Caution(place, f"子项 {no} 的结论是不支持，请核对{word}是否写错了子项")
    elif item.paid + amount > asked:
        before = f"，连同已到账的 {yuan(item.paid)}" if item.paid else ""
        said = f"子项 {no} 尚未认定本金，{word} {yuan(amount)}{before}高于主张金额 {yuan(asked)}，请核对"
        yield Caution(place, said)


GRANTING = (Conclusion.SUPPORT, Conclusion.PARTLY, "支持诉求")
DENYING = (Conclusion.REJECT, "不属本单位职责")


def _of_conclusion(
    d: Dispute, no: ClaimNo, conclusion: str, word: str, amount: Decimal | None, place: str
) -> Iterator[Caution]:
    """A sum that says otherwise than its conclusion, or is so large that a digit too many is likelier."""
    asked = claimed(d, no)
    if amount is None:
        return
    if conclusion in GRANTING and not amount:
        yield Caution(place, f"子项 {no} 的结论是{conclusion}，{word}却是 0 元，请核对")
    elif conclusion in DENYING and amount:
        yield Caution(place, f"子项 {no} 的结论是{conclusion}，却写了{word} {yuan(amount)}，请核对")
    elif conclusion == Conclusion.PARTLY and asked and asked <= amount < SLIP * asked:
        said = f"子项 {no} 的结论是部分支持，{word} {yuan(amount)}却不少于主张金额 {yuan(asked)}，请核对结论和金额"
        yield Caution(place, said)
    yield from _far_above(d, no, word, amount, place)


def _disposition(d: Dispute, body: IssueDisposition, today: date) -> Iterator[Caution]:
    for number, row in enumerate(body.results):
        at = f"results.{number}"
        for field, word, amount in (
            ("principal", "认定本金", row.principal),
            ("assessed", "核定本金", row.assessed),
            ("refund", "认定退费", row.refund),
            ("benefit", "补发金额", row.benefit),
        ):
            yield from _of_conclusion(d, row.claim, row.conclusion, word, amount, f"{at}.{field}")
        item = d.sub_items.get(row.claim)
        if item and row.recognised is not None and row.recognised < item.paid:
            said = f"子项 {row.claim} 的认定本金 {yuan(row.recognised)}低于已到账的 {yuan(item.paid)}，请核对"
            yield Caution(f"{at}.principal", said)


def _on_the_spot(d: Dispute, body: FinishOnTheSpot, today: date) -> Iterator[Caution]:
    for number, row in enumerate(body.results):
        yield from _of_conclusion(
            d, row.claim, row.conclusion, "金额", row.amount, f"results.{number}.amount"
        )


def _opinion(d: Dispute, body: GiveOpinion, today: date) -> Iterator[Caution]:
    for number, row in enumerate(body.views):
        yield from _of_conclusion(d, row.claim, row.stance, "认定金额", row.amount, f"views.{number}.amount")


def _findings(d: Dispute, body: SubmitFindings | IssueInvestigationReport, today: date) -> Iterator[Caution]:
    for number, row in enumerate(body.sums):
        yield from _far_above(d, row.claim, "应补本金", row.due, f"sums.{number}.due")


def _payment(d: Dispute, body: RecordPayment, today: date) -> Iterator[Caution]:
    for number, part in enumerate(body.parts):
        yield from _above_claimed(d, part.claim, "到账本金", part.principal, f"parts.{number}.principal")
    principal = sum((p.principal for p in body.parts), Decimal(0))
    if not principal and not body.late_fee:
        yield Caution("parts", "本金和滞纳金都是 0 元，请核对是否漏填")
    if principal and body.late_fee > principal:
        said = f"滞纳金 {yuan(body.late_fee)}高于本金 {yuan(principal)}，请核对两项是否填反"
        yield Caution("late_fee", said)
    for p in d.payments:
        if (p.paid_on, p.principal, p.late_fee) == (body.paid_on, principal, body.late_fee):
            yield Caution("parts", f"第 {p.no} 笔到账与本次同日同额，请核对是否重复登记")
    yield from _instalment(d, body.instalment, principal)


def _instalment(d: Dispute, number: int | None, principal: Decimal) -> Iterator[Caution]:
    parts = d.mediation.instalments if d.mediation else []
    agreed = parts[number - 1].amount if number and number <= len(parts) else None
    if agreed is not None and agreed != principal:
        said = (
            f"第 {number} 期约定 {yuan(agreed)}，本次到账本金 {yuan(principal)}，不相符；登记后该期按已缴处理"
        )
        yield Caution("instalment", said)


def _refund(d: Dispute, body: RecordRefund, today: date) -> Iterator[Caution]:
    item, asked = d.sub_items.get(body.claim), claimed(d, body.claim)
    if item and item.refund_due is None and asked is not None and item.refunded + body.amount > asked:
        said = f"子项 {body.claim} 没有认定退费的金额，退费 {yuan(body.amount)}高于主张金额 {yuan(asked)}，请核对"
        yield Caution("amount", said)


def _order(d: Dispute, body: OrderPayment, today: date) -> Iterator[Caution]:
    for number, row in enumerate(body.arrears):
        yield from _above_claimed(d, row.claim, "欠缴本金", row.principal, f"arrears.{number}.principal")


def _ordered_before(d: Dispute, body: Action, policy: Policy) -> Iterator[Caution]:
    """What an order that stands has asked for already, and what has not come in since."""
    if not isinstance(body, OrderPayment):
        return
    orders = [p for p in d.documents if p.name == policy.paper(ORDER) and not p.given_up]
    for number, row in enumerate(body.arrears):
        item = d.sub_items.get(row.claim)
        before = next((p for p in reversed(orders) if row.claim in p.fields.get("欠缴明细", {})), None)
        if before is None or item is None or item.still_due(claimed(d, row.claim)) == 0:
            continue
        on, ordered = (
            before.at.astimezone(SHANGHAI).date(),
            before.fields["欠缴明细"][row.claim].partition("（")[0],
        )
        said = f"子项 {row.claim} 已于 {on} 责令限期缴纳 {ordered}，尚未缴清，也未撤销，请核对是否重复责令"
        yield Caution(f"arrears.{number}.principal", said)


def _demand(d: Dispute, body: DemandPerformance | ApplyEnforcement, today: date) -> Iterator[Caution]:
    """Principal and late fee in one sum: what cannot be reckoned exactly is held against the principal."""
    left = recognised_left(d)
    principal = left if left is not None else claimed_in_all(d)
    if principal and body.amount > 2 * principal:
        said = f"金额 {yuan(body.amount)}减去尚欠本金 {yuan(principal)}，滞纳金高于本金，请核对"
        yield Caution("amount", said)
    if owed_at_most(d, today) is None and not principal and body.amount:
        yield Caution("amount", "本案没有认定尚欠的本金，请核对金额")


def _agreement(d: Dispute, body: DraftAgreement, today: date) -> Iterator[Caution]:
    asked = claimed_in_all(d)
    if body.amount and asked and body.amount >= SLIP * asked:
        said = (
            f"补缴本金 {yuan(body.amount)}是主张金额合计 {yuan(asked)}的 {SLIP} 倍以上，请核对是否多写了一位"
        )
        yield Caution("amount", said)
    owed = sum((s.still_due(claimed(d, s.no)) or Decimal(0) for s in levied(d)), Decimal(0))
    whole = (body.principal, body.coverage) == ("全额补缴", "全部应缴期间")
    if whole and body.amount is not None and body.amount < owed:
        said = f"约定全额补缴全部应缴期间，补缴本金 {yuan(body.amount)}却低于尚欠的 {yuan(owed)}，请核对"
        yield Caution("amount", said)


def _unreviewed(d: Dispute, body: ConcludeAgreement, today: date) -> Iterator[Caution]:
    """Where the policy demands the review it is refused; where it does not, whoever signs is to know."""
    draft = d.mediation.draft if d.mediation else None
    if draft and draft.passed is None:
        said = f"第 {draft.version} 版协议草案还没有审查，签订后不能再改；宜先请负责审查的单位审查，确需现在签订的请确认"
        yield Caution("form", said)


_OF: dict[str, Callable[[Dispute, Any, date], Iterator[Caution]]] = {
    "issue_disposition": _disposition,
    "finish_on_the_spot": _on_the_spot,
    "record_payment": _payment,
    "record_refund": _refund,
    "order_payment": _order,
    "demand_performance": _demand,
    "apply_enforcement": _demand,
    "draft_agreement": _agreement,
    "conclude_agreement": _unreviewed,
    "give_opinion": _opinion,
    "submit_findings": _findings,
    "issue_investigation_report": _findings,
}
