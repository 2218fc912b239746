"""The sums of a matter by claim: claimed, found, recognised, paid."""

from decimal import Decimal
from typing import NamedTuple

from domain.actions.telling import IssueInvestigationReport
from domain.dispute import Dispute
from domain.events import Acted, Event


class Line(NamedTuple):
    """One claim's sums, yuan; ``None`` where nothing was said yet."""

    no: str
    what: str
    period: str
    claimed: Decimal | None
    found: Decimal | None
    recognised: Decimal | None
    paid: Decimal


class Sums(NamedTuple):
    """All claims and their totals."""

    lines: list[Line]
    claimed: Decimal | None
    found: Decimal | None
    recognised: Decimal | None
    paid: Decimal
    late_fee: Decimal


def sums(d: Dispute, events: list[Event]) -> Sums:
    """The table of sums."""
    found = _found(d, events)
    lines: list[Line] = []
    for claim in d.facts.claims:
        item = d.sub_items.get(claim.no)
        lines.append(
            Line(
                no=claim.no,
                what="".join(filter(None, (claim.insurance, f"　{claim.regime}" if claim.regime else "")))
                or (claim.type or ""),
                period=_period(claim.period.from_, claim.period.to),
                claimed=claim.amount,
                found=found.get(claim.no),
                recognised=item.recognised if item else None,
                paid=item.paid if item else Decimal(0),
            )
        )
    return Sums(
        lines,
        _total([line.claimed for line in lines]),
        _total([line.found for line in lines]),
        _total([line.recognised for line in lines]),
        d.paid_in_all,
        sum((p.late_fee for p in d.payments), Decimal(0)),
    )


def _found(d: Dispute, events: list[Event]) -> dict[str, Decimal]:
    """What the report says is due; before it what the units found."""
    sums = {
        no: due for f in (d.investigation.findings if d.investigation else []) for no, due in f.sums.items()
    }
    for event in events:
        if isinstance(event.fact, Acted) and isinstance(event.fact.body, IssueInvestigationReport):
            sums |= {row.claim: row.due for row in event.fact.body.sums}
    return sums


def _total(parts: list[Decimal | None]) -> Decimal | None:
    known = [part for part in parts if part is not None]
    return sum(known, Decimal(0)) if known else None


def _period(first: str | None, last: str | None) -> str:
    if first and last:
        return first if first == last else f"{first} 至 {last}"
    return f"{first} 起" if first else f"至 {last}" if last else "未说明"
