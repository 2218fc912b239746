"""The periods of the statistics: what they are called, what they are compared with, which months they touch."""

from datetime import date

import pytest

from ledger.periods import Period

TODAY = date(2026, 11, 28)


def days(first: str, last: str) -> Period:
    return Period.days(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("period", "word", "before"),
    [
        (Period.month("2026-01"), "2026 年 1 月", Period.month("2025-12")),
        (Period.month("2024-03"), "2024 年 3 月", Period.month("2024-02")),
        (Period.quarter("2026Q1"), "2026 年第 1 季度", Period.quarter("2025Q4")),
        (Period.quarter("2026Q4"), "2026 年第 4 季度", Period.quarter("2026Q3")),
        (Period.year("2025", TODAY), "2025 年", days("2024-01-01", "2025-01-01")),
        (Period.year("2026", TODAY), "2026-01-01 至 2026-11-28", days("2025-01-01", "2025-11-29")),
        (days("2024-01-01", "2024-02-29"), "2024-01-01 至 2024-02-28", days("2023-01-01", "2023-02-28")),
        (days("2026-06-11", "2026-06-21"), "2026-06-11 至 2026-06-20", days("2026-06-01", "2026-06-11")),
        (days("2026-02-01", "2026-05-01"), "2026-02-01 至 2026-04-30", days("2025-11-01", "2026-02-01")),
    ],
)
def test_what_a_period_is_called_and_compared_with(period: Period, word: str, before: Period) -> None:
    assert (period.word, period.before()) == (word, before)


def test_the_months_that_a_period_touches() -> None:
    assert days("2026-01-31", "2026-02-02").months == [date(2026, 1, 1), date(2026, 2, 1)]
    assert Period.months_to(date(2026, 2, 28), 12) == days("2025-03-01", "2026-03-01")
    assert Period.months_to(date(2026, 12, 31), 12) == days("2026-01-01", "2027-01-01")
    assert len(Period.months_to(TODAY, 12).months) == 12


@pytest.mark.parametrize("text", ["", "26", "2026-06", "0001", "9999"])
def test_what_is_no_year(text: str) -> None:
    with pytest.raises(ValueError, match="应写成 2026"):
        Period.year(text, TODAY)
