"""办结、归档."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.flow import Phase

from workflows.desk import Desk
from workflows.steps.staying import stay


async def close(desk: Desk) -> None:
    """结案、归档: what was refused, withdrawn or merged comes here too; ends when nothing is owed any more."""
    await stay(desk, Phase.CLOSE, "close", "archive", "refusal_notice", "register_lead")
