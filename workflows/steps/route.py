"""二、分类处置，三、联合调处: the tier's route. Which steps it has is data; what is inside a step is code."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.flow import current_step
    from domain.words import Step

from workflows.desk import Desk
from workflows.steps.consult import consult
from workflows.steps.handling import dispose, guide, handle_directly, investigate, mediate
from workflows.steps.meeting import coordinate, meet_jointly, report_up, treat_as_special

STEPS: Mapping[Step, Callable[[Desk], Awaitable[None]]] = MappingProxyType(
    {
        Step.ON_THE_SPOT: handle_directly,
        Step.DIRECT: handle_directly,
        Step.CONSULT: consult,
        Step.JOINT_MEETING: meet_jointly,
        Step.CITY: coordinate,
        Step.REPORT_UP: report_up,
        Step.SPECIAL_CASE: treat_as_special,
        Step.MEDIATE: mediate,
        Step.INVESTIGATE: investigate,
        Step.GUIDE: guide,
        Step.DISPOSE: dispose,
    }
)


async def follow_route(desk: Desk) -> None:
    """One step after the other, as the state says, until the route is walked or left."""
    while step := current_step(desk.dispute):
        seen = desk.dispute.version
        await STEPS[step](desk)
        if (desk.dispute.version, current_step(desk.dispute)) == (seen, step):
            raise RuntimeError(f"{step} was left before its end")
