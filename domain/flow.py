"""The order of the steps, read from a matter's state alone: whose turn it is, what is owed, which clocks run on it.

The workflow asks here what to open and what to wait for, ``decide`` what may be done, ``doctor`` what was left undone.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from domain.actions import Act
from domain.deadlines import Alarm, Deadline
from domain.dispute import Dispute
from domain.events import RequiredStep
from domain.state import Task
from domain.tasks import TaskKind
from domain.words import ABOVE, DECIDING, SHANGHAI, MatterKind, Stage, Step


class Phase(StrEnum):
    """Where a matter stands in the order of the plan's annex, which is the same for every tier."""

    CHECK_LEAD = "线索核查"
    REVIEW = "初审"
    ROUTE = "联合调处"
    INFORM = "结果告知"
    EXECUTE = "后续执行"
    CALL_BACK = "回访"
    CLOSE = "结案归档"


HAS_A_DESK = (
    Step.CONSULT, Step.JOINT_MEETING, *ABOVE, Step.MEDIATE, Step.INVESTIGATE, Step.GUIDE,
)  # fmt: skip
"""Steps that always lie on a desk of their own; a deciding one does where it is not simply the lead's."""

TASKS_OF: dict[Step, tuple[TaskKind, ...]] = {
    **dict.fromkeys(ABOVE, (TaskKind.REPORT_UP, TaskKind.REPLY_FROM_ABOVE)),
    Step.JOINT_MEETING: (TaskKind.CONVENE_JOINT, TaskKind.ANSWER_JOINT, TaskKind.MINUTES),
    Step.MEDIATE: (TaskKind.MEDIATE,),
    Step.INVESTIGATE: (TaskKind.INVESTIGATE, TaskKind.FINDINGS),
    Step.GUIDE: (TaskKind.GUIDE, TaskKind.AWAIT_CHOICE),
    Step.CONSULT: (TaskKind.CONVENE, TaskKind.MINUTES),
    Step.DISPOSE: (TaskKind.DISPOSE,),
    Step.ON_THE_SPOT: (TaskKind.DISPOSE,),
}
"""What waits on a desk while a step is under way, the rarer steps first."""


def phase(d: Dispute) -> Phase:
    """The part of the annex that a matter is in; it may come back to an earlier one (改级, 重新办理)."""
    if d.closed_at or d.refused_at or d.transferred_at or d.withdrawn_at or d.merged_into:
        return Phase.CLOSE
    if d.kind == MatterKind.LEAD:
        return Phase.CHECK_LEAD
    if not d.accepted_at:
        return Phase.REVIEW
    if due_step(d):
        return Phase.ROUTE
    if not d.informed_at or d.rehandle_open:
        return Phase.INFORM
    if d.open_tasks(TaskKind.CLOSE):
        return Phase.CLOSE
    return Phase.EXECUTE if d.open_tasks(TaskKind.EXECUTE) and not d.calls else Phase.CALL_BACK


def due_step(d: Dispute) -> Step | None:
    """The required step whose turn it is; ``None`` before acceptance and once the route is walked or left."""
    ended = d.informed_at or d.closed_at or d.withdrawn_at or d.refused_at or d.merged_into
    if d.kind == MatterKind.LEAD or not d.accepted_at or ended:
        return None
    return next((r.step for r in _to_come(d) if not done(d, r.step)), None)


def current_step(d: Dispute) -> Step | None:
    """Where the matter stands in its route. A step that somebody began comes first: 调解 inside 处置 is seen as 调解."""
    due = due_step(d)
    return due and next((s for s in TASKS_OF if s != due and _begun(d, s)), due)


def owed(d: Dispute) -> Step | None:
    """The step that is due, has a desk of its own, and was not put there: the flow opens it."""
    due = due_step(d)
    desk = any(r.step == due and r.own_desk for r in d.required)
    return due if desk and d.step != due and not d.suspended_at else None


def done(d: Dispute, step: Step) -> bool:
    """Whether a step has been taken."""
    match step:
        case Step.CONSULT:
            return _consulted(d)
        case Step.JOINT_MEETING:
            return "联席会议" in held(d) or _consulted_instead(d)
        case Step.CITY | Step.REPORT_UP | Step.SPECIAL_CASE:
            return step in d.answered_above
        case Step.MEDIATE:
            return _mediated(d)
        case Step.INVESTIGATE:
            return d.investigated_at is not None
        case Step.GUIDE:
            return d.guided_at is not None
        case Step.DIRECT:
            return d.disposed_at is not None or _handled_first(d)
        case _:
            return d.disposed_at is not None


def held(d: Dispute) -> set[str]:
    """The forms of the meetings whose minutes are out."""
    return {m.form for m in d.meetings if m.minutes_at}


def _consulted_instead(d: Dispute) -> bool:
    """Whether the joint meeting last asked for was turned down, and the units have consulted instead."""
    refused = d.proposal.answered_at if d.proposal and d.proposal.answer == "refused" else None
    asked = [t.opened_at for t in d.tasks.values() if t.kind == TaskKind.CONVENE_JOINT]
    changed = [o.at for o in d.overrides if o.approved]
    if refused is None or any(at > refused for at in (*asked, *changed)):
        return False
    met = (m.minutes_at for m in d.meetings if m.form == "会商")
    return Step.CONSULT not in d.route or any(at is not None and at > refused for at in met)


def silent(d: Dispute) -> list[Task]:
    """协办 units whose opinion is still awaited: not given in writing nor at a sitting, and not late."""
    late = {c.task_id for c in d.open_clocks() if c.rule_id == "opinion" and c.red_fired}
    said = {u for m in d.meetings if m.minutes_at for u in m.heard} | {o.unit for o in d.opinions}
    asked = (t for t in d.open_tasks(TaskKind.HANDLE, TaskKind.ASSIST) if t.role == "协办")
    return [t for t in asked if t.id not in late and t.unit not in said]


def awaited(d: Dispute) -> list[str]:
    """The clocks of the opinions still awaited."""
    waiting = {t.id for t in silent(d)}
    return [c.id for c in d.open_clocks() if c.rule_id == "opinion" and c.task_id in waiting]


def clocks_on(d: Dispute, *kinds: TaskKind) -> list[str]:
    """The clocks that run on open tasks of these kinds (of all kinds when none is named)."""
    tasks = {t.id for t in d.open_tasks(*kinds)}
    return [c.id for c in d.open_clocks() if c.task_id in tasks]


def clocks_of(d: Dispute, step: Step) -> list[str]:
    """The clocks that run on what lies on a desk for this step."""
    return [c.id for c in d.open_clocks() if _serves(d, c, step)]


def _serves(d: Dispute, clock: Deadline, step: Step) -> bool:
    task = d.tasks.get(clock.task_id or "")
    return task is not None and task.kind in TASKS_OF.get(step, ()) and _is_of(d, task, step)


def _begun(d: Dispute, step: Step) -> bool:
    return any(_is_of(d, task, step) for task in d.open_tasks(*TASKS_OF[step]))


def _is_of(d: Dispute, task: Task, step: Step) -> bool:
    """Whether a task serves this very step: minutes are those of the meeting last convened.

    A consultation held in writing needs no meeting, though one may still be convened.
    """
    if task.kind == TaskKind.CONVENE:
        return not _consulted(d)
    if task.kind == TaskKind.MINUTES:
        return (task.ref == "联席会议") == (step == Step.JOINT_MEETING)
    if task.kind == TaskKind.REPORT_UP:
        return task.ref == step
    if task.kind == TaskKind.REPLY_FROM_ABOVE:
        return d.above == step
    if task.kind == TaskKind.DISPOSE:
        return step == next((s for s in d.route if s in DECIDING), None)
    return True


def _to_come(d: Dispute) -> list[RequiredStep]:
    """The required steps; of a matter already decided those that follow the decision."""
    decided = deciding_step(d)
    if not d.disposed_at or decided is None:
        return d.required
    after = d.route[d.route.index(decided) + 1 :]
    return [r for r in d.required if r.step in after]


def deciding_step(d: Dispute) -> Step | None:
    """The step of the route that decides the matter, if any."""
    return next((s for s in (*DECIDING, Step.DIRECT) if s in d.route), None)


def _handled_first(d: Dispute) -> bool:
    """直接办理 before a step that decides ends of itself: the decision is what its work comes to."""
    entered = any(v.stage == Stage.DIRECT for v in d.route_taken)
    return entered and any(r.step in DECIDING for r in d.required)


def _mediated(d: Dispute) -> bool:
    """Whether mediation came to its end, or a side did not want it."""
    if d.mediation is None:
        return d.mediation_declined_at is not None
    return not d.mediation.is_open


def _consulted(d: Dispute) -> bool:
    """Whether every unit asked has been heard, at a table or in writing, or is late; there is no table with one unit.

    An agreement of the parties or a ruling in force leaves nothing to consult about.
    """
    if (d.mediation and d.mediation.agreed_at) or any(p.in_force for p in d.legal_papers):
        return True
    return (bool(d.co) or _sat_together(d)) and not silent(d)


def _sat_together(d: Dispute) -> bool:
    """Whether the lead has sat with somebody else; a joint meeting counts where it is no step of its own."""
    meets_jointly = any(r.step == Step.JOINT_MEETING for r in d.required)
    sat = (m for m in d.meetings if m.minutes_at and (m.form == "会商" or not meets_jointly))
    return any(set(m.heard) - {d.lead} for m in sat)


class Closed(NamedTuple):
    """Why something can never be done any more."""

    code: str
    message: str
    field: str | None = None


def closed_for_good(d: Dispute, act: Act) -> Closed | None:
    """What no later event can make possible again: an archived matter, a task that another action has closed."""
    if d.merged_into:
        return Closed("merged", f"本案已{d.outcome_text}，请在该案办理")
    if d.is_over:
        return Closed("archived", "案件已归档，不能再办理；新的情况请另行登记并关联")
    task = d.tasks.get(act.task or "")
    if task and not task.is_open and task.closed_by != act.id:
        return Closed("task_closed", f"任务 {task.id}（{task.title}）已办结，不能重复办理", "task")
    return None


class Rung(NamedTuple):
    """What a timer waits for: the next rung of a clock, and whose."""

    at: datetime
    words: str
    """县医保局 会商意见 红牌."""

    def __str__(self) -> str:
        return f"{self.words} {self.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def rung_of(d: Dispute, clock_id: str) -> Rung | None:
    """The next rung of one clock; ``None`` when it has ended, stands still, or has none left."""
    clock = d.clocks[clock_id]
    alarm = clock.next_alarm()
    return alarm and Rung(alarm.at, f"{clock.owner} {d.say(f'{clock.name} {alarm.kind}')}")


def next_rung(d: Dispute, *, but: Collection[str] = ()) -> Rung | None:
    """The next rung of any clock but these, or the next look at the risk."""
    found = [due for c in d.open_clocks() if c.id not in but and (due := rung_of(d, c.id))]
    if d.recheck_at:
        found.append(Rung(d.recheck_at, f"{d.center} {d.recheck_node or ''}{d.say('风险复核')}"))
    return min(found, default=None) if not d.is_over else None


def rungs_due(d: Dispute, moment: datetime) -> list[tuple[Deadline, Alarm]]:
    """Every rung that a timer acts on at this moment, in their order."""
    due = [(c, a) for c in d.open_clocks() for a in c.alarms_due(moment)]
    return sorted(due, key=lambda pair: pair[1].at)
