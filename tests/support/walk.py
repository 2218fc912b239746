"""Random lives: officers who mostly do what lies on their desk, and sometimes anything at all."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from domain.dispute import Dispute, Task
from domain.policy import Policy

Move = tuple[str, str, dict[str, Any]]
"""Unit, action, data."""

_OPINIONS = ("支持", "部分支持", "不支持")
_ANSWERS = ("满意", "基本满意", "不满意", "不满意", "拒评", "未联系上")


class Walker:
    """Chooses the next move of a matter. The same seed makes the same life."""

    def __init__(self, policy: Policy, random: Random) -> None:
        self.policy = policy
        self.random = random
        self.roles = policy.units.roles
        self.sources: list[str] = []
        """The source numbers of the matters alive, for mergers and links."""
        self._officer = 0

    def pause(self) -> timedelta:
        """How long nobody does anything: mostly hours, sometimes weeks."""
        return timedelta(minutes=self.random.choice((10, 60, 300, 1440, 1440, 4000, 9000, 40000)))

    def officer(self) -> str:
        """Somebody; a new face often enough for a callback to be possible."""
        self._officer += self.random.random() < 0.5
        return f"经办员{self._officer}"

    def move(self, d: Dispute) -> Move:
        """What somebody does next."""
        tasks = [t for t in d.open_tasks() if t.kind in _NATURAL]
        if tasks and self.random.random() < 0.7:
            task = self.random.choice(tasks)
            return _NATURAL[task.kind](self, d, task)
        return self.random.choice(_ANYTHING)(self, d)

    def pick(self, *options: Any) -> Any:
        return self.random.choice(options)

    def unit(self) -> str:
        return self.random.choice([*self.roles.values(), "某镇税务分局"])

    def departments(self) -> list[str]:
        return [
            self.roles[r]
            for r in ("tax", "hrss", "medical", "justice")
            if self.roles[r] != self.roles["center"]
        ]


def _triage(w: Walker, d: Dispute, task: Task) -> Move:
    if w.random.random() < 0.3:
        return w.pick(_supplement, _refuse, _merge, _level)(w, d)
    level = d.level or d.suggested or w.policy.tiers[0].name
    tier = w.policy.tier(level)
    lead, *co = w.random.sample(w.departments(), w.pick(1, 2, 3))
    items = {c.no: w.pick(lead, *co) for c in d.facts.claims} if w.random.random() < 0.3 else {}
    data = {"decision": "受理", "level": level, "path": tier.path, "lead": lead, "co": co, "sub_items": items}
    return task.unit, "triage_confirm", {**data, "flags": w.pick([], ["N6"])}


def _handle(w: Walker, d: Dispute, task: Task) -> Move:
    if task.signed_at is None and w.random.random() < 0.7:
        return task.unit, "claim", {}
    undecided = [no for no, s in d.sub_items.items() if not s.conclusion]
    return w.pick(
        (task.unit, "submit_opinion", {
            "conclusion": w.pick(*_OPINIONS), "recognised_amount": w.pick(None, 500, 1000),
            "sub_item": w.pick(None, *undecided), "act": w.pick(None, "责令限期缴纳"),
        }),
        (task.unit, "return", {"reason": "不属本单位职责"}),
        (task.unit, "request_extension", {"days": "5 working days", "reason": "需再查"}),
        (task.unit, "investigate_report", {"officers": ["甲", "乙"], "finding": "属实"}),
    )  # fmt: skip


def _dispatch(w: Walker, d: Dispute) -> Move:
    lead, *co = w.random.sample(w.departments(), w.pick(1, 2))
    return d.center, "dispatch", {"lead": lead, "co": co}


def _minutes(w: Walker, d: Dispute, task: Task) -> Move:
    number = len(d.resolutions) + 1
    item = {"no": number, "unit": w.pick(*w.departments()), "text": "办理"}
    items = w.pick([], [item], [item, {**item, "no": number + 1}])
    return (
        task.unit,
        "minutes",
        {"opinion": "意见", "resolutions": items, "to_city": w.pick(None, False, True)},
    )


def _mediate(w: Walker, d: Dispute, task: Task) -> Move:
    due = (task.opened_at + timedelta(days=20)).date().isoformat()
    parts = w.pick([], [{"due": due, "amount": 400}, {"due": due, "amount": 600}])
    return w.pick(
        (task.unit, "agreement_draft", {"version": 1, "clauses": [w.pick("足额补缴养老保险费本金", "放弃社保")]}),
        (task.unit, "agreement_review", {"version": 1, "result": w.pick("通过", "不通过")}),
        (task.unit, "mediate_agreed", {"clauses": ["足额补缴养老保险费"], "full_principal": True, "instalments": parts}),
        (task.unit, "mediate_failed", {"reason": "不同意"}),
    )  # fmt: skip


def _pay(w: Walker, d: Dispute) -> Move:
    data = {"principal": w.pick(None, 200, 500, 1000), "sub_item": w.pick(None, *d.sub_items)}
    return w.roles["respondent"], "payment_received", {**data, "via": w.pick(None, "法院执行")}


def _execute(w: Walker, d: Dispute, task: Task) -> Move:
    act = w.pick(None, "催告书送达", "申请人民法院强制执行")
    return w.pick(_pay(w, d), (task.unit, "enforce_report", {"executed": act is None, "act": act}))


def _callback(w: Walker, d: Dispute, task: Task) -> Move:
    said = w.pick(*_ANSWERS)
    return w.pick(
        (task.unit, "callback_call", {"attempt": 1, "result": "无人接听"}),
        (task.unit, "callback_answer", {"satisfaction": said, "category": w.pick("a", "b", "c", None)}),
    )


def _says(action: str, *datas: dict[str, Any]) -> Callable[[Walker, Dispute, Task], Move]:
    return lambda w, d, task: (task.unit, action, w.pick(*datas))


_NATURAL: dict[str, Callable[[Walker, Dispute, Task], Move]] = {
    "triage": _triage,
    "handle": _handle,
    "assist": _handle,
    "redispatch": lambda w, d, task: _dispatch(w, d),
    "urgent_report": _says("urgent_report", {"to": ["县政府"]}),
    "override_approval": lambda w, d, task: (task.unit, w.pick("approve_override", "reject_override"), {"reason": "理由"}),
    "risk_recheck": lambda w, d, task: (task.unit, w.pick("approve_override", "reject_override"), {"reason": "理由"}),
    "legal_review": _says("legal_review", {"result": "可以办理"}),
    "extension": lambda w, d, task: (task.unit, w.pick("approve_extension", "reject_extension"), {"reason": "理由"}),
    "convene": _says("convene_meeting", {"form": "会商"}),
    "convene_joint": _says("convene_meeting", {"form": "联席会议"}),
    "minutes": _minutes,
    "escalate_city": _says("escalate_city", {"to": "市人社局"}),
    "city_reply": _says("city_reply", {"decision": "由县落实"}),
    "resolution": lambda w, d, task: (task.unit, "resolution_done", {"no": int(task.ref or 0)}),
    "objection": _says("convene_meeting", {"form": "会商"}),
    "mediate": _mediate,
    "investigate": _says("investigate_report", {"officers": ["甲", "乙"], "finding": "属实"}),
    "await_choice": _says("legal_document", {"kind": "仲裁受理通知书", "pauses_internal_clock": True}),
    "suspension": _says("legal_document", {"kind": "裁决书", "result": "确认", "effective": True}),
    "inform": _says("notify_party", {"result": "告知"}),
    "refusal_notice": _says("notify_party", {"document": "告知书"}),
    "register_lead": _says("register_lead", {"subject": "涉嫌未参保"}),
    "lead_check": _says("investigate_report", {"officers": ["甲", "乙"], "finding": "属实"}),
    "execute": _execute,
    "callback": _callback,
    "explain": _says("legal_review", {"result": "已释法"}),
    "reopen": lambda w, d, task: (task.unit, "reopen", {"to_officer": w.officer()}),
    "rehandle": _says("claim", {}),
    "supervise": _says("supervise", {"reason": "逾期"}),
    "withdraw_check": _says(
        "withdraw_confirm",
        {"free_will": "本人自愿", "result": "准予撤回", "informed": ["线索继续"]},
        {"free_will": "非本人意愿", "result": "不予撤回"},
    ),
    "close": _says("close_case", {"archive": True}, {"archive": False}),
    "archive": _says("close_case", {"archive": True}),
}  # fmt: skip


def _supplement(w: Walker, d: Dispute) -> Move:
    return d.center, "request_supplement", {"missing": ["材料"]}


def _refuse(w: Walker, d: Dispute) -> Move:
    whole = {"code": w.pick("N1", "N4", "N5", "N6", "N10")}
    return (
        d.center,
        "decide_not_accept",
        w.pick(whole, {"items": [{"claim": w.pick("1", "2"), "code": "N7"}]}),
    )


def _merge(w: Walker, d: Dispute) -> Move:
    own = d.facts.source_no
    other = w.pick(*w.sources)
    return w.pick(
        (d.center, "merge_into", {"child": own, "parent": other}),
        (d.center, "link_case", {"new_source": own, "previous_source": other}),
    )


def _level(w: Walker, d: Dispute) -> Move:
    old = d.level or d.suggested or ""
    return (
        d.center,
        "override_risk",
        {"old": old, "new": w.pick(*(t.name for t in w.policy.tiers)), "reason": "理由"},
    )


_ANYTHING: tuple[Callable[[Walker, Dispute], Move], ...] = (
    _level,
    _dispatch,
    _pay,
    _supplement,
    _refuse,
    _merge,
    lambda w, d: (w.roles["applicant"], "supplement_material", {"items": ["材料"]}),
    lambda w, d: (w.roles["applicant"], "withdraw", {"stated_reason": "不办了"}),
    lambda w, d: (w.roles["mediation"], "mediation_start", {"voluntary_statement": True}),
    lambda w, d: (w.unit(), "mediate_failed", {"reason": "不同意"}),
    lambda w, d: (d.center, "guide_to_arbitration", {"paths": ["申请仲裁"], "not_a_decision": True}),
    lambda w, d: (w.roles["applicant"], "legal_document", {"kind": "受理通知书", "pauses_internal_clock": True}),
    lambda w, d: (w.roles["applicant"], "legal_document", {"kind": "判决书", "result": "确认", "effective": True}),
    lambda w, d: (w.unit(), "objection", {"against_step": 1, "reason": "不同意"}),
    lambda w, d: (w.unit(), "submit_opinion", {"role": "协办", "content": "意见"}),
    lambda w, d: (w.unit(), "submit_opinion", {"conclusion": w.pick(*_OPINIONS), "recognised_amount": 700}),
    lambda w, d: (w.unit(), "notify_party", {"result": "告知"}),
    lambda w, d: (w.unit(), "enforce_report", {"executed": True}),
    lambda w, d: (w.roles["joint_office"], "convene_meeting", {"form": "联席会议"}),
    lambda w, d: (w.roles["joint_office"], "escalate_city", {"to": "市税务局"}),
    lambda w, d: (w.roles["joint_office"], "supervise", {"reason": "督办"}),
    lambda w, d: (d.center, "close_case", {"archive": True}),
    lambda w, d: (d.center, "reopen", {"to_officer": "新经办"}),
    lambda w, d: (w.unit(), "claim", {}),
    lambda w, d: (d.center, "convert_lead", {"filed_by": ["某人"]}),
    lambda w, d: (w.unit(), "register_lead", {"subject": "线索"}),
    lambda w, d: (w.unit(), "request_extension", {"days": "3 working days", "reason": "需要"}),
    lambda w, d: (w.roles["court"], "judicial_confirm", {"applied_jointly": True, "result": "确认有效"}),
    lambda w, d: (d.center, "urgent_report", {"to": ["县政府"]}),
    lambda w, d: (d.center, "legal_review", {"result": "应予受理"}),
)  # fmt: skip
