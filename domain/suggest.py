"""What the software suggests in a form, and why; the officer's once it is sent. Approvals are never suggested."""

from collections.abc import Callable
from typing import Any

from domain.actions.telling import UNRELATED
from domain.actions.triage import UNREACHED
from domain.decide.common import execution_settled, is_concerned, own_claims
from domain.decide.desk import extensible
from domain.decide.handing import hubs
from domain.decide.investigation import differing, findings
from domain.decide.joining import invitable
from domain.decide.meeting import own_items
from domain.decide.papers import Numbered, issued, to_issue, to_review, to_serve
from domain.decide.routes import asked_above, step_above
from domain.declined import Declined
from domain.draft import Draft
from domain.owed import still_owed
from domain.paper_content import gaps
from domain.suggest_meetings import (
    call,
    consult,
    convene_time,
    invited,
    joint_minutes,
    minutes,
    propose,
    time_answered,
)
from domain.suggested import Suggested, Suggestions
from domain.tasks import TaskKind
from domain.words import Conclusion, MatterKind


def suggestions(kind: str, draft: Draft) -> Suggestions:
    """What is suggested for the fields of one kind of form at this moment."""
    suggest = _OF.get(kind)
    try:
        return suggest(draft) if suggest else {}
    except Declined:
        return {}


def _accept(draft: Draft) -> Suggestions:
    d = draft.d
    level = d.level or d.suggested
    if level is None or d.kind == MatterKind.LEAD:
        return {}
    signs = "、".join(t.text for t in d.triggers) or "没有指标触发"
    several = len({r.lead for r in d.routed if r.lead}) > 1
    alone = draft.policy.tier(level).handler == "lead"
    rows = [{"claim": r.no, "unit": r.lead} for r in d.routed if r.lead] if several else []
    return {
        **_contact(draft),
        "level": Suggested(level, f"风险规则：{signs}"),
        "path": Suggested(draft.policy.tier(level).path, "该等级的办理方式"),
        "lead": Suggested(d.suggested_lead, "县政策的分流表"),
        "co": Suggested([], "一个部门直接办理") if alone else Suggested(d.suggested_co, "县政策的分流表"),
        "sub_leads": Suggested(rows, "各子项主责部门不同") if rows else Suggested([]),
    }


def _hand_over(draft: Draft) -> Suggestions:
    place = draft.policy.hub_of(draft.d.facts)
    return {"to": Suggested(place, "事项所在地的接手单位")} if place in hubs(draft) else {}


def _supplement(draft: Draft) -> Suggestions:
    rule = draft.policy.clock("supplement")
    gaps: list[str] = []
    facts = draft.d.facts
    if not facts.applicant.name:
        gaps.append("申请人身份")
    if not facts.applicant.phone:
        gaps.append("联系方式")
    if not facts.respondents:
        gaps.append("被反映单位名称或地址")
    return {
        "items": Suggested(gaps, "登记中缺少的内容"),
        "due": Suggested(f"{rule.length}工作日", rule.basis),
    }


def _units_now(draft: Draft) -> Suggestions:
    return {"lead": Suggested(draft.d.lead, "现主办单位"), "co": Suggested(draft.d.co, "现协办单位")}


def _return(draft: Draft) -> Suggestions:
    return {"co": Suggested(draft.d.co, "现协办单位")}


def _extension(draft: Draft) -> Suggestions:
    clock = extensible(draft)[0]
    return {"clock": Suggested(clock.id, f"{clock.name}，{clock.due_on} 到期")}


def _grant(draft: Draft) -> Suggestions:
    waiting = list(draft.d.extensions.values())
    if draft.task:
        waiting = [x for x in waiting if x.clock_id == draft.d.tasks[draft.task].ref]
    if not waiting:
        return {}
    words = {"wd": "工作日", "d": "日", "h": "小时"}
    asked = waiting[0]
    return {"span": Suggested(f"{asked.length}{words[asked.unit]}", f"申请：{asked.reason}")}


def _opinion(draft: Draft) -> Suggestions:
    return {"views": Suggested([{"claim": no} for no in draft.d.sub_items], "本案子项")}


def _disposition(draft: Draft) -> Suggestions:
    mine = own_claims(draft)
    open_ones = [s for s in mine if s.conclusion is None] or mine
    claimed = {c.no: c.amount for c in draft.d.facts.claims}
    rows = [
        {"claim": s.no, **({"principal": claimed[s.no]} if s.premium and claimed.get(s.no) else {})}
        for s in open_ones
    ]
    return {"results": Suggested(rows, "本单位主办的子项，金额为主张金额")}


def _invite(draft: Draft) -> Suggestions:
    """Whom the plan lets come in for what the matter is like."""
    people = draft.d.facts.indicators.petition.in_person_headcount
    role, purpose = ("petition", "信访联合接待场所化解") if people else ("justice", "人民调解支持")
    unit = draft.policy.units.roles.get(role)
    fits = unit in invitable(draft)
    return {"unit": Suggested(unit), "purpose": Suggested(purpose)} if fits else {}


def _item(draft: Draft) -> Suggestions:
    numbers = own_items(draft)
    named = draft.d.tasks[draft.task].ref if draft.task else None
    first = int(named) if named and named.isdigit() and int(named) in numbers else None
    return {"item": Suggested(first or (numbers[0] if numbers else None))}


def _report_up(draft: Draft) -> Suggestions:
    step = step_above(draft)
    if step is None:
        return {}
    return {
        "to": Suggested(asked_above(draft, step, draft.d.asked_above.get(step.step, 0)), "本县的上级单位")
    }


def _tell(draft: Draft) -> Suggestions:
    parties = ["申请人", *(["被反映单位"] if draft.d.facts.respondents else [])]
    sources = [s.source_no for s in draft.d.sources]
    return {
        "to": Suggested(parties, "本案当事人"),
        "way": Suggested("书面送达"),
        "sources": Suggested(sources if len(sources) > 1 else [], "须逐号答复" if len(sources) > 1 else None),
    }


_POINTS = {"tax": ["申报和入库记录", "工资总额"], "hrss": ["劳动关系", "参保登记"], "medical": ["参保登记"]}


def _inquiry(draft: Draft) -> Suggestions:
    """The units that handle the matter, each asked for what is its own (the plan, 三（二）)."""
    asked = {t.unit for t in draft.d.open_tasks(TaskKind.FINDINGS)}
    rows = [
        {"unit": unit, "points": _POINTS.get(draft.policy.role_of(unit) or "", ["用工期间"])}
        for unit in invited(draft)
        if unit not in asked
    ]
    return {"units": Suggested(rows, "主办和协办单位，按各自职责")} if rows else {}


def _report(draft: Draft) -> Suggestions:
    """What the units agree on."""
    found = findings(draft)
    relations = {f.relation for f in found} - {UNRELATED} or {UNRELATED}
    sums = {no: due for f in found for no, due in f.sums.items()}
    agreed = not differing(found)
    rows = [{"claim": no, "due": due} for no, due in sums.items()] if agreed else []
    why = "各单位核实情况一致"
    return {
        **({"relation": Suggested(next(iter(relations)), why)} if agreed and len(relations) == 1 else {}),
        **({"sums": Suggested(rows, why)} if rows else {}),
    }


def _feedback(draft: Draft) -> Suggestions:
    levied = [
        s for s in draft.d.sub_items.values() if s.needs_execution and s.conclusion != Conclusion.REJECT
    ]
    paid = execution_settled(draft) if levied else None
    state = {None: "无须履行", True: "已履行", False: "正在履行" if draft.d.paid else "尚未履行"}[paid]
    return {"performance": Suggested(state, "处置意见和到账情况")}


def _owed(draft: Draft) -> list[dict[str, Any]]:
    """What is still owed of each premium claim, yuan."""
    return [{"claim": no, "principal": due} for no, due in still_owed(draft.d).items()]


def _order(draft: Draft) -> Suggestions:
    return {
        "arrears": Suggested(_owed(draft), "认定（未认定的为主张）金额减已到账"),
        "pay_by": Suggested("5工作日", "社会保险费申报缴纳管理规定（令20）五个工作日，参照"),
    }


def _demand(draft: Draft) -> Suggestions:
    return {
        "amount": Suggested(sum(row["principal"] for row in _owed(draft)) or None, "尚欠本金，滞纳金另加"),
        "pay_by": Suggested("10工作日", "行政强制法第五十四条"),
    }


def _payment(draft: Draft) -> Suggestions:
    return {
        "parts": Suggested(_owed(draft), "尚欠本金"),
        "late_fee": Suggested("0.00"),
        "paid_to": Suggested("缴入社会保险基金"),
        "collected_by": Suggested("本县税务机关"),
    }


def _executed(draft: Draft) -> Suggestions:
    return {"claims": Suggested([s.no for s in draft.d.sub_items.values() if not s.closed_at], "未结子项")}


def _spawn(draft: Draft) -> Suggestions:
    what = "、".join(dict.fromkeys(f"{c.insurance or ''}{c.type or ''}" for c in draft.d.facts.claims))
    firms = "、".join(r.name for r in draft.d.facts.respondents)
    rule = draft.policy.leads
    unit = draft.known(rule.unit)[0] if rule else draft.d.center
    if is_concerned(draft, unit):
        unit = draft.d.center
    return {
        "subject": Suggested(f"{firms or '有关单位'}涉嫌{what or '违反社会保险规定'}，请核查"),
        "to": Suggested([unit], rule.basis if rule else None),
    }


def _supervise(draft: Draft) -> Suggestions:
    rule = draft.policy.clock("supervision")
    day = draft.policy.calendar.add_working_days(draft.now.date(), rule.length).due
    return {"measure": Suggested("督办单"), "due": Suggested(day, rule.basis)}


def _agreement(draft: Draft) -> Suggestions:
    owed = sum(row["principal"] for row in _owed(draft))
    return {"amount": Suggested(owed or None, "认定或主张的本金")}


def _contact(draft: Draft) -> Suggestions:
    """By the number that was left; whether one was is kept apart together with a name that is."""
    applicant = draft.d.facts.applicant
    if applicant.withheld:
        return {}
    if applicant.phone is None:
        return {"contact": Suggested(UNREACHED, "没有留电话"), "unreached": Suggested("未留联系方式")}
    return {"contact": Suggested("电话"), "contacted_on": Suggested(draft.now.date())}


def _merge(draft: Draft) -> Suggestions:
    alike = draft.d.duplicates
    told = "；".join(f"{h.case_no}（{'、'.join(h.basis)}）" for h in alike)
    return {"into": Suggested(alike[0].case_no, f"疑似重复：{told}")} if alike else {}


def _team(draft: Draft) -> Suggestions:
    rules = draft.policy.mediators
    return {"chief": Suggested(rules.chiefs[0], f"名单：{'、'.join(rules.chiefs)}")} if rules else {}


def _newest(papers: list[Numbered]) -> Suggestions:
    return {"paper": Suggested(papers[-1][0], "最近的一份")}


def _issue(draft: Draft) -> Suggestions:
    found = to_issue(draft)
    missing = gaps(draft.policy, draft.d, found[-1][1])
    rows = [{"field": field} for field in missing]
    why = f"《{found[-1][1].name}》缺少的" if missing else None
    return {**_newest(found), "gaps": Suggested(rows, why)}


def _serve(draft: Draft) -> Suggestions:
    found = to_serve(draft)
    to = found[-1][1].to
    return {**_newest(found), **({"to": Suggested(to)} if to in ("申请人", "被反映单位") else {})}


_OF: dict[str, Callable[[Draft], Suggestions]] = {
    "hand_over": _hand_over,
    "accept_case": _accept,
    "request_supplement": _supplement,
    "change_units": _units_now,
    "decide_return": _return,
    "request_extension": _extension,
    "decide_extension": _grant,
    "give_opinion": _opinion,
    "issue_disposition": _disposition,
    "convene_consultation": lambda draft: consult(draft) | convene_time(draft),
    "invite_unit": _invite,
    "propose_joint_meeting": propose,
    "answer_joint_proposal": time_answered,
    "convene_joint_meeting": call,
    "issue_consultation_minutes": minutes,
    "issue_joint_minutes": joint_minutes,
    "complete_resolution": _item,
    "report_up": _report_up,
    "start_mediation": _team,
    "open_investigation": _inquiry,
    "issue_investigation_report": _report,
    "notify_result": _tell,
    "feed_back_result": _feedback,
    "order_payment": _order,
    "demand_performance": _demand,
    "record_payment": _payment,
    "report_executed": _executed,
    "spawn_lead": _spawn,
    "supervise": _supervise,
    "draft_agreement": _agreement,
    "review_paper": lambda draft: _newest(to_review(draft)),
    "issue_paper": _issue,
    "serve_paper": _serve,
    "revoke_paper": lambda draft: _newest(issued(draft)),
    "merge_cases": _merge,
}
