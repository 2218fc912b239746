"""通知没有送到: a task with its clock for whoever tells the party otherwise (policy: notices)."""

from domain.actions import Act
from domain.actions.notices import ReportUndelivered, TellOtherwise
from domain.decide.common import always, moment_on, only_task
from domain.decide.ending import await_archiving
from domain.decide.registry import handles
from domain.draft import Draft
from domain.notices import WANTS_PAPER
from domain.state import Task
from domain.tasks import TaskKind
from domain.words import UnitName


@handles(ReportUndelivered, always)
def report_undelivered(draft: Draft, act: Act, body: ReportUndelivered) -> None:
    """A letter is the grid worker's to bring; whatever else did not arrive is the hub's to see to."""
    draft.record(body)
    draft.close_tasks(TaskKind.ARCHIVE, outcome="另行告知当事人后再归档", stop=False)
    title = f"另行告知{body.to}：{body.subject}（{body.why}）"
    draft.open_task(TaskKind.TELL_OTHERWISE, _teller(draft, body), title=title)


def _teller(draft: Draft, body: ReportUndelivered) -> UnitName:
    roles = draft.policy.units.roles
    by = draft.policy.notices.letter_by if body.why == WANTS_PAPER else ()
    return next((roles[role] for role in by if role in roles and role != "center"), draft.center)


def _mine(draft: Draft) -> Task:
    return only_task(draft, TaskKind.TELL_OTHERWISE, "没有等待另行告知的通知", "项通知等待另行告知")


def _may_tell(draft: Draft) -> None:
    _mine(draft)


@handles(TellOtherwise, _may_tell)
def tell_otherwise(draft: Draft, act: Act, body: TellOtherwise) -> None:
    """How it was done; the time for it is kept on the day of the telling (信访工作条例第二十三条, 及时告知)."""
    task = _mine(draft)
    draft.record(body, task=task)
    draft.close_task(task, body.way, at=body.told_on and moment_on(draft, body.told_on))
    await_archiving(draft)
