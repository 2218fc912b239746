"""What the steps of a matter's life share: who may act, which task is meant, what is settled."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

from domain.actions import Act
from domain.agreement import check_guidance
from domain.decide.walk import deciding_step
from domain.declined import Declined, Unlawful, refuse
from domain.draft import Draft
from domain.flow import closed_for_good
from domain.outcome import agreed_unpaid
from domain.paper import Document
from domain.paper_waiting import issued_by
from domain.persons import Doer, same_name
from domain.seats import is_about
from domain.state import SubItem, Task
from domain.tasks import TaskKind
from domain.words import SHANGHAI, Conclusion, MatterKind, Stage, UnitName

WORKING_STAGES = (
    Stage.DIRECT, Stage.CONSULT, Stage.MEDIATION, Stage.INVESTIGATION, Stage.GUIDANCE, Stage.DISPOSED,
    Stage.INFORMED, Stage.EXECUTION, Stage.CALLBACK, Stage.REHANDLE,
)  # fmt: skip
"""Stages to which a matter comes back from a joint meeting or the city."""


def handled(draft: Draft, officer: Doer) -> bool:
    """Whether this officer has handled the matter, or stands in for one who has, or was stood in for."""
    return any(officer.is_same(handler) for handler in draft.d.handlers)


def is_barred(draft: Draft, task: Task, officer: Doer) -> bool:
    """Whether the task must not come back to this officer: it is to be done by another."""
    return task.not_officer is not None and is_known_as(draft, officer, task.not_officer)


def is_known_as(draft: Draft, officer: Doer, name: str) -> bool:
    """Whether this officer is whom a task knows by this name, stands in for him, or was stood in for."""
    known = [h for h in draft.d.handlers if same_name(h.name, name)]
    return any(officer.is_same(other) for other in known or [Doer(name=name)])


def require_other(draft: Draft, asked_by: Doer | None, verb: str, what: str) -> None:
    """Refuse whoever asked for it, stands in for who did, or was stood in for; a name alone says nothing of two units."""
    if asked_by and asked_by.shares_account(draft.doer):
        raise Declined("own_request", f"不得{verb}本人（或本人代理、代理本人者）提出的{what}", "officer")


def same_unit(draft: Draft, acting: UnitName, owner: UnitName) -> bool:
    """Whether ``acting`` answers for ``owner``; one of a group acts for it, as a township's grid worker for 网格员."""
    return draft.policy.units.same(acting, owner)


def issues(draft: Draft, paper: Document) -> bool:
    """Whether the acting unit issues a paper."""
    return issued_by(draft.policy, draft.d, paper, draft.unit)


def require_task(draft: Draft, act: Act) -> None:
    """Refuse an action on a task that is unknown, another unit's, or closed."""
    if act.task is None:
        return
    task = draft.d.tasks.get(act.task)
    if task is None:
        raise Declined("unknown_task", f"没有任务 {act.task}，请在收件箱中核对任务编号", "task")
    centers = draft.is_center() and draft.policy.is_center(task.unit)
    if not centers and not same_unit(draft, act.unit, task.unit):
        raise Declined("wrong_unit", f"任务 {task.id} 属于{task.unit}，{act.unit}不能办理", "unit")
    if closed := closed_for_good(draft.d, act):
        raise Declined(*closed)


def only_task(draft: Draft, kind: TaskKind, none: str, several: str) -> Task:
    """The acting unit's one open task of this kind, or the one that the action names.

    ``none`` says that there is none; ``several``, after their number, what they are that wait.
    """
    mine = tasks_of(draft, kind)
    if not mine:
        raise Declined("nothing_pending", none)
    if len(mine) > 1:
        raise Declined("which", f"有 {len(mine)} {several}，请在相应的任务上办理", "task")
    return mine[0]


def tasks_of(draft: Draft, *kinds: TaskKind) -> list[Task]:
    """The acting unit's open tasks of these kinds, the one the action names alone if it names one."""
    mine = [t for t in draft.d.open_tasks(*kinds) if same_unit(draft, draft.unit, t.unit)]
    return [t for t in mine if t.id == draft.task] if draft.task else mine


def dispatched(draft: Draft, role: Literal["主办", "协办"]) -> list[Task]:
    """Open dispatched tasks by their role now; a re-dispatch may have turned one round."""
    return [t for t in draft.d.open_tasks(TaskKind.HANDLE, TaskKind.ASSIST) if t.role == role]


def always(draft: Draft) -> None:
    """Whoever has the part for it may do it at any time."""


def require_dispute(draft: Draft) -> None:
    """Refuse on a lead what only a dispute has."""
    if draft.d.kind == MatterKind.LEAD:
        raise Declined("lead", "线索须先转为争议，才能办理此事项")


def require_accepted(draft: Draft) -> None:
    """Refuse what can only be done to an accepted, living matter."""
    d = draft.d
    if d.accepted_at is None:
        raise Declined("not_accepted", "案件尚未受理，请先完成初审")
    if d.withdrawn_at or d.closed_at:
        raise Declined("closed", "案件已撤回或办结，不能再办理此事项")


def require_usable(field: str, number: str | None, fault: Callable[[str], str | None]) -> None:
    """Refuse a number that cannot be right. ``fault``: what is wrong with one (:mod:`domain.numbers`)."""
    if number and (said := fault(number)):
        raise Declined("wrong_number", said, field)


def own_claims(draft: Draft) -> list[SubItem]:
    """The sub-items the acting unit may decide: its own, and all of them as the lead or the route's decider."""
    d = draft.d
    step = deciding_step(draft.tier) if draft.tier else None
    decider = draft.owner(step) if step else d.lead
    return [s for s in d.sub_items.values() if draft.unit in (d.lead, s.lead, decider)]


def is_concerned(draft: Draft, unit: UnitName) -> bool:
    """Whether the matter is about this very unit."""
    return is_about(draft.d, draft.policy, unit)


def require_not_concerned(draft: Draft, units: list[UnitName], what: str, field: str) -> None:
    """Refuse to put a matter into the hands of a unit that it is about."""
    if own := next((u for u in units if is_concerned(draft, u)), None):
        raise Declined("concerned", f"{own}是被反映单位，不得{what}", field)


def sides(draft: Draft) -> list[str]:
    """Who must agree to what binds the parties: the applicant, and the employer where there is one."""
    return ["申请人", *(["被反映单位"] if draft.d.facts.respondents else [])]


def moment_on(draft: Draft, day: date) -> datetime:
    """The moment of something done on a day: now, or the beginning of an earlier day."""
    if day == draft.now.astimezone(SHANGHAI).date():
        return draft.now
    return datetime.combine(day, time(0), tzinfo=SHANGHAI)


def require_claims(draft: Draft, *numbers: str, field: str = "claim") -> None:
    """Refuse numbers that are none of the matter's sub-items."""
    for no in numbers:
        if no not in draft.d.sub_items:
            known = "、".join(sorted(draft.d.sub_items))
            raise Declined("unknown_claim", f"没有子项 {no}，本案子项：{known}", field)


def refuse_promises(draft: Draft, text: str | None, field: str) -> None:
    """Refuse words to a party that promise what no court will do (法研〔2011〕31号)."""
    refuse(promises(draft, text or "", field))


def promises(draft: Draft, text: str, field: str) -> Iterator[Declined]:
    """Each such promise in a text."""
    for found in check_guidance([text], draft.policy, field):
        said = f"告知当事人的内容不得作出承诺：{found.explanation}（{found.article}）"
        yield Unlawful("promise", said, field)


def item_settled(item: SubItem) -> bool:
    """Whether nothing is left to execute of one sub-item; a recognised sum must be in, or a ground stated."""
    if item.missing:
        return item.unpaid_ground is not None
    if item.closed_at or not item.needs_execution or item.conclusion == Conclusion.REJECT:
        return True
    return item.recognised is not None and item.paid >= item.recognised


def execution_settled(draft: Draft) -> bool:
    """Whether nothing is left to execute: paid in full, reported as executed, nothing to execute, or a tier without it.

    A sum recognised and not paid is never settled without a stated ground, whatever the tier. Where no sum was
    recognised, the sum claimed stands for it; where that is unknown too, any payment does.
    """
    d = draft.d
    if any(not item_settled(s) for s in d.unpaid):
        return False
    if agreed_unpaid(d) and not any(s.unpaid_ground for s in d.sub_items.values()):
        return False
    if draft.tier and not draft.tier.execution:
        return True
    if d.executed or all(item_settled(s) for s in d.sub_items.values()):
        return True
    if d.recognised is not None:
        return d.paid_in_all >= d.recognised
    return d.paid_in_all > Decimal(0) and d.paid_in_all >= d.facts.claimed


def owes_execution(draft: Draft) -> bool:
    """Whether something decided or agreed is still to be carried out; an agreement in default leads elsewhere."""
    d = draft.d
    agreed = d.mediation is not None and not d.mediation.defaulted and agreed_unpaid(d)
    return bool(d.disposed_at or agreed) and not execution_settled(draft)
