"""Days and sums as papers write them, against a table written by hand."""

from datetime import date
from decimal import Decimal

import pytest

from domain.chinese import day, in_words, money, said


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"), ("0.05", "伍分"), ("0.50", "伍角整"), ("0.55", "伍角伍分"), ("1", "壹元整"), ("10", "壹拾元整"),
        ("10.05", "壹拾元零伍分"), ("10.50", "壹拾元零伍角整"), ("11.5", "壹拾壹元伍角整"), ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"), ("1680.32", "壹仟陆佰捌拾元零叁角贰分"), ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"), ("325.04", "叁佰贰拾伍元零肆分"), ("100000000", "壹亿元整"),
        ("100010001", "壹亿零壹万零壹元整"), ("2000300.00", "贰佰万零叁佰元整"),
        ("12345678.90", "壹仟贰佰叁拾肆万伍仟陆佰柒拾捌元玖角整"),
    ],
)  # fmt: skip
def test_sums_in_words(amount: str, words: str) -> None:
    assert in_words(Decimal(amount)) == words


def test_sums_that_are_none_are_refused() -> None:
    for amount in ("-0.01", "10000000000000000"):
        with pytest.raises(ValueError, match="大写"):
            in_words(Decimal(amount))
    assert money(Decimal("1234.5")) == "1,234.50元（大写：壹仟贰佰叁拾肆元伍角整）"


def test_days_and_spans() -> None:
    assert day(date(2026, 1, 2)) == "2026年1月2日"
    assert (
        said("自2026-11-30起15工作日，2024-01至2024-12")
        == "自2026年11月30日起15个工作日，2024年1月至2024年12月"
    )
    assert said("2026-03-09T09:30:00+08:00") == "2026年3月9日9时30分"
    assert (
        said("案号 偏社争〔2026〕0001号，电话 0350-7652123") == "案号 偏社争〔2026〕0001号，电话 0350-7652123"
    )
