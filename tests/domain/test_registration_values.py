"""What a registration may say: what cannot be is refused at its field, what is unlikely is asked back."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from domain.cautions import registering
from domain.intake import Intake
from domain.plausible import implausible
from tests.support.case import INTAKE

RECEIVED = datetime.fromisoformat(INTAKE["received_at"])
"""2026-03-09."""


def intake(**changes: Any) -> Intake:
    return Intake.model_validate({**INTAKE, **changes})


def claim(**changes: Any) -> dict[str, Any]:
    return {"claims": [{"no": 1, "insurance": "养老"}, {"no": 2, "insurance": "养老", **changes}]}


@pytest.mark.parametrize(
    ("place", "changes"),
    [
        ("applicant.headcount", {"applicant": {"headcount": 9_999_999_999}}),
        ("applicant.headcount", {"applicant": {"headcount": 100_001}}),
        ("applicant.headcount", {"applicant": {"headcount": 0}}),
        ("applicant.members.0.line", {"applicant": {"members": [{"line": 0, "name": "某乙"}]}}),
        (
            "applicant.members.0.months",
            {"applicant": {"members": [{"line": 1, "name": "某乙", "months": -1}]}},
        ),
        (
            "applicant.members.0.months",
            {"applicant": {"members": [{"line": 1, "name": "某乙", "months": 1201}]}},
        ),
        (
            "applicant.members.0.claims.养老",
            {"applicant": {"members": [{"line": 1, "name": "某乙", "claims": {"养老": -1}}]}},
        ),
        ("respondents.0.headcount", {"respondents": [{"name": "某厂", "headcount": -1}]}),
        ("respondents.0.headcount", {"respondents": [{"name": "某厂", "headcount": 10_000_001}]}),
        ("claims.1.amount", claim(amount=-1)),
        ("counter_claims.0.amount", {"counter_claims": [{"by": "某厂", "text": "借款", "amount": -1}]}),
        (
            "indicators.petition.in_person_headcount",
            {"indicators": {"petition": {"in_person_headcount": 10**6}}},
        ),
    ],
)
def test_a_number_that_cannot_be_is_refused_at_its_field(place: str, changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        intake(**changes)
    assert [".".join(map(str, found["loc"])) for found in refused.value.errors()] == [place]


@pytest.mark.parametrize(
    ("period", "code"),
    [
        ({"from": "2025-11", "to": "2026-03"}, None),
        ({"from": "2025-11", "to": "2027-12"}, None),
        ({"from": "2025-11", "to": "2028-01"}, "period_to_come"),
        ({"from": "2028-06"}, "period_to_come"),
        ({"from": "2026-02", "to": "2026-01"}, "period_reversed"),
        ({"from": "1949-12", "to": "2026-01"}, "period_too_early"),
        ({"from": "1950-01"}, None),
    ],
)
def test_a_period_ends_with_the_next_year_at_the_latest(period: dict[str, str], code: str | None) -> None:
    found = [(wrong.code, wrong.field) for wrong in implausible(intake(**claim(period=period)), None)]
    assert found == ([(code, "claims.1.period")] if code else [])


@pytest.mark.parametrize("arrears", ["应参未参", "已申报未按时缴纳", "缴费基数不实"])
@pytest.mark.parametrize(("regime", "latest"), [("职工", "2026-03"), (None, "2026-03"), ("居民", "2027-12")])
def test_nobody_is_in_arrears_with_a_month_to_come_but_residents_who_pay_by_the_year(
    arrears: str, regime: str | None, latest: str
) -> None:
    later = f"{int(latest[:4]) + 1}-01" if latest.endswith("12") else "2026-04"
    for to, code in ((latest, []), (later, ["period_to_come"])):
        owed = intake(**claim(type=arrears, regime=regime, period={"to": to}))
        assert [wrong.code for wrong in implausible(owed, None)] == code


@pytest.mark.parametrize(
    ("changes", "later", "said"),
    [
        ({}, 30, None),
        ({}, 31, ("received_at", "距今已 31 日")),
        ({"applicant": {"headcount": 500}}, 0, None),
        ({"applicant": {"headcount": 501}}, 0, ("applicant.headcount", "501 人，又没有名册")),
        (
            {"applicant": {"headcount": 501, "members": [{"line": 1, "name": "某乙"}]}},
            0,
            ("applicant.headcount", "名册只有 1 人"),
        ),
        (claim(period={"from": "1986-10"}), 0, None),
        (claim(period={"to": "2026-03"}), 0, None),
        (claim(period={"to": "2026-04"}), 0, ("claims.1.period", "止于 2026-04，在收件当月（2026-03）以后")),
        (claim(period={"to": "2026-12"}, regime="居民"), 0, None),
        (claim(period={"from": "1986-09"}), 0, ("claims.1.period", "早于社会保险费开始征缴的 1986-10")),
    ],
)
def test_what_is_unlikely_is_asked_back(
    changes: dict[str, Any], later: int, said: tuple[str, str] | None
) -> None:
    found = registering(intake(**changes), RECEIVED + timedelta(days=later))
    assert [caution.field for caution in found] == ([said[0]] if said else [])
    assert all("请核对" in caution.message and said and said[1] in caution.message for caution in found)
