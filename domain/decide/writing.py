"""What an act says in the paper that it draws up: whatever its form was given that whoever reads the paper must know."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain import chinese
from domain.actions.disposal import IssueDisposition, Result, SpotResult
from domain.actions.execution import Arrears
from domain.actions.mediation import DraftAgreement, Signer
from domain.actions.meetings import Attended, Division, Item, JointlyAttended
from domain.actions.telling import FoundSum
from domain.intake import APPLICANT, ClaimNo
from domain.state import AgreementVersion, Mediation, Meeting
from domain.words import UnitName

Said = dict[str, Any]
"""Fields of a paper."""
ByClaim = dict[ClaimNo, str]

IN_WRITING = "书面征求意见"


# --- meetings ----------------------------------------------------------------------------------------------------


def sitting(held_at: datetime, mode: str | None, place: str | None) -> Said:
    """When and where; a consultation in writing has a moment until which it is answered."""
    when = chinese.moment(held_at)
    return {"时间": f"{when}前书面答复" if mode == IN_WRITING else when, "方式": mode, "地点": place}


def minutes(
    meeting: Meeting,
    attended: Sequence[Attended | JointlyAttended],
    absent: Sequence[UnitName],
    outcome: str | None = None,
) -> Said:
    """When, where and about what it was, who was there and who was not, and what each of them said."""
    missing = "未答复单位" if meeting.mode == IN_WRITING else "缺席单位"
    return sitting(meeting.held_at, meeting.mode, meeting.place) | {
        "议题": meeting.topics,
        missing: "、".join(absent),
        "主持人": meeting.chair,
        "参会人员": [f"{a.unit} {a.officer}" for a in attended],
        "各方意见": [f"{a.unit}（{a.officer}）：{joined(a.stance, a.opinion)}" for a in attended],
        "会商结果": outcome,
    }


def items(agreed: Iterable[Item], units: Iterable[UnitName]) -> list[str]:
    """议定事项, each with its unit, as the county calls it, and its day."""
    found = [
        f"{row.category}：{row.text}（责任单位：{unit}；完成期限：{chinese.day(row.due)}）"
        for row, unit in zip(agreed, units, strict=True)
    ]
    return found or ["没有议定事项"]


def division(rows: Iterable[Division]) -> list[str]:
    """分工, each with its day where it has one."""
    return [f"{r.unit}：{r.task}" + (f"（完成期限：{chinese.day(r.due)}）" if r.due else "") for r in rows]


# --- what is decided ---------------------------------------------------------------------------------------------


def disposition(body: IssueDisposition) -> Said:
    """处置意见: of each claim what is decided and why, of whoever gets another result his own."""
    return {
        "结论": {r.claim: str(r.conclusion) for r in body.results},
        "处置": {r.claim: said for r in body.results if (said := _measure(r))},
        "理由": {r.claim: r.reason for r in body.results if r.reason},
        "主管部门的结论": {r.claim: r.competent for r in body.results if r.competent},
        "结论不同的人员": {str(x.member): f"{x.conclusion}，{x.reason}" for x in body.excepted_members},
        "滞纳金": body.late_fee,
        "依据": body.ground,
        "事实": body.facts,
        "更替理由": body.change_reason,
        "子项": [r.claim for r in body.results],
    }


def _measure(row: Result) -> str:
    sums = (
        ("认定本金", row.principal),
        ("核定本金", row.assessed),
        ("认定退费", row.refund),
        ("补发", row.benefit),
    )
    return joined(row.measure, *(f"{word}{chinese.money(due)}" for word, due in sums if due is not None))


def on_the_spot(rows: Iterable[SpotResult]) -> ByClaim:
    """当场办结: of each claim what was done at once, and why not all of it."""
    return {r.claim: said for r in rows if (said := joined(r.done, _sum(r.amount), r.reason))}


def arrears(rows: Iterable[Arrears]) -> ByClaim:
    """欠缴明细."""
    return {row.claim: chinese.money(row.principal) for row in rows}


def found(rows: Iterable[FoundSum]) -> ByClaim:
    """认定应补."""
    return {row.claim: chinese.money(row.due) for row in rows}


# --- agreements --------------------------------------------------------------------------------------------------


def payment(body: DraftAgreement) -> list[str]:
    """What a draft agrees about principal, months, late fee and where it goes: what the law asks about, as chosen."""
    amount = body.amount if body.amount else None
    lines = (
        ("本金", joined(body.principal, _sum(amount))),
        ("期间", body.coverage),
        ("滞纳金", body.late_fee),
        ("款项去向", body.pay_to),
    )
    return [f"{word}：{said}" for word, said in lines if said]


def agreement(version: AgreementVersion) -> Said:
    """主要事实、争议事项, what is agreed, how and until when it is carried out (人民调解法第二十九条)."""
    return {
        "事实": version.facts,
        "补缴约定": version.payment,
        "内容": version.terms,
        "履行方式期限": [
            f"{f'第{n}期：' if len(version.instalments) > 1 else ''}{chinese.day(p.due)}缴纳{chinese.money(p.amount)}"
            for n, p in enumerate(version.instalments, 1)
        ],
    }


def signed(signers: Iterable[Signer]) -> Said:
    """Who signed for each side, and as what."""
    told: Said = {"甲方签名人": [], "乙方签名人": []}
    for one in signers:
        told["甲方签名人" if one.party == APPLICANT else "乙方签名人"].append(
            f"{one.signer}（{one.capacity}）"
        )
    return told


def team(mediation: Mediation) -> list[str]:
    """Who mediated, the chief first."""
    return [f"{mediation.chief}（首席调解员）", *mediation.members]


def _sum(amount: Decimal | None) -> str | None:
    return None if amount is None else chinese.money(amount)


def joined(*parts: str | None) -> str:
    """What was chosen, with what was written beside it."""
    return "，".join(part.rstrip("。") for part in parts if part)
