"""脱敏 by the policy's rules."""

import pytest

from domain.masking import called_by, mask, mask_name, mask_text, names_somebody
from domain.policy_rules import MaskRule
from policies import load

MASKS = load("pianguan").masks


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("name", "王小明", "王**"),
        ("name", "王明", "王*"),
        ("name", "王", "*"),
        ("id_number", "140932199001011212", "140*************12"),
        ("phone", "13812345678", "138****5678"),
        ("phone", "110", "***"),
        ("card", "6222021122334455", "************4455"),
        ("address", "偏关县尚峪镇尚峪村十二号", "偏关县尚峪镇尚峪村***"),
        ("address", "新关镇东关街十二号", "新关镇***"),
        ("address", "某处", "***"),
    ],
)
def test_each_identity_by_its_rule(kind: str, text: str, shown: str) -> None:
    assert mask(text, MASKS[kind]) == shown


def test_a_county_may_show_less() -> None:
    stricter = MaskRule(head=0, basis="县里规定", tag="D")
    assert mask("王小明", stricter) == "***"


@pytest.mark.parametrize(("name", "shown"), [("王小明", "王**"), ("王", "*"), ("", "*"), ("匿名", "匿名")])
def test_a_name_where_no_policy_is_at_hand(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("王小明和王小的电话", "王**和王*的电话"),
        ("电话13812345678。", "电话138****5678。"),
        ("电话１３８１２３４５６７８", "电话138****5678"),
        ("证号14093219900101121x", "证号140*************1x"),
        ("单号 PG12345-2026090300118 不变", "单号 PG12345-2026090300118 不变"),
        ("2025年10月欠4980.00元", "2025年10月欠4980.00元"),
    ],
)
def test_free_text(text: str, shown: str) -> None:
    assert mask_text(text, MASKS, ["王小", "王小明"]) == shown


@pytest.mark.parametrize(
    "text",
    ["13812345678", "tax-13812345678", "id:140932199001011212", "x/14093219900101121X", "140932900101121"],
)
def test_a_number_that_names_somebody_is_known(text: str) -> None:
    assert names_somebody(text)


@pytest.mark.parametrize(
    "text",
    [
        "alive-f17f785013547902539d-22",
        "4b7ca143-1381-2345-6789-138123456781",
        "01c83c43-163a-407d-99f4-039539586663",
        "tax-0001",
        "s10#3",
        "202609280012345",
        "202609281534567890",
    ],
)
def test_an_id_made_by_a_machine_names_nobody(text: str) -> None:
    assert not names_somebody(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("加我微信ouyang123说", "加我微信*********说"),
        ("微信号：wx_ab-12，QQ 123456789", "微信号*********，QQ**********"),
        ("QQ号是10001234", "QQ号*********"),
        ("微信120000元转给他", "微信120000元转给他"),
        ("微信群里说的", "微信群里说的"),
        ("用微信转过300元", "用微信转过300元"),
    ],
)
def test_what_somebody_is_found_by_in_a_network(text: str, shown: str) -> None:
    assert mask_text(text, MASKS, []) == shown


@pytest.mark.parametrize(
    ("name", "known", "strange"),
    [
        ("欧阳玉强", ["小欧阳", "欧阳师傅", "玉强", "欧阳某某"], ["欧阳路", "欧"]),
        ("温玉强", ["老温", "温大姐", "玉强"], ["温", "强"]),
        ("温强", ["小温", "温某"], ["强"]),
    ],
)
def test_how_a_reporter_is_called(name: str, known: list[str], strange: list[str]) -> None:
    assert set(known) <= set(called_by(name))
    assert not set(strange) & set(called_by(name))
