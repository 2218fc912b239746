"""调查、指引、法律程序、法制审核、撤回."""

from datetime import date

from domain.actions.callback import STANDS, ExplainAgain
from domain.actions.disposal import (
    GRANTED,
    OWN_PART,
    WHOLE,
    GiveLegalReview,
    RecordProceeding,
    RecordRuling,
    RecordWithdrawal,
    VerifyWithdrawal,
)
from domain.actions.form import Material
from domain.actions.telling import (
    GuideToLaw,
    Inquirer,
    IssueInvestigationReport,
    OpenInvestigation,
    SubmitFindings,
)
from domain.tasks import TaskKind
from domain.words import LabourRelation, MatterKind
from starter.scenario.translate.disposal import LAW
from starter.scenario.translate.leads import report_lead
from starter.scenario.translate.scene import IN_THE_FILE, NotTranslatable, Scene, Sent, as_day, make, short
from starter.scenario.translate.wording import Table, denied, every, pick

OPEN_TO_SUIT = "未生效，可起诉或上诉"

# --- investigation ------------------------------------------------------------------------------------------------

_RELATION: Table = (
    ("不足以|各执一词|无法认定|难以认定", "证据不足以认定"),
    ("不存在(?:劳动|用工)|无劳动关系", "不存在"),
    ("部分期间", "部分期间存在"),
    ("用工事实|存在劳动关系|劳动关系(?:成立|存在)|在岗", "存在"),
)
_PROPOSAL: Table = (
    ("仲裁|确认劳动关系", "指引确认劳动关系"),
    ("再行调解|先行调解", "再行调解"),
    ("立案|查处|处罚", "转立案查处"),
    ("不支持|不予支持", "不支持"),
)


def investigate_report(scene: Scene) -> list[Sent]:
    """调查核实报告; of a lead it is what its check found."""
    if scene.d.kind == MatterKind.LEAD:
        return report_lead(scene)
    finding = scene.text("finding", "content") or IN_THE_FILE
    seen = scene.d.facts.indicators.labour_relation
    settled = seen in (LabourRelation.CLEAR, LabourRelation.NOT_APPLICABLE)
    relation = "不涉及" if settled else pick(finding, _RELATION, "不涉及")
    found = make(
        SubmitFindings,
        investigators=scene.texts("officers") or [scene.officer],
        relation=relation,
        findings=finding,
    )
    report = make(
        IssueInvestigationReport,
        relation=relation,
        summary=finding,
        proposal=pick(scene.text("suggestion"), _PROPOSAL, "责令改正和补缴"),
    )
    return [*_inquiry(scene), scene.own(found), scene.aside(report, scene.d.lead)]


def _inquiry(scene: Scene) -> list[Sent]:
    """The inquiry of the unit that reports, where nobody has asked it yet."""
    asked = scene.d.open_tasks(TaskKind.FINDINGS)
    if any(scene.policy.units.same(scene.unit, t.unit) for t in asked):
        return []
    row = make(Inquirer, unit=scene.step.unit, points=["劳动关系"])
    return [scene.aside(make(OpenInvestigation, units=[row]), scene.d.lead)]


# --- guidance and proceedings elsewhere ----------------------------------------------------------------------------

_WAYS: Table = (
    ("劳动关系", "劳动仲裁确认劳动关系"),
    ("损失|赔偿", "不能补办的损失赔偿"),
    ("经济补偿", "经济补偿仲裁"),
    ("复议", "行政复议"),
    ("行政诉讼", "行政诉讼"),
    ("申请执行|强制执行", "申请执行裁决或判决"),
    ("法律援助", "法律援助"),
)


def guide_to_arbitration(scene: Scene) -> list[Sent]:
    """仲裁、诉讼指引: the ways by the form's words, and what was said of them."""
    if scene.said("not_a_decision") is False:
        raise NotTranslatable("指引告知书不是处置决定，请注明“非决定”")
    paths = scene.texts("paths")
    ways, _ = every(paths, _WAYS)
    body = make(
        GuideToLaw,
        ways=ways or ["劳动仲裁确认劳动关系"],
        explanation="；".join(paths) or None,
        told_how=pick(scene.text("method"), (("电话", "电话并邮寄"), ("书面|送达", "书面送达")), "当面"),
    )
    return [scene.own(body)]


_PROCEEDINGS: Table = (
    ("仲裁", "劳动仲裁"),
    ("复议", "行政复议"),
    ("行政诉讼|行政案件", "行政诉讼"),
    ("执行", "强制执行"),
    ("破产", "破产程序"),
)
_BODIES = {"劳动仲裁": "劳动人事争议仲裁委员会", "行政复议": "行政复议机关"}
_RULINGS: Table = (
    ("裁决书|仲裁裁决", "仲裁裁决书"),
    ("仲裁调解书", "仲裁调解书"),
    ("行政判决书", "行政判决书"),
    ("调解书", "民事调解书"),
    ("复议", "复议决定书"),
    ("裁定|撤诉|终止", "裁定书"),
)
_OUTCOMES: Table = (
    ("不予确认|未予确认|不存在劳动关系|未确认", "不予确认"),
    ("驳回|不予受理", "驳回或不予受理"),
    ("撤回|撤诉", "撤回"),
    ("部分期间", "确认部分期间"),
    ("确认", "确认劳动关系"),
    ("责令.*履行", "责令履行职责"),
    ("撤销|变更", "撤销或变更行政行为"),
    ("维持", "维持行政行为"),
    ("赔偿|补偿|给付|支付", "给付赔偿或补偿"),
)


def legal_document(scene: Scene) -> list[Sent]:
    """A paper of a proceeding elsewhere: that it began, or what came of it."""
    kind = str(scene.must("kind"))
    if "受理" in kind and "不予受理" not in kind:
        return [scene.own(_proceeding(scene, kind))]
    result = scene.text("result") or kind
    in_force, on = _in_force(scene)
    appealed = pick(result, (("起诉|上诉|申请再审", "已起诉或上诉"),), OPEN_TO_SUIT)
    body = make(
        RecordRuling,
        ruling=pick(kind, _RULINGS, "民事判决书"),
        outcome=pick(result, _OUTCOMES, "确认劳动关系"),
        effective="已生效" if in_force else appealed,
        effective_on=on if in_force else None,
        received_on=scene.day if not in_force and appealed == OPEN_TO_SUIT else None,
        paper=make(Material, name=short(kind)),
    )
    return [scene.own(body)]


def _in_force(scene: Scene) -> tuple[bool, date]:
    """Whether the paper is in force, and since when: said outright, or by the day."""
    said = scene.said("effective")
    day = None if isinstance(said, bool) else as_day(said)
    if day is not None:
        return day <= scene.day, day
    return not denied(said), scene.day


def _proceeding(scene: Scene, kind: str) -> RecordProceeding:
    proceeding = pick(kind, _PROCEEDINGS, "民事诉讼")
    court = scene.policy.units.roles.get("court", "人民法院")
    return make(
        RecordProceeding,
        proceeding=proceeding,
        body=_BODIES.get(proceeding, court),
        begun_on=scene.day,
        depends=not denied(scene.said("pauses_internal_clock")),
        paper=make(Material, name=short(kind)),
    )


# --- 法制审核、复核释法 -------------------------------------------------------------------------------------------

_REVIEWED: Table = (
    ("退回|补充|事实不足", "事实不足，退回补充"),
    ("不可以|不应受理|不予受理|不得受理|应不予", "不可以"),
    ("修改", "可以，须修改"),
)


def legal_review(scene: Scene) -> list[Sent]:
    """出具法制审核意见; where a complaint waits to be explained, 复核释法."""
    said, ground = scene.text("result") or IN_THE_FILE, scene.text("law_anchor") or LAW
    if scene.d.open_tasks(TaskKind.EXPLAIN):
        return [scene.own(_explained(scene, said, ground))]
    body = make(GiveLegalReview, result=pick(said, _REVIEWED, "可以"), ground=ground, explanation=said)
    return [scene.own(body)]


def _explained(scene: Scene, said: str, ground: str) -> ExplainAgain:
    wrong = pick(said, (("有误|不当|应予纠正|重新办理", "原结论有误，重新办理"),), STANDS)
    if wrong != STANDS:
        return make(ExplainAgain, review=wrong, ground=ground)
    return make(
        ExplainAgain,
        review=STANDS,
        explained_on=scene.day,
        way=pick(said, (("电话", "电话"), ("书面", "书面")), "当面"),
        ground=ground,
        reaction=pick(said, (("不接受|不服", "不接受，已告知救济途径"),), "理解接受"),
    )


# --- withdrawal ---------------------------------------------------------------------------------------------------

_SAID: Table = (("电话", "电话"), ("平台|网", "网络平台"), ("书面|书信|申请书", "书面"))
_WHY_WITHDRAWN: Table = (
    ("谈.{0,2}话|施压|压力|威胁|逼", "受到压力或威胁"),
    ("和解|谈妥", "已自行和解"),
    ("仲裁|诉讼|法院|法律途径", "改走法律途径"),
    ("缴|承诺|答应", "单位已缴纳或承诺缴纳"),
    ("家|个人原因", "家庭或个人原因"),
)
_PRESSED: Table = (("未受(?:胁迫|施压|威胁)|没有施压|无施压", "否"), ("施压|胁迫|威胁|压力|被迫|谈话", "是"))
_WILL: Table = (
    ("未能|无法|联系不上|未核实", "未能核实"),
    ("非本人|非真实|不是本人|不真实|代打|被迫|并非", "非本人真实意愿"),
)
_TOLD: Table = (("再次申请", "可再次申请"), ("时效", "时效因本次主张中断"), ("线索", "监管线索依法继续"))


def withdraw(scene: Scene) -> list[Sent]:
    """登记撤回申请."""
    stated = scene.text("stated_reason")
    body = make(
        RecordWithdrawal,
        **_whose(scene),
        reason_code=pick(stated, _WHY_WITHDRAWN, "不愿说明"),
        stated=short(stated) if stated else None,
        said_way=pick(scene.text("method"), _SAID, "当面"),
        said_on=scene.day,
    )
    return [scene.own(body)]


_OF_ALL = "全体|全部|大家|所有人|一致|我们都|集体"


def _whose(scene: Scene) -> dict[str, object]:
    """Of several applicants one withdraws for himself, unless it is said that all do."""
    left = scene.d.people_left
    if scene.d.facts.applicant.headcount == 1:
        return {}
    gone = {line for part in scene.d.parted for line in part.lines}
    lines = [m.line for m in scene.d.facts.applicant.members if m.line not in gone]
    said = scene.words("stated_reason", "method", "scope", "by")
    whole = pick(said, ((_OF_ALL, WHOLE),), OWN_PART)
    if whole == WHOLE:
        return {"scope": WHOLE, "people": left, "lines": lines}
    names = {m.name: m.line for m in scene.d.facts.applicant.members}
    own = [
        line for name, line in names.items() if line in lines and name in (scene.officer, *scene.texts("by"))
    ]
    return {"scope": OWN_PART, "people": len(own) or 1, "lines": own or lines[:1]}


def withdraw_confirm(scene: Scene) -> list[Sent]:
    """核实撤回意愿; a lead is kept where the applicant was told so, or the story goes on to register one."""
    will = _will(scene.must("free_will"))
    granted = pick(str(scene.must("result")), (("不予|不准|不同意|继续办理", ""),), GRANTED)
    said = scene.words("free_will", "method")
    told, _ = every(scene.texts("informed"), _TOLD)
    keeps = "监管线索依法继续" in told or any(scene.later("register_lead"))
    body = make(
        VerifyWithdrawal,
        checked_by=pick(said, (("回拨|电话", "回拨登记电话"), ("视频", "视频")), "当面"),
        will=will,
        pressure=pick(said, _PRESSED, "否" if will == "本人真实意愿" else "不明"),
        decision=granted or "不予撤回，继续办理",
        told=(told or ["可再次申请"]) if granted else None,
        keep_lead=keeps if granted else None,
    )
    return [scene.own(body)]


def _will(said: object) -> str:
    if isinstance(said, bool):
        return "本人真实意愿" if said else "非本人真实意愿"
    text = str(said).strip()
    return pick(text, _WILL, "本人真实意愿") if text else "未能核实"
