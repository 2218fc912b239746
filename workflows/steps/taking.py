"""What the steps of a route share: opened when they are owed, followed until the state has left them."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.dispute import Dispute
    from domain.flow import clocks_of, current_step, owed
    from domain.words import Step

from workflows.desk import Desk, Watching


async def take(desk: Desk, step: Step, watching: Watching | None = None) -> None:
    """Open what is owed; then wait, the step's clocks watched, until another step is current or owed.

    A step that an officer began, though the route does not require it, is followed the same way: nothing is owed then.
    """

    def left(d: Dispute) -> bool:
        return current_step(d) != step or owed(d) is not None

    while current_step(desk.dispute) == step and not desk.dispute.is_over:
        if due := owed(desk.dispute):
            await desk.open(due)
        else:
            await desk.until(left, watching or (lambda d: clocks_of(d, step)))
