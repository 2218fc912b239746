"""What a unit does with a task on its desk: sign for it, send it back, ask for time, pass it on."""

from domain import actions as a, deadlines, events as ev
from domain.actions import Act
from domain.deadlines import Deadline
from domain.decide.common import require_accepted, same_unit, taken, tasks_of
from domain.draft import Draft, Refusal

SIGNABLE = ("handle", "assist", "lead_check", "resolution", "investigate", "rehandle", "city_reply", "supervise")


def claim(draft: Draft, act: Act) -> None:
    """签收: once."""
    mine = tasks_of(draft, act, *SIGNABLE)
    if not mine:
        raise Refusal("no_task", f"{act.unit}没有待签收的任务", "unit")
    unsigned = [t for t in mine if t.signed_at is None]
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
    """退单: with a reason, within the window, once."""
    body = act.body
    assert isinstance(body, a.SendBack)
    mine = tasks_of(draft, act, "handle", "assist")
    if not mine:
        raise Refusal("no_task", f"{act.unit}没有可退的交办任务", "unit")
    task = mine[0]
    if not task.returnable:
        raise Refusal("final", "该任务经审核指定，不得再退")
    window = next((c for c in draft.d.clocks.values() if c.task_id == task.id and c.rule_id == "return_window"
                   and not c.lapsed), None)  # fmt: skip
    if window and draft.now > window.due_at:
        raise Refusal("too_late", f"退单期限为{window.due_on}，已超过，不能退单")
    if body.suggested_unit:
        draft.known(body.suggested_unit)
    taken(draft, act, task=task)
    draft.close_task(task, "退单")
    draft.once("redispatch", "退单审核、改派", draft.d.center, "redispatch")


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
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.RequestExtension)
    if draft.d.extension:
        raise Refusal("pending", "已有延期申请等待审批")
    clock = _extendable(draft, act)
    if clock.overdue_at(draft.now):
        raise Refusal("overdue", f"{clock.name}已于{clock.due_on}到期，逾期后不能申请延期")
    _extended(draft, clock, body.days, body.reason)
    taken(draft, act, ref=clock.id)
    draft.open_task("extension", "延期审批", draft.d.center, "extension_decision")


def _extendable(draft: Draft, act: Act) -> Deadline:
    """The clock an extension is about: the unit's own work, or the whole dispute's when the lead asks."""
    d = draft.d
    owned = [t.id for t in d.open_tasks() if same_unit(draft, act.unit, t.unit)]
    rules = ["rehandle", "execution", "mediation", "resolution", "investigation", "city_reply", "opinion"]
    if act.unit == d.lead and d.path:
        tier = draft.policy.tier_by_path(d.path)
        rules = ["rehandle", *([tier.total] if tier else []), *rules[1:]]
    for rule_id in rules:
        for clock in draft.clocks(rule_id):
            if clock.task_id in owned or (clock.task_id is None and act.unit == d.lead):
                return clock
    raise Refusal("no_clock", f"{act.unit}没有可以延期的期限", "unit")


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
    draft.require(
        (draft.is_center() or draft.is_role("joint_office")) and act.unit != asked.by, "综治中心"
    )
    body = act.body
    approved = isinstance(body, a.ApproveExtension)
    clock = draft.d.clocks[asked.clock_id]
    taken(draft, act, ref=clock.id)
    draft.close_tasks("extension", outcome="批准" if approved else "不批准")
    if isinstance(body, a.ApproveExtension) and clock.is_open:
        days = body.days or a.Span(length=asked.length, unit=asked.unit)
        extended = _extended(draft, clock, days, asked.reason)
        draft.emit(ev.ClockChanged(change="extended", deadline=extended))
