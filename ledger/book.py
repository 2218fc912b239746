"""台账: the forty columns of one matter, identities masked."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from domain.dispute import Dispute
from domain.masking import mask, mask_text
from domain.outcome import late_fees, mediation_result
from domain.policy_rules import MaskRule
from domain.reporter import unnamed
from domain.state import Task
from domain.words import SHANGHAI
from ledger.names import fold_number

Value = str | int | Decimal | date | datetime | None
"""What a cell may hold. Moments are Asia/Shanghai; money is yuan."""

SUMMARY_LENGTH = 200


class Entry(NamedTuple):
    """One matter as the book shows it."""

    d: Dispute
    masks: Mapping[str, MaskRule]
    hidden: Sequence[str] = ()
    """Names that stand in none of the matter's own fields: its reporter's."""

    def masked(self, kind: str, text: str | None) -> str | None:
        """An identity under the policy's mask."""
        return mask(text, self.masks[kind]) if text else None

    def plain(self, text: str) -> str:
        """Free text with every known person's name, and every number that tells one, masked."""
        return mask_text(text, self.masks, [*self.d.names(), *self.hidden], self.d.facts.applicant.address)


def row(entry: Entry) -> list[Value]:
    """The cells under :data:`HEADERS`."""
    return [make(entry) for make in COLUMNS.values()]


def _joined(parts: Iterable[str | None]) -> str | None:
    """Each part once, in order."""
    return "、".join(dict.fromkeys(p for p in parts if p)) or None


def _shanghai(moment: datetime | None) -> datetime | None:
    return moment.astimezone(SHANGHAI) if moment else None


def _applicant(e: Entry) -> Value:
    applicant = e.d.facts.applicant
    hidden = unnamed(applicant, e.d.kind) if applicant.anonymous else None
    return e.masked("name", applicant.name) or hidden


_DAY = r"(?:19|20)\d\d[01]\d[0-3]\d"
_ID_KINDS = (
    (re.compile(rf"8[123]0000{_DAY}\d{{3}}[\dX]", re.IGNORECASE), "港澳台居民居住证"),
    (re.compile(rf"9\d{{5}}{_DAY}\d{{3}}[\dX]", re.IGNORECASE), "外国人永久居留身份证"),
    (re.compile(r"[1-7]\d{16}[\dX]", re.IGNORECASE), "居民身份证"),
    (re.compile(r"[0-9A-Z]{18}", re.IGNORECASE), "统一社会信用代码"),
)


def _id_kind(e: Entry) -> Value:
    number = fold_number(e.d.facts.applicant.id_number)
    return next((kind for form, kind in _ID_KINDS if form.fullmatch(number)), "其他证件") if number else None


def _summary(e: Entry) -> Value:
    text = e.plain(" ".join(e.d.facts.narrative.split()))
    return text if len(text) <= SUMMARY_LENGTH else text[: SUMMARY_LENGTH - 1] + "…"


def _decision(e: Entry) -> Value:
    d = e.d
    if d.merged_into:
        return d.say("并案")
    if d.refused_at:
        return d.say("不予受理")
    if d.transferred_at:
        return d.say("移送外地")
    if d.accepted_at is None:
        return None
    return d.say("部分受理" if d.refusals else "受理")


def _override_reasons(e: Entry) -> Value:
    return _joined(e.plain(o.reason) for o in e.d.overrides if o.approved)


def _lead_task(d: Dispute) -> Task | None:
    return next((t for t in reversed(d.tasks.values()) if t.role == "主办"), None)


def _officer(e: Entry) -> Value:
    return e.d.officer_of(e.d.lead) if e.d.lead else None


def _dispatched_at(e: Entry) -> Value:
    task = _lead_task(e.d)
    return _shanghai(task.opened_at) if task else None


def _due(e: Entry, kind: str, *, whole: bool = False) -> Value:
    """The next of these deadlines, or the last when none is left running."""
    owed = [c for c in e.d.clocks.values() if c.kind == kind and not c.lapsed]
    found = [c for c in owed if c.rule_id in e.d.totals] if whole else owed
    running = [c.due_on for c in found if c.is_open]
    return min(running) if running else max((c.due_on for c in found), default=None)


def _extensions(e: Entry) -> Value:
    clocks = e.d.clocks.values()
    extended = sum(len(c.extensions) for c in clocks)
    stood_still = len({p.from_ for c in clocks for p in c.pauses})
    parts = [f"延期{extended}次" if extended else None, f"暂停{stood_still}次" if stood_still else None]
    return _joined(parts)


def _meetings(e: Entry) -> Value:
    forms = [m.form for m in e.d.meetings]
    times = f"会商{forms.count('会商')}次，联席{forms.count('联席会议')}次"
    return e.d.say(times) if forms else None


def _paid(e: Entry) -> Value:
    """By the county alone; what others collected is on a sheet of its own."""
    return e.d.paid if any(not p.elsewhere for p in e.d.payments) else None


def _outcome(e: Entry) -> Value:
    d = e.d
    return (
        f"{d.say(d.outcome)}，{d.closed_at.astimezone(SHANGHAI):%Y-%m-%d}"
        if d.outcome and d.closed_at
        else None
    )


def _callback(e: Entry) -> Value:
    answers = [c.satisfaction.value for c in e.d.calls if c.satisfaction]
    return "；".join(part for part in (answers[-1] if answers else None, e.d.archive_no) if part) or None


COLUMNS: dict[str, Callable[[Entry], Value]] = {
    "案号": lambda e: e.d.case_no,
    "登记时间": lambda e: _shanghai(min(s.received_at for s in e.d.sources)),
    "渠道": lambda e: _joined(s.channel for s in e.d.sources),
    "渠道原单号": lambda e: _joined(s.source_no for s in e.d.sources),
    "线索/争议": lambda e: e.d.kind.value,
    "申请人(脱敏)": _applicant,
    "证件类型": _id_kind,
    "联系电话(脱敏)": lambda e: e.masked("phone", e.d.facts.applicant.phone),
    "人数": lambda e: e.d.facts.applicant.headcount,
    "特殊人群": lambda e: _joined(e.d.facts.indicators.special_groups),
    "代表人": lambda e: _joined(e.masked("name", name) for name in e.d.facts.applicant.representatives),
    "被反映单位": lambda e: _joined(r.name for r in e.d.facts.respondents),
    "统一社会信用代码": lambda e: _joined(r.uscc for r in e.d.facts.respondents),
    "行业": lambda e: _joined(r.industry for r in e.d.facts.respondents),
    "乡镇": lambda e: _joined(r.town for r in e.d.facts.respondents),
    "用工形式": lambda e: e.d.facts.indicators.employment,
    "争议类型": lambda e: _joined(c.type for c in e.d.facts.claims),
    "险种": lambda e: _joined(c.insurance for c in e.d.facts.claims),
    "所属期起": lambda e: min((c.period.from_ for c in e.d.facts.claims if c.period.from_), default=None),
    "所属期止": lambda e: max((c.period.to for c in e.d.facts.claims if c.period.to), default=None),
    "主张金额": lambda e: e.d.facts.claimed_if_known,
    "诉求摘要": _summary,
    "受理决定": _decision,
    "不予受理码": lambda e: _joined(e.d.refusals),
    "风险初判": lambda e: e.d.suggested,
    "最终等级": lambda e: e.d.level,
    "改级理由": _override_reasons,
    "主办": lambda e: e.d.lead,
    "协办": lambda e: _joined(e.d.co),
    "承办人": _officer,
    "派单时间": _dispatched_at,
    "法定期限": lambda e: _due(e, "statutory"),
    "内部期限": lambda e: _due(e, "internal", whole=True),
    "延期/暂停": _extensions,
    "会商/联席次数": _meetings,
    "调解结果": lambda e: e.d.say(mediation_result(e.d)),
    "认定应补": lambda e: e.d.recognised,
    "实缴到账(滞纳金另列)": _paid,
    "办结方式与时间": _outcome,
    "回访结果与归档号": _callback,
}
"""The forty columns of the county's 台账, in its order."""

HEADERS = list(COLUMNS)


def late_fee(d: Dispute) -> Value:
    """滞纳金 collected by the county, kept apart from the principal, yuan."""
    return late_fees(d) if any(not p.elsewhere for p in d.payments) else None


def elsewhere(d: Dispute) -> list[Value]:
    """Principal and late fee that another place's or a higher tax authority collected, yuan; empty without any."""
    paid = [p for p in d.payments if p.elsewhere]
    return [sum(p.principal for p in paid), sum(p.late_fee for p in paid)] if paid else []
