"""The order of the steps, read from a matter's state alone: whose turn it is, what is owed, which clocks run on it.

The workflow asks here what to open and what to wait for, ``decide`` what may be done, ``doctor`` what was left undone.
"""

from domain.deadlines import Deadline
from domain.dispute import Dispute, Task
from domain.events import RequiredStep
from domain.words import DECIDING, MatterKind, Stage, Step

HAS_A_DESK = (
    Step.CONSULT, Step.JOINT_MEETING, Step.CITY, Step.MEDIATE, Step.INVESTIGATE, Step.GUIDE,
)  # fmt: skip
"""Steps that always lie on a desk of their own; a deciding one does where it is not simply the lead's."""

TASKS_OF: dict[Step, tuple[str, ...]] = {
    Step.CITY: ("escalate_city", "city_reply"),
    Step.JOINT_MEETING: ("convene_joint", "minutes"),
    Step.MEDIATE: ("mediate",),
    Step.INVESTIGATE: ("investigate",),
    Step.GUIDE: ("guide", "await_choice"),
    Step.CONSULT: ("convene", "minutes"),
    Step.DISPOSE: ("dispose",),
    Step.ON_THE_SPOT: ("dispose",),
}
"""What waits on a desk while a step is under way, the rarer steps first."""


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
            return "联席会议" in held(d)
        case Step.CITY:
            return d.city_decision is not None
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


def silent(d: Dispute) -> list[Task]:
    """协办 units whose opinion is still awaited: not given, and not late."""
    late = {c.task_id for c in d.open_clocks() if c.rule_id == "opinion" and c.red_fired}
    return [t for t in d.open_tasks("handle", "assist") if t.role == "协办" and t.id not in late]


def awaited(d: Dispute) -> list[str]:
    """The clocks of the opinions still awaited."""
    waiting = {t.id for t in silent(d)}
    return [c.id for c in d.open_clocks() if c.rule_id == "opinion" and c.task_id in waiting]


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
    if task.kind == "convene":
        return not _consulted(d)
    if task.kind == "minutes":
        joint = bool(d.meetings) and d.meetings[-1].form == "联席会议"
        return joint == (step == Step.JOINT_MEETING)
    if task.kind == "dispose":
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
    return d.mediation is not None and not d.mediation.is_open


def _consulted(d: Dispute) -> bool:
    """A consultation held, its work done in another joint way, or every opinion in that is not late."""
    meetings = held(d)
    meets_jointly = any(r.step == Step.JOINT_MEETING for r in d.required)
    if "会商" in meetings or (meetings and not meets_jointly):
        return True
    if _mediated(d) or d.investigated_at or d.legal_papers:
        return True
    return bool(d.co) and not silent(d)
