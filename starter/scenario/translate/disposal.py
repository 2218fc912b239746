"""处置: opinions, dispositions with their sums, objections."""

import re
from decimal import Decimal

from domain.actions.disposal import (
    BENEFIT,
    CORRECTED,
    CREDITED,
    ENROLLED,
    ORDERED,
    REFUNDED,
    GiveOpinion,
    IssueDisposition,
    MemberResult,
    ObjectToDisposition,
    Result,
    View,
)
from domain.actions.telling import RecordPartyObjection
from domain.decide.common import own_claims
from domain.owed import claim_of
from domain.state import Opinion, SubItem
from domain.words import ClaimType, Conclusion
from starter.scenario.receipts import step_number
from starter.scenario.translate.orders import order
from starter.scenario.translate.scene import IN_THE_FILE, Scene, Sent, make, short, sum_in
from starter.scenario.translate.sums import ZERO, Sums, claimed, later_payments, split
from starter.scenario.translate.wording import Table, pick

LAW = "社会保险法等有关规定"
RECOUNTED = "重新核定待遇"


def submit_opinion(scene: Scene) -> list[Sent]:
    """A disposition, where whoever may decide says a conclusion; otherwise an opinion that is heard."""
    claims = _own(scene)
    if not claims or scene.said("conclusion") is None or scene.said("role") == "协办":
        return [scene.own(_opinion(scene))]
    results = _results(scene, claims)
    replaced = any(s.conclusion for s in claims)
    body = make(
        IssueDisposition,
        results=results,
        late_fee=_late_fee(scene, results),
        excepted_members=_excepted(scene),
        facts=_facts(scene),
        ground=scene.text("law_anchor", "basis") or LAW,
        change_reason=(scene.text("reason", "content", "fact") or "依新查明的情况更替") if replaced else None,
    )
    ordered = re.search("责令|限期缴纳|限期缴", scene.words("act"))
    arrears = {r.claim: (r.recognised or ZERO) - scene.d.sub_items[r.claim].paid for r in results}
    return [scene.own(body), *(order(scene, arrears) if ordered else [])]


def _facts(scene: Scene) -> str:
    return scene.text("fact", "content", "reason") or IN_THE_FILE


def _own(scene: Scene) -> list[SubItem]:
    """The claims this step decides: the one it names, those of the opinion it replaces, else the undecided ones."""
    mine = {s.no: s for s in own_claims(scene.draft())}
    if (named := scene.claim()) is not None:
        return [mine[named]] if named in mine else []
    old = _opinion_of(scene, scene.said("supersedes_step"))
    replaced = [s for s in mine.values() if old and s.no in old.views]
    return replaced or [s for s in mine.values() if s.conclusion is None] or list(mine.values())


def _opinion_of(scene: Scene, number: object) -> Opinion | None:
    return next((o for o in scene.d.opinions if number and step_number(o.action_id) == number), None)


# --- a consulted unit's opinion -----------------------------------------------------------------------------------

_STANCES = {"支持": "支持诉求", "部分支持": "部分支持", "不支持": "不支持"}


def _opinion(scene: Scene) -> GiveOpinion:
    named = scene.claim()
    claims = [named] if named is not None else scene.claims()
    stance = _STANCES.get(str(scene.said("conclusion")), "仅提供事实材料")
    amount = scene.money("recognised_amount", "principal") if len(claims) == 1 else None
    return make(
        GiveOpinion,
        views=[make(View, claim=no, stance=stance, amount=amount) for no in claims],
        facts=scene.text("content", "fact", "reason") or IN_THE_FILE,
        ground=scene.text("law_anchor", "basis") or LAW,
    )


# --- results by claim ---------------------------------------------------------------------------------------------


def _results(scene: Scene, claims: list[SubItem]) -> list[Result]:
    conclusion = Conclusion(str(scene.said("conclusion")))
    heard = {"competent": f"已征求{'、'.join(units)}意见"} if (units := scene.texts("consulted")) else {}
    if conclusion == Conclusion.REJECT:
        return [make(Result, claim=s.no, conclusion=conclusion, reason=_why(scene), **heard) for s in claims]
    sums = _premiums(scene, claims)
    why = _why(scene) if conclusion == Conclusion.PARTLY else None
    return [
        make(
            Result,
            claim=s.no,
            conclusion=conclusion,
            reason=why,
            **heard,
            **_measure(scene, s, sums.get(s.no)),
        )
        for s in claims
    ]


def _why(scene: Scene) -> str:
    return scene.text("reason", "content", "fact") or "理由见案卷材料"


def _measure(scene: Scene, item: SubItem, premium: Decimal | None) -> dict[str, object]:
    """How a claim is set right, with the sum that belongs to it."""
    act = scene.words("act", "content")
    if item.refund:
        return {"measure": REFUNDED, "refund": _refund(scene, item.no)}
    if not item.premium and item.category is not None:
        benefit = sum_in(act) or claimed(scene.d, item.no)
        return {"measure": BENEFIT, "benefit": benefit} if benefit else {"measure": RECOUNTED}
    measure = _levy(scene, item, act, premium)
    sum_ = premium if item.premium else None
    if measure in (ORDERED, CORRECTED):
        return {"measure": measure, "principal": sum_ or ZERO}
    return {"measure": measure, "assessed": sum_}


_BY_TYPE = {
    ClaimType.NOT_ENROLLED: ENROLLED,
    ClaimType.UNPAID: ORDERED,
    ClaimType.WRONG_BASE: CORRECTED,
    ClaimType.OTHER_LEVY: CREDITED,
}
_BY_WORDS: Table = (
    ("登记|参保", ENROLLED),
    ("基数", CORRECTED),
    ("补记|转移|接续|接收", CREDITED),
    ("责令|缴", ORDERED),
)


def _levy(scene: Scene, item: SubItem, act: str, premium: Decimal | None) -> str:
    claim = claim_of(scene.d, item.no)
    by_type = _BY_TYPE.get(claim.type) if claim and claim.type else None
    return by_type or pick(act, _BY_WORDS, ORDERED if premium else CREDITED)


def _refund(scene: Scene, no: str) -> Decimal:
    """The sum to be paid back: as said, else what the story pays back later, else what was claimed."""
    later = [sum_ for s in scene.later("enforce_report") if (sum_ := sum_in(f"{s.data.get('refund')}元"))]
    said = scene.money("recognised_amount", "principal") or sum_in(scene.words("act", "content"))
    return said or (later[0] if later else claimed(scene.d, no))


def _premiums(scene: Scene, claims: list[SubItem]) -> Sums:
    """The premium recognised of each claim: the sum named is split; else what the story pays, else what was claimed."""
    levied = [s for s in claims if s.premium]
    if not levied:
        return {}
    by_claim, loose = later_payments(scene)
    known = {s.no: s.paid + by_claim.get(s.no, ZERO) for s in levied}
    weights = {s.no: _asked(scene, s.no) for s in levied}
    total = scene.money("recognised_amount", "principal")
    if total is None and loose:
        total = sum(known.values(), loose)
    if total is not None:
        return split(total, weights, known)
    unnamed = {s.no: known[s.no] or (weights[s.no] if s.needs_execution else ZERO) for s in levied}
    return {no: sum_ for no, sum_ in unnamed.items() if sum_}


def _asked(scene: Scene, no: str) -> Decimal:
    """What was claimed, without what the lines that are not supported claim of it."""
    claim, excepted = claim_of(scene.d, no), {row.member for row in _excepted(scene)}
    left = claimed(scene.d, no)
    for member in scene.d.facts.applicant.members:
        if claim and claim.insurance and member.line in excepted:
            left -= member.claims.get(claim.insurance, ZERO)
    return max(left, ZERO)


_FEES: Table = (
    ("另行核定|税务(?:机关)?核定", "由税务机关另行核定"),
    ("不加收|非单位原因|不收", "非单位原因，依法不加收"),
)


def _late_fee(scene: Scene, results: list[Result]) -> str | None:
    """How the late fee is dealt with, where premium is recognised."""
    levied = any(r.recognised is not None for r in results)
    return pick(scene.text("late_fee"), _FEES, "自欠缴之日起按日万分之五另计") if levied else None


def _excepted(scene: Scene) -> list[MemberResult]:
    """The lines of the roll with another result: those named, or the last so many."""
    said = scene.said("not_supported_lines")
    lines = [m.line for m in scene.d.facts.applicant.members]
    if isinstance(said, list):
        lines = [line for line in lines if str(line) in scene.texts("not_supported_lines")]
    else:
        lines = lines[-said:] if isinstance(said, int) and said > 0 else []
    why = short(scene.text("reason") or "理由已逐人说明")
    return [make(MemberResult, member=line, conclusion=Conclusion.REJECT, reason=why) for line in lines]


# --- objections ---------------------------------------------------------------------------------------------------

_AGAINST = {"investigate_report": "调查核实报告", "minutes": "会议纪要"}
_PROPOSED: Table = (
    ("^部分支持", "部分支持"),
    ("^不支持", "不支持"),
    ("^支持", "支持诉求"),
    ("程序", "程序须补正"),
)
_DISPUTED: Table = (
    ("金额|本金|基数", "金额"),
    ("程序", "程序"),
    ("送达", "送达"),
    ("经办人|承办人|回避", "承办人员"),
)


def objection(scene: Scene) -> list[Sent]:
    """提出异议, by a unit to what that step made; a party's is recorded."""
    reason = scene.text("reason") or IN_THE_FILE
    if scene.is_party():
        who = "申请人" if "applicant" in scene.policy.units.roles_of(scene.unit) else "被反映单位"
        body = make(RecordPartyObjection, who=who, against=pick(reason, _DISPUTED, "结论"), reason=reason)
        return [scene.own(body)]
    number = scene.said("against_step")
    opinion = _opinion_of(scene, number)
    about = next((s.action for s in scene.context.earlier if s.step == number), "")
    given = "处置意见" if opinion is None or opinion.formal else "协办意见"
    body = make(
        ObjectToDisposition,
        against=_AGAINST.get(about, given),
        claims=list(opinion.views) if opinion else scene.claims(),
        proposed=pick(scene.words("conclusion") or reason, _PROPOSED, "事实认定须复核"),
        reason=reason,
    )
    return [scene.own(body)]
