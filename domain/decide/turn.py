"""Whose turn it is: the unit a clock of the whole matter is held against when it runs late."""

from domain import flow
from domain.clocks import Deadline
from domain.decide.registry import RULES
from domain.draft import Draft
from domain.persons import SYSTEM_OFFICER
from domain.tasks import TaskKind
from domain.words import Step, UnitName


def refusal(draft: Draft, unit: UnitName, act: str, task: str | None = None) -> str | None:
    """Why a unit may not act so now, whatever it would fill in; ``None`` when it may."""
    asked = Draft(
        draft.d, draft.policy, now=draft.now, unit=unit, officer=SYSTEM_OFFICER, action_id="", task=task
    )
    return RULES[act].refusal(asked)


def answers_for(draft: Draft, clock: Deadline) -> UnitName:
    """The unit that a late clock is held against.

    Its owner; but a clock of the whole matter, while its owner may neither decide nor tell the party, is held against
    whose turn it is: no card for what somebody else leaves undone.
    """
    d = draft.d
    if clock.task_id or d.accepted_at is None or d.informed_at or clock.kind not in ("internal", "statutory"):
        return clock.owner
    next_acts = (
        ("notify_result",) if d.disposed_at else ("issue_disposition", "finish_on_the_spot", "notify_result")
    )
    if any(refusal(draft, clock.owner, act) is None for act in next_acts):
        return clock.owner
    return next(iter(_at_turn(draft)), clock.owner)


def _at_turn(draft: Draft) -> list[UnitName]:
    """The units for whose act the matter waits, the nearest first."""
    d = draft.d
    objections = [t.unit for t in d.open_tasks(TaskKind.OBJECTION) if t.ref != "当事人"]
    objections += [t.unit for t in d.open_tasks(TaskKind.RECONSIDER)]
    telling = [t.unit for t in d.open_tasks(TaskKind.INFORM)]
    step = flow.due_step(d)
    on_the_way = [t.unit for t in d.open_tasks(*flow.TASKS_OF.get(step, ()))] if step else []
    silent = [t.unit for t in flow.silent(d)] if step == Step.CONSULT else []
    return [*objections, *telling, *on_the_way, *silent]
