"""What comes next for whoever a matter is about, by the stage at which it stands: said on the receipt, to the party itself."""

from datetime import datetime

from api.lookup import MERGED
from console import words
from domain.dispute import Dispute
from domain.due import duties
from domain.tasks import TaskKind
from domain.words import Stage

_IN_HAND = "已经受理，现在由{unit}办理{until}。办好了，会书面或者打电话告诉您结果。"
_TOLD = "办理结果已经告诉您，现在由{unit}落实{callback}。"
_CLOSED = "这一件已经办结。对办理结果有疑问的，请问{unit}。"
NEXT = {
    Stage.REVIEW: "登记后先初审。受理、不受理或者要补材料，都会书面或者打电话告诉您。",
    Stage.SUPPLEMENT: "正在等您补材料，请在告诉您的日期以前交来。补齐以后接着初审，受理不受理都会书面或者打电话告诉您。",
    Stage.ACCEPTED: _IN_HAND, Stage.TRIAGED: _IN_HAND, Stage.DIRECT: _IN_HAND, Stage.CONSULT: _IN_HAND,
    Stage.JOINT_MEETING: _IN_HAND, Stage.CITY: _IN_HAND, Stage.MEDIATION: _IN_HAND, Stage.INVESTIGATION: _IN_HAND,
    Stage.DISPOSED: _IN_HAND, Stage.REPORTED_UP: _IN_HAND, Stage.SPECIAL_CASE: _IN_HAND,
    Stage.GUIDANCE: "已告诉您可以走的法律途径。选哪一条、走到哪一步，请告诉{unit}。",
    Stage.SUSPENDED: "正在等法律程序的结果，有了结果请告诉{unit}，由它接着办理。",
    Stage.INFORMED: _TOLD, Stage.EXECUTION: _TOLD,
    Stage.CALLBACK: "办理结果已经告诉您{callback}。",
    Stage.REHANDLE: "正在重新办理，现在由{unit}办理{until}。办好了，会再告诉您结果。",
    Stage.CLOSED: _CLOSED, Stage.ARCHIVED: _CLOSED,
    Stage.REFUSED: "这一件没有受理，原因和可以走的途径都写在告知书里。有疑问的，请问{unit}。",
    Stage.TRANSFERRED: "这一件已移送有权处理的单位，由它办理和答复。有疑问的，请问{unit}。",
    Stage.MERGED: f"这一件{MERGED}。",
    Stage.WITHDRAWN: "这一件已经撤回，不再办理。有疑问的，请问{unit}。",
    Stage.LEAD: "作为线索核查，现在由{unit}核查。",
}  # fmt: skip
_ENDS = (Stage.CLOSED, Stage.ARCHIVED)
_OTHERWISE = (Stage.TRANSFERRED, Stage.MERGED, Stage.WITHDRAWN)
"""Ways to end of which more is to be said than that it has ended."""


def answer_due(d: Dispute) -> datetime | None:
    """When the law wants the party answered at the latest."""
    statutory = (clock for clock in duties(d.open_clocks()) if clock.kind == "statutory")
    return next((clock.due_at for clock in statutory), None)


def comes_next(d: Dispute) -> str:
    """What the party may expect now."""
    due = answer_due(d)
    called = next((task.unit for task in d.open_tasks(TaskKind.CALLBACK)), None)
    return NEXT[_stands(d)].format(
        unit=d.lead or d.center,
        until=f"，依法最迟 {words.said_day(due)}答复您" if due else "",
        callback=f"，{called}会回访您，问办得怎么样" if called else "",
    )


def _stands(d: Dispute) -> Stage:
    """Its stage; of one that has ended, the way it ended by. Whoever is refused is shown the way, wherever it was sent."""
    stage = d.stage or Stage.REVIEW
    if d.refused_at and stage in (*_ENDS, Stage.TRANSFERRED):
        return Stage.REFUSED
    before = [visit.stage for visit in d.route_taken if visit.stage not in _ENDS]
    return before[-1] if stage in _ENDS and before and before[-1] in _OTHERWISE else stage
