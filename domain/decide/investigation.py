"""三（三）调查核实, jointly: each unit's findings by its own act, then one report by all; who found otherwise says so."""

from domain.actions import Act
from domain.actions.form import Months
from domain.actions.telling import (
    STUDIED,
    UNRELATED,
    IssueInvestigationReport,
    OpenInvestigation,
    SubmitFindings,
)
from domain.chinese import yuan
from domain.decide import writing
from domain.decide.common import (
    require_accepted,
    require_claims,
    require_not_concerned,
    tasks_of,
)
from domain.decide.leads import require_investigators
from domain.decide.parts import takes_part
from domain.decide.registry import handles
from domain.decide.walk import require_step
from domain.declined import Declined
from domain.draft import Draft
from domain.meanings import conferring as m
from domain.persons import same_name
from domain.policy_routes import RouteStep
from domain.state import Finding
from domain.tasks import INQUIRY, TaskKind
from domain.words import Stage, Step, UnitName


def _step(draft: Draft) -> RouteStep | None:
    return draft.tier.step(Step.INVESTIGATE) if draft.tier else None


def _may_open(draft: Draft) -> None:
    require_accepted(draft)
    require_step(draft, Step.INVESTIGATE)


@handles(OpenInvestigation, _may_open)
def open_investigation(draft: Draft, act: Act, body: OpenInvestigation) -> None:
    """启动调查核实: each unit named gets a task of its own; named later, it joins those already at work."""
    units = draft.known(*(row.unit for row in body.units))
    if len(set(units)) != len(units):
        raise Declined("twice", "同一单位只写一行", "units")
    require_not_concerned(draft, units, "参加本案调查", "units")
    if other := [u for u in units if not _may_inquire(draft, u)]:
        raise Declined(
            "no_part", f"{'、'.join(other)}不是本案承办单位，也没有调查职责，不能参加调查核实", "units"
        )
    asked = {t.unit for t in draft.d.open_tasks(TaskKind.FINDINGS)}
    if again := [u for u in units if u in asked]:
        raise Declined("asked", f"{'、'.join(again)}已在调查核实，尚未提交核实情况", "units")
    points = {unit: [str(point) for point in row.points] for unit, row in zip(units, body.units, strict=True)}
    draft.record(body, m.InvestigationOpened(units=points))
    step = _step(draft)
    assert step
    if not draft.d.disposed_at or draft.d.rehandle_open:
        draft.enter(Stage.INVESTIGATION)
    draft.once(TaskKind.INVESTIGATE, draft.owner(step), step.clock)
    for unit, what in points.items():
        draft.open_task(TaskKind.FINDINGS, unit, step.clock, title=f"核实{'、'.join(what)}")


def _may_inquire(draft: Draft, unit: UnitName) -> bool:
    """Whether a unit takes part in the matter, or investigates by the policy."""
    return takes_part(draft, unit) or draft.policy.among(unit, draft.policy.powers.investigate.units)


def _may_submit(draft: Draft) -> None:
    require_accepted(draft)
    if not tasks_of(draft, TaskKind.FINDINGS):
        raise Declined("not_asked", "没有待提交的核实情况；请主办单位先启动调查核实")


@handles(SubmitFindings, _may_submit)
def submit_findings(draft: Draft, act: Act, body: SubmitFindings) -> None:
    """提交核实情况: one unit's, beside the others'."""
    require_investigators(draft, body.investigators)
    task = tasks_of(draft, TaskKind.FINDINGS)[0]
    require_claims(draft, *(row.claim for row in body.sums), field="sums")
    sums = {row.claim: row.due for row in body.sums}
    found = m.FindingsSubmitted(
        unit=task.unit,
        relation=body.relation,
        sums=sums,
        beside=_beside(draft, task.unit, body.investigators),
    )
    draft.record(body, found, task=task)
    draft.document("调查笔录", 调查人员=body.investigators)
    draft.close_task(task, "已提交核实情况")


def _beside(draft: Draft, own: UnitName, officers: list[str]) -> list[UnitName]:
    """The other units whose officers, having the matter in hand, took part."""
    tasks = [t for t in draft.d.tasks.values() if t.role and t.unit != own]
    return [t.unit for t in tasks if t.officer and any(same_name(t.officer, name) for name in officers)]


def findings(draft: Draft) -> list[Finding]:
    """What the units of the inquiry under way found, each its newest."""
    inquiry = draft.d.investigation
    return inquiry.findings if inquiry and inquiry.reported_at is None else []


def differing(found: list[Finding]) -> bool:
    """Whether units answer the same question differently."""
    relations = {f.relation for f in found if f.relation != UNRELATED}
    claims = {no for f in found for no in f.sums}
    return len(relations) > 1 or any(len({f.sums[no] for f in found if no in f.sums}) > 1 for no in claims)


def _otherwise(found: list[Finding], body: IssueInvestigationReport) -> dict[str, str]:
    """What a unit found otherwise than the report says, by unit."""
    told: dict[str, str] = {}
    sums = {row.claim: row.due for row in body.sums}
    for f in found:
        said = [f"劳动关系{f.relation}"] if f.relation not in (UNRELATED, body.relation) else []
        said += [f"子项{no}应补 {yuan(due)}" for no, due in f.sums.items() if sums.get(no, due) != due]
        if said:
            told[f.unit] = "，".join(said)
    return told


def _months(period: Months | None) -> str | None:
    return period and f"{period.from_}至{period.to}"


def _said(found: list[Finding]) -> str:
    return "；".join(
        f"{f.unit}：劳动关系{f.relation}" + "".join(f"，子项{no} {yuan(due)}" for no, due in f.sums.items())
        for f in found
    )


def _may_report(draft: Draft) -> None:
    _may_open(draft)
    if not findings(draft):
        raise Declined("no_findings", "尚无单位提交核实情况，请先启动调查核实并提交核实情况")
    late = {c.task_id for c in draft.d.open_clocks() if c.overdue_at(draft.now)}
    waiting = [t.unit for t in draft.d.open_tasks(TaskKind.FINDINGS) if t.id not in late]
    if waiting:
        raise Declined("findings_missing", f"{'、'.join(waiting)}尚未提交核实情况")


@handles(IssueInvestigationReport, _may_report)
def issue_investigation_report(draft: Draft, act: Act, body: IssueInvestigationReport) -> None:
    """调查核实报告, of all who found something: who found otherwise, and who is late, stands in it."""
    found, late = findings(draft), [t.unit for t in draft.d.open_tasks(TaskKind.FINDINGS)]
    if differing(found) and body.differences is None:
        raise Declined("incomplete", f"各单位认定不一致（{_said(found)}），请选择如何处理", "differences")
    if body.differences and not differing(found):
        raise Declined("not_asked", "各单位认定一致，不填认定不一致的处理", "differences")
    require_claims(draft, *(row.claim for row in body.sums), field="sums")
    others = _otherwise(found, body)
    draft.record(
        body,
        m.InvestigationReported(relation=body.relation, by=[f.unit for f in found], otherwise=list(others)),
    )
    if not draft.d.disposed_at or draft.d.rehandle_open:
        draft.enter(Stage.INVESTIGATION)
    draft.document(
        "调查核实报告",
        together=[unit for f in found for unit in (f.unit, *f.beside)],
        认定=body.summary,
        劳动关系=writing.joined(body.relation, _months(body.relation_period)),
        认定应补=writing.found(body.sums),
        认定不一致的处理=body.differences,
        建议=body.proposal,
        不同认定=others or None,
        逾期未提交的单位=late,
    )
    draft.close_tasks(TaskKind.INVESTIGATE, outcome="已调查核实")
    draft.close_tasks(TaskKind.FINDINGS, outcome="逾期未提交，已出报告", stop=False)
    if body.differences == STUDIED and not draft.d.informed_at:
        draft.once(TaskKind.OBJECTION, draft.d.center, title="调查认定不一致，会商研究", ref=INQUIRY)
        draft.close_tasks(TaskKind.INFORM, outcome="调查认定不一致，暂缓告知", stop=False)
