"""调解: drafts with their lawful choices, review, signature, 司法确认.

A story may draft, agree or fail without having begun: then the mediation is begun with it.
"""

import re
from decimal import Decimal

from domain.actions.form import Material
from domain.actions.mediation import (
    ONE_SIDED,
    ApplyJudicialConfirmation,
    ConcludeAgreement,
    Consent,
    DeclineMediation,
    DraftAgreement,
    EndMediation,
    Instalment,
    RecordJudicialConfirmation,
    ReviewAgreement,
    Signer,
    StartMediation,
)
from domain.owed import levied
from domain.words import LabourRelation, Step
from starter.scenario.translate.scene import (
    IN_THE_FILE,
    Data,
    NotTranslatable,
    Scene,
    Sent,
    as_money,
    as_rows,
    as_text,
    as_texts,
    make,
    short,
)
from starter.scenario.translate.sums import ZERO, still_claimed
from starter.scenario.translate.wording import Table, denied, pick

APPLICANT, RESPONDENT = "申请人", "被反映单位"


def _sides(scene: Scene) -> list[str]:
    return [APPLICANT, *([RESPONDENT] if scene.d.facts.respondents else [])]


# --- beginning ----------------------------------------------------------------------------------------------------


def mediation_start(scene: Scene) -> list[Sent]:
    """启动调解; a statement that is none is one side's alone."""
    said = scene.said("voluntary_statement")
    sides = _sides(scene)
    if said is not None and denied(said):
        sides = sides[:1] if len(sides) > 1 else [RESPONDENT]
    return [scene.own(_start(scene, sides, as_text(said)))]


def _start(scene: Scene, sides: list[str], said: str | None = None) -> StartMediation:
    way = pick(said, (("口头|笔录", "口头申请，已记入笔录"),), "书面申请")
    return make(
        StartMediation,
        consents=[make(Consent, party=side, way=way, on=scene.day) for side in sides],
        chief=scene.officer,
        room=short(scene.text("place", "room") or "调解室"),
    )


def _begun(scene: Scene) -> list[Sent]:
    """The beginning that the story left out, if it did."""
    mediation = scene.d.mediation
    if mediation and (mediation.is_open or mediation.agreed_at):
        return []
    return [scene.aside(_start(scene, _sides(scene)))]


# --- drafts -------------------------------------------------------------------------------------------------------

_LATE_FEE: Table = (
    (r"滞纳金[^，。；不未免]*(?:职工|本人|劳动者|乙方)[^，。；不未]*(?:承担|负担)", "职工承担"),
    (r"滞纳金[^，。；不未]*(?:各半|平摊|分担|各自承担)", "双方分担"),
)
_PAY_TO: Table = ((r"(?:折算|折成)[^。；不]*(?:发给|支付给|付给)|随工资(?:发|付)", "支付给职工本人"),)
_COVERAGE: Table = (
    (r"其余[^。；不]*(?:视为(?:已)?了结|不再主张)", "部分期间，其余视为了结"),
    (r"其余[^。；]*另行", "部分期间，其余另行处理"),
)


_SETTLED = ("instalments", "principal", "amount", "full_principal", "waiver")


def agreement_draft(scene: Scene) -> list[Sent]:
    """提交协议草案; what the signed version says of sums and choices is looked up in what follows."""
    version = scene.said("version")
    signed = (s.data for s in scene.later("mediate_agreed") if s.data.get("version") in (version, None))
    ahead = {key: value for key, value in next(signed, scene.step.data).items() if key in _SETTLED}
    return [*_begun(scene), scene.own(_draft(scene, {**ahead, **scene.step.data}))]


def _draft(scene: Scene, data: Data) -> DraftAgreement:
    terms = _terms(data)
    said = "。".join(terms)
    levies = bool(levied(scene.d))
    full = data.get("full_principal") is not False
    instalments = _instalments(data)
    return make(
        DraftAgreement,
        facts=as_text(data.get("fact")) or IN_THE_FILE,
        principal=("全额补缴" if full else "减免部分") if levies else "不涉及补缴",
        coverage=pick(said, _COVERAGE, "全部应缴期间") if levies else None,
        amount=_amount(scene, data, instalments) if levies else None,
        late_fee=pick(said, _LATE_FEE, "单位依法承担，由税务机关核定") if levies else None,
        pay_to=pick(said, _PAY_TO, "缴入社会保险基金") if levies else None,
        waiver=data.get("waiver") is True,
        set_off=False,
        instalments=instalments,
        terms=terms,
    )


def _terms(data: Data) -> list[str]:
    clauses = [*as_texts(data.get("clauses")), *as_texts(data.get("content"))]
    fee = as_text(data.get("late_fee"))
    return [*clauses, *([fee] if fee else [])] or ["双方按约定履行"]


def _instalments(data: Data) -> list[Instalment]:
    parts = as_rows(data.get("instalments"), "instalments")
    return [make(Instalment, due=part.get("due"), amount=as_money(part.get("amount"))) for part in parts]


def _amount(scene: Scene, data: Data, instalments: list[Instalment]) -> Decimal:
    """The principal agreed: the instalments' sum, else as said, else what is recognised later, else what was claimed."""
    if instalments:
        return sum((part.amount for part in instalments), ZERO)
    said = as_money(data.get("principal")) or as_money(data.get("amount"))
    if said is not None:
        return said
    recognised = (as_money(s.data.get("recognised_amount")) for s in scene.later("submit_opinion"))
    return next((sum_ for sum_ in recognised if sum_), None) or sum(still_claimed(scene.d).values(), ZERO)


def agreement_review(scene: Scene) -> list[Sent]:
    """审查协议: of the version that waits."""
    version, waits = scene.said("version"), _version(scene)
    if version is not None and waits is not None and version != waits:
        raise NotTranslatable(f"待审查的是第 {waits} 版协议草案，不是第 {version} 版")
    passed = not denied(str(scene.must("result")))
    objections = scene.text("reason", "objections") or "须修改后再提交"
    body = make(
        ReviewAgreement,
        result="通过" if passed else "不通过，须修改",
        objections=None if passed else objections,
    )
    return [scene.own(body)]


def _version(scene: Scene) -> object:
    """The version on the table, as the story counts them."""
    drafted = next(scene.earlier("agreement_draft", "mediate_agreed"), None)
    told = drafted.data.get("version") if drafted else None
    mediation = scene.d.mediation
    return told if told is not None or mediation is None else len(mediation.drafts) or None


# --- the end ------------------------------------------------------------------------------------------------------


def mediate_agreed(scene: Scene) -> list[Sent]:
    """签订调解协议; what was never drafted is put on the table first, and reviewed where that is owed."""
    conclude = make(
        ConcludeAgreement,
        form="书面",
        signers=[_signer(scene, side) for side in _signed(scene)],
        signed_on=scene.day,
        confirm_told=True,
    )
    return [*_begun(scene), *_drafted_now(scene), scene.own(conclude)]


def _drafted_now(scene: Scene) -> list[Sent]:
    draft = _draft(scene, scene.step.data)
    if not _is_new(scene, draft):
        return []
    reviewers = scene.policy.powers.review_agreement.units
    reviewer = next((u for w in reviewers if (u := scene.policy.units.roles.get(w))), scene.center)
    owed = scene.policy.agreement_review_required
    review = [scene.aside(make(ReviewAgreement, result="通过"), reviewer)] if owed else []
    return [scene.aside(draft), *review]


def _is_new(scene: Scene, draft: DraftAgreement) -> bool:
    """Whether the step brings a text, sums or a choice that the draft on the table does not have."""
    mediation = scene.d.mediation
    table = mediation.draft if mediation and (mediation.is_open or mediation.defaulted) else None
    if table is None:
        return mediation is None or mediation.is_open or mediation.defaulted or not mediation.agreed_at
    said = scene.step.data
    worded = bool(said.get("clauses") or said.get("content")) and draft.terms != table.terms
    summed = bool(draft.instalments) and draft.instalments != table.instalments
    other = said.get("version") is not None and said["version"] != _version(scene)
    return worded or summed or other or draft.waiver or draft.principal == "减免部分"


_OF_UNIT = "公司|单位|厂|企业|店|局|站|所|中心|合作社|双方"


def _signed(scene: Scene) -> list[str]:
    """Who signed: everybody, unless the step names only one side."""
    sides, named = _sides(scene), scene.texts("parties")
    if not named or len(sides) == 1:
        return sides
    firms = [r.name for r in scene.d.facts.respondents]
    of_unit = [n in firms or pick(n, ((_OF_UNIT, "1"),), "") == "1" for n in named]
    signed = [
        *([APPLICANT] if not all(of_unit) or "双方" in named else []),
        *([RESPONDENT] if any(of_unit) else []),
    ]
    return signed or sides


def _signer(scene: Scene, side: str) -> Signer:
    facts = scene.d.facts
    if side == APPLICANT:
        group = facts.applicant.is_group
        names = facts.applicant.representatives if group else []
        name = next(iter(names), None) or facts.applicant.name or side
        return make(Signer, party=side, signer=name, capacity="代表人" if group else "本人")
    firm = facts.respondents[0]
    return make(Signer, party=side, signer=firm.contact or firm.name, capacity="法定代表人")


_WHY_ENDED: Table = (
    ("劳动关系|不认", "劳动关系须先确认"),
    ("不到场|未到", "一方不到场"),
    ("期限|届满", "期限届满"),
    ("查处|违法", "涉嫌违法应当查处"),
    ("未履行|违约", "协议未履行"),
    ("分歧|谈不拢|达不成|无法达成", "分歧较大无法达成"),
)


_UNWILLING = "(?:不同意|不愿意?|拒绝)(?:接受|参加|进行)?调解"


def mediate_failed(scene: Scene) -> list[Sent]:
    """终止调解, the ways from here as the matter suggests them; one that nobody began was not wanted."""
    reason = str(scene.must("reason"))
    if scene.d.mediation is None and re.search(_UNWILLING, reason):
        who = pick(reason, (("双方", ""), ("单位|公司|企业", RESPONDENT)), APPLICANT)
        body = make(DeclineMediation, who=[who] if who else _sides(scene), said_way="当面", said_on=scene.day)
        return [scene.own(body)]
    body = make(
        EndMediation,
        reason_code=pick(reason, _WHY_ENDED, "一方不愿继续"),
        explanation=short(reason),
        told_ways=_ways_on(scene),
    )
    return [*_begun(scene), scene.own(body)]


def _ways_on(scene: Scene) -> list[str]:
    """The ways that the matter's own route and its labour relation leave open."""
    tier = scene.draft().tier
    seen = scene.d.facts.indicators.labour_relation
    unclear = seen in (LabourRelation.DISPUTED, LabourRelation.UNKNOWN)
    ways = ["调查核实处理"] if tier and tier.has(Step.INVESTIGATE) else []
    return [*ways, *(["劳动仲裁"] if unclear else [])] or ["劳动仲裁", "民事诉讼"]


_RULED: Table = (
    ("驳回", "裁定驳回申请"),
    ("不予受理", "不予受理"),
    ("撤回", "申请人撤回"),
)


def judicial_confirm(scene: Scene) -> list[Sent]:
    """登记申请司法确认, and what the court said where the step tells it."""
    result = scene.text("result")
    applied = scene.d.mediation is not None and scene.d.mediation.applied_on is not None
    jointly = scene.said("applied_jointly")
    application = make(
        ApplyJudicialConfirmation,
        applied_on=scene.day,
        by=ONE_SIDED if jointly is not None and denied(jointly) else "双方共同申请",
    )
    if result is None:
        return [scene.own(application)]
    ruled = pick(result, _RULED, "裁定协议有效")
    record = make(
        RecordJudicialConfirmation,
        result=ruled,
        ruled_on=scene.day,
        paper=None if ruled == "申请人撤回" else make(Material, name="司法确认裁定书"),
    )
    return [scene.own(record)] if applied else [scene.own(application), scene.aside(record)]
