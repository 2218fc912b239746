"""适时介入 (the plan's annex, 三（二）): a unit without a part in the matter is invited, and answers."""

from typing import Annotated, Literal

from pydantic import Field

from domain.actions.conditions import when
from domain.actions.form import Form, LongText, OfficerName, Text, Unit, asks

Purpose = Literal[
    "涉访群体教育疏导和稳控", "信访联合接待场所化解", "诉调对接和法律指导", "派驻调解员参与调解", "人民调解支持",
    "普法宣传", "专业核查",
]  # fmt: skip


class InviteUnit(Form):
    """Asks a unit that has no part in the matter to come in: for what, and why."""

    verb, basis = (
        "邀请介入",
        "县方案三（二）、附件三（二）（司法、公安、法院、信访等部门适时介入）；人民调解法第二十条",
    )
    kind: Literal["invite_unit"] = "invite_unit"
    unit: Unit = asks("邀请单位", choices="invitable")
    purpose: Purpose = asks("介入事项")
    reason: Text = asks("邀请理由")


JOINS, DECLINES, WRITES = "参加", "不参加", "提交书面意见"


class AnswerInvitation(Form):
    """Comes in, does not, or says in writing what it has to say and has no further part."""

    verb, basis = "答复介入邀请", "县方案附件三（二）"
    kind: Literal["answer_invitation"] = "answer_invitation"
    answer: Literal["参加", "不参加", "提交书面意见"] = asks("答复")
    officers: Annotated[list[OfficerName], Field(min_length=1)] | None = asks(
        "参加人员", when=when("answer", JOINS)
    )
    reason: Text | None = asks("不参加的理由", when=when("answer", DECLINES))
    opinion: LongText | None = asks("书面意见", when=when("answer", WRITES))
