"""Numbers that name somebody: one rule for every channel, and words that say what to look at without the number."""

import pytest

from domain.intake import Intake
from domain.numbers import credit_code_fault, document_fault, filer_fault, phone_fault, wrong_numbers
from domain.plausible import implausible
from tests.domain.test_intake import GIVEN

RIGHT = "142234197801018817"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (RIGHT, None),
        ("１４２２３４１９７８０１０１８８１７", None),
        ("1422 3419 7801 0188 17", None),
        ("142234197801018818", "末位校验不符"),
        ("142234197813018817", "不是真实的出生日期"),
        ("142234197802308817", "不是真实的出生日期"),
        ("142234209901018817", "不是真实的出生日期"),
        ("1422341978010188", "这里是 16 位"),
        ("142234780101881", "这里是 15 位"),
        ("EA1234567", None),
        ("台胞证12345678", None),
        ("12345678", "这里是 8 位"),
        ("不记得了", "这里是 0 位"),
    ],
)
def test_a_document_is_checked_by_its_digits_and_its_day(number: str, said: str | None) -> None:
    fault = document_fault(number)
    assert (fault is None) == (said is None)
    if fault:
        assert said
        assert said in fault
        assert number not in fault


def test_a_region_that_is_none_is_told_as_such() -> None:
    from stdnum.cn import ric

    body = "99223419780101881"
    fault = document_fault(body + ric.calc_check_digit(body + "0"))
    assert fault is None or "行政区划" in fault


@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("19900001234", True),
        ("199-0000-1234", True),
        ("+86 199 0000 1234", True),
        ("0350-7650000", True),
        ("（0350）7650000", True),
        ("7650000", False),
        ("12900001234", False),
        ("1990000123", False),
        ("199000012345", False),
        ("没有", False),
    ],
)
def test_a_telephone_is_a_mobile_or_has_its_area_code(number: str, good: bool) -> None:
    assert (phone_fault(number) is None) == good


def test_a_firm_is_known_by_its_code_and_applies_by_it() -> None:
    code = "91140932MA0000074B"
    assert credit_code_fault(code) is None
    assert "这里是 17 位" in (credit_code_fault(code[:-1]) or "")
    assert "校验位" in (credit_code_fault(code[:-1] + "A") or "")
    assert filer_fault(code) is None
    assert document_fault(code) is not None


def test_every_number_of_a_registration_is_told_at_its_field() -> None:
    wrong = Intake.model_validate(
        {
            **GIVEN,
            "applicant": {
                "name": "测试甲",
                "id_number": RIGHT[:-1],
                "phone": "7650000",
                "headcount": 2,
                "members": [
                    {"line": 1, "name": "测试甲", "id_number": RIGHT},
                    {"line": 7, "name": "测试乙", "id_number": "142234197801018818", "phone": "1"},
                ],
            },
            "respondents": [{"name": "某厂", "uscc": "91140932MA0000074A", "contact_phone": "1"}],
        }
    )
    said = dict(wrong_numbers(wrong))
    assert list(said) == [
        "applicant.id_number",
        "applicant.phone",
        "applicant.members.1.id_number",
        "applicant.members.1.phone",
        "respondents.0.uscc",
        "respondents.0.contact_phone",
    ]
    assert said["applicant.members.1.phone"].startswith("名册第 7 行的电话不对")
    assert [one.field for one in implausible(wrong, None)] == list(said)
    kept = wrong.model_copy(update={"unconfirmed": list(said)})
    assert not list(implausible(kept, None))


@pytest.mark.parametrize("area", ["140932", "142201", "142232", "441581", "500101", "140603"])
@pytest.mark.parametrize("born", ["19490102", "19700102", "19880102", "19990102", "20050102"])
def test_a_number_given_out_long_after_the_birth_is_one(area: str, born: str) -> None:
    from stdnum.cn import ric

    body = f"{area}{born}001"
    assert document_fault(body + ric.calc_check_digit(body + "0")) is None


def test_a_number_of_no_place_or_no_day_is_none() -> None:
    from stdnum.cn import ric

    for body in ("11993219880102001", "00000019880102001", "14093219881302001", "14093218990102001"):
        assert document_fault(body + ric.calc_check_digit(body + "0")), body
