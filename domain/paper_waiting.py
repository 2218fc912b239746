"""文书 that wait for somebody: what is to be done with one next, and by which units."""

from domain.dispute import Dispute
from domain.paper import Document, PaperState
from domain.paper_content import is_a_partys
from domain.policy import Policy
from domain.policy_rules import DocumentRule
from domain.words import UnitName

OF_REVIEWERS = (PaperState.TO_REVIEW,)
OF_ISSUERS = (PaperState.DRAFT, PaperState.SENT_BACK)
"""What whoever issues has in hand: what may go out, and what came back and must be put right."""


def has_form(rule: DocumentRule) -> bool:
    """Whether a paper of this kind can be made."""
    return bool(rule.text or rule.docx)


def waits(policy: Policy, d: Dispute, paper: Document) -> PaperState | None:
    """How a paper stands that somebody must still see to; ``None`` for every other, and in a matter that is over."""
    _, rule = policy.paper_rule(paper.name)
    state = paper.state(reviewed=rule.reviewed)
    if d.is_over or not rule.mark or not has_form(rule):
        return None
    return state if state in (*OF_REVIEWERS, *OF_ISSUERS) else None


def issuing_units(policy: Policy, d: Dispute, paper: Document) -> list[UnitName]:
    """Who issues a paper; what a party applies by is put on paper where it is received."""
    if is_a_partys(policy, paper):
        return [d.center or policy.unit("center"), *paper.to.split("/")]
    return [paper.issuer, *paper.together]


def issued_by(policy: Policy, d: Dispute, paper: Document, unit: UnitName) -> bool:
    """Whether a unit issues a paper."""
    return any(policy.units.same(unit, issuer) for issuer in issuing_units(policy, d, paper))
