"""What follows where units disagree: the party is not told, the units come together, whoever decided confirms or replaces."""

from domain.actions import Act
from domain.actions.disposal import OVERRULED, UpholdDisposition
from domain.decide.common import own_claims, require_accepted, require_claims
from domain.decide.registry import handles
from domain.declined import Declined
from domain.dissent import decider, disputed, studied
from domain.draft import Draft
from domain.meanings import concluding as m
from domain.tasks import INQUIRY, TaskKind


def require_agreed(draft: Draft) -> None:
    """Refuse to tell the party what units still disagree about."""
    numbers = disputed(draft.d)
    if not numbers:
        return
    if all(studied(draft.d, no) for no in numbers):
        units = "、".join(_deciders(draft))
        raise Declined("objection", f"会议研究异议后，{units}须先确认或更替处置意见，才能告知当事人")
    raise Declined("objection", "部门对处置意见有异议，须先会商研究或重新出具意见")


def hold_dissent(draft: Draft) -> None:
    """Contrary written conclusions never reach the party: the units come together first (the plan, 三（六）)."""
    numbers = disputed(draft.d)
    if not numbers:
        return
    if not all(studied(draft.d, no) for no in numbers):
        draft.once(TaskKind.OBJECTION, draft.d.center, title="部门意见不一致，会商研究", ref="部门")


def settle_dissent(draft: Draft) -> None:
    """A sitting, a confirmation or a new decision: who must confirm is asked to; where none must, the party is told."""
    waiting = _deciders(draft)
    for task in draft.d.open_tasks(TaskKind.RECONSIDER):
        if task.unit not in waiting:
            draft.close_task(task, "已确认或更替")
    asked = {t.unit for t in draft.d.open_tasks(TaskKind.RECONSIDER)}
    for unit in [u for u in waiting if u not in asked]:
        draft.open_task(TaskKind.RECONSIDER, unit)
    studies = any(t.ref == INQUIRY for t in draft.d.open_tasks(TaskKind.OBJECTION))
    if draft.d.disposed_at and not draft.d.informed_at and not disputed(draft.d):
        for task in draft.d.open_tasks(TaskKind.OBJECTION):
            if task.ref == "部门":
                draft.close_task(task, "已无分歧")
    if draft.d.disposed_at and not draft.d.informed_at and not disputed(draft.d) and not studies:
        draft.once(TaskKind.INFORM, draft.notifier())


def _deciders(draft: Draft) -> list[str]:
    """Who must confirm or replace a decision that a sitting has studied."""
    numbers = [no for no in disputed(draft.d) if studied(draft.d, no)]
    return [*dict.fromkeys(unit for no in numbers if (unit := decider(draft.d, no)))]


def _may_uphold(draft: Draft) -> None:
    require_accepted(draft)
    upholdable(draft)


def upholdable(draft: Draft) -> list[str]:
    """The acting unit's own claims whose decision it may confirm."""
    own = {s.no for s in own_claims(draft)}
    numbers = [no for no in disputed(draft.d) if no in own]
    if not numbers:
        raise Declined("nothing_to_uphold", "本单位的处置意见没有异议，无须确认")
    ready = [no for no in numbers if studied(draft.d, no)]
    if not ready:
        raise Declined("not_studied", "异议尚未会商研究，不能维持原处置意见；可以更替处置意见")
    return ready


@handles(UpholdDisposition, _may_uphold)
def uphold_disposition(draft: Draft, act: Act, body: UpholdDisposition) -> None:
    """维持处置意见: only where the sitting did not come to another conclusion."""
    require_claims(draft, *body.claims, field="claims")
    if other := [no for no in body.claims if no not in upholdable(draft)]:
        raise Declined("nothing_to_uphold", f"子项 {'、'.join(other)} 没有待本单位确认的处置意见", "claims")
    if body.minutes == OVERRULED:
        raise Declined("overruled", "会议议定的意见与原处置意见不一致，不能维持，请更替处置意见", "minutes")
    draft.record(body, m.DispositionUpheld(claims=body.claims))
    settle_dissent(draft)
