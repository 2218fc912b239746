"""What the steps of a matter's life share."""

from domain import events as ev
from domain.actions import Act
from domain.draft import Draft, Refusal
from domain.dispute import Task
from domain.words import Stage, UnitName

WORKING_STAGES = (
    Stage.DIRECT, Stage.CONSULT, Stage.MEDIATION, Stage.INVESTIGATION, Stage.GUIDANCE, Stage.DISPOSED,
    Stage.INFORMED, Stage.EXECUTION, Stage.CALLBACK, Stage.REHANDLE,
)  # fmt: skip
"""Stages to which a matter comes back from a joint meeting or the city."""


def taken(draft: Draft, act: Act, *, task: Task | None = None, ref: str | None = None) -> None:
    """Record that the action was taken."""
    draft.emit(ev.Acted(body=act.body, task_id=task.id if task else None, ref=ref))


def same_unit(draft: Draft, acting: UnitName, owner: UnitName) -> bool:
    """Whether ``acting`` answers for ``owner``; a township's grid workers act as 网格员."""
    grid = draft.policy.units.roles.get("grid", "网格员")
    return acting == owner or (acting == grid and owner.endswith(grid))


def tasks_of(draft: Draft, act: Act, *kinds: str) -> list[Task]:
    """The acting unit's open tasks of these kinds, the one named by the action alone if it names one."""
    mine = [t for t in draft.d.open_tasks(*kinds) if same_unit(draft, act.unit, t.unit)]
    if act.task:
        task = draft.d.tasks.get(act.task)
        if task is None:
            raise Refusal("unknown_task", f"没有任务 {act.task}，请在收件箱中核对任务编号", "task")
        if not same_unit(draft, act.unit, task.unit):
            raise Refusal("wrong_unit", f"任务 {task.id} 属于{task.unit}，{act.unit}不能办理", "unit")
        if not task.is_open:
            raise Refusal("task_closed", f"任务 {task.id}（{task.title}）已办结，不能重复办理", "task")
        mine = [t for t in mine if t.id == task.id]
    return mine


def participants(draft: Draft) -> set[UnitName]:
    """Units that take part in handling: lead, co-units, sub-item leads, those told, invited or tasked."""
    d = draft.d
    return {
        *([d.lead] if d.lead else []),
        *d.co,
        *d.told,
        *(s.lead for s in d.sub_items.values() if s.lead),
        *(u for s in d.sub_items.values() for u in s.co),
        *(u for m in d.meetings for u in m.units),
        *(r.unit for r in d.resolutions.values()),
    }


def require_participant(draft: Draft) -> None:
    """Refuse a unit that takes no part in this matter."""
    allowed = draft.unit in participants(draft) or any(
        same_unit(draft, draft.unit, unit) for unit in participants(draft)
    )
    draft.require(allowed, "本案主办、协办或受邀单位")


def require_accepted(draft: Draft) -> None:
    """Refuse what can only be done to an accepted, living matter."""
    d = draft.d
    if d.accepted_at is None:
        raise Refusal("not_accepted", "案件尚未受理，请先完成初审")
    if d.withdrawn_at or d.closed_at:
        raise Refusal("closed", "案件已撤回或办结，不能再办理此事项")


def execution_settled(draft: Draft) -> bool:
    """Whether nothing is left to execute: paid in full, reported as executed, or nothing to execute."""
    d = draft.d
    if d.executed:
        return True
    owing = [s for s in d.sub_items.values() if s.needs_execution and s.conclusion != "不支持"]
    if not owing:
        return True
    return d.recognised is not None and d.paid >= d.recognised


def back_to_work(draft: Draft) -> None:
    """Return from a joint meeting or the city to the stage the matter was in."""
    if draft.d.resume_stage in WORKING_STAGES:
        draft.enter(draft.d.resume_stage)
