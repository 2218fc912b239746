"""四、回访: who calls, how often, and what follows from dissatisfaction (once re-handled, then supervised)."""

import re
from datetime import datetime

from domain import actions as a
from domain import events as ev
from domain.actions import Act
from domain.clocks import UNIT_WORDS
from domain.decide.common import execution_settled, require_accepted, taken
from domain.draft import Draft, Refusal
from domain.policy_rules import Dissatisfaction
from domain.words import Satisfaction, Stage

_CLOCKS = ("first_callback", "second_callback", "callback_retry")


def _require_caller(draft: Draft, act: Act) -> None:
    require_accepted(draft)
    draft.require(draft.is_center() or draft.policy.is_center(act.unit), draft.center)
    if act.officer in draft.d.handlers:
        raise Refusal("handler", f"{act.officer}是本案承办人，回访须由他人进行", "officer")
    if not draft.d.informed_at:
        raise Refusal("not_informed", "结果尚未告知，不能回访")
    if not draft.d.open_tasks("callback"):
        raise Refusal("no_callback", "没有待回访任务")


def _tries(draft: Draft) -> list[datetime]:
    """The calls not answered since the last one that was."""
    tries: list[datetime] = []
    for made in draft.d.calls:
        tries = [] if made.satisfaction else [*tries, made.at]
    return tries


def call(draft: Draft, act: Act) -> None:
    """A call that was not answered; the next one on another day and at another hour."""
    _require_caller(draft, act)
    rules = draft.policy.callback
    tries = _tries(draft)
    if len(tries) >= rules.attempts:
        raise Refusal("tries_used", f"已回访 {rules.attempts} 次，请发短信告知并登记“未联系上”")
    if tries:
        apart = (draft.now.date() - tries[-1].date()).days
        if apart < rules.min_days_between:
            raise Refusal("too_soon", f"两次回访须间隔 {rules.min_days_between} 日以上")
        if rules.different_hours and any(t.hour == draft.now.hour for t in tries):
            raise Refusal("same_hour", "各次回访须在不同时段进行")
    taken(draft, act)
    draft.stop_clocks(*_CLOCKS)
    task = draft.d.open_tasks("callback")[0]
    draft.start_clock("callback_retry", draft.d.center, task_id=task.id)


def answer(draft: Draft, act: Act) -> None:
    """回访结果."""
    _require_caller(draft, act)
    body = act.body
    assert isinstance(body, a.CallbackAnswer)
    attempts = draft.policy.callback.attempts
    if body.satisfaction == Satisfaction.UNREACHED and len(_tries(draft)) < attempts:
        raise Refusal(
            "not_tried", f"须在不同日期、时段回访 {attempts} 次仍未接通，才能登记“未联系上”", "satisfaction"
        )
    draft.enter(Stage.CALLBACK)
    taken(draft, act)
    draft.stop_clocks(*_CLOCKS)
    draft.document(
        "回访记录表",
        评价=body.satisfaction,
        方式=body.method,
        解决程度=body.solved or "未答",
        对象=body.sample,
    )
    draft.close_tasks("callback", outcome=body.satisfaction)
    if body.satisfaction == Satisfaction.DISSATISFIED:
        _dissatisfied(draft, body)
    elif execution_settled(draft) or not draft.d.disposed_at:
        draft.once("close", "结案审批", draft.d.center, "close")
    else:
        draft.enter(Stage.EXECUTION)
        draft.once("execute", "后续执行", draft.d.lead or draft.d.center, "execution")


def _dissatisfied(draft: Draft, body: a.CallbackAnswer) -> None:
    """By the policy's category: re-handle once and then supervise, explain and close, or register anew."""
    rules = draft.policy.callback
    reason = category(body.category, rules.categories)
    center = draft.d.center
    if reason and reason.then == "explain":
        draft.once("explain", "复核释法", center, "explain")
    elif reason and reason.then == "new_matter":
        draft.emit(ev.Noted(text="回访发现新事实，须登记关联新件"))
        draft.once("close", "结案审批", center, "close")
    elif draft.d.rehandled < rules.rehandle_times:
        draft.once("reopen", "重新办理审批", center, "reopen_decision")
    else:
        office = draft.role("joint_office")
        times = _times(draft.d.rehandled + 1)
        draft.emit(ev.Noted(text=f"{times}不满意→{office}督办"))
        draft.once("supervise", f"督办：{times}回访不满意", office, "supervision")


def _times(n: int) -> str:
    return f"{'零一二三四五六七八九十'[n] if n <= 10 else n}次"


def category(said: str | None, categories: dict[str, Dissatisfaction]) -> Dissatisfaction | None:
    """The policy's category by its letter, or by its own words; ``None`` when neither is found."""
    text = (said or "").strip()
    letter = re.match(r"[（(\[【]?\s*([a-zA-Z])(?![a-zA-Z])", text)
    if letter and letter[1].lower() in categories:
        return categories[letter[1].lower()]
    named = (r for r in categories.values() if any(w and w in text for w in re.split(r"[、，且或]", r.text)))
    return next(named, None)


def reopen(draft: Draft, act: Act) -> None:
    """重新办理: once, by another officer."""
    require_accepted(draft)
    draft.require(draft.is_center() or draft.is_role("joint_office"), draft.center)
    body = act.body
    assert isinstance(body, a.Reopen)
    d = draft.d
    if not d.informed_at or d.rehandle_open:
        raise Refusal("not_informed", "案件仍在办理中，无需重新办理")
    if d.open_tasks("explain") and not d.open_tasks("reopen"):
        raise Refusal("no_ground", "诉求无法律依据且已告知的，应复核释法后结案，不重新办理")
    if d.rehandled >= draft.policy.callback.rehandle_times:
        most = _times(draft.policy.callback.rehandle_times)
        raise Refusal("once", f"重新办理以{most}为限，再次不满意由{draft.role('joint_office')}督办")
    if body.to_officer in d.handlers or body.to_officer == body.previous_officer:
        raise Refusal("same_officer", f"重新办理不得交回原承办人{body.to_officer}", "to_officer")
    taken(draft, act)
    draft.close_tasks("reopen", "close", "callback", outcome="重新办理")
    draft.close_tasks("execute", "explain", "supervise", outcome="重新办理", stop=False)
    draft.enter(Stage.REHANDLE)
    previous = body.previous_officer or next(
        (t.officer for t in d.tasks.values() if t.kind == "handle" and t.officer), None
    )
    unit = d.lead or d.center
    task_id = draft.open_task("rehandle", "重新办理", unit, officer=body.to_officer, not_officer=previous)
    clock = draft.start_clock("rehandle", unit, task_id=task_id, span=body.deadline)
    span = f"{clock.length} {UNIT_WORDS[clock.unit].removeprefix('个')}"
    draft.emit(ev.Noted(text=f"回访不满意→重新办理（换人、{span}、{_times(draft.d.rehandled)}）"))
