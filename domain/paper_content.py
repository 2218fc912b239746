"""What a 文书 says, from the facts of its matter: nothing is typed twice, and what is missing is named.

The placeholders of a paper's form are the county's own words: the fields of its rule, and those below, which every paper
has. A value of the header is one text; any other is lines, which a form goes through or writes one after the other.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from domain import chinese
from domain.dispute import Dispute
from domain.intake import APPLICANT, FIRM
from domain.masking import ANONYMOUS
from domain.paper import Document
from domain.policy import Policy
from domain.policy_rules import DocumentRule
from domain.remedies import FIELD as REMEDIES
from domain.words import UnitName

Content = dict[str, str | list[str]]

HEADER = (
    "文书", "文书号", "案号", "县", "制发单位", "送", "申请人", "申请人名册", "被反映单位", "事由", "依据", "救济途径", "签发人",
    "日期", "查验码", "有抬头", "须送达", "当事人出具", "机制",
)  # fmt: skip
"""What every paper has."""
BESIDE = (
    "子项", "主办", "协办", "说明", "改级理由", "了解到的情况", "提请法制审核", "时间", "方式", "地点", "主持人", "参会单位",
    "参会人员", "请当事人到会", "拟请单位", "拟定时间", "各方意见", "会商结果", "议定意见", "议定事项", "不列建议事项的理由",
    "缺席单位", "未答复单位",
    "报送", "措施", "主送", "期限", "告知对象", "补充说明", "事实", "处置", "理由", "主管部门的结论", "滞纳金",
    "结论不同的人员", "更替理由", "办理内容", "答复", "劳动关系", "认定应补", "不同认定", "认定不一致的处理",
    "逾期未提交的单位", "逐项结果", "甲方签名人", "乙方签名人", "调解人员",
    "调解结果", "终止原因", "补缴约定", "协议形式", "签订日期", "欠缴明细", "提出", "撤回范围", "撤回人员", "撤回人数", "对象",
    "送达",
)  # fmt: skip
"""What an act adds to some papers, where it has it."""
HIDDEN = "申请人（依法保密）"
SUMS = ("本金", "应缴金额")
"""Fields that are sums of money, yuan."""
CALLED = "对象"
"""Whom a callback reached, by name."""
SIGNED, PRESENT = "甲方签名人", "参加人"
"""Who signed for the applicant, and who was there, the applicant's side by name."""
EXCEPTED = "结论不同的人员"
"""Said by the line of the roll."""
PARTIES = ("applicant", "respondent")

BOTH = "双方"


def known_to_forms(rule: DocumentRule) -> frozenset[str]:
    """Every placeholder that the form of such a paper may name."""
    return frozenset({*HEADER, *BESIDE, *rule.fields})


def is_for_a_party(policy: Policy, paper: Document) -> bool:
    """Whether it goes to a party and is served on it."""
    if not policy.paper_rule(paper.name)[1].served:
        return False
    roles = policy.units.roles
    parties = {roles[role] for role in PARTIES if role in roles} | {BOTH}
    return not parties.isdisjoint(re.split("[/、]", paper.to))


def is_a_partys(policy: Policy, paper: Document) -> bool:
    """Whether a party makes it, and the unit only puts it on paper."""
    return policy.role_of(paper.issuer) in PARTIES


def issued_by(policy: Policy, paper: Document) -> str:
    """Who issues it, by full names; of what a party hands in, who receives it and gives it its number."""
    units = paper.to.split("/") if is_a_partys(policy, paper) else (paper.issuer, *paper.together)
    return "、".join(_full_name(policy, unit) for unit in dict.fromkeys(units))


def _full_name(policy: Policy, unit: UnitName) -> str:
    """A unit as a paper names it: as the county writes it out, else with the county's name before it."""
    county, role = policy.county, policy.role_of(unit)
    written_out = policy.units.also_called.get(role, ()) if role else ()
    whole = next((name for name in written_out if county.name in name), None)
    if whole:
        return whole
    if unit.startswith(county.name[-1]):
        return county.name + unit[1:]
    return county.name + unit if any(unit.startswith(town) for town in county.towns) else unit


def gaps(policy: Policy, d: Dispute, paper: Document) -> list[str]:
    """The fields that its rule asks for and that neither the act nor the matter answers; 救济途径 is the law's alone to say."""
    _, rule = policy.paper_rule(paper.name)
    wanted = (name for name in rule.fields if name not in paper.fields and name != REMEDIES)
    return [name for name in wanted if _derived(d, paper, name) is None]


def content(
    policy: Policy,
    d: Dispute,
    paper: Document,
    *,
    number: str,
    code: str,
    signed_by: str,
    on: date,
    asked: Mapping[str, str],
) -> Content:
    """Every placeholder of a paper with what stands in its place; an empty one where there is nothing to say.

    ``asked``: what was missing, as it was answered when the paper was issued.
    """
    _, rule = policy.paper_rule(paper.name)
    found: dict[str, Any] = dict.fromkeys((*BESIDE, *rule.fields), "")
    found |= {f: v for f in rule.fields if (v := _derived(d, paper, f)) is not None}
    found |= {f: v for f, v in paper.fields.items() if f in found}
    found |= {f: text.splitlines() for f, text in asked.items() if f in rule.fields}
    said: Content = {field: _said(d, field, value) for field, value in found.items()}
    if d.confidential or d.facts.applicant.anonymous:
        said |= _hidden(said)
    own_ground = "；".join(said.get("依据", [])) or _basis(policy, rule.basis)
    return said | {
        "文书": paper.name,
        "文书号": number,
        "案号": d.case_no,
        "县": policy.county.name,
        "机制": policy.county.mechanism,
        "制发单位": issued_by(policy, paper),
        "送": _addressee(policy, d, paper),
        "申请人": applicant(d),
        "申请人名册": _roll(d),
        "被反映单位": _firms(d),
        "事由": "；".join(said.get("事由", [])).rstrip("。") or _matter(d),
        "依据": own_ground.rstrip("。"),
        REMEDIES: _said(d, REMEDIES, paper.fields.get(REMEDIES, [])),
        "签发人": signed_by,
        "日期": chinese.day(on),
        "查验码": code,
        "有抬头": "是" if rule.addressed else "",
        "须送达": "是" if is_for_a_party(policy, paper) else "",
        "当事人出具": "是" if is_a_partys(policy, paper) else "",
    }


def _hidden(said: Content) -> Content:
    """What names the applicant's side, without its name."""
    whole: Content = {field: [HIDDEN] for field in (CALLED, SIGNED) if said[field]}
    if PRESENT in said:
        whole[PRESENT] = [HIDDEN if line.startswith(f"{APPLICANT}：") else line for line in said[PRESENT]]
    return whole


def applicant(d: Dispute) -> str:
    """Who asks, as a paper names him: a group by the first of it and its number, nobody whom the law hides."""
    who = d.facts.applicant
    if d.confidential or who.anonymous or not who.name:
        return HIDDEN if d.confidential or who.anonymous else ANONYMOUS
    return f"{who.name}等{who.headcount}人" if who.headcount > 1 else who.name


def _roll(d: Dispute) -> list[str]:
    """The people of a group by their lines, without those who have withdrawn."""
    if d.confidential:
        return []
    gone = {line for part in d.parted for line in part.lines}
    return [f"{m.line}．{m.name}" for m in d.facts.applicant.members if m.line not in gone]


def _firms(d: Dispute) -> str:
    return "、".join(r.name for r in d.facts.respondents)


def _matter(d: Dispute) -> str:
    kinds = dict.fromkeys(
        "".join(filter(None, (c.insurance and f"{c.insurance}保险", c.type))) for c in d.facts.claims
    )
    named = "、".join(kind for kind in kinds if kind)
    return f"社会保险费争议（{named}）" if named else "社会保险费争议"


def _basis(policy: Policy, basis: str) -> str:
    told = policy.basis_of(basis)
    return told.replace("县方案", policy.county.plan) if policy.county.plan else told


def _addressee(policy: Policy, d: Dispute, paper: Document) -> str:
    """To whom it is written: the parties by name, units that the act named, else as the policy has it."""
    roles, fields = policy.units.roles, paper.fields
    by_word: dict[str, Callable[[], str]] = {
        roles.get("applicant", "申请人"): lambda: applicant(d),
        roles.get("respondent", "被反映单位"): lambda: _firms(d),
        BOTH: lambda: "、".join(filter(None, (applicant(d), _firms(d)))),
        "主办": lambda: d.lead or "",
        "协办": lambda: "、".join(d.co),
        "参会部门": lambda: _joined(fields.get("参会单位")) or _called(d),
        "责任单位": lambda: _joined(fields.get("主送")) or "责任单位",
        "党委政府": lambda: _joined(fields.get("报送")) or "党委政府",
        "受邀单位": lambda: _joined(fields.get("受邀单位")),
        "内部": lambda: "",
    }
    words = re.split("[/、]", paper.to)
    return "、".join(filter(None, (by_word[w]() if w in by_word else w for w in words)))


def _called(d: Dispute) -> str:
    return "、".join(d.meetings[-1].units) if d.meetings else ""


def _joined(value: Any) -> str:
    return (
        "、".join(str(v) for v in cast("list[Any]", value)) if isinstance(value, list) else str(value or "")
    )


def _derived(d: Dispute, paper: Document, field: str) -> Any:
    """What follows from the matter though no act wrote it into the paper; ``None`` where nothing does."""
    match field:
        case "签名":
            team = "、".join([d.mediation.chief, *d.mediation.members]) if d.mediation else ""
            sides = {APPLICANT: applicant(d), FIRM: _firms(d), "调解员": team, "记录人": ""}
            named = [
                f"{side}{name.removeprefix(side)}" for side, name in sides.items() if name or side != FIRM
            ]
            return [f"{who}（签名或者盖章）：" for who in named]
        case "序号":
            return [str(n) for n in range(1, len(d.documents) + 1)]
        case "理由" if paper.fields.get("自愿声明") and not d.confidential:
            return d.facts.narrative
        case _:
            return None


def _said(d: Dispute, field: str, value: Any) -> list[str]:
    """A value as a paper writes it, line by line: sums in words, claims by what they are about."""
    if isinstance(value, dict):
        named = _member if field == EXCEPTED else _claim
        pairs = cast("dict[str, Any]", value).items()
        return [f"{named(d, key)}：{_text(each)}" for key, each in pairs]
    if isinstance(value, list):
        lines = [_text(each) for each in cast("list[Any]", value)]
        return [_claim(d, line) for line in lines] if field == "子项" else lines
    if field == "子项" and value:
        return [_claim(d, str(value))]
    if field in SUMS and value:
        return [chinese.money(Decimal(str(value)))]
    return [line for line in _text(value).splitlines() if line.strip()]


def _claim(d: Dispute, key: str) -> str:
    claim = next((c for c in d.facts.claims if c.no == key), None)
    if claim is None:
        return chinese.said(key)
    what = "".join(filter(None, (claim.insurance and f"{claim.insurance}保险", claim.type, claim.detail)))
    return f"第{claim.no}项（{what}）" if what else f"第{claim.no}项"


def _member(d: Dispute, line: str) -> str:
    """A line of the roll, by name where nobody is hidden."""
    named = next((m.name for m in d.facts.applicant.members if str(m.line) == line), None)
    return f"名册第{line}号" if d.confidential or not named else f"名册第{line}号{named}"


def _text(value: Any) -> str:
    return chinese.said(str(value)) if value is not None else ""
