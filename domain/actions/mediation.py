"""调解, 三（七）: voluntary, bounded in time, and never at the price of the premium."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.actions.conditions import unless, when
from domain.actions.days import Due, Happened, Happening
from domain.actions.disposal import Yuan
from domain.actions.form import (
    Asked,
    Confirmed,
    Form,
    LongText,
    Material,
    OfficerName,
    PersonName,
    Text,
    asks,
)
from domain.actions.intake import SaidWay
from domain.actions.meetings import Party


class Consent(Asked):
    """One side's voluntary statement."""

    party: Party = asks("当事人")
    way: Literal["书面申请", "口头申请，已记入笔录"] = asks("表示方式")
    on: Happened = asks("日期")


class StartMediation(Form):
    """Both sides agree; the team and the room are named (人民调解法 17)."""

    verb, basis = "启动调解", "人民调解法第十七条至第二十条；劳动争议调解仲裁法第十四条；县方案三（七）"
    handles = True
    kind: Literal["start_mediation"] = "start_mediation"
    consents: Annotated[list[Consent], Field(min_length=1)] = asks("自愿声明", "须各方当事人都同意")
    chief: OfficerName = asks("首席调解员")
    members: list[OfficerName] = asks("调解员", default=[])
    room: Text = asks("调解室")


class DeclineMediation(Form):
    """A party does not want it: the step counts as taken, the next opens."""

    verb, basis = "登记不同意调解", "人民调解法第十七条（自愿）"
    kind: Literal["decline_mediation"] = "decline_mediation"
    who: Annotated[list[Party], Field(min_length=1)] = asks("不同意的一方")
    said_way: SaidWay = asks("表示方式")
    said_on: Happened = asks("表示日期")


class Instalment(Asked):
    """One payment agreed."""

    due: Due = asks("日期")
    amount: Annotated[Yuan, Field(gt=0)] = asks("金额", unit="元")


PAID_BACK = ("全额补缴", "减免部分")


class DraftAgreement(Form):
    """协议草案: what the law asks about are choices; an unlawful choice or wording is refused with its article."""

    verb, basis = (
        "提交协议草案",
        "社会保险法第十二条、第六十条、第八十六条；社会保险费征缴暂行条例第十二条；法释〔2025〕12号第十九条",
    )
    kind: Literal["draft_agreement"] = "draft_agreement"
    facts: LongText = asks("主要事实和争议事项")
    principal: Literal["全额补缴", "减免部分", "不涉及补缴"] = asks("本金")
    coverage: Literal["全部应缴期间", "部分期间，其余另行处理", "部分期间，其余视为了结"] | None = asks(
        "期间", when=when("principal", *PAID_BACK)
    )
    amount: Yuan | None = asks("补缴本金", unit="元", when=when("principal", *PAID_BACK))
    late_fee: Literal["单位依法承担，由税务机关核定", "职工承担", "双方分担", "免除"] | None = asks(
        "滞纳金", when=when("principal", *PAID_BACK)
    )
    pay_to: Literal["缴入社会保险基金", "支付给职工本人", "由单位留作抵扣"] | None = asks(
        "款项去向", when=when("principal", *PAID_BACK)
    )
    waiver: bool = asks("是否约定职工放弃参保、缴费或今后主张")
    set_off: bool = asks("是否以补贴、借款等抵扣")
    instalments: list[Instalment] = asks(
        "分期履行", "一次付清的写一期，写明哪天前付清；各期合计须等于补缴本金", default=[]
    )
    terms: Annotated[list[LongText], Field(min_length=1)] = asks("协议条款", "逐条写明")


class ReviewAgreement(Form):
    """协议审查: passes the draft that waits, or not."""

    verb, basis = "审查协议", "县方案三（七）；人民调解法第五条"
    kind: Literal["review_agreement"] = "review_agreement"
    result: Literal["通过", "不通过，须修改"] = asks("审查意见")
    objections: LongText | None = asks("须修改之处", when=when("result", "不通过，须修改"))


class Signer(Asked):
    """Who signed for one side."""

    party: Party = asks("当事人")
    signer: PersonName = asks("签名人")
    capacity: Literal["本人", "法定代表人", "代表人", "委托代理人（特别授权）"] = asks("身份")


class ConcludeAgreement(Form):
    """Signed; the text is that of the draft on the table."""

    verb, basis, final = "签订调解协议", "人民调解法第二十八条至第三十一条、第三十三条", True
    handles = True
    kind: Literal["conclude_agreement"] = "conclude_agreement"
    form: Literal["书面", "口头，已记录"] = asks("协议形式")
    signers: Annotated[list[Signer], Field(min_length=1)] = asks("签名", "须各方当事人都签名")
    signed_on: Happened = asks("签订日期")
    confirm_told: Confirmed = asks("已告知可共同申请司法确认")


class EndMediation(Form):
    """调解终止 (人民调解法 26): the ways from here are told."""

    verb, basis, final = "终止调解", "人民调解法第二十六条；县方案附件三（三）", True
    handles = True
    kind: Literal["end_mediation"] = "end_mediation"
    reason_code: Literal[
        "一方不愿继续", "分歧较大无法达成", "一方不到场", "期限届满", "劳动关系须先确认", "涉嫌违法应当查处",
        "协议未履行",
    ] = asks("终止原因")  # fmt: skip
    explanation: Text | None = asks("情况说明", default=None)
    told_ways: Annotated[
        list[Literal["调查核实处理", "劳动仲裁", "民事诉讼", "行政复议"]], Field(min_length=1)
    ] = asks("已告知的途径")


ONE_SIDED = "仅一方申请"


class ApplyJudicialConfirmation(Form):
    """The application; its day is what the thirty days bind."""

    verb, basis = "登记申请司法确认", "人民调解法第三十三条；民事诉讼法第二百零五条、第二百零六条"
    kind: Literal["apply_judicial_confirmation"] = "apply_judicial_confirmation"
    applied_on: Annotated[date, Happening("signed")] = asks("申请日期")
    by: Literal["双方共同申请", "一方申请、另一方同意", "仅一方申请"] = asks("申请方式")


class RecordJudicialConfirmation(Form):
    """What the court said."""

    verb, basis = "登记司法确认结果", "民事诉讼法第二百零六条"
    kind: Literal["record_judicial_confirmation"] = "record_judicial_confirmation"
    result: Literal["裁定协议有效", "裁定驳回申请", "不予受理", "申请人撤回"] = asks("结果")
    ruled_on: Annotated[date, Happening("applied")] = asks("裁定日期")
    paper: Material | None = asks("裁定书", when=unless("result", "申请人撤回"))
