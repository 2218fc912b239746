"""Phones, 证件号码, names, employers and their codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importing.documents import Document, read_document
from importing.parties import read_employer, read_person, read_phone, read_uscc
from importing.plain import EMPTY, Cell
from importing.rules import Rules, load_rules

from .exports import FIRM, firm_code, id_number

RULES = load_rules("pianguan")
MOBILE = "19912340001"


def phone(value: object) -> str | None:
    return read_phone(Cell(value), RULES.phone_hidden | RULES.blank).usable  # type: ignore[arg-type]


def document(number: object, kind: str = "", *, firm: bool = False) -> Document:
    return read_document(Cell(number), Cell(kind) if kind else EMPTY, RULES.blank, firm=firm)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "written",
    [MOBILE, "199 1234 0001", "199-1234-0001", "+8619912340001", "+86 199 1234 0001", "0086-19912340001", "019912340001",
     "１９９１２３４０００１", 19912340001, 19912340001.0, "1.9912340001E+10", '="19912340001"', "'19912340001", "\t19912340001",
     "电话：19912340001", "19912340001/19912340002", "19912340001 19912340002", "19912340001　13912340002",
     "1991234000119912340002", "本人19912340001，儿子13912340002", "0350-99 19912340001", "19912340001和19912340002"],
)  # fmt: skip
def test_a_mobile_number_is_bare_digits(written: object) -> None:
    assert phone(written) == MOBILE


@pytest.mark.parametrize(
    "written", ["0350-9912345", "(0350)9912345", "（0350）9912345", "03509912345", "+86-350-9912345"]
)
def test_a_landline_keeps_its_area_code(written: str) -> None:
    assert phone(written) == "0350-9912345"


@pytest.mark.parametrize(
    "written",
    [
        "",
        None,
        "隐藏号码",
        "无",
        "199123400",
        "199123400012",
        "12912340001",
        "9912345",
        "199****0001",
        "1.99E+10",
    ],
)
def test_a_number_nobody_can_call_is_none(written: str | None) -> None:
    assert phone(written) is None


@given(st.integers(0, 999), st.sampled_from(["{}", " {} ", "{}\t", '="{}"']))
def test_an_identity_number_is_read_however_it_is_set_apart(n: int, form: str) -> None:
    number = id_number(n)
    spaced = f"{number[:6]} {number[6:14]}-{number[14:]}".lower()
    for written in (
        form.format(number),
        spaced,
        number.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ):
        assert document(written).usable == number


@given(st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_found_and_kept_for_the_officer(n: int, place: int, by: int) -> None:
    number = id_number(n)
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert document(wrong) == (None, wrong, None)


@pytest.mark.parametrize("written", ["", None, "无", "142234921016161", 142234199210160000])
def test_what_cannot_be_checked_is_no_identity_number(written: object) -> None:
    assert document(written).usable is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name",
    [
        "测试甲",
        "测 试 甲",
        "欧阳测试",
        "测试甲（代母亲）",
        "阿依·买买提",
        "周女",
        "测试甲 ",
        "测试甲、测试乙",
        "测试甲等11人",
    ],
)
def test_a_full_name(name: str) -> None:
    assert read_person(Cell(name), RULES.names, RULES.blank).full


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("卜𬭎", "卜𬭎"), ("戚𫖮", "戚𫖮"), ("测㙓", "测㙓"), ("测〇", "测〇"), ("𠅤测", "𠅤测"), ("测鿍", "测鿍"),
        ("买买提•艾力", "买买提·艾力"), ("买买提‧艾力", "买买提·艾力"), ("买买提.艾力", "买买提·艾力"),
        ("阿卜杜热西提 · 吐尔逊江", "阿卜杜热西提·吐尔逊江"), ("迪丽·古丽·测", "迪丽·古丽·测"),
        ("Max Test", "Max Test"), ("NGUYEN  THI TEST", "NGUYEN THI TEST"), ("Anne-Marie O’Test", "Anne-Marie O’Test"),
        ("José Tést", "José Tést"), ("Иван Тестов", "Иван Тестов"), ("テスト タロウ", "テスト タロウ"), ("김테스트", "김테스트"),
        ("Ｌｉ　Ｔｅｓｔ", "Li Test"),
    ],
)  # fmt: skip
def test_a_name_in_any_script_is_whole(written: str, name: str) -> None:
    assert read_person(Cell(written), RULES.names, RULES.blank) == (name, True, False, False)


@pytest.mark.parametrize("name", ["Mr", "T1", "12", "John XX", "测\ue123", "A B"])
def test_what_is_no_whole_name_in_any_script(name: str) -> None:
    assert not read_person(Cell(name), RULES.names, RULES.blank).full


@pytest.mark.parametrize(
    ("name", "firm"),
    [
        (FIRM, True), ("刻舟求剑商行", True), ("偏关县守株待兔砖厂", True), ("杞人忧天（偏关）有限公司", True),
        ("偏关县井底之蛙养殖专业合作社", True), ("欧阳测行", False), ("测试城", False), ("某某有限公司", False),
        ("测试甲", False), ("公司", False),
    ],
)  # fmt: skip
def test_an_employer_may_apply(name: str, firm: bool) -> None:
    assert read_person(Cell(name), RULES.names, RULES.blank).firm == firm


@pytest.mark.parametrize(
    "name",
    ["测先生", "测女士", "测师傅", "测某", "测某某", "测**", "小测", "老测", "测", "职工代表", "群众", "一位市民",
     "测大姐", "李会计", "测x", "测1", "不详"],
)  # fmt: skip
def test_a_form_of_address_is_no_full_name(name: str) -> None:
    person = read_person(Cell(name), RULES.names, RULES.blank)
    assert not person.full
    assert not person.anonymous


@pytest.mark.parametrize("name", ["匿名", "（匿名）", "匿名群众", "不愿透露姓名", "保密"])
def test_who_gives_no_name_is_anonymous(name: str) -> None:
    assert read_person(Cell(name), RULES.names, RULES.blank) == (None, False, True, False)


def employer(name: object) -> bool:
    return read_employer(Cell(name), RULES.units, RULES.places.home, RULES.blank).named  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name",
    [
        "偏关县杞人忧天建材有限公司",
        "  偏关县刻舟求剑造船厂 ",
        "东街杞人理发店",
        "偏关县第九中学",
        "县第九医院",
        "某乡镇便民服务中心大厅（虚构）",
    ],
)
def test_a_named_employer(name: str) -> None:
    assert employer(name)


@pytest.mark.parametrize(
    "name",
    [None, "", "无", "某公司", "某某建材有限公司", "偏关县某厂", "东街某饭店", "一家饭店", "厂里", "我们单位", "老板", "工地",
     "XX公司",
     "***", "洗车店（几家）", "不知道名字的厂子", "偏关县煤矿", "个体户"],
)  # fmt: skip
def test_an_employer_nobody_could_find(name: str | None) -> None:
    assert not employer(name)


def test_a_credit_code_is_checked(rules: Rules) -> None:
    code = firm_code()
    assert read_uscc(Cell(f" {code.lower()} "), rules.blank).usable == code
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    assert read_uscc(Cell(wrong), rules.blank) == (None, wrong)
    assert read_uscc(Cell(None), rules.blank) == (None, None)
