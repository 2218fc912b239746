"""What acts on a paper change in the state."""

from typing import Any

from domain.dispute import Dispute
from domain.events import Event
from domain.fold_meanings.shape import Changes, FoldMeaning
from domain.meanings import papers as m
from domain.paper import Document, Issued, Revoked, Service


def _papers(d: Dispute, no: int, **changes: Any) -> Changes:
    papers: list[Document] = [*d.documents]
    papers[no - 1] = papers[no - 1].model_copy(update=changes)
    return {"documents": papers}


def _paper_issued(d: Dispute, e: Event, f: m.PaperIssued) -> Changes:
    issued = Issued(number=f.number, code=f.code, sha256=f.sha256, signed_by=f.signed_by, at=e.at)
    return _papers(d, f.paper, issued=issued, asked=f.asked)


def _paper_served(d: Dispute, e: Event, f: m.PaperServed) -> Changes:
    told = f.model_dump(include={"to", "way", "done_on", "served_on", "proof"})
    service = Service(**told, at=e.at, unit=e.unit, officer=e.officer)
    return _papers(d, f.paper, services=[*d.documents[f.paper - 1].services, service])


def _paper_revoked(d: Dispute, e: Event, f: m.PaperRevoked) -> Changes:
    paper = d.documents[f.paper - 1]
    gone = [Revoked(**i.model_dump(), revoked_at=e.at, reason=f.reason) for i in (paper.issued,) if i]
    changes: Changes = {"issued": None, "services": [], "reviewed": None, "given_up": not f.again}
    return _papers(d, f.paper, revoked=[*paper.revoked, *gone], **changes)


FOLDS: dict[str, FoldMeaning] = {
    "paper_reviewed": lambda d, e, f: _papers(d, f.paper, reviewed=f.passed),
    "paper_issued": _paper_issued,
    "paper_served": _paper_served,
    "paper_revoked": _paper_revoked,
}
