"""四、后续执行: payments, orders, demands, compulsory enforcement, what was carried out and what was not."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from domain import events as ev
from domain.actions import Act
from domain.actions.execution import (
    BY_COURT,
    BY_FORCE,
    ELSEWHERE,
    ApplyEnforcement,
    DemandPerformance,
    OrderPayment,
    RecordPayment,
    RecordRefund,
    RecordRightsRestored,
    ReportExecuted,
    ReportUnexecuted,
)
from domain.decide import instalments, rights, writing
from domain.decide.common import execution_settled, moment_on, require_accepted, require_claims
from domain.decide.disposal import close_finished_items
from domain.decide.ending import closing
from domain.decide.registry import handles
from domain.decide.rights import DEMAND, ORDER
from domain.decide.sums import Sum, beyond_owed, beyond_recognised, beyond_refund, unknown_claims
from domain.declined import Declined, Unlawful
from domain.draft import Draft
from domain.meanings import concluding as m
from domain.outcome import agreed_unpaid
from domain.papers import of_claims
from domain.tasks import TaskKind
from domain.words import Conclusion, Stage

EXECUTED = "执行完毕"


def settle(draft: Draft) -> None:
    """When nothing is left to execute, the callback is next."""
    if not draft.d.informed_at or not execution_settled(draft):
        return
    draft.close_tasks(TaskKind.EXECUTE, outcome=EXECUTED)
    rights.forgo(draft, *rights.ENFORCING)
    close_finished_items(draft)
    called = any(c.satisfaction for c in draft.d.calls)
    again = draft.callback.rounds > (1 if called else 0)
    if draft.d.stage == Stage.EXECUTION and again:
        draft.enter(Stage.CALLBACK)
    complaint = any(t.ref is None for t in draft.d.open_tasks(TaskKind.SUPERVISE))
    waiting = draft.d.open_tasks(
        TaskKind.FEED_BACK,
        TaskKind.CALLBACK,
        TaskKind.CLOSE,
        TaskKind.REOPEN,
        TaskKind.REHANDLE,
        TaskKind.EXPLAIN,
    )
    if complaint or waiting:
        return
    if again:
        draft.open_task(TaskKind.CALLBACK, draft.caller(), draft.callback.again, title="再次回访")
    else:
        closing(draft)


# --- money -------------------------------------------------------------------------------------------------------


def _payment_faults(draft: Draft, body: RecordPayment) -> Iterator[Declined]:
    sums = [Sum(p.claim, p.principal, f"parts.{n}.principal") for n, p in enumerate(body.parts)]
    yield from unknown_claims(draft, sums)
    yield from beyond_recognised(draft, sums)
    parts = draft.d.mediation.instalments if draft.d.mediation else []
    if body.instalment is not None and body.instalment > len(parts):
        yield Declined("unknown_instalment", f"协议没有第 {body.instalment} 期", "instalment")
    if body.paid_to != "缴入社会保险基金":
        yield Unlawful(
            "not_to_fund", "社会保险费应缴入基金，支付给职工本人的不算到账（社会保险法第六十条）", "paid_to"
        )


@handles(RecordPayment, require_accepted, _payment_faults)
def record_payment(draft: Draft, act: Act, body: RecordPayment) -> None:
    """到账, in parts if need be; the late fee is kept apart. An instalment is kept on the day the money came (协议)."""
    paid = m.PaymentRecorded(
        parts=[m.PaidPart(claim=p.claim, principal=p.principal) for p in body.parts],
        late_fee=body.late_fee,
        by_force=body.collected_by in BY_FORCE,
        elsewhere=body.collected_by == ELSEWHERE,
        paid_on=body.paid_on,
        instalment=body.instalment,
    )
    draft.record(body, paid)
    instalments.stop_paid(draft, body.instalment, body.paid_on)
    close_finished_items(draft)
    settle(draft)


def _may_execute(draft: Draft) -> None:
    require_accepted(draft)
    if not (draft.d.disposed_at or draft.d.guided_at):
        raise Declined("no_disposition", "尚未形成处置意见，不能反馈执行情况")


def _refund_faults(draft: Draft, body: RecordRefund) -> Iterator[Declined]:
    yield from unknown_claims(draft, [Sum(body.claim, body.amount, "amount")])
    yield from beyond_refund(draft, body.claim, body.amount)


@handles(RecordRefund, _may_execute, _refund_faults)
def record_refund(draft: Draft, act: Act, body: RecordRefund) -> None:
    """退费到账."""
    draft.record(body, m.RefundRecorded(claim=body.claim, amount=body.amount))
    _carry_on(draft)


@handles(RecordRightsRestored, _may_execute)
def record_rights_restored(draft: Draft, act: Act, body: RecordRightsRestored) -> None:
    """权益落实."""
    require_claims(draft, body.claim)
    draft.record(body)
    _carry_on(draft)


def _carry_on(draft: Draft) -> None:
    begun = any(v.stage == Stage.EXECUTION for v in draft.d.route_taken)
    if draft.d.informed_at and draft.d.disposed_at and not (begun and draft.d.stage == Stage.CALLBACK):
        draft.enter(Stage.EXECUTION)
    settle(draft)


# --- orders, demands, enforcement --------------------------------------------------------------------------------


def _may_levy(draft: Draft) -> None:
    require_accepted(draft)
    owing = [s for s in draft.d.sub_items.values() if s.premium and s.conclusion != Conclusion.REJECT]
    if not owing:
        raise Declined("nothing_owed", "本案没有应缴的社会保险费子项，不能责令或催告")


def _order_faults(draft: Draft, body: OrderPayment) -> Iterator[Declined]:
    sums = [Sum(a.claim, a.principal, f"arrears.{n}.principal") for n, a in enumerate(body.arrears)]
    yield from unknown_claims(draft, sums)
    yield from beyond_recognised(draft, sums)


@handles(OrderPayment, _may_levy, _order_faults)
def order_payment(draft: Draft, act: Act, body: OrderPayment) -> None:
    """责令限期缴纳; its term counts from service."""
    draft.record(body)
    principal = sum((a.principal for a in body.arrears), Decimal(0))
    draft.document(
        ORDER,
        issuer=draft.unit,
        本金=f"{principal:.2f}",
        欠缴明细=writing.arrears(body.arrears),
        期限=str(body.pay_by),
        送达=_service(body.served_on, body.served_by),
        **of_claims(draft.d, [a.claim for a in body.arrears]),
    )
    if body.served_on:
        rights.order_served(draft, body.served_on)
    _carry_on(draft)


def _service(on: date | None, by: str | None) -> str:
    return f"{on.isoformat()} {by}" if on else "尚未送达"


def _may_demand(draft: Draft) -> None:
    _may_levy(draft)
    if not any(p.name == draft.policy.paper(ORDER) for p in draft.d.documents):
        raise Declined("no_order", "催告之前须先责令限期缴纳（社会保险法第六十三条）")


@handles(DemandPerformance, _may_demand, lambda draft, body: beyond_owed(draft, body.amount))
def demand_performance(draft: Draft, act: Act, body: DemandPerformance) -> None:
    """催告; from its service run the ten working days before which nobody may enforce (行政强制法 54)."""
    draft.record(body)
    draft.document(
        DEMAND,
        issuer=draft.unit,
        应缴金额=f"{body.amount:.2f}",
        期限=str(body.pay_by),
        送达=_service(body.served_on, body.served_by),
    )
    if body.served_on:
        rights.demand_served(draft, body.served_on)
    _carry_on(draft)


def _may_enforce(draft: Draft) -> None:
    _may_execute(draft)
    waits = [c for c in draft.d.clocks.values() if c.rule_id == "enforcement_earliest"]
    if not waits:
        raise Declined("no_reminder", "申请强制执行前须先催告并送达（行政强制法第五十四条）")
    for clock in waits:
        if clock.is_open and draft.now <= clock.due_at:
            raise Unlawful(
                "too_early",
                f"催告送达十日后（{clock.due_on} 之后）方可申请强制执行（行政强制法第五十四条）",
            )


def _enforcement_faults(draft: Draft, body: ApplyEnforcement) -> Iterator[Declined]:
    """行政强制法 53 must wait while the firm may still sue; 社会保险法 63 has no such wait."""
    for clock in draft.clocks("order_final"):
        if body.ground == BY_COURT and body.applied_on <= clock.due_on:
            yield Declined(
                "too_early",
                f"限期缴纳决定的起诉期限至{clock.due_on}，此前不能依行政强制法第五十三条申请；"
                "未足额缴纳且未提供担保的，可依社会保险法第六十三条申请",
                "ground",
            )
    yield from beyond_owed(draft, body.amount)


@handles(ApplyEnforcement, _may_enforce, _enforcement_faults)
def apply_enforcement(draft: Draft, act: Act, body: ApplyEnforcement) -> None:
    """申请强制执行、划拨. The wait and the time for it are judged by the day of the application (行政强制法 53、54)."""
    applied = moment_on(draft, body.applied_on)
    draft.record(body)
    draft.stop_clocks("enforcement_earliest", at=applied)
    if body.ground == BY_COURT:
        draft.stop_clocks(*rights.ENFORCING, at=applied)
    else:
        rights.forgo(draft, *rights.ENFORCING)
    _carry_on(draft)


# --- what came of it ---------------------------------------------------------------------------------------------


@handles(ReportExecuted, _may_execute)
def report_executed(draft: Draft, act: Act, body: ReportExecuted) -> None:
    """执行完毕, of some claims or of all; money owed that did not come needs its ground."""
    require_claims(draft, *body.claims, field="claims")
    items = draft.d.sub_items
    unpaid = [s.no for s in draft.d.unpaid if s.no in body.claims]
    if not unpaid and agreed_unpaid(draft.d):
        unpaid = [no for no in body.claims if items[no].premium]
    if unpaid and body.unpaid_ground is None:
        raise Declined(
            "unpaid",
            f"子项 {'、'.join(unpaid)} 认定或约定的本金尚未全部到账，请选择未足额到账的依据",
            "unpaid_ground",
        )
    whole = {no for no, s in items.items() if not s.closed_at and s.conclusion != Conclusion.REJECT}
    left = [m.LeftUnpaid(claims=unpaid, ground=body.unpaid_ground)] if unpaid and body.unpaid_ground else []
    draft.record(body, *left, *([m.Executed()] if whole <= set(body.claims) else []))
    for no in body.claims:
        if draft.d.sub_items[no].closed_at is None and draft.d.sub_items[no].conclusion:
            draft.emit(ev.SubItemClosed(no=no))
    _carry_on(draft)


@handles(ReportUnexecuted, _may_execute)
def report_unexecuted(draft: Draft, act: Act, body: ReportUnexecuted) -> None:
    """未能执行: why, and what comes next."""
    draft.record(body)
    _carry_on(draft)
