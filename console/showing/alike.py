"""Registered matters that look like the one being registered: line by line under it, as far as this post may see each."""

import asyncio
from collections.abc import Iterable
from typing import NamedTuple

from api.known import policy_of
from console.door import Visitor
from domain.dispute import Dispute
from domain.intake import Claim, Intake
from domain.masking import mask_name
from domain.rights import Sight, sight
from ledger.lookup import Alike

SHOWN = 5
HEADS = ("申请人", "被反映单位", "险种、争议类型", "所属期")


class Cell(NamedTuple):
    """One thing of a matter; ``same``: as the registration has it."""

    text: str
    same: bool


class Line(NamedTuple):
    """One matter. ``cells``: as :data:`HEADS`; none of one of which only the stage is shown."""

    id: str
    no: str
    stage: str
    basis: str
    whole: bool
    """Whether person, firm, insurance and period all agree."""
    cells: list[Cell]


class Compared(NamedTuple):
    """The registration's own line, and those of the matters like it; ``more``: how many others there are."""

    own: list[str]
    lines: list[Line]
    more: int


async def found(visitor: Visitor, intake: Intake, itself: str) -> Compared | None:
    """What looks like it and may be known of by this post, if anything does."""
    return await asyncio.to_thread(_found, visitor, intake, itself)


def _found(visitor: Visitor, intake: Intake, itself: str) -> Compared | None:
    own = [mask_name(intake.applicant.name or "匿名"), *_about(intake)]
    lines = [
        line
        for alike in visitor.site.ledger.alike(intake, itself)
        if (line := _line(visitor, alike, intake, own))
    ]
    own[0] = intake.applicant.name or "匿名"
    return Compared(own, lines[:SHOWN], max(0, len(lines) - SHOWN)) if lines else None


def _line(visitor: Visitor, alike: Alike, intake: Intake, own: list[str]) -> Line | None:
    d = alike.d
    seen = sight(d, visitor.post, policy_of(visitor.site, d))
    if seen < Sight.STAGE:
        return None
    cells = _cells(d, intake, own) if seen >= Sight.MASKED else []
    return Line(d.id, d.case_no, d.stage or "", "、".join(alike.likeness.basis), alike.likeness.whole, cells)


def _cells(d: Dispute, intake: Intake, own: list[str]) -> list[Cell]:
    """Whose names are known is not told: only whether they are the same."""
    same = intake.applicant.name == d.facts.applicant.name
    theirs = [mask_name(d.facts.applicant.name or "匿名"), *_about(d.facts)]
    return [
        Cell(text, same if n == 0 else text == mine)
        for n, (text, mine) in enumerate(zip(theirs, own, strict=True))
    ]


def _about(facts: Intake) -> list[str]:
    return [
        "、".join(r.name for r in facts.respondents) or "—",
        _joined(f"{c.insurance or ''}{c.type or ''}" for c in facts.claims),
        _joined(_period(c) for c in facts.claims),
    ]


def _joined(texts: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(text for text in texts if text)) or "—"


def _period(claim: Claim) -> str:
    first, last = claim.period.from_, claim.period.to
    if not first and not last:
        return ""
    return f"{first or '不明'} 至 {last or '不明'}" if first != last else f"{first}"
