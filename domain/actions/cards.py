"""黄牌、红牌: a record against a unit, which the unit may appeal and whom the policy names may withdraw."""

from typing import Literal

from domain.actions.conditions import when
from domain.actions.form import Form, LongText, Material, asks

Fault = Literal[
    "误发：当时依法或依流程无法办理", "时限计算有误", "已按期办理，登记迟延", "应由其他单位办理",
    "时限已中止或延期", "不可抗力", "其他",
]  # fmt: skip
WITHDRAWN, UPHELD = "撤销", "维持"


class AppealCard(Form):
    """申诉: the unit says why the card should not stand; it stands until the appeal is decided."""

    verb, basis = "申诉黄红牌", "县级政策（黄红牌）；黄红牌为内部提醒，单位可以申诉"
    kind: Literal["appeal_card"] = "appeal_card"
    card: int = asks("黄红牌", choices="own_cards")
    ground: Fault = asks("申诉理由")
    explanation: LongText = asks("具体情况")
    proof: Material | None = asks("证明材料", default=None)


class DecideCardAppeal(Form):
    """撤销 or 维持, by another unit than the one that has the card."""

    verb, basis, final = "决定黄红牌申诉", "县级政策（黄红牌）；参照信访工作条例第三十五条（复查）", True
    kind: Literal["decide_card_appeal"] = "decide_card_appeal"
    decision: Literal["撤销", "维持"] = asks("决定")
    ground: Fault | None = asks("撤销理由", when=when("decision", WITHDRAWN))
    explanation: LongText = asks("决定的理由")


class WithdrawCard(Form):
    """撤销 without an appeal: whoever decides on appeals sees itself that the card should not stand."""

    verb, basis, final = "撤销黄红牌", "县级政策（黄红牌）", True
    kind: Literal["withdraw_card"] = "withdraw_card"
    card: int = asks("黄红牌", choices="standing_cards")
    ground: Fault = asks("撤销理由")
    explanation: LongText = asks("具体情况")
