"""Why somebody looks names nobody: the one rule for every reason that the audit or a record keeps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.declined import Declined
from domain.reasons import LONGEST_REASON, SHORTEST_REASON, require_reason

NAME, PLAIN = "牛某某", "电话核实欠费月份"
NUMBERS = (
    "13812345678",
    "138 1234 5678",
    "138-1234-5678",
    "１３８１２３４５６７８",
    "0350-7654321",
    "14223419780101881X",
    "142234780101881",
    "6222 0212 3456 7890 123",
)


@pytest.mark.parametrize("number", NUMBERS)
def test_nobodys_number_stands_in_a_reason(number: str) -> None:
    for reason in (number, f"打电话{number}问", f"核实 {number} 的欠费"):
        with pytest.raises(Declined) as caught:
            require_reason(reason)
        assert (caught.value.code, caught.value.field) == ("names_somebody", "reason")


@given(st.sampled_from(["", " ", "　", "\u200b"]), st.text(alphabet="问电话核实欠费", max_size=20))
def test_no_name_stands_in_a_reason_however_it_is_spaced(between: str, around: str) -> None:
    with pytest.raises(Declined, match="不要写姓名"):
        require_reason(f"{around}{between.join(NAME)}{around}来电", [NAME, "郝"])


@pytest.mark.parametrize(
    "reason",
    [
        PLAIN,
        "偏社争〔2026〕0001号办理需要",
        "核对 2026 年 3 月至 5 月 2400.00 元",
        "工单 RX-20261101-001 回复",
    ],
)
def test_what_names_nobody_is_kept_as_it_is(reason: str) -> None:
    assert require_reason(f" {reason} ", [NAME]) == reason


@pytest.mark.parametrize(
    "reason", ["", "   ", "看看", "问" * (SHORTEST_REASON - 1), "问" * (LONGEST_REASON + 1)]
)
def test_a_reason_says_something_and_not_a_story(reason: str) -> None:
    with pytest.raises(Declined) as caught:
        require_reason(reason)
    assert (caught.value.code, caught.value.field) == ("no_reason", "reason")
