"""四、结果告知、后续执行. Both are begun in the transaction that decides or tells: the flow follows them."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.flow import Phase
    from domain.tasks import TaskKind

from workflows.desk import Desk
from workflows.steps.staying import stay


async def inform(desk: Desk) -> None:
    """结果告知: ends when the party has been told, after a re-handling told again."""
    await stay(desk, Phase.INFORM, TaskKind.INFORM, TaskKind.REHANDLE)


async def execute(desk: Desk) -> None:
    """后续执行: ends when nothing is left to execute, or when a callback speaks first, whose date is watched already."""
    await stay(desk, Phase.EXECUTE, TaskKind.CALLBACK, TaskKind.FEED_BACK)
