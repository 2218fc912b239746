"""线索: noted, checked, turned into a dispute, or left behind by one; nothing of a reporter travels with it."""

from domain import actions as a
from domain import events as ev
from domain.actions import Act
from domain.decide.common import taken, tasks_of
from domain.decide.ending import archive, end
from domain.decide.intake import begin_review, open_lead_check
from domain.draft import Draft, Refusal
from domain.intake import Applicant, Claim, Intake
from domain.outcome import LEAD_OUTCOME
from domain.words import Channel, MatterKind, Stage, UnitName


def register_lead(draft: Draft, act: Act) -> None:
    """登记线索: note a lead, hand it to units, or leave one behind when a dispute ends."""
    body = act.body
    assert isinstance(body, a.RegisterLead)
    to = draft.known(*body.to)
    if draft.d.kind == MatterKind.LEAD:
        taken(draft, act)
        if to:
            draft.close_tasks("lead_check", outcome="已交办")
            for unit in to:
                open_lead_check(draft, unit)
        return
    draft.require(not draft.is_party(), f"{draft.center}或成员单位")
    taken(draft, act)
    ends_here = bool(draft.d.refused_at) and not draft.d.open_tasks("refusal_notice")
    draft.close_tasks("register_lead", outcome="已登记线索")
    rule = draft.policy.leads
    spawn_lead(draft, body.subject, to or draft.known(rule.unit if rule else draft.d.center))
    if ends_here:
        draft.enter(Stage.LEAD)
        end(draft, LEAD_OUTCOME, "不予受理，已转线索核查")
        archive(draft)


def spawn_lead(draft: Draft, subject: str | None, to: list[UnitName]) -> None:
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
        narrative=subject or "关联案件中发现用人单位涉嫌违反社会保险规定，请核查",
        claims=claims,
        linked_to=d.id,
    )
    draft.emit(ev.LeadSpawned(lead_id=f"{d.id}-lead{number}", intake=intake, to=to))


def convert_lead(draft: Draft, act: Act) -> None:
    """线索转争议; the intake clocks start at this moment."""
    draft.require(not draft.is_party(), draft.center)
    if draft.d.kind != MatterKind.LEAD:
        raise Refusal("not_a_lead", "本案已是争议案件，无需再转")
    taken(draft, act)
    draft.close_tasks("lead_check", "close", outcome="线索转争议")
    draft.emit(ev.Converted(case_no=draft.number(draft.policy.county.case_prefix)))
    begin_review(draft, draft.now, draft.action_id)


def lead_report(draft: Draft, act: Act) -> None:
    """A unit reports what its check of a lead found; the lead ends with the last report."""
    tasks = tasks_of(draft, act, "lead_check")
    if not tasks and not draft.is_center():
        raise Refusal("no_task", f"{act.unit}没有待核查的线索任务", "unit")
    taken(draft, act, task=tasks[0] if tasks else None)
    for task in tasks or draft.d.open_tasks("lead_check"):
        draft.close_task(task, "已核查")
    body = act.body
    assert isinstance(body, a.InvestigateReport)
    if draft.d.open_tasks("lead_check"):
        return
    if body.converted_to:
        end(draft, LEAD_OUTCOME, f"线索已核查，转{body.converted_to}")
        archive(draft)
    else:
        draft.once("close", "线索核查审核（转争议或结案）", draft.d.center, "close")
