"""The steps of the plan's annex, each waiting for its milestone.

Who does what next is handed over in the transaction of the action that ends a step (docs/decisions); here stands the
order of the steps and what ends each.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.dispute import Dispute
    from domain.words import MatterKind

from workflows.desk import Desk


def _ended(d: Dispute) -> bool:
    """Closed early: refused, merged, withdrawn."""
    return d.closed_at is not None or d.refused_at is not None or d.withdrawn_at is not None


async def check_lead(desk: Desk) -> None:
    """线索: ends with the last report of the units that check it, or by becoming a dispute."""
    await desk.until(lambda d: d.kind == MatterKind.DISPUTE)


async def review(desk: Desk) -> None:
    """初审: ends with acceptance, refusal, or merger."""
    await desk.until(lambda d: d.accepted_at is not None or _ended(d))


async def follow_route(desk: Desk) -> None:
    """The tier's route: ends with a disposition, or with guidance to arbitration or court that was then told."""
    await desk.until(lambda d: d.disposed_at is not None or d.informed_at is not None or _ended(d))


async def inform(desk: Desk) -> None:
    """结果告知: ends when the party has been told, after a re-handling told again."""
    await desk.until(lambda d: (d.informed_at is not None and not d.rehandle_open) or _ended(d))


async def execute(desk: Desk) -> None:
    """后续执行: ends when nothing is left to execute, or when a callback speaks first."""
    await desk.until(lambda d: not d.open_tasks("execute") or bool(d.calls) or _ended(d))


async def call_back(desk: Desk) -> bool:
    """回访: ends with a result, or with dissatisfaction that sends the matter back. Returns whether it is settled."""
    await desk.until(lambda d: bool(d.open_tasks("close")) or d.rehandle_open or _ended(d))
    return not desk.dispute.rehandle_open or desk.must_go_on_anew()


async def close(desk: Desk) -> None:
    """办结、归档: ends when nothing is owed any more."""
    await desk.until(lambda d: d.is_over)
