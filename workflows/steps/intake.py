"""一、争议受理."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.flow import Phase

from workflows.desk import Desk
from workflows.steps.staying import stay


async def check_lead(desk: Desk) -> None:
    """线索核查: each unit's check has its timer; ends with the last report, or when the lead becomes a dispute."""
    await stay(desk, Phase.CHECK_LEAD)


async def review(desk: Desk) -> None:
    """初审: ends with acceptance, refusal, or merger."""
    await stay(desk, Phase.REVIEW)
