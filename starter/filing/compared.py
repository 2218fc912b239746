"""A judged export beside the ledger: tickets that are registered already, and rows that look like a matter of another number."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from activities.names import dispute_id
from domain.dispute import Dispute
from importing.changed import is_changeable
from importing.intakes import IntakeMaker
from importing.judged import DuplicateKind, Judged, Outcome, Registered
from ledger.imports import Row
from ledger.lookup import Alike
from ledger.store import Ledger
from starter.filing.batch import Filing, is_same

Sees = Callable[[Dispute], bool]
"""Whether whoever goes over the rows may know of a matter."""


class Compared(NamedTuple):
    """A row with what the ledger knows. ``known``: what its ticket is registered as; ``mixed_up``: as something else;
    ``others``: matters of the same person that are like it in part, in words.
    """

    judged: Judged
    known: str | None
    mixed_up: bool
    others: list[str]

    def told(self) -> dict[str, Any]:
        """The same, for the row's line; what does not apply is left out."""
        found = {"known": self.known, "mixed_up": self.mixed_up, "others": self.others}
        return {key: value for key, value in found.items() if value}


def compared(rows: list[Judged], maker: IntakeMaker, ledger: Ledger, sees: Sees) -> Iterator[Compared]:
    """Every row in its order. Raises LedgerUnavailable."""
    made = {
        judged.ref: maker.make(judged)
        for judged in rows
        if judged.outcome is not Outcome.ROW_ERROR and is_changeable(judged)
    }
    matters = {ref: dispute_id(intake.channel, intake.source_no) for ref, intake in made.items()}
    known = ledger.states(list(matters.values()))
    new = [(made[ref], matter) for ref, matter in matters.items() if matter not in known]
    alike = dict(zip((matter for _, matter in new), ledger.alike_each(new), strict=True))
    for judged in rows:
        matter = matters.get(judged.ref, "") if is_changeable(judged) else ""
        if there := known.get(matter):
            mixed_up = not is_same(there, made[judged.ref])
            yield Compared(judged, there.case_no, mixed_up, [])
        else:
            yield _beside(judged, [one for one in alike.get(matter, []) if sees(one.d)])


def _beside(judged: Judged, alike: list[Alike]) -> Compared:
    whole = next((one for one in alike if one.likeness.whole), None)
    if whole and judged.outcome in (Outcome.ACCEPT, Outcome.NEEDS_SUPPLEMENT):
        judged = again(judged, Registered(whole.d.case_no, tuple(whole.likeness.basis)))
        alike = [one for one in alike if one is not whole]
    return Compared(judged, None, mixed_up=False, others=[
        f"{one.d.case_no}（{'、'.join(one.likeness.basis)}）" for one in alike
    ])  # fmt: skip


def again(judged: Judged, registered: Registered) -> Judged:
    """The row as one that tells of a registered matter again."""
    return replace(judged, outcome=Outcome.DUPLICATE, registered=registered)


def registered_in(told: Mapping[str, Any]) -> Registered | None:
    """The matter that a row was found to tell of again, as it was shown."""
    known = told.get("duplicate_of", {})
    return Registered(known["case_no"], tuple(known["basis"])) if "case_no" in known else None


def will(row: Row) -> Filing:
    """What would be done with a row as it is decided now."""
    if row.outcome == Outcome.ROW_ERROR or row.told.get("mixed_up"):
        return Filing.RETURNED
    if row.told.get("known"):
        return Filing.KNOWN
    if row.told.get("duplicate_of", {}).get("kind") == DuplicateKind.SAME_TICKET:
        return Filing.SAME_TICKET
    return Filing.RETURNED if (row.change or {}).get("how") == "send_back" else Filing.NEW
