"""分流: acceptance, levels, dispatch."""

from domain.actions.triage import (
    REDISPATCH,
    AcceptCase,
    ChangeLevel,
    ChangeUnits,
    DecideLevelChange,
    DecideReturn,
    ReviewLevel,
    SubLead,
)
from domain.tasks import TaskKind
from starter.scenario.translate.scene import IN_THE_FILE, NotTranslatable, Scene, Sent, make
from starter.scenario.translate.wording import Table, denied, pick


def triage_confirm(scene: Scene) -> list[Sent]:
    """受理并派单; level, way and lead that are not said are the suggested ones."""
    if "不予" in str(scene.said("decision") or ""):
        raise NotTranslatable("受理并派单只办理受理；不予受理请用 decide_not_accept")
    suggested = scene.suggested("accept_case")
    level = scene.text("level") or suggested.get("level", "")
    reached = scene.d.facts.applicant.name is not None or scene.d.facts.applicant.phone is not None
    called = {"contact": "电话", "contacted_on": scene.day, "learned": scene.text("contact") or IN_THE_FILE}
    body = make(
        AcceptCase,
        **(called if reached else {"contact": "未能联系上", "unreached": "未留联系方式"}),
        level=level,
        level_reason=_why_higher(scene, level),
        path=scene.text("path") or suggested.get("path", ""),
        lead=scene.text("lead") or suggested.get("lead", scene.center),
        co=scene.texts("co") if "lead" in scene.step.data else suggested.get("co"),
        sub_leads=[make(SubLead, claim=no, unit=unit) for no, unit in scene.table("sub_items").items()],
        told=scene.texts("others"),
        legal_review=_reviewed(scene),
        protect_applicant=_protected(scene),
    )
    return [scene.own(body)]


def _why_higher(scene: Scene, level: str) -> str | None:
    """Why the level is above the suggested one, where it is."""
    ranks = {t.name: t.rank for t in scene.policy.tiers}
    suggested = scene.d.level or scene.d.suggested
    if suggested is None or level not in ranks or ranks[level] <= ranks[suggested]:
        return None
    return scene.text("level_reason", "reason", "note") or "初审认为情况较复杂"


def _reviewed(scene: Scene) -> list[str]:
    """The codes among the flags that only 法制审核 may decide on, as N6→法制审核 says."""
    flags = " ".join(scene.texts("flags"))
    return [code for code, rule in scene.policy.refusals.items() if rule.kind == "review" and code in flags]


def _protected(scene: Scene) -> bool | None:
    said = scene.said("confidentiality")
    if said is not None:
        return not denied(said)
    return True if scene.d.facts.confidential else None


# --- levels ------------------------------------------------------------------------------------------------------

_WHY_CHANGED: Table = (
    ("舆情|网上|网络|传播", "舆情变化"),
    ("时间节点|春节|国庆|两会|节前", "时间节点"),
    ("人数", "人数变化"),
    ("查清|清楚|查明", "事实已查清"),
    ("配合|态度|承认", "对方态度变化"),
    ("金额", "金额已核实"),
    ("残疾|特殊人群|孕|工伤", "特殊人群情况"),
)


def override_risk(scene: Scene) -> list[Sent]:
    """调整风险等级, from what it is; where a 时间节点 is being looked at, that is answered."""
    new, present = str(scene.must("new")), scene.d.level or scene.d.suggested
    old = scene.said("old")
    if old is not None and old != present:
        raise NotTranslatable(f"现等级为{present or '未定'}，不是{old}，请按现等级改级")
    reason = scene.must("reason")
    reviewed = next((t for t in scene.d.open_tasks(TaskKind.LEVEL_REVIEW) if t.ref == new), None)
    if reviewed and scene.draft().is_center():
        return [scene.own(make(ReviewLevel, decision="调至建议等级"))]
    why = scene.words("reason_code") or scene.words("reason")
    body = make(ChangeLevel, to=new, reason_code=pick(why, _WHY_CHANGED, "其他"), reason=reason)
    return [scene.own(body)]


def approve_override(scene: Scene) -> list[Sent]:
    """同意改级."""
    if _only_looked_at(scene):
        return [scene.own(make(ReviewLevel, decision="调至建议等级"))]
    return [scene.own(make(DecideLevelChange, decision="同意"))]


def reject_override(scene: Scene) -> list[Sent]:
    """不同意改级."""
    reason = scene.text("reason") or "维持现等级"
    if _only_looked_at(scene):
        return [scene.own(make(ReviewLevel, decision="维持现等级", reason=reason))]
    return [scene.own(make(DecideLevelChange, decision="不同意", reason=reason))]


def _only_looked_at(scene: Scene) -> bool:
    """Whether what waits is the software's own look at a 时间节点, and no change that somebody asked for."""
    d = scene.d
    return bool(d.open_tasks(TaskKind.LEVEL_REVIEW)) and not d.open_tasks(TaskKind.LEVEL_APPROVAL)


# --- dispatch ----------------------------------------------------------------------------------------------------

_WHY_OTHERS: Table = (
    ("被反映单位", "承办单位即被反映单位"),
    ("查明|情况有变", "查明情况有变"),
    ("职责调整", "职责调整"),
    ("增加|协办", "需增加协办"),
)


def dispatch(scene: Scene) -> list[Sent]:
    """改派: the review of a 退单 where one waits, else a change of units."""
    lead, co = str(scene.must("lead")), scene.texts("co")
    said = scene.text("reason", "note")
    if not scene.d.open_tasks(TaskKind.RETURN_REVIEW):
        default = "需增加协办" if scene.known(lead) == scene.d.lead else "主责部门认定有误"
        why = pick(said, _WHY_OTHERS, default)
        return [scene.own(make(ChangeUnits, lead=lead, co=co, reason_code=why))]
    upheld = _is_upheld(scene, scene.known(lead), [scene.known(u) for u in co])
    body = make(
        DecideReturn,
        decision="维持原派单，不得再退" if upheld else REDISPATCH,
        lead=None if upheld else lead,
        co=[] if upheld else co,
        reason=said or "经审核，退单意见已研究",
    )
    return [scene.own(body)]


def _is_upheld(scene: Scene, lead: str, co: list[str]) -> bool:
    """Whether the task goes back to whoever returned it, in the same role, and nothing else changes."""
    returned = next((r for r in reversed(scene.d.dispatches) if r.result == "退单"), None)
    if returned is None or set(co) - {returned.unit} != set(scene.d.co) - {returned.unit}:
        return False
    same = lead if returned.role == "主办" else (returned.unit if returned.unit in co else None)
    return same == returned.unit and (returned.role == "主办" or lead == scene.d.lead)
