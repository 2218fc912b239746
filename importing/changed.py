"""What an officer makes of a judged row before it is registered: as judged, as a dispute of this kind, or sent back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Literal

from pydantic import Field, model_validator

from domain.words import ClaimType, Insurance, Model
from importing.judged import DuplicateKind, Judged, Outcome
from importing.matters import Ref
from importing.rule_words import Column

SHORTEST = 4
"""Characters of a reason."""


class Change(Model):
    """One row's decision. ``as_dispute``: neither a repetition nor to be refused; ``type``, ``insurance``: its claim's."""

    how: Literal["as_judged", "as_dispute", "send_back"]
    type: ClaimType | None = None
    insurance: Insurance | None = None
    reason: str = Field(default="", max_length=200)

    @model_validator(mode="after")
    def _said_why(self) -> "Change":
        if self.how == "send_back" and len(self.reason.strip()) < SHORTEST:
            raise ValueError(f"退回的请写明理由，至少 {SHORTEST} 个字")
        return self


AS_JUDGED = Change(how="as_judged")


def is_changeable(judged: Judged) -> bool:
    """Whether there is anything to decide: a row in error is mended in its file, a ticket that came twice is one ticket."""
    twice = judged.duplicate is not None and judged.duplicate.kind == DuplicateKind.SAME_TICKET
    return judged.outcome != Outcome.ROW_ERROR and not twice


def decided(rows: Iterable[Judged], changes: Mapping[int, Change]) -> Iterator[tuple[int, Judged]]:
    """The rows by their number, from 1, as they were decided. What repeats a row that is sent back repeats nothing."""
    sent_back: set[Ref] = set()
    for number, judged in enumerate(rows, start=1):
        change = changes.get(number, AS_JUDGED)
        if judged.duplicate and judged.duplicate.of in sent_back and is_changeable(judged):
            judged = replace(judged, duplicate=None, outcome=_alone(judged))
        if not is_changeable(judged) or change.how == "as_judged":
            yield number, judged
        elif change.how == "send_back":
            sent_back.add(judged.ref)
            errors = ((Column.NARRATIVE, change.reason),)
            yield number, replace(judged, outcome=Outcome.ROW_ERROR, errors=errors, duplicate=None)
        else:
            yield number, _as_dispute(judged, change)


def _alone(judged: Judged) -> Outcome:
    return Outcome.NEEDS_SUPPLEMENT if judged.missing else Outcome.ACCEPT


def _as_dispute(judged: Judged, change: Change) -> Judged:
    seen = replace(judged.proposal, redirect=None, why="")
    if change.type:
        seen = replace(seen, types=(change.type,), vague=False, candidates=(), warnings=())
    if change.insurance:
        seen = replace(seen, kinds=(change.insurance,))
    return replace(judged, proposal=seen, duplicate=None, registered=None, outcome=_alone(judged))


def needs_type(judged: Judged) -> bool:
    """Whether the words of a row decide for no type, so that whoever makes a dispute of it has to."""
    return not judged.proposal.types or judged.proposal.vague
