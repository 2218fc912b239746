"""The lists that a county goes through regularly: on which day."""

from datetime import date

import pytest

from domain.policy_life import ReviewRule
from tests.support.county import YUNXI


def a_list(every: str, day: int) -> ReviewRule:
    said = {"name": "会审", "every": every, "day": day, "unit": "center", "basis": "县办法", "tag": "S"}
    return ReviewRule.model_validate(said)


@pytest.mark.parametrize(
    ("every", "day", "today", "expected"),
    [
        ("month", 5, "2026-11-01", "2026-11-05"),
        ("month", 5, "2026-11-05", "2026-11-05"),
        ("month", 5, "2026-11-06", "2026-12-07"),  # the 5th is a Saturday
        ("month", 5, "2026-12-06", "2026-12-07"),  # put off, still to come
        ("month", 1, "2026-10-01", "2026-10-08"),  # after the holiday
        ("week", 1, "2026-10-27", "2026-11-02"),
        ("quarter", 10, "2026-10-27", "2027-01-11"),
    ],
)
def test_the_next_day(every: str, day: int, today: str, expected: str) -> None:
    rule = a_list(every, day)
    assert rule.next_day(date.fromisoformat(today), YUNXI.calendar) == date.fromisoformat(expected)
