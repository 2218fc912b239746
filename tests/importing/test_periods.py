"""所属期 as callers tell it."""

from datetime import date

import pytest

from importing.periods import read_period

ON = date(2026, 9, 8)


@pytest.mark.parametrize(
    ("narrative", "first", "last", "guessed"),
    [
        ("2021年3月到2023年5月没交", "2021-03", "2023-05", False),
        ("去年10月到今年2月没交", "2025-10", "2026-02", False),
        ("三月到五月没交", "2026-03", "2026-05", True),
        ("十一月到二月没交", "2025-11", "2026-02", True),
        ("2021年到2023年在矿上", "2021-01", "2023-12", True),
        ("2021-2023年没上", "2021-01", "2023-12", True),
        ("2019年进厂到2022年离开，没上养老", "2019-01", "2022-12", True),
        ("19年到21年没上养老", "2019-01", "2021-12", True),
        ("九八年到零一年那段养老", "1998-01", "2001-12", True),
        ("2024年到2026年没上", "2024-01", "2026-09", True),
        ("2022年度养老保险没缴", "2022-01", "2022-12", True),
        ("去年全年的医保没交", "2025-01", "2025-12", True),
        ("从2022年5月至今没缴", "2022-05", None, False),
        ("2020年开始一直没缴", "2020-01", None, True),
        ("从今年三月起没缴", "2026-03", None, False),
        ("自八月起没缴", "2026-08", None, True),
        ("从十月起没缴", "2025-10", None, True),
    ],
)
def test_what_is_told_is_read_and_what_was_added_is_said(
    narrative: str, first: str, last: str | None, guessed: bool
) -> None:
    told = read_period(narrative, ON)
    assert (told.period.from_, told.period.to, told.guessed) == (first, last, guessed)


@pytest.mark.parametrize(
    "narrative",
    ["没给上养老", "干了三年", "2023年到2021年", "2030年到2031年", "工资2000到3000", "电话2019到2021"],
)
def test_what_is_no_period(narrative: str) -> None:
    assert read_period(narrative, ON).period.from_ is None
