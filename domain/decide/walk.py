"""What a route allows: its required steps in order, the others when an officer starts them, none that it does not name."""

from domain import flow
from domain.declined import Declined
from domain.draft import Draft
from domain.policy import Tier
from domain.policy_routes import RouteStep
from domain.tasks import TaskKind
from domain.words import DECIDING, Step


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
        raise Declined(
            "not_in_route", f"“{tier.path}”的办理步骤中没有{step.word}，不能办理；确有需要的，请先改级"
        )
    if mine.required and not flow.done(draft.d, step):
        require_done(draft, before(tier, mine), f"不能进行{mine.word}")


def require_decidable(draft: Draft) -> None:
    """Refuse a disposition where the route has none, or before what must come first."""
    tier = draft.tier
    if tier is None or (draft.d.disposed_at and not draft.d.rehandle_open):
        return
    step = deciding_step(tier)
    if step is not None:
        require_done(draft, before(tier, step), "不能出具处置意见")
    elif not any(p.in_force for p in draft.d.legal_papers):
        raise Declined(
            "not_in_route", f"“{tier.path}”的办理步骤中没有处置意见，请完成{tier.required[-1].word}"
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
        if flow.done(draft.d, step.step):
            continue
        if step.step == Step.CONSULT:
            raise Declined("not_consulted", f"会商尚未完成{_awaited(draft)}")
        if step.step == Step.JOINT_MEETING:
            raise Declined("no_joint_meeting", f"联席会议尚未形成纪要，{what}")
        if not draft.d.legal_papers:
            raise Declined("step_missing", f"{step.word}尚未完成，{what}")


def _awaited(draft: Draft) -> str:
    waiting = [t.unit for t in flow.silent(draft.d)]
    return f"，等待意见的单位：{'、'.join(waiting)}" if waiting else "，请先召集主办以外的单位会商"


_TASKS = {
    Step.CONSULT: (TaskKind.CONVENE,), Step.INVESTIGATE: (TaskKind.INVESTIGATE, TaskKind.FINDINGS),
    Step.GUIDE: (TaskKind.GUIDE,), Step.MEDIATE: (TaskKind.MEDIATE,),
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
    for task in draft.d.open_tasks(TaskKind.REPORT_UP):
        if not any(task.ref == s.step for s in tier.above):
            draft.close_task(task, "改按其他方式办理", stop=False)
    draft.close_tasks(TaskKind.DISPOSE, outcome="改按其他方式办理", stop=False)
    for clock in draft.clocks(*_handling_clocks(before)):
        draft.lapse_clock(clock)


def stop_handling(draft: Draft) -> None:
    """The matter is decided: the clocks of the steps that led to it have been kept or not."""
    if draft.tier:
        draft.stop_clocks(*_handling_clocks(draft.tier))


def _handling_clocks(tier: Tier) -> list[str]:
    """The clocks that run on the lead's own task beside the total clock."""
    own = (s.clock for s in tier.route if s.step in (Step.DIRECT, *DECIDING))
    return [clock for clock in own if clock != tier.total]
