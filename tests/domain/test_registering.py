"""What is wrong with a registration is told together: no fault waits until another one is mended."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime
from itertools import combinations
from typing import Any

import pytest

from domain.intake import Intake
from domain.registering import Tried, tried
from domain.words import SHANGHAI
from tests.domain.test_numbers import RIGHT

NOW = datetime(2026, 9, 3, 10, tzinfo=SHANGHAI)
GOOD: dict[str, Any] = {
    "channel": "来访",
    "received_by": "县综治中心",
    "source_no": "LF-1",
    "received_at": "2026-09-03T09:00:00+08:00",
    "applicant": {
        "name": "测试甲",
        "id_number": RIGHT,
        "headcount": 2,
        "members": [
            {"line": 1, "name": "测试甲"},
            {"line": 2, "name": "测试乙", "months": 3, "claims": {"养老": "1"}},
        ],
    },
    "respondents": [{"name": "某某厂", "town": "新关镇"}],
    "narrative": "反映情况",
    "claims": [{"no": "1", "amount": "12", "period": {"from": "2026-01", "to": "2026-03"}}],
}
SPOILT: list[tuple[str, Any]] = [
    ("channel", "托梦"),
    ("source_no", "测试甲-1"),
    ("received_at", "昨天"),
    ("received_at", "2027-01-01T09:00:00+08:00"),
    ("narrative", None),
    ("applicant.id_number", RIGHT[:-1]),
    ("applicant.headcount", "几个"),
    ("applicant.headcount", 1),
    ("applicant.representatives", list("甲乙丙丁戊己")),
    ("applicant.members.0.id_number", "1"),
    ("applicant.members.1.name", None),
    ("applicant.members.1.months", "半年"),
    ("applicant.members.1.claims.养老", "一千"),
    ("respondents.0.name", None),
    ("respondents.0.town", "测试乙"),
    ("respondents.0.uscc", "91"),
    ("claims.0.amount", "一万二"),
    ("claims.0.insurance", "车险"),
    ("claims.0.period", {"from": "2026-05", "to": "2026-03"}),
    ("claims.0.period.from", "五月"),
]


def spoil(raw: dict[str, Any], field: str, value: Any) -> None:
    """Write a value at a field, or leave the field out."""
    *way, last = (int(part) if part.isdecimal() else part for part in field.split("."))
    at: Any = raw
    for part in way:
        at = at[part]
    if value is None:
        del at[last]
    else:
        at[last] = value


def told(read: Tried) -> Iterator[str]:
    yield from (".".join(str(part) for part in error["loc"]) for error in read.errors)
    yield from (one.field for one in read.implausible)


def test_a_good_one_is_read_as_it_is() -> None:
    read = tried(GOOD, NOW)
    assert read == (Intake.model_validate(GOOD), [], [])


@pytest.mark.parametrize(("field", "value"), SPOILT)
def test_each_fault_is_told_at_its_field(field: str, value: Any) -> None:
    raw = deepcopy(GOOD)
    spoil(raw, field, value)
    read = tried(raw, NOW)
    assert list(told(read)) == [field]
    assert read.intake is None


TOGETHER = [
    (one, other)
    for one, other in combinations(SPOILT, 2)
    if not one[0].startswith(other[0]) and not other[0].startswith(one[0])
]
NAMED = "applicant.members.1.name"
"""Who is not named is recognised nowhere else."""


@pytest.mark.parametrize(("one", "other"), TOGETHER, ids=lambda spoilt: spoilt[0])
def test_two_faults_are_told_together(one: tuple[str, Any], other: tuple[str, Any]) -> None:
    raw = deepcopy(GOOD)
    spoil(raw, *one)
    spoil(raw, *other)
    found = set(told(tried(raw, NOW)))
    wanted = {one[0], other[0]} - ({"respondents.0.town"} if NAMED in (one[0], other[0]) else set())
    assert found == wanted


def test_nothing_that_was_typed_is_told(subtests: pytest.Subtests) -> None:
    for field, value in SPOILT:
        if isinstance(value, str):
            with subtests.test(field):
                raw = deepcopy(GOOD)
                spoil(raw, field, value)
                assert all("input" not in error for error in tried(raw, NOW).errors)
