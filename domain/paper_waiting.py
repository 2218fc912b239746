"""文书 that wait for somebody: what is to be done with one next, and by which units."""

from domain.dispute import Dispute
from domain.paper import Document, PaperState
from domain.paper_content import is_a_partys
from domain.policy import Policy
from domain.policy_rules import DocumentRule
from domain.seats import is_about
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
    if state not in (*OF_REVIEWERS, *OF_ISSUERS) or not issuing_units(policy, d, paper):
        return None
    return state if in_hand(policy, d, paper) else None


def in_hand(policy: Policy, d: Dispute, paper: Document) -> bool:
    """Whether whoever issues a paper has still to answer for it: to issue and serve it, or to take it back."""
    _, rule = policy.paper_rule(paper.name)
    return bool(rule.mark) and has_form(rule) and not (d.is_over or paper.given_up)


def answering_units(policy: Policy, d: Dispute, paper: Document) -> list[UnitName]:
    """Whose a paper is; what a party applies by is that of whoever receives it."""
    if is_a_partys(policy, paper):
        return [d.center or policy.unit("center"), *paper.to.split("/")]
    return [paper.issuer, *paper.together]


def issuing_units(policy: Policy, d: Dispute, paper: Document) -> list[UnitName]:
    """Who issues a paper: no unit in a matter that has come to be about itself, but for the hub."""
    hubs = (d.center, policy.units.roles.get("center"))
    units = answering_units(policy, d, paper)
    return [unit for unit in units if unit in hubs or not is_about(d, policy, unit)]


def issued_by(policy: Policy, d: Dispute, paper: Document, unit: UnitName) -> bool:
    """Whether a unit issues a paper."""
    return any(policy.units.same(unit, issuer) for issuer in issuing_units(policy, d, paper))
