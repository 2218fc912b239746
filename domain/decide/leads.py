"""线索: noted, checked, turned into a dispute, or left behind by one; nothing of a reporter travels with it."""

from domain import events as ev
from domain import numbers
from domain.actions import Act
from domain.actions.intake import AssignLead, CloseLead, ConvertLead, Filer, ReportLead, SpawnLead
from domain.decide import writing
from domain.decide.common import moment_on, require_dispute, require_not_concerned, require_usable, tasks_of
from domain.decide.ending import archive, end
from domain.decide.intake import begin_review
from domain.decide.registry import handles
from domain.declined import Declined
from domain.draft import Draft
from domain.intake import Applicant, Claim, Intake, Member
from domain.outcome import LEAD_OUTCOME
from domain.state import Task
from domain.tasks import TaskKind
from domain.words import Channel, MatterKind, Stage, UnitName


def _require_lead(draft: Draft) -> None:
    if draft.d.kind != MatterKind.LEAD:
        raise Declined("not_a_lead", "本案已是争议案件，不是线索")
    if draft.d.closed_at:
        raise Declined("closed", "线索已办结")


def _may_assign(draft: Draft) -> None:
    _require_lead(draft)


@handles(AssignLead, _may_assign)
def assign_lead(draft: Draft, act: Act, body: AssignLead) -> None:
    """Hand a lead to units: whoever had it before has it no more."""
    units = draft.known(*body.units)
    require_not_concerned(draft, units, "核查自己的线索", "units")
    draft.record(body)
    draft.close_tasks(TaskKind.LEAD_CHECK, TaskKind.CLOSE_LEAD, outcome="已交办")
    for unit in dict.fromkeys(units):
        draft.open_task(TaskKind.LEAD_CHECK, unit)


def _checks(draft: Draft) -> list[Task]:
    """The checks that a report is about: the unit's own, for the centre all."""
    _require_lead(draft)
    mine = tasks_of(draft, TaskKind.LEAD_CHECK)
    if not mine and draft.is_center():
        mine = draft.d.open_tasks(TaskKind.LEAD_CHECK)
    if not mine:
        raise Declined("no_task", f"{draft.unit}没有待核查的线索任务", "unit")
    return mine


def _may_report(draft: Draft) -> None:
    _checks(draft)


@handles(ReportLead, _may_report)
def report_lead(draft: Draft, act: Act, body: ReportLead) -> None:
    """A unit reports what its check of a lead found; with the last report the centre looks at it."""
    require_investigators(draft, body.investigators)
    tasks = _checks(draft)
    draft.record(body, task=tasks[0])
    for task in tasks:
        draft.close_task(task, "已核查")
    if not draft.d.open_tasks(TaskKind.LEAD_CHECK):
        draft.once(TaskKind.CLOSE_LEAD, draft.d.center)


def require_investigators(draft: Draft, officers: list[str]) -> None:
    """Refuse a department's inquiry by fewer officers than the law wants."""
    rule = draft.policy.investigators
    if draft.policy.among(draft.unit, rule.units) and len(set(officers)) < rule.least:
        raise Declined(
            "two_officers", f"部门调查须有 {rule.least} 名以上人员，请补填调查人员", "investigators"
        )


def _may_convert(draft: Draft) -> None:
    _require_lead(draft)


@handles(ConvertLead, _may_convert)
def convert_lead(draft: Draft, act: Act, body: ConvertLead) -> None:
    """线索转争议; the intake clocks count from the day on which somebody came forward.

    关于实施《劳动保障监察条例》若干规定第十八条 (自接到投诉之日起), 信访工作条例第二十二条 (自收到之日起).
    """
    for n, filer in enumerate(body.applicants):
        require_usable(f"applicants.{n}.id_number", filer.id_number, numbers.filer_fault)
        require_usable(f"applicants.{n}.phone", filer.phone, numbers.phone_fault)
    draft.record(body)
    draft.close_tasks(TaskKind.LEAD_CHECK, TaskKind.CLOSE_LEAD, outcome="线索转争议")
    applicant = _applicant(draft.d.facts.applicant, body.applicants)
    filed = moment_on(draft, body.filed_on)
    number = draft.number(draft.policy.county.case_prefix)
    draft.emit(ev.Converted(case_no=number, applicant=applicant, filed_at=filed))
    begin_review(draft, filed, draft.action_id)


def _applicant(before: Applicant, filed: list[Filer]) -> Applicant:
    """Whoever has come forward; a head-count known before stays, for others may be concerned too."""
    first, *_ = filed
    group = len(filed) > 1
    roll = [
        Member(line=n, name=f.name, id_number=f.id_number, phone=f.phone)
        for n, f in enumerate(filed, start=1)
    ]
    return Applicant(
        name=first.name,
        id_number=first.id_number,
        phone=first.phone,
        is_group=group or before.is_group,
        headcount=max(before.headcount, len(filed)),
        representatives=before.representatives,
        members=before.members or (roll if group else []),
    )


def _may_close(draft: Draft) -> None:
    _require_lead(draft)
    if waiting := draft.d.open_tasks(TaskKind.LEAD_CHECK):
        raise Declined("not_yet", f"不能办结：{'；'.join(f'{t.unit}尚未反馈线索核查情况' for t in waiting)}")


@handles(CloseLead, _may_close)
def close_lead(draft: Draft, act: Act, body: CloseLead) -> None:
    """线索办结: nothing is owed any more, so it is archived at once."""
    draft.record(body)
    draft.document("结案审批表", 意见=writing.joined(body.ground, body.opinion))
    draft.close_tasks(TaskKind.CLOSE_LEAD, outcome="准予办结")
    draft.enter(Stage.CLOSED)
    end(draft, LEAD_OUTCOME, f"线索核查完毕，{body.ground}，登记留存")
    archive(draft)


def _may_spawn(draft: Draft) -> None:
    require_dispute(draft)
    if draft.d.open_tasks(TaskKind.REGISTER_LEAD):
        draft.require(draft.is_center(), draft.center)
        return
    if draft.d.closed_at:
        raise Declined("closed", "案件已办结，请另行登记线索")


@handles(SpawnLead, _may_spawn)
def spawn_lead(draft: Draft, act: Act, body: SpawnLead) -> None:
    """Leave a lead behind; a matter refused for that alone ends with it."""
    units = draft.known(*body.to)
    require_not_concerned(draft, units, "核查自己的线索", "to")
    draft.record(body)
    ends_here = bool(draft.d.refused_at) and not draft.d.open_tasks(TaskKind.REFUSAL_NOTICE)
    draft.close_tasks(TaskKind.REGISTER_LEAD, outcome="已登记线索")
    leave_behind(draft, body.subject, units)
    if ends_here:
        draft.enter(Stage.LEAD)
        end(draft, LEAD_OUTCOME, "不予受理，已转线索核查")
        archive(draft)


def leave_behind(draft: Draft, subject: str, to: list[UnitName]) -> None:
    """Let a lead go on by itself; nothing of the reporter goes with it (信访工作条例 30)."""
    d = draft.d
    number = len(d.spawned) + 1
    claims = [Claim(no=c.no, insurance=c.insurance, regime=c.regime, type=c.type) for c in d.facts.claims]
    intake = Intake(
        kind=MatterKind.LEAD,
        channel=Channel.SPAWNED,
        received_by=d.center,
        source_no=f"{d.case_no}-线索{number}",
        received_at=draft.now,
        applicant=Applicant(anonymous=True),
        respondents=[r.model_copy(update={"note": None}) for r in d.facts.respondents],
        narrative=subject,
        claims=claims,
        linked_to=d.id,
    )
    draft.emit(ev.LeadSpawned(lead_id=f"{d.id}-lead{number}", intake=intake, to=to))
