"""Who takes a task over where somebody is named for it: of which unit, and who must not."""

from domain.decide.common import handled, is_barred, tasks_of
from domain.declined import Declined
from domain.dispute import Dispute
from domain.draft import Draft
from domain.persons import Doer, same_name
from domain.tasks import TaskKind
from domain.words import UnitName

REOPEN = "reopen_case"


def unit_of(kind: str, d: Dispute, unit: UnitName) -> UnitName:
    """Whose people take over: what is handled again goes to whoever answers for the matter, anything else stays in the unit."""
    return (d.lead or d.center) if kind == REOPEN else unit


def previous(d: Dispute) -> str | None:
    """Who had the matter in hand, to whom it does not go back."""
    return next((t.officer for t in d.tasks.values() if t.kind == TaskKind.HANDLE and t.officer), None)


def is_free(draft: Draft, kind: str, name: str) -> bool:
    """Whether somebody may take over."""
    if kind == REOPEN:
        before = previous(draft.d)
        return not (before and same_name(before, name)) and not handled(draft, Doer(name=name))
    mine = tasks_of(draft)
    return not mine or not is_barred(draft, mine[0], Doer(name=name))


def require_free(draft: Draft, kind: str, name: str) -> None:
    """Raises Declined."""
    if not is_free(draft, kind, name):
        raise Declined("same_officer", f"重新办理不得交回原承办人{name}", "to_officer")
