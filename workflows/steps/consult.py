"""三（一）会商: the units answer side by side."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.flow import awaited
    from domain.words import Step

from workflows.desk import Desk
from workflows.steps.taking import take


async def consult(desk: Desk) -> None:
    """Wait for every unit's opinion, each with a durable timer of its own, or for the minutes of their meeting.

    A unit that stays silent is waited for until its red card; its timer runs on and escalates though the step is over.
    """
    await take(desk, Step.CONSULT, awaited)
