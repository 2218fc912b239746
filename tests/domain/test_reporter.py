"""举报人保密: whose name is kept apart is not called anonymous."""

import pytest

from domain.intake import Applicant, Intake
from domain.masking import ANONYMOUS
from domain.reporter import part, unnamed
from tests.support.case import INTAKE

NOBODY = {"name": None, "headcount": 3}
TOLD = (
    {"name": "某甲"},
    {"name": None, "representatives": ["某甲"]},
    {"name": None, "members": [{"line": 1, "name": "某甲"}]},
)


def registered(applicant: dict[str, object], **more: object) -> Intake:
    return Intake.model_validate({**INTAKE, "applicant": applicant, **more})


@pytest.mark.parametrize("applicant", [NOBODY, *TOLD])
@pytest.mark.parametrize(
    ("kind", "hides"),
    [({"kind": "线索"}, "反映人保密"), ({"confidential": True}, "申请人保密"), ({}, None)],
    ids=["lead", "confidential", "open"],
)
def test_what_stands_for_a_name_says_whether_one_was_told(
    applicant: dict[str, object], kind: dict[str, object], hides: str | None
) -> None:
    goes_on, kept = part(registered(applicant, **kind))
    seen = goes_on.applicant
    assert seen.withheld is bool(hides and applicant in TOLD)
    assert not seen.withheld or kept
    assert part(goes_on) == (goes_on, None), "what was parted stays as it is"
    if not seen.name:
        assert unnamed(seen, goes_on.kind) == (hides if seen.withheld else ANONYMOUS)


def test_an_anonymous_caller_who_left_his_name_is_kept_apart_and_one_who_left_a_number_alone_is_not_named() -> (
    None
):
    named = part(registered({"name": "某甲", "anonymous": True})).goes_on.applicant
    nameless = part(registered({"anonymous": True, "phone": "19900001234"})).goes_on.applicant
    assert named == Applicant(anonymous=True, withheld=True)
    assert nameless == Applicant(anonymous=True)
