"""联席会议，上级协调: what the units cannot settle among themselves."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.words import Step

from workflows.desk import Desk
from workflows.steps.taking import take


async def meet_jointly(desk: Desk) -> None:
    """联席会议: ends with its minutes; each of its 议定事项 goes on as a task with a clock."""
    await take(desk, Step.JOINT_MEETING)


async def coordinate(desk: Desk) -> None:
    """上级协调: asked for, then answered."""
    await take(desk, Step.CITY)


async def report_up(desk: Desk) -> None:
    """报上级: asked for, then answered, perhaps one further up each time."""
    await take(desk, Step.REPORT_UP)


async def treat_as_special(desk: Desk) -> None:
    """专案: asked for, then answered, perhaps one further up each time."""
    await take(desk, Step.SPECIAL_CASE)
