"""办结方式 and the figures of the 台账: what one matter came to."""

from decimal import Decimal
from typing import Any

from domain.chinese import yuan
from domain.dispute import Dispute
from domain.state import SubItem
from domain.words import Conclusion, Satisfaction, Step

LEAD_OUTCOME = "转线索"


def outcome_kind(d: Dispute) -> str:
    """The way a dispute ended, in the ledger's words (domain practice: 办结方式)."""
    if d.withdrawn_at:
        return "撤回终止"
    conclusions = {s.conclusion for s in d.sub_items.values()}
    if conclusions <= {None}:
        return "指引法律途径"
    if conclusions == {Conclusion.REJECT}:
        return "不支持"
    if d.settled_above:
        return "市级协调落实" if d.above in (None, Step.CITY) else f"{d.word_of(d.above)}落实"
    short = bool(d.unpaid) or agreed_unpaid(d)
    if _by_force(d):
        return "强制执行部分到账" if short else "强制执行到账"
    if d.mediation and d.mediation.agreed_at and not d.mediation.defaulted:
        return "调解达成未履行" if short else "调解达成并履行"
    if any(p.in_force for p in d.legal_papers):
        return "依裁决应补未缴足" if short else "依裁决补缴"
    if short:
        return "支持未缴足" if conclusions == {Conclusion.SUPPORT} else "部分支持未缴足"
    return _by_conclusion(d, conclusions)


def _by_force(d: Dispute) -> bool:
    """Whether a court or a compulsory measure brought the money in."""
    asked = [c for c in d.clocks.values() if c.kind == "not_before" and c.stopped_at and not c.lapsed]
    named = any(p.by_force for p in d.payments)
    return named or any(p.at >= c.stopped_at for p in d.payments for c in asked if c.stopped_at)


def agreed_unpaid(d: Dispute) -> bool:
    """Whether an agreement names a sum, nothing has been recognised, and less has come in."""
    if d.recognised is not None or d.mediation is None or not d.mediation.agreed_at:
        return False
    signed = d.mediation.draft
    return signed is not None and signed.amount is not None and d.paid_in_all < signed.amount


def _by_conclusion(d: Dispute, conclusions: set[Conclusion | None]) -> str:
    if d.refund is not None or (not d.paid_in_all and any(s.refund for s in d.sub_items.values())):
        return "退费"
    levied = any(s.premium and s.needs_execution for s in d.sub_items.values())
    paid = d.paid_in_all > 0 or (d.executed and levied)
    whole = conclusions == {Conclusion.SUPPORT}
    if d.itemised and len(d.sub_items) > 1 and (whole or not paid):
        return "分项支持"
    if not whole:
        return "部分支持并缴纳" if paid else "部分支持"
    if not paid:
        return "支持"
    return "已缴纳" if d.notifier == "lead" else "支持并缴纳"


def recognised(d: Dispute) -> Decimal | None:
    """认定应补, yuan; where a disposition names no sum, what was paid on it."""
    return d.recognised if d.recognised is not None else (d.paid_in_all or None if d.disposed_at else None)


def describe(d: Dispute, kind: str) -> str:
    """One sentence for the ledger, amounts in yuan."""
    parts = [kind]
    found = recognised(d)
    if found is not None:
        parts.append(f"认定应补 {yuan(found)}")
    if d.paid:
        parts.append(f"实缴到账 {yuan(d.paid)}")
    if elsewhere := paid_elsewhere(d):
        parts.append(f"上级或外地征收 {yuan(elsewhere)}")
    parts += [_short(s) for s in d.unpaid]
    if d.refund is not None:
        parts.append(f"退费 {yuan(d.refund)}")
    return "，".join(parts)


def _short(item: SubItem) -> str:
    return f"子项{item.no}未到账 {yuan(item.missing)}（{item.unpaid_ground or '未说明依据'}）"


def paid_elsewhere(d: Dispute) -> Decimal:
    """Principal that another place's or a higher tax authority collected, yuan; no 实缴到账 of the county."""
    return sum((p.principal for p in d.payments if p.elsewhere), Decimal(0))


def handling(d: Dispute) -> str | None:
    """直办, 联合, 不予受理, 移送外地 or 线索; ``None`` before it is decided."""
    if d.refused_at:
        return "线索" if d.outcome == LEAD_OUTCOME else "不予受理"
    if d.transferred_at:
        return "移送外地"
    if d.kind == "线索":
        return "线索"
    if d.accepted_at is None:
        return None
    return "直办" if d.notifier == "lead" else "联合"


def mediation_result(d: Dispute) -> str:
    """达成, 失败, 进行中 or 未启动."""
    if d.mediation is None:
        return "未启动"
    if d.mediation.agreed_at:
        return "达成"
    return "失败" if d.mediation.failed_at else "进行中"


def attempts(d: Dispute) -> int:
    """Callback attempts: calls and answers, but not the text message that follows failed calls."""
    return sum(
        c.satisfaction is None or (c.method != "短信" and c.satisfaction != Satisfaction.UNREACHED)
        for c in d.calls
    )


def on_time(d: Dispute) -> bool | None:
    """Whether the party was told within the whole-dispute clock, approved extensions included."""
    if d.informed_at is None:
        return None
    totals = [c for c in d.clocks.values() if c.rule_id in d.totals and not c.lapsed]
    return all(c.result == "met" for c in totals) if totals else None


def level_changed(d: Dispute) -> bool:
    """改级: whether any change of the level came into force."""
    return any(o.approved for o in d.overrides)


def late_fees(d: Dispute) -> Decimal:
    """滞纳金 collected by the county, yuan."""
    return sum((p.late_fee for p in d.payments if not p.elsewhere), Decimal(0))


def figures(d: Dispute) -> dict[str, Any]:
    """The figures of one matter as the statistics count them; money in yuan."""
    intake = d.facts
    withdrawn = {c.clock_id for c in d.cards if c.card == "红牌" and not c.stands}
    sign_fired = [
        c
        for c in d.clocks.values()
        if c.rule_id == "sign"
        and c.id not in withdrawn
        and any(x.kind == "红牌" and x.fired_at for x in c.alarms)
    ]
    return {
        "claimed_amount": intake.claimed,
        "recognised_amount": recognised(d),
        "paid_amount": d.paid,
        "paid_elsewhere": paid_elsewhere(d),
        "late_fee_paid": late_fees(d),
        "refund_amount": d.refund,
        "headcount": intake.applicant.headcount,
        "group_case": d.group,
        "on_time": on_time(d),
        "mediation": mediation_result(d),
        "agreement_performed": performed(d),
        "level_changed": level_changed(d),
        "refusal_codes": d.refusals,
        "accepted_count": int(d.accepted_at is not None and not d.merged_into),
        "sources": len(d.sources),
        "lead_count": len(d.spawned) + int(d.kind == "线索" or d.was_lead),
        "lead_converted": d.was_lead,
        "reopened": d.rehandled,
        "dispatches": len(d.dispatches),
        "returns": sum(r.result == "退单" for r in d.dispatches),
        "sign_overdue": len(sign_fired),
        "consultations": sum(m.form == "会商" for m in d.meetings),
        "joint_meetings": sum(m.form == "联席会议" for m in d.meetings),
        "supervisions": d.supervisions,
        "yellow_cards": sum(c.card == "黄牌" for c in d.standing_cards),
        "red_cards": sum(c.card == "红牌" for c in d.standing_cards),
        "extensions": sum(len(c.extensions) for c in d.clocks.values()),
        "resolutions": len(d.resolutions),
        "resolutions_done": sum(r.done_at is not None for r in d.resolutions.values()),
        "payments": len(d.payments),
        "suspended": any(p.waited_for for p in d.legal_papers),
        "guided": d.guided_at is not None,
    }


def performed(d: Dispute) -> bool | None:
    """Whether an agreement was kept; ``None`` without one. One that was once in default was not.

    What is reported as carried out while a recognised or agreed sum is unpaid was not performed, whatever the ground.
    """
    if d.mediation is None or not d.mediation.agreed_at:
        return None
    if d.mediation.defaulted or d.unpaid or agreed_unpaid(d):
        return False
    signed = d.mediation.draft
    sum_known = d.recognised is not None or (signed is not None and signed.amount is not None)
    return d.executed or sum_known
