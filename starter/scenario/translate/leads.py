"""线索: noted, checked, turned into a dispute, closed."""

import re

from domain.actions.intake import AssignLead, CloseLead, ConvertLead, Filer, ReportLead, SpawnLead
from domain.intake import Applicant
from domain.tasks import TaskKind
from domain.words import MatterKind
from starter.scenario.translate.scene import IN_THE_FILE, NotTranslatable, Scene, Sent, make, short
from starter.scenario.translate.wording import Table, pick

_TAKEN_OVER, _BECOMES_DISPUTE = "属实，转监察或日常执法", "属实，建议转争议"
_FOUND: Table = (
    ("不属实|查无|未发现|不存在问题", "不属实"),
    ("无法核实|未能核实|查不清", "无法核实"),
)
_ENDED: dict[str, str] = {
    _TAKEN_OVER: "已转监察或日常执法",
    _BECOMES_DISPUTE: "已转监察或日常执法",
    "不属实": "不属实",
    "无法核实": "无法核实，留存备查",
}


def register_lead(scene: Scene) -> list[Sent]:
    """A lead is handed to whom the step names (to nobody: it stands registered as it is); a dispute leaves one behind."""
    if scene.d.kind == MatterKind.LEAD:
        units = scene.texts("to")
        return [scene.own(make(AssignLead, units=units))] if units else []
    suggested = scene.suggested("spawn_lead")
    body = make(
        SpawnLead,
        ground=_spawned_by(scene),
        subject=scene.text("subject") or suggested.get("subject", "涉嫌违反社会保险规定，请核查"),
        to=scene.texts("to") or suggested.get("to", [scene.center]),
    )
    return [scene.own(body)]


def _spawned_by(scene: Scene) -> str:
    if scene.d.withdrawn_at:
        return "撤回后仍须查处"
    if scene.d.refused_at:
        return "不予受理转线索"
    return "涉嫌应予处罚" if re.search("处罚|罚款", scene.words("subject")) else "发现其他职工权益受损"


def convert_lead(scene: Scene) -> list[Sent]:
    """线索转争议: whoever has come forward, as far as the registration knows them."""
    known = scene.d.facts.applicant
    names = scene.texts("filed_by") or ([known.name] if known.name else [])
    if not names:
        raise NotTranslatable(f"第 {scene.step.step} 步 convert_lead 没有写明提出人 filed_by")
    body = make(
        ConvertLead,
        applicants=[_filer(name, known) for name in names],
        filed_on=scene.day,
        way=pick(
            scene.text("method", "way"), (("电话", "电话"), ("网", "网络平台"), ("书|信", "书面")), "当面"
        ),
    )
    return [scene.own(body)]


def _filer(name: str, known: Applicant) -> Filer:
    person = next((m for m in known.members if m.name == name), known if known.name == name else None)
    return make(
        Filer,
        name=name,
        id_number=person.id_number if person else None,
        phone=person.phone if person else None,
    )


def report_lead(scene: Scene) -> list[Sent]:
    """反馈核查情况; what others take over is closed by the centre with the last report."""
    result, taken_over_by = _result(scene)
    report = make(
        ReportLead,
        result=result,
        findings=scene.text("finding", "content") or IN_THE_FILE,
        investigators=scene.texts("officers") or [scene.officer],
        taken_over_by=taken_over_by,
    )
    close = make(CloseLead, ground=_ENDED[result], opinion=None)
    ends = result == _TAKEN_OVER and scene.said("converted_to") and _is_last(scene)
    closes_itself = any(scene.later("close_case"))
    asides = [scene.aside(close, scene.center)] if ends and not closes_itself else []
    return [scene.own(report), *asides]


def _result(scene: Scene) -> tuple[str, str | None]:
    """What the check found, and who takes it over: as the step says, else as the story goes on."""
    found = pick(scene.text("finding", "content"), _FOUND, "")
    if found:
        return found, None
    goes_on = [scene.text("converted_to"), *(_taken_over(s.data) for s in scene.later("investigate_report"))]
    to = next((text for text in goes_on if text), None)
    if to is None or "争议" in to:
        return _BECOMES_DISPUTE, None
    return _TAKEN_OVER, short(to)


def _taken_over(data: dict[str, object]) -> str | None:
    to = data.get("converted_to")
    return str(to) if to else None


def _is_last(scene: Scene) -> bool:
    """Whether nobody else's check is still awaited."""
    same = scene.policy.units.same
    waiting = scene.d.open_tasks(TaskKind.LEAD_CHECK)
    mine = [t for t in waiting if same(scene.unit, t.unit)]
    return len(mine) == len(waiting) or not mine


def close_lead(scene: Scene) -> list[Sent]:
    """线索办结, on the ground that the reports give."""
    reports = list(scene.earlier("investigate_report"))
    said = " ".join(str(s.data.get("finding", "")) for s in reports)
    taken_over = any(s.data.get("converted_to") for s in reports)
    ground = pick(said, (("不属实|查无", "不属实"),), "")
    ground = ground or ("已转监察或日常执法" if taken_over else "无法核实，留存备查")
    return [scene.own(make(CloseLead, ground=ground, opinion=scene.text("opinion", "reason")))]
