"""What is due next, of a task and of a matter: one answer for inbox, page, details and receipt.

A right that lapses (退单 within its window) and a moment before which nothing may be done (催告后十日) are no duties:
nobody is late with them.
"""

from collections.abc import Iterable
from datetime import datetime

from domain.clocks import Deadline
from domain.dispute import Dispute, Task

DUTIES = ("internal", "statutory")


def duties(clocks: Iterable[Deadline]) -> list[Deadline]:
    """Those of these clocks by which something must be done, running now, the first to fall due first."""
    running = [c for c in clocks if c.is_open and c.kind in DUTIES and not c.is_paused]
    return sorted(running, key=lambda c: c.due_at)


def next_duty(d: Dispute, task: Task | None = None) -> Deadline | None:
    """The clock that falls due next: of the task, or of the whole matter."""
    of = (c for c in d.open_clocks() if task is None or c.task_id == task.id)
    return next(iter(duties(of)), None)


def due_of(d: Dispute, task: Task) -> datetime | None:
    """When a task's next duty falls due; a lead's own task falls due with the whole matter when it has none."""
    own = next_duty(d, task)
    if own is None and task.role == "主办":
        own = next(
            iter(duties(c for c in d.open_clocks() if c.task_id is None and c.owner == task.unit)), None
        )
    return own.due_at if own else None


def next_due(d: Dispute) -> datetime | None:
    """When the matter's next duty falls due."""
    clock = next_duty(d)
    return clock.due_at if clock else None
