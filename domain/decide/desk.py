"""What a unit does with a task on its desk: sign for it, send it back, ask for time, pass it on."""

from domain import deadlines
from domain import events as ev
from domain.actions import Act
from domain.actions.desk import DecideExtension, ReassignOfficer, RequestExtension, SendBack, SignFor
from domain.actions.form import Span
from domain.deadlines import Deadline
from domain.decide import successors
from domain.decide.common import is_barred, is_known_as, require_other, same_unit, sides, tasks_of
from domain.decide.registry import handles
from domain.declined import Declined
from domain.draft import Draft
from domain.meanings import handling as m
from domain.persons import same_name
from domain.state import Extension, Task
from domain.tasks import TASKS, TaskKind
from domain.words import UnitName


def _to_sign(draft: Draft) -> Task:
    """The task a signature is for: one that is expected to be signed for, else any."""
    every = tasks_of(draft)
    mine = [t for t in every if TASKS[t.kind].signed_for] or every
    if not mine:
        raise Declined("no_task", f"{draft.unit}没有待签收的任务", "unit")
    unsigned = [t for t in mine if not _is_taken(draft, t)]
    if not unsigned:
        said = f"{mine[0].signed_by}签收" if mine[0].signed_by else f"{mine[0].officer}承办"
        raise Declined("already_signed", f"{draft.unit}已由{said}，不能重复签收")
    free = [t for t in unsigned if not is_barred(draft, t, draft.doer)]
    if not free:
        raise Declined("same_officer", "重新办理不得交回原承办人，请由本单位他人签收", "officer")
    return next((t for t in free if not _other_hand(draft, t)), free[0])


def _is_taken(draft: Draft, task: Task) -> bool:
    """Whether it was signed for; what whoever acts has in hand anyhow needs it no more, unless it is expected."""
    if task.signed_at or "sign_for" in TASKS[task.kind].done_by:
        return task.signed_at is not None
    return bool(task.officer and draft.officer) and _other_hand(draft, task) is None


def _other_hand(draft: Draft, task: Task) -> str | None:
    """The colleague who has a task, where whoever acts is somebody else or not known yet."""
    its_own = task.officer and draft.officer and is_known_as(draft, draft.doer, task.officer)
    return None if its_own else task.officer


def other_hands(draft: Draft) -> list[Task]:
    """What whoever signs would take over from a colleague; raises Declined where there is nothing to be signed for."""
    task = _to_sign(draft)
    return [task] if _other_hand(draft, task) else []


def _may_sign(draft: Draft) -> None:
    _to_sign(draft)


@handles(SignFor, _may_sign)
def sign_for(draft: Draft, act: Act, body: SignFor) -> None:
    """签收: once; what a colleague has is taken over knowingly, or by 转办 alone."""
    task = _to_sign(draft)
    other = _other_hand(draft, task)
    if other and not (body.take_over and same_name(body.take_over, other)):
        said = (
            f"“{task.title}”已由{other}承办；要接手请到案件页单独签收并选“接手”，或由负责人“转本单位他人办理”"
        )
        raise Declined("other_hands", said, "take_over")
    draft.record(body, m.TaskSigned(task_id=task.id), task=task)
    for clock in draft.clocks("sign"):
        if clock.task_id == task.id:
            draft.stop_clock(clock)


def _to_return(draft: Draft) -> Task:
    mine = tasks_of(draft, TaskKind.HANDLE, TaskKind.ASSIST)
    if not mine:
        raise Declined("no_task", f"{draft.unit}没有可退的交办任务", "unit")
    task = mine[0]
    if not task.returnable:
        raise Declined("final", "该任务经审核指定，不得再退")
    window = _return_window(draft, task)
    if window and draft.now > window.due_at:
        raise Declined("too_late", f"退单期限为{window.due_on}，已超过，不能退单")
    return task


def _may_return(draft: Draft) -> None:
    _to_return(draft)


@handles(SendBack, _may_return)
def send_back(draft: Draft, act: Act, body: SendBack) -> None:
    """退单: with a reason, within the window; reviewed once by the dispatcher, then final."""
    task = _to_return(draft)
    if body.suggested_unit and body.suggested_unit not in units_to_suggest(draft):
        known = "、".join(units_to_suggest(draft))
        said = f"“{body.suggested_unit}”不在可建议的单位中，可选：{known}；名单以外的写在职责依据里"
        raise Declined("unknown_unit", said, "suggested_unit")
    draft.record(body, m.TaskReturned(task_id=task.id, reason_code=body.reason_code), task=task)
    draft.close_task(task, "退单")
    draft.once(TaskKind.RETURN_REVIEW, draft.d.center)


def units_to_suggest(draft: Draft) -> list[UnitName]:
    """The units that may be suggested instead of the acting one: those that the policy names."""
    return [unit for unit in draft.policy.units.members if unit != draft.unit]


def _return_window(draft: Draft, task: Task) -> Deadline | None:
    windows = [c for c in draft.d.clocks.values() if c.task_id == task.id and draft.is_by(c, "return_window")]
    return next((c for c in windows if not c.lapsed), None)


def _to_pass_on(draft: Draft) -> Task:
    mine = tasks_of(draft)
    if not mine:
        raise Declined("no_task", f"{draft.unit}没有可转办的任务", "unit")
    return mine[0]


def _may_pass_on(draft: Draft) -> None:
    _to_pass_on(draft)


@handles(ReassignOfficer, _may_pass_on)
def reassign_officer(draft: Draft, act: Act, body: ReassignOfficer) -> None:
    """Pass a task on inside the unit."""
    task = _to_pass_on(draft)
    successors.require_free(draft, body.kind, body.to_officer)
    draft.record(body, task=task)
    draft.emit(ev.TaskChanged(task_id=task.id, officer=body.to_officer))


# --- more time ---------------------------------------------------------------------------------------------------

_WORK = (
    TaskKind.MEDIATE, TaskKind.FINDINGS, TaskKind.INVESTIGATE, TaskKind.HANDLE, TaskKind.ASSIST, TaskKind.DISPOSE, TaskKind.GUIDE,
    TaskKind.RESOLUTION, TaskKind.REPLY_FROM_ABOVE, TaskKind.CONVENE, TaskKind.CONVENE_JOINT, TaskKind.LEAD_CHECK,
)  # fmt: skip
"""Tasks whose time may be asked for, the likeliest first."""


def extensible(draft: Draft) -> list[Deadline]:
    """The acting unit's own clocks whose time may be asked for, the likeliest first.

    The whole dispute's comes first when the lead asks. Raises Declined, with the reason, when there is none.
    """
    own = [c for c in _asked_about(draft) if _is_own(draft, draft.unit, c) and c.max_extension is not None]
    if not own:
        raise Declined("no_clock", f"{draft.unit}没有可以延期的期限", "unit")
    free = [c for c in own if c.id not in draft.d.extensions]
    if not free:
        raise Declined("pending", f"{own[0].name}已有延期申请等待审批")
    open_yet = [c for c in free if not c.overdue_at(draft.now)]
    if not open_yet:
        raise Declined("overdue", f"{free[0].name}已于{free[0].due_on}到期，逾期后不能申请延期")
    times = draft.policy.extension.times
    able = [c for c in open_yet if len(c.extensions) < times and not c.is_paused]
    if not able:
        raise Declined("no_extension", f"“{open_yet[0].name}”时限已延期{times}次或正在中止，不能延期")
    return able


def _asked_about(draft: Draft) -> list[Deadline]:
    if draft.task:
        return [c for c in draft.d.open_clocks() if c.task_id == draft.task] + _whole(draft)
    by_task = [
        c
        for kind in _WORK
        for t in draft.d.open_tasks(kind)
        for c in draft.d.open_clocks()
        if c.task_id == t.id
    ]
    return [*_whole(draft), *by_task, *draft.clocks("supplement")]


def _whole(draft: Draft) -> list[Deadline]:
    rules = ("rehandle", *draft.d.totals, "execution", *draft.legal_clocks("accepted"))
    return [c for rule in rules for c in draft.clocks(rule)]


def _is_own(draft: Draft, unit: UnitName, clock: Deadline) -> bool:
    mediates = clock.task_id is not None and draft.d.tasks[clock.task_id].kind == TaskKind.MEDIATE
    if mediates and draft.may(draft.policy.powers.mediate):
        return True
    return same_unit(draft, unit, clock.owner)


def _decider(draft: Draft) -> UnitName:
    """Who decides on more time: the centre, for its own clocks another."""
    decides: UnitName | None = draft.d.center
    if draft.is_center():
        decides = draft.other_than(draft.unit, draft.policy.powers.decide_extension.units)
    if decides is None:
        raise Declined("no_decider", f"{draft.unit}不得自批延期，而本县没有其他审批单位，请按期办理")
    return decides


def _may_ask_for_time(draft: Draft) -> None:
    if draft.d.closed_at or draft.d.withdrawn_at:
        raise Declined("closed", "案件已撤回或办结，不能申请延期")
    extensible(draft)
    _decider(draft)


@handles(RequestExtension, _may_ask_for_time)
def request_extension(draft: Draft, act: Act, body: RequestExtension) -> None:
    """延期申请: before the deadline has passed, decided by whoever dispatched."""
    able = extensible(draft)
    clock = next((c for c in able if c.id == body.clock), None)
    if clock is None:
        names = "、".join(f"{c.id}（{c.name}）" for c in able)
        raise Declined("no_clock", f"“{body.clock}”不是本单位可以延期的期限，可选：{names}", "clock")
    _extended(draft, clock, body.span, body.explanation)
    reason = f"{body.reason_code}：{body.explanation}{_consents(draft, clock, body)}"
    asked = m.ExtensionAsked(clock_id=clock.id, length=body.span.length, unit=body.span.unit, reason=reason)
    draft.record(body, asked)
    title = f"延期审批：{clock.name}"
    draft.open_task(TaskKind.EXTENSION, _decider(draft), title=title, ref=clock.id)


def _consents(draft: Draft, clock: Deadline, body: RequestExtension) -> str:
    """Who agreed to go on mediating, how and when; refused while a side has not (mediation is voluntary)."""
    mediates = clock.task_id is not None and draft.d.tasks[clock.task_id].kind == TaskKind.MEDIATE
    if not mediates:
        if body.consents:
            raise Declined("not_asked", "延长的不是调解期限，不填双方同意", "consents")
        return ""
    agreed = {c.party for c in body.consents}
    if missing := [side for side in sides(draft) if side not in agreed]:
        raise Declined(
            "not_consented",
            f"延长调解期限须双方当事人同意，{'、'.join(missing)}尚未表示同意，不能延长",
            "consents",
        )
    said = "、".join(f"{c.party}{c.on.isoformat()}{c.way}" for c in body.consents)
    return f"；双方同意：{said}"


def _extended(draft: Draft, clock: Deadline, span: Span, reason: str) -> Deadline:
    rule = draft.policy.clock(clock.rule_id)
    try:
        return deadlines.extend(
            clock,
            span.length,
            span.unit,
            draft.unit,
            reason,
            draft.now,
            draft.policy.calendar,
            draft.policy.ladder(rule.ladder),
            times=draft.policy.extension.times,
        )
    except ValueError as error:
        raise Declined("no_extension", str(error), "span") from error


def _asked_for(draft: Draft) -> Extension:
    """The request that the acting unit may decide on; that of the task it names, if it names one."""
    waiting = list(draft.d.extensions.values())
    if draft.task:
        waiting = [x for x in waiting if x.clock_id == draft.d.tasks[draft.task].ref]
    if not waiting:
        raise Declined("nothing_pending", "没有等待审批的延期申请")
    others = [x for x in waiting if x.by != draft.unit]
    office = draft.policy.units.roles.get("joint_office", draft.center)
    draft.require(bool(others), f"{draft.center}或{office}（申请单位不得自批）")
    if len(others) > 1:
        raise Declined("which", f"有 {len(others)} 件延期申请等待审批，请在相应的任务上办理", "task")
    (asked,) = others
    require_other(draft, asked.asked_by, "审批", "延期申请")
    return asked


def _may_decide_extension(draft: Draft) -> None:
    _asked_for(draft)


@handles(DecideExtension, _may_decide_extension)
def decide_extension(draft: Draft, act: Act, body: DecideExtension) -> None:
    """批准 or 不批准延期."""
    asked = _asked_for(draft)
    clock = draft.d.clocks[asked.clock_id]
    extended = clock
    if body.span:
        _require_no_more_than_asked(body.span, asked)
        extended = _extended(draft, clock, body.span, asked.reason)
    draft.record(body, m.ExtensionDecided(clock_id=clock.id, granted=body.approved))
    for task in draft.d.open_tasks(TaskKind.EXTENSION):
        if task.ref == clock.id:
            draft.close_task(task, "批准" if body.approved else "不批准")
    if extended != clock:
        draft.emit(ev.ClockChanged(change="extended", deadline=extended))


def _require_no_more_than_asked(span: Span, asked: Extension) -> None:
    if span.unit != asked.unit or span.length > asked.length:
        limit = Span(length=asked.length, unit=asked.unit)
        raise Declined("too_long", f"准予延长的时间不得超过申请的{limit}，并用同一单位", "span")
