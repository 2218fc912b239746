"""Fills in any form as an officer might: what is suggested, else any choice; what the law would refuse only if asked for."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from domain.actions.conditions import when_of
from domain.actions.meetings import FURTHER, SENT_DOWN
from domain.decide.investigation import differing
from domain.dispute import Dispute
from domain.offers import Field, form_of
from domain.owed import recognised_left
from domain.paper_content import gaps
from domain.policy import Policy
from domain.state import SubItem
from domain.tasks import TaskKind
from domain.words import UnitName

Body = dict[str, Any]


class Filler:
    """Answers the fields of forms. ``lawful``: keep to what the rules of content take."""

    def __init__(self, policy: Policy, random: Random, *, lawful: bool = True) -> None:
        self.policy = policy
        self.random = random
        self.lawful = lawful
        self.officers = 0
        self.since: datetime | None = None
        """When the matter last moved: what was done may have been done then, and is recorded only now."""
        self.cases: list[str] = []
        """Source numbers of other matters, for mergers and links."""

    def officer(self) -> str:
        """Somebody; a new face often enough for a callback to be possible."""
        self.officers += self.random.random() < 0.5
        return f"经办员{self.officers}"

    def fill(self, d: Dispute, unit: UnitName, now: datetime, kind: str, task: str | None = None) -> Body:
        self.since = None if kind in _TODAY else d.last_moment
        fields = form_of(d, unit, self.policy, now, kind, task)
        body = self._answers(fields, now)
        amend = _LAWFUL.get(kind)
        if amend and self.lawful:
            body = amend(self, d, now, body)
        return {"kind": kind, **body}

    def _answers(self, fields: list[Field], now: datetime) -> Body:
        body: Body = {}
        for field in fields:
            told = field.when
            if told and not when_of(told).holds(body):
                continue
            wanted = field.required or field.name == "take_over" or (told and not field.optional)
            if wanted or self.random.random() < 0.4:
                value = self._answer(field, now)
                if value is not None:
                    body[field.name] = value
        return body

    def _answer(self, field: Field, now: datetime) -> Any:
        sure = field.widget == "span" or self.random.random() < 0.6
        if field.suggested not in (None, [], "") and field.widget != "rows" and sure:
            return field.suggested
        if field.widget == "rows":
            return self._rows(field, now)
        if field.several:
            return self._several(field, now)
        return self._one(field, now)

    def _rows(self, field: Field, now: datetime) -> list[Body] | None:
        keyed = next((c for c in field.rows if c.choices and c.name in ("claim", "member")), None)
        suggested: list[Body] = field.suggested or []
        if suggested and self.random.random() < 0.8:
            return [self._answers(field.rows, now) | row for row in suggested]
        if keyed:
            return [self._answers(field.rows, now) | {keyed.name: c.value} for c in keyed.choices]
        return [self._answers(field.rows, now)] if field.required else None

    def _several(self, field: Field, now: datetime) -> list[Any] | None:
        if not field.choices:
            return [self._one(field, now) for _ in range(2)]
        options = [c.value for c in field.choices]
        return self.random.sample(options, self.random.randint(1, len(options)))

    def _one(self, field: Field, now: datetime) -> Any:
        pick = self.random.choice
        match field.widget:
            case "choice":
                return pick(field.choices).value if field.choices else "1"
            case "yesno":
                return pick((True, False))
            case "confirm":
                return True
            case "money":
                return pick(("200.00", "500.00", "1000.00"))
            case "int":
                return pick((1, 2))
            case "date":
                has_been = field.suggested is not None and field.suggested <= now.date()
                before = self.since if self.since and self.officers % 3 == 0 else now
                return (before if has_been else now + timedelta(days=20)).date().isoformat()
            case "datetime":
                return (now + timedelta(days=1)).isoformat()
            case "month":
                return "2024-03"
            case "months":
                return {"from": "2024-01", "to": "2024-12"}
            case "span":
                return pick(("2工作日", "5工作日", "10日"))
            case "unit":
                return pick(self.departments())
            case "officer" | "person":
                return self.officer()
            case "material":
                return {"name": "材料"}
            case _:
                return pick(("情况属实", "已按规定办理"))

    def proposed(self, d: Dispute, now: datetime) -> list[Body]:
        """The items that the software proposes to the joint meeting."""
        form = form_of(d, self.policy.units.roles["joint_office"], self.policy, now, "issue_joint_minutes")
        return next(field.suggested for field in form if field.name == "items") or []

    def items(self, now: datetime) -> list[Body]:
        """Perhaps an item besides."""
        due = (now + timedelta(days=20)).date().isoformat()
        unit = self.random.choice(self.departments())
        row = {"category": "办理事项", "unit": unit, "text": "核实参保情况", "due": due}
        return [row] if self.random.random() < 0.5 else []

    def departments(self) -> list[UnitName]:
        roles = self.policy.units.roles
        known = (roles.get(r) for r in ("tax", "hrss", "medical", "justice", "petition", "court"))
        return [u for u in known if u and u != roles["center"]]


# --- what the rules of content want ------------------------------------------------------------------------------

_TODAY = ("apply_enforcement", "record_judicial_confirmation")
"""What comes after something that moves no matter: the end of a wait, an application to the court."""

Amend = Callable[[Filler, Dispute, datetime, Body], Body]


def _accept(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    level = d.level or d.suggested or f.policy.tiers[0].name
    lead, *co = f.random.sample(f.departments(), f.random.choice((1, 2, 3)))
    claims = [r.no for r in d.routed]
    rows = [{"claim": no, "unit": f.random.choice([lead, *co])} for no in claims]
    asked = ("contact", "contacted_on", "learned", "unreached")
    return {
        **{name: body[name] for name in asked if name in body},
        "level": level,
        "path": f.policy.tier(level).path,
        "lead": lead,
        "co": co,
        "sub_leads": rows if f.random.random() < 0.3 else [],
        "legal_review": body.get("legal_review", []),
        "protect_applicant": True if d.facts.confidential else None,
    }


def _units(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    lead, *co = f.random.sample(f.departments(), f.random.choice((1, 2)))
    if lead == d.lead and set(co) == set(d.co):
        lead, co = next(u for u in f.departments() if u != lead), []
    return {**body, "lead": lead, "co": co}


def _return(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    return _units(f, d, now, body) if body["decision"] == "同意退回，改派" else body


def _disposition(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    rows = [{"claim": row["claim"], **_result(f)} for row in body["results"]]
    items = [d.sub_items.get(row["claim"]) for row in rows]
    replaced = any(item and item.conclusion for item in items)
    body = {k: v for k, v in body.items() if k not in ("excepted_members", "change_reason", "late_fee")}
    more = {"change_reason": "查明新的情况"} if replaced else {}
    fee = {"late_fee": "由税务机关另行核定"} if any("principal" in row for row in rows) else {}
    return {**body, "results": rows, **fee, **more}


def _result(f: Filler) -> Body:
    conclusion = f.random.choice(("支持", "支持", "部分支持", "不支持"))
    row: Body = {"conclusion": conclusion, "competent": "主管部门已书面答复"}
    if conclusion != "支持":
        row["reason"] = "依据不足"
    if conclusion != "不支持":
        row |= f.random.choice(
            (
                {"measure": "责令限期缴纳", "principal": f.random.choice(("500", "1000"))},
                {"measure": "补办参保登记并核定"},
                {"measure": "退费", "refund": "300"},
                {"measure": "重新核定待遇"},
            )
        )
    return row


def _spot(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    rows = [
        {
            "claim": s.no,
            "conclusion": "支持",
            **f.random.choice(({"done": "解答政策"}, {"done": "答应补缴", "amount": "500"})),
        }
        for s in d.sub_items.values()
    ]
    return {**body, "results": rows}


def _lawful_draft(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    due = (now + timedelta(days=20)).date().isoformat()
    left = recognised_left(d)
    whole = 1000 if left is None else min(1000, int(left))
    rest = [{"due": due, "amount": str(sum_)} for sum_ in (whole * 2 // 5, whole - whole * 2 // 5)]
    parts = rest if whole > 10 and f.random.random() < 0.5 else []
    return {
        "facts": "欠缴养老保险费", "principal": "全额补缴", "coverage": "全部应缴期间", "amount": str(whole),
        "late_fee": "单位依法承担，由税务机关核定", "pay_to": "缴入社会保险基金", "waiver": False, "set_off": False,
        "instalments": parts, "terms": ["足额补缴养老保险费本金"],
    }  # fmt: skip


def _both(name: str, **more: Any) -> Amend:
    def amend(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
        sides = ("申请人", "被反映单位")
        return {
            **body,
            name: [{"party": p, **{k: v(now) if callable(v) else v for k, v in more.items()}} for p in sides],
        }

    return amend


def _today(now: datetime) -> str:
    return now.date().isoformat()


def _within(item: SubItem | None, sum_: int) -> str:
    """A sum, or what is still owed where that is less."""
    owed = item.missing if item and item.premium and item.recognised is not None else None
    return str(sum_ if owed is None else min(owed, sum_))


def _payment(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    parts = d.mediation.instalments if d.mediation else []
    number = f.random.choice([None, *range(1, len(parts) + 1)])
    rows = [
        {"claim": no, "principal": _within(s, f.random.choice((200, 500, 1000)))}
        for no, s in d.sub_items.items()
    ]
    return {**body, "parts": rows, "paid_to": "缴入社会保险基金", "instalment": number}


def _executed(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    return {**body, "unpaid_ground": "法院终结本次执行", "claims": list(d.sub_items)}


def _refuse(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    codes = [c for c, r in f.policy.refusals.items() if r.kind in ("refuse", "lead")]
    row: Body = {"code": f.random.choice(codes), "competent": "有权机关", "ground": "不属受理范围"}
    undecided = [no for no, s in d.sub_items.items() if s.conclusion is None]
    if d.accepted_at or f.random.random() < 0.3:
        row["claim"] = f.random.choice(undecided or [r.no for r in d.routed] or [1])
    return {"items": [row]}


def _merge(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    others = [no for no in f.cases if no != d.facts.source_no]
    return {**body, "into": others[0]} if others else body


def _link(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    others = [no for no in f.cases if no != d.facts.source_no]
    return {**body, "to": others[0]} if others else body


def _hand_over(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    hubs = [*(h.hub for h in f.policy.hubs), f.policy.units.roles["center"]]
    others = [h for h in hubs if h != d.center]
    return {**body, "to": f.random.choice(others or hubs)}


def _notify(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    return {**body, "sources": [s.source_no for s in d.sources], "confirm_each": True}


def _verify(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    return body | ({"will": "本人真实意愿"} if body["decision"] == "准予撤回" else {})


def _investigators(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    return {**body, "investigators": [f.officer(), "调查员乙", "调查员丙"]}


def _inquiry(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    asked = [t.unit for t in d.open_tasks(TaskKind.FINDINGS)]
    may = f.policy.powers.investigate.units
    known = dict.fromkeys((*f.departments(), d.lead))
    free = [u for u in known if u and u not in asked and f.policy.among(u, may)]
    numbers = f.random.sample(range(1, 100), 50)
    branches = (p.replace("*", f"第{n}") for n in numbers for p in f.policy.units.patterns)
    free = free or [b for b in branches if b not in asked and f.policy.among(b, may)]
    units = f.random.sample(free, min(len(free), f.random.choice((1, 2))))
    return {"units": [{"unit": unit, "points": ["劳动关系"]} for unit in units]}


def _found(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    sums = [
        {"claim": no, "due": f.random.choice(("500", "900"))} for no in d.sub_items if f.random.random() < 0.4
    ]
    return _investigators(f, d, now, body) | {"sums": sums}


def _report(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    body = {k: v for k, v in body.items() if k not in ("differences", "sums")}
    found = d.investigation.findings if d.investigation else []
    more = f.random.choice(("已统一认定，不同意见载入报告", "提交会商研究"))
    return {**body, **({"differences": more} if differing(found) else {})}


def _callback(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    said = f.random.choice(("满意", "基本满意", "不满意", "不满意", "拒评"))
    body = {k: v for k, v in body.items() if k not in ("category", "category_text", "q8_text")}
    why = {"category": f.random.choice(list(f.policy.callback.categories)), "category_text": "没有解决"}
    return {
        **body,
        "q6_result": said,
        "q8_topics": ["无"],
        "whom": ["某甲"],
        **(why if said == "不满意" else {}),
    }


def _grant(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    paused = any(d.clocks[no].is_paused or d.clocks[no].extensions for no in d.extensions)
    return {"decision": "不同意", "reason": "请按期办理"} if paused or "span" not in body else body


def _ask(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    clock = d.clocks.get(body["clock"])
    unit = {"wd": "工作日", "d": "日", "h": "小时"}[clock.unit if clock else "wd"]
    mediates = clock and clock.task_id and d.tasks[clock.task_id].kind == TaskKind.MEDIATE
    agreed = _both("consents", way="书面申请", on=_today)(f, d, now, {})["consents"] if mediates else []
    return {**body, "span": f"1{unit}", "consents": agreed}


def _joint(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    tier = f.policy.tier_by_path(d.path or "")
    city = tier is not None and bool(tier.above)
    rows = f.proposed(d, now)
    kept = rows if f.random.random() < 0.6 else []
    body = {k: v for k, v in body.items() if k != "dropped_reason"}
    more = {"dropped_reason": "已另行安排"} if rows and not kept else {}
    return {**body, **more, "items": [*kept, *f.items(now)], "to_city": bool(body["to_city"]) and city}


def _invite(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    form = form_of(d, f.policy.units.roles["center"], f.policy, now, "invite_unit")
    options = next(field.choices for field in form if field.name == "unit")
    return {**body, "unit": f.random.choice(options).value} if options else body


def _proposal(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    return {**body, "held_at": (now + timedelta(days=1)).isoformat()}


def _answer(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    return _proposal(f, d, now, body) if body["decision"] == "同意召开" else body


def _up(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    tier = f.policy.tier_by_path(d.path or "")
    owner = tier.above[0].owner if tier and tier.above else "center"
    return {**body, "to": f.policy.units.roles.get(owner, d.center)}


def _answer_down(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    tier = f.policy.tier_by_path(d.path or "")
    step = tier.step(d.above) if tier and d.above else None
    higher = step is not None and d.asked_above[step.step] <= len(step.upward)
    return body if higher or body["effect"] != FURTHER else {**body, "effect": SENT_DOWN}


def _apply(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    signed = d.mediation.signed_on if d.mediation else None
    return {**body, "by": "双方共同申请", "applied_on": str(signed or now.date())}


def _reopen(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    f.officers += 1
    return {**body, "to_officer": f"新经办{f.officers}"}


def _serve(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    for row in body.get("arrears", []):
        row["principal"] = _within(d.sub_items.get(row["claim"]), 500)
    return {**body, "served": True, "served_on": _today(now), "served_by": "直接送达"}


def _enforce(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    return {**body, "ground": "社会保险法第六十三条第三款（未足额缴纳且未提供担保）"}


def _supplement(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    return {"items": ["劳动关系材料"], "due": "5工作日", "way": "书面"}


def _material(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    return {**body, "materials": [{"name": "材料"}], "completes": "已补齐"}


def _claims(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    return {**body, "claims": list(d.sub_items)}


def _uphold(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    return {**body, "minutes": "一致"}


def _withdraw(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    body = {k: v for k, v in body.items() if k not in ("scope", "people", "lines")}
    if d.facts.applicant.headcount == 1 or d.people_left == 1:
        return body
    whole = f.random.random() < 0.6
    return {**body, "scope": "全体" if whole else "本人部分", "people": d.people_left if whole else 1}


def _assign(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    return {**body, "units": f.random.sample(f.departments(), 2)}


def _team(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    agreed = _both("consents", way="书面申请", on=_today)(f, d, now, body)
    return {**agreed, "chief": "首席调解员", "members": f.random.choice(([], ["网格员丁", "公职律师戊"]))}


def _issue(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    no = body["paper"]
    paper = d.documents[no - 1] if isinstance(no, int) and 0 < no <= len(d.documents) else None
    missing = gaps(f.policy, d, paper) if paper else []
    return {**body, "gaps": [{"field": field, "text": "按实际情况填写"} for field in missing]}


def _hand_in(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    return {**body, "done_on": _today(now), "to": "其他受送达人"}


GOOD_NUMBER, GOOD_CODE = "142234197801018817", "91140932MA0000074B"
"""They have the right form and belong to nobody."""


def _convert(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    numbers = {"id_number": GOOD_NUMBER, "phone": "19911110000"}
    rows = [{k: numbers.get(k, v) for k, v in row.items()} for row in body["applicants"]]
    return {**body, "applicants": rows}


def _correct(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    """Another name and telephone each time, and numbers that can be right."""
    new = {"name": f"更名{f.random.randint(1, 10**9)}", "phone": f"199{f.random.randint(0, 10**8 - 1):08d}"}
    checked = {"id_number": GOOD_NUMBER, "uscc": GOOD_CODE}
    consent = (
        {"told_by": "书面"} if body["reason"] == "撤回或变更同意" and body["whose"] != "被反映单位" else {}
    )
    reason = body["reason"] if consent or body["reason"] != "撤回或变更同意" else "当事人要求更正"
    return {k: checked.get(k, v) for k, v in body.items()} | new | consent | {"reason": reason}


def _refund(f: Filler, d: Dispute, now: datetime, body: Body) -> Body:
    item = d.sub_items.get(body["claim"])
    if item is None or item.refund_due is None:
        return body
    return {
        **body,
        "amount": str(min(Decimal(body["amount"]), max(item.refund_due - item.refunded, Decimal(0)))),
    }


_LAWFUL: dict[str, Amend] = {
    "accept_case": _accept, "change_units": _units, "decide_return": _return, "issue_disposition": _disposition,
    "finish_on_the_spot": _spot, "draft_agreement": _lawful_draft,
    "start_mediation": _team,
    "conclude_agreement": _both("signers", signer="某人", capacity="本人"),
    "record_payment": _payment, "record_refund": _refund,
    "report_executed": _executed, "refuse_claims": _refuse, "merge_cases": _merge,
    "link_cases": _link, "notify_result": _notify, "verify_withdrawal": _verify,
    "open_investigation": _inquiry, "submit_findings": _found, "issue_investigation_report": _report,
    "report_lead": _investigators, "record_callback": _callback,
    "decide_extension": _grant, "request_extension": _ask, "issue_joint_minutes": _joint, "report_up": _up,
    "reply_from_above": _answer_down,
    "propose_joint_meeting": _proposal, "invite_unit": _invite, "answer_joint_proposal": _answer, "hand_over": _hand_over,
    "apply_judicial_confirmation": _apply, "reopen_case": _reopen, "reassign_officer": _reopen, "order_payment": _serve,
    "demand_performance": _serve, "request_supplement": _supplement, "receive_material": _material,
    "object_to_disposition": _claims, "record_withdrawal": _withdraw, "uphold_disposition": _uphold, "assign_lead": _assign,
    "convert_lead": _convert, "correct_party": _correct,
    "apply_enforcement": _enforce, "issue_paper": _issue, "serve_paper": _hand_in,
}  # fmt: skip
