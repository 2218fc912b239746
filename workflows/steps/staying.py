"""What the steps share: to stay in a part of the annex while the matter is there."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.flow import Phase, clocks_on, phase
    from domain.tasks import TaskKind

from workflows.desk import Desk


async def stay(desk: Desk, in_: Phase, *kinds: TaskKind) -> None:
    """While the matter is in this part: watch the clocks on its tasks of these kinds (on all when none is named)."""
    await desk.until(lambda d: phase(d) != in_, lambda d: clocks_on(d, *kinds))
