"""What the steps of a matter's life share: who may act, which task is meant, what is settled."""

from decimal import Decimal
from typing import Literal

from domain import events as ev
from domain.actions import Act
from domain.dispute import SubItem, Task
from domain.draft import Draft, Refusal
from domain.flow import closed_for_good
from domain.words import Conclusion, Stage, UnitName

WORKING_STAGES = (
    Stage.DIRECT, Stage.CONSULT, Stage.MEDIATION, Stage.INVESTIGATION, Stage.GUIDANCE, Stage.DISPOSED,
    Stage.INFORMED, Stage.EXECUTION, Stage.CALLBACK, Stage.REHANDLE,
)  # fmt: skip
"""Stages to which a matter comes back from a joint meeting or the city."""


def taken(draft: Draft, act: Act, *, task: Task | None = None, ref: str | None = None) -> None:
    """Record that the action was taken."""
    draft.emit(ev.Acted(body=act.body, task_id=task.id if task else None, ref=ref))


def same_unit(draft: Draft, acting: UnitName, owner: UnitName) -> bool:
    """Whether ``acting`` answers for ``owner``; one of a group acts for it, as a township's grid worker for 网格员."""
    return draft.policy.units.same(acting, owner)


def require_task(draft: Draft, act: Act) -> None:
    """Refuse an action on a task that is unknown, another unit's, or closed."""
    if act.task is None:
        return
    task = draft.d.tasks.get(act.task)
    if task is None:
        raise Refusal("unknown_task", f"没有任务 {act.task}，请在收件箱中核对任务编号", "task")
    centers = draft.is_center() and draft.policy.is_center(task.unit)
    if not centers and not same_unit(draft, act.unit, task.unit):
        raise Refusal("wrong_unit", f"任务 {task.id} 属于{task.unit}，{act.unit}不能办理", "unit")
    if closed := closed_for_good(draft.d, act):
        raise Refusal(*closed)


def tasks_of(draft: Draft, act: Act, *kinds: str) -> list[Task]:
    """The acting unit's open tasks of these kinds, the one named by the action alone if it names one."""
    mine = [t for t in draft.d.open_tasks(*kinds) if same_unit(draft, act.unit, t.unit)]
    return [t for t in mine if t.id == act.task] if act.task else mine


def dispatched(draft: Draft, role: Literal["主办", "协办"]) -> list[Task]:
    """Open dispatched tasks by their role now; a re-dispatch may have turned one round."""
    return [t for t in draft.d.open_tasks("handle", "assist") if t.role == role]


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


def takes_part(draft: Draft) -> bool:
    """Whether the acting unit takes part in this matter."""
    return any(same_unit(draft, draft.unit, unit) for unit in participants(draft))


def require_participant(draft: Draft) -> None:
    """Refuse a unit that takes no part in this matter."""
    draft.require(takes_part(draft), "本案主办、协办或受邀单位")


def require_accepted(draft: Draft) -> None:
    """Refuse what can only be done to an accepted, living matter."""
    d = draft.d
    if d.accepted_at is None:
        raise Refusal("not_accepted", "案件尚未受理，请先完成初审")
    if d.withdrawn_at or d.closed_at:
        raise Refusal("closed", "案件已撤回或办结，不能再办理此事项")


def item_settled(item: SubItem) -> bool:
    """Whether nothing is left to execute of one sub-item."""
    if item.closed_at or not item.needs_execution or item.conclusion == Conclusion.REJECT:
        return True
    return item.recognised is not None and item.paid >= item.recognised


def execution_settled(draft: Draft) -> bool:
    """Whether nothing is left to execute: paid in full, reported as executed, or nothing to execute.

    Where no sum was recognised, the sum claimed stands for it; where that is unknown too, any payment does.
    """
    d = draft.d
    if d.executed or all(item_settled(s) for s in d.sub_items.values()):
        return True
    if d.recognised is not None:
        return d.paid >= d.recognised
    return d.paid > Decimal(0) and d.paid >= d.facts.claimed
