"""What is due next, of a task and of a matter: one answer for inbox, page, details and receipt.

A right that lapses (退单 within its window) and a moment before which nothing may be done (催告后十日) are no duties:
nobody is late with them.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from domain.clocks import DUTIES, AlarmKind, Deadline
from domain.dispute import Dispute
from domain.state import Task
from domain.tasks import TASKS, TaskKind


class Standing(StrEnum):
    """How a task stands on its unit's desk."""

    TO_SIGN = "待签收"
    IN_HAND = "办理中"
    WAITING = "等待他方"
    DONE = "已办"


def duties(clocks: Iterable[Deadline]) -> list[Deadline]:
    """Those of these clocks by which something must be done, running now, the first to fall due first."""
    running = [c for c in clocks if c.is_open and c.kind in DUTIES and not c.is_paused]
    return sorted(running, key=lambda c: c.due_at)


def next_duty(d: Dispute, task: Task | None = None) -> Deadline | None:
    """The clock that falls due next: of the task, or of the whole matter."""
    of = (c for c in d.open_clocks() if task is None or c.task_id == task.id)
    return next(iter(duties(of)), None)


def clock_of(d: Dispute, task: Task) -> Deadline | None:
    """The clock that a task falls due by: its own, or for a lead the whole matter's when it has none."""
    own = next_duty(d, task)
    if own is None and task.role == "主办":
        return next(iter(duties(_of_the_matter(d, task))), None)
    return own


def due_of(d: Dispute, task: Task) -> datetime | None:
    """When a task's next duty falls due."""
    clock = clock_of(d, task)
    return clock.due_at if clock else None


def card_of(clock: Deadline, d: Dispute) -> str:
    """催办, 黄牌, 红牌 or 督办, whichever a clock came to last and still stands; nothing before the first."""
    fired = [a.kind for a in clock.alarms if a.fired_at]
    withdrawn = {c.card for c in d.cards if c.clock_id == clock.id and not c.stands}
    shown = [k.value for k in fired if k is not AlarmKind.ESCALATE and k.value not in withdrawn]
    return shown[-1] if shown else ""


def _of_the_matter(d: Dispute, task: Task) -> list[Deadline]:
    """The clocks of the whole matter that run against the task's unit."""
    return [c for c in d.open_clocks() if c.task_id is None and c.owner == task.unit]


def standing(d: Dispute, task: Task) -> Standing:
    """How a task stands: it waits for others while the time for it stands still, and for a party's choice."""
    if not task.is_open:
        return Standing.DONE
    its = [c for c in d.open_clocks() if c.task_id == task.id]
    its += _of_the_matter(d, task) if task.role == "主办" else []
    stands_still = any(c.is_paused for c in its) and not duties(its)
    if stands_still or task.kind == TaskKind.AWAIT_CHOICE:
        return Standing.WAITING
    to_sign = "sign_for" in TASKS[task.kind].done_by and task.signed_at is None
    return Standing.TO_SIGN if to_sign else Standing.IN_HAND


def next_due(d: Dispute) -> datetime | None:
    """When the matter's next duty falls due."""
    clock = next_duty(d)
    return clock.due_at if clock else None
