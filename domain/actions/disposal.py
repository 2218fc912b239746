"""办理: opinions, dispositions, legal review, proceedings elsewhere, withdrawal."""

from typing import Annotated, Literal

from pydantic import Field

from domain.actions.conditions import given, unless, when
from domain.actions.days import Happened, HappenedEver, PastMonths
from domain.actions.form import Asked, Form, LongText, Material, Text, asks
from domain.actions.intake import SaidWay
from domain.intake import ClaimNo
from domain.words import Conclusion, Money

Claims = Annotated[list[ClaimNo], Field(min_length=1)]
Yuan = Annotated[Money, Field(ge=0)]


class View(Asked):
    """A consulted unit's view of one claim."""

    claim: ClaimNo = asks("子项", choices="claims")
    stance: Literal["支持诉求", "部分支持", "不支持", "仅提供事实材料", "不属本单位职责"] = asks("意见")
    amount: Yuan | None = asks("认定金额", default=None, unit="元")


class GiveOpinion(Form):
    """A consulted unit's opinion."""

    verb, basis = "提交协办意见", "县方案附件三（一）"
    handles = True
    kind: Literal["give_opinion"] = "give_opinion"
    views: Annotated[list[View], Field(min_length=1)] = asks("分项意见")
    facts: LongText = asks("查明的事实")
    ground: Text = asks("政策法律依据")


ORDERED, CORRECTED, ENROLLED, CREDITED = (
    "责令限期缴纳", "更正缴费基数并补差", "补办参保登记并核定", "补记或转移接续",
)  # fmt: skip
REFUNDED, BENEFIT = "退费", "补发待遇"
Measure = Literal[
    "责令限期缴纳",
    "补办参保登记并核定",
    "更正缴费基数并补差",
    "补记或转移接续",
    "退费",
    "补发待遇",
    "重新核定待遇",
]


class Result(Asked):
    """What is decided on one claim."""

    claim: ClaimNo = asks("子项", choices="own_claims")
    conclusion: Conclusion = asks("结论")
    measure: Measure | None = asks("处理方式", when=unless("conclusion", Conclusion.REJECT))
    principal: Yuan | None = asks("认定本金", unit="元", when=when("measure", ORDERED, CORRECTED))
    assessed: Yuan | None = asks(
        "核定本金", "登记后才能核定的可留空，由责令限期缴纳时写明",
        unit="元", when=when("measure", ENROLLED, CREDITED), optional=True,
    )  # fmt: skip
    refund: Yuan | None = asks("认定退费", unit="元", when=when("measure", REFUNDED))
    benefit: Yuan | None = asks("补发金额", unit="元", when=when("measure", BENEFIT))
    reason: LongText | None = asks("不支持或部分支持的理由", when=unless("conclusion", Conclusion.SUPPORT))
    competent: Text | None = asks(
        "主管部门的结论", "写明主管部门、文号和结论", needed="不属本单位职责、主管部门又未提出意见的子项须填"
    )

    @property
    def recognised(self) -> Money | None:
        """The premium it recognises, yuan."""
        return self.principal if self.principal is not None else self.assessed


class MemberResult(Asked):
    """One line of a group's roll whose result differs."""

    member: int = asks("人员", "名册中的序号", choices="members", ge=1)
    conclusion: Conclusion = asks("结论")
    reason: Text = asks("理由")


class IssueDisposition(Form):
    """The formal decision on the claims one answers for; a later one replaces the one in force on the same claims."""

    verb, basis, final = (
        "提交处置意见",
        "县方案附件三（三）；社会保险法第六十三条、第八十四条、第八十六条",
        True,
    )
    handles = True
    kind: Literal["issue_disposition"] = "issue_disposition"
    results: Annotated[list[Result], Field(min_length=1)] = asks("处置结论")
    late_fee: (
        Literal["自欠缴之日起按日万分之五另计", "非单位原因，依法不加收", "由税务机关另行核定"] | None
    ) = asks("滞纳金", when=given("results.principal", "results.assessed"))
    excepted_members: list[MemberResult] = asks("结论不同的人员", "未列出的人按上列结论", default=[])
    facts: LongText = asks("查明的事实")
    ground: Text = asks("法律依据")
    change_reason: LongText | None = asks("更替原意见的理由", needed="这些子项已有处置意见的须填")


OVERRULED = "不一致"


class UpholdDisposition(Form):
    """The decision stands after a sitting has studied what is said against it."""

    verb, basis = "维持处置意见", "县方案三（六）共同研究处置方案；附件三（一）"
    handles = True
    kind: Literal["uphold_disposition"] = "uphold_disposition"
    claims: Claims = asks("维持的子项", choices="disputed_claims")
    minutes: Literal["一致", "不一致"] = asks("与会议议定意见是否一致", "不一致的须更替处置意见")
    reason: LongText = asks("维持的理由")


class ObjectToDisposition(Form):
    """A unit disagrees with an opinion, report or minutes in force; the notice to the party waits."""

    verb, basis = "提出异议", "县方案附件三（一）"
    kind: Literal["object_to_disposition"] = "object_to_disposition"
    against: Literal["处置意见", "协办意见", "调查核实报告", "会议纪要"] = asks("针对")
    claims: Claims = asks("涉及子项", choices="claims")
    proposed: Literal["支持诉求", "部分支持", "不支持", "事实认定须复核", "程序须补正"] = asks("本单位意见")
    reason: LongText = asks("理由")


class SpotResult(Asked):
    """What was done about one claim at once."""

    claim: ClaimNo = asks("子项", choices="own_claims")
    conclusion: Conclusion = asks("结论")
    done: Literal["补办登记", "更正信息", "退费", "补缴到账", "答应补缴", "解答政策"] | None = asks(
        "办理内容", when=unless("conclusion", Conclusion.REJECT)
    )
    amount: Yuan | None = asks("金额", unit="元", when=when("done", "退费", "补缴到账", "答应补缴"))
    reason: LongText | None = asks("不支持或部分支持的理由", when=unless("conclusion", Conclusion.SUPPORT))


class FinishOnTheSpot(Form):
    """当场办结: decides and answers at once, where the tier's route has it."""

    verb, basis, final = "当场办结", "县级政策（当场办结）", True
    handles = True
    kind: Literal["finish_on_the_spot"] = "finish_on_the_spot"
    results: Annotated[list[SpotResult], Field(min_length=1)] = asks("办理结果")
    answer: LongText = asks("答复内容")
    accepted: Literal["认可", "不认可", "未表态"] = asks("当事人是否认可")


class GiveLegalReview(Form):
    """法制审核, answered by choice."""

    verb, basis = "出具法制审核意见", "劳动保障监察条例第二十条"
    kind: Literal["give_legal_review"] = "give_legal_review"
    result: Literal["可以", "可以，须修改", "不可以", "事实不足，退回补充"] = asks(
        "审核意见", "超过二年的：“可以”即可以受理和追缴"
    )
    ground: Text = asks("法律依据")
    explanation: LongText = asks("审核理由")


class RecordProceeding(Form):
    """A proceeding elsewhere has begun; whether this matter waits for it is chosen."""

    verb, basis = "登记进入法律程序", "县方案附件三（四）；劳动争议调解仲裁法第二十七条、第二十九条"
    kind: Literal["record_proceeding"] = "record_proceeding"
    proceeding: Literal["劳动仲裁", "民事诉讼", "行政复议", "行政诉讼", "强制执行", "破产程序"] = asks("程序")
    body: Text = asks("机关")
    number: Text | None = asks("案号", default=None)
    begun_on: HappenedEver = asks("受理日期")
    depends: bool = asks("是否须等待其结果", "选“是”，内部时限中止；法定时限不停")
    paper: Material = asks("受理文书")


RELATION = ("确认劳动关系", "确认部分期间")


class RecordRuling(Form):
    """What a proceeding elsewhere decided, and whether it is in force."""

    verb, basis = "登记裁判文书", "劳动争议调解仲裁法第四十七条至第五十一条；人社部规〔2016〕5号"
    kind: Literal["record_ruling"] = "record_ruling"
    ruling: Literal[
        "仲裁裁决书", "仲裁调解书", "民事判决书", "民事调解书", "裁定书", "复议决定书", "行政判决书"
    ] = asks("文书种类")
    outcome: Literal[
        "确认劳动关系", "确认部分期间", "不予确认", "驳回或不予受理", "撤回", "责令履行职责", "撤销或变更行政行为",
        "维持行政行为", "给付赔偿或补偿",
    ] = asks("结果")  # fmt: skip
    relation_period: PastMonths | None = asks("确认的期间", when=when("outcome", *RELATION), optional=True)
    effective: Literal["已生效", "未生效，可起诉或上诉", "已起诉或上诉"] = asks("是否已生效")
    effective_on: HappenedEver | None = asks("生效日期", when=when("effective", "已生效"))
    received_on: HappenedEver | None = asks(
        "收到日期", "起诉、上诉的期限自收到之日起算", when=when("effective", "未生效，可起诉或上诉")
    )
    paper: Material = asks("文书")


class ReviewSuspension(Form):
    """中止核查: goes on waiting, or resumes."""

    verb, basis = "中止核查", "县方案四（二）跟踪问效"
    kind: Literal["review_suspension"] = "review_suspension"
    result: Literal["原因未消除，继续中止", "恢复办理"] = asks("核查结果")
    found: Text = asks("核查情况")


OWN_PART, WHOLE = "本人部分", "全体"


class RecordWithdrawal(Form):
    """The applicant wishes to withdraw; nothing ends yet."""

    verb, basis = "登记撤回申请", "县方案附件；信访工作条例第三十条"
    kind: Literal["record_withdrawal"] = "record_withdrawal"
    reason_code: Literal[
        "单位已缴纳或承诺缴纳", "已自行和解", "改走法律途径", "家庭或个人原因", "受到压力或威胁", "不愿说明"
    ] = asks("撤回原因")
    scope: Literal["本人部分", "全体"] | None = asks(
        "撤回范围", "代表人为自己撤回的，只终结其本人部分", needed="申请人为多人的须选"
    )
    people: Annotated[int, Field(ge=1)] | None = asks(
        "同意撤回的人数", "选“全体”的，须每个人都同意", unit="人", when=when("scope", OWN_PART, WHOLE)
    )
    lines: list[int] = asks(
        "同意撤回的人员", "名册中的序号；有名册的须逐人列出", default=[], choices="members",
        when=when("scope", OWN_PART, WHOLE), optional=True,
    )  # fmt: skip
    stated: Text | None = asks("本人陈述", default=None)
    said_way: SaidWay = asks("表示方式")
    said_on: Happened = asks("表示日期")


GRANTED = "准予撤回"


class VerifyWithdrawal(Form):
    """Checks free will, then allows the withdrawal or not."""

    verb, basis, final = "核实撤回意愿", "劳动争议调解仲裁法第二十七条；劳动保障监察条例第十四条", True
    kind: Literal["verify_withdrawal"] = "verify_withdrawal"
    checked_by: Literal["当面", "回拨登记电话", "视频"] = asks("核实方式")
    will: Literal["本人真实意愿", "非本人真实意愿", "未能核实"] = asks("核实结果")
    pressure: Literal["否", "是", "不明"] = asks("单位是否施压")
    decision: Literal["准予撤回", "不予撤回，继续办理"] = asks("处理")
    told: list[Literal["可再次申请", "时效因本次主张中断", "监管线索依法继续"]] = asks(
        "已告知事项", default=[], when=when("decision", GRANTED)
    )
    keep_lead: bool | None = asks("是否派生监管线索", when=when("decision", GRANTED))
