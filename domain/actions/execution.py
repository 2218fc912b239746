"""四、后续执行: each act by its own name, with what it must name."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.actions.conditions import when
from domain.actions.days import Happened, HappenedEver, Happening, PastMonth
from domain.actions.disposal import Claims, Yuan
from domain.actions.form import Asked, Form, Material, Text, WholeDays, asks
from domain.intake import ClaimNo


class Served(Form):
    """送达: whether, when and how a paper reached whom it is for; its terms count from that day."""

    served: bool = asks("是否已送达", "期限自送达之日起算")
    served_on: Annotated[date, Happening("order")] | None = asks(
        "送达日期", "公告送达自公告之日起满30日", when=when("served", True)
    )
    served_by: (
        Literal["直接送达", "留置送达", "邮寄送达", "委托送达", "电子送达（经同意）", "公告送达"] | None
    ) = asks("送达方式", when=when("served", True))


class Arrears(Asked):
    """What is owed of one claim."""

    claim: ClaimNo = asks("子项", choices="premium_claims")
    principal: Yuan = asks("本金", unit="元")


class OrderPayment(Served):
    """责令限期缴纳: the levying body's own order."""

    verb, basis, final = (
        "责令限期缴纳",
        "社会保险法第六十三条、第八十六条；行政复议法第二十七条；令20（参照）",
        True,
    )
    handles = True
    kind: Literal["order_payment"] = "order_payment"
    arrears: Annotated[list[Arrears], Field(min_length=1)] = asks("欠缴明细")
    pay_by: WholeDays = asks("缴纳期限", "自送达之日起", unit="工作日")


class DemandPerformance(Served):
    """催告: the written demand before compulsory enforcement."""

    verb, basis, final = "催告", "行政强制法第三十五条、第三十八条、第五十四条、第六十九条", True
    handles = True
    kind: Literal["demand_performance"] = "demand_performance"
    amount: Yuan = asks("应缴金额", "本金和滞纳金", unit="元")
    pay_by: WholeDays = asks("履行期限", "催告书送达十日（工作日）后方可申请强制执行", unit="工作日")


BY_COURT = "行政强制法第五十三条（决定已过复议诉讼期）"


class ApplyEnforcement(Form):
    """申请强制执行 or 划拨: only after the demand's ten working days (行政强制法 54)."""

    verb, basis, final = "申请强制执行", "行政强制法第五十三条、第五十四条；社会保险法第六十三条", True
    handles = True
    kind: Literal["apply_enforcement"] = "apply_enforcement"
    measure: Literal["申请人民法院强制执行", "申请划拨存款"] = asks("措施")
    ground: Literal[
        "行政强制法第五十三条（决定已过复议诉讼期）", "社会保险法第六十三条第三款（未足额缴纳且未提供担保）"
    ] = asks("申请依据")
    amount: Yuan = asks("申请金额", unit="元")
    applied_on: Annotated[date, Happening("waited")] = asks("申请日期")


BY_FORCE = ("法院执行", "银行划拨")
ELSEWHERE = "外地或上级税务机关"


class PaidPart(Asked):
    """What of a payment is principal of one claim."""

    claim: ClaimNo = asks("子项", choices="premium_claims")
    principal: Yuan = asks("本金", unit="元")


class RecordPayment(Form):
    """到账: principal and late fee apart, yuan."""

    verb, basis, final = "登记到账", "社会保险法第六十条、第八十六条", True
    kind: Literal["record_payment"] = "record_payment"
    parts: Annotated[list[PaidPart], Field(min_length=1)] = asks("到账明细", "逐个子项写明到账的本金")
    paid_on: HappenedEver = asks("到账日期")
    late_fee: Yuan = asks("滞纳金", "没有的填0", unit="元")
    paid_to: Literal["缴入社会保险基金", "支付给职工本人"] = asks("款项去向")
    collected_by: Literal["本县税务机关", "外地或上级税务机关", "法院执行", "银行划拨"] = asks("征收方式")
    instalment: int | None = asks("对应期次", "不对应分期的不填", default=None, choices="instalments", ge=1)


PaymentNo = Annotated[int, Field(ge=1)]
"""The place of a payment among all that were recorded in the matter, from 1."""


class WithdrawPayment(Form):
    """更正: a payment recorded in error, or sent back, counts no more; that it was recorded stays on record."""

    verb, basis, final = "撤销到账登记", "社会保险法第八十六条（须足额补缴）；县级政策（更正登记）", True
    kind: Literal["withdraw_payment"] = "withdraw_payment"
    payment: PaymentNo = asks("到账登记", "撤销后按未到账计算，须补办的请另行登记", choices="payments")
    reason: Literal["金额录入有误", "日期录入有误", "登记到别的案件", "款项被退回"] = asks("撤销原因")
    explanation: Text = asks("说明", "不写姓名、号码")


class RecordRefund(Form):
    """退费到账."""

    verb, basis, final = "登记退费", "县方案三（二）", True
    handles = True
    kind: Literal["record_refund"] = "record_refund"
    claim: ClaimNo = asks("子项", choices="refund_claims")
    amount: Yuan = asks("退费金额", unit="元")
    to: Literal["用人单位", "职工本人", "居民本人"] = asks("退给")
    paid_on: Happened = asks("退付日期")


class RecordRightsRestored(Form):
    """权益落实: enrolled, credited, transferred, corrected, paid."""

    verb, basis, final = "登记权益落实", "社会保险法第五十八条、第八十四条；社会保险经办条例", True
    handles = True
    kind: Literal["record_rights_restored"] = "record_rights_restored"
    claim: ClaimNo = asks("子项", choices="claims")
    restored: Literal[
        "补办参保登记", "补记缴费年限", "转移接续完成", "更正缴费信息", "停保减员", "待遇补发", "待遇重新核定"
    ] = asks("落实内容")
    from_month: PastMonth | None = asks(
        "起始月份", "如 2024-03", when=when("restored", "补办参保登记", "补记缴费年限"), optional=True
    )
    amount: Yuan | None = asks("补发金额", unit="元", when=when("restored", "待遇补发"))
    done_on: HappenedEver = asks("办结日期")


class ReportExecuted(Form):
    """执行完毕."""

    verb, basis, final = "报告执行完毕", "县方案附件四", True
    handles = True
    kind: Literal["report_executed"] = "report_executed"
    claims: Claims = asks("子项", choices="claims")
    unpaid_ground: (
        Literal[
            "生效裁判变更了金额",
            "更正核定后无欠费",
            "破产程序已申报债权",
            "法院终结本次执行",
            "单位注销且无可供执行财产",
        ]
        | None
    ) = asks("未足额到账的依据", needed="认定或约定的本金未全部到账的须选")
    unpaid_paper: Material | None = asks("依据材料", default=None)


class ReportUnexecuted(Form):
    """未能执行: why, and what comes next."""

    verb, basis = "报告未能执行", "县方案四（二）跟踪问效"
    handles = True
    kind: Literal["report_unexecuted"] = "report_unexecuted"
    reason_code: Literal[
        "单位账户冻结或无资金", "单位失联", "按协议分期履行中", "已申请强制，等待结果", "等待裁判或上级答复", "当事人不配合办理",
        "正在办理，尚未到位",
    ] = asks("未执行原因")  # fmt: skip
    next: Literal["责令限期缴纳", "催告", "申请划拨", "申请强制执行", "移送处罚线索", "继续跟踪"] = asks(
        "下一步"
    )
    explanation: Text | None = asks("情况说明", default=None)
