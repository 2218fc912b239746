"""涉及金额, 涉及人数 and the numerals they are written in."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importing.figures import least_headcount, read_amount, read_headcount
from importing.numerals import read_number
from importing.plain import Cell
from importing.rules import Rules

DIGITS = "零一二三四五六七八九"


def spoken(n: int) -> str:
    """A number below a hundred million in Chinese, written out."""
    if n >= 10_000:
        high, low = divmod(n, 10_000)
        return spoken(high) + "万" + (("零" if low < 1000 else "") + spoken(low) if low else "")
    said, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, n = divmod(n, unit)
        if digit:
            said += ("零" if gap and said else "") + DIGITS[digit] + name
        gap = not digit
    return said


@given(st.integers(1, 99_999_999))
def test_numerals_written_out_are_read(n: int) -> None:
    assert read_number(spoken(n)) == n
    formal = spoken(n).translate(str.maketrans("一二三四五六七八九十百千万", "壹贰叁肆伍陆柒捌玖拾佰仟萬"))
    assert read_number(formal) == n


@given(st.decimals(0, 10**9, places=2))
def test_figures_with_separators_are_read(n: Decimal) -> None:
    assert read_number(f"{n:,.2f}") == n
    assert read_number(str(n)) == n


@given(st.text(alphabet="0123456789一二三十百千万两零点.,wk", max_size=12))
def test_nothing_a_numeral_is_made_of_breaks_the_reading(text: str) -> None:
    number = read_number(text)
    assert number is None or number >= 0


@pytest.mark.parametrize(
    ("written", "yuan"),
    [
        ("4200", 4200), ("4,200.50", Decimal("4200.5")), ("４２００", 4200), ("4200元", 4200), ("￥4,200.00", 4200),
        ("人民币4200元整", 4200), ("共计4200块钱", 4200), ("4.2万", 42000), ("4万2", 42000), ("四万二", 42000),
        ("四千二", 4200), ("四千零二", 4002), ("肆仟贰佰元整", 4200), ("二十万零五百", 200500), ("1.5w", 15000),
        ("一百二十元五角", Decimal("120.5")), ("0", 0), ("零元", 0), (4200, 4200), (4200.5, Decimal("4200.5")),
    ],
)  # fmt: skip
def test_a_figure_is_read(written: object, yuan: object, rules: Rules) -> None:
    assert read_amount(Cell(written), rules) == (yuan, False)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "written",
    ["约4万", "4万左右", "大概四万块", "差不多4万元", "4万（估计）", "4万(约)", "将近4万", "４万上下"],
)
def test_an_approximate_figure_is_kept_and_marked(written: str, rules: Rules) -> None:
    assert read_amount(Cell(written), rules) == (40000, True)


@pytest.mark.parametrize(
    "written",
    ["", None, "不详", "说不清", "4-5万", "四五万", "三到五万", "4万~5万", "4万以上", "不到4万", "不超过4万", "至少4万",
     "十几万", "好几千", "四万多", "4万余元", "400*12", "400×12", "每月400", "400元/月", "400+500", "-400", "4,20", "1e30",
     "4.2.1", "=400*12", "见附件", "大约四五千"],
)  # fmt: skip
def test_what_is_no_one_figure_is_none(written: str | None, rules: Rules) -> None:
    assert read_amount(Cell(written), rules) == (None, False)


def test_a_column_in_ten_thousands_scales_only_bare_figures(rules: Rules) -> None:
    assert read_amount(Cell("4.2"), rules, unit=10_000).yuan == 42_000
    assert read_amount(Cell("4200元"), rules, unit=10_000).yuan == 4_200


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("1", 1),
        ("１２", 12),
        ("12人", 12),
        ("十二名", 12),
        ("两个人", 2),
        ("仨", 3),
        (12, 12),
        (12.0, 12),
        ("共12人", 12),
    ],
)
def test_a_headcount_is_read(written: object, people: int, rules: Rules) -> None:
    assert read_headcount(Cell(written), rules.headcount_words) == people  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "written", ["", None, "十几人", "20多人", "约20人", "3-5人", "全车间", "不详", "0", "1.5"]
)
def test_what_is_no_number_of_people_is_none(written: str | None, rules: Rules) -> None:
    assert read_headcount(Cell(written), rules.headcount_words) is None


@pytest.mark.parametrize(
    ("written", "least"), [("30多人", 30), ("十余人", 10), ("20-30人", 20), ("不详", None)]
)
def test_the_least_a_vague_headcount_says(written: str, least: int | None) -> None:
    assert least_headcount(Cell(written)) == least
