"""四、回访: once told, the party is called; whoever is 不满意 sends the matter back."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.flow import Phase
    from domain.tasks import TaskKind

from workflows.desk import Desk
from workflows.steps.staying import stay


async def call_back(desk: Desk) -> None:
    """回访: a timer for its date, and for each further try; ends with a result, or with a re-handling."""
    owed = (TaskKind.FEED_BACK, TaskKind.CALLBACK, TaskKind.REOPEN, TaskKind.EXPLAIN)
    await stay(desk, Phase.CALL_BACK, *owed)
