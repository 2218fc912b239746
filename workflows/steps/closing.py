"""办结、归档."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.flow import Phase
    from domain.tasks import TaskKind

from workflows.desk import Desk
from workflows.steps.staying import stay


async def close(desk: Desk) -> None:
    """结案、归档: what was refused, withdrawn or merged comes here too; ends when nothing is owed any more."""
    owed = (TaskKind.REFUSAL_NOTICE, TaskKind.TRANSFER_NOTICE, TaskKind.REGISTER_LEAD)
    await stay(desk, Phase.CLOSE, *owed)
