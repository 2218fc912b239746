"""证件号码 of everybody the law insures. The numbers have the right form and belong to nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from importing.documents import read_document
from importing.plain import EMPTY, Cell
from importing.rules import load_rules

from .exports import firm_code, id_number, judge_rows, ticket

RULES = load_rules("pianguan")


def checked(body: str) -> str:
    return body + ric.calc_check_digit(body + "0")


def read(number: str, kind: str = "", *, firm: bool = False) -> tuple[bool, str | None]:
    found = read_document(Cell(number), Cell(kind) if kind else EMPTY, RULES.blank, firm=firm)
    assert found.written
    return found.usable is not None, found.unchecked


@pytest.mark.parametrize(
    "body",
    ["81000019880315000", "82000020010630118", "83000019751231123", "91115619880315001", "94184020020228022"],
)
def test_permits_and_permanent_cards_prove_themselves(body: str) -> None:
    assert read(checked(body)) == (True, None)
    assert read(checked(body).lower()) == (True, None)


@given(st.sampled_from(["81000019880315000", "91115619880315001"]), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_found(body: str, place: int, by: int) -> None:
    number = checked(body)
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert read(wrong) == (False, None)


@pytest.mark.parametrize("body", ["81000019881315000", "84000019880315000", "91115619880230001"])
def test_a_day_or_a_place_that_does_not_exist(body: str) -> None:
    assert read(checked(body)) == (False, None)


@pytest.mark.parametrize(
    ("number", "kind", "unchecked"),
    [
        ("CAN110188031512", "", "外国人永久居留身份证（旧号）"),
        ("H12345678", "", "港澳居民来往内地通行证"),
        ("M1234567801", "", "港澳居民来往内地通行证"),
        ("12345678", "台胞证", "台湾居民来往大陆通行证"),
        ("E12345678", "", "护照"),
        ("EA1234567", "", "护照"),
        ("护照C01X00T47", "", "护照"),
        ("512345678", "护照", "护照"),
    ],
)
def test_a_number_that_proves_nothing_is_taken_and_said_to_be_unchecked(
    number: str, kind: str, unchecked: str
) -> None:
    assert read(number, kind) == (True, unchecked)
    row = ticket(证件号码=number, 证件类型=kind)
    [only] = judge_rows(RULES, row)
    assert only.outcome == "accept"
    assert only.notes() == [f"{unchecked}没有校验位，只核对了格式"]


@pytest.mark.parametrize(
    "number", ["12345678", "512345678", "CAN110188131512", "ABC", "142234921016161", "A1234"]
)
def test_what_no_document_looks_like(number: str) -> None:
    assert read(number) == (False, None)


def test_a_firm_is_known_by_its_credit_code() -> None:
    code = firm_code()
    assert read(code) == (False, None)
    assert read(code, firm=True) == (True, None)
    for changes in ({"证件号码": code}, {"证件号码": "", "统一社会信用代码": code}):
        [only] = judge_rows(
            RULES, ticket(**{"来电人": "偏关县刻舟求剑商贸有限公司", "被反映单位": "偏关县税务局", **changes})
        )
        assert (only.outcome, only.reading.id_number) == ("accept", code)
    [without] = judge_rows(RULES, ticket(来电人="偏关县刻舟求剑商贸有限公司", 证件号码="", 被反映单位=""))
    assert without.missing == ("统一社会信用代码",)


def test_a_person_is_not_known_by_a_firms_code() -> None:
    [only] = judge_rows(RULES, ticket(证件号码=firm_code()))
    assert only.missing == ("证件号码",)
    assert read(id_number()) == (True, None)
