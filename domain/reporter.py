"""举报人保密 (信访工作条例 30、暂行条例 21): what of a registration goes on, and what goes into the vault."""

from typing import Any, NamedTuple, cast

from domain.intake import Applicant, Intake
from domain.masking import mask_text
from domain.policy_rules import MaskRule
from domain.words import MatterKind

_NOTHING = MaskRule(head=0, basis="信访工作条例第三十条", tag="F")
_HIDDEN: dict[str, MaskRule] = dict.fromkeys(("name", "id_number", "card", "phone", "address"), _NOTHING)

_OF_THE_REPORTER = ("narrative", "claims", "evidence", "indicators", "counter_claims", "proposal")
"""Where a reporter may have been named in passing."""


class Parted(NamedTuple):
    """``goes_on``: what everybody who handles the matter may read. ``kept``: the whole registration, for the vault."""

    goes_on: Intake
    kept: Intake | None


def part(intake: Intake) -> Parted:
    """Part the reporter from the report: for a lead, and wherever the registration asks for confidence.

    What the reporter wrote goes on without names and numbers; other columns of the form stay in the vault.
    """
    hidden = intake.kind == MatterKind.LEAD or intake.confidential
    person = intake.applicant
    if not hidden or person == Applicant(anonymous=True, headcount=person.headcount):
        return Parted(intake, None)
    plain = intake.model_dump(by_alias=True)
    said = {field: plain[field] for field in _OF_THE_REPORTER}
    masked = _without(said, intake.names(), person.address)
    anonymous = Applicant(anonymous=True, headcount=person.headcount, is_group=person.is_group)
    return Parted(
        Intake.model_validate({**plain, **masked, "applicant": anonymous.model_dump(), "remarks": {}}), intake
    )


def _without(value: Any, names: list[str], address: str | None) -> Any:
    if isinstance(value, str):
        return mask_text(value, _HIDDEN, names, address)
    if isinstance(value, dict):
        return {key: _without(item, names, address) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_without(item, names, address) for item in cast("list[Any]", value)]
    return value
