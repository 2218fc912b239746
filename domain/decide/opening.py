"""Putting a step of the route on its owner's desk, with its stage and its clock."""

from domain import events as ev
from domain import flow
from domain.decide.common import dispatched
from domain.decide.routes import ask_for_joint_meeting, ask_to_report_up, organiser
from domain.draft import Draft
from domain.policy import Tier
from domain.policy_routes import RouteStep
from domain.tasks import TaskKind
from domain.words import ABOVE, DECIDING, Stage, Step


def open_step(draft: Draft, step: Step) -> None:
    """Put the step that is owed on its desk; nothing when it is not owed (asked twice, or by a run that is behind)."""
    tier = draft.tier
    if tier is None or flow.owed(draft.d) != step:
        return
    if step not in (Step.CONSULT, *DECIDING):
        draft.close_tasks(TaskKind.CONVENE, outcome="已书面会商")
    put_on_desk(draft, tier, tier.step(step))
    draft.emit(ev.StepOpened(step=step, name=draft.d.step_names.get(step)))


def open_route(draft: Draft, tier: Tier) -> None:
    """Begin a route whose first step is the lead's own task; the flow opens every other."""
    first = tier.required[0]
    if not any(r.step == first.step and r.own_desk for r in draft.d.required):
        put_on_desk(draft, tier, first)


def put_on_desk(draft: Draft, tier: Tier, step: RouteStep | None) -> None:
    """The task, the stage and the clock of a step."""
    if step is None:
        return
    unit = draft.owner(step, tier)
    match step.step:
        case Step.CONSULT:
            draft.enter(Stage.CONSULT)
            if not any(t.ref == "会商" for t in draft.d.open_tasks(TaskKind.MINUTES)):
                draft.once(TaskKind.CONVENE, unit, step.clock)
        case Step.JOINT_MEETING:
            ask_for_joint_meeting(draft)
            draft.enter(Stage.JOINT_MEETING)
        case Step.CITY | Step.REPORT_UP | Step.SPECIAL_CASE:
            if not draft.d.open_tasks(TaskKind.REPLY_FROM_ABOVE):
                ask_to_report_up(draft, organiser(draft), step)
            draft.enter(ABOVE[step.step])
        case Step.MEDIATE:
            draft.enter(Stage.MEDIATION)
            draft.once(TaskKind.MEDIATE, unit, step.clock)
        case Step.INVESTIGATE:
            draft.enter(Stage.INVESTIGATION)
            draft.once(TaskKind.INVESTIGATE, unit, step.clock)
        case Step.GUIDE:
            draft.once(TaskKind.GUIDE, unit, step.clock)
        case _:
            _handle(draft, tier, step)


def _handle(draft: Draft, tier: Tier, step: RouteStep) -> None:
    """直接办理, 当场办结, 处置意见: the lead's own task goes on; the step's clock runs on it beside the total clock."""
    unit = draft.owner(step, tier)
    if step.step != Step.DISPOSE or draft.d.stage == Stage.TRIAGED:
        draft.enter(Stage.DIRECT)
    tasks = [*dispatched(draft, "主办"), *draft.d.open_tasks(TaskKind.DISPOSE)]
    task = next((t for t in tasks if t.unit == unit), None)
    if task is None and unit != draft.d.lead:
        draft.open_task(TaskKind.DISPOSE, unit, step.clock)
    elif task and step.clock != tier.total and not draft.clocks(step.clock):
        draft.start_clock(step.clock, unit, task_id=task.id)
