"""受理: supplement, refusal, merging and linking, urgent reports."""

from domain.actions.form import Material
from domain.actions.intake import (
    IssueUrgentReport,
    LinkCases,
    MergeCases,
    ReceiveMaterial,
    RefuseClaims,
    RefusedClaim,
    RequestSupplement,
)
from domain.words import Stage
from starter.scenario.translate.scene import Data, NotTranslatable, Scene, Sent, make, short
from starter.scenario.translate.wording import Table, every, pick

WAYS: Table = (
    ("12345|热线", "12345平台"),
    ("平台|网|站内|微信", "网络平台"),
    ("当面|来访|现场|窗口", "当面"),
    ("电话|短信", "电话"),
)
_MISSING: Table = (
    ("授权|委托", "授权委托书"),
    ("推选", "代表人推选书"),
    ("身份|证件", "申请人身份"),
    ("联系方式|电话|地址.*申请人", "联系方式"),
    ("单位(?:名称|全称|地址)|被反映单位|哪个单位", "被反映单位名称或地址"),
    ("合同|劳动关系|用工|解除|离职", "劳动关系材料"),
    ("险种|所属期|时间|起止", "险种和所属期"),
    ("工资|缴费|凭证|流水|票据|社保卡", "工资或缴费凭证"),
)


def request_supplement(scene: Scene) -> list[Sent]:
    """通知补正: what is missing by the form's words, the rest as it is written."""
    suggested = scene.suggested("request_supplement")
    named, unread = every(scene.texts("missing", "items"), _MISSING)
    items = named or ([] if unread else suggested["items"])
    other = "、".join(unread) or (None if items else "见补正通知书")
    body = make(
        RequestSupplement,
        items=[*items, *(["其他"] if other else [])],
        other=short(other) if other else None,
        due=scene.text("deadline", "days") or suggested["due"],
        way=pick(scene.text("method", "way"), WAYS, "书面"),
    )
    return [scene.own(body)]


def supplement_material(scene: Scene) -> list[Sent]:
    """接收材料: what comes in while a supplement is pending completes it."""
    names = scene.texts("items", "materials") or ["补充材料"]
    respondent = "respondent" in scene.policy.units.roles_of(scene.unit)
    body = make(
        ReceiveMaterial,
        given_by="被反映单位" if respondent else "申请人",
        materials=[make(Material, name=short(name)) for name in names],
        completes="已补齐" if scene.d.stage == Stage.SUPPLEMENT else None,
        received_on=scene.day,
    )
    return [scene.own(body)]


def decide_not_accept(scene: Scene) -> list[Sent]:
    """不予受理: each item by its code; a code alone is for the whole matter."""
    items = [_refused(scene, row) for row in scene.rows("items") or [{"code": scene.must("code")}]]
    return [scene.own(make(RefuseClaims, items=items))]


def _refused(scene: Scene, row: Data) -> RefusedClaim:
    code = str(row.get("code") or "")
    rule = scene.policy.refusals.get(code)
    competent = row.get("redirect") or scene.text("redirect") or (rule.redirect if rule else "另行告知")
    ground = row.get("reason") or scene.text("reason") or (rule.basis if rule else "见告知书")
    claim = row.get("claim")
    return make(
        RefusedClaim,
        claim=None if claim is None else str(claim),
        code=code,
        competent=short(str(competent)),
        ground=str(ground),
    )


_MERGED: Table = (
    ("单号", "同一渠道单号"),
    ("异体|别字|谐音|姓名", "姓名异体字经核实"),
    ("证件|身份|申请人|同一人|电话", "同一申请人"),
    ("单位", "同一单位"),
    ("险种|所属期|事项", "同一险种和所属期"),
)


def merge_into(scene: Scene) -> list[Sent]:
    """并案: of the child, which the step must name."""
    child, own = scene.said("child"), (scene.d.facts.source_no, scene.d.case_no)
    if child is not None and str(child) not in own:
        raise NotTranslatable(f"没有单号为 {child} 的案件可以并入他案")
    ground, _ = every(scene.texts("basis", "ground"), _MERGED)
    body = make(MergeCases, into=str(scene.must("parent")), ground=ground or ["同一申请人"])
    return [scene.own(body)]


_RELATIONS: Table = (
    ("新事实|新情况|新问题", "新事实"),
    ("线索", "派生线索"),
    ("再次|重新提出", "再次提出"),
    ("反请求|反诉", "反请求"),
    ("单位", "同一单位"),
)


def link_case(scene: Scene) -> list[Sent]:
    """关联案件."""
    relation = pick(scene.text("relation", "reason"), _RELATIONS, "同一当事人")
    return [scene.own(make(LinkCases, to=str(scene.must("previous_source")), relation=relation))]


def urgent_report(scene: Scene) -> list[Sent]:
    """报送紧急信息."""
    body = make(
        IssueUrgentReport,
        to=scene.texts("to"),
        situation=scene.text("content") or "见紧急信息报告",
        measures=scene.text("measures") or "已交办相关单位",
    )
    return [scene.own(body)]
