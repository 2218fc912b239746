"""What a unit does with a task on its desk: sign for it, send it back, ask for time, pass it on."""

from domain import actions as a
from domain import deadlines
from domain import events as ev
from domain.actions import Act
from domain.deadlines import Deadline
from domain.decide.common import same_unit, taken, tasks_of
from domain.dispute import Task
from domain.draft import Draft, Refusal
from domain.words import UnitName

SIGNABLE = (
    "handle", "assist", "lead_check", "resolution", "investigate", "rehandle", "city_reply", "supervise",
)  # fmt: skip
"""Tasks that a unit is expected to sign for; any other may be signed for when it has none of these."""


def claim(draft: Draft, act: Act) -> None:
    """签收: once."""
    body = act.body
    assert isinstance(body, a.SignFor)
    every = tasks_of(draft, act)
    mine = [t for t in every if t.kind in SIGNABLE] or every
    named = [t for t in every if body.task and (t.title in body.task or body.task in t.title)]
    if not mine:
        raise Refusal("no_task", f"{act.unit}没有待签收的任务", "unit")
    unsigned = [t for t in (named or mine) if t.signed_at is None]
    if not unsigned:
        raise Refusal("already_signed", f"{act.unit}已由{mine[0].signed_by}签收，不能重复签收")
    task = unsigned[0]
    if task.not_officer == act.officer:
        raise Refusal("same_officer", f"重新办理不得交回原承办人{act.officer}", "officer")
    taken(draft, act, task=task)
    for clock in draft.clocks("sign"):
        if clock.task_id == task.id:
            draft.stop_clock(clock)


def send_back(draft: Draft, act: Act) -> None:
    """退单: with a reason, within the window; reviewed once by the dispatcher, then final."""
    body = act.body
    assert isinstance(body, a.SendBack)
    mine = tasks_of(draft, act, "handle", "assist")
    if not mine:
        raise Refusal("no_task", f"{act.unit}没有可退的交办任务", "unit")
    task = mine[0]
    if not task.returnable:
        raise Refusal("final", "该任务经审核指定，不得再退")
    window = _return_window(draft, task)
    if window and draft.now > window.due_at:
        raise Refusal("too_late", f"退单期限为{window.due_on}，已超过，不能退单")
    if body.suggested_unit:
        draft.known(body.suggested_unit)
    taken(draft, act, task=task)
    draft.close_task(task, "退单")
    draft.once("redispatch", "退单审核、改派", draft.d.center, "redispatch")


def _return_window(draft: Draft, task: Task) -> Deadline | None:
    windows = [c for c in draft.d.clocks.values() if c.task_id == task.id and c.rule_id == "return_window"]
    return next((c for c in windows if not c.lapsed), None)


def transfer(draft: Draft, act: Act) -> None:
    """Pass a task on inside the unit."""
    body = act.body
    assert isinstance(body, a.Transfer)
    mine = tasks_of(draft, act)
    if not mine:
        raise Refusal("no_task", f"{act.unit}没有可转办的任务", "unit")
    task = mine[0]
    if task.not_officer == body.to_officer:
        raise Refusal("same_officer", f"重新办理不得交回原承办人{body.to_officer}", "to_officer")
    taken(draft, act, task=task)
    draft.emit(ev.TaskChanged(task_id=task.id, officer=body.to_officer))


def request_extension(draft: Draft, act: Act) -> None:
    """延期申请: before the deadline has passed, decided by whoever dispatched."""
    body = act.body
    assert isinstance(body, a.RequestExtension)
    if draft.d.closed_at or draft.d.withdrawn_at:
        raise Refusal("closed", "案件已撤回或办结，不能申请延期")
    if draft.d.extension:
        raise Refusal("pending", "已有延期申请等待审批")
    clock = _extendable(draft, act)
    if clock.overdue_at(draft.now):
        raise Refusal("overdue", f"{clock.name}已于{clock.due_on}到期，逾期后不能申请延期")
    _extended(draft, clock, body.days, body.reason)
    decides = draft.d.center
    if draft.is_center():
        decides = draft.other_than(act.unit, draft.policy.powers.decide_extension.units)
    if decides is None:
        raise Refusal("no_decider", f"{act.unit}不得自批延期，而本县没有其他审批单位，请按期办理")
    taken(draft, act, ref=clock.id)
    draft.open_task("extension", "延期审批", decides, "extension_decision")


_WORK = (
    "mediate", "investigate", "handle", "assist", "dispose", "guide", "resolution", "city_reply", "convene",
    "convene_joint", "lead_check",
)  # fmt: skip
"""Tasks whose time may be asked for, the likeliest first."""


def _extendable(draft: Draft, act: Act) -> Deadline:
    """The clock an extension is about: the whole dispute's when the lead asks, else the unit's own work."""
    by_task = [c for kind in _WORK for t in draft.d.open_tasks(kind) for c in _clocks_on(draft, t.id)]
    whole = [c for rule in ("rehandle", *draft.d.totals, "execution") for c in draft.clocks(rule)]
    named = _clocks_on(draft, act.task) if act.task else [*whole, *by_task, *draft.clocks("supplement")]
    own = [c for c in named if _is_own(draft, act.unit, c)]
    if not own:
        raise Refusal("no_clock", f"{act.unit}没有可以延期的期限", "unit")
    return own[0]


def _clocks_on(draft: Draft, task_id: str) -> list[Deadline]:
    """The clocks on a task, those that can be extended first."""
    on_task = [c for c in draft.d.open_clocks() if c.task_id == task_id]
    return sorted(on_task, key=lambda c: c.max_extension is None)


def _is_own(draft: Draft, unit: UnitName, clock: Deadline) -> bool:
    mediates = clock.task_id is not None and draft.d.tasks[clock.task_id].kind == "mediate"
    if mediates and draft.may(draft.policy.powers.mediate):
        return True
    return same_unit(draft, unit, clock.owner)


def _extended(draft: Draft, clock: Deadline, days: a.Span, reason: str) -> Deadline:
    rule = draft.policy.clock(clock.rule_id)
    try:
        return deadlines.extend(
            clock,
            days.length,
            days.unit,
            draft.unit,
            reason,
            draft.now,
            draft.policy.calendar,
            draft.policy.ladder(rule.ladder),
        )
    except ValueError as error:
        raise Refusal("no_extension", str(error), "days") from error


def decide_extension(draft: Draft, act: Act) -> None:
    """批准 or 不批准延期."""
    asked = draft.d.extension
    if asked is None:
        raise Refusal("nothing_pending", "没有等待审批的延期申请")
    may = draft.is_center() or draft.may(draft.policy.powers.decide_extension)
    draft.require(
        may and act.unit != asked.by, f"{draft.center}或{draft.role('joint_office')}（申请单位不得自批）"
    )
    body = act.body
    clock = draft.d.clocks[asked.clock_id]
    extended = clock
    if isinstance(body, a.ApproveExtension) and clock.is_open:
        days = body.days or a.Span(length=asked.length, unit=asked.unit)
        extended = _extended(draft, clock, days, asked.reason)
    taken(draft, act, ref=clock.id)
    draft.close_tasks("extension", outcome="批准" if isinstance(body, a.ApproveExtension) else "不批准")
    if extended != clock:
        draft.emit(ev.ClockChanged(change="extended", deadline=extended))
