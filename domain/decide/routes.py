"""Where a matter stands in its tier: its units, the joint meeting, the way back to work, who tells the party."""

from datetime import datetime

from domain import deadlines, flow
from domain import events as ev
from domain.deadlines import Deadline
from domain.decide.common import WORKING_STAGES
from domain.draft import Draft
from domain.policy import Tier
from domain.policy_routes import RouteStep
from domain.tasks import TaskKind
from domain.words import Step, UnitName


def accept(
    draft: Draft,
    tier: Tier,
    route: Tier,
    lead: UnitName,
    co: list[UnitName],
    told: list[UnitName],
    sub_leads: dict[str, UnitName],
) -> None:
    """Record level, route and units; what hangs on the lead or on who tells the party goes with them."""
    before, counted = draft.d.lead, _counted_from(draft, route)
    draft.emit(
        ev.Accepted(
            level=tier.name,
            path=route.path,
            notifier=route.notifier,
            total=route.total,
            counted_from=counted[0],
            counted_by=counted[1],
            route=[s.step for s in route.route],
            required=[
                ev.RequiredStep(step=s.step, own_desk=_own_desk(draft, route, s, lead))
                for s in route.required
            ],
            names={s.step: s.name for s in route.route if s.name},
            lead=lead,
            co=co,
            told=told,
            sub_leads=sub_leads,
        )
    )
    if before and before != lead:
        _pass_on(draft, before, lead)
    for task in draft.d.open_tasks(TaskKind.INFORM):
        if task.unit != draft.notifier():
            draft.close_task(task, "改由他单位告知", stop=False)
            draft.open_task(TaskKind.INFORM, draft.notifier(), title=task.title)


def _counted_from(draft: Draft, route: Tier) -> tuple[datetime | None, str | None]:
    """What the tier's whole-dispute clock counts from, when that is not acceptance."""
    d = draft.d
    match route.total_from:
        case "acceptance":
            return None, None
        case "tier" if d.path == route.path:
            return d.counted_from, d.counted_by
        case "tier":
            return draft.now, draft.action_id
        case "receipt":
            begun = next((t for t in d.tasks.values() if t.kind == TaskKind.TRIAGE), None)
            by = begun.opened_by if d.was_lead and begun else None
            return d.asked_at, by or "intake"


def _own_desk(draft: Draft, route: Tier, step: RouteStep, lead: UnitName) -> bool:
    """Whether a step is put on a desk when its turn comes: not so where the lead's task from the dispatch is the step."""
    if step.step in flow.HAS_A_DESK:
        return True
    owner = lead if step.owner == "lead" else draft.owner(step, route)
    if owner != lead or step == route.required[0]:
        return owner != lead
    return step.clock != route.total or step.step == Step.DIRECT


def _pass_on(draft: Draft, before: UnitName, lead: UnitName) -> None:
    """The new lead takes over what ran in the old one's name; a total clock runs on as it was."""
    step = draft.tier.step(Step.INVESTIGATE) if draft.tier else None
    clocks = {TaskKind.LEGAL_REVIEW: "legal_review", **({TaskKind.INVESTIGATE: step.clock} if step else {})}
    for task in draft.d.open_tasks(*clocks):
        if task.unit == before:
            draft.close_task(task, "改由新主办单位办理", stop=False)
            draft.open_task(task.kind, lead, clocks[task.kind])
    for clock in list(draft.d.open_clocks()):
        if clock.task_id is None and clock.owner == before:
            moved = clock.model_copy(update={"owner": lead})
            draft.emit(ev.ClockChanged(change="reassigned", deadline=moved))


def organiser(draft: Draft) -> UnitName:
    """Who brings the units together and reports upwards: the matter's 综治中心 unless its tier names another role."""
    tier = draft.tier
    return draft.d.center if tier is None or tier.organiser == "center" else draft.role(tier.organiser)


def joint_meeting_office(draft: Draft) -> UnitName:
    """Who holds the joint meeting: the step's owner in the matter's route, else in the lowest tier that has one."""
    found = draft.policy.step(Step.JOINT_MEETING, draft.d.path)
    return draft.owner(found[1], found[0]) if found else draft.role("joint_office")


def ask_for_joint_meeting(draft: Draft, because_of: Deadline | None = None) -> None:
    """提请联席会议, once for as long as the request stands; ``because_of``: the late clock that brought it about."""
    found = draft.policy.step(Step.JOINT_MEETING, draft.d.path)
    called = any(t.ref == "联席会议" for t in draft.d.open_tasks(TaskKind.MINUTES))
    if found is None or called or draft.d.open_tasks(TaskKind.CONVENE_JOINT):
        return
    office = joint_meeting_office(draft)
    if draft.policy.joint_approval is None:
        draft.document("联席会议提请单", issuer=office)
    draft.open_task(TaskKind.CONVENE_JOINT, office, found[1].clock, ref=because_of.id if because_of else None)


def step_above(draft: Draft) -> RouteStep | None:
    """The step in which somebody above is to be asked next: the one on a desk, else the first not answered yet."""
    steps = draft.tier.above if draft.tier else ()
    asked = {t.ref for t in draft.d.open_tasks(TaskKind.REPORT_UP)}
    fitting = [s for s in steps if s.step in asked]
    fitting += [s for s in steps if s.step not in draft.d.answered_above]
    return next(iter([*fitting, *steps]), None)


def asked_above(draft: Draft, step: RouteStep, times: int) -> UnitName:
    """Who is asked in a step for the ``times``-th time after the first: its owner, then one further up each time."""
    owners = [draft.owner(step), *(draft.role(role) for role in step.upward)]
    return owners[min(times, len(owners) - 1)]


def ask_to_report_up(draft: Draft, unit: UnitName, step: RouteStep | None = None) -> None:
    """Put on a unit's desk that the matter is to be reported to the unit above, under the county's name for it."""
    step = step or step_above(draft)
    if step is None or draft.d.open_tasks(TaskKind.REPLY_FROM_ABOVE):
        return
    title = step.name or draft.policy.clock("report_up").name
    draft.once(TaskKind.REPORT_UP, unit, title=title, ref=step.step)


def back_to_work(draft: Draft) -> None:
    """Return from a joint meeting or the city to the stage the matter was in."""
    before = draft.d.resume_stage
    if before is not None and before in WORKING_STAGES:
        draft.enter(before)


def postpone_escalations(draft: Draft) -> None:
    """A supervision is given its time before an overdue clock goes to the joint meeting."""
    grace = draft.policy.escalation_after_supervision_wd
    for clock in list(draft.d.open_clocks()):
        if clock.overdue_at(draft.now):
            later = deadlines.postpone_escalation(clock, draft.now, draft.policy.calendar, grace)
            if later != clock:
                draft.emit(ev.ClockChanged(change="postponed", deadline=later))
