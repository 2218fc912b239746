"""首问、移交、移送外地: a matter that goes to other hands."""

from collections.abc import Callable

from domain import events as ev
from domain.actions import Act
from domain.actions.handing import HandOver, NotifyTransfer, TransferOut
from domain.decide.common import moment_on, require_dispute
from domain.decide.ending import archive, end
from domain.decide.intake import end_supplement, require_review, suggest
from domain.decide.level import look_again
from domain.decide.registry import handles
from domain.decide.routes import organiser
from domain.declined import Declined
from domain.draft import Draft
from domain.meanings import handling as m
from domain.policy_life import TransferRules
from domain.state import Task
from domain.tasks import TaskKind
from domain.words import Stage, UnitName

_K = TaskKind
_OF_THE_HUB = (
    _K.TRIAGE, _K.URGENT_REPORT, _K.REFUSAL_NOTICE, _K.TRANSFER_NOTICE, _K.LEVEL_REVIEW, _K.RETURN_REVIEW,
    _K.EXTENSION, _K.OBJECTION, _K.SUSPENSION, _K.WITHDRAWAL, _K.REGISTER_LEAD, _K.REOPEN, _K.EXPLAIN,
)  # fmt: skip
_OWNERS: dict[TaskKind, Callable[[Draft], UnitName]] = {
    **dict.fromkeys(_OF_THE_HUB, lambda draft: draft.d.center),
    _K.INFORM: Draft.notifier,
    _K.CALLBACK: Draft.caller,
    _K.CLOSE: Draft.closer,
    _K.ARCHIVE: Draft.closer,
    _K.CONVENE: organiser,
}
"""Whose desk a task lies on once the matter is in another hub's hands."""


# --- 移交接手单位 ------------------------------------------------------------------------------------------------


def hubs(draft: Draft) -> list[UnitName]:
    """The hubs the matter may go to, the one of its place first; those known by a pattern only are not listed."""
    policy = draft.policy
    known = [policy.hub_of(draft.d.facts), *(h.hub for h in policy.hubs), draft.role("center")]
    return [hub for hub in dict.fromkeys(known) if hub != draft.d.center]


def _may_hand_over(draft: Draft) -> None:
    if not (draft.policy.receiving or draft.policy.hubs):
        raise Declined("not_in_policy", "本县政策没有移交接手单位的规定")
    require_dispute(draft)
    d = draft.d
    if d.closed_at or d.refused_at or d.withdrawn_at or d.transferred_at:
        raise Declined("closed", "案件已有结果，不能再移交")
    if not hubs(draft):
        raise Declined("no_hub", "没有别的单位可以接手")


@handles(HandOver, _may_hand_over)
def hand_over(draft: Draft, act: Act, body: HandOver) -> None:
    """移交: the preliminary opinion is given, and what lay on the old hub's desk lies on the new one's."""
    to = draft.known(body.to)[0]
    if not draft.policy.is_center(to) or to == draft.d.center:
        raise Declined("no_hub", f"{to}不能接手，可移交：{'、'.join(hubs(draft))}", "to")
    before = draft.d.center
    draft.record(body, m.HubChanged(to=to, failed=draft.policy.is_center(before)))
    for task in draft.d.open_tasks(TaskKind.FIRST_ANSWER):
        draft.close_task(task, body.opinion)
        draft.open_task(TaskKind.TRIAGE, to)
    for task in draft.d.open_tasks(*_OWNERS):
        if task.unit == before and (unit := _OWNERS[task.kind](draft)) != before:
            _move(draft, task, unit)
    for clock in list(draft.d.open_clocks()):
        if clock.task_id is None and clock.owner == before and clock.rule_id not in draft.d.totals:
            _readdress_clock(draft, clock.id, to)
    if draft.d.accepted_at:
        look_again(draft, "前一接手单位没有办成")
    else:
        suggest(draft)


def _move(draft: Draft, task: Task, unit: UnitName) -> None:
    """Put an open task with its running clocks on another desk."""
    draft.emit(ev.TaskChanged(task_id=task.id, unit=unit))
    for clock in list(draft.d.open_clocks()):
        if clock.task_id == task.id:
            _readdress_clock(draft, clock.id, unit)


def _readdress_clock(draft: Draft, clock_id: str, unit: UnitName) -> None:
    moved = draft.d.clocks[clock_id].model_copy(update={"owner": unit})
    draft.emit(ev.ClockChanged(change="reassigned", deadline=moved))


# --- 移送外地 ----------------------------------------------------------------------------------------------------


def _rules(draft: Draft) -> TransferRules:
    rules = draft.policy.transfer
    if rules is None:
        raise Declined("not_in_policy", "本县政策没有移送外地的规定，不属本县办理的按不予受理告知")
    return rules


def _may_transfer(draft: Draft) -> None:
    _rules(draft)
    require_review(draft)
    if draft.d.withdrawal:
        raise Declined("withdrawal_asked", "撤回申请尚未核实，核实后再移送")


@handles(TransferOut, _may_transfer)
def transfer_out(draft: Draft, act: Act, body: TransferOut) -> None:
    """移送外地: decided at once; the notice and the papers follow within the policy's clock."""
    rules = _rules(draft)
    draft.record(body, m.TransferredOut(area=body.area, to=body.to))
    end_supplement(draft)
    draft.close_tasks(TaskKind.TRIAGE, TaskKind.FIRST_ANSWER, outcome="移送外地")
    draft.close_tasks(TaskKind.URGENT_REPORT, outcome="移送外地", stop=False)
    draft.document("移送告知书", 移送地区=body.area, 接收单位=body.to, 理由=f"{body.ground}。{body.reason}")
    draft.open_task(TaskKind.TRANSFER_NOTICE, draft.d.center, rules.clock)
    draft.enter(Stage.TRANSFERRED)


def _may_notify(draft: Draft) -> None:
    if not draft.d.open_tasks(TaskKind.TRANSFER_NOTICE):
        raise Declined("not_transferred", "没有待告知的移送件")


@handles(NotifyTransfer, _may_notify)
def notify_transfer(draft: Draft, act: Act, body: NotifyTransfer) -> None:
    """The applicant knows, the other area has it: the matter ends here.

    The law's terms are kept on the day of the notice (信访工作条例第二十二条), the policy's when both is done.
    """
    both = max(body.told_on, body.handed_on)
    draft.record(body)
    draft.close_tasks(TaskKind.TRANSFER_NOTICE, outcome="已告知并交出", at=moment_on(draft, both))
    draft.stop_clocks(*draft.legal_clocks(), at=moment_on(draft, body.told_on))
    end(draft, "移送外地", f"移送{draft.d.transferred_to}")
    archive(draft)
