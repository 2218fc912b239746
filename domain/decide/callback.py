"""四、回访: who calls, how often, and what follows from dissatisfaction (once re-handled, then supervised)."""

from datetime import datetime
from typing import Any

from domain import events as ev
from domain.actions import Act
from domain.actions.callback import (
    STANDS,
    CloseUnreached,
    ExplainAgain,
    LogCallAttempt,
    RecordCallback,
    ReopenCase,
)
from domain.answers import answered
from domain.clocks import UNIT_WORDS
from domain.decide import successors
from domain.decide.common import handled, moment_on, owes_execution, require_accepted
from domain.decide.registry import handles
from domain.decide.telling import begin_execution
from domain.declined import Declined
from domain.dispute import Dispute
from domain.draft import Draft
from domain.meanings import concluding as m
from domain.persons import By
from domain.policy import Policy
from domain.state import Task
from domain.tasks import TaskKind
from domain.words import Satisfaction, Stage, UnitName


def _clocks(draft: Draft) -> tuple[str, ...]:
    return (draft.callback.clock, draft.callback.again, "callback_retry")


def _may_call(draft: Draft) -> None:
    require_accepted(draft)
    if not draft.d.informed_at:
        raise Declined("not_informed", "结果尚未告知，不能回访")
    if not draft.d.open_tasks(TaskKind.CALLBACK):
        raise Declined("no_callback", "没有待回访任务")
    if handled(draft, draft.doer):
        raise Declined("handler", f"{draft.officer or '您'}是本案承办人，回访须由他人进行", "officer")


def why_no_link(
    dispute: Dispute, policy: Policy, now: datetime, unit: UnitName, officer: str, by: By
) -> str | None:
    """Why this officer may not send the party a link by which he answers himself; ``None`` when he may.

    Whoever handled the matter does not: he would hold in his hand what the party is asked about him.
    """
    draft = Draft(dispute, policy, now=now, unit=unit, officer=officer, action_id="link", by=by)
    try:
        _may_call(draft)
    except Declined as declined:
        return str(declined)
    return None


def _tries(draft: Draft) -> list[datetime]:
    """The calls not answered since the last one that was."""
    tries: list[datetime] = []
    for made in draft.d.calls:
        tries = [] if made.satisfaction else [*tries, made.at]
    return tries


def _may_try(draft: Draft) -> None:
    _may_call(draft)
    rules = draft.policy.callback
    tries = _tries(draft)
    if len(tries) >= rules.attempts:
        raise Declined("tries_used", f"已回访 {rules.attempts} 次，请发短信告知并登记“未联系上”")
    if tries:
        apart = (draft.now.date() - tries[-1].date()).days
        if apart < rules.min_days_between:
            raise Declined("too_soon", f"两次回访须间隔 {rules.min_days_between} 日以上")
        if rules.different_hours and any(t.hour == draft.now.hour for t in tries):
            raise Declined("same_hour", "各次回访须在不同时段进行")


@handles(LogCallAttempt, _may_try)
def log_call_attempt(draft: Draft, act: Act, body: LogCallAttempt) -> None:
    """A call that was not answered; the next one on another day and at another hour."""
    draft.record(body, m.CallTried())
    draft.stop_clocks(*_clocks(draft))
    task = draft.d.open_tasks(TaskKind.CALLBACK)[0]
    draft.start_clock("callback_retry", task.unit, task_id=task.id)


@handles(RecordCallback, _may_call)
def record_callback(draft: Draft, act: Act, body: RecordCallback) -> None:
    """回访结果."""
    if draft.d.group and not body.whom:
        raise Declined("incomplete", "群体案件请写明回访了谁", "whom")
    if body.category is not None and body.category not in draft.policy.callback.categories:
        known = "、".join(f"{key}（{rule.text}）" for key, rule in draft.policy.callback.categories.items())
        raise Declined("unknown_category", f"没有不满意原因“{body.category}”，可选：{known}", "category")
    called = m.CalledBack(
        satisfaction=Satisfaction(body.q6_result),
        method=body.method,
        category=body.category,
        answers=body.answers,
    )
    reasons = {key: rule.text for key, rule in draft.policy.callback.categories.items()}
    lines = [f"{title}：{said}" for title, said in answered(body, reasons)]
    _answered(draft, body, called, lines, 解决程度=body.q2_solved, 对象=body.whom)


def _may_give_up(draft: Draft) -> None:
    _may_call(draft)
    attempts = draft.policy.callback.attempts
    if len(_tries(draft)) < attempts:
        raise Declined("not_tried", f"须在不同日期、时段回访 {attempts} 次仍未接通，才能登记“未联系上”")


@handles(CloseUnreached, _may_give_up)
def close_unreached(draft: Draft, act: Act, body: CloseUnreached) -> None:
    """未联系上, after a text message: no vote, and never one of 满意. The callback ends on its day (县方案三（九）)."""
    called = m.CalledBack(satisfaction=Satisfaction.UNREACHED, method="短信")
    at = moment_on(draft, body.message_sent_on)
    lines = [f"短信发出日期：{body.message_sent_on.isoformat()}"]
    _answered(draft, body, called, lines, at=at, 解决程度="未答")


def _answered(
    draft: Draft,
    body: RecordCallback | CloseUnreached,
    called: m.CalledBack,
    lines: list[str],
    *,
    at: datetime | None = None,
    **fields: Any,
) -> None:
    draft.enter(Stage.CALLBACK)
    draft.record(body, called)
    draft.stop_clocks(*_clocks(draft), at=at)
    draft.document(
        "回访记录表",
        评价=called.satisfaction,
        方式=called.method,
        回答=lines,
        **fields,
    )
    draft.close_tasks(TaskKind.CALLBACK, outcome=called.satisfaction)
    if called.satisfaction == Satisfaction.DISSATISFIED:
        _dissatisfied(draft, called.category)
    else:
        _close_or_execute(draft)


def _close_or_execute(draft: Draft) -> None:
    """The party has been heard: the matter is closed, unless something is still to be carried out."""
    if owes_execution(draft):
        begin_execution(draft)
    else:
        draft.once(TaskKind.CLOSE, draft.closer())


def _dissatisfied(draft: Draft, category: str | None) -> None:
    """By the policy's category: re-handle once and then supervise, explain and close, or register anew."""
    rules = draft.policy.callback
    reason = rules.categories.get(category or "")
    center = draft.d.center
    if reason and reason.then == "explain":
        draft.once(TaskKind.EXPLAIN, center)
    elif reason and reason.then == "new_matter":
        draft.emit(ev.Noted(text="回访发现新事实，须登记关联新件"))
        _close_or_execute(draft)
    elif draft.d.rehandled < rules.rehandle_times:
        draft.once(TaskKind.REOPEN, center)
    else:
        office = draft.role("joint_office")
        times = _times(draft.d.rehandled + 1)
        draft.emit(ev.Noted(text=f"{times}不满意→{office}督办"))
        if all(t.ref for t in draft.d.open_tasks(TaskKind.SUPERVISE)):
            draft.open_task(TaskKind.SUPERVISE, office, title=f"督办：{times}回访不满意")


def _times(n: int) -> str:
    return f"{'零一二三四五六七八九十'[n] if n <= 10 else n}次"


def _may_reopen(draft: Draft) -> None:
    require_accepted(draft)
    d = draft.d
    if not d.informed_at or d.rehandle_open:
        raise Declined("not_informed", "案件仍在办理中，无需重新办理")
    if d.open_tasks(TaskKind.EXPLAIN) and not d.open_tasks(TaskKind.REOPEN):
        raise Declined("no_ground", "诉求无法律依据且已告知的，应复核释法后结案，不重新办理")
    if d.rehandled >= draft.policy.callback.rehandle_times:
        most = _times(draft.policy.callback.rehandle_times)
        office = draft.policy.units.roles.get("joint_office", d.center)
        raise Declined("once", f"重新办理以{most}为限，再次不满意由{office}督办")


@handles(ReopenCase, _may_reopen)
def reopen_case(draft: Draft, act: Act, body: ReopenCase) -> None:
    """重新办理: once, by another officer."""
    successors.require_free(draft, body.kind, body.to_officer)
    unit, previous = successors.unit_of(body.kind, draft.d, draft.unit), successors.previous(draft.d)
    draft.record(body, m.Reopened())
    draft.close_tasks(TaskKind.REOPEN, TaskKind.CLOSE, TaskKind.CALLBACK, outcome="重新办理")
    draft.close_tasks(
        TaskKind.EXECUTE,
        TaskKind.EXPLAIN,
        TaskKind.SUPERVISE,
        TaskKind.FEED_BACK,
        outcome="重新办理",
        stop=False,
    )
    draft.enter(Stage.REHANDLE)
    task_id = draft.open_task(TaskKind.REHANDLE, unit, officer=body.to_officer, not_officer=previous)
    clock = next(c for c in draft.clocks("rehandle") if c.task_id == task_id)
    span = f"{clock.length} {UNIT_WORDS[clock.unit].removeprefix('个')}"
    draft.emit(ev.Noted(text=f"回访不满意→重新办理（换人、{span}、{_times(draft.d.rehandled)}）"))


def _may_explain(draft: Draft) -> None:
    require_accepted(draft)
    if not (draft.d.open_tasks(TaskKind.EXPLAIN) or _objections(draft)):
        raise Declined("nothing_to_explain", "没有需要复核释法的回访或当事人异议")


def _objections(draft: Draft) -> list[Task]:
    """What a party objected to and nobody has answered."""
    return [t for t in draft.d.open_tasks(TaskKind.OBJECTION) if t.ref == "当事人"]


@handles(ExplainAgain, _may_explain)
def explain_again(draft: Draft, act: Act, body: ExplainAgain) -> None:
    """复核释法: the conclusion stands and was explained, or it does not and the matter is handled again.

    The time for it is kept on the day of the explanation (县方案三（九）).
    """
    draft.record(body)
    stands, at = body.review == STANDS, body.explained_on and moment_on(draft, body.explained_on)
    for task in _objections(draft):
        draft.close_task(task, "已复核释法", at=at)
    if not draft.d.open_tasks(TaskKind.EXPLAIN):
        if not stands and draft.d.informed_at and draft.d.rehandled < draft.policy.callback.rehandle_times:
            draft.once(TaskKind.REOPEN, draft.d.center)
        return
    if stands or draft.d.rehandled >= draft.policy.callback.rehandle_times:
        draft.close_tasks(TaskKind.EXPLAIN, outcome="已复核释法", at=at)
        _close_or_execute(draft)
    else:
        draft.close_tasks(TaskKind.EXPLAIN, outcome="原结论有误")
        draft.once(TaskKind.REOPEN, draft.d.center)
