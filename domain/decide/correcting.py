"""撤销到账登记: a payment that was recorded in error is taken back, and the matter is where it would be without it."""

from collections.abc import Iterator

from domain.actions import Act
from domain.actions.execution import WithdrawPayment
from domain.decide import instalments
from domain.decide.common import item_settled, owes_execution, require_accepted
from domain.decide.disposal import close_finished_items
from domain.decide.execution import EXECUTED
from domain.decide.registry import handles
from domain.decide.rights import ENFORCING
from domain.declined import Declined
from domain.draft import Draft
from domain.intake import ClaimNo
from domain.meanings import concluding as m
from domain.state import Payment, Task
from domain.tasks import TaskKind
from domain.words import Stage

WITHDRAWN = "到账登记已撤销"


def _may_withdraw(draft: Draft) -> None:
    require_accepted(draft)
    if not draft.d.payments:
        raise Declined("no_payment", "本案没有登记到账，没有可撤销的")


def _check(draft: Draft, body: WithdrawPayment) -> Iterator[Declined]:
    numbers = [p.no for p in draft.d.payments]
    if body.payment not in numbers:
        known = "、".join(f"第 {no} 笔" for no in numbers)
        said = f"没有第 {body.payment} 笔到账登记，或已经撤销；可撤销的：{known}"
        yield Declined("unknown_payment", said, "payment")


@handles(WithdrawPayment, _may_withdraw, _check)
def withdraw_payment(draft: Draft, act: Act, body: WithdrawPayment) -> None:
    """更正: what the payment closed is open again, what it stopped runs again towards its own day."""
    (gone,) = (p for p in draft.d.payments if p.no == body.payment)
    draft.record(body, m.PaymentWithdrawn(no=gone.no, reopened=list(_reopened(draft, gone))))
    instalments.run_unpaid_again(draft)
    close_finished_items(draft)
    d = draft.d
    if d.informed_at and not d.rehandle_open and owes_execution(draft):
        _owe_again(draft, gone)


def _reopened(draft: Draft, gone: Payment) -> Iterator[ClaimNo]:
    """The claims that were closed because they, or all of them together, were paid."""
    for no, item in draft.d.sub_items.items():
        if item.closed_at is None or not (no in gone.parts or item.closed_by == gone.action_id):
            continue
        unpaid = {"paid": item.paid - gone.parts.get(no, 0), "closed_at": None}
        if not item_settled(item.model_copy(update=unpaid)):
            yield no


def _owe_again(draft: Draft, gone: Payment) -> None:
    """Execution goes on: what was asked for because it had ended is not asked for any more."""
    draft.close_tasks(TaskKind.CLOSE, outcome=WITHDRAWN, stop=False)
    for task in draft.d.open_tasks(TaskKind.CALLBACK):
        if task.opened_by == gone.action_id:
            draft.close_task(task, WITHDRAWN, stop=False)
    if draft.d.open_tasks(TaskKind.EXECUTE):
        return
    before = [t for t in draft.d.tasks.values() if t.kind == TaskKind.EXECUTE]
    ended = before[-1] if before and before[-1].outcome == EXECUTED else None
    for clock in list(draft.d.clocks.values()):
        settled_by = (gone.action_id, ended.closed_by if ended else None)
        if draft.is_by(clock, *ENFORCING) and clock.lapsed and clock.stopped_by in settled_by:
            draft.run_again(clock)
    dissatisfied = draft.d.open_tasks(TaskKind.REOPEN, TaskKind.EXPLAIN, TaskKind.SUPERVISE)
    if draft.d.stage in (Stage.INFORMED, Stage.CALLBACK) and all(t.ref for t in dissatisfied):
        draft.enter(Stage.EXECUTION)
    _execute_again(draft, ended)


def _execute_again(draft: Draft, ended: Task | None) -> None:
    """The task as it was, its time counted from where it was; one that would be late by now has its time from today."""
    unit = draft.d.lead or draft.d.center
    clocks = [c for c in draft.d.clocks.values() if ended and c.task_id == ended.id]
    task_id = draft.open_task(TaskKind.EXECUTE, unit, clocks=not clocks)
    for clock in clocks:
        draft.start_clock(
            clock.rule_id,
            unit,
            task_id=task_id,
            at=clock.starts_at,
            start_event=clock.start_event,
            instead_of=clock,
        )
