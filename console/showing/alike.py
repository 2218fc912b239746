"""Registered matters that look like the one being registered: line by line under it, as far as this post may see each."""

import asyncio
from collections.abc import Iterable
from typing import NamedTuple

from api.known import policy_of
from console.door import Visitor
from domain.dispute import Dispute
from domain.intake import Claim, Intake
from domain.masking import ANONYMOUS
from domain.reporter import part
from domain.rights import Sight, sight, took_in
from ledger.duplicates import FIRM, MONTHS
from ledger.lookup import Alike
from starter.office.views import applicant

SHOWN = 5
HEADS = ("申请人", "被反映单位", "险种、争议类型", "所属期")
OTHER = "other"
"""The answer that it is none of them; else it is the id of the one that it is."""
UNSEEN = "unseen"
"""The answer that it is one of those that are counted only."""
UNNAMED = "先前登记的一件（见“有关联的争议”）"


class Cell(NamedTuple):
    """One thing of a matter. ``how``: as the registration has it, 不同, or otherwise written and taken for the same."""

    text: str
    how: str


SAME, OTHERWISE = "相同", "不同"


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
    """The registration's own line, and those of the matters like it. ``more``: how many others there are; ``unseen``: how many
    that this post may not know of; ``apart``: whether the reporter's name is kept apart, so that no proposal may tell it by
    naming a matter of his.
    """

    own: list[str]
    lines: list[Line]
    more: int
    unseen: int
    apart: bool

    @property
    def names(self) -> dict[str, str]:
        """What can be answered, and how the proposal to whoever reviews it calls the matter then; nothing where there is none."""
        if self.apart:
            return {OTHER: ""}
        hidden = {UNSEEN: UNNAMED} if self.unseen else {}
        return {OTHER: "", **{line.id: line.no for line in self.lines}, **hidden}


async def found(visitor: Visitor, intake: Intake, itself: str) -> Compared | None:
    """What looks like it, if anything does: as far as this post may know of each, else how many there are."""
    return await asyncio.to_thread(_found, visitor, intake, itself)


def _found(visitor: Visitor, intake: Intake, itself: str) -> Compared | None:
    name, about = intake.applicant.name, _about(intake)
    alike = visitor.site.ledger.alike(intake, itself)
    lines = [line for one in alike if (line := _line(visitor, one, name, about))]
    if not alike:
        return None
    more, unseen = max(0, len(lines) - SHOWN), len(alike) - len(lines)
    apart = part(intake).kept is not None
    return Compared([name or ANONYMOUS, *about], lines[:SHOWN], more, unseen, apart)


def _line(visitor: Visitor, alike: Alike, name: str | None, about: list[str]) -> Line | None:
    d, policy = alike.d, policy_of(visitor.site, alike.d)
    seen = sight(d, visitor.post, policy)
    if seen < Sight.STAGE:
        return None
    told = seen >= Sight.MASKED or took_in(d, visitor.post, policy)
    cells = _cells(d, alike.likeness.basis, name, about) if told else []
    return Line(d.id, d.case_no, d.stage or "", "、".join(alike.likeness.basis), alike.likeness.whole, cells)


def _cells(d: Dispute, basis: list[str], name: str | None, about: list[str]) -> list[Cell]:
    """Whose names are known is not told: only whether they are the same. No cell says otherwise than the ``basis``."""
    near = {0: "名称相近" if FIRM in basis else OTHERWISE, 2: "有重叠" if MONTHS in basis else OTHERWISE}
    told = enumerate(zip(_about(d.facts), about, strict=True))
    rest = [Cell(text, SAME if text == mine else near.get(at, OTHERWISE)) for at, (text, mine) in told]
    return [Cell(applicant(d), SAME if name == d.facts.applicant.name else OTHERWISE), *rest]


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
