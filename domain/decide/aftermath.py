"""What follows of itself from whatever was decided: a task ends with its cause, a clock never runs for a refused act."""

from domain import flow
from domain.deadlines import AlarmKind, Deadline
from domain.decide.alarms import has_fired, propose, supervise, supervisor_of
from domain.decide.turn import refusal
from domain.dispute import Dispute
from domain.draft import Draft
from domain.state import Task
from domain.tasks import TASKS, TaskKind
from domain.words import Step

ENDED = "起因已消除"
DISPOSED = "处置意见已提交，不再需要延期"
WAITS = "等待县政府答复"

_K = TaskKind
_ENDS: dict[TaskKind, tuple[str, ...]] = {
    _K.TRIAGE: ("accept_case",),
    _K.CLOSE: ("close_case",),
    _K.CALLBACK: ("record_callback", "close_unreached"),
    _K.REHANDLE: ("issue_disposition", "notify_result"),
    _K.HANDLE: ("issue_disposition", "finish_on_the_spot", "issue_investigation_report", "notify_result"),
    _K.ASSIST: ("give_opinion", "issue_disposition"),
    _K.MEDIATE: ("start_mediation", "conclude_agreement", "end_mediation", "decline_mediation"),
}
"""The acts that bring a task to its end, where the table of tasks also names acts that only move it."""


def settle_down(draft: Draft) -> None:
    """Bring the matter in order after a decision, a timer or a step that was opened."""
    if draft.d.is_over:
        return
    while ended := [(t, why) for t in draft.d.open_tasks(*_CAUSED) if (why := _no_longer(draft, t))]:
        for task, why in ended:
            draft.close_task(task, why, stop=False)
            _heir(draft, task)
    for task in draft.d.open_tasks():
        _stand_still_or_go_on(draft, task)


# --- a task opened because of something ends with it -------------------------------------------------------------

_CAUSED = (TaskKind.SUPERVISE, TaskKind.CONVENE_JOINT, TaskKind.EXTENSION)


def _no_longer(draft: Draft, task: Task) -> str | None:
    """Why a task is no longer needed; ``None`` where it is."""
    if _cause_is_gone(draft, task):
        return ENDED
    asks_for_time = task.kind == TaskKind.EXTENSION
    return DISPOSED if asks_for_time and _decided_since(draft.d, task) else None


def _decided_since(d: Dispute, task: Task) -> bool:
    """Whether the matter was decided after more time was asked for it as a whole: what is left is telling the party, which has
    its own clock."""
    clock = d.clocks[task.ref or ""]
    return clock.task_id is None and d.disposed_at is not None and d.disposed_at > task.opened_at


def _cause_is_gone(draft: Draft, task: Task) -> bool:
    """Whether the clock, or the resolution item, that a task was opened for has ended."""
    d, ref = draft.d, task.ref or ""
    if ref.startswith("item-"):
        item = d.resolutions.get(int(ref.removeprefix("item-")))
        return item is not None and item.done_at is not None
    clock = d.clocks.get(ref)
    if clock is None or clock.is_open:
        return False
    meets = any(r.step == Step.JOINT_MEETING for r in d.required) and not flow.done(d, Step.JOINT_MEETING)
    return not (task.kind == TaskKind.CONVENE_JOINT and meets)


def _heir(draft: Draft, ended: Task) -> None:
    """Another late clock takes the place of the one that ended, where its alarm found the task open already."""
    alarm = {TaskKind.SUPERVISE: AlarmKind.SUPERVISE, TaskKind.CONVENE_JOINT: AlarmKind.ESCALATE}.get(
        ended.kind
    )
    for clock in draft.d.open_clocks():
        if alarm is None or not has_fired(clock, alarm, since=ended.opened_at):
            continue
        if alarm == AlarmKind.ESCALATE:
            propose(draft, clock)
            return
        if supervisor_of(draft, clock) == ended.unit:
            supervise(draft, clock)
            return


# --- no clock runs for an act that is refused --------------------------------------------------------------------


def _stand_still_or_go_on(draft: Draft, task: Task) -> None:
    clocks = [c for c in draft.d.open_clocks() if c.task_id == task.id and c.kind == "internal"]
    for clock in clocks:
        why = _refused(draft, task, clock)
        if why and not clock.is_paused:
            draft.stand_still(clock, why)
        elif not why and clock.is_refused and not draft.d.suspended_at:
            draft.go_on(clock)


def _refused(draft: Draft, task: Task, clock: Deadline) -> str | None:
    """Why the unit could do nothing that ends this clock, whatever it filled in; ``None`` where it can."""
    if task.kind == TaskKind.CONVENE_JOINT and draft.d.open_tasks(TaskKind.ANSWER_JOINT):
        return WAITS  # to put the proposal anew is no nearer to the meeting
    acts = ("sign_for",) if clock.rule_id == "sign" else _ENDS.get(task.kind) or TASKS[task.kind].done_by
    first: str | None = None
    for act in acts:
        why = refusal(draft, task.unit, act, task.id)
        if why is None:
            return None
        first = first or why
    return first
