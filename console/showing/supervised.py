"""督办: a supervision that a unit issued and what came of it; a card with its appeal."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from api.known import policy_of
from console.door import Visitor
from console.showing.rows import Lines
from domain.dispute import Dispute
from domain.due import due_of
from domain.paper import Document
from domain.rights import Sight, sight
from domain.words import SHANGHAI, UnitName
from starter.office.papers import paper_of
from starter.office.views import veil_over

PAPER = "督办单"


class Supervision(NamedTuple):
    """One 督办单: whom it is about, what is asked until when, and how it stands now (``look`` and word)."""

    matter: str
    case_no: str
    no: int
    at: datetime
    units: str
    way: str
    demand: str
    due: date | None
    look: str
    stands: str


def supervisions(visitor: Visitor, rows: list[dict[str, Any]]) -> list[Supervision]:
    """The papers of these rows as far as the post sees their matters."""
    states = visitor.site.ledger.states([row["dispute_id"] for row in rows])
    found = ((row, d) for row in rows if (d := states.get(row["dispute_id"])))
    return [
        _supervision(visitor, row, d, paper)
        for row, d in found
        if sight(d, visitor.post, policy_of(visitor.site, d)) >= Sight.MASKED
        and (paper := paper_of(d, row["position"]))
    ]


def _supervision(visitor: Visitor, row: dict[str, Any], d: Dispute, paper: Document) -> Supervision:
    units: list[UnitName] = list(paper.fields.get("主送") or [])
    due = date.fromisoformat(said) if (said := paper.fields.get("期限")) else None
    look, stands = _stands(d, units, due, datetime.now(SHANGHAI))
    return Supervision(
        matter=d.id,
        case_no=row["case_no"],
        no=row["position"],
        at=row["at"],
        units="、".join(units) or paper.to,
        way=paper.fields.get("方式") or "",
        demand=veil_over(visitor.site.ledger, d).text(paper.fields.get("事由") or ""),
        due=due,
        look=look,
        stands=stands,
    )


def _stands(d: Dispute, units: list[UnitName], due: date | None, now: datetime) -> tuple[str, str]:
    """By what the unit still owes: nothing late any more, or so many that are."""
    if d.closed_at:
        return "done", "已办结"
    moments = (due_of(d, task) for task in d.open_tasks() if task.unit in units)
    late = sum(moment is not None and moment < now for moment in moments)
    if not late:
        return "done", "已不超期"
    return (
        ("new", f"已过要求的日期，仍有 {late} 项超期")
        if due and due < now.date()
        else ("do", f"仍有 {late} 项超期")
    )


class Appealed(NamedTuple):
    """One card with its appeal."""

    matter: str
    case_no: str
    about: str
    card: str
    unit: str
    clock: str
    at: datetime
    appealed_at: datetime | None
    ground: str
    decided_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def stands(self) -> str:
        """What came of it."""
        if self.withdrawn_at:
            return "已撤销"
        return "维持" if self.decided_at else "待决定"


def appealed(visitor: Visitor, known: Lines, rows: Iterable[dict[str, Any]]) -> list[Appealed]:
    """The cards of these rows whose matters the post knows of."""
    rows = list(rows)
    about = known.seen(rows, visitor.post)
    return [
        Appealed(
            matter=row["dispute_id"],
            case_no=row["case_no"],
            about=f"{own.applicant}　{own.respondent}".strip("　"),
            ground=row["ground"] or "",
            **{
                name: row[name]
                for name in ("card", "unit", "clock", "at", "appealed_at", "decided_at", "withdrawn_at")
            },
        )
        for row in rows
        if (own := about.get(row["dispute_id"]))
    ]
