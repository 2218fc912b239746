"""三（二）（三）（四） and 直接办理: the steps in which one unit works."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.flow import current_step
    from domain.words import Step

from workflows.desk import Desk
from workflows.steps.taking import take


async def handle_directly(desk: Desk) -> None:
    """直接办理，当场办结: the lead's task from the dispatch is the step."""
    await take(desk, current_step(desk.dispute) or Step.DIRECT)


async def mediate(desk: Desk) -> None:
    """调解: bounded in time; ends with an agreement or without."""
    await take(desk, Step.MEDIATE)


async def investigate(desk: Desk) -> None:
    """调查核实: ends with the report."""
    await take(desk, Step.INVESTIGATE)


async def guide(desk: Desk) -> None:
    """仲裁、诉讼指引: shows the ways, then waits for the party's choice."""
    await take(desk, Step.GUIDE)


async def dispose(desk: Desk) -> None:
    """处置意见: ends when every sub-item is decided."""
    await take(desk, Step.DISPOSE)
