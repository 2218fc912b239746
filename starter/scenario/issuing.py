"""文书 in a county that is opened in the middle of its work: what an act draws up goes out with it."""

from domain.actions import Act
from domain.actions.papers import IssuePaper
from domain.dispute import Dispute
from domain.paper import PaperState
from domain.paper_content import gaps
from domain.paper_waiting import issued_by, waits
from domain.policy import Policy
from starter.scenario.script import Step


def issuing(d: Dispute, policy: Policy, story: str, step: Step) -> list[Act]:
    """The acts by which a step's unit issues what waits for it alone; what needs a review or lacks something still waits."""
    return [
        Act(
            id=f"{story}#{step.step}.paper-{no}",
            unit=step.unit,
            officer=step.officer,
            at=step.at,
            until=step.at,
            body=IssuePaper(paper=no, signed_by=step.officer),
        )
        for no, paper in enumerate(d.documents, 1)
        if waits(policy, d, paper) is PaperState.DRAFT
        and issued_by(policy, d, paper, policy.unit(step.unit))
        and not gaps(policy, d, paper)
    ]
