"""督办: who is called upon, and what follows."""

from domain.actions import Act
from domain.actions.meetings import Supervise
from domain.clocks import DUTIES
from domain.decide.common import execution_settled, tasks_of
from domain.decide.registry import handles
from domain.decide.routes import postpone_escalations
from domain.decide.telling import begin_execution
from domain.decide.turn import answers_for
from domain.declined import Declined
from domain.draft import Draft
from domain.meanings import conferring as m
from domain.state import Task
from domain.tasks import TaskKind
from domain.words import UnitName


def _may_supervise(draft: Draft) -> None:
    asked = bool(tasks_of(draft, TaskKind.SUPERVISE))
    if draft.d.closed_at and not asked:
        raise Declined("closed", "案件已办结，不能督办")


@handles(Supervise, _may_supervise)
def supervise(draft: Draft, act: Act, body: Supervise) -> None:
    """督办; the escalation that was due is put off so that the supervision can work."""
    done = _asked_to_supervise(draft)
    complaint = any(t.ref is None for t in done)
    units = supervised(draft)
    draft.record(body, m.Supervised(units=units))
    for task in done:
        draft.close_task(task, "已督办")
    draft.document(
        "督办单",
        to=units,
        主送=units,
        事由=body.demand,
        方式=body.measure,
        期限=body.due.isoformat(),
    )
    postpone_escalations(draft)
    if complaint:
        after_complaint(draft)


def _asked_to_supervise(draft: Draft) -> list[Task]:
    """What a supervision answers: what is asked of the acting unit, else of whoever else supervises."""
    return tasks_of(draft, TaskKind.SUPERVISE) or draft.d.open_tasks(TaskKind.SUPERVISE)


def supervised(draft: Draft) -> list[UnitName]:
    """Whom a supervision is about: who answers for what it was asked for, and for all else that is late; else the lead.

    No unit supervises itself, and no party is supervised.
    """
    d, asked = draft.d, _asked_to_supervise(draft)
    ending = {task.id for task in asked}
    duties = (c for c in d.open_clocks() if c.kind in DUTIES and not c.is_paused and c.task_id not in ending)
    units = [unit for task in asked for unit in _answerable(draft, task)]
    units += [answers_for(draft, clock) for clock in duties if clock.overdue_at(draft.now)]
    others = [u for u in units if u != draft.unit and not _is_partys(draft, u)]
    return list(dict.fromkeys(others)) or [d.lead or d.center]


def _answerable(draft: Draft, task: Task) -> list[UnitName]:
    """Who answers for what a 督办 was asked for: a late clock, an item that could not be done, a party's complaint."""
    d = draft.d
    if task.ref in d.clocks:
        return [answers_for(draft, d.clocks[task.ref])]
    return [r.unit for r in d.resolutions.values() if task.ref == f"item-{r.no}"] or [d.lead or d.center]


def _is_partys(draft: Draft, unit: UnitName) -> bool:
    return not draft.policy.units.roles_of(unit).isdisjoint(("applicant", "respondent"))


def after_complaint(draft: Draft) -> None:
    """The lead goes on executing, or the party is called once more."""
    if execution_settled(draft):
        draft.once(TaskKind.CALLBACK, draft.caller(), draft.callback.again, title="再次回访")
    else:
        begin_execution(draft)
