"""举报人保密 (信访工作条例 30、暂行条例 21): what of a registration goes on, and what goes into the vault."""

from typing import NamedTuple

from domain.intake import Applicant, Intake
from domain.masking import ANONYMOUS, called_by, mask_text
from domain.policy_rules import MaskRule
from domain.words import MatterKind

_NOTHING = MaskRule(head=0, basis="信访工作条例第三十条", tag="F")
_HIDDEN: dict[str, MaskRule] = dict.fromkeys(("name", "id_number", "card", "phone"), _NOTHING)


KEPT_APART = {MatterKind.LEAD: "反映人保密", MatterKind.DISPUTE: "申请人保密"}
"""What stands for somebody whose name is kept apart."""


def unnamed(applicant: Applicant, kind: MatterKind) -> str:
    """What stands for an applicant without a name: nobody is called anonymous who told his."""
    return KEPT_APART[kind] if applicant.withheld else ANONYMOUS


class Parted(NamedTuple):
    """``goes_on``: what everybody who handles the matter may read. ``kept``: the whole registration, for the vault."""

    goes_on: Intake
    kept: Intake | None


def part(intake: Intake) -> Parted:
    """Part the reporter from the report: for a lead, an anonymous caller, and wherever confidence was asked for.

    What the reporter wrote goes on without whatever tells who wrote it; other columns of the form stay in the vault.
    """
    if not (intake.kind == MatterKind.LEAD or intake.confidential or intake.applicant.anonymous):
        return Parted(intake, None)
    goes_on = _without_reporter(intake)
    return Parted(goes_on, None if goes_on == intake else intake)


def _without_reporter(intake: Intake) -> Intake:
    applicant = intake.applicant
    known = _known_of(applicant)
    named = [applicant.name, *applicant.representatives, *applicant.members]
    person = Applicant(
        anonymous=True,
        withheld=applicant.withheld or any(named),  # what was parted before stays as it is
        headcount=applicant.headcount,
        is_group=applicant.is_group,
    )

    def hide(text: str | None) -> str | None:
        return mask_text(text, _HIDDEN, known) if text else text

    said, asked = intake.indicators.public_opinion, intake.indicators.petition
    indicators = {
        "public_opinion": said.model_copy(update={"facts": hide(said.facts)}),
        "petition": asked.model_copy(update={"facts": hide(asked.facts)}),
    }
    return intake.model_copy(
        update={
            "applicant": person,
            "respondents": [r.model_copy(update={"note": None}) for r in intake.respondents],
            "narrative": hide(intake.narrative),
            "claims": [
                c.model_copy(update={"detail": hide(c.detail), "note": hide(c.note)}) for c in intake.claims
            ],
            "evidence": [e.model_copy(update={"description": hide(e.description)}) for e in intake.evidence],
            "indicators": intake.indicators.model_copy(update=indicators),
            "counter_claims": [c.model_copy(update={"text": hide(c.text)}) for c in intake.counter_claims],
            "proposal": hide(intake.proposal),
            "remarks": {},
        }
    )


def _known_of(applicant: Applicant) -> list[str]:
    """Every word that tells who the applicant is, whatever its shape."""
    people = [applicant, *applicant.members]
    words = [word for p in people for word in (p.name, p.id_number, p.phone)]
    names = [name for name in (*(p.name for p in people), *applicant.representatives) if name]
    called = [word for name in names for word in called_by(name)]
    return [word for word in (*words, *called, applicant.address, *applicant.representatives) if word]
