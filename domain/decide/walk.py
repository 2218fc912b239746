"""The route walked: its required steps in order, the others when an officer starts them, none that it does not name."""

from domain.decide.common import dispatched
from domain.decide.routes import organiser, propose_joint_meeting
from domain.draft import Draft, Refusal
from domain.policy import Tier
from domain.policy_rules import RouteStep
from domain.words import Stage, Step

DECIDING = (Step.ON_THE_SPOT, Step.DISPOSE)
"""Steps that decide the matter; a route without one ends with 直接办理 or with guidance."""


def deciding_step(tier: Tier) -> RouteStep | None:
    """The step of a route that decides the matter, if any."""
    return next((s for s in tier.route if s.step in DECIDING), None) or tier.step(Step.DIRECT)


def require_step(draft: Draft, step: Step) -> None:
    """Refuse a step that the route does not name, or a required one whose turn has not come."""
    tier = draft.tier
    if tier is None:
        return
    mine = tier.step(step)
    if mine is None:
        raise Refusal(
            "not_in_route", f"“{tier.path}”的办理步骤中没有{step.word}，不能办理；确有需要的，请先改级"
        )
    if mine.required and not done(draft, step):
        require_done(draft, before(tier, mine), f"不能进行{step.word}")


def require_decidable(draft: Draft) -> None:
    """Refuse a disposition where the route has none, or before what must come first."""
    tier = draft.tier
    if tier is None or (draft.d.disposed_at and not draft.d.rehandle_open):
        return
    step = deciding_step(tier)
    if step is not None:
        require_done(draft, before(tier, step), "不能出具处置意见")
    elif not any(p.body.effective for p in draft.d.legal_papers):
        raise Refusal(
            "not_in_route", f"“{tier.path}”的办理步骤中没有处置意见，请完成{tier.required[-1].step.word}"
        )


def require_route_ended(draft: Draft) -> None:
    """Refuse to tell the result while a required step after the disposition is still to come."""
    tier = draft.tier
    step = deciding_step(tier) if tier else None
    if tier and step and draft.d.disposed_at:
        after = tier.route[tier.route.index(step) + 1 :]
        require_done(draft, [s for s in after if s.required], "不能告知结果")


def before(tier: Tier, step: RouteStep) -> list[RouteStep]:
    """The required steps that come before this one; 直接办理 needs no end of its own."""
    earlier = tier.route[: tier.route.index(step)]
    return [s for s in earlier if s.required and s.step != Step.DIRECT]


def require_done(draft: Draft, steps: list[RouteStep], what: str) -> None:
    """Refuse, naming the first of these steps that is still to come."""
    for step in steps:
        if done(draft, step.step):
            continue
        if step.step == Step.CONSULT:
            raise Refusal("not_consulted", f"会商尚未完成{_awaited(draft)}")
        if step.step == Step.JOINT_MEETING:
            raise Refusal("no_joint_meeting", f"联席会议尚未形成纪要，{what}")
        if not draft.d.legal_papers:
            raise Refusal("step_missing", f"{step.step.word}尚未完成，{what}")


def _awaited(draft: Draft) -> str:
    waiting = _silent(draft)
    return f"，等待意见的单位：{'、'.join(waiting)}" if waiting else "，请先召开会商"


def _silent(draft: Draft) -> list[str]:
    """Units whose opinion is still awaited and not yet late."""
    late = {c.task_id for c in draft.clocks("opinion") if c.red_fired or c.overdue_at(draft.now)}
    return [t.unit for t in dispatched(draft, "协办") if t.id not in late]


def done(draft: Draft, step: Step) -> bool:
    """Whether a step of the route has been taken."""
    d = draft.d
    match step:
        case Step.CONSULT:
            return _consulted(draft)
        case Step.JOINT_MEETING:
            return "联席会议" in _held(draft)
        case Step.CITY:
            return d.city_decision is not None
        case Step.MEDIATE:
            return d.mediation is not None and not d.mediation.is_open
        case Step.INVESTIGATE:
            return d.investigated_at is not None
        case Step.GUIDE:
            return d.guided_at is not None
        case _:
            return d.disposed_at is not None


def _held(draft: Draft) -> set[str]:
    return {m.form for m in draft.d.meetings if m.minutes_at}


def _consulted(draft: Draft) -> bool:
    """A consultation held, its work done in another joint way, or every opinion in that is not late."""
    d, held = draft.d, _held(draft)
    meets_jointly = draft.tier is not None and any(s.step == Step.JOINT_MEETING for s in draft.tier.required)
    if "会商" in held or (held and not meets_jointly):
        return True
    mediated = d.mediation is not None and not d.mediation.is_open
    if mediated or d.investigated_at or d.legal_papers:
        return True
    return bool(d.co) and not _silent(draft)


def open_route(draft: Draft, tier: Tier) -> None:
    """Open the first step of a route; the rest follows from what the officers do."""
    _open(draft, tier, tier.required[0])


_TASKS = {
    Step.CONSULT: ("convene",), Step.CITY: ("escalate_city",), Step.INVESTIGATE: ("investigate",),
    Step.GUIDE: ("guide",), Step.MEDIATE: ("mediate",),
}  # fmt: skip
"""What waits on a desk for a step to be taken."""


def leave_route(draft: Draft, before: Tier) -> None:
    """Another route is in force: nobody is asked any more for a step it does not have; what has begun comes to its end."""
    tier = draft.tier
    if tier is None:
        return
    mediates = draft.d.mediation is not None and draft.d.mediation.is_open
    for step, kinds in _TASKS.items():
        if not tier.has(step) and not (step == Step.MEDIATE and mediates):
            draft.close_tasks(*kinds, outcome="改按其他方式办理", stop=False)
    draft.close_tasks("dispose", outcome="改按其他方式办理", stop=False)
    for clock in draft.clocks(*_handling_clocks(before)):
        draft.lapse_clock(clock)


def go_on(draft: Draft) -> None:
    """When a step may have ended: open the next required one, unless it is under way."""
    d, tier = draft.d, draft.tier
    if tier is None or d.informed_at or d.closed_at or d.withdrawn_at or d.suspended_at:
        return
    visited = {v.stage for v in d.route_taken}
    for step in tier.required:
        if done(draft, step.step) or (step.step == Step.DIRECT and Stage.DIRECT in visited):
            continue
        if step.step not in (Step.CONSULT, *DECIDING):
            draft.close_tasks("convene", outcome="已书面会商")
        _open(draft, tier, step)
        return


def _open(draft: Draft, tier: Tier, step: RouteStep) -> None:
    """Put a step on its owner's desk with its clock."""
    unit = draft.owner(step, tier)
    match step.step:
        case Step.CONSULT:
            draft.enter(Stage.CONSULT)
            if not draft.d.open_tasks("minutes"):
                draft.once("convene", "组织会商", unit, step.clock)
        case Step.JOINT_MEETING:
            if not draft.d.open_tasks("minutes"):
                propose_joint_meeting(draft)
            draft.enter(Stage.JOINT_MEETING)
        case Step.CITY:
            if not draft.d.open_tasks("city_reply"):
                draft.once(
                    "escalate_city", draft.policy.clock("report_up").name, organiser(draft), "report_up"
                )
            draft.enter(Stage.CITY)
        case Step.MEDIATE:
            draft.enter(Stage.MEDIATION)
            draft.once("mediate", "调解", unit, step.clock)
        case Step.INVESTIGATE:
            draft.enter(Stage.INVESTIGATION)
            draft.once("investigate", "调查核实", unit, step.clock)
        case Step.GUIDE:
            draft.once("guide", "仲裁、诉讼指引", unit, step.clock)
        case _:
            _open_handling(draft, tier, step)


def _open_handling(draft: Draft, tier: Tier, step: RouteStep) -> None:
    """直接办理, 当场办结, 处置意见: the lead's own task goes on; the step's clock runs on it beside the total clock."""
    unit = draft.owner(step, tier)
    if step.step != Step.DISPOSE or draft.d.stage == Stage.TRIAGED:
        draft.enter(Stage.DIRECT)
    task = next((t for t in draft.d.open_tasks("handle", "dispose") if t.unit == unit), None)
    if task is None and unit != draft.d.lead:
        draft.open_task("dispose", f"出具{Step.DISPOSE.word}", unit, step.clock)
    elif task and step.clock != tier.total and not draft.clocks(step.clock):
        draft.start_clock(step.clock, unit, task_id=task.id)
    if step.step == Step.DIRECT and deciding_step(tier) != step:
        go_on(draft)


def stop_handling(draft: Draft) -> None:
    """The matter is decided: the clocks of the steps that led to it have been kept or not."""
    if draft.tier:
        draft.stop_clocks(*_handling_clocks(draft.tier))


def _handling_clocks(tier: Tier) -> list[str]:
    """The clocks that run on the lead's own task beside the total clock."""
    own = (s.clock for s in tier.route if s.step in (Step.DIRECT, *DECIDING))
    return [clock for clock in own if clock != tier.total]
